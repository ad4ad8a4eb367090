import type { Incoming } from './http';

/** The token of the `Authorization` header: `Bearer`, or `OAuth` as older clients say. */
export function bearerToken(request: Incoming): string | undefined {
  return /^(?:Bearer|OAuth) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * Is there an `Authorization` header that no token can be read from? A missing scheme, and the `undefined` or
 * empty value of a client that never had a token.
 * https://github.com/restforce/restforce/issues/489 , https://github.com/restforce/restforce/issues/594
 */
export function malformedAuthorization(request: Incoming): boolean {
  if (request.headers.authorization === undefined) return false;
  const token = bearerToken(request);
  return token === undefined || token === 'undefined' || token === 'null';
}
