import { describe, expect, it } from 'vitest';
import { transform } from '../../codemods/add-expiry-buffer';
import { testFixtures } from './fixtures.support';

testFixtures({ name: 'add-expiry-buffer', transform, rules: ['require-expiry-buffer'] });

describe('a migrated check', () => {
  /** What the check says of a token that has so many seconds left. */
  const decided = (code: string, left: number, unit: number): unknown => {
    const { output } = transform({ path: 'a.js', source: `// salesforce\n${code}` }, {});
    const value = (Date.now() + left * 1_000) / unit;
    return new Function('token', `${output}\nreturn isTokenExpired(token);`)({ expiresAt: value, exp: value });
  };

  it.each([
    ['const isTokenExpired = (token) => token.expiresAt < Date.now();', 1],
    ['const isTokenExpired = (token) => Date.now() >= token.expiresAt;', 1],
    ['const isTokenExpired = (token) => token.expiresAt - Date.now() <= 0;', 1],
    ['const isTokenExpired = (token) => new Date(token.expiresAt) < new Date();', 1],
    ['const isTokenExpired = (token) => token.exp < Date.now() / 1000;', 1_000],
    ['const isTokenExpired = (token) => token.exp <= (Date.now() / 1000 | 0);', 1_000],
    ['const isTokenExpired = (token) => token.exp - 10 < Date.now() / 1000;', 1_000],
    ['const isTokenExpired = (token) => { const now = Date.now(); return token.expiresAt <= now; };', 1],
  ])('%s', (code, unit) => {
    expect(decided(code, 62, unit)).toBe(false);
    expect(decided(code, 58, unit)).toBe(true);
    expect(decided(code, -1, unit)).toBe(true);
  });
});
