/** What becomes of one login: rewritten, marked for a person, or left; and why. */
import type { FileModel, Login } from '../../analysis';
import { runsInBrowser } from '../../analysis/browser';
import { propertyNodes } from '../../analysis/objects';
import { foreignOrigin, type Origin } from '../../analysis/provenance';
import { nameOf } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import type { Decision } from '../places';
import type { TransformOptions } from '../report';
import { clientLogin } from './client-login';
import { envelopeCredentials, envelopeRequest } from './envelope';
import { PUBSUB, pubsubOptions } from './pubsub-options';
import { tokenRequest } from './token-request';

/** @param rewrite what to do where the login is the application's own */
const ownIdentity = (rewrite: string): string =>
  `Decide whose identity this is. The application's own: ${rewrite}. A customer's or a user's: let them grant access through OAuth instead of handing over a password`;

const OTHER_AUTH_TYPE = "Set authType to 'oauth-jwt-bearer' with clientId, privateKey and the same username, or to 'oauth-client-credentials'";

/** What the analysis calls a password grant that a program sends itself. */
export const TOKEN_REQUEST = 'an OAuth token request';

/** What it calls a login envelope that a program posts itself. */
export const ENVELOPE = 'a hand-written SOAP request';

/** Stands once in each text that uses it. */
const RUNTIME = 'salesforceAuthFromEnv() of salesforce-auth-client';

/** What to do by hand where a library's login has no mechanical replacement. */
const BY_HAND: Readonly<Record<string, { reason: string; next: string }>> = {
  'the AJAX toolkit': {
    reason: 'it runs in a page, where no key or secret may be kept',
    next: "Use the page's own session, or move the call to a server that logs in with OAuth",
  },
  'node-salesforce-connection': {
    reason: 'its soapLogin() is not rewritten yet',
    next: "Call its oauthToken(hostname, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }) with the host of the org's My Domain and jwtBearerAssertion({ username }) of salesforce-auth-client as assertion",
  },
  nforce8: {
    reason: 'nforce8 has neither JWT bearer nor client credentials',
    next: `Let ${RUNTIME} log in and pass what its token() gives as oauth: { access_token, instance_url }`,
  },
};

/** What the object that logs in is called where it is not a connection of jsforce. */
const ARGUMENT: Readonly<Record<string, string>> = { nforce: 'org', 'node-soap': 'client' };
const KIND: Readonly<Record<string, string>> = { nforce: 'an nforce connection', 'node-soap': 'a client of the soap package' };

const WHOSE: Readonly<Record<Exclude<Origin, 'literal' | 'environment' | 'configuration' | 'unknown'>, string>> = {
  caller: 'the credentials come from the caller',
  request: 'the credentials come with a request',
  prompt: 'the credentials are typed in',
  'command line': 'the credentials come from the command line',
  'user settings': "the credentials are in the user's own settings",
};

const marked = (reason: string, next: string): Decision => ({ state: 'marked', reason, next });

