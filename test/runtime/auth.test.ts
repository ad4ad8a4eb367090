import { createSalesforceAuth, memoryStore, type SalesforceAuth, type SalesforceAuthOptions } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg, type FakeOrgOptions } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const QUERY = '/services/data/v60.0/query?q=SELECT+Id+FROM+Account';
/** The org of all tests that need no special one: making its keys takes longer than most tests. */
let plain: FakeOrg;
const orgs: FakeOrg[] = [];

beforeAll(async () => {
  plain = await startFakeOrg();
});
afterEach(async () => {
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
  return createSalesforceAuth({ flow, loginUrl: org.url, clientId, clientSecret, privateKey, username, refreshToken, ...more });
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const statuses = async (responses: Promise<Response>[]) => (await Promise.all(responses)).map(({ status }) => status);
const refused = (error: string, description: string) => ({ status: 400, body: { error, error_description: description } });
const nextRefresh = (auth: SalesforceAuth) => new Promise<void>((resolve) => void auth.on('refresh', () => resolve()));

describe('concurrency', () => {
  it('T01: 100 calls on a rejected token make one token request and at most 200 calls', async () => {
    const org = await start();
    const auth = authFor(org, 'client-credentials');
    await auth.token();
    org.expireSessions();
    org.resetCounts();
    expect(new Set(await statuses(times(100, () => auth.fetch(QUERY))))).toEqual(new Set([200]));
    expect(org.counts.token).toBe(1);
    expect(org.counts.data).toBeLessThanOrEqual(200);
  });

  it('T02: rejections that arrive after the refresh has ended make no other', async () => {
    const org = await start();
    let refreshed = Promise.resolve();
    let rejections = 0;
    const auth = authFor(org, 'client-credentials', {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (response.status === 401 && rejections++ % 2) await refreshed;
        return response;
      },
    });
    await auth.token();
    org.expireSessions();
    org.resetCounts();
    refreshed = nextRefresh(auth);
    expect(new Set(await statuses(times(100, () => auth.fetch(QUERY))))).toEqual(new Set([200]));
    expect(rejections).toBeGreaterThan(1);
    expect(org.counts.token).toBe(1);
  });

  it('T03: at the end of a known life all wait for one token request, and none is rejected', async () => {
    const org = await start({ tokenFormat: 'jwt', sessionSeconds: 600 });
    let ahead = 0;
    const auth = authFor(org, 'client-credentials', { clock: { now: () => Date.now() + ahead } });
    expect((await auth.token()).expiresAt).toBeGreaterThan(Date.now() + 500_000);
    ahead = 595_000;
    org.resetCounts();
    expect(new Set(await statuses(times(100, () => auth.fetch(QUERY))))).toEqual(new Set([200]));
    expect(org.counts).toMatchObject({ token: 1, data: 100, rejected: 0 });
  });

  it('T04: inside the buffer nobody waits, and later calls use the new token', async () => {
    const org = await start({ tokenFormat: 'jwt', sessionSeconds: 600 });
    let ahead = 0;
    const auth = authFor(org, 'client-credentials', { clock: { now: () => Date.now() + ahead } });
    const first = await auth.token();
    ahead = 400_000;
    expect((await auth.token()).generation).toBe(first.generation);
    ahead = 500_000;
    const refreshed = nextRefresh(auth);
    expect((await auth.token()).accessToken).toBe(first.accessToken);
    await refreshed;
    expect((await auth.token()).generation).toBe(first.generation + 1);
    expect(org.counts.token).toBe(2);
  });

  it('T05: a refresh that fails inside the buffer is nobody\'s failure', async () => {
    const org = await start({ tokenFormat: 'jwt', sessionSeconds: 600 });
    let ahead = 0;
    const auth = authFor(org, 'client-credentials', { clock: { now: () => Date.now() + ahead } });
    await auth.token();
    ahead = 500_000;
    org.failNext('token', 1, { status: 503 });
    const refreshed = nextRefresh(auth);
    expect((await auth.fetch(QUERY)).status).toBe(200);
    await refreshed;
    expect((await auth.token()).generation).toBe(2);
  });

  it('C04: a short life is never all buffer', async () => {
    const org = await start({ tokenFormat: 'jwt', sessionSeconds: 60 });
    const auth = authFor(org, 'client-credentials');
    for (let call = 0; call < 5; call++) await auth.fetch(QUERY);
    expect(org.counts.token).toBe(1);
  });

  it('T07: a refresh that returns the same token string still counts as one', async () => {
    const token = ['00D000000000001AAA', 'same'.repeat(10)].join('!');
    const requests = { token: 0, data: 0 };
    let refreshed = Promise.resolve();
    const auth = createSalesforceAuth({
      flow: 'client-credentials',
      loginUrl: 'https://acme.my.salesforce.com',
      clientId: 'app',
      clientSecret: 'not-a-secret',
      fetch: async (input) => {
        if (String(input).endsWith('/token')) {
          requests.token++;
          return Response.json({ access_token: token, instance_url: 'https://acme.my.salesforce.com', token_type: 'Bearer' });
        }
        if (requests.data++ % 2 && requests.data <= 10) await refreshed;
        return Response.json([{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }], { status: 401 });
      },
    });
    await auth.token();
    refreshed = nextRefresh(auth);
    const outcomes = await Promise.allSettled(times(10, () => auth.fetch(QUERY)));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'REJECTED_AFTER_REFRESH' } });
    expect(requests).toEqual({ token: 2, data: 20 });
  });

  it('T08: two identities share nothing, not even in one store', async () => {
    const store = memoryStore();
    const [a, b] = [await start(), await start({})];
    const auths = [authFor(a, 'client-credentials', { store }), authFor(b, 'client-credentials', { store })] as const;
    await Promise.all(auths.map((auth) => auth.token()));
    a.expireSessions();
    b.expireSessions();
    expect(await statuses(auths.flatMap((auth) => [auth.fetch(QUERY), auth.fetch(QUERY)]))).toEqual([200, 200, 200, 200]);
    expect([a.counts.token, b.counts.token]).toEqual([2, 2]);
  });

  it('T09: a waiter that gives up leaves the refresh to the others', async () => {
    const org = await start();
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const auth = authFor(org, 'client-credentials', {
      fetch: async (input, init) => {
        if (String(input).endsWith('/token')) await gate;
        return fetch(input, init);
      },
    });
    const controller = new AbortController();
    const impatient = auth.fetch(QUERY, { signal: controller.signal });
    const patient = auth.fetch(QUERY);
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    release();
    expect((await patient).status).toBe(200);
    expect(org.counts.token).toBe(1);
  });

  it('adopts what another holder of the same store got', async () => {
    const org = await start();
    const store = memoryStore();
    const auths = [authFor(org, 'client-credentials', { store }), authFor(org, 'client-credentials', { store })] as const;
    await auths[0].token();
    expect((await auths[1].fetch(QUERY)).status).toBe(200);
    org.expireSessions();
    expect(await statuses(auths.map((auth) => auth.fetch(QUERY)))).toEqual([200, 200]);
    expect(org.counts.token).toBe(2);
    // What the other got while this one slept may have expired as well.
    org.expireSessions();
    expect((await auths[0].fetch(QUERY)).status).toBe(200);
    org.expireSessions();
    expect((await auths[1].fetch(QUERY)).status).toBe(200);
    expect(org.counts.token).toBe(4);
  });
});

