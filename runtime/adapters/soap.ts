import { randomUUID } from 'node:crypto';
import type { SalesforceAuth } from '../auth';
import { SalesforceAuthConfigError } from '../errors';
import { Call, know, outline } from './call';

/** What {@link withSoap} needs: a client of the `soap` package. */
export interface SoapClientLike {
  addSoapHeader(header: unknown, name?: string, namespace?: unknown, xmlns?: string): unknown;
  getSoapHeaders(): unknown[] | null;
  wsdl: object;
}

/** The `soap` package sends through axios, whose answers and errors hold what was sent. */
interface Sent {
  config?: { data?: unknown };
  request?: unknown;
}

interface Answer extends Sent {
  status: number;
  headers: object;
  data?: unknown;
}

type Callback = (error: unknown, answer?: Answer, body?: unknown) => void;

/** The inside of a client. */
interface Client extends SoapClientLike {
  httpClient: { request(url: string, envelope: unknown, callback: Callback, headers?: object, options?: object, client?: unknown): unknown };
  /** Set by setEndpoint(). */
  endpoint?: string;
  wsdl: { definitions: { $targetNamespace: string; services?: Record<string, { ports: Record<string, { location: string }> }> } };
}

/**
 * Gives a client of the `soap` package this identity's session: each call has the newest in its SessionHeader and goes to
 * the instance URL, whichever Salesforce host the WSDL names. A call that meets an expired session is sent once more.
 *
 * The session is put into the envelope on its way out: `lastRequest`, the `request` event and errors do not show it.
 * Endpoints at other hosts are called as they are.
 *
 * @returns the same client. Its calls also fail with
 * SalesforceSessionError `REJECTED_AFTER_REFRESH`, and SalesforceAuthError when no token can be had
 * @throws SalesforceAuthConfigError when the client has a SessionHeader already
 */
export function withSoap<T extends SoapClientLike>(auth: SalesforceAuth, client: T): T {
  const { wsdl } = client as unknown as Client;
  if (client.getSoapHeaders()?.some((header) => typeof header === 'string' && /<(\w+:)?SessionHeader\b/.test(header))) {
    throw new SalesforceAuthConfigError('client', 'has a SessionHeader already: take its addSoapHeader() call out');
  }
  const standIn = `session-${randomUUID()}`;
  client.addSoapHeader({ SessionHeader: { sessionId: standIn } }, '', 'sfdc', wsdl.definitions.$targetNamespace);
  watch(client, (send, url, envelope) => invoke(auth, send, url, envelope, standIn));
  return client;
}

/** An answer of `login()`, as far as OAuth can tell. */
export interface SoapLogin {
  result: {
    serverUrl: string;
    metadataServerUrl: string;
    sessionId: string;
    passwordExpired: false;
    userId: string;
    userInfo: { userId: string; organizationId: string };
  };
}

/** Whose calls a client that was logged in makes: those of the last login. */
const loggedIn = new WeakMap<SoapClientLike, SalesforceAuth>();

/** Logs in, and keeps the session that the program then puts into its SessionHeader up to date. */
export async function logInSoap(auth: SalesforceAuth, client: SoapClientLike): Promise<SoapLogin> {
  const login = await soapLoginResult(auth, new URL(addressOf(client)).pathname);
  if (!loggedIn.has(client)) watch(client, (send, url, envelope) => invoke(loggedIn.get(client)!, send, url, envelope));
  loggedIn.set(client, auth);
  return login;
}

/** Logs in through OAuth, and says so as `login()` at `path` would. */
export async function soapLoginResult(auth: SalesforceAuth, path: string): Promise<SoapLogin> {
  const { id: userId, organizationId } = await auth.login();
  const { accessToken: sessionId, instanceUrl } = know(auth, await auth.token());
  const api = /^\/services\/Soap\/[a-z]\/[\d.]+/.exec(path)?.[0] ?? path;
  const serverUrl = `${instanceUrl}${api}/${organizationId.slice(0, 15)}`;
  const metadataServerUrl = serverUrl.replace(/\/Soap\/[a-z]\//, '/Soap/m/');
  return { result: { serverUrl, metadataServerUrl, sessionId, passwordExpired: false, userId, userInfo: { userId, organizationId } } };
}

/** Where a client logs in: its endpoint's host. */
export function soapLoginOf(client: SoapClientLike): { loginUrl: string } {
  return { loginUrl: addressOf(client) };
}

function addressOf(client: SoapClientLike): string {
  const { endpoint, wsdl } = client as unknown as Client;
  const [service] = Object.values(wsdl.definitions.services ?? {});
  const [port] = Object.values(service?.ports ?? {});
  return endpoint ?? port?.location ?? '';
}

type Invoke = (send: Send, url: string, envelope: unknown) => Promise<Parameters<Callback>>;

/** Without requestStream(): an answer is judged when it is whole. */
function watch(client: SoapClientLike, call: Invoke): void {
  const target = client as unknown as Client;
  const { httpClient } = target;
  target.httpClient = {
    request: (url, envelope, callback, headers, options, self) => {
      // A redirect would take the envelope, and the session in it, to another host.
      const safe = { maxRedirects: 0, ...options };
      const send: Send = (to, xml) => new Promise((resolve) => httpClient.request(to, xml, (...result) => resolve(result), headers, safe, self));
      call(send, url, envelope).then(
        (result) => process.nextTick(callback, ...result),
        (error: unknown) => process.nextTick(callback, error),
      );
    },
  };
}

type Send = (url: string, envelope: unknown) => Promise<Parameters<Callback>>;

async function invoke(auth: SalesforceAuth, send: Send, url: string, envelope: unknown, standIn?: string): Promise<Parameters<Callback>> {
  const call = await Call.begin(auth, await endpoint(auth, url), envelope, standIn);
  if (!call) return send(url, envelope);
  for (;;) {
    const [error, answer, body] = await send(call.url, call.body(envelope));
    const sent = (answer ?? error) as Sent;
    if (sent.config) sent.config.data = envelope;
    if (sent.request) sent.request = outline(sent.request, (head) => call.scrub(head));
    if (!answer) return [error];
    const text = String(body);
    if (await call.isToRepeat(answer.status, answer.headers, text)) continue;
    if (answer.status < 400) return [error, answer, body];
    // Faults of older orgs echo the session: https://github.com/joeferraro/MavensMate/issues/463
    answer.data = call.scrub(text);
    return [error, answer, answer.data];
  }
}

/** WSDLs name login.salesforce.com or the host they were downloaded from: the call goes to where the session is. */
async function endpoint(auth: SalesforceAuth, address: string): Promise<string> {
  const { hostname, origin, pathname, search } = new URL(address);
  const isSalesforce = /\.(salesforce\.com|salesforce\.mil|sfcrmproducts\.cn)$/.test(hostname) || origin === auth.loginUrl;
  return isSalesforce ? (await auth.token()).instanceUrl + pathname + search : address;
}
