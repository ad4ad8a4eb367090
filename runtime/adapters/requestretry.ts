import type { SalesforceAuth } from '../auth';
import { Call } from './call';
import { addressOf, bringsItsOwn, send, type RequestOptions, type Send } from './request';

/** What {@link withRequestRetry} needs: requestretry itself, or what its `defaults` made. */
export interface RequestRetryLike {
  defaults(options: never): unknown;
}

/** Every function of one copy of requestretry sends through this one. */
interface Transport {
  request: Send & Record<string, unknown>;
}

/**
 * Gives requestretry this identity's token: below its own retries, so that these see what a renewed session answers. A rejected
 * session is renewed and the request sent once more, within one of its attempts.
 *
 * Changes the library for the whole process, once for each identity: calls, promises, callbacks, `attempts` and strategies stay
 * what they were. Requests to other hosts, or with credentials of their own, pass through untouched. A stream in a form is not sent
 * twice, and a request of this identity's cannot be piped: `auth.fetch` streams.
 *
 * @returns the same function. Its calls also reject with SalesforceSessionError `REJECTED_AFTER_REFRESH`, and SalesforceAuthError
 * when no token can be had
 * @throws TypeError when it is not requestretry
 */
export function withRequestRetry<T extends RequestRetryLike>(auth: SalesforceAuth, requestretry: T): T {
  const { Request: transport } = requestretry as T & { Request?: Transport };
  if (typeof transport?.request !== 'function') throw new TypeError('withRequestRetry(auth, requestretry): hand in what require("requestretry") gives');
  const given = identities.get(transport) ?? new WeakSet();
  identities.set(transport, given);
  // Several modules may ask for the same: they share one copy of the library.
  if (given.has(auth)) return requestretry;
  given.add(auth);
  const library = transport.request;
  const authorized: Send = (options, callback) => (bringsItsOwn(options) || !Call.mayBegin(auth, addressOf(options)) ? library(options, callback) : begin(auth, library, options, callback));
  // It has jar() and cookie() from there.
  transport.request = Object.assign(authorized, library);
  return requestretry;
}

/** Which identities a copy of the library was given. */
const identities = new WeakMap<object, WeakSet<SalesforceAuth>>();

/** @returns what `abort()` of the library's requests needs */
function begin(auth: SalesforceAuth, library: Send, options: RequestOptions, callback: Parameters<Send>[1]): { abort(): void } {
  let current: { abort?(): void } | undefined;
  let isAborted = false;
  const noting: Send = (sent, answer) => {
    if (isAborted) return undefined;
    return (current = library(sent, answer) as typeof current);
  };
  send(auth, noting, options).then(
    ({ response }) => process.nextTick(callback, null, response, response.body),
    (error: Error) => process.nextTick(callback, error),
  );
  return {
    abort() {
      isAborted = true;
      current?.abort?.();
    },
  };
}
