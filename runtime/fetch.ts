import { isLostRejection, isReplayable, isText, unrepeated, withBody, type AuthFetch, type AuthRequestInit } from './bodies';
import { apiOf, isPeeked, type Api } from './classify';
import { SalesforceAuthError, SalesforceSessionError } from './errors';
import { isLoopback, isTokenEndpoint, mayBeInstance } from './hosts';
import { judge } from './peek';
import { isIdempotent, pause, Retries } from './retry';

interface Token {
  readonly accessToken: string;
  readonly instanceUrl: string;
  readonly generation: number;
  readonly isOwn: boolean;
}

/** What the fetch needs of its identity. */
export interface FetchIdentity {
  send: typeof fetch;
  token(): Promise<Token>;
  refresh(rejectedGeneration: number): Promise<Token>;
  readonly loginOrigin: string;
  /** Is this an instance this identity is at, or was? */
  isInstance(origin: string): boolean;
  /** Is, or was, this a token of this identity? */
  knows(accessToken: string): boolean;
  /** Milliseconds. */
  now(): number;
}

/** REST as it is mostly called. Nothing in such a path leads elsewhere, so these calls are spared the URL parser. */
const REST_PATH = /^\/services\/data\/v\d+\.\d\/[\w/-]*(?:\?[^#\s]*)?$/;

type Signal = AbortSignal | null | undefined;

/** One call: how to send it, and what may be done when that fails. */
interface Call {
  readonly api: Api;
  readonly signal: Signal;
  /** May it be sent again when nobody knows whether it arrived? */
  readonly isIdempotent: boolean;
  /** Can it be sent again at all? */
  readonly isReplayable: boolean;
  send(using: Token): Promise<Response>;
}

/** The global fetch with this identity's token, one refresh and one repetition; idempotent requests outlive a bad connection. */
export function createAuthFetch(identity: FetchIdentity): AuthFetch {
  const retries = new Retries(() => identity.now());
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const signal = init?.signal ?? request?.signal;
    const address = request?.url ?? String(input);
    const given = init?.headers ?? request?.headers;
    // Most calls bring none, and would pay more for a Headers than for all the rest here.
    const headers = given && new Headers(given);
    // Callers with their own credentials are somebody else: neither our token nor our refresh is theirs.
    const isForeign = headers !== undefined && (headers.has('authorization') || headers.has('x-sfdc-session'));
    if (!isForeign && REST_PATH.test(address)) {
      return delivered(identity, retries, await abortable(identity.token(), signal), {
        api: 'rest',
        signal,
        isIdempotent: isIdempotent(init?.method ?? 'GET'),
        isReplayable: isReplayable(init?.body),
        send: (using) => identity.send(using.instanceUrl + address, { ...withBody(init), headers: bearing(headers, using) }),
      });
    }

    const absolute = absoluteUrl(address);
    if (absolute) {
      refuseInsecure(absolute);
      const isOurs = !isForeign && !isTokenEndpoint(absolute) && (isKnown(identity, absolute) || (await provesKnown(identity, absolute, signal)));
      if (!isOurs) return identity.send(input, withBody(init));
    }

    const first = await abortable(identity.token(), signal);
    const url = addressAt(absolute ?? address, first, identity);
    refuseInsecure(url);
    // A "path" such as //host/ names a host of its own.
    if (isForeign || (url.origin !== first.instanceUrl && url.origin !== identity.loginOrigin)) {
      return identity.send(url, withBody(init));
    }

    const api = apiOf(url);
    if (api === 'soap') return sendSoap(identity, retries, input, withBody(init), url, first, signal);
    const body = init?.body ?? undefined;
    // A Request gives its body away each time: send copies. Its source may be a string, we cannot see.
    const isTwofold = request !== undefined && body === undefined && request.body !== null;
    return delivered(identity, retries, first, {
      api,
      signal,
      isIdempotent: isIdempotent(init?.method ?? request?.method ?? 'GET'),
      isReplayable: isReplayable(body),
      send: (using) => {
        const target = using === first ? url : addressAt(address, using, identity);
        return identity.send(...authorized(isTwofold ? request.clone() : input, target, init, headers, api, using));
      },
    });
  };
}

/** Sends, and once more with a new token when the first was rejected. Bad connections are a matter of their own. */
async function delivered(identity: FetchIdentity, retries: Retries, first: Token, call: Call): Promise<Response> {
  const { api, signal } = call;
  const mayRetry = call.isIdempotent && call.isReplayable;
  for (let token = first, retried = 0; ; ) {
    let response: Response;
    try {
      response = await call.send(token);
    } catch (error) {
      const wait = mayRetry && !signal?.aborted ? retries.afterError(error, retried++) : undefined;
      if (wait !== undefined) {
        await pause(wait, signal);
        continue;
      }
      if (!isLostRejection(error)) throw error;
      response = new Response(null, { status: 401 });
    }
    const { status } = response;
    // What the table says of nearly every answer, without the table.
    if (response.ok && !isPeeked(status, api)) {
      retries.earn();
      return response;
    }
    const { verdict, errorCode } = await judge(response, api);
    if (verdict === 'refresh' && call.isReplayable) {
      await response.body?.cancel();
      // Rejected although we asked for it after the call began: not a matter of age, and no reason to go on.
      if (token !== first && token.isOwn) throw rejectedAfterRefresh(status, errorCode);
      token = await abortable(identity.refresh(token.generation), signal);
      continue;
    }
    if (verdict === 'refresh' || verdict === 'restream') {
      // Whether or not that works, the caller sees this rejection first.
      await abortable(identity.refresh(token.generation), signal).catch(() => signal?.throwIfAborted());
      return unrepeated(response, verdict === 'refresh' ? 'BODY_NOT_REPLAYABLE' : 'STREAM_REJECTED');
    }
    // A daily allowance that is used up (403) is not back in ten seconds.
    const isPassing = verdict === 'backoff' && status !== 403;
    if (!isPassing) retries.earn();
    const wait = isPassing && mayRetry ? await retries.afterBackoff(response, retried++) : undefined;
    if (wait === undefined) return response;
    await response.body?.cancel();
    await pause(wait, signal);
  }
}

function isKnown(identity: FetchIdentity, { origin }: URL): boolean {
  return origin === identity.loginOrigin || identity.isInstance(origin);
}

/** The instance's URL can come before the first token: only the login tells whether it is ours. */
async function provesKnown(identity: FetchIdentity, url: URL, signal: Signal): Promise<boolean> {
  if (!mayBeInstance(url.hostname)) return false;
  await abortable(identity.token(), signal);
  return isKnown(identity, url);
}

/** SOAP carries its session inside the envelope, so that is where ours goes. https://github.com/jetstreamapp/jetstream/pull/1664 */
async function sendSoap(
  identity: FetchIdentity,
  retries: Retries,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  url: URL,
  token: Token,
  signal: Signal,
): Promise<Response> {
  const envelope = await envelopeOf(input, init);
  const sessionId = envelope && /<(?:\w+:)?sessionId>\s*([^<\s]+)\s*</.exec(envelope)?.[1];
  // A redirect would take the envelope, and the session in it, to another host.
  const safe: RequestInit = { ...init, redirect: init?.redirect ?? 'manual' };
  if (!envelope || !sessionId || !identity.knows(sessionId)) return identity.send(input instanceof Request ? input : url, safe);

  const ofRequest = input instanceof Request ? { method: input.method, headers: input.headers, signal: input.signal } : {};
  const send = (using: Token) =>
    identity.send(addressAt(url.href, using, identity), {
      ...ofRequest,
      ...safe,
      body: envelope.replaceAll(sessionId, () => using.accessToken),
    });
  return delivered(identity, retries, token, { api: 'soap', signal, isIdempotent: false, isReplayable: true, send });
}

async function envelopeOf(input: RequestInfo | URL, init: RequestInit | undefined): Promise<string | undefined> {
  const body = init?.body ?? undefined;
  if (body === undefined) return input instanceof Request ? input.clone().text() : undefined;
  return isText(body) ? new Response(body).text() : undefined;
}

/** The arguments for `send`: at this URL, with this token. */
function authorized(
  input: RequestInfo | URL,
  url: URL,
  init: AuthRequestInit | undefined,
  headers: Headers | undefined,
  api: Api,
  token: Token,
): [RequestInfo | URL, RequestInit] {
  // https://developer.salesforce.com/docs/atlas.en-us.264.0.api_asynch.meta/api_asynch/asynch_api_basics_session_header.htm
  const credential = api === 'bulk1' ? withHeader(headers, 'x-sfdc-session', token.accessToken) : bearing(headers, token);
  const target = input instanceof Request ? (input.url === url.href ? input : new Request(url, input)) : url;
  // fetch drops Authorization on the way to another origin, and knows nothing of X-SFDC-Session: https://fetch.spec.whatwg.org/#http-redirect-fetch
  return [target, { ...withBody(init), headers: credential, ...(api === 'bulk1' && { redirect: init?.redirect ?? 'manual' }) }];
}

function bearing(headers: Headers | undefined, { accessToken }: Token): HeadersInit {
  return withHeader(headers, 'authorization', `Bearer ${accessToken}`);
}

function withHeader(headers: Headers | undefined, name: string, value: string): HeadersInit {
  if (!headers) return { [name]: value };
  const copy = new Headers(headers);
  copy.set(name, value);
  return copy;
}

/** A path goes to the instance; a URL built from an instance we have left goes to the one we are at. */
function addressAt(address: string | URL, { instanceUrl }: Token, identity: FetchIdentity): URL {
  const url = address instanceof URL ? address : new URL(address, instanceUrl);
  const { origin } = url;
  const isLogin = origin === identity.loginOrigin && /^\/(services\/oauth2|id)\//.test(url.pathname);
  if (origin === instanceUrl || isLogin || !identity.isInstance(origin)) return url;
  return new URL(url.pathname + url.search + url.hash, instanceUrl);
}

/** For callers that got a new token and were rejected once more. */
export function rejectedAfterRefresh(status: number, errorCode?: string): SalesforceSessionError {
  return new SalesforceSessionError(
    'REJECTED_AFTER_REFRESH',
    "The session was rejected after refresh: a new token does not help. Check the user's API permissions, IP ranges and session policies in Setup",
    { status, ...(errorCode && { errorCode }) },
  );
}

function absoluteUrl(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

function refuseInsecure(url: URL): void {
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new SalesforceAuthError('INSECURE_URL', `${url.origin} is plain http: use https`);
  }
}

/** One waiter's patience ends with its own signal; what it waited for goes on. */
function abortable<T>(work: Promise<T>, signal: Signal): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    signal.addEventListener('abort', give);
    const leave = () => signal.removeEventListener('abort', give);
    work.then(
      (value) => {
        leave();
        resolve(value);
      },
      (error: Error) => {
        leave();
        reject(error);
      },
    );
  });
}
