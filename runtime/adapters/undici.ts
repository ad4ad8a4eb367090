import type { SalesforceAuth, SalesforceToken } from '../auth';
import { isReplayable } from '../bodies';
import { apiOf, classify, isPeeked, type Api } from '../classify';
import { rejectedAfterRefresh } from '../fetch';
import { mayBeInstance } from '../hosts';

/** undici's `dispatch`, by shape: the package is the caller's own. */
type Dispatch = (options: never, handler: never) => boolean;

/** The part of undici's dispatch options that matters here. */
interface Options {
  origin?: string | URL;
  path: string;
  headers?: Headers | string[] | Iterable<readonly [string, unknown]> | Record<string, unknown> | null;
  body?: unknown;
}

interface Controller {
  pause(): void;
  resume(): void;
}

type AnswerHeaders = Record<string, string | string[] | undefined>;

/** undici 7's handler; `compose` makes one of older ones. */
interface Handler {
  onRequestStart?(controller: Controller, context: unknown): void;
  onRequestUpgrade?(controller: Controller, status: number, headers: AnswerHeaders, socket: unknown): void;
  onResponseStart?(controller: Controller, status: number, headers: AnswerHeaders, message?: string): void;
  onResponseData?(controller: Controller, chunk: Buffer): void;
  onResponseEnd?(controller: Controller, trailers: AnswerHeaders): void;
  onResponseError?(controller: Controller | null, error: Error): void;
}

const PEEK_BYTES = 4096;
/** fetch hands every body to its dispatcher as a generator: this much of known length is kept until the answer is there. */
const KEPT_BYTES = 1024 * 1024;

/**
 * An interceptor for a dispatcher of undici 7 or newer: requests to the identity's instance and login host get its
 * token, and are sent once more with a new one when Salesforce rejects it. Others pass through as they are, and so do
 * those with their own Authorization or X-SFDC-Session, and SOAP, whose session is inside the envelope.
 *
 * `new Agent().compose(undiciInterceptor(auth))` serves `undici.request`, `undici.fetch` and, as the `dispatcher`
 * option, the global fetch. Bodies of unknown length, or above 1 MB in fetch, are sent once: the rejection comes back
 * as it is, and the next request has a new token.
 *
 * Rejects with SalesforceSessionError `REJECTED_AFTER_REFRESH` when a fresh token is rejected too, with SalesforceAuthError when no token can be had.
 * https://github.com/nodejs/undici/blob/main/docs/docs/api/Dispatcher.md#dispatchercomposeinterceptors-interceptor
 */
export function undiciInterceptor(auth: SalesforceAuth): <D extends Dispatch>(dispatch: D) => D {
  /** Every origin its tokens were for, as far as this interceptor saw. */
  const instances = new Set<string>();

  return <D extends Dispatch>(next: D): D => {
    const dispatch = next as unknown as (options: Options, handler: Handler) => boolean;

    const intercept = (options: Options, handler: Handler): boolean => {
      const { origin, path } = options;
      // Put together, not resolved: a path such as //host/ goes to this origin all the same.
      const url = origin !== undefined && path.startsWith('/') ? new URL(new URL(origin).origin + path) : undefined;
      const headers = flat(options.headers);
      const isForeign = valueOf(headers, 'authorization') !== undefined || valueOf(headers, 'x-sfdc-session') !== undefined;
      const mayBeOurs = url && (url.origin === auth.loginUrl || instances.has(url.origin) || mayBeInstance(url.hostname));
      if (!mayBeOurs || isForeign || apiOf(url) === 'soap') return dispatch(options, handler);
      begin(options, url, headers, handler).catch((error: Error) => handler.onResponseError?.(null, error));
      return true;
    };

    const begin = async (options: Options, url: URL, headers: readonly unknown[], handler: Handler): Promise<void> => {
      const first = await auth.token();
      instances.add(first.instanceUrl);
      if (url.origin !== auth.loginUrl && !instances.has(url.origin)) return void dispatch(options, handler);
      const api = apiOf(url);
      const body = keptBody(options.body, headers);
      const send = (token: SalesforceToken): void => {
        instances.add(token.instanceUrl);
        // What was built from an instance we have left goes to the one we are at.
        const origin = instances.has(url.origin) ? token.instanceUrl : url.origin;
        const credential = api === 'bulk1' ? ['x-sfdc-session', token.accessToken] : ['authorization', `Bearer ${token.accessToken}`];
        const sent = { ...options, origin, headers: [...headers, ...credential] as string[], body: body.take() };
        dispatch(sent, new SessionHandler({ auth, api, first, handler, send, canRepeat: () => body.isWhole() }, token));
      };
      send(first);
    };

    return intercept as unknown as D;
  };
}

/** One request through all its repetitions. */
interface Call {
  readonly auth: SalesforceAuth;
  readonly api: Api;
  readonly first: SalesforceToken;
  readonly handler: Handler;
  send(token: SalesforceToken): void;
  canRepeat(): boolean;
}

