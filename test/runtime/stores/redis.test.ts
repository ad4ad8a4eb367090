import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { createSalesforceAuth, redisRisks, redisStore, type RedisClient } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identity, newKey } from './fleet';
import { hasRedis, startRedis, type RedisServer } from './redis-server';

const LIMITS = '/services/data/v60.0/limits';
const key = newKey();
const options = { key: () => key, commandTimeoutMs: 500 };

/** Both libraries as a user would set them up: they say what happens on their own events, and go on trying. */
const libraries: [string, (url: string) => { client: RedisClient; close(): void }][] = [
  ['node-redis', (url) => {
    const client = createClient({ url }).on('error', () => {});
    client.connect().catch(() => {});
    return { client, close: () => client.destroy() };
  }],
  ['ioredis', (url) => {
    const client = new Redis(url).on('error', () => {});
    return { client, close: () => client.disconnect() };
  }],
];

describe.skipIf(!hasRedis).each(libraries)('Redis through %s (needs redis-server)', (_name, connect) => {
  let org: FakeOrg;
  let server: RedisServer;
  let connection: ReturnType<typeof connect>;
  let plain: Redis;

  beforeAll(async () => {
    org = await startFakeOrg();
  });
  afterAll(() => org.close());
  beforeEach(async () => {
    org.resetCounts();
    server = await startRedis();
    connection = connect(server.url);
    plain = new Redis(server.url).on('error', () => {});
  });
  afterEach(async () => {
    connection.close();
    plain.disconnect();
    await server.kill();
  });

  const authWith = (store = redisStore(connection.client, options)) => {
    const { clientId, clientSecret } = org.credentials;
    return createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret, store });
  };

  it('S07: down at the start: a refresh fails with a typed error, and no token is asked for without the lock', async () => {
    await server.kill();
    await expect(authWith().fetch(LIMITS)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', name: 'SalesforceStoreError' });
    expect(org.counts.token).toBe(0);
  });

  it('S07: down in mid-flight: the token in memory goes on, a refresh fails until Redis is back', async () => {
    const auth = authWith();
    await auth.token();
    await server.kill();
    expect((await auth.fetch(LIMITS)).status).toBe(200);
    org.expireSessions();
    await expect(auth.fetch(LIMITS)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(org.counts.token).toBe(1);

    server = await startRedis(server.port);
    await expect.poll(() => redisStore(connection.client, options).read(identity).then(() => 'up', () => 'down'), { timeout: 15_000 }).toBe('up');
    // The attempt that failed left no lock behind, although the client sent it after all.
    expect(await plain.keys('*')).toEqual([]);
    expect((await auth.fetch(LIMITS)).status).toBe(200);
    expect(org.counts.token).toBe(2);
  });

  it('keeps records encrypted, without an end, and leaves no lock behind', async () => {
    const auth = authWith(redisStore(connection.client, { ...options, prefix: 'mine:' }));
    const { accessToken } = await auth.token();
    const names = await plain.keys('*');
    expect(names).toHaveLength(1);
    const [name = ''] = names;
    expect(name).toMatch(/^mine:[0-9a-f]{32}$/);
    expect(await plain.pttl(name)).toBe(-1);
    const value = (await plain.get(name)) ?? '';
    const shown = [value, Buffer.from(value.replace(/^\d+:/, ''), 'base64').toString('latin1'), inspect(redisStore(connection.client, options), { depth: 0, showHidden: true })];
    for (const text of shown) expect(text.includes(accessToken)).toBe(false);
  });

  it('holds the lock under a name of the holder, with an end', async () => {
    await redisStore(connection.client, { ...options, leaseMs: 60_000 }).withLock(identity, async () => {
      const [name = ''] = await plain.keys('*');
      expect(name).toMatch(/^salesforce-auth:[0-9a-f]{32}:lock$/);
      expect(await plain.get(name)).toMatch(/^[0-9a-f-]{36}$/);
      const left = await plain.pttl(name);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(60_000);
    });
    expect(await plain.keys('*')).toEqual([]);
  });

  it('L05: with another key, or changed, a record is an error of its own, and stays as it is', async () => {
    const store = redisStore(connection.client, options);
    const record = { generation: 1, obtainedAt: 1 };
    await store.swap(identity, 0, record);
    const [name = ''] = await plain.keys('*');
    const good = (await plain.get(name)) ?? '';
    const stranger = redisStore(connection.client, { ...options, key: newKey });
    await expect(stranger.read(identity)).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    await expect(stranger.swap(identity, 1, { ...record, generation: 2 })).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    expect(await plain.get(name)).toBe(good);
    for (const bad of [good.replace(/^1:/, '2:'), good.slice(0, -8), 'nonsense', '']) {
      await plain.set(name, bad);
      await expect(store.read(identity)).rejects.toMatchObject({ code: 'STORE_UNREADABLE', message: expect.stringContaining(name) as string });
    }
  });

  it('tells what its settings may do to the tokens', async () => {
    expect(await redisRisks(connection.client)).toEqual([expect.stringContaining('appendonly')]);
    await plain.config('SET', 'appendonly', 'yes');
    expect(await redisRisks(connection.client)).toEqual([]);
    await plain.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await redisRisks(connection.client)).toEqual([expect.stringContaining('noeviction (it is allkeys-lru)')]);
    await plain.config('SET', 'appendonly', 'no');
    expect(await redisRisks(connection.client)).toHaveLength(2);
  });

  it('that tells nothing of its settings is no risk to speak of', async () => {
    await plain.acl('SETUSER', 'default', '-info');
    expect(await redisRisks(connection.client)).toEqual([]);
    // What the stores need is allowed all the same.
    expect(await redisStore(connection.client, options).read(identity)).toBeUndefined();
  });

  it('tells what Redis said, without the values that were sent', async () => {
    const store = redisStore(connection.client, options);
    const refreshToken = newKey();
    await plain.config('SET', 'maxmemory', '1');
    const error: unknown = await store.swap(identity, 0, { generation: 1, obtainedAt: 1, refreshToken }).then(() => expect.fail('no error'), (reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('OOM') as string });
    expect(error).not.toHaveProperty('command');
    // Longer than the hash of the script, which Redis names.
    expect((error as Error).message).not.toMatch(/[A-Za-z0-9+/]{60}/);
    expect((error as Error).cause).toBeUndefined();
  });
});
