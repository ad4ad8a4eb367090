import { describe, expect, it } from 'vitest';
import { concernsExpiry, expiryChecks, unitSlips } from '../../analysis/time/expiry';
import { modelOf } from '../../analysis/file';
import { buildSource } from '../../analysis/source';

const read = (code: string) => modelOf(buildSource('case.js', code));
const buffers = (code: string) => expiryChecks(read(code)).map((one) => one.buffer);

describe('the decisions by an expiry', () => {
  it('adds what is taken off at the store to what is taken off at the comparison', () => {
    expect(buffers('const keep = (t, a) => { t.token = a; t.expiresAt = Date.now() + (a.expires_in - 40) * 1000; }; const ok = (t) => t.token && t.expiresAt > Date.now() + 20000;')).toEqual([60, 60]);
  });

  it('does not know a margin that the caller chooses', () => {
    expect(buffers('const tokenOld = (token, marginMs) => token.expiresAt - marginMs < Date.now();')).toEqual([Infinity]);
  });

  it('knows a wrong sign', () => {
    expect(buffers('const tokenValid = (token) => token.expiresAt + 300000 > Date.now();')).toEqual([-300]);
  });

  it.each([
    'const old = (entry) => entry.expiresAt < Date.now();',
    'const old = (inviteToken) => inviteToken.expiresAt < Date.now();',
    'const late = (start, timeout) => Date.now() - start > timeout;',
    'if (token.expiresAt < Date.now()) throw new Error("expired");',
    'if (payload.exp < Date.now() / 1000) res.status(401).end();',
    'const shown = token.expiresAt - Date.now();',
  ])('is silent on %s', (code) => {
    expect(buffers(code)).toEqual([]);
  });

  it('reports a mixture of units where it is made, and once', () => {
    const slips = unitSlips(read('const keep = (t, a) => { t.expiresAt = Math.floor(Date.now() + a.expires_in) + 5; };'));
    expect(slips.map(({ kind, found, wanted }) => [kind, found, wanted])).toEqual([['sum', 's', 'ms']]);
  });
});

describe('the words without which a file has no expiry', () => {
  it.each(["token.expires_in", "redis.set(key, token, 'EX', seconds)", "redis.set(key, token, 'ex', seconds)", 'client.set(key, token, { EX: seconds })', 'payload.exp'])('are in %s', (code) => {
    expect(concernsExpiry(code)).toBe(true);
  });

  it.each(['const index = list.findIndex(matches);', 'new Regex(text)', "import ex from './example'"])('are not in %s', (code) => {
    expect(concernsExpiry(code)).toBe(false);
  });
});
