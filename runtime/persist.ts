import { setTimeout as sleep } from 'node:timers/promises';
import { SalesforceStoreError, type SalesforceAuthError } from './errors';
import type { AuthEvents, RefreshReason } from './events';
import type { TokenResponse } from './grants';
import { withLogin, withRefresh, withRequests } from './limits';
import { isActive, tokenGeneration, type ActiveRecord, type Identity, type TokenRecord, type TokenStore } from './stores/store';

const SAVE_TRIES = 3;

/** A token that Salesforce granted, on its way into the store. */
export interface Granted {
  readonly response: TokenResponse;
  /** The refresh token to keep: the new one, or the one that was sent. */
  readonly refreshToken: string | undefined;
  readonly obtainedAt: number;
  /** Number of the token it replaces; anything newer in the store is somebody else's. */
  readonly replaces: number;
  /** Token requests it took. */
  readonly requests: number;
  readonly reason: RefreshReason;
}

export interface Saved {
  readonly record: ActiveRecord;
  readonly isOwn: boolean;
}

/** Persists first, so that tokens are used afterwards: a rotated refresh token that only memory knows is lost with the process. */
export class Persister {
  readonly #store: TokenStore;
  readonly #identity: Identity;
  readonly #events: AuthEvents;
  /** Granted, and refused by the store. As long as it is here, the token that it replaced is not sent again. */
  #unsaved: Granted | undefined;

  constructor(store: TokenStore, identity: Identity, events: AuthEvents) {
    this.#store = store;
    this.#identity = identity;
    this.#events = events;
  }

  /** Tries once more to store what the store did not take before. To be called with the lock held. */
  async rescue(stored: TokenRecord | undefined): Promise<Saved | undefined> {
    return this.#unsaved && this.save(stored, this.#unsaved);
  }

  /**
   * Stores a token, on top of whatever else changed in the record meanwhile. To be called with the lock held.
   * @throws SalesforceStoreError `STORE_PERSIST_FAILED` or `STORE_CONFLICT`
   */
  async save(stored: TokenRecord | undefined, granted: Granted): Promise<Saved> {
    this.#unsaved = granted;
    let previous = stored;
    let failure: SalesforceAuthError | undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        // Not on the first attempt: what the caller read under the lock is still true.
        if (attempt > 1) previous = await this.#store.read(this.#identity);
        const newer = this.#newer(previous, granted);
        const record = newer ?? merged(previous, granted);
        if (newer || (await this.#store.swap(this.#identity, previous?.generation ?? 0, record))) {
          this.#unsaved = undefined;
          return { record, isOwn: record.accessToken === granted.response.accessToken };
        }
        failure = undefined;
      } catch (error) {
        failure = error as SalesforceAuthError;
      }
      if (attempt === SAVE_TRIES) break;
      if (failure) await sleep(100 * 2 ** attempt * (0.5 + Math.random()));
    }
    const error = failure
      ? new SalesforceStoreError(
          'STORE_PERSIST_FAILED',
          'A new token was granted, and the token store did not take it: mend the store while this process runs, the next call tries again',
          { cause: failure },
        )
      : new SalesforceStoreError('STORE_CONFLICT', 'The token store did not accept the new token: something writes to it without its lock');
    this.#events.emit('persist_failed', { generation: granted.replaces, attempt: SAVE_TRIES, code: failure?.code ?? error.code });
    throw error;
  }

  /** Somebody refreshed after our lock had run out: theirs is the newest then. Or our own write did arrive. */
  #newer(previous: TokenRecord | undefined, { replaces }: Granted): ActiveRecord | undefined {
    return previous && tokenGeneration(previous) > replaces && isActive(previous) && !previous.dead ? previous : undefined;
  }
}

function merged(previous: TokenRecord | undefined, granted: Granted): ActiveRecord {
  // What belonged to the last token goes with it; fields that we do not know stay.
  const { tokenGeneration: _, identityUrl: _1, issuedAt: _2, expiresAt: _3, intent: _4, dead: _5, coolDown: _6, ...kept } = previous ?? {};
  const { obtainedAt, refreshToken } = granted;
  const { accessToken, instanceUrl, identityUrl, issuedAt, lifetime } = granted.response;
  const requested = withRequests(previous?.usage, granted.requests, obtainedAt);
  const usage = granted.reason === 'login' ? withLogin(requested) : granted.replaces > 0 ? withRefresh(requested, obtainedAt) : requested;
  return {
    ...kept,
    // Never a number that some process knows another token by: the store may have lost its record.
    generation: Math.max(previous?.generation ?? 0, granted.replaces) + 1,
    accessToken,
    instanceUrl,
    obtainedAt,
    ...(identityUrl && { identityUrl }),
    ...(refreshToken && { refreshToken }),
    ...(issuedAt !== undefined && { issuedAt }),
    ...(lifetime !== undefined && { expiresAt: obtainedAt + lifetime * 1000 }),
    usage,
  };
}
