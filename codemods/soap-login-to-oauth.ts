/**
 * A login with username and password becomes one of salesforce-auth-client, in the form that it had: a library's `login()` becomes
 * `authorize(conn, { username })`, a hand-written SOAP request `soapLogin`, the fields of a token request and the options of a
 * pub-sub client those of another grant. Where that is not mechanical, a marker says what to do.
 */
import { concernsUs, loginsIn, modelOf, type FileModel, type Login } from '../analysis';
import { unattendedGrantsIn } from '../analysis/clients/password-grant';
import { unattendedClientsIn } from '../analysis/clients/pubsub';
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
import { dropUnusedSender } from './refresh-aware/unused-import';
import { clientLogin } from './soap-login/client-login';
import { decide, ENVELOPE, TOKEN_REQUEST } from './soap-login/decide';
import { envelopeRequest, toSoapLogin, unreadNodes, type EnvelopeRequest } from './soap-login/envelope';
import { PUBSUB, pubsubOptions, toOAuth, unreadOptions } from './soap-login/pubsub-options';
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
  for (const node of unattendedClientsIn(file)) {
    entries.push(entryFor(NAME, path, { rule: 'no-soap-login', node, what: 'login of a pub-sub client' }, { state: 'already-safe', reason: 'already a grant for programs' }));
  }
  if (migrated.length === 0 && markers.length === 0) return { entries, env: [] };

  const bom = source.hasBOM ? '\uFEFF' : '';
  if (migrated.length === 0) return { output: bom + applyEdits(source.text, markers), entries, env: [] };

  const flow = options.flow ?? 'jwt-bearer';
  const edits = [...markers];
  const unread: Node[] = [];
  const env = new Set<string>();
  const calls = migrated.filter(({ login }) => ![TOKEN_REQUEST, ENVELOPE, PUBSUB].includes(login.library)).map(({ login }) => clientLogin(file, login)!);
  const envelopes = migrated.filter(({ login }) => login.library === ENVELOPE).map(({ login }) => envelopeRequest(file, login) as EnvelopeRequest);
  const auth = options.authModule === undefined || calls.length + envelopes.length === 0 ? undefined : ensureAuth(source, path, options);
  if (calls.length > 0) {
    const authorize = ensureImport(source, { module: RUNTIME_MODULE, name: 'authorize', prefer: 'authorizeSalesforce', path });
    edits.push(...authorize.edits, ...(auth?.edits ?? []));
    for (const call of calls) edits.push(...rewrite(file, call, { authorize: authorize.local, auth: auth?.local }, options));
    unread.push(...calls.flatMap((call) => call.unread));
  }
  if (envelopes.length > 0) {
    const soapLogin = ensureImport(source, { module: RUNTIME_MODULE, name: 'soapLogin', prefer: 'salesforceSoapLogin', path });
    edits.push(...soapLogin.edits, ...(calls.length > 0 ? [] : (auth?.edits ?? [])));
    for (const request of envelopes) edits.push(...toSoapLogin(file, request, { soapLogin: soapLogin.local, auth: auth?.local }, options));
    unread.push(...envelopes.flatMap(unreadNodes));
  }
  if (calls.length + envelopes.length > 0 && !auth) for (const name of ENV[flow]) env.add(name);
  const requests = migrated.filter(({ login }) => login.library === TOKEN_REQUEST).map(({ login }) => tokenRequest(file, login)!);
  if (requests.length > 0 && flow === 'jwt-bearer') {
    const assertion = ensureImport(source, { module: RUNTIME_MODULE, name: 'jwtBearerAssertion', prefer: 'salesforceAssertion', path });
    edits.push(...assertion.edits, ...requests.flatMap((request) => toJwtBearer(file, request, assertion.local)));
  }
  if (flow === 'client-credentials') edits.push(...requests.flatMap((request) => toClientCredentials(file, request)));
  if (requests.length > 0) for (const name of ENV[flow]) env.add(name);
  unread.push(...requests.flatMap((request) => unreadFields(request, DROPPED[flow])));
  const clients = migrated.filter(({ login }) => login.library === PUBSUB).map(({ login }) => pubsubOptions(file, login)!);
  const settings = clients.flatMap((client) => toOAuth(file, client, flow));
  edits.push(...settings);
  unread.push(...clients.flatMap((client) => unreadOptions(client, flow)));
  // The client reads what stands in its options, and nothing by itself.
  for (const name of ENV[flow]) if (settings.some(({ text }) => text.includes(name))) env.add(name);
  const names = unread.flatMap((node) => namesIn(source, node));
  const output = removeDeadReads(path, bom + applyEdits(source.text, edits), names);
  const senders = envelopes.flatMap(({ call }) => namesIn(source, call.callee));
  return { output: senders.length > 0 ? dropUnusedSender(path, output, senders) : output, entries, env: [...env] };
};

export default asJscodeshift(NAME, transform);

/** Calls of the runtime's `authorize` and `soapLogin`: what this codemod writes. */
function alreadyAuthorized(file: FileModel): Node[] {
  if (!file.modules.has(RUNTIME_MODULE)) return [];
  return file.all('CallExpression').filter((call) =>
    file.values.of(call.callee).some((value) => value.kind === 'module' && value.module === RUNTIME_MODULE && /^(?:authorize$|soapLogin\.)/.test(value.path.join('.'))),
  );
}

function alreadySafe(path: string, node: Node): ReportEntry {
  return entryFor(NAME, path, { rule: 'no-soap-login', node, what: 'OAuth login through salesforce-auth-client', flow: RUNTIME_FLOW }, { state: 'already-safe', reason: 'already a login of the runtime' });
}
