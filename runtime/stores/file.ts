import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../environment';
import { SalesforceAuthConfigError } from '../errors';
import { keyReader, nameOf, open, seal, type TokenKey } from './cipher';
import { orUnavailable, syncFolder, writeDurably } from './durable';
import { FileLocks } from './file-lock';
import type { Identity, TokenRecord, TokenStore } from './store';
import { lockTimes, type LockOptions } from './wait';

/** Options of {@link fileStore}. */
export interface FileStoreOptions extends LockOptions {
  /** Where the tokens are kept, on a disk of this machine. Made, for this user alone, when it is missing. */
  folder: string;
  /** The key. Default: the environment variable SALESFORCE_TOKEN_KEY. */
  key?: TokenKey;
}

/**
 * Tokens in encrypted files, one per identity, shared by the processes of this machine.
 * @throws SalesforceAuthConfigError when the folder or the key is missing, or the times do not fit
 */
export function fileStore(options: FileStoreOptions, env: Environment = process.env): TokenStore {
  const { folder, key } = options;
  if (!folder) throw new SalesforceAuthConfigError('folder', 'is missing: give the folder to keep tokens in');
  const locks = new FileLocks(lockTimes(options));
  const readKeys = keyReader(key, env);
  const pathOf = (identity: Identity) => tokenFile(folder, identity);

  const stored = (keys: Buffer[], identity: Identity): TokenRecord | undefined => {
    const path = pathOf(identity);
    let sealed: Buffer;
    try {
      sealed = readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return open(keys, identity, sealed, path);
  };

  const makeFolder = () => orUnavailable(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));

  const withLock = async <T>(identity: Identity, work: () => Promise<T>): Promise<T> => {
    await makeFolder();
    return locks.run(`${pathOf(identity)}.lock`, work);
  };

  return {
    read: async (identity) => {
      const keys = await readKeys();
      return orUnavailable(folder, async () => stored(keys, identity));
    },

    swap: async (identity, expectedGeneration, next) => {
      const path = pathOf(identity);
      const keys = await readKeys();
      const draft = `${path}.${randomBytes(6).toString('hex')}`;
      return orUnavailable(folder, async () => {
        // Without a pause between comparing and replacing: nobody comes in between.
        const replace = () => {
          if ((stored(keys, identity)?.generation ?? 0) !== expectedGeneration) return false;
          renameSync(draft, path);
          return true;
        };
        try {
          await makeFolder();
          await writeDurably(draft, seal(keys, identity, next));
          // A holder that was stopped for too long has lost its lock, and queues like anybody else.
          const isWritten = locks.holds(`${path}.lock`) ? replace() : await withLock(identity, async () => replace());
          if (isWritten) await syncFolder(folder);
          return isWritten;
        } finally {
          await rm(draft, { force: true });
        }
      });
    },

    withLock,
  };
}

/** The file of an identity's record. Beside it, with `.lock` behind its name, a folder while somebody has the lock. */
export function tokenFile(folder: string, identity: Identity): string {
  return join(folder, `${nameOf(identity)}.token`);
}