export function decide(file: FileModel, login: Login, others: readonly Login[], options: TransformOptions): Decision {
  const byHand = BY_HAND[login.library];
  if (byHand) return marked(byHand.reason, byHand.next);
  if (isStubbed(file)) {
    return { state: 'left', reason: 'this file replaces login() by a stub', next: 'Stub authorize() of salesforce-auth-client once the code under test calls it' };
  }
  const isRequest = login.library === TOKEN_REQUEST;
  const isEnvelope = login.library === ENVELOPE;
  const isPubSub = login.library === PUBSUB;
  const next = ownIdentity(isPubSub ? lowerFirst(OTHER_AUTH_TYPE) : 'authorize(conn, { username }) from salesforce-auth-client');
  const origin = foreignOrigin(file, credentialsOf(file, login));
  // Somebody else's credentials are the first thing to say of an envelope, however it is sent.
  if (isEnvelope && origin && origin !== 'unknown') return marked(WHOSE[origin as keyof typeof WHOSE], next);
  const unfit = isRequest ? unfitRequest(file, login, options) : isEnvelope ? unfitEnvelope(file, login) : isPubSub ? unfitOptions(file, login, options) : unfitCall(file, login);
  if (unfit) return unfit;
  if (runsInBrowser(file)) return marked('this file runs in a browser, where no key or secret may be kept', 'Move the login to a server, or use the web-server flow with PKCE');

  if (origin) return marked(origin === 'unknown' ? 'this file does not show where the credentials come from' : WHOSE[origin as keyof typeof WHOSE], next);

  if (!keepsUsername(options) && others.some((other) => isOtherUser(file, login, other))) {
    return options.authModule === undefined
      ? marked('the file logs in as several users, and client credentials has one run-as user for an app', 'Use the JWT bearer flow, or one External Client App for each user')
      : marked('the file logs in as several users, and --auth-module gives one', 'Give authorize() the SalesforceAuth of this user as its option auth');
  }
  // What a token request and authenticate() of a jsforce OAuth2 give is a token, and no connection.
  const isToken = isRequest || isEnvelope || (login.library !== 'nforce' && login.call !== undefined && nameOf(login.call.callee) === 'authenticate');
  const held = isToken ? '. The token it gives is held by this code, and nothing renews it there' : '';
  const call = isEnvelope ? 'soapLogin' : 'authorize()';
  if (options.authModule !== undefined) return { state: 'migrated', reason: `now ${call} with the SalesforceAuth of --auth-module, as its user${held}` };
  const flow = options.flow === 'client-credentials' ? "client credentials, as the app's run-as user" : 'JWT bearer, as the same user';
  if (isPubSub) return { state: 'migrated', reason: `now authType for ${flow}. As before, the client gets its token in connect() and does not renew it`, ...(options.flow !== 'client-credentials' && { next: KEY_ITSELF }) };
  return { state: 'migrated', reason: isRequest ? `now a request for ${flow}${held}` : `now ${call} with ${flow}${held}` };
}

/** The username and the password that a login is given, then all others that its options may hold. */
function credentialsOf(file: FileModel, login: Login): Node[] {
  if (login.library === ENVELOPE) return envelopeCredentials(file, login);
  const { username, password } = login.library === TOKEN_REQUEST ? (tokenRequest(file, login) ?? login) : login;
  if (!username || !password) return [];
  const { call, connection } = login;
  const makers = connection ? file.values.of(connection).flatMap((value) => (value.kind === 'result' ? [value.call] : [])) : [];
  const options = [call, ...makers].flatMap((one) => one?.arguments[0] ?? []);
  return [username, password, ...options.flatMap((given) => ['username', 'password'].flatMap((name) => propertyNodes(file, given, name)))];
}

/** Why a token request cannot be given another grant where it stands. */
function unfitRequest(file: FileModel, login: Login, options: TransformOptions): Decision | undefined {
  const request = tokenRequest(file, login);
  if (!request) return marked('the fields of this token request, or what sends them, are not plain to see', `Replace the request by ${RUNTIME}: its token() gives the token, its fetch() renews it by itself`);
  if (options.authModule === undefined) {
    if (request.isMadeEachTime || options.flow === 'client-credentials') return undefined;
    return marked(
      'the fields of this token request are put together once, and an assertion is good for three minutes',
      'Move them into the function that sends the request, with grant_type urn:ietf:params:oauth:grant-type:jwt-bearer and assertion: jwtBearerAssertion({ username }) of salesforce-auth-client',
    );
  }
  return marked('a token request of its own takes no SalesforceAuth', "Replace it by the SalesforceAuth of --auth-module: its token() gives the token, its fetch() renews it by itself");
}

/** The runtime reads the key from a file too; the client of the library is given what the variable holds. */
const KEY_ITSELF = 'Set SALESFORCE_PRIVATE_KEY to the key itself: SALESFORCE_PRIVATE_KEY_FILE is not read here';

/** Why the options of a pub-sub client cannot say another `authType`. */
function unfitOptions(file: FileModel, login: Login, { authModule }: TransformOptions): Decision | undefined {
  if (authModule !== undefined) {
    return marked('this client takes no SalesforceAuth', "Set authType to 'user-supplied', with the accessToken and the instanceUrl that token() of the SalesforceAuth gives, before each connect()");
  }
  if (login.node.type === 'AssignmentExpression') {
    return marked('version 4 of this client reads its login from the environment', "Set SALESFORCE_AUTH_TYPE to 'oauth-jwt-bearer', with SALESFORCE_CLIENT_ID and SALESFORCE_PRIVATE_KEY_FILE, or to 'oauth-client-credentials'");
  }
  if (pubsubOptions(file, login)) return undefined;
  return marked('the options of this client are not plain to see, or other code reads them', OTHER_AUTH_TYPE);
}

