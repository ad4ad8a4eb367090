/** The secrets of Salesforce that their look alone gives away. */

import type { Scope } from '../settings';

export type ShapeKind = 'session id' | 'access token' | 'refresh token' | 'SFDX auth URL' | 'private key';

export interface Token {
  kind: ShapeKind;
  value: string;
  /** Where in the text it starts. */
  index: number;
}

interface TokenShape {
  kind: ShapeKind;
  /** What stands in every such token, for a test before the pattern. */
  sign: string;
  pattern: RegExp;
  /** What the pattern cannot say. */
  accepts?(value: string, scope: Scope): boolean;
}

/** What every client id (consumer key) of Salesforce starts with: no secret, but proof of whose the secret beside it is. */
export const CLIENT_ID = '3MVG9';

/** Most telling first: what one shape has taken, a later one leaves alone. */
const TOKEN_SHAPES: readonly TokenShape[] = [
  // force://<client id>:<client secret or nothing>:<refresh token>@<host>
  { kind: 'SFDX auth URL', sign: 'force://', pattern: /force:\/\/[A-Za-z0-9._=-]*:[A-Za-z0-9._=-]*:[A-Za-z0-9._=-]{20,}@[A-Za-z0-9:._-]+/g },
  // <organization id>!<tail>: the tail is 96 characters as a rule; older ones are shorter. In a URL the `!` may be encoded.
  { kind: 'session id', sign: '00D', pattern: /(?<![A-Za-z0-9])00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?(?:!|%21)[A-Za-z0-9._]{64,256}(?![A-Za-z0-9._])/g },
  { kind: 'refresh token', sign: '5Aep', pattern: /(?<![A-Za-z0-9])5Aep[A-Za-z0-9._=]{60,}/g },
  { kind: 'access token', sign: 'eyJ', pattern: /(?<![\w.-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{20,}/g, accepts: isAccessToken },
  { kind: 'private key', sign: 'PRIVATE KEY', pattern: /-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----[\s\S]{120,}?-----END (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----/g, accepts: hasKeyBody },
];

/** Tokens of Salesforce's own documentation, perfect in form and copied everywhere; `00Dxx` is no organization that exists. */
const SAMPLES = ['00Dx0000000BV7z!AR8AQ', '00DE0X0A0M0PeLE!', '00D50000000IZ3Z!AQ0AQ', '5Aep8614iLM.Dq661ePDmPE', '00Dxx0'];
/** The consumer secret of the same documentation. */
const SAMPLE_SECRETS = new Set(['1955279925675241571']);
// An organization id is full of zeros, so a row of those says nothing.
const MADE_UP = /example|sample|fake|dummy|mock|xxxx|\.\.\.|…|<|\$\{|abcdefgh|12345678|([^0])\1{5}/i;

/** Claims of tokens that stand in documentation and in tests. */
const MADE_UP_CLAIMS = /example|sample|fake|dummy|mock|John Doe|1234567890/i;

/** Is a token made up or out of the documentation, and so nobody's? */
export function isSample(value: string): boolean {
  return MADE_UP.test(value) || SAMPLES.some((sample) => value.includes(sample)) || SAMPLE_SECRETS.has(value);
}

/** A consumer secret as Salesforce makes them: 64 characters, or in older apps a number. */
export function isConsumerSecret(text: string): boolean {
  return /^(?:[A-Za-z0-9+/=.]{64}|\d{15,20})$/.test(text) && !isSample(text) && new Set(text).size > 5;
}

/** A security token as Salesforce mails them: 24 or 25 letters and digits. */
export function isSecurityToken(text: string): boolean {
  return /^[A-Za-z0-9]{24,25}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text) && !isSample(text);
}

/** Does a text look drawn at random, as the secrets and tokens of other OAuth servers do, rather than written by a person? */
export function isOpaque(text: string): boolean {
  if (!/^[\w.~+/=|-]{16,}$/.test(text) || isSample(text)) return false;
  const changes = text.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0;
  return changes > 3 && new Set(text).size > 9;
}

/** Could a file hold such a token? A test of its whole text, before any of its strings is looked at. */
export function mayHoldToken(text: string): boolean {
  return TOKEN_SHAPES.some(({ sign }) => text.includes(sign));
}

/** The tokens in a text, those of the documentation left out: Salesforce's, or in the scope `any` every JWT too. */
export function tokensIn(text: string, scope: Scope): Token[] {
  const found: Token[] = [];
  for (const { kind, sign, pattern, accepts } of TOKEN_SHAPES) {
    if (!text.includes(sign)) continue;
    for (const { 0: value, index } of text.matchAll(pattern)) {
      const isTaken = found.some((other) => index < other.index + other.value.length && other.index < index + value.length);
      if (!isTaken && (accepts ? accepts(value, scope) : !isSample(value))) found.push({ kind, value, index });
    }
  }
  return found;
}

/** Every JWT starts alike; Salesforce's access tokens say what they are in their header. */
function isAccessToken(value: string, scope: Scope): boolean {
  const [header, claims] = value.split('.', 2).map(decoded);
  if (header?.tty === 'sfdc-core-token' || header?.tnk !== undefined) return true;
  return scope === 'any' && typeof header?.alg === 'string' && claims !== undefined && !MADE_UP_CLAIMS.test(JSON.stringify(claims));
}

/** One part of a JWT; undefined where it is none. */
function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Between the lines that frame a key stands the key, not `MOCK`, a hole or the same letter over and over. */
function hasKeyBody(value: string): boolean {
  const body = value.replace(/-----[A-Z ]+-----/g, '').replace(/(?:Proc-Type|DEK-Info): .*?(?=\\n|\n|$)/gm, '').replace(/\\[nr]|\s/g, '');
  return /^[A-Za-z0-9+/=]{120,}$/.test(body) && new Set(body).size > 20;
}
