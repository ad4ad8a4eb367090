import { type EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { authorize, createSalesforceAuth, SalesforceAuthConfigError, SalesforceSessionError } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

interface Conn extends EventEmitter {
  loginUrl: string;
  instanceUrl: string;
  accessToken: string | null;
  userInfo: unknown;
  oauth2: unknown;
  query(soql: string): Promise<{ totalSize: number; records: Record<string, unknown>[] }>;
  identity(): Promise<{ user_id: string }>;
  login(username: string, password: string): Promise<unknown>;
  logout(): Promise<void>;
  soap: { _invoke(method: string, message: object): Promise<unknown> };
  bulk: { createJob(type: string, operation: string): Job };
}
interface Job {
  open(): Promise<{ id: string }>;
  createBatch(): EventEmitter & { execute(rows: object[]): unknown; then(done: undefined, failed: () => void): unknown };
}
type Library = { Connection: new (options: object) => Conn };

const load = createRequire(import.meta.url) as (name: string) => Library;
const jsforce3 = load('jsforce-3');
const nodeSalesforce = load('node-salesforce');
const SOQL = 'SELECT Id, Name FROM Account';
const libraries: [string, Library][] = [
  ['jsforce 1', load('jsforce-1')],
  ['jsforce 2', load('jsforce-2')],
  ['jsforce 3', jsforce3],
  ['@jsforce/jsforce-node 3', load('@jsforce/jsforce-node')],
];

let org: FakeOrg;

// One org for all: making its keys takes longer than most tests.
beforeAll(async () => {
  org = await startFakeOrg();
});
afterAll(() => org.close());

beforeEach(() => {
  org.resetCounts();
  for (const name of ['LOGIN_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'PRIVATE_KEY', 'PRIVATE_KEY_FILE', 'USERNAME', 'REFRESH_TOKEN']) {
    vi.stubEnv(`SALESFORCE_${name}`, undefined);
  }
  setEnv(org.environment('jwt-bearer'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  org.clearFaults();
  org.rejectAllSessions(false);
  org.setInstanceUrl(org.url);
});

function setEnv(values: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
}

/** What SOAP login() resolved to in this library, to compare with. */
async function soapLogin(library: Library): Promise<Record<string, string>> {
  const conn = new library.Connection({ loginUrl: org.url, version: '50.0' });
  const { username, password } = org.credentials;
  return (await conn.login(username, password)) as Record<string, string>;
}

describe.each(libraries)('authorize with %s', (_name, library) => {
  const connect = (options: object = {}) => new library.Connection({ loginUrl: org.url, version: '50.0', logLevel: 'FATAL', ...options });
  const authorized = async (options: object = {}) => {
    const conn = connect(options);
    await authorize(conn, { username: process.env.SALESFORCE_USERNAME });
    return conn;
  };

  it('resolves to what login() resolved to, and sets the connection up', async () => {
    const before = await soapLogin(library);
    const conn = connect();
    const userInfo = await authorize(conn, { username: org.credentials.username });
    expect(Object.keys(userInfo).sort()).toEqual(['id', 'organizationId', 'url']);
    expect(userInfo.id.slice(0, 15)).toBe(before.id?.slice(0, 15));
    expect(userInfo.url).toBe(`${org.url}/id/${userInfo.organizationId}/${userInfo.id}`);
    expect(conn.userInfo).toEqual(userInfo);
    expect(conn.instanceUrl).toBe(org.url);
    expect(conn.accessToken).toEqual(expect.any(String));
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
    expect(org.counts).toMatchObject({ token: 1 });
  });

  it('calls the callback later and with the same, and needs no handling of its promise', async () => {
    const conn = connect();
    let called = false;
    const seen = new Promise<unknown[]>((resolve) => {
      void authorize(conn, {}, (...values) => {
        called = true;
        resolve(values);
      });
    });
    expect(called).toBe(false);
    expect(await seen).toEqual([null, conn.userInfo]);

    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    vi.stubEnv('SALESFORCE_PRIVATE_KEY', undefined);
    const [error] = await new Promise<unknown[]>((resolve) => void authorize(connect(), {}, (...values) => resolve(values)));
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(error).toBeInstanceOf(SalesforceAuthConfigError);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('rejects, never throws, when a setting is missing', async () => {
    vi.stubEnv('SALESFORCE_CLIENT_ID', undefined);
    const promise = authorize(connect(), { username: org.credentials.username });
    await expect(promise).rejects.toMatchObject({ code: 'CONFIG_INVALID', setting: 'SALESFORCE_CLIENT_ID' });
  });

  it('renews an expired session by itself, as login() did', async () => {
    const conn = await authorized();
    const before = conn.accessToken;
    const refreshed = once(conn, 'refresh');
    org.expireSessions();
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
    expect(conn.accessToken).not.toBe(before);
    expect((await refreshed)[0]).toBe(conn.accessToken);
    expect(org.counts).toMatchObject({ token: 2 });
  });

  it('survives ten expiries with one token request each', async () => {
    const { clientId, privateKey, username } = org.credentials;
    const auth = createSalesforceAuth({ flow: 'jwt-bearer', loginUrl: org.url, clientId, privateKey, username, maxRefreshesPerMinute: 10 });
    const conn = connect();
    await authorize(conn, { auth });
    for (let expiry = 1; expiry <= 10; expiry++) {
      org.expireSessions();
      await conn.query(SOQL);
      expect(org.counts.token).toBe(1 + expiry);
    }
  });

  it('makes one token request for 50 concurrent calls on one expiry, and none fails', async () => {
    const conn = await authorized();
    org.expireSessions();
    org.resetCounts();
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => conn.query(SOQL)));
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(org.counts.token).toBe(1);
  });

  it('shares the refresh between connections of one identity', async () => {
    const conns = [await authorized(), await authorized()];
    org.expireSessions();
    org.resetCounts();
    await Promise.all(conns.flatMap((conn) => Array.from({ length: 10 }, () => conn.query(SOQL))));
    expect(org.counts.token).toBe(1);
    expect(conns[0]?.accessToken).toBe(conns[1]?.accessToken);
  });

  it('logs in anew at each authorize(), and once for those that run together', async () => {
    const conn = await authorized();
    const before = conn.accessToken;
    await authorize(conn, { username: org.credentials.username });
    expect(conn.accessToken).not.toBe(before);
    org.resetCounts();
    await Promise.all([authorized(), authorized(), authorized()]);
    expect(org.counts.token).toBe(1);
    org.expireSessions();
    await conn.query(SOQL);
    expect(org.counts.token).toBe(2);
  });

  it('ends a permanent rejection after one refresh, with a typed error (T10)', async () => {
    const conn = await authorized();
    org.rejectAllSessions();
    org.resetCounts();
    const error: unknown = await conn.query(SOQL).then(undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(SalesforceSessionError);
    expect(error).toMatchObject({ code: 'REJECTED_AFTER_REFRESH', errorCode: 'INVALID_SESSION_ID', status: 401 });
    expect(org.counts).toMatchObject({ token: 1, data: 2 });
    org.rejectAllSessions(false);
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
  });

  it('asks for no token when no token would help (T11)', async () => {
    const conn = await authorized();
    org.resetCounts();
    org.failNext('data', 1, {
      status: 401,
      body: [{ message: 'This session is not valid for use with the REST API', errorCode: 'INVALID_SESSION_ID' }],
    });
    await expect(conn.query(SOQL)).rejects.toMatchObject({ code: 'SESSION_REFUSED', errorCode: 'INVALID_SESSION_ID' });
    expect(org.counts).toMatchObject({ token: 0, data: 1 });
  });

  it('passes the login error on, with its type, when the session cannot be renewed', async () => {
    // An org of its own: a refused identity stays refused.
    const refusing = await startFakeOrg();
    setEnv(refusing.environment('jwt-bearer'));
    const conn = await authorized({ loginUrl: refusing.url });
    refusing.expireSessions();
    refusing.failNext('token', 1, { status: 400, body: { error: 'invalid_grant', error_description: "user hasn't approved this consumer" } });
    await expect(conn.query(SOQL)).rejects.toMatchObject({ code: 'GRANT_REFUSED', oauthError: 'invalid_grant' });
    refusing.resetCounts();
    await expect(conn.query(SOQL)).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
    expect(refusing.counts.token).toBe(0);
    await refusing.close();
  });

  it('follows an instance URL that changes with the refresh (B09)', async () => {
    const conn = await authorized();
    const moved = org.url.replace('127.0.0.1', 'localhost');
    org.setInstanceUrl(moved);
    org.expireSessions();
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
    expect(conn.instanceUrl).toBe(moved);
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
    expect(org.counts.token).toBe(2);
  });

  it('renews SOAP calls, with the new session in the envelope (F03)', async () => {
    const conn = await authorized();
    org.expireSessions();
    org.resetCounts();
    const result = await conn.soap._invoke('getUserInfo', {});
    expect(inspect(result)).toContain(org.credentials.username);
    expect(org.counts).toMatchObject({ token: 1, soap: 2 });
  });

  it('ends SOAP calls that stay rejected', async () => {
    const conn = await authorized();
    org.rejectAllSessions();
    org.resetCounts();
    await expect(conn.soap._invoke('getUserInfo', {})).rejects.toMatchObject({ code: 'REJECTED_AFTER_REFRESH' });
    expect(org.counts).toMatchObject({ token: 1, soap: 2 });
  });

  it('renews Bulk 1 jobs (F02)', async () => {
    const conn = await authorized();
    org.expireSessions();
    org.resetCounts();
    const job = conn.bulk.createJob('Account', 'insert');
    expect((await job.open()).id).toEqual(expect.any(String));
    expect(org.counts).toMatchObject({ token: 1, bulk: 2 });
  });

  it('loads a batch through a stream; one that meets an expired session fails with its reason, and the next goes through', async () => {
    const conn = await authorized();
    const job = conn.bulk.createJob('Account', 'insert');
    await job.open();
    org.expireSessions();
    org.resetCounts();
    const upload = () => {
      const batch = job.createBatch();
      const queued = once(batch, 'queue');
      batch.execute([{ Name: 'Acme' }]);
      batch.then(undefined, () => {});
      return queued;
    };
    await expect(upload()).rejects.toMatchObject({ code: 'BODY_NOT_REPLAYABLE' });
    const [info] = (await upload()) as [{ id: string }];
    expect(info.id).toEqual(expect.any(String));
    expect(org.counts.token).toBe(1);
  });

  it('gives records as events, across an expiry', async () => {
    const conn = await authorized();
    const expected = (await conn.query(SOQL)).totalSize;
    org.expireSessions();
    const records: unknown[] = [];
    const query = conn.query(SOQL) as unknown as EventEmitter & { run?(options?: object): unknown };
    query.on('record', (record) => records.push(record));
    const ended = once(query, 'end');
    query.run?.({ autoFetch: true });
    await ended;
    expect(records).toHaveLength(expected);
  });

  it('renews conn.identity(), whose rejection is a 403 (F04)', async () => {
    const conn = await authorized();
    org.expireSessions();
    expect((await conn.identity()).user_id).toEqual(expect.any(String));
    expect(org.counts.token).toBe(2);
  });

  it('leaves other errors as they are', async () => {
    const conn = await authorized();
    org.resetCounts();
    await expect(conn.query('SELECT Nonsense FROM')).rejects.toMatchObject({ errorCode: expect.stringMatching(/^[A-Z_]+$/) as string });
    org.failNext('data', 1, { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }] });
    await expect(conn.query(SOQL)).rejects.toMatchObject({ errorCode: 'REQUEST_LIMIT_EXCEEDED' });
    expect(org.counts.token).toBe(0);
  });

  it('lets logout() end the session at the org that gave it', async () => {
    const conn = connect({ loginUrl: undefined });
    await authorize(conn, { username: org.credentials.username });
    await conn.logout();
    expect(org.counts.revoke).toBe(1);
    expect(conn.accessToken).toBeFalsy();
    await authorize(conn, { username: org.credentials.username });
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
  });

  it('leaves a session alone that somebody else put on the connection', async () => {
    const conn = await authorized();
    const foreign = ['00D000000000001', 'not-ours'].join('!');
    conn.accessToken = foreign;
    org.resetCounts();
    await expect(conn.query(SOQL)).rejects.toThrow(/call authorize\(\) again/);
    expect(org.counts).toMatchObject({ token: 0, data: 1 });
    expect(conn.accessToken).toBe(foreign);
  });

  it('does not let a call that began as one user go on as another', async () => {
    const conn = connect();
    const { clientId, clientSecret } = org.credentials;
    const identity = (more: object) => createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret, ...more });
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    let isGated = false;
    let renewing = () => {};
    const renewal = new Promise<void>((resolve) => (renewing = resolve));
    const one = identity({
      fetch: async (input: string, init: RequestInit) => {
        if (isGated) {
          renewing();
          await gate;
        }
        return fetch(input, init);
      },
    });
    await authorize(conn, { auth: one });
    org.expireSessions();
    isGated = true;
    const outcome = expect(conn.query(SOQL)).rejects.toMatchObject({ code: 'SESSION_REPLACED' });
    await renewal;
    await authorize(conn, { auth: identity({}) });
    release();
    await outcome;
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
  });

  it('works on a connection that has oauth2 settings, and takes the client id from there', async () => {
    vi.stubEnv('SALESFORCE_CLIENT_ID', undefined);
    const { clientId } = org.credentials;
    const conn = connect({ oauth2: { clientId, clientSecret: 'unused', redirectUri: 'http://localhost/cb', loginUrl: org.url } });
    await authorize(conn, { username: org.credentials.username });
    org.expireSessions();
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
    expect(org.requests.filter(({ kind }) => kind === 'token').map(({ grantType }) => grantType)).toEqual([
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
    ]);
  });

  it('runs as the run-as user with client credentials, whatever the username', async () => {
    setEnv({ ...org.environment('client-credentials'), SALESFORCE_PRIVATE_KEY: undefined });
    const conn = connect();
    await authorize(conn, { flow: 'client-credentials', username: 'somebody@else.example' });
    org.expireSessions();
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
    expect(org.requests.filter(({ kind }) => kind === 'token').map(({ grantType }) => grantType)).toEqual(['client_credentials', 'client_credentials']);
  });

  it('takes an identity of the caller, and keeps a rotated refresh token', async () => {
    const rotating = await startFakeOrg({ rotateRefreshTokens: true });
    const { clientId, refreshToken } = rotating.credentials;
    const auth = createSalesforceAuth({ flow: 'refresh-token', loginUrl: rotating.url, clientId, refreshToken });
    const conn = connect();
    await authorize(conn, { auth });
    for (let expiry = 0; expiry < 3; expiry++) {
      rotating.expireSessions();
      expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
    }
    expect(rotating.counts.token).toBe(4);
    await rotating.close();
  });

  it('adds nothing to the connection that shows a credential (L02)', async () => {
    const conn = await authorized({ loginUrl: undefined });
    const text = inspect(conn, { depth: 10, showHidden: true }).replaceAll(String(conn.accessToken), '');
    for (const secret of [org.credentials.privateKey, org.credentials.clientSecret, org.credentials.refreshToken]) {
      expect(text).not.toContain(secret);
    }
    const added = conn as unknown as { _refreshDelegate: object; _transport: object };
    expect(inspect([added._refreshDelegate, added._transport], { depth: 10 })).not.toContain(String(conn.accessToken));
  });
});

describe('authorize with node-salesforce 0.8', () => {
  const connect = () => new nodeSalesforce.Connection({ loginUrl: org.url, version: '50.0' });

  it('sets the connection up and calls the callback', async () => {
    const conn = connect();
    const values = await new Promise<unknown[]>((resolve) => void authorize(conn, {}, (...all) => resolve(all)));
    expect(values).toEqual([null, conn.userInfo]);
    expect((await conn.query(SOQL)).totalSize).toBeGreaterThan(0);
  });

  it('renews an expired session, once for concurrent calls, and moves to a new instance URL', async () => {
    const conn = connect();
    await authorize(conn, {});
    org.setInstanceUrl(org.url.replace('127.0.0.1', 'localhost'));
    org.expireSessions();
    org.resetCounts();
    const results = await Promise.all(Array.from({ length: 20 }, () => conn.query(SOQL)));
    expect(results.every(({ totalSize }) => totalSize > 0)).toBe(true);
    expect(org.counts.token).toBe(1);
    expect(conn.instanceUrl).toContain('localhost');
  });

  it('ends a permanent rejection', async () => {
    const conn = connect();
    await authorize(conn, {});
    org.rejectAllSessions();
    org.resetCounts();
    await expect(conn.query(SOQL)).rejects.toMatchObject({ errorCode: 'INVALID_SESSION_ID' });
    expect(org.counts).toMatchObject({ token: 1, data: 2 });
  });
});

describe('which org authorize() logs in to', () => {
  const connect = (loginUrl?: string) => new jsforce3.Connection({ ...(loginUrl && { loginUrl }) });

  it('is the one the connection names, over the environment', async () => {
    vi.stubEnv('SALESFORCE_LOGIN_URL', 'https://elsewhere.my.salesforce.com');
    await authorize(connect(org.url));
    expect(org.counts.token).toBe(1);
  });

  it('is the one of the environment when the connection names a generic host', async () => {
    await authorize(connect());
    await authorize(connect('https://login.salesforce.com/'));
    await authorize(connect('https://test.salesforce.com'));
    expect(org.counts.token).toBe(3);
  });

  it.each(['https://acme.my.salesforce.com', 'https://login.salesforce.com'])(
    'is none when the connection says test.salesforce.com and SALESFORCE_LOGIN_URL is %s',
    async (production) => {
      vi.stubEnv('SALESFORCE_LOGIN_URL', production);
      await expect(authorize(connect('https://test.salesforce.com'))).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        setting: 'SALESFORCE_LOGIN_URL',
        message: expect.stringContaining('test.salesforce.com') as string,
      });
      expect(org.counts.token).toBe(0);
    },
  );

  it('is none for a Lightning URL', async () => {
    await expect(authorize({ loginUrl: 'https://acme.lightning.force.com', instanceUrl: '' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      setting: "the connection's loginUrl",
    });
  });

  it('is the generic host without SALESFORCE_LOGIN_URL, and its refusal says to set that', async () => {
    vi.stubEnv('SALESFORCE_LOGIN_URL', undefined);
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string | URL) => {
      asked.push(String(url));
      return Response.json({ error: 'app_not_found', error_description: 'External client app is not installed in this org' }, { status: 400 });
    });
    await expect(authorize(connect('https://test.salesforce.com'))).rejects.toThrow(/SALESFORCE_LOGIN_URL.*My Domain/);
    vi.unstubAllGlobals();
    expect(asked).toEqual(['https://test.salesforce.com/services/oauth2/token']);
  });
});

describe('who authorize() logs in as', () => {
  const connect = () => new jsforce3.Connection({ loginUrl: org.url });

  it('is the user passed, not SALESFORCE_USERNAME', async () => {
    vi.stubEnv('SALESFORCE_USERNAME', 'somebody@else.example');
    await authorize(connect(), { username: org.credentials.username });
    expect(org.counts.issued).toBe(1);
  });

  it('is SALESFORCE_USERNAME when the username is empty, and nobody without either', async () => {
    await authorize(connect(), { username: undefined });
    await authorize(connect(), { username: '' });
    vi.stubEnv('SALESFORCE_USERNAME', undefined);
    await expect(authorize(connect(), { username: '' })).rejects.toMatchObject({ setting: 'SALESFORCE_USERNAME' });
  });
});
