import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { mkdir, open as openFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../environment';
import { SalesforceAuthConfigError, SalesforceStoreError } from '../errors';
import { keyReader, nameOf, open, seal, type TokenKey } from './cipher';
import { tryFileLock, type FileLease } from './file-lock';
import type { Identity, TokenRecord, TokenStore } from './store';
import { lockTimes, waitFor, type LockOptions } from './wait';

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
  const { leaseMs, waitMs } = lockTimes(options);
  const readKeys = keyReader(key, env);
  const leases = new Map<string, FileLease>();
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

  const takeLock = (path: string) =>
    orUnavailable(folder, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return waitFor(() => tryFileLock(`${path}.lock`, leaseMs), waitMs);
    });

  const withLock = async <T>(identity: Identity, work: () => Promise<T>): Promise<T> => {
    const path = pathOf(identity);
    const lease = await takeLock(path);
    leases.set(path, lease);
    try {
      return await work();
    } finally {
      if (leases.get(path) === lease) leases.delete(path);
      await lease.release();
    }
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
          await mkdir(folder, { recursive: true, mode: 0o700 });
          await writeDurably(draft, seal(keys, identity, next));
          // A holder that was stopped for too long has lost its lock, and queues like anybody else.
          const isWritten = leases.get(path)?.isOurs() ? replace() : await withLock(identity, async () => replace());
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

async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const file = await openFile(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the renaming durable as well. Windows opens no folders, and needs none of it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await openFile(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orUnavailable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new SalesforceStoreError(
      'STORE_UNAVAILABLE',
      `The token folder ${folder} cannot be used (${code} on ${syscall}): check that it exists, that this user owns it and that the disk has room`,
      { cause: error as Error },
    );
  }
}
