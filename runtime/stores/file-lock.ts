import fs from 'node:fs';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';
import { orUnavailable } from './durable';
import { waitFor, type LockOptions } from './wait';

/** A lock that this process took. */
export interface FileLease {
  /** Is it still ours? A process that was stopped for longer than the lease finds another's in its place. */
  isOurs(): boolean;
  release(): Promise<void>;
}

/**
 * Takes the lock at `path`, a directory whose mtime the holder keeps fresh; undefined while somebody else has it.
 * @param leaseMs age of the mtime at which the holder counts as dead
 */
async function tryFileLock(path: string, leaseMs: number): Promise<FileLease | undefined> {
  let setByUs: number | undefined;
  const isOurs = () => {
    const stats = fs.statSync(path, { throwIfNoEntry: false });
    // A successor's mtime is a lease later than ours, or more; some file systems keep whole seconds only.
    return stats !== undefined && setByUs !== undefined && Math.abs(stats.mtimeMs - setByUs) < 1000;
  };
  // proper-lockfile removes the directory without looking again whose it is by then: a stale one that another waiter has just
  // replaced, or our own after another process took it over. Here looking and removing leave no gap.
  const remove = () => {
    const stats = fs.statSync(path, { throwIfNoEntry: false });
    const isDead = stats !== undefined && setByUs === undefined && stats.mtimeMs < Date.now() - leaseMs;
    if (isDead || isOurs()) fs.rmdirSync(path);
  };
  const guarded = {
    ...fs,
    utimes: (target: string, atime: Date, mtime: Date, done: fs.NoParamCallback) => {
      setByUs = mtime.getTime();
      fs.utimes(target, atime, mtime, done);
    },
    rmdir: (_path: string, done: fs.NoParamCallback) => {
      try {
        remove();
      } catch (error) {
        return done(error as NodeJS.ErrnoException);
      }
      done(null);
    },
    rmdirSync: remove,
  };
  try {
    const release = await lock(path, {
      lockfilePath: path,
      realpath: false,
      stale: leaseMs,
      fs: guarded,
      // Whoever goes on to write asks isOurs().
      onCompromised: () => {},
    });
    return {
      isOurs,
      // What cannot be removed runs out by itself.
      release: async () => (isOurs() ? release().catch(() => {}) : undefined),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw error;
  }
}

/** The locks of a store, by path. */
export class FileLocks {
  readonly #times: Required<LockOptions>;
  readonly #held = new Map<string, FileLease>();

  constructor(times: Required<LockOptions>) {
    this.#times = times;
  }

  /**
   * Runs `work` while nobody else, in any process, runs theirs under the lock at `path`. Its folder must exist.
   * @throws SalesforceStoreError `STORE_LOCK_TIMEOUT` or `STORE_UNAVAILABLE`
   */
  async run<T>(path: string, work: () => Promise<T>): Promise<T> {
    const { leaseMs, waitMs } = this.#times;
    const lease = await orUnavailable(dirname(path), () => waitFor(() => tryFileLock(path, leaseMs), waitMs));
    this.#held.set(path, lease);
    try {
      return await work();
    } finally {
      if (this.#held.get(path) === lease) this.#held.delete(path);
      await lease.release();
    }
  }

  /** Is it ours, still? */
  holds(path: string): boolean {
    return this.#held.get(path)?.isOurs() ?? false;
  }
}
