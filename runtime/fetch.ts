import { apiOf, classify, peekedStatuses, type Api } from './classify';
import { SalesforceAuthError, SalesforceSessionError } from './errors';
import { isLoopback } from './hosts';

interface Token {
  readonly accessToken: string;
  readonly instanceUrl: string;
  readonly generation: number;
}

/** What the fetch needs of its identity. */
export interface FetchIdentity {
  send: typeof fetch;
  token(): Promise<Token>;
  refresh(rejectedGeneration: number): Promise<Token>;
  readonly loginOrigin: string;
  /** Is this an instance this identity is at, or was? */
  isInstance(origin: string): boolean;
  generationOf(accessToken: string): number | undefined;
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
    if (api === 'soap') return sendSoap(identity, input, url, init, signal);

    // A Request gives its body away once: keep a copy for the repetition. Its source may be a string, we cannot see.
    const spare = input instanceof Request && body === undefined && input.body ? input.clone() : input;
    const response = await identity.send(...authorized(input, url, init, headers, api, token));
    const { verdict, errorCode } = await examine(response, api);
    if (verdict !== 'refresh') return response;

    const isOneShot = body !== undefined && !isReplayable(body);
    if (isOneShot) {
      // The caller sees the rejection; the next call has a new token.
      await abortable(identity.refresh(token.generation), signal).catch(() => signal?.throwIfAborted());
      return response;
    }
    await response.body?.cancel();
    const fresh = await abortable(identity.refresh(token.generation), signal);
    const second = await identity.send(...authorized(spare, addressAt(address, fresh, identity), init, headers, api, fresh));
    return settled(second, api, errorCode);
  };
}

async function isOurs(identity: FetchIdentity, { origin, hostname }: URL, signal: Signal): Promise<boolean> {
  if (origin === identity.loginOrigin || identity.isInstance(origin)) return true;
  // The instance's URL can come before the first token: only the login tells whether it is ours.
  if (!/\.(salesforce\.com|salesforce\.mil|sfcrmproducts\.cn)$/.test(hostname) && !isLoopback(hostname)) return false;
  await abortable(identity.token(), signal);
  return identity.isInstance(origin);
}

/** SOAP carries its session inside the envelope, so that is where the new one goes. https://github.com/jetstreamapp/jetstream/pull/1664 */
async function sendSoap(
  identity: FetchIdentity,
  input: RequestInfo | URL,
  url: URL,
  init: RequestInit | undefined,
  signal: Signal,
): Promise<Response> {
  const envelope = await envelopeOf(input, init);
  const sessionId = envelope && /<(?:\w+:)?sessionId>\s*([^<\s]+)\s*</.exec(envelope)?.[1];
  const generation = sessionId ? identity.generationOf(sessionId) : undefined;
  // A redirect would take the envelope, and the session in it, to another host.
  const sent: RequestInit = { ...init, redirect: init?.redirect ?? 'manual' };
  const response = await identity.send(input instanceof Request ? input : url, sent);
  const { verdict, errorCode } = await examine(response, 'soap');
  if (verdict !== 'refresh' || !envelope || !sessionId || generation === undefined) return response;

  await response.body?.cancel();
  const fresh = await abortable(identity.refresh(generation), signal);
  const second = await identity.send(addressAt(url.href, fresh, identity), {
    ...(input instanceof Request && { method: input.method, headers: input.headers }),
    ...sent,
    body: envelope.replaceAll(sessionId, () => fresh.accessToken),
  });
  return settled(second, 'soap', errorCode);
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

/** The second answer. Rejected again means: not a matter of age, and no reason to go on. */
async function settled(response: Response, api: Api, firstErrorCode: string | undefined): Promise<Response> {
  const { verdict, errorCode = firstErrorCode } = await examine(response, api);
  if (verdict !== 'refresh') return response;
  await response.body?.cancel();
  throw rejectedAfterRefresh(response.status, errorCode);
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

/** Everything fetch can send twice. Streams and iterators are used up by the first time. */
function isReplayable(body: BodyInit): boolean {
  return isText(body) || body instanceof FormData;
}

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