/** Why the request that posts a login envelope cannot be replaced. */
function unfitEnvelope(file: FileModel, login: Login): Decision | undefined {
  const request = envelopeRequest(file, login);
  if (!('because' in request)) return undefined;
  return marked(request.because, `Replace the request by soapLogin of salesforce-auth-client, which answers as login() did, or let ${RUNTIME} log in: its token() gives accessToken and instanceUrl in place of sessionId and serverUrl, its fetch() renews them by itself`);
}

/** Why a call cannot become `authorize()`. */
function unfitCall(file: FileModel, login: Login): Decision | undefined {
  const { call, connection, username, password } = login;
  const rewrite = `Rewrite it as authorize(${ARGUMENT[login.library] ?? 'conn'}, { username }) from salesforce-auth-client`;
  if (login.confidence === 'evidence' || (login.library === 'node-soap' && !file.modules.has('soap'))) {
    return marked(`this file does not show that the object is ${KIND[login.library] ?? 'a jsforce connection'}`, `If it is one: ${lowerFirst(rewrite)}`);
  }
  const callee = call?.callee;
  if (callee?.type !== 'MemberExpression') {
    return marked('the token is used apart from a connection', `Replace the call by ${RUNTIME}: its token() gives accessToken and instanceUrl`);
  }
  if (!connection || connection.type === ('Super' as string) || callee.optional || call?.optional || isPort(connection)) {
    return marked('the call has a form that cannot be rewritten safely', rewrite);
  }
  if (!username || !password || !clientLogin(file, login)) return marked('the username and password are not plain arguments', rewrite);
  const method = promiseMethod(call!);
  if (method && !STANDARD_PROMISE.has(method)) {
    return marked(`${method}() is a method of ${login.library === 'nforce' ? 'a library\'s' : "jsforce 1's"} own promises`, `${rewrite}, whose promise is a plain one: then() and catch()`);
  }
  return undefined;
}

/** Does the rewritten call still say who logs in? */
function keepsUsername({ flow, authModule }: TransformOptions): boolean {
  return flow !== 'client-credentials' && authModule === undefined;
}

const STANDARD_PROMISE = new Set(['then', 'catch', 'finally']);

/** `client.SforceService.Soap`: a port of a client of the soap package, and no client. */
function isPort(connection: Node): boolean {
  return connection.type === 'MemberExpression' && nameOf(connection) === 'Soap';
}

/** What is called on the promise that the login gives. */
function promiseMethod(call: Node): string | undefined {
  let current: Node = call;
  while (current.parent?.type === 'MemberExpression' && current.parent.object === current) {
    const name = nameOf(current.parent);
    if (!name || !STANDARD_PROMISE.has(name)) return name;
    const next = current.parent.parent;
    if (next?.type !== 'CallExpression' || next.callee !== current.parent) return undefined;
    current = next;
  }
  return undefined;
}

function isOtherUser(file: FileModel, login: Login, other: Login): boolean {
  const [one, another] = [login, other].map((each) => credentialsOf(file, each)[0]);
  return one !== undefined && another !== undefined && file.source.getText(one) !== file.source.getText(another);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `sinon.stub(conn, 'login')`, `jest.spyOn(conn, 'login')`, `conn.login = jest.fn()`. */
function isStubbed(file: FileModel): boolean {
  const { source } = file;
  const replaced = file.all('CallExpression').some((call) => {
    const name = call.callee.type === 'MemberExpression' ? nameOf(call.callee) : undefined;
    const what = call.arguments[1];
    return (name === 'stub' || name === 'spyOn' || name === 'mock' || name === 'replace') && what?.type === 'Literal' && String(what.value).startsWith('login');
  });
  return replaced || file.all('AssignmentExpression').some((write) => write.left.type === 'MemberExpression' && nameOf(write.left) === 'login' && /\b(?:jest|vi|sinon|mock)\b/.test(source.getText(write.right)));
}