/** Holds an answer back that may be about the session, until its first 4 KB tell. */
class SessionHandler implements Handler {
  readonly #call: Call;
  readonly #token: SalesforceToken;
  #state: 'passing' | 'held' | 'dropped' = 'passing';
  #start: [status: number, headers: AnswerHeaders, message?: string] = [0, {}];
  #chunks: Buffer[] = [];

  constructor(call: Call, token: SalesforceToken) {
    this.#call = call;
    this.#token = token;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#call.handler.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(controller: Controller, status: number, headers: AnswerHeaders, socket: unknown): void {
    this.#call.handler.onRequestUpgrade?.(controller, status, headers, socket);
  }

  onResponseStart(controller: Controller, ...start: [status: number, headers: AnswerHeaders, message?: string]): void {
    if (!isPeeked(start[0], this.#call.api)) return this.#call.handler.onResponseStart?.(controller, ...start);
    this.#state = 'held';
    this.#start = start;
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#state === 'passing') this.#call.handler.onResponseData?.(controller, chunk);
    if (this.#state !== 'held') return;
    this.#chunks.push(chunk);
    if (this.#chunks.reduce((bytes, { length }) => bytes + length, 0) >= PEEK_BYTES) this.#decide(controller);
  }

  onResponseEnd(controller: Controller, trailers: AnswerHeaders): void {
    if (this.#state === 'passing') this.#call.handler.onResponseEnd?.(controller, trailers);
    if (this.#state === 'held') this.#decide(controller, trailers);
  }

  onResponseError(controller: Controller, error: Error): void {
    if (this.#state === 'dropped') return;
    this.#state = 'dropped';
    this.#call.handler.onResponseError?.(controller, error);
  }

  /** @param trailers given when the answer has come to its end */
  #decide(controller: Controller, trailers?: AnswerHeaders): void {
    const { auth, api, first, handler, send, canRepeat } = this.#call;
    const [status, headers] = this.#start;
    const peek = Buffer.concat(this.#chunks).subarray(0, PEEK_BYTES).toString();
    const verdict = classify(status, api, { get: (name) => headers[name]?.toString() ?? null }, peek);
    if (verdict !== 'refresh' && verdict !== 'restream') return this.#release(controller, trailers);

    const fail = (error: Error) => handler.onResponseError?.(controller, error);
    if (verdict === 'refresh' && canRepeat()) {
      this.#state = 'dropped';
      // Rejected although we asked for it after the request began: not a matter of age, and no reason to go on.
      if (this.#token !== first && this.#token.isOwn) return fail(rejectedAfterRefresh(status, /"errorCode"\s*:\s*"(\w+)"/.exec(peek)?.[1]));
      auth.refresh(this.#token.generation).then(send).catch(fail);
      return;
    }
    if (!trailers) controller.pause();
    // Whether or not that works, the caller sees this rejection first.
    const release = () => {
      if (this.#state === 'dropped') return;
      this.#release(controller, trailers);
      if (!trailers) controller.resume();
    };
    auth.refresh(this.#token.generation).then(release, release);
  }

  #release(controller: Controller, trailers: AnswerHeaders | undefined): void {
    const { handler } = this.#call;
    this.#state = 'passing';
    handler.onResponseStart?.(controller, ...this.#start);
    for (const chunk of this.#chunks.splice(0)) handler.onResponseData?.(controller, chunk);
    if (trailers) handler.onResponseEnd?.(controller, trailers);
  }
}

/** Names and values in turn, of whatever undici takes for headers. */
function flat(headers: Options['headers']): readonly unknown[] {
  if (Array.isArray(headers)) return headers;
  if (!headers) return [];
  return (Symbol.iterator in headers ? [...(headers as Iterable<readonly [string, unknown]>)] : Object.entries(headers)).flat();
}

function valueOf(headers: readonly unknown[], name: string): unknown {
  const at = headers.findIndex((word, index) => index % 2 === 0 && String(word).toLowerCase() === name);
  return at === -1 ? undefined : headers[at + 1];
}

/** A body to send, and to send again where that can be. */
function keptBody(body: unknown, headers: readonly unknown[]): { take(): unknown; isWhole(): boolean } {
  // undici has a FormData of its own.
  const isSource = isReplayable(body as BodyInit) || Object.prototype.toString.call(body) === '[object FormData]';
  // A stream has an owner, who may know a way to make another; we do not hoard it.
  const isKept = !isSource && !('pipe' in (body as object)) && Number(valueOf(headers, 'content-length')) <= KEPT_BYTES;
  if (!isKept) return { take: () => body, isWhole: () => isSource };

  const chunks: Uint8Array[] = [];
  let isWhole = false;
  async function* keeping() {
    for await (const chunk of body as AsyncIterable<Uint8Array | string>) {
      chunks.push(Buffer.from(chunk as Uint8Array));
      yield chunk;
    }
    isWhole = true;
  }
  return { take: () => (isWhole ? Buffer.concat(chunks) : keeping()), isWhole: () => isWhole };
}
