/**
 * `conn.login(username, password)` of jsforce and node-salesforce becomes `authorize(conn, { username })` of
 * salesforce-auth-client; every other SOAP login and password grant gets a marker that says what to do.
 */
import { concernsUs, loginsIn, modelOf, type FileModel, type Login } from '../analysis';
import { buildSource, type Node } from '../analysis/source';
import { RUNTIME_MODULE } from '../analysis/vocabulary/libraries';
import { applyEdits, ensureImport, markerOf, markStatement, type Edit } from '../edits';
import { asJscodeshift } from './jscodeshift';
import type { ReportEntry, Transform, TransformOptions, TransformResult } from './report';
import { namesIn, removeDeadReads } from './soap-login/dead-reads';
import { decide, type Decision } from './soap-login/decide';
import { rewrite } from './soap-login/rewrite';

const NAME = 'soap-login-to-oauth';

const RULES = { 'soap-login': 'no-soap-login', 'password-grant': 'no-password-grant' } as const;
const WHAT = { 'soap-login': 'SOAP login()', 'password-grant': 'password grant' } as const;

/** What the runtime reads for each flow. @see ../runtime/env.ts */
const ENV: Readonly<Record<NonNullable<TransformOptions['flow']>, readonly string[]>> = {
  'jwt-bearer': ['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_PRIVATE_KEY'],
  'client-credentials': ['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET'],
};

export const transform: Transform = ({ path, source: text }, options): TransformResult => {
  if (!concernsUs(text)) return { entries: [], env: [] };
  const source = buildSource(path, text);
  const file = modelOf(source);
  const logins = loginsIn(source);

  const entries: ReportEntry[] = [];
  const markers: Edit[] = [];
  const migrated: Login[] = [];
  for (const login of logins) {
    const rule = RULES[login.kind];
    const decision = markerOf(source, login.node, rule) ? ALREADY_MARKED : decide(file, login, logins, options);
    entries.push(entryFor(path, login, decision, options));
    if (decision.state === 'migrated') migrated.push(login);
    else if (decision.state === 'marked' && decision !== ALREADY_MARKED) {
      const marker = markStatement(source, login.node, { rule, text: `${decision.reason}. ${decision.next}.` });
      if (marker) markers.push(marker);
    }
  }
  for (const call of alreadyAuthorized(file)) entries.push(alreadySafe(path, call));
  if (migrated.length === 0 && markers.length === 0) return { entries, env: [] };

  const bom = source.hasBOM ? '\uFEFF' : '';
  if (migrated.length === 0) return { output: bom + applyEdits(source.text, markers), entries, env: [] };

  const { edits, local } = ensureImport(source, { module: RUNTIME_MODULE, name: 'authorize', prefer: 'authorizeSalesforce', path });
  for (const login of migrated) edits.push(...rewrite(file, login, local, options));
  const unread = migrated.flatMap((login) => [login.password!, ...(options.flow === 'client-credentials' ? [login.username!] : [])]).flatMap((node) => namesIn(source, node));
  const output = removeDeadReads(path, bom + applyEdits(source.text, [...edits, ...markers]), unread);
  return { output, entries, env: [...ENV[options.flow ?? 'jwt-bearer']] };
};

export default asJscodeshift(NAME, transform);

const ALREADY_MARKED: Decision = { state: 'marked', reason: 'marked by an earlier run', next: 'Do what the marker says, then delete it' };

function entryFor(path: string, login: Login, decision: Decision, options: TransformOptions): ReportEntry {
  const { line, column } = login.node.loc.start;
  const found = { transform: NAME, rule: RULES[login.kind], path, line, column: column + 1, what: `${WHAT[login.kind]} through ${login.library}` };
  if (decision.state !== 'migrated') return { ...found, state: decision.state, reason: decision.reason, next: `${decision.next}.` };
  const flow = options.flow === 'client-credentials' ? "client credentials, as the app's run-as user" : 'JWT bearer, as the same user';
  return { ...found, state: 'migrated', reason: `now authorize() with ${flow}` };
}

/** Calls of the runtime's `authorize`: what this codemod writes. */
function alreadyAuthorized(file: FileModel): Node[] {
  if (!file.modules.has(RUNTIME_MODULE)) return [];
  return file.all('CallExpression').filter((call) =>
    file.values.of(call.callee).some((value) => value.kind === 'module' && value.module === RUNTIME_MODULE && value.path.join('.') === 'authorize'),
  );
}

function alreadySafe(path: string, call: Node): ReportEntry {
  const { line, column } = call.loc.start;
  return { transform: NAME, rule: 'no-soap-login', path, line, column: column + 1, state: 'already-safe', what: 'OAuth login through salesforce-auth-client', reason: 'already authorize()' };
}
