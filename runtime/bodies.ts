import { SalesforceSessionError } from './errors';

/**
 * As for the global fetch, but `body` may also be a function that makes it: called each time the request is sent, so
 * that a stream can be sent again after an expired session.
 */
export interface AuthRequestInit extends Omit<RequestInit, 'body'> {
  body?: BodyInit | null | (() => BodyInit | AsyncIterable<Uint8Array>);
}

/** The global fetch, which also takes a function for a body. */
export type AuthFetch = (input: RequestInfo | URL, init?: AuthRequestInit) => Promise<Response>;

/** An answer that came back as it was although its session is renewed by now; `error.code` says why. */
export interface UnrepeatedResponse extends Response {
  /** `BODY_NOT_REPLAYABLE`: send the upload again. `STREAM_REJECTED`: handshake and subscribe again. */
  readonly error?: SalesforceSessionError;
}

/** What fetch itself takes: a body that is made anew, if it is made. */
export function withBody(init: AuthRequestInit | undefined): RequestInit | undefined {
  if (typeof init?.body !== 'function') return init as RequestInit | undefined;
  // Without `duplex` fetch takes no stream; other bodies do not mind it.
  return { ...init, body: init.body() as BodyInit, duplex: 'half' } as RequestInit;
}

/** Can it be sent a second time? Streams and iterators are used up by the first. */
export function isReplayable(body: AuthRequestInit['body']): boolean {
  return body === undefined || body === null || typeof body === 'function' || body instanceof FormData || isText(body);
}

/** Bodies with a source: fetch can read them again, and so can we. */
export function isText(body: unknown): body is string | ArrayBuffer | ArrayBufferView<ArrayBuffer> | Blob | URLSearchParams {
  return (
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof Blob ||
    body instanceof URLSearchParams
  );
}

/**
 * undici 7.24 turns a 401 for a stream into a network failure, and the answer with it is gone.
 * https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, step 14
 */
export function isLostRejection(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: { message?: unknown } };
  return String(cause?.message).includes('expected non-null body source');
}

/** The answer as it came, saying why it was not acted on. */
export function unrepeated(response: Response, code: 'BODY_NOT_REPLAYABLE' | 'STREAM_REJECTED'): UnrepeatedResponse {
  const message =
    code === 'BODY_NOT_REPLAYABLE'
      ? 'The session had expired and the body was a stream, which cannot be sent twice: it is renewed now, send it again, or give `body` as a function'
      : 'The streaming session was rejected: it is renewed now, handshake again and subscribe from the last replayId';
  return Object.assign(response, { error: new SalesforceSessionError(code, message, { status: response.status }) });
}
