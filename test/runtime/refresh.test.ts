import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  createSalesforceAuth, memoryStore, type SalesforceAuth, type SalesforceAuthError, type SalesforceAuthEventName, type SalesforceAuthOptions, type TokenStore,
} from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg, type FakeOrgOptions } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

const QUERY = '/services/data/v60.0/query?q=SELECT+Id+FROM+Account';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let plain: FakeOrg;
const orgs: FakeOrg[] = [];
const auths: SalesforceAuth[] = [];

beforeAll(async () => {
  plain = await startFakeOrg();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const auth of auths.splice(0)) auth.close();
  await Promise.all(orgs.splice(0).map((org) => org.close()));
  plain.rejectAllSessions(false);
  plain.clearFaults();
  plain.resetCounts();
  plain.issueRefreshToken();
});
afterAll(() => plain.close());

async function start(options?: FakeOrgOptions): Promise<FakeOrg> {
  if (!options) return plain;
  const org = await startFakeOrg(options);
  orgs.push(org);
  return org;
}

function authFor(org: FakeOrg, flow: SalesforceAuthOptions['flow'], more: Partial<SalesforceAuthOptions> = {}): SalesforceAuth {
  const { clientId, clientSecret, privateKey, username, refreshToken } = org.credentials;
  const auth = createSalesforceAuth({ flow, loginUrl: org.url, clientId, clientSecret, privateKey, username, refreshToken, ...more });
  auths.push(auth);
  return auth;
}

/** A clock for client and org alike, which tests set forward. */
function clock() {
  const time = { ahead: 0, now: () => Date.now() + time.ahead };
  return time;
}

const refused = (error: string, description: string) => ({ status: 400, body: { error, error_description: description } });
const eventOf = <Name extends SalesforceAuthEventName>(auth: SalesforceAuth, name: Name) =>
  new Promise<Parameters<Parameters<typeof auth.on<Name>>[1]>[0]>((resolve) => void auth.on(name, resolve));
const nextTurn = () => new Promise(setImmediate);

/** A memory store whose swap goes through `meddle` first. */
function meddledStore(meddle: (store: TokenStore, ...swap: Parameters<TokenStore['swap']>) => Promise<boolean>): TokenStore {
  const inner = memoryStore();
  return { ...inner, swap: (...swap) => meddle(inner, ...swap) };
}

