/**
 * `conn.login(username, password)` of jsforce and node-salesforce becomes `authorize(conn, { username })` of
 * salesforce-auth-client; every other SOAP login and password grant gets a marker that says what to do.
 */
import { concernsUs, loginsIn, modelOf, type FileModel, type Login } from '../analysis';
import { buildSource, type Node } from '../analysis/source';
import { RUNTIME_MODULE } from '../analysis/vocabulary/libraries';
import { applyEdits, ensureImport } from '../edits';
import { ensureAuth } from './auth-import';
import { asJscodeshift } from './jscodeshift';
import { entryFor, settle, type Place } from './places';
import { ENV } from './environment';
import type { ReportEntry, Transform, TransformResult } from './report';
import { namesIn, removeDeadReads } from './soap-login/dead-reads';
import { clientLogin } from './soap-login/client-login';
import { decide } from './soap-login/decide';
import { rewrite } from './soap-login/rewrite';

const NAME = 'soap-login-to-oauth';

const RULES = { 'soap-login': 'no-soap-login', 'password-grant': 'no-password-grant' } as const;
const WHAT = { 'soap-login': 'SOAP login()', 'password-grant': 'password grant' } as const;

interface LoginPlace extends Place {
  login: Login;
}

export const transform: Transform = ({ path, source: text }, options): TransformResult => {
  if (!concernsUs(text)) return { entries: [], env: [] };
  const source = buildSource(path, text);
  const file = modelOf(source);
  const logins = loginsIn(source);
  const places = logins.map((login): LoginPlace => ({ login, node: login.node, rule: RULES[login.kind], what: `${WHAT[login.kind]} through ${login.library}` }));
  const { entries, markers, migrated } = settle(NAME, path, source, places, ({ login }) => decide(file, login, logins, options));
  for (const call of alreadyAuthorized(file)) entries.push(alreadySafe(path, call));
  if (migrated.length === 0 && markers.length === 0) return { entries, env: [] };

  const bom = source.hasBOM ? '\uFEFF' : '';
  if (migrated.length === 0) return { output: bom + applyEdits(source.text, markers), entries, env: [] };

  const { edits, local } = ensureImport(source, { module: RUNTIME_MODULE, name: 'authorize', prefer: 'authorizeSalesforce', path });
  const auth = options.authModule === undefined ? undefined : ensureAuth(source, path, options);
  edits.push(...(auth?.edits ?? []));
  const calls = migrated.map(({ login }) => clientLogin(file, login)!);
  for (const call of calls) edits.push(...rewrite(file, call, { authorize: local, auth: auth?.local }, options));
  const unread = calls.flatMap((call) => call.unread).flatMap((node) => namesIn(source, node));
  const output = removeDeadReads(path, bom + applyEdits(source.text, [...edits, ...markers]), unread);
  return { output, entries, env: auth ? [] : [...ENV[options.flow ?? 'jwt-bearer']] };
};

export default asJscodeshift(NAME, transform);

/** Calls of the runtime's `authorize`: what this codemod writes. */
function alreadyAuthorized(file: FileModel): Node[] {
  if (!file.modules.has(RUNTIME_MODULE)) return [];
  return file.all('CallExpression').filter((call) =>
    file.values.of(call.callee).some((value) => value.kind === 'module' && value.module === RUNTIME_MODULE && value.path.join('.') === 'authorize'),
  );
}

function alreadySafe(path: string, node: Node): ReportEntry {
  return entryFor(NAME, path, { rule: 'no-soap-login', node, what: 'OAuth login through salesforce-auth-client' }, { state: 'already-safe', reason: 'already authorize()' });
}
