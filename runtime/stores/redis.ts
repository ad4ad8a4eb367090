import { randomUUID } from 'node:crypto';
import { SalesforceAuthConfigError, SalesforceStoreError } from '../errors';
import { keyReader, nameOf, open, seal, unreadable, type TokenKey } from './cipher';
import type { Identity, TokenRecord, TokenStore } from './store';
import { lockTimes, waitFor, type LockOptions } from './wait';

/** A client of the package `redis` (node-redis) 5 or `ioredis` 5: the one method that each is used by. */
export type RedisClient =
  | { sendCommand(args: string[]): Promise<unknown> }
  | { call(command: string, ...args: string[]): Promise<unknown> };

/** Options of {@link redisStore}. */
export interface RedisStoreOptions extends LockOptions {
  /** The key. Default: the environment variable SALESFORCE_TOKEN_KEY. */
  key?: TokenKey;
  /** What the names of our Redis keys begin with. Default `salesforce-auth:`. */
  prefix?: string;
  /**
   * Milliseconds until an unanswered command counts as failed: clients hold commands back while Redis is down. Default 5000.
   */
  commandTimeoutMs?: number;
}

/** The value is `<generation>:<sealed record>`, so that the comparison needs no key. */
const SWAP = `
local stored = redis.call('GET', KEYS[1])
local generation = stored and string.match(stored, '^%d+') or '0'
if generation ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/**
 * Tokens in Redis, encrypted, shared by everybody who has the key. They get no expiry: a refresh token is a record and no
 * cache entry. The client stays yours: connect it, listen to its errors, close it.
 * @throws SalesforceAuthConfigError when the client is no client, the key is missing or the times do not fit
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): TokenStore {
  const { prefix = 'salesforce-auth:', commandTimeoutMs = 5000 } = options;
  const { leaseMs, waitMs } = lockTimes(options);
  if (!(commandTimeoutMs > 0)) throw new SalesforceAuthConfigError('commandTimeoutMs', 'must be more than 0 milliseconds');
  const command = commander(client, commandTimeoutMs);
  const readKeys = keyReader(options.key);
  const nameFor = (identity: Identity) => prefix + nameOf(identity);

  const read = async (identity: Identity): Promise<TokenRecord | undefined> => {
    const keys = await readKeys();
    const name = nameFor(identity);
    const value = await command('GET', name);
    if (value === null) return undefined;
    const place = `the Redis key ${name}`;
    const [, generation, sealed = ''] = /^(\d+):(.*)$/s.exec(String(value)) ?? [];
    const record = open(keys, identity, Buffer.from(sealed, 'base64'), place);
    if (generation !== String(record.generation)) throw unreadable(place);
    return record;
  };

  return {
    read,

    swap: async (identity, expectedGeneration, next) => {
      const keys = await readKeys();
      // Read first: a record that does not open is not to be overwritten.
      if (((await read(identity))?.generation ?? 0) !== expectedGeneration) return false;
      const value = `${next.generation}:${seal(keys, identity, next).toString('base64')}`;
      return Number(await command('EVAL', SWAP, '1', nameFor(identity), String(expectedGeneration), value)) === 1;
    },

    withLock: async (identity, work) => {
      const lock = `${nameFor(identity)}:lock`;
      const owner = randomUUID();
      // What cannot be released runs out by itself.
      const release = () => command('EVAL', RELEASE, '1', lock, owner).catch(() => {});
      try {
        await waitFor(async () => (await command('SET', lock, owner, 'NX', 'PX', String(leaseMs))) ?? undefined, waitMs);
      } catch (error) {
        // Clients send what went unanswered when Redis is back: this follows it then, or the lock would be nobody's for a lease.
        void release();
        throw error;
      }
      // A renewal that fails is made up for by the next one; a lease that is lost all the same shows when the save is compared.
      const renewal = setInterval(() => {
        command('EVAL', RENEW, '1', lock, owner, String(leaseMs)).catch(() => {});
      }, leaseMs / 3).unref();
      try {
        return await work();
      } finally {
        clearInterval(renewal);
        await release();
      }
    },
  };
}

/**
 * What this Redis's own settings may do to the tokens: sentences that say the risk and the setting to change, none when all is
 * well or when Redis does not tell (`INFO` may be forbidden, `CONFIG` is on most managed ones).
 * @throws SalesforceAuthConfigError when the client is no client
 */
export async function redisRisks(client: RedisClient): Promise<string[]> {
  const command = commander(client, 5000);
  const info = await command('INFO').catch(() => '');
  const setting = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(String(info))?.[1];
  const risks: string[] = [];
  const policy = setting('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    risks.push(`Redis deletes keys when its memory is full, tokens or their locks among them: set maxmemory-policy to noeviction (it is ${policy})`);
  }
  if (setting('aof_enabled') === '0') {
    risks.push('Redis keeps no log of changes: a refresh token that was rotated shortly before a crash is lost. Set appendonly to yes');
  }
  return risks;
}

/** One way to send a command, which fails when there is no answer. */
function commander(client: RedisClient, timeoutMs: number): (name: string, ...args: string[]) => Promise<unknown> {
  const send = senderOf(client);
  return async (name, ...args) => {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([send([name, ...args]), timeout]);
    } catch (error) {
      // The libraries' errors carry the command with all its arguments: only the words are passed on.
      const { message } = error as Error;
      throw new SalesforceStoreError(
        'STORE_UNAVAILABLE',
        `Redis did not carry out ${name} (${message}): check that it runs, that the client is connected and that it may use this command`,
      );
    } finally {
      clearTimeout(timer);
    }
  };
}

function senderOf(client: RedisClient): (args: [string, ...string[]]) => Promise<unknown> {
  // ioredis has a sendCommand too, of another kind.
  if (typeof (client as { call?: unknown } | undefined)?.call === 'function') {
    return (args) => (client as { call(...args: string[]): Promise<unknown> }).call(...args);
  }
  if (typeof (client as { sendCommand?: unknown } | undefined)?.sendCommand === 'function') {
    return (args) => (client as { sendCommand(args: string[]): Promise<unknown> }).sendCommand(args);
  }
  throw new SalesforceAuthConfigError('client', 'must be a client of the package redis or ioredis');
}
