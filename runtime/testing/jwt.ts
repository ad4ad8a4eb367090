import { createSign, createVerify, type KeyObject } from 'node:crypto';
import { parseJson } from './http';

/** The claims of an assertion that this org looks at. */
export interface AssertionClaims {
  iss?: unknown;
  sub?: unknown;
  prn?: unknown;
  aud?: unknown;
  exp?: unknown;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Record<string, unknown> | undefined {
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

/** Signs a JWT with RS256. */
export function signJwt(header: object, claims: object, key: KeyObject): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

/** The claims of an assertion whose RS256 signature holds, else `undefined`. */
export function verifyJwt(assertion: string, key: KeyObject): AssertionClaims | undefined {
  const [header, claims, signature, ...rest] = assertion.split('.');
  if (!header || !claims || !signature || rest.length > 0) return undefined;
  // Only RS256: anything else is refused, `none` first of all.
  // https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm&type=5
  if (decode(header)?.['alg'] !== 'RS256') return undefined;
  const genuine = createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(key, signature, 'base64url');
  return genuine ? decode(claims) : undefined;
}

/** Does this text have the form of a JWT? */
export function looksLikeJwt(token: string): boolean {
  const [header, ...rest] = token.split('.');
  return rest.length === 2 && token.startsWith('eyJ') && decode(header ?? '') !== undefined;
}
