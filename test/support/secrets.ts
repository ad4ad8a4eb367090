/** Secrets in the form of Salesforce's, made up as the tests run, so that none stands in a file. */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

/** Text without a pattern, the same on every run; `seed` tells one from another. */
export function noise(length: number, seed = 1, alphabet = LETTERS + DIGITS): string {
  let state = seed * 2_654_435_761;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length];
  }
  return text;
}

export const sessionId = (tail = 96, id = 12, seed = 1): string => `00D${noise(id, seed)}!${noise(tail, seed + 1, `${LETTERS}${DIGITS}._`)}`;
export const refreshToken = (seed = 3): string => `5Aep${noise(83, seed, `${LETTERS}${DIGITS}._`)}`;
export const clientId = (): string => `3MVG9${noise(80, 4)}`;
export const clientSecret = (): string => noise(64, 5, '0123456789ABCDEF');
export const oldClientSecret = (): string => noise(19, 6, '987654321');
export const securityToken = (): string => noise(24, 7);
export const password = (): string => `k${noise(9, 8)}!`;
export const authUrl = (): string => `force://PlatformCLI::${refreshToken()}@acme.my.salesforce.com`;

/** A JWT whose header says `claims`. */
export function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT', ...claims })}.${part({ sub: noise(18, 9), exp: 1 })}.${noise(80, 10)}`;
}

/** A private key in PEM, of `bytes` characters between its frame lines. */
export function privateKey(type = 'RSA PRIVATE KEY', length = 640): string {
  const lines = noise(length, 11).match(/.{1,64}/g)!;
  return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`].join('\n');
}
