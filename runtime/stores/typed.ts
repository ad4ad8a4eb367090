import { SalesforceAuthError, SalesforceStoreError } from '../errors';
import type { Redactor } from '../redact';
import type { TokenStore } from './store';

/** The store, with whatever it throws as a SalesforceAuthError that holds no secret. */
export function typedStore(store: TokenStore, redactor: Redactor): TokenStore {
  const typed = (error: unknown, what: string) =>
    error instanceof SalesforceAuthError
      ? error
      : new SalesforceStoreError('STORE_UNAVAILABLE', `The token store could not be ${what}: mend the store; no token is asked for without it`, { cause: redactor.scrubError(error) });
  // `await` in here: a store may also throw before it returns a promise.
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw typed(error, what);
    }
  };
  return {
    read: (identity) => attempt('read', () => store.read(identity)),
    swap: (identity, expectedGeneration, next) => attempt('written', () => store.swap(identity, expectedGeneration, next)),
    withLock: (identity, work) => attempt('locked', () => store.withLock(identity, work)),
  };
}
