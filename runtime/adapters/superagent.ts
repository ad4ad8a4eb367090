import type { SalesforceAuth } from '../auth';
import { Call, hasCredentials, hide, isStream, scrubbed, textOf } from './call';

/** What {@link withSuperagent} needs: superagent itself, or an agent that it made. */
export interface SuperagentLike {
  get(url: never): unknown;
  post(url: never): unknown;
}

type Finish = (error: Error | null, answer?: Answer) => void;

interface Answer {
  status: number;
  headers: object;
  text?: unknown;
  body?: unknown;
  error?: { text?: unknown } | false;
  destroy?(): void;
}

/** The inside of superagent's requests, from version 3 on: `end` asks for `request`, and what comes back goes to `callback`. */
interface Request {
  url: string;
  header: Record<string, unknown>;
  username?: string;
  _data?: unknown;
  _formData?: unknown;
  _aborted?: boolean;
  req?: unknown;
  res?: unknown;
  response?: Answer | undefined;
  set(name: string, value: string): void;
  unset(name: string): void;
  redirects(count: number): void;
  clearTimeout(): void;
  request(): unknown;
  end(fn?: Finish): unknown;
  pipe(stream: NodeJS.WritableStream, options?: object): unknown;
  callback(error: Error | null, answer?: Answer): void;
  _retry(): void;
}

interface Agent {
  use(plugin: (request: Request) => void): Agent;
}

type Library = ((...values: unknown[]) => Request) & Record<string, unknown> & { agent(options?: unknown): Agent };

const VERBS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'del', 'options'];

/**
 * superagent with this identity's token. A rejected session is renewed and the request sent once more, before `ok()` or `retry()` of
 * the caller see the answer; callbacks, promises and errors stay superagent's. Paths start at the instance URL.
 *
 * Requests to other hosts, or with credentials of their own, and SOAP, pass through untouched. Forms and streams are not sent
 * twice, and a request of this identity's cannot be piped: `auth.fetch` streams. Printing an answer or error does not show the token.
 *
 * @param superagent superagent 3 or later in Node.js: a copy is returned, whose agents have the token as well; or an agent, which
 * is changed and returned
 * @returns what is called as the one that was handed in. Its calls also fail with SalesforceSessionError `REJECTED_AFTER_REFRESH`, and
 * SalesforceAuthError when no token can be had
 */
export function withSuperagent<T extends SuperagentLike>(auth: SalesforceAuth, superagent: T): T {
  const plugin = (request: Request) => authorize(auth, request);
  if (!('agent' in superagent)) return (superagent as unknown as Agent).use(plugin) as unknown as T;
  const library = superagent as unknown as Library;
  /** As the library does, only that `end` comes after the plugin. */
  const making = (make: (...values: unknown[]) => Request) => (...values: unknown[]) => {
    const last = values.at(-1);
    const fn = typeof last === 'function' ? (values.pop() as Finish) : undefined;
    const request = make(...values);
    plugin(request);
    if (fn) request.end(fn);
    return request;
  };
  const verbs = VERBS.filter((verb) => typeof library[verb] === 'function').map((verb) => [verb, making(library[verb] as () => Request)]);
  const agent = (options?: unknown) => library.agent(options).use(plugin);
  return Object.assign(making(library), library, Object.fromEntries(verbs), { agent }) as unknown as T;
}

/** Makes one request this identity's, if that is what it is when it is sent. */
function authorize(auth: SalesforceAuth, request: Request): void {
  const { end, pipe } = request;
  let isBegun = false;
  const isTheirs = () => isBegun || request._aborted || hasCredentials(request.header) || request.username !== undefined || !Call.mayBegin(auth, addressOf(request));

  request.end = (fn?: Finish) => {
    // A redirect ends the request anew.
    if (isTheirs()) return end.call(request, fn);
    isBegun = true;
    Call.begin(auth, addressOf(request)).then(
      (call) => {
        if (request._aborted) return;
        const finish = call ? carry(call, request, fn) : fn;
        // Where it throws, a promise of the library rejects; what a callback throws is for the process.
        request.request();
        process.nextTick(() => end.call(request, finish));
      },
    ).catch((error: Error) => fail(request, error, fn));
    return request;
  };
  request.pipe = (stream, options) => {
    if (isTheirs()) return pipe.call(request, stream, options);
    throw new Error('withSuperagent(): a request to Salesforce cannot be piped. Send it with auth.fetch(), whose answer has a stream as its body');
  };
}

/** Puts the call's token on a request each time that it is built, and judges its answers. */
function carry(call: Call, request: Request, fn: Finish | undefined): Finish {
  const { request: build, callback } = request;
  if (!call.mayRedirect) request.redirects(0);
  request.url = at(call, request);

  request.request = () => {
    // Not every version takes them off on the way to another host.
    const put = ([name, value]: [string, string]) => (isAt(call, request) ? request.set(name, value) : request.unset(name));
    if (!request.req) Object.entries(call.headers).forEach(put);
    return build.call(request);
  };
  request.callback = (error, answer) => {
    const goOn = () => process.nextTick(() => callback.call(request, error, answer));
    if (error || !answer || !isAt(call, request)) return goOn();
    const isReplayable = !request._formData && !isStream(request._data);
    call.isToRepeat(answer.status, answer.headers, textOf(answer.text ?? answer.body), isReplayable).then(
      (isToRepeat) => {
        if (!isToRepeat || request._aborted) return goOn();
        answer.destroy?.();
        // An error of the first connection is nobody's any more, one of the second is.
        request.response = undefined;
        request.url = at(call, request);
        request._retry();
      },
      (failure: Error) => fail(request, failure, finish),
    );
  };

  const finish: Finish = (error, answer) => {
    for (const name of Object.keys(call.headers)) request.set(name, '[redacted]');
    hide(request, 'req', 'res');
    if (answer) hide(answer, 'req', 'res');
    if (error && answer) scrub(answer, call);
    fn?.(error, answer);
  };
  return finish;
}

/** A server may echo what it was sent; superagent keeps the text of an error a second time. */
function scrub(answer: Answer, call: Call): void {
  answer.text = scrubbed(answer.text, call);
  answer.body = scrubbed(answer.body, call);
  if (answer.error) answer.error.text = answer.text;
}

/** Ends a request with an error of ours, which the library knows nothing of. */
function fail(request: Request, error: Error, fn: Finish | undefined): void {
  request.clearTimeout();
  process.nextTick(() => fn?.(error));
}

/** Without a protocol it is http for superagent; a path has no meaning there. */
function addressOf({ url }: Request): string {
  return url.startsWith('/') || url.startsWith('http') ? url : `http://${url}`;
}

/** The request's own address, which has its query by now, at the host of the call. */
function at(call: Call, { url }: Request): string {
  return new URL(call.url).origin + url.replace(/^\w+:\/\/[^/?#]*/, '');
}

/** Is a request where the call is sent? A redirect may have led it elsewhere. */
function isAt(call: Call, { url }: Request): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(call.url).origin;
}