describe('limits', () => {
  it('T10: a permanent 401 takes two calls and one token request, and the error says so', async () => {
    const org = await start();
    const auth = authFor(org, 'client-credentials');
    await auth.token();
    org.rejectAllSessions();
    org.resetCounts();
    await expect(auth.fetch(QUERY)).rejects.toMatchObject({
      code: 'REJECTED_AFTER_REFRESH',
      errorCode: 'INVALID_SESSION_ID',
      status: 401,
      message: expect.stringContaining('rejected after refresh') as string,
    });
    expect(org.counts).toMatchObject({ token: 1, data: 2 });
  });

  it.each(['This session is not valid for use with the REST API', 'Connected app is not attached to Agent'])(
    'T11: no token request for "%s"',
    async (message) => {
      const org = await start();
      const auth = authFor(org, 'client-credentials');
      await auth.token();
      org.resetCounts();
      org.failNext('data', 1, { status: 401, body: [{ message, errorCode: 'INVALID_SESSION_ID' }] });
      const response = await auth.fetch(QUERY);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual([{ message, errorCode: 'INVALID_SESSION_ID' }]);
      expect(org.counts).toMatchObject({ token: 0, data: 1 });
    },
  );

  it('T12: a dead grant is asked about once, whoever calls', async () => {
    const org = await start();
    const store = memoryStore();
    const auth = authFor(org, 'refresh-token', { store });
    await auth.token();
    org.revokeRefreshTokens();
    org.expireSessions();
    org.resetCounts();
    for (let round = 0; round < 2; round++) {
      const outcomes = await Promise.allSettled(times(100, () => auth.fetch(QUERY)));
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'GRANT_REFUSED', oauthError: 'invalid_grant' } });
      }
    }
    await expect(auth.login()).rejects.toThrow(/authorise the app again/);
    org.issueRefreshToken();
    await expect(authFor(org, 'refresh-token', { store }).token()).resolves.toMatchObject({ isOwn: true });
    expect(org.counts.token).toBe(2);
  });
});

