import { describe, expect, it } from 'vitest';
import { isConsumerSecret, isSecurityToken, mayHoldToken, tokensIn } from '../../analysis/vocabulary/token-shapes';
import * as made from '../support/secrets';

const kinds = (text: string) => tokensIn(text, 'salesforce').map(({ kind }) => kind);

describe('tokensIn', () => {
  const cases: [string, string, string][] = [
    ['session id', 'a session id', made.sessionId()],
    ['session id', 'one with the long organization id', made.sessionId(96, 15)],
    ['session id', 'an organization id full of zeros', `00D${'E0000000'}${made.noise(4)}!${made.noise(96)}`],
    ['refresh token', 'a refresh token', made.refreshToken()],
    ['SFDX auth URL', 'an auth URL, and not the refresh token in it too', made.authUrl()],
    ['access token', 'a JWT that names its kind', made.jwt({ tty: 'sfdc-core-token' })],
    ['access token', 'a JWT with a tenant key', made.jwt({ tnk: 'core/prod/1' })],
    ['private key', 'a key', made.privateKey()],
    ['private key', 'a key in PKCS 8', made.privateKey('PRIVATE KEY')],
  ];
  it.each(cases)('finds a %s: %s', (kind, _, token) => {
    expect(tokensIn(`a ${token}; b`, 'salesforce')).toEqual([{ kind, value: token, index: 2 }]);
    expect(mayHoldToken(token)).toBe(true);
  });

  it('finds several in a text, in their places', () => {
    const [one, two] = [made.sessionId(), made.sessionId(96, 12, 30)];
    expect(tokensIn(`${one} ${two}`, 'salesforce').map(({ index }) => index)).toEqual([0, one.length + 1]);
  });

  it.each([
    ['a longer word around it', `x${made.sessionId()}`],
    ['an organization id', made.sessionId().slice(0, 15)],
    ['a JWT of another vendor', made.jwt({ kid: '1' })],
    ['a broken JWT', `eyJ${made.noise(40)}.${made.noise(40)}.${made.noise(40)}`],
    ['a key without a body', `-----BEGIN PRIVATE KEY-----\n${'MOCK '.repeat(60)}\n-----END PRIVATE KEY-----`],
    ['a key of one letter', `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(400)}\n-----END PRIVATE KEY-----`],
    ['the documentation', ['00Dx0000000BV7z', `AR8AQ${made.noise(91)}`].join('!')],
    ['an organization that does not exist', `00Dxx0000001gPF!${made.noise(96)}`],
    ['an alphabet', `${made.sessionId().slice(0, 16)}${'abcdefghijklmnopqrstuvwxyz'.repeat(4)}`],
  ])('finds none in %s', (_, text) => expect(kinds(text)).toEqual([]));

  it('ends on a long text that begins like each of them', () => {
    const started = performance.now();
    for (const start of ['00D', '5Aep', 'force://', 'eyJ', '-----BEGIN PRIVATE KEY-----']) tokensIn(`${start}${'a'.repeat(50_000)}`.repeat(4), 'any');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('secrets that need a name', () => {
  it('have a form that a name confirms', () => {
    expect([made.clientSecret(), made.oldClientSecret()].every(isConsumerSecret)).toBe(true);
    expect(isSecurityToken(made.securityToken())).toBe(true);
  });
  it('are not every text of that length', () => {
    expect(['0'.repeat(64), '1'.repeat(19), ['1955279925', '675241571'].join(''), made.noise(63)].some(isConsumerSecret)).toBe(false);
    expect(['a'.repeat(24), 'abcdefghijklmnopqrstuvwx', made.noise(23)].some(isSecurityToken)).toBe(false);
  });
});
