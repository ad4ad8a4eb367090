import { setTimeout as sleep } from 'node:timers/promises';
import { SalesforceAuthConfigError, SalesforceStoreError } from '../errors';

/** How a store that several processes share locks an identity. */
export interface LockOptions {
  /**
   * Milliseconds until the lock of a holder that died is free again; a living one renews it in time. At least 2000, default
   * 10,000.
   */
  leaseMs?: number;
  /**
   * Milliseconds to wait for the lock. More than `leaseMs`, for a waiter must outlast a dead holder, and one token request on
   * top; default `leaseMs` + 35,000.
   */
  waitMs?: number;
}

/** A token request is given up after 30 seconds: runtime/grants.ts */
const REFRESH_MS = 35_000;

/** @throws SalesforceAuthConfigError unless the times fit together */
export function lockTimes({ leaseMs = 10_000, waitMs = leaseMs + REFRESH_MS }: LockOptions): Required<LockOptions> {
  if (!(leaseMs >= 2000 && leaseMs <= 3_600_000)) {
    throw new SalesforceAuthConfigError('leaseMs', 'must be from 2000 to 3600000 milliseconds');
  }
  if (!(waitMs > leaseMs)) {
    throw new SalesforceAuthConfigError('waitMs', 'must be more milliseconds than leaseMs, or a holder that died stops everybody');
  }
  return { leaseMs, waitMs };
}

/**
 * Tries to take a lock until it is taken.
 * @param take gives undefined while somebody else has it
 * @throws SalesforceStoreError `STORE_LOCK_TIMEOUT` when `waitMs` are over
 */
export async function waitFor<T>(take: () => Promise<T | undefined>, waitMs: number): Promise<T> {
  const start = performance.now();
  for (;;) {
    const taken = await take();
    if (taken !== undefined) return taken;
    if (performance.now() - start > waitMs) {
      throw new SalesforceStoreError(
        'STORE_LOCK_TIMEOUT',
        `Another process has held the lock of these tokens for more than ${waitMs} ms: try again, or raise waitMs`,
      );
    }
    // At random, so that those who wait do not all try at the same instant.
    await sleep(25 + Math.random() * 75);
  }
}
