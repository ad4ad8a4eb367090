// The store that a program was told to use, as a user would make it.
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { fileStore, redisStore } from '../../../../runtime/dist/index.mjs';

export async function storeOf({ kind, folder, url, leaseMs, waitMs }) {
  if (kind === 'file') return fileStore({ folder, leaseMs, waitMs });
  if (kind === 'ioredis') return redisStore(new Redis(url), { leaseMs, waitMs });
  return redisStore(await createClient({ url }).connect(), { leaseMs, waitMs });
}