describe('limits', () => {
  it.each([
    ['LOGIN_RATE_EXCEEDED', refused('invalid_grant', 'LOGIN_RATE_EXCEEDED')],
    ['rate_limit_exceeded', refused('rate_limit_exceeded', 'too many')],
  ])('T13: after %s there is no token request before the cool-down ends, by anybody who shares the store', async (_name, answer) => {
    const org = await start();
    const time = clock();
    const store = memoryStore();
    const [auth, other] = [authFor(org, 'client-credentials', { store, clock: time }), authFor(org, 'client-credentials', { store, clock: time })];
    org.failNext('token', 1, answer);
    const rejected = eventOf(auth, 'reject');
    const error = await auth.token().then(() => expect.fail('no error'), (error: SalesforceAuthError) => error);
    expect(error.code).toBe('LOGIN_RATE_EXCEEDED');
    expect(error.retryAfterMs).toBeGreaterThan(HOUR - MINUTE);
    expect(error.retryAfterMs).toBeLessThanOrEqual(HOUR);
    const { until = 0 } = await rejected;
    expect(until).toBeGreaterThan(Date.now() + HOUR - MINUTE);
    for (const call of [auth.token(), other.token(), other.login()]) {
      await expect(call).rejects.toMatchObject({ code: 'LOGIN_RATE_EXCEEDED' });
    }
    expect(org.counts.token).toBe(1);
    time.ahead = HOUR + 1000;
    await other.token();
    expect(org.counts.token).toBe(2);
  });

  it('T14: more than five refreshes in a minute open the circuit, until the minute is over or login() is asked for', async () => {
    const time = clock();
    const org = await start({ clock: time });
    const auth = authFor(org, 'client-credentials', { clock: time });
    await auth.token();
    const refresh = () => auth.refresh(auth.generation);
    for (let count = 0; count < 5; count++) await refresh();
    const storm = eventOf(auth, 'storm');
    await expect(refresh()).rejects.toMatchObject({ code: 'REFRESH_STORM', retryAfterMs: expect.any(Number) as number });
    expect(await storm).toMatchObject({ refreshes: 5, generation: 6 });
    expect(org.counts.token).toBe(6);
    time.ahead = MINUTE + 1000;
    for (let count = 0; count < 5; count++) await refresh();
    await expect(refresh()).rejects.toMatchObject({ code: 'REFRESH_STORM' });
    await auth.login();
    await refresh();
    expect(org.counts.token).toBe(13);
  });

  it('warns at 1,000 token requests in an hour and stops at 3,000', async () => {
    const time = { at: Date.now(), now: () => time.at };
    let requests = 0;
    const auth = createSalesforceAuth({
      flow: 'client-credentials',
      loginUrl: 'https://acme.my.salesforce.com',
      clientId: 'app',
      clientSecret: 'not-a-secret',
      clock: time,
      fetch: async () => {
        requests += 1;
        const id = 'https://acme.my.salesforce.com/id/00D000000000001AAA/005000000000001AAA';
        return Response.json({ access_token: `opaque-${requests}`, instance_url: 'https://acme.my.salesforce.com', token_type: 'Bearer', id });
      },
    });
    const rates: unknown[] = [];
    auth.on('login_rate', ({ requests, until }) => rates.push({ requests, isStopped: until !== undefined }));
    for (let count = 0; count < 3000; count++) {
      if (count === 1500) time.at += 20 * MINUTE;
      await auth.login();
    }
    await expect(auth.login()).rejects.toMatchObject({ code: 'LOGIN_RATE_EXCEEDED' });
    await nextTurn();
    expect(rates).toEqual([{ requests: 1000, isStopped: false }, { requests: 3000, isStopped: true }]);
    expect(requests).toBe(3000);
    // The first half is over an hour old by then.
    time.at += 41 * MINUTE;
    await auth.login();
    expect(requests).toBe(3001);
  });

  it('T15: a fetch that asks for the token it is to get fails, instead of waiting for itself', async () => {
    const org = await start();
    const auth: SalesforceAuth = authFor(org, 'client-credentials', {
      fetch: async (input, init) => {
        if (String(input).endsWith('/token')) await auth.fetch(QUERY);
        return fetch(input, init);
      },
    });
    await expect(auth.token()).rejects.toMatchObject({ code: 'REENTRANT' });
    expect(org.counts.token).toBe(0);
  });

  it('T15: a store that does so fails too, but a listener may, and so may another identity\'s fetch', async () => {
    const org = await start();
    const inner = memoryStore();
    const looped: SalesforceAuth = authFor(org, 'client-credentials', { store: { ...inner, read: () => looped.token().then(() => undefined) } });
    await expect(looped.token()).rejects.toMatchObject({ code: 'REENTRANT' });

    const auth = authFor(org, 'client-credentials');
    const heard = new Promise<number>((resolve, reject) => {
      auth.on('refresh.start', () => void auth.fetch(QUERY).then(({ status }) => resolve(status), reject));
    });
    const outer = authFor(org, 'jwt-bearer', {
      fetch: async (input, init) => {
        await auth.token();
        return fetch(input, init);
      },
    });
    await outer.token();
    expect(await heard).toBe(200);
  });

  it('a credential that was refused while the org was broken: login() asks again, after a minute', async () => {
    const org = await start();
    const time = clock();
    const auth = authFor(org, 'client-credentials', { clock: time });
    org.setClientCredentialsUser(false);
    await expect(auth.token()).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
    org.setClientCredentialsUser(true);
    await expect(auth.login()).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
    time.ahead = MINUTE + 1000;
    await expect(auth.token()).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
    expect(org.counts.token).toBe(1);
    await auth.login();
    expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(org.counts.token).toBe(2);
  });
});

