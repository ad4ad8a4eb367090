import type { SalesforceAuth } from '../auth';
import { SalesforceAuthError } from '../errors';
import { Call, hasCredentials, isStream, textOf } from './call';

/** What {@link withGot} needs: got itself, or an instance of it. */
export interface GotLike {
  extend(options: never): unknown;
}

/** The inside of got's hooks. */
interface Options {
  url?: string | URL;
  headers: Record<string, string | string[] | undefined>;
  body?: unknown;
  isStream?: boolean;
  followRedirect?: unknown;
  context: Record<symbol, unknown>;
}

interface Answer {
  statusCode: number;
  headers: object;
  body?: unknown;
  request: { options: Options };
}

type Failure = Error & { options?: Options; response?: Answer };

/** What we put on a request: got takes the same options for its own retries, redirects and our repetition. */
class Held {
  readonly call: Call;
  readonly url: string;
  /** Not shown by inspection, as errors hold all options. */
  readonly #headers: Record<string, string>;

  constructor(call: Call, options: Options) {
    this.call = call;
    this.url = call.url;
    this.#headers = call.headers;
    options.url = new URL(call.url);
    Object.assign(options.headers, this.#headers);
    if (!call.mayRedirect) options.followRedirect = false;
  }

  takeOff({ headers }: Options): void {
    for (const [name, value] of Object.entries(this.#headers)) if (headers[name] === value) delete headers[name];
  }

  mask({ headers }: Options): void {
    for (const name of Object.keys(this.#headers)) headers[name] = '[redacted]';
  }
}

const HELD = Symbol('salesforce-auth-client');

/**
 * An instance of got with this identity's token. A rejected session is renewed and the request sent once more.
 *
 * Requests to other hosts, or with credentials of their own, and SOAP, pass through untouched. Bodies that got sends as a
 * stream (streams, FormData, `got.stream`) are not sent twice: the rejection stands, and the next call has a new token.
 * The `options` of got's errors do not show the token.
 *
 * @returns a new instance, as `got.extend` does. Its calls also reject with
 * SalesforceSessionError `REJECTED_AFTER_REFRESH`, and SalesforceAuthError when no token can be had
 */
export function withGot<T extends GotLike>(auth: SalesforceAuth, got: T): T {
  const hooks = {
    beforeRequest: [(options: Options) => authorize(auth, options)],
    afterResponse: [judge],
    beforeError: [settle],
  };
  return got.extend({ hooks } as never) as T;
}

async function authorize(auth: SalesforceAuth, options: Options): Promise<void> {
  const before = heldBy(options);
  before?.takeOff(options);
  if (hasCredentials(options.headers)) return;
  // A redirect is a call of its own: it may lead elsewhere.
  const address = String(options.url);
  const call = before?.url === address ? before.call : await Call.begin(auth, address);
  if (call) options.context[HELD] = new Held(call, options);
}

async function judge(answer: Answer, repeat: (changes: object) => Promise<never>): Promise<Answer> {
  const { options } = answer.request;
  const held = heldBy(options);
  const isReplayable = !isStream(options.body);
  // got takes the hooks off a repetition, unless told otherwise: its answer is to be judged, too.
  if (await held?.call.isToRepeat(answer.statusCode, answer.headers, textOf(answer.body), isReplayable)) return repeat({ preserveHooks: true });
  return answer;
}

async function settle(error: Failure): Promise<Error> {
  // got wraps what a hook throws.
  if (error.cause instanceof SalesforceAuthError) return error.cause;
  const { options, response } = error;
  const held = options && heldBy(options);
  if (!held) return error;
  // The other hook does not see the answers of streams.
  if (options.isStream && response) await held.call.isToRepeat(response.statusCode, response.headers, textOf(response.body), false);
  held.mask(options);
  return error;
}

function heldBy({ context }: Options): Held | undefined {
  return context[HELD] as Held | undefined;
}