describe('refresh tokens', () => {
  it('T16: a rotated token is the next one sent', async () => {
    const org = await start({ rotateRefreshTokens: true });
    const auth = authFor(org, 'refresh-token');
    for (let expiry = 0; expiry < 3; expiry++) {
      expect((await auth.fetch(QUERY)).status).toBe(200);
      org.expireSessions();
    }
    expect(org.counts.token).toBe(3);
  });

  it('T17: without rotation the token is kept', async () => {
    const org = await start();
    const auth = authFor(org, 'refresh-token');
    for (let expiry = 0; expiry < 3; expiry++) {
      expect((await auth.fetch(QUERY)).status).toBe(200);
      org.expireSessions();
    }
    expect(org.counts.token).toBe(3);
  });

  it('is written to the store before anybody gets the token', async () => {
    const org = await start({ rotateRefreshTokens: true });
    const inner = memoryStore();
    const written: (string | undefined)[] = [];
    const auth = authFor(org, 'refresh-token', {
      store: {
        ...inner,
        swap: async (identity, generation, next) => {
          written.push(next.refreshToken);
          return inner.swap(identity, generation, next);
        },
      },
    });
    await auth.token();
    // Before the request, and after it.
    expect(written).toEqual([undefined, org.credentials.refreshToken]);
  });

  it('a store that refuses the new token fails the call', async () => {
    const org = await start();
    const auth = authFor(org, 'client-credentials', { store: { ...memoryStore(), swap: async () => false } });
    await expect(auth.token()).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    expect(org.counts.token).toBe(1);
  });

  it.each(['token request is already being processed', 'expired authorization code'])(
    'T24: "%s" passes: waited out, never final',
    async (description) => {
      const org = await start();
      const auth = authFor(org, 'refresh-token');
      org.failNext('token', 2, refused('invalid_grant', description));
      await auth.token();
      expect(org.counts.token).toBe(3);
      org.expireSessions();
      org.resetCounts();
      org.failNext('token', 4, refused('invalid_grant', description));
      await expect(auth.fetch(QUERY)).rejects.toMatchObject({ oauthError: 'invalid_grant' });
      expect(org.counts.token).toBe(4);
      expect((await auth.fetch(QUERY)).status).toBe(200);
    },
  );
});

