import { apiOf, classify, peekedStatuses, type Api } from './classify';
import { SalesforceAuthError, SalesforceSessionError } from './errors';
import { isLoopback } from './hosts';

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
}

type Signal = AbortSignal | null | undefined;

const PEEK_BYTES = 4096;

/** The global fetch with this identity's token, one refresh and one repetition. */
export function createAuthFetch(identity: FetchIdentity): typeof fetch {
  return async (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const address = input instanceof Request ? input.url : String(input);
    const isPath = !URL.canParse(address);

    // Callers with their own credentials are somebody else: neither our token nor our refresh is theirs.
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const isForeign = headers.has('authorization') || headers.has('x-sfdc-session');
    if (!isPath) refuseInsecure(new URL(address));
    if (!isPath && (isForeign || !(await isOurs(identity, new URL(address), signal)))) return identity.send(input, init);

    const token = await abortable(identity.token(), signal);
    const url = addressAt(address, token, identity);
    refuseInsecure(url);
    // A "path" such as //host/ names a host of its own.
    if (isForeign || (url.origin !== token.instanceUrl && url.origin !== identity.loginOrigin)) return identity.send(url, init);

    const api = apiOf(url);
    const body = init?.body ?? undefined;
    if (api === 'soap') return sendSoap(identity, input, init, url, token, signal);

    // A Request gives its body away each time: send copies. Its source may be a string, we cannot see.
    const isTwofold = input instanceof Request && body === undefined && input.body !== null;
    const send = (using: Token) =>
      identity.send(...authorized(isTwofold ? input.clone() : input, addressAt(address, using, identity), init, headers, api, using));
    // A stream is sent once: the caller sees the rejection, and the next call has a new token.
    const isReplayable = body === undefined || isText(body) || body instanceof FormData;
    return repeated(identity, send, api, token, isReplayable, signal);
  };
}

/** Sends, and once more with a new token when the first was rejected. */
async function repeated(
  identity: FetchIdentity,
  send: (using: Token) => Promise<Response>,
  api: Api,
  first: Token,
  isReplayable: boolean,
  signal: Signal,
): Promise<Response> {
  for (let token = first; ; ) {
    const response = await send(token);
    const { verdict, errorCode } = await examine(response, api);
    if (verdict !== 'refresh') return response;
    if (!isReplayable) {
      await abortable(identity.refresh(token.generation), signal).catch(() => signal?.throwIfAborted());
      return response;
    }
    await response.body?.cancel();
    // Rejected although we asked for it after the call began: not a matter of age, and no reason to go on.
    if (token !== first && token.isOwn) throw rejectedAfterRefresh(response.status, errorCode);
    token = await abortable(identity.refresh(token.generation), signal);
  }
}

async function isOurs(identity: FetchIdentity, { origin, hostname }: URL, signal: Signal): Promise<boolean> {
  if (origin === identity.loginOrigin || identity.isInstance(origin)) return true;
  // The instance's URL can come before the first token: only the login tells whether it is ours.
  if (!/\.(salesforce\.com|salesforce\.mil|sfcrmproducts\.cn)$/.test(hostname) && !isLoopback(hostname)) return false;
  await abortable(identity.token(), signal);
  return identity.isInstance(origin);
}

/** SOAP carries its session inside the envelope, so that is where ours goes. https://github.com/jetstreamapp/jetstream/pull/1664 */
async function sendSoap(
  identity: FetchIdentity,
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
  return repeated(identity, send, 'soap', token, true, signal);
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
  init: RequestInit | undefined,
  callerHeaders: Headers,
  api: Api,
  token: Token,
): [RequestInfo | URL, RequestInit] {
  const headers = new Headers(callerHeaders);
  // https://developer.salesforce.com/docs/atlas.en-us.264.0.api_asynch.meta/api_asynch/asynch_api_basics_session_header.htm
  if (api === 'bulk1') headers.set('x-sfdc-session', token.accessToken);
  else headers.set('authorization', `Bearer ${token.accessToken}`);
  const target = input instanceof Request ? (input.url === url.href ? input : new Request(url, input)) : url;
  // fetch drops Authorization on the way to another origin, and knows nothing of X-SFDC-Session: https://fetch.spec.whatwg.org/#http-redirect-fetch
  return [target, { ...init, headers, ...(api === 'bulk1' && { redirect: init?.redirect ?? 'manual' }) }];
}

/** A path goes to the instance; a URL built from an instance we have left goes to the one we are at. */
function addressAt(address: string, { instanceUrl }: Token, identity: FetchIdentity): URL {
  const url = new URL(address, instanceUrl);
  const isLogin = url.origin === identity.loginOrigin && /^\/(services\/oauth2|id)\//.test(url.pathname);
  if (isLogin || !identity.isInstance(url.origin)) return url;
  return new URL(url.pathname + url.search + url.hash, instanceUrl);
}

/** Reads at most 4 KB, and only of answers that may be about the session. */
async function examine(response: Response, api: Api) {
  const peek = peekedStatuses.has(response.status) ? await peekBody(response) : '';
  const errorCode = /"errorCode"\s*:\s*"(\w+)"/.exec(peek)?.[1];
  return { verdict: classify(response.status, api, response.headers, peek), errorCode };
}

async function peekBody(response: Response): Promise<string> {
  const reader = response.clone().body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let bytes = 0; bytes < PEEK_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value.subarray(0, PEEK_BYTES - bytes), { stream: true });
      bytes += value.byteLength;
    }
  } catch {
    // A body that breaks off is the caller's to find out about.
  }
  // Not awaited: a cancelled copy settles only when the original is done with.
  reader.cancel().catch(() => {});
  return text;
}

/** For callers that got a new token and were rejected once more. */
export function rejectedAfterRefresh(status: number, errorCode?: string): SalesforceSessionError {
  return new SalesforceSessionError(
    'REJECTED_AFTER_REFRESH',
    "The session was rejected after refresh: a new token does not help. Check the user's API permissions, IP ranges and session policies in Setup",
    { status, ...(errorCode && { errorCode }) },
  );
}

function refuseInsecure(url: URL): void {
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new SalesforceAuthError('INSECURE_URL', `${url.origin} is plain http: use https`);
  }
}

/** Bodies with a source: fetch can read them again, and so can we. Streams and iterators are used up by the first time. */
function isText(body: BodyInit): boolean {
  return (
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof Blob ||
    body instanceof URLSearchParams
  );
}

/** One waiter's patience ends with its own signal; what it waited for goes on. */
function abortable<T>(work: Promise<T>, signal: Signal): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}
