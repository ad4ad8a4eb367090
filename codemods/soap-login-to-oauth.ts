/**
 * A login with username and password becomes one of salesforce-auth-client, in the form that it had: a library's `login()` becomes
 * `authorize(conn, { username })`, a hand-written SOAP request `soapLogin`, the fields of a token request and the options of a
 * pub-sub client those of another grant. Where that is not mechanical, a marker says what to do.
 */
import { concernsUs, loginsIn, modelOf, type FileModel, type Login } from '../analysis';
import { unattendedGrantsIn } from '../analysis/clients/password-grant';
import { unattendedClientsIn } from '../analysis/clients/pubsub';
import type { Node, Source } from '../analysis/source';
import { RUNTIME_MODULE } from '../analysis/vocabulary/libraries';
import { edited, ensureImport } from '../edits';
import { ensureAuth } from './auth-import';
import { asJscodeshift } from './jscodeshift';
import { entryFor, settle, type Place, type Settled } from './places';
import { ENV } from './environment';
import { RUNTIME_FLOW, flowOfLogin } from './flow';
import type { ReportEntry, Transform, TransformOptions, TransformResult } from './report';
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
  const { entries, markers, migrated } = settleLogins(path, source, options);
  for (const call of alreadyAuthorized(file)) entries.push(alreadySafe(path, call));
  for (const node of unattendedGrantsIn(file)) {
    entries.push(entryFor(NAME, path, { rule: 'no-password-grant', node, what: 'OAuth token request' }, { state: 'already-safe', reason: 'already a grant for programs' }));
  }
  for (const node of unattendedClientsIn(file)) {
    entries.push(entryFor(NAME, path, { rule: 'no-soap-login', node, what: 'login of a pub-sub client' }, { state: 'already-safe', reason: 'already a grant for programs' }));
  }
  if (migrated.length === 0) return { ...(markers.length > 0 && { output: edited(source, markers) }), entries, env: [] };
  return { entries, ...rewritten(path, withImports(path, text, importsFor(migrated, options)), options) };
};

export default asJscodeshift(NAME, transform);

function settleLogins(path: string, source: Source, options: TransformOptions): Settled<LoginPlace> {
  const logins = loginsIn(source);
  const places = logins.map((login): LoginPlace => ({ login, node: login.node, rule: RULES[login.kind], what: `${WHAT[login.kind]} through ${login.library}`, flow: flowOfLogin(login) }));
  return settle(NAME, path, source, places, ({ login }) => decide(modelOf(source), login, logins, options));
}

/** Names of the runtime, each with the one it gets where its own is taken. */
const AUTHORIZE = { name: 'authorize', prefer: 'authorizeSalesforce' };
const SOAP_LOGIN = { name: 'soapLogin', prefer: 'salesforceSoapLogin' };
const ASSERTION = { name: 'jwtBearerAssertion', prefer: 'salesforceAssertion' };
type RuntimeName = typeof AUTHORIZE;

const isCall = ({ login }: LoginPlace): boolean => ![TOKEN_REQUEST, ENVELOPE, PUBSUB].includes(login.library);
const isA = (library: string) => ({ login }: LoginPlace): boolean => login.library === library;

function importsFor(places: readonly LoginPlace[], { flow }: TransformOptions): RuntimeName[] {
  const isAsserted = flow !== 'client-credentials' && places.some(isA(TOKEN_REQUEST));
  return [...(places.some(isCall) ? [AUTHORIZE] : []), ...(places.some(isA(ENVELOPE)) ? [SOAP_LOGIN] : []), ...(isAsserted ? [ASSERTION] : [])];
}

/** The text with what it will call imported: one after the other, since two made from one text would be two statements. */
function withImports(path: string, text: string, names: readonly RuntimeName[]): string {
  return names.reduce((current, name) => {
    const source = sourceOf(path, current);
    return edited(source, ensureImport(source, { module: RUNTIME_MODULE, ...name, path }).edits);
  }, text);
}

/** The text with its places rewritten and marked; the imports are there. */
function rewritten(path: string, text: string, options: TransformOptions): { output: string; env: string[] } {
  const source = sourceOf(path, text);
  const file = modelOf(source);
  const { markers, migrated } = settleLogins(path, source, options);
  const local = (name: RuntimeName) => ensureImport(source, { module: RUNTIME_MODULE, ...name, path }).local;
  const flow = options.flow ?? 'jwt-bearer';
  const edits = [...markers];
  const unread: Node[] = [];
  const env = new Set<string>();

  const calls = migrated.filter(isCall).map(({ login }) => clientLogin(file, login)!);
  const envelopes = migrated.filter(isA(ENVELOPE)).map(({ login }) => envelopeRequest(file, login) as EnvelopeRequest);
  if (calls.length + envelopes.length > 0) {
    const auth = options.authModule === undefined ? undefined : ensureAuth(source, path, options);
    for (const call of calls) edits.push(...rewrite(file, call, { authorize: local(AUTHORIZE), auth: auth?.local }, options));
    for (const request of envelopes) edits.push(...toSoapLogin(file, request, { soapLogin: local(SOAP_LOGIN), auth: auth?.local }, options));
    edits.push(...(auth?.edits ?? []));
    unread.push(...calls.flatMap((call) => call.unread), ...envelopes.flatMap(unreadNodes));
    if (!auth) for (const name of ENV[flow]) env.add(name);
  }
  const requests = migrated.filter(isA(TOKEN_REQUEST)).map(({ login }) => tokenRequest(file, login)!);
  if (requests.length > 0) {
    edits.push(...requests.flatMap((request) => (flow === 'client-credentials' ? toClientCredentials(file, request) : toJwtBearer(file, request, local(ASSERTION)))));
    unread.push(...requests.flatMap((request) => unreadFields(request, DROPPED[flow])));
    for (const name of ENV[flow]) env.add(name);
  }
  const clients = migrated.filter(isA(PUBSUB)).map(({ login }) => pubsubOptions(file, login)!);
  const settings = clients.flatMap((client) => toOAuth(file, client, flow));
  edits.push(...settings);
  unread.push(...clients.flatMap((client) => unreadOptions(client, flow)));
  // The client reads what stands in its options, and nothing by itself.
  for (const name of ENV[flow]) if (settings.some((edit) => edit.text.includes(name))) env.add(name);

  const output = removeDeadReads(path, edited(source, edits), unread.flatMap((node) => namesIn(source, node)));
  const senders = envelopes.flatMap(({ call }) => namesIn(source, call.callee));
  return { output: senders.length > 0 ? dropUnusedSender(path, output, senders) : output, env: [...env] };
}

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