describe('the token endpoint', () => {
  it.each([
    { code: 'ECONNREFUSED' },
    { code: 'CERT_HAS_EXPIRED' },
    { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    { code: 'ETIMEDOUT', syscall: 'connect' },
  ])('T23: is tried again when the request certainly was not sent: %o', async (failure) => {
    const org = await start();
    let failures = 2;
    const auth = authFor(org, 'refresh-token', {
      fetch: async (input, init) => {
        if (failures-- > 0) throw new TypeError('fetch failed', { cause: Object.assign(new Error('connect'), failure) });
        return fetch(input, init);
      },
    });
    expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(org.counts.token).toBe(1);
  });

  it('is given up after three tries, and asked again by the next call', async () => {
    const org = await start();
    const auth = authFor(org, 'client-credentials');
    org.failNext('token', 3, { status: 503 });
    await expect(auth.token()).rejects.toMatchObject({ code: 'TOKEN_REQUEST_FAILED', status: 503 });
    expect(org.counts.token).toBe(3);
    await auth.token();
  });

  it('is not asked again when the answer got lost', async () => {
    const org = await start({ rotateRefreshTokens: true });
    const auth = authFor(org, 'refresh-token');
    org.failNext('token', 1, { destroy: true });
    await expect(auth.token()).rejects.toMatchObject({ code: 'TOKEN_REQUEST_LOST' });
    expect(org.counts.token).toBe(1);
  });

  it('F09: tells a wrong clock the time, and the assertion is signed once more', async () => {
    const org = await start();
    const auth = authFor(org, 'jwt-bearer', { clock: { now: () => Date.now() - 8 * 3_600_000 } });
    expect((await auth.login()).id).toMatch(/^005/);
    expect(org.counts.token).toBe(2);
  });

  it('F07: names no expiry, so none is invented', async () => {
    const org = await start();
    expect((await authFor(org, 'client-credentials').token()).expiresAt).toBeUndefined();
  });

  it.each([[3600, 3_600_000], ['3600', 3_600_000], [0, undefined], [-5, undefined], ['soon', undefined]])(
    'F08: expires_in %o',
    async (expiresIn, life) => {
      const org = await start();
      const { access_token, instance_url } = { access_token: 'opaque-token', instance_url: org.url };
      org.failNext('token', 1, { status: 200, body: { access_token, instance_url, token_type: 'Bearer', expires_in: expiresIn } });
      const auth = authFor(org, 'client-credentials', { clock: { now: () => 1_000_000 } });
      expect((await auth.token()).expiresAt).toBe(life && 1_000_000 + life);
    },
  );

  it('F10: issued_at is milliseconds in a string, and absent for JWT bearer', async () => {
    const org = await start();
    const before = Date.now();
    const { issuedAt } = await authFor(org, 'client-credentials').token();
    expect(issuedAt).toBeGreaterThanOrEqual(before);
    expect(issuedAt).toBeLessThanOrEqual(Date.now());
    expect((await authFor(org, 'jwt-bearer').token()).issuedAt).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    ['a page', { status: 200, body: '<html></html>' }, /login URL/],
    ['a redirect', { status: 302, headers: { location: 'https://acme.my.salesforce.com' } }, /My Domain/],
    ['no reason', { status: 404 }, /login URL/],
    ['an http instance', { status: 200, body: { access_token: 'opaque-token', instance_url: 'http://acme.example' } }, /https/],
  ])('that answers with %s is not believed', async (_name, response, advice) => {
    const org = await start();
    org.failNext('token', 1, response);
    await expect(authFor(org, 'client-credentials').token()).rejects.toThrow(advice);
    expect(org.counts.token).toBe(1);
  });

  it.each<[string, string, RegExp]>([
    ['invalid_grant', "user hasn't approved this consumer", /Pre-authorise the user/],
    ['invalid_grant', 'no client credentials user enabled', /run-as user/],
    ['invalid_grant', 'no valid scopes defined', /scope/],
    ['invalid_grant', 'audience is invalid', /My Domain/],
    ['invalid_grant', 'inactive user', /Reactivate/],
    ['invalid_grant', 'expired access/refresh token', /authorise the app again/],
    ['invalid_grant', 'authentication failure', /Login History/],
    ['invalid_client_id', 'client identifier invalid', /consumer key/],
    ['invalid_client', 'invalid client credentials', /consumer secret/],
    ['app_not_found', 'External client app is not installed in this org', /My Domain/],
    ['unsupported_grant_type', 'grant type not supported', /Enable this flow/],
  ])('%s, %s: the error says what to do', async (error, description, advice) => {
    const org = await start();
    org.failNext('token', 1, refused(error, description));
    const auth = authFor(org, 'client-credentials');
    await expect(auth.token()).rejects.toMatchObject({
      code: 'GRANT_REFUSED',
      oauthError: error,
      status: 400,
      message: expect.stringMatching(advice) as string,
    });
    await expect(auth.token()).rejects.toThrow(description);
    expect(org.counts.token).toBe(1);
  });
});

describe('login', () => {
  it('makes a new token request, or joins the one that runs', async () => {
    const org = await start();
    const auth = authFor(org, 'jwt-bearer');
    const seen: number[] = [];
    auth.on('login', ({ generation }) => seen.push(generation));
    const [first] = await Promise.all([auth.login(), auth.login()]);
    await auth.login();
    expect(org.counts.token).toBe(2);
    await new Promise(setImmediate);
    expect(seen).toEqual([1, 2]);
    expect(first.url).toBe(`${org.url}/id/${first.organizationId}/${first.id}`);
  });

  it('asks userinfo when the token response says nobody\'s name', async () => {
    const org = await start();
    const auth = authFor(org, 'client-credentials', {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (!String(input).endsWith('/token')) return response;
        const { id: _, ...rest } = (await response.json()) as Record<string, unknown>;
        return Response.json(rest);
      },
    });
    const userInfo = await auth.login();
    expect(userInfo).toEqual(await authFor(org, 'client-credentials').login());
    expect(org.counts.userinfo).toBe(1);
  });
});

describe('close', () => {
  it('settles who waits and refuses who comes later', async () => {
    const org = await start();
    const auth = authFor(org, 'client-credentials');
    org.failNext('token', 3, { status: 503 });
    const waiting = auth.token();
    auth.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(auth.fetch(QUERY)).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(auth.login()).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