describe('rotation', () => {
  const sentTokens = (sent: string[]): typeof fetch => async (input, init) => {
    const refreshToken = new URLSearchParams(String(init?.body ?? '')).get('refresh_token');
    if (refreshToken) sent.push(refreshToken);
    return fetch(input, init);
  };

  it('T18: a save that fails once is repeated under the lock', async () => {
    const org = await start({ rotateRefreshTokens: true });
    let failures = 1;
    const store = meddledStore(async (inner, identity, generation, next) => {
      if (next.accessToken && failures-- > 0) throw new Error('disk full');
      return inner.swap(identity, generation, next);
    });
    const auth = authFor(org, 'refresh-token', { store });
    expect((await auth.fetch(QUERY)).status).toBe(200);
    org.expireSessions();
    expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(org.counts.token).toBe(2);
  });

  it('T19: when the save keeps failing callers are told, and the old refresh token is not sent again', async () => {
    const org = await start({ rotateRefreshTokens: true });
    let isBroken = true;
    const store = meddledStore(async (inner, identity, generation, next) => {
      if (next.accessToken && isBroken) throw new Error(`cannot write ${next.refreshToken}`);
      return inner.swap(identity, generation, next);
    });
    const sent: string[] = [];
    const { refreshToken } = org.credentials;
    const auth = authFor(org, 'refresh-token', { store, fetch: sentTokens(sent) });
    const failed = eventOf(auth, 'persist_failed');
    for (const call of [() => auth.token(), () => auth.login()]) {
      const error = await call().then(() => expect.fail('no error'), (error: Error) => error);
      expect(error).toMatchObject({ code: 'STORE_PERSIST_FAILED', cause: { code: 'STORE_UNAVAILABLE', cause: { message: 'cannot write [redacted]' } } });
    }
    expect(await failed).toEqual({ identity: expect.any(String) as string, generation: 0, attempt: 3, code: 'STORE_UNAVAILABLE' });
    expect(sent).toEqual([refreshToken]);
    // Once the store is mended nothing is lost.
    isBroken = false;
    expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(sent).toEqual([refreshToken]);
    org.expireSessions();
    expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(new Set(sent).size).toBe(2);
  });

  it('T22: a lost answer costs one more token request at most; the token in use is served to its end', async () => {
    const time = clock();
    const org = await start({ rotateRefreshTokens: true, tokenFormat: 'jwt', sessionSeconds: 600, clock: time });
    const auth = authFor(org, 'refresh-token', { clock: time });
    const first = await auth.token();
    org.resetCounts();

    time.ahead = 500_000;
    org.failNext('token', 1, { destroy: true, afterProcessing: true });
    const ended = eventOf(auth, 'refresh.end');
    expect((await auth.token()).generation).toBe(first.generation);
    expect(await ended).toMatchObject({ reason: 'expiring', code: 'TOKEN_REQUEST_LOST' });
    // Past the pause that follows a failure: asked for again, and not sent.
    time.ahead = 520_000;
    for (let call = 0; call < 3; call++) expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(org.counts.token).toBe(1);

    time.ahead = 600_000;
    for (let call = 0; call < 3; call++) await expect(auth.fetch(QUERY)).rejects.toMatchObject({ code: 'ROTATION_LOST', oauthError: 'invalid_grant' });
    expect(org.counts.token).toBe(2);
  });

  it('T22: two lost answers are the end, too', async () => {
    const org = await start({ rotateRefreshTokens: true });
    const auth = authFor(org, 'refresh-token');
    org.failNext('token', 3, { destroy: true });
    await expect(auth.token()).rejects.toMatchObject({ code: 'TOKEN_REQUEST_LOST' });
    for (let call = 0; call < 2; call++) await expect(auth.token()).rejects.toMatchObject({ code: 'ROTATION_LOST' });
    expect(org.counts.token).toBe(2);
  });

  it('T25: a field that somebody else writes meanwhile is kept, and so is the rotated token', async () => {
    const org = await start({ rotateRefreshTokens: true });
    let saves = 0;
    const store = meddledStore(async (inner, identity, generation, next) => {
      const current = await inner.read(identity);
      if (next.accessToken && current && saves++ === 0) {
        const tokenGeneration = current.tokenGeneration ?? generation;
        await inner.swap(identity, generation, { ...current, tokenGeneration, generation: generation + 1, label: 'kept' } as typeof current);
      }
      return inner.swap(identity, generation, next);
    });
    const sent: string[] = [];
    const auth = authFor(org, 'refresh-token', { store, fetch: sentTokens(sent) });
    await auth.token();
    expect(saves).toBe(2);
    const { refreshToken, clientId } = org.credentials;
    const identity = { issuer: org.url, clientId, flow: 'refresh-token', subject: org.credentials.username };
    expect(await store.read(identity)).toMatchObject({ label: 'kept', refreshToken });
    org.expireSessions();
    expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(sent.at(-1)).toBe(refreshToken);
  });

  it('a store that lost its record gets it back with the next refresh, by the rotated token', async () => {
    const org = await start({ rotateRefreshTokens: true });
    let inner = memoryStore();
    const store: TokenStore = {
      read: (identity) => inner.read(identity),
      swap: (...swap) => inner.swap(...swap),
      withLock: (identity, work) => inner.withLock(identity, work),
    };
    const auth = authFor(org, 'refresh-token', { store });
    const before = await auth.token();
    inner = memoryStore();
    expect((await auth.fetch(QUERY)).status).toBe(200);
    org.expireSessions();
    expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(auth.generation).toBeGreaterThan(before.generation);
    // Whoever starts now finds it.
    expect((await authFor(org, 'refresh-token', { store }).token()).generation).toBe(auth.generation);
    expect(org.counts.token).toBe(2);
  });

  it('a token that another process stored after our lock had run out is adopted, not overwritten', async () => {
    const org = await start();
    let meddles = 0;
    const other = { accessToken: 'from-another-process', refreshToken: 'theirs', obtainedAt: Date.now(), instanceUrl: org.url };
    const store = meddledStore(async (inner, identity, generation, next) => {
      if (next.accessToken && meddles++ === 0) await inner.swap(identity, generation, { ...other, generation: generation + 1 });
      return inner.swap(identity, generation, next);
    });
    const auth = authFor(org, 'refresh-token', { store });
    expect(await auth.token()).toMatchObject({ accessToken: 'from-another-process', isOwn: false });
  });
});

