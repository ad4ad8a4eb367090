/**
 * `conn.login(username, password)` of jsforce and node-salesforce becomes `authorize(conn, { username })` of
 * salesforce-auth-client; every other SOAP login and password grant gets a marker that says what to do.
 */
import { concernsUs, loginsIn, modelOf, type FileModel, type Login } from '../analysis';
import { unattendedGrantsIn } from '../analysis/clients/password-grant';
import type { Node } from '../analysis/source';
import { RUNTIME_MODULE } from '../analysis/vocabulary/libraries';
import { applyEdits, ensureImport } from '../edits';
import { ensureAuth } from './auth-import';
import { asJscodeshift } from './jscodeshift';
import { entryFor, settle, type Place } from './places';
import { ENV } from './environment';
import { RUNTIME_FLOW, flowOfLogin } from './flow';
import type { ReportEntry, Transform, TransformResult } from './report';
import { namesIn, removeDeadReads } from './dead-reads';
import { clientLogin } from './soap-login/client-login';
import { decide, TOKEN_REQUEST } from './soap-login/decide';
import { rewrite } from './soap-login/rewrite';
import { DROPPED, toClientCredentials, toJwtBearer, tokenRequest, unreadFields } from './soap-login/token-request';
import { sourceOf } from './source';

const NAME = 'soap-login-to-oauth';

const RULES = { 'soap-login': 'no-soap-login', 'password-grant': 'no-password-grant' } as const;
const WHAT = { 'soap-login': 'SOAP login()', 'password-grant': 'password grant' } as const;

interface LoginPlace extends Place {
  login: Login;
}

export const transform: Transform = ({ path, source: text }, options): TransformResult => {
  if (!concernsUs(text)) return { entries: [], env: [] };
  const source = sourceOf(path, text);
  const file = modelOf(source);
  const logins = loginsIn(source);
  const places = logins.map((login): LoginPlace => ({ login, node: login.node, rule: RULES[login.kind], what: `${WHAT[login.kind]} through ${login.library}`, flow: flowOfLogin(login) }));
  const { entries, markers, migrated } = settle(NAME, path, source, places, ({ login }) => decide(file, login, logins, options));
  for (const call of alreadyAuthorized(file)) entries.push(alreadySafe(path, call));
  for (const node of unattendedGrantsIn(file)) {
    entries.push(entryFor(NAME, path, { rule: 'no-password-grant', node, what: 'OAuth token request' }, { state: 'already-safe', reason: 'already a grant for programs' }));
  }
  if (migrated.length === 0 && markers.length === 0) return { entries, env: [] };

  const bom = source.hasBOM ? '\uFEFF' : '';
  if (migrated.length === 0) return { output: bom + applyEdits(source.text, markers), entries, env: [] };

  const flow = options.flow ?? 'jwt-bearer';
  const edits = [...markers];
  const unread: Node[] = [];
  const env = new Set<string>();
  const calls = migrated.filter(({ login }) => login.library !== TOKEN_REQUEST).map(({ login }) => clientLogin(file, login)!);
  if (calls.length > 0) {
    const authorize = ensureImport(source, { module: RUNTIME_MODULE, name: 'authorize', prefer: 'authorizeSalesforce', path });
    const auth = options.authModule === undefined ? undefined : ensureAuth(source, path, options);
    edits.push(...authorize.edits, ...(auth?.edits ?? []));
    for (const call of calls) edits.push(...rewrite(file, call, { authorize: authorize.local, auth: auth?.local }, options));
    unread.push(...calls.flatMap((call) => call.unread));
    if (!auth) for (const name of ENV[flow]) env.add(name);
  }
  const requests = migrated.filter(({ login }) => login.library === TOKEN_REQUEST).map(({ login }) => tokenRequest(file, login)!);
  if (requests.length > 0 && flow === 'jwt-bearer') {
    const assertion = ensureImport(source, { module: RUNTIME_MODULE, name: 'jwtBearerAssertion', prefer: 'salesforceAssertion', path });
    edits.push(...assertion.edits, ...requests.flatMap((request) => toJwtBearer(file, request, assertion.local)));
  }
  if (flow === 'client-credentials') edits.push(...requests.flatMap((request) => toClientCredentials(file, request)));
  if (requests.length > 0) for (const name of ENV[flow]) env.add(name);
  unread.push(...requests.flatMap((request) => unreadFields(request, DROPPED[flow])));
  const output = removeDeadReads(path, bom + applyEdits(source.text, edits), unread.flatMap((node) => namesIn(source, node)));
  return { output, entries, env: [...env] };
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
  return entryFor(NAME, path, { rule: 'no-soap-login', node, what: 'OAuth login through salesforce-auth-client', flow: RUNTIME_FLOW }, { state: 'already-safe', reason: 'already authorize()' });
}
