import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  createSalesforceAuth, fileStore, memoryStore, salesforce, salesforceAuthFromEnv, SalesforceAuthConfigError, type SalesforceAuthOptions,
} from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const LIMITS = '/services/data/v60.0/limits';
const dead = { status: 400, body: { error: 'invalid_grant', error_description: 'expired access/refresh token' } };
let org: FakeOrg;
let folder: string;

beforeEach(async () => {
  org = await startFakeOrg({ rotateRefreshTokens: true });
  folder = mkdtempSync(join(tmpdir(), 'stored-tokens-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await org.close();
});

function authFor(more: Partial<SalesforceAuthOptions>) {
  const { clientId, username } = org.credentials;
  return createSalesforceAuth({ flow: 'refresh-token', loginUrl: org.url, clientId, username, ...more });
}

describe('a refresh token that only the store has', () => {
  it('is found by its user, client id and login URL', async () => {
    const store = memoryStore();
    await authFor({ store, refreshToken: org.credentials.refreshToken }).token();
    const auth = authFor({ store });
    expect((await auth.fetch(LIMITS)).status).toBe(200);
    org.expireSessions();
    expect((await auth.fetch(LIMITS)).status).toBe(200);
    expect(org.counts.token).toBe(2);
  });

  it('is missing by name when the store has none, and no request is made', async () => {
    const failure: unknown = await authFor({ store: memoryStore() }).token().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SalesforceAuthConfigError);
    expect(failure).toMatchObject({ setting: 'refreshToken', message: expect.stringMatching(/the store holds none.*salesforce-auth login/) as string });
    expect(org.counts.token).toBe(0);
  });

  it('needs a username, and a store', () => {
    expect(() => authFor({})).toThrow(/^refreshToken is missing/);
    expect(() => authFor({ store: memoryStore(), username: '' })).toThrow(/^username is missing/);
  });

  it('is dead for everybody once it was refused, until a new one takes its place', async () => {
    const store = memoryStore();
    const first = authFor({ store, refreshToken: org.credentials.refreshToken });
    await first.token();
    org.expireSessions();
    org.failNext('token', 1, dead);
    await expect(first.fetch(LIMITS)).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
    const auth = authFor({ store });
    await expect(auth.fetch(LIMITS)).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
    expect(org.counts.token).toBe(2);
    await authFor({ store, refreshToken: org.issueRefreshToken() }).token();
    expect((await auth.fetch(LIMITS)).status).toBe(200);
    expect(org.counts.token).toBe(3);
  });
});

it("T08: two users' refresh tokens in one store share nothing, also when nobody named their users", async () => {
  // The same app at the same login URL: all that differs is the token.
  const sent: (string | null)[] = [];
  const send: typeof fetch = (input, init) => {
    if (String(input).endsWith('/services/oauth2/token')) sent.push(new URLSearchParams(String(init?.body)).get('refresh_token'));
    return fetch(input, init);
  };
  const store = memoryStore();
  const tokens = [org.credentials.refreshToken, org.issueRefreshToken()];
  const [jane, john] = tokens.map((refreshToken) => authFor({ store, username: '', refreshToken, fetch: send }));
  await Promise.all([jane!.token(), john!.token()]);
  expect(sent.sort()).toEqual(tokens.sort());
  expect((await jane!.token()).accessToken).not.toBe((await john!.token()).accessToken);
});

it('S08: a store that lost its record gets nothing back blindly; the next refresh begins with the token in memory', async () => {
  const store = fileStore({ folder, key: newKey() });
  const first = org.credentials.refreshToken;
  const auth = authFor({ store, refreshToken: first });
  await auth.fetch(LIMITS);
  const { clientId, username } = org.credentials;
  const identity = { issuer: org.url, clientId, flow: 'refresh-token', subject: username };
  const rotated = (await store.read(identity))?.refreshToken;
  expect(rotated).not.toBe(first);
  rmSync(folder, { recursive: true });

  expect((await auth.fetch(LIMITS)).status).toBe(200);
  expect(await store.read(identity)).toBeUndefined();

  org.expireSessions();
  expect((await auth.fetch(LIMITS)).status).toBe(200);
  // The first token was rotated away: sent again, it would have ended everything.
  expect(org.counts.token).toBe(2);
  expect((await auth.token()).generation).toBeGreaterThan(1);
  expect((await store.read(identity))?.refreshToken).toBe(org.credentials.refreshToken);
});

describe('from the environment', () => {
  const environment = (more: Record<string, string | undefined> = {}) => {
    const { SALESFORCE_REFRESH_TOKEN: _, ...env } = org.environment('refresh-token');
    const { username } = org.credentials;
    return { ...env, SALESFORCE_FLOW: 'refresh-token', SALESFORCE_USERNAME: username, SALESFORCE_TOKEN_FOLDER: folder, SALESFORCE_TOKEN_KEY: newKey()(), ...more };
  };

  it('SALESFORCE_TOKEN_FOLDER shares tokens, so that SALESFORCE_FLOW and a username are enough', async () => {
    const env = environment();
    await salesforceAuthFromEnv({}, { ...env, SALESFORCE_REFRESH_TOKEN: org.credentials.refreshToken }).token();
    expect((await salesforceAuthFromEnv({}, env).fetch(LIMITS)).status).toBe(200);
    expect(org.counts.token).toBe(1);
  });

  it('the same settings are one identity for the whole program, until it is closed', async () => {
    const env = org.environment('client-credentials');
    const auth = salesforceAuthFromEnv({}, env);
    expect(salesforceAuthFromEnv({ loginUrl: `${org.url}/` }, env)).toBe(auth);
    expect(salesforceAuthFromEnv({}, { ...env, SALESFORCE_CLIENT_SECRET: 'another' })).not.toBe(auth);
    expect(salesforceAuthFromEnv({}, { ...env, SALESFORCE_TOKEN_FOLDER: folder, SALESFORCE_TOKEN_KEY: newKey()() })).not.toBe(auth);
    auth.close();
    const next = salesforceAuthFromEnv({}, env);
    expect([auth.isClosed, next.isClosed]).toEqual([true, false]);
    expect((await next.fetch(LIMITS)).status).toBe(200);
  });

  it('`salesforce` is that identity, read when it is first used', async () => {
    vi.stubEnv('SALESFORCE_LOGIN_URL', undefined);
    expect(Object.getPrototypeOf(salesforce)).toBe(Object.getPrototypeOf(salesforceAuthFromEnv({}, org.environment('jwt-bearer'))));
    expect(await salesforce).toBe(salesforce);
    expect(inspect(salesforce)).not.toMatch(/token|secret/i);
    await expect(async () => salesforce.fetch(LIMITS)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const env = org.environment('client-credentials');
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { fetch: detached } = salesforce;
    expect((await detached(LIMITS)).status).toBe(200);
    expect(salesforce.generation).toBe(1);
    const auth = salesforceAuthFromEnv();
    expect(auth.generation).toBe(1);
    salesforce.close();
    expect(auth.isClosed).toBe(true);
    expect((await salesforce.fetch(LIMITS)).status).toBe(200);
    salesforce.close();
    vi.unstubAllEnvs();
  });

  it.each<[string, string, Record<string, string | undefined>]>([
    ['no key', 'SALESFORCE_TOKEN_KEY', { SALESFORCE_TOKEN_KEY: undefined }],
    ['a short key', 'SALESFORCE_TOKEN_KEY', { SALESFORCE_TOKEN_KEY: 'c2hvcnQ=' }],
    ['an unknown flow', 'SALESFORCE_FLOW', { SALESFORCE_FLOW: 'password' }],
    ['no username', 'SALESFORCE_USERNAME', { SALESFORCE_USERNAME: undefined }],
  ])('names the variable of %s', (_name, setting, more) => {
    expect(() => salesforceAuthFromEnv({}, environment(more))).toThrow(expect.objectContaining({ setting }) as Error);
  });
});

function newKey(): () => string {
  const key = randomBytes(32).toString('base64');
  return () => key;
}