describe('time', () => {
  const monotonicClock = () => {
    const time = { wall: Date.now(), ticks: 0, now: () => time.wall, monotonic: () => time.ticks };
    return time;
  };
  const known = async () => {
    const time = monotonicClock();
    const org = await start({ tokenFormat: 'jwt', sessionSeconds: 1800, clock: { now: () => realNow() } });
    let offset = 0;
    const realNow = () => time.wall + offset;
    const auth = authFor(org, 'client-credentials', { clock: time });
    await auth.token();
    org.resetCounts();
    /** Sets the client's wall clock; the org's stays right. */
    const set = (by: number) => {
      time.wall += by;
      offset -= by;
    };
    return { org, auth, time, set };
  };

  it.each([['C01', 'back', -HOUR], ['C02', 'forward', HOUR]])('%s: the wall clock set %s an hour costs one refresh', async (_case, _way, by) => {
    const { org, auth, set } = await known();
    set(by);
    for (let call = 0; call < 3; call++) expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(org.counts).toMatchObject({ token: 1, rejected: 0 });
    const { expiresAt = 0 } = await auth.token();
    expect(expiresAt).toBeGreaterThan(0);
    expect(org.counts.token).toBe(1);
  });

  it('C03: after three hours asleep the first call refreshes before it is sent', async () => {
    const { org, auth, time } = await known();
    time.wall += 3 * HOUR;
    expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(org.counts).toMatchObject({ token: 1, data: 1, rejected: 0 });
  });

  it('a wall clock that stands still does not keep a token alive', async () => {
    const { org, auth, time } = await known();
    time.ticks += 1800_000;
    await auth.token();
    expect(org.counts.token).toBe(1);
  });

  it('C05: close() settles who waits for a lock', async () => {
    const org = await start();
    const auth = authFor(org, 'client-credentials', { store: { ...memoryStore(), withLock: () => new Promise(() => {}) } });
    const waiting = auth.token();
    auth.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('F08: a life of 40 days makes no timer run over, and no loop', async () => {
    const org = await start();
    const warned = vi.fn();
    process.on('warning', warned);
    const { access_token, instance_url } = { access_token: 'opaque-token', instance_url: org.url };
    org.failNext('token', 1, { status: 200, body: { access_token, instance_url, token_type: 'Bearer', expires_in: 40 * 86_400 } });
    const auth = authFor(org, 'refresh-token', { keepAlive: true });
    for (let call = 0; call < 3; call++) await auth.token();
    await nextTurn();
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
    expect(org.counts.token).toBe(1);
  });
});

describe('F11: thirty idle days', () => {
  const idle = async (more: Partial<SalesforceAuthOptions>) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const org = await start({ rotateRefreshTokens: true });
    const auth = authFor(org, 'refresh-token', more);
    await auth.token();
    org.resetCounts();
    return { org, auth };
  };

  it('F11: with keepAlive the refresh token is used once, by one of those who share it', async () => {
    const store = memoryStore();
    const { org, auth } = await idle({ store, keepAlive: true });
    const other = authFor(org, 'refresh-token', { store, keepAlive: true });
    await other.token();
    const done = [eventOf(auth, 'lock.wait'), eventOf(other, 'lock.wait')];
    const used = Promise.race([eventOf(auth, 'refresh'), eventOf(other, 'refresh')]);
    const adopted = Promise.race([eventOf(auth, 'adopt'), eventOf(other, 'adopt')]);
    await vi.advanceTimersByTimeAsync(24 * DAY);
    expect(org.counts.token).toBe(0);
    await vi.advanceTimersByTimeAsync(2 * DAY);
    await Promise.all([...done, used, adopted]);
    expect(org.counts.token).toBe(1);
  });

  it('F11: without it, an event says so at day 25', async () => {
    const { org, auth } = await idle({});
    const days: number[] = [];
    auth.on('idle_risk', ({ idleDays }) => days.push(idleDays));
    await vi.advanceTimersByTimeAsync(25 * DAY - MINUTE);
    expect(days).toEqual([]);
    const risk = eventOf(auth, 'idle_risk');
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(await risk).toMatchObject({ idleDays: 25, generation: auth.generation });
    expect(org.counts.token).toBe(0);
  });
});

describe('events', () => {
  const names: SalesforceAuthEventName[] = [
    'login', 'refresh', 'refresh.start', 'refresh.end', 'adopt', 'reject', 'lock.wait', 'persist_failed', 'storm', 'login_rate', 'idle_risk',
  ];

  it('L06: are on auth.on() and on the diagnostics channels alike, with a fingerprint for the identity', async () => {
    const org = await start();
    const store = memoryStore();
    const auth = authFor(org, 'jwt-bearer', { store });
    const heard: [string, object][] = [];
    const published: [string, object][] = [];
    const publish = (message: unknown, name: string | symbol) => void published.push([String(name), message as object]);
    for (const name of names) {
      auth.on(name, (event) => heard.push([`salesforce-auth:${name}`, event]));
      subscribe(`salesforce-auth:${name}`, publish);
    }
    org.failNext('token', 1, { status: 503 });
    await auth.login();
    org.expireSessions();
    await auth.fetch(QUERY);
    org.failNext('token', 1, refused('invalid_grant', 'inactive user'));
    await expect(auth.refresh(auth.generation)).rejects.toThrow('inactive user');
    await nextTurn();
    for (const name of names) unsubscribe(`salesforce-auth:${name}`, publish);

    expect(heard).toEqual(published);
    expect(heard.map(([name]) => name.split(':')[1])).toEqual([
      'lock.wait', 'refresh.start', 'refresh.end', 'refresh.start', 'refresh.end', 'login',
      'lock.wait', 'refresh.start', 'refresh.end', 'refresh',
      'lock.wait', 'refresh.start', 'refresh.end', 'reject',
    ]);
    expect(heard[2]?.[1]).toMatchObject({ reason: 'login', attempt: 1, code: 'TOKEN_REQUEST_FAILED', durationMs: expect.any(Number) as number });
    expect(heard[7]?.[1]).toMatchObject({ reason: 'rejected', attempt: 1, generation: 1 });
    expect(heard.at(-1)?.[1]).toMatchObject({ code: 'GRANT_REFUSED', oauthError: 'invalid_grant' });
    for (const [, event] of heard) expect(event).toMatchObject({ identity: expect.stringMatching(/^[0-9a-f]{8}$/) as string });
    const text = JSON.stringify(heard);
    for (const word of [org.credentials.clientId, org.credentials.username]) expect(text.includes(word)).toBe(false);
  });

  it('name the same identity alike, and another one differently', async () => {
    const org = await start();
    const identities = await Promise.all(
      (['jwt-bearer', 'jwt-bearer', 'client-credentials'] as const).map(async (flow) => {
        const auth = authFor(org, flow);
        const refreshed = eventOf(auth, 'refresh');
        await auth.token();
        return (await refreshed).identity;
      }),
    );
    expect(identities[0]).toBe(identities[1]);
    expect(identities[0]).not.toBe(identities[2]);
  });

  it('refuse a name that no event has', async () => {
    const auth = authFor(await start(), 'client-credentials');
    expect(() => auth.on('refreshed' as 'refresh', () => {})).toThrow(/must be one of login, refresh/);
  });
});
