import type * as timers from 'node:timers/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSalesforceAuth, type SalesforceAuth } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isIdempotent, Retries, retryAfter } from '../../runtime/retry';
import { Recorder } from './recorder';

vi.mock('node:timers/promises', { spy: true });

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const LIMITS = '/services/data/v60.0/limits';

let org: FakeOrg;
let server: Recorder;
let auth: SalesforceAuth;
/** What each retry waited for, in milliseconds. */
let waits: number[];

beforeAll(async () => {
  org = await startFakeOrg();
});
afterAll(() => org.close());
beforeEach(async () => {
  server = await new Recorder().start();
  org.setInstanceUrl(server.url);
  auth = newAuth();
  await auth.token();
  org.resetCounts();
  waits = [];
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  // Time passes at once.
  vi.mocked(sleep).mockImplementation(async (ms = 0) => {
    waits.push(ms);
    return undefined as never;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

function newAuth(): SalesforceAuth {
  const { clientId, clientSecret } = org.credentials;
  return createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret });
}

/** The first `count` requests get this status, or are cut off. */
function failFirst(count: number, status: number | 'reset', headers: Record<string, string> = {}): void {
  server.answer = (_request, response) => {
    if (server.seen.length > count) response.end('{"ok":true}');
    else if (status === 'reset') response.destroy();
    else response.writeHead(status, headers).end('{}');
  };
}

describe('transport retries', () => {
  const troubles = [503, 500, 429, 'reset'] as const;

  it.each(troubles)('B07: GET is sent three times (%s), each wait longer than the last', async (trouble) => {
    failFirst(2, trouble);
    expect(await (await auth.fetch(LIMITS)).json()).toEqual({ ok: true });
    expect(waits).toEqual([600, 5_100]);
    expect(server.seen).toHaveLength(3);
    expect(org.counts.token).toBe(0);
  });

  it.each(troubles)('B07: POST and PATCH are sent once (%s)', async (trouble) => {
    for (const method of ['POST', 'PATCH']) {
      server.seen.length = 0;
      failFirst(9, trouble);
      const call = auth.fetch(LIMITS, { method, body: '{}' });
      if (trouble === 'reset') await expect(call).rejects.toThrow('fetch failed');
      else expect((await call).status).toBe(trouble);
      expect(server.seen).toHaveLength(1);
    }
    expect(waits).toEqual([]);
  });

  it('B07: after the third time the trouble is the caller\'s', async () => {
    failFirst(9, 503);
    expect((await auth.fetch(LIMITS)).status).toBe(503);
    failFirst(9, 'reset');
    server.seen.length = 0;
    await expect(auth.fetch(LIMITS)).rejects.toThrow('fetch failed');
    expect(server.seen).toHaveLength(3);
  });

  it('B07: PUT is sent again with its body, unless that is a stream', async () => {
    failFirst(1, 503);
    expect((await auth.fetch(LIMITS, { method: 'PUT', body: 'rows' })).status).toBe(200);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(['rows', 'rows']);
    failFirst(9, 503);
    server.seen.length = 0;
    const stream = new Blob(['rows']).stream();
    expect((await auth.fetch(LIMITS, { method: 'PUT', body: stream, duplex: 'half' } as RequestInit)).status).toBe(503);
    expect(server.seen).toHaveLength(1);
  });

  it('B07: an expired session among the failures costs one token request and no attempt', async () => {
    server.answer = (_request, response) => void response.writeHead([503, 401, 503, 200][server.seen.length - 1] ?? 200).end();
    expect((await auth.fetch(LIMITS)).status).toBe(200);
    expect([server.seen.length, org.counts.token]).toEqual([4, 1]);
  });

  it.each([
    [403, '[{"errorCode":"REQUEST_LIMIT_EXCEEDED"}]'],
    [404, '[{"errorCode":"NOT_FOUND"}]'],
    [500, '[{"errorCode":"UNSUPPORTED_API_VERSION"}]'],
  ])('B07: %i is no passing trouble with %s', async (status, body) => {
    server.answer = (_request, response) => void response.writeHead(status).end(body);
    expect((await auth.fetch(LIMITS)).status).toBe(status);
    expect(server.seen).toHaveLength(1);
  });

  it("B07: an error that is not the connection's is thrown at once", async () => {
    await expect(auth.fetch(LIMITS, { headers: { 'content-length': 'x' }, method: 'GET', body: 'not allowed' })).rejects.toThrow(TypeError);
    expect(server.seen).toHaveLength(0);
    expect(waits).toEqual([]);
  });

  it('B07: a signal ends the wait', async () => {
    const caller = new AbortController();
    const { setTimeout: wait } = await vi.importActual<typeof timers>('node:timers/promises');
    vi.mocked(sleep).mockImplementation((_ms, value, options) => {
      setImmediate(() => caller.abort(new Error('enough')));
      return wait(3_600_000, value, options);
    });
    failFirst(9, 503);
    await expect(auth.fetch(LIMITS, { signal: caller.signal })).rejects.toThrow('enough');
    expect(server.seen).toHaveLength(1);
  });

  it('B07: a client has a hundred retries in hand; five good answers earn one more; other clients have their own', async () => {
    failFirst(Infinity, 503);
    for (let call = 0; call < 60; call++) await auth.fetch(LIMITS);
    expect(server.seen).toHaveLength(60 + 100);
    failFirst(0, 503);
    for (let call = 0; call < 5; call++) await auth.fetch(LIMITS);
    failFirst(Infinity, 503);
    server.seen.length = 0;
    await auth.fetch(LIMITS);
    expect(server.seen).toHaveLength(2);
    server.seen.length = 0;
    await newAuth().fetch(LIMITS);
    expect(server.seen).toHaveLength(3);
  });

  it('follows the methods of RFC 9110', () => {
    expect(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'get', 'POST', 'PATCH', 'CONNECT'].map(isIdempotent)).toEqual([
      ...Array<boolean>(6).fill(true),
      false,
      false,
      false,
    ]);
  });
});

describe('Retry-After', () => {
  const at = (offsetMs: number) => new Date(NOW + offsetMs).toUTCString();
  const date = at(0);

  it.each<[string, string, number]>([
    ['seconds', '7', 7_000],
    ['less than our own wait', '0', 600],
    ['the cap', '60', 60_000],
    ['HTTP-date', at(9_000), 9_000],
    ['HTTP-date in the past', at(-86_400_000), 600],
    ['malformed', 'soon', 600],
    ['negative', '-5', 600],
    ['fraction', '1.5', 600],
    ['a date of another form', new Date(NOW + 9_000).toISOString(), 600],
    ['a date that does not exist', 'Sun, 31 Feb 2027 00:00:00 GMT', 600],
  ])('B08: %s (%s)', async (_name, value, wait) => {
    failFirst(1, 503, { 'retry-after': value, date });
    expect((await auth.fetch(LIMITS)).status).toBe(200);
    expect(waits).toEqual([wait]);
  });

  it.each([
    ['seconds', '86400', 86_400_000],
    ['HTTP-date', at(61_000), 61_000],
  ])('B08: above the cap (%s) it is for the caller to wait', async (_name, value, retryAfterMs) => {
    failFirst(9, 503, { 'retry-after': value, date });
    await expect(auth.fetch(LIMITS)).rejects.toMatchObject({ name: 'SalesforceAuthError', code: 'RETRY_LATER', status: 503, retryAfterMs });
    expect(server.seen).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it('B08: a POST gets its 503 as it is, whatever it asks for', async () => {
    failFirst(9, 503, { 'retry-after': '86400' });
    expect((await auth.fetch(LIMITS, { method: 'POST', body: '{}' })).headers.get('retry-after')).toBe('86400');
  });

  it('is measured on our clock where the server does not tell its own', () => {
    expect(retryAfter(new Headers({ 'retry-after': at(9_000) }), NOW + 4_000)).toBe(5_000);
  });

  it('spreads waits over all of 200 ms to 10 s', async () => {
    const retries = new Retries(() => NOW);
    const edges = [0, 1].map((random) => {
      vi.mocked(Math.random).mockReturnValue(random);
      return [0, 1, 2].map((made) => retries.afterError(Object.assign(new Error(), { code: 'ECONNRESET' }), made));
    });
    expect(edges).toEqual([[200, 200, undefined], [1_000, 10_000, undefined]]);
  });
});
