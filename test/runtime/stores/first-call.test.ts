import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { createSalesforceAuth, fileStore, redisStore, type TokenKey, type TokenStore } from 'salesforce-auth-client';
import { startFakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKey } from './fleet';
import { hasRedis, startRedis, type RedisServer } from './redis-server';

const LIMITS = '/services/data/v60.0/limits';
const savedKey = newKey();
let folder: string;
let server: RedisServer | undefined;
let nodeRedis: ReturnType<typeof createClient>;
let ioredis: Redis;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-call-'));
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

const stores: [string, boolean, (key: TokenKey) => TokenStore][] = [
  ['a folder', true, (key) => fileStore({ folder, key })],
  ['Redis through node-redis (needs redis-server)', hasRedis, (key) => redisStore(nodeRedis, { key, prefix: 'n:' })],
  ['Redis through ioredis (needs redis-server)', hasRedis, (key) => redisStore(ioredis, { key, prefix: 'i:' })],
];

for (const [name, isThere, open] of stores) {
  describe.skipIf(!isThere)(`a token in ${name}`, () => {
    it('T06: is waited for by the first calls, made in the tick of the construction: no login, no refresh', async () => {
      const org = await startFakeOrg({ rotateRefreshTokens: true });
      const { clientId, clientSecret, refreshToken } = org.credentials;
      const settings = { flow: 'refresh-token', loginUrl: org.url, clientId, clientSecret, refreshToken } as const;
      const saved = await createSalesforceAuth({ ...settings, store: open(() => savedKey) }).token();
      org.resetCounts();

      // The store has its record when it has its key.
      const keys = new EventEmitter();
      const asked = once(keys, 'asked');
      const key = async () => {
        const answer = once(keys, 'answer');
        keys.emit('asked');
        return ((await answer) as string[])[0]!;
      };
      const auth = createSalesforceAuth({ ...settings, store: open(key) });
      const calls = Array.from({ length: 20 }, () => auth.fetch(LIMITS));
      await asked;
      expect(org.requests).toEqual([]);
      keys.emit('answer', savedKey);
      expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(calls.map(() => 200));
      expect((await auth.token()).accessToken).toBe(saved.accessToken);
      expect(org.counts.token).toBe(0);
      await org.close();
    });
  });
}
