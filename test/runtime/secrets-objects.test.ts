import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import got from 'got';
import { Redis } from 'ioredis';
import {
  authorize, createSalesforceAuth, createSalesforceTenants, fileStore, memoryStore, redisStore, salesforce, undiciInterceptor, withAxios, withGot, withNforce, withRequest,
  withSoap, type AuthorizableConnection, type NforceOrgLike, type RequestLike, type SalesforceAuth, type SalesforceAuthOptions, type TokenStore,
} from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { createClientAsync } from 'soap';
import { Agent, request as undiciRequest } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectClean, Witness, words } from './secrets';
import { newKey } from './stores/fleet';
import { hasRedis, startRedis } from './stores/redis-server';

const SOQL = 'SELECT Id FROM Account';
const QUERY = `/services/data/v60.0/query?q=${encodeURIComponent(SOQL)}`;
const load = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
let org: FakeOrg;
let witness: Witness;

beforeAll(async () => {
  org = await startFakeOrg();
});
beforeEach(() => {
  witness = new Witness().know(org.credentials);
});
afterEach(() => {
  vi.unstubAllEnvs();
  org.clearFaults();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await org.close();
});

function options(): SalesforceAuthOptions {
  const { clientId, clientSecret, privateKey, username, refreshToken } = org.credentials;
  return { flow: 'refresh-token', loginUrl: org.url, clientId, clientSecret, privateKey, username, refreshToken, fetch: witness.fetch };
}

/** In use: with a token, its expiry behind it, and the echo of both in an error. */
async function used(more: Partial<SalesforceAuthOptions> = {}): Promise<SalesforceAuth> {
  const auth = createSalesforceAuth({ ...options(), ...more });
  await auth.fetch(QUERY);
  org.expireSessions();
  await auth.fetch(QUERY);
  org.failNext('token', 1, { status: 400, body: { error: 'invalid_request', error_description: witness.echo } });
  await auth.login().catch(() => {});
  return auth;
}

async function throughStore(store: TokenStore): Promise<TokenStore> {
  await used({ store });
  return store;
}

/** What structured cloning makes of it, where it lets itself be cloned at all. */
function clone(value: object): unknown {
  try {
    return structuredClone(value);
  } catch {
    return structuredClone(Object.fromEntries(Object.entries(value).filter(([, part]) => typeof part !== 'function' && typeof part !== 'object')));
  }
}

function expectHidden(value: object): void {
  expect(witness.secrets.size).toBeGreaterThan(4);
  expectClean(value, witness.secrets);
  expectClean(clone(value), witness.secrets);
  expectClean(Object.entries(Object.getOwnPropertyDescriptors(value)), witness.secrets);
}

const objects: [string, () => Promise<object>][] = [
  ['SalesforceAuth', used],
  ['salesforce, the identity of the environment', async () => {
    for (const [name, value] of Object.entries(org.environment('refresh-token'))) vi.stubEnv(name, value);
    witness.secrets.add((await salesforce.token()).accessToken);
    return salesforce;
  }],
  ['SalesforceToken', async () => (await used()).token()],
  ['SalesforceTenants', async () => {
    const tenants = createSalesforceTenants(options());
    await tenants.for({ username: org.credentials.username }).token();
    return tenants;
  }],
  ['memoryStore', () => throughStore(memoryStore())],
  ['fileStore', () => {
    const key = newKey();
    witness.secrets.add(key);
    return throughStore(fileStore({ folder, key: () => key }));
  }],
  ['what login() answers', async () => (await used()).login()],
  ['auth.fetch and its answer', async () => {
    const { fetch } = await used();
    return [fetch, await fetch(QUERY)];
  }],
  ['an axios instance', async () => {
    const instance = withAxios(await used(), axios.create());
    await instance.get(QUERY);
    return instance;
  }],
  ['a got instance', async () => {
    const auth = await used();
    const instance = withGot(auth, got.extend({ prefixUrl: org.url }));
    await instance(QUERY.slice(1)).json();
    return instance;
  }],
  ['request', async () => {
    const request = withRequest(await used(), load('request') as RequestLike);
    await request(QUERY);
    return request;
  }],
  ['a soap client', async () => {
    const client = withSoap(await used(), await createClientAsync(new URL('adapters/partner.wsdl', import.meta.url).pathname));
    await client['queryAsync']({ queryString: SOQL });
    return client;
  }],
  ['a dispatcher of undici', async () => {
    const dispatcher = new Agent().compose(undiciInterceptor(await used()));
    await (await undiciRequest(org.url + QUERY, { dispatcher })).body.text();
    return dispatcher;
  }],
];

describe('L02: what is held of an identity in use shows none of its secrets', () => {
  it.each(objects)('L02: %s', async (_name, make) => {
    expectHidden(await make());
  });

  it.skipIf(!hasRedis)('L02: redisStore (needs redis-server)', async () => {
    const server = await startRedis();
    const client = new Redis(server.url);
    const key = newKey();
    witness.secrets.add(key);
    expectHidden(await throughStore(redisStore(client, { key: () => key })));
    client.disconnect();
    await server.kill();
  });

  // Their own fields, which programs read: nothing else may come to light through them.
  it.each<[string, (auth: SalesforceAuth) => Promise<[holder: object, shown: string]>]>([
    ['a connection of jsforce, but for its accessToken', async (auth) => {
      const { Connection } = load('jsforce-3') as { Connection: new (options: object) => AuthorizableConnection & { accessToken: string } };
      const connection = new Connection({ loginUrl: org.url });
      await authorize(connection, { auth });
      return [connection, connection.accessToken];
    }],
    ['an org of nforce, but for its oauth.access_token', async (auth) => {
      const { createConnection } = load('nforce') as { createConnection(options: object): NforceOrgLike };
      const holder = createConnection({ clientId: 'app', clientSecret: 'unused', redirectUri: 'http://localhost/cb', mode: 'single' });
      return [holder, (await withNforce(auth, holder)).access_token];
    }],
  ])('L02: %s', async (_name, make) => {
    const [holder, shown] = await make(createSalesforceAuth(options()));
    expect(witness.secrets.delete(shown)).toBe(true);
    expectClean(words(holder).replaceAll(shown, ''), witness.secrets);
  });

  it('L02: the fake org', async () => {
    await used();
    expectClean(org, [...witness.secrets, org.credentials.password, org.credentials.securityToken]);
    expectClean(org.requests, witness.secrets);
  });
});
