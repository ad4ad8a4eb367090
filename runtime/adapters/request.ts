import type { SalesforceAuth } from '../auth';
import { Call, hasCredentials, hide, isStream, scrubbed, textOf } from './call';

/** What {@link withRequest} needs: the `request` function, or what has its `defaults`. */
export interface RequestLike {
  (options: never, callback?: never): unknown;
  defaults(options: never, requester?: never): unknown;
}

/** As of the `request` library, and of request-promise. */
export interface RequestOptions {
  uri?: string | { href: string };
  url?: string | { href: string };
  baseUrl?: string;
  method?: string;
  headers?: object;
  body?: unknown;
  /** Reject statuses other than 2xx? Default true, as in request-promise. */
  simple?: boolean;
  /** Resolve to the response, not to its body? Default false, as in request-promise. */
  resolveWithFullResponse?: boolean;
  [option: string]: unknown;
}

/** The part of Node's response that programs use. */
export interface RequestResponse {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

// What a body is depends on the `json` option and on the server: the caller knows.
/* eslint-disable @typescript-eslint/no-explicit-any */
export type RequestCallback = (error: Error | null, response: RequestResponse, body: any) => void;

/** Calls with a callback and calls that are awaited. */
export interface RequestCall {
  (uri: string | RequestOptions, callback?: RequestCallback): Promise<any>;
  (uri: string, options: RequestOptions, callback?: RequestCallback): Promise<any>;
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** What {@link withRequest} makes: called as `request` is. */
export interface AuthorizedRequest extends RequestCall {
  get: RequestCall;
  head: RequestCall;
  post: RequestCall;
  put: RequestCall;
  patch: RequestCall;
  del: RequestCall;
  delete: RequestCall;
  /** Options for all calls of the function it returns. */
  defaults(options: RequestOptions): AuthorizedRequest;
}

/** The `request` function itself. */
export type Send = (options: RequestOptions, callback: (error: Error | null, response: RequestResponse, body: unknown) => void) => unknown;

/**
 * The `request` function with this identity's token. A rejected session is renewed and the request sent once more.
 * Callbacks get what they got; without one, the promise is that of request-promise: the body, or a StatusCodeError.
 * Paths without a `baseUrl` start at the instance URL. `request` may also be request-promise or request-promise-native.
 *
 * Requests to other hosts, or with credentials of their own, pass through untouched. Streams in a form are not sent
 * twice, and nothing can be piped: `auth.fetch` streams.
 *
 * @returns a function of its own: set defaults on that, where they can be seen. Its calls also fail with
 * SalesforceSessionError `REJECTED_AFTER_REFRESH`, and SalesforceAuthError when no token can be had
 */
export function withRequest(auth: SalesforceAuth, request: RequestLike): AuthorizedRequest {
  const library = request as unknown as Send & { defaults(options: object, requester: object): AuthorizedRequest };
  // `request` builds the verbs and defaults() around it.
  return library.defaults({}, (options: RequestOptions, callback?: RequestCallback) => {
    const { callback: _callback, ...rest } = options;
    const answer = send(auth, library, rest);
    const result = answer.then(({ response, call }) => settle(rest, response, call));
    if (callback) {
      result.catch(() => {});
      answer.then(
        ({ response }) => process.nextTick(callback, null, response, response.body),
        (error: Error) => process.nextTick(callback, error),
      );
    }
    return result;
  });
}

interface Exchange {
  response: RequestResponse;
  call: Call | undefined;
}

/** Sends one request with this identity's token, once more with a new one when that is rejected. */
export async function send(auth: SalesforceAuth, library: Send, options: RequestOptions): Promise<Exchange> {
  const { uri: _uri, url: _url, baseUrl: _baseUrl, ...rest } = options;
  const exchange = (sent: RequestOptions) =>
    new Promise<RequestResponse>((resolve, reject) => {
      const result = library(sent, (error, response) => (error ? reject(error) : resolve(response))) as Partial<Promise<unknown>> | undefined;
      // request-promise gives a promise besides; the callback has had what that rejects with.
      result?.catch?.(() => {});
    });
  const call = bringsItsOwn(options) ? undefined : await Call.begin(auth, addressOf(options), rest.body);
  if (!call) return { response: await exchange(options), call };

  for (;;) {
    const response = await exchange({
      ...rest,
      uri: call.url,
      headers: { ...rest.headers, ...call.headers },
      ...(rest.body !== undefined && { body: call.body(rest.body) }),
      ...(!call.mayRedirect && { followRedirect: false }),
    });
    const { statusCode, headers, body } = response;
    if (await call.isToRepeat(statusCode, headers, textOf(body), isReplayable(rest))) continue;
    keepToItself(response, call);
    return { response, call };
  }
}

/** Keeps the token out of what printing a response shows: its request, and Node's. */
function keepToItself(response: RequestResponse & { request?: { headers?: Record<string, unknown> } }, call: Call): void {
  const { request } = response;
  for (const name of Object.keys(call.headers)) if (request?.headers?.[name]) request.headers[name] = '[redacted]';
  hide(response, 'req', 'request');
}

function settle(options: RequestOptions, response: RequestResponse, call: Call | undefined): unknown {
  const { simple = true, resolveWithFullResponse = false } = options;
  const { statusCode, headers } = response;
  if (!simple || (statusCode >= 200 && statusCode < 300)) return resolveWithFullResponse ? response : response.body;
  const body = scrubbed(response.body, call);
  const sent = options.body === undefined ? options : { ...options, body: scrubbed(options.body, call) };
  // Not the response itself, which leads to the request and its headers.
  const details = { name: 'StatusCodeError', statusCode, error: body, options: sent, response: { statusCode, headers, body } };
  throw Object.assign(new Error(`${statusCode} - ${textOf(body)}`), details);
}

/** Has a request credentials of its own? */
export function bringsItsOwn(options: RequestOptions): boolean {
  return hasCredentials(options.headers) || ['auth', 'oauth', 'aws', 'hawk', 'httpSignature'].some((name) => options[name]);
}

/** Where a request goes, as `request` puts it together. */
export function addressOf({ uri, url = '', baseUrl }: RequestOptions): string {
  const given = uri ?? url;
  const address = typeof given === 'object' ? given.href : given;
  return baseUrl ? `${baseUrl.replace(/\/$/, '')}${address && !address.startsWith('/') ? '/' : ''}${address}` : address;
}

/** No part of it is a stream: a form's parts are values, `{ value, options }` or arrays of them. */
function isReplayable({ body, formData, multipart }: RequestOptions): boolean {
  const hasStream = (part: unknown): boolean =>
    isStream(part) || (typeof part === 'object' && part !== null && !ArrayBuffer.isView(part) && Object.values(part).some(hasStream));
  return ![body, formData, multipart].some(hasStream);
}
