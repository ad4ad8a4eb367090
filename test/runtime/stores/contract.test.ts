import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { fileStore, memoryStore, redisStore, SalesforceAuthConfigError, type TokenRecord, type TokenStore } from 'salesforce-auth-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identity, newKey } from './fleet';
import { hasRedis, startRedis, type RedisServer } from './redis-server';

const key = newKey();
const other = { ...identity, subject: 'somebody.else@acme.example' };
let folder: string;
let server: RedisServer | undefined;
let nodeRedis: ReturnType<typeof createClient>;
let ioredis: Redis;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stores-'));
  if (!hasRedis) return;
  server = await startRedis();
  nodeRedis = createClient({ url: server.url });
  await nodeRedis.connect();
  ioredis = new Redis(server.url);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  if (!server) return;
  nodeRedis.destroy();
  ioredis.disconnect();
  await server.kill();
});

const record = (generation: number): TokenRecord => ({ generation, obtainedAt: 1, instanceUrl: 'https://acme.my.salesforce.com' });

interface Place {
  name: string;
  /** Opens the same store once more, as another process would. */
  open(): TokenStore;
  skip?: boolean;
}

let run = 0;
let inMemory: TokenStore;
const places: Place[] = [
  { name: 'memory', open: () => inMemory },
  { name: 'file', open: () => fileStore({ folder: join(folder, String(run)), key: () => key }) },
  { name: 'Redis through node-redis (needs redis-server)', open: () => redisStore(nodeRedis, { key: () => key, prefix: `n${run}:` }), skip: !hasRedis },
  { name: 'Redis through ioredis (needs redis-server)', open: () => redisStore(ioredis, { key: () => key, prefix: `i${run}:` }), skip: !hasRedis },
];

for (const { name, open, skip = false } of places) {
  describe.skipIf(skip)(`a store: ${name}`, () => {
    beforeEach(() => {
      run += 1;
      inMemory = memoryStore();
    });

    it('has nothing at first', async () => {
      expect(await open().read(identity)).toBeUndefined();
    });

    it('gives back what was saved, with fields it knows nothing of', async () => {
      const saved = { ...record(1), accessToken: 'ä"\n', later: { nested: [1, null] } };
      expect(await open().swap(identity, 0, saved)).toBe(true);
      expect(await open().read(identity)).toEqual(saved);
    });

    it('saves only on top of the expected generation', async () => {
      expect(await open().swap(identity, 1, record(2))).toBe(false);
      expect(await open().read(identity)).toBeUndefined();
      expect(await open().swap(identity, 0, record(9))).toBe(true);
      expect(await open().swap(identity, 0, record(1))).toBe(false);
      expect(await open().swap(identity, 9, record(10))).toBe(true);
      expect(await open().swap(identity, 9, record(11))).toBe(false);
      expect(await open().read(identity)).toEqual(record(10));
    });

    it('lets one of those win who save at once, with and without the lock', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 6 }, (_, index) => {
          const store = open();
          const save = () => store.swap(identity, 0, { ...record(1), issuedAt: index });
          return index % 2 ? save() : store.withLock(identity, save);
        }),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await open().read(identity)).toMatchObject({ issuedAt: outcomes.indexOf(true) });
    });

    it('keeps identities apart', async () => {
      await open().swap(identity, 0, record(1));
      expect(await open().read(other)).toBeUndefined();
      await open().swap(other, 0, record(7));
      expect(await open().read(identity)).toEqual(record(1));
    });

    it('lets one in at a time, and passes on what it returns', async () => {
      let inside = 0;
      const turn = async (index: number) => {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise(setImmediate);
        inside -= 1;
        return index;
      };
      const results = await Promise.all([0, 1, 2, 3, 4].map((index) => open().withLock(identity, () => turn(index))));
      expect(results).toEqual([0, 1, 2, 3, 4]);
    });

    it('opens the lock again after a failure, and passes the failure on', async () => {
      const failure = new Error('enough');
      await expect(open().withLock(identity, () => Promise.reject(failure))).rejects.toBe(failure);
      expect(await open().withLock(identity, async () => 'next')).toBe('next');
    });

    it('locks one identity without the others', async () => {
      const inner = await open().withLock(identity, () => open().withLock(other, async () => 'both'));
      expect(inner).toBe('both');
    });
  });
}

describe.skipIf(!hasRedis)('options of the stores (Redis: needs redis-server)', () => {
  it.each([
    ['leaseMs', { leaseMs: 1999 }],
    ['leaseMs', { leaseMs: Number.NaN }],
    ['waitMs', { leaseMs: 5000, waitMs: 5000 }],
  ])('must have times that let a waiter outlast a dead holder: %s', (setting, options) => {
    for (const make of [() => fileStore({ folder, key: () => key, ...options }), () => redisStore(ioredis, { key: () => key, ...options })]) {
      expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', setting }) as Error);
    }
  });

  it('must have a folder, a client, a time for commands', () => {
    expect(() => fileStore({ folder: '', key: () => key })).toThrow(/^folder is missing/);
    expect(() => redisStore({} as Redis, { key: () => key })).toThrow(/^client must be/);
    expect(() => redisStore(undefined as unknown as Redis, { key: () => key })).toThrow(SalesforceAuthConfigError);
    expect(() => redisStore(ioredis, { key: () => key, commandTimeoutMs: 0 })).toThrow(/^commandTimeoutMs must/);
  });
});
