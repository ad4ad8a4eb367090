import { createHash, randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { AsyncEntry } from '@napi-rs/keyring';
import { SalesforceAuthConfigError, SalesforceStoreError } from '../errors';
import type { TokenKey } from './cipher';
import { FileLocks } from './file-lock';
import { lockTimes } from './wait';

/** Options of {@link keychainKey}: the entry in the keychain. */
export interface KeychainOptions {
  /** Default `salesforce-auth-client`. */
  service?: string;
  /** Default `token-key`. */
  account?: string;
}

/**
 * A key in this user's keychain (macOS Keychain, Windows Credential Manager, Secret Service on Linux), made when there is
 * none: `fileStore({ folder, key: keychainKey() })`. Whoever names the same entry has the same key.
 *
 * Needs the package `@napi-rs/keyring`, which you install yourself. The key rejects with a SalesforceAuthConfigError when that
 * is missing, and with a SalesforceStoreError `STORE_UNAVAILABLE` when no keychain can be used.
 */
export function keychainKey({ service = 'salesforce-auth-client', account = 'token-key' }: KeychainOptions = {}): TokenKey {
  const locks = new FileLocks(lockTimes({}));
  return async () => {
    const entry = await entryOf(service, account);
    const stored = () => orUnreachable(() => entry.getPassword());
    const make = async () => {
      await orUnreachable(() => entry.setPassword(randomBytes(32).toString('base64')));
      return stored();
    };
    const key = (await stored()) ?? (await locks.run(lockOf(service, account), async () => (await stored()) ?? make()));
    if (key === null) throw unreachable('it did not keep a new key');
    return key;
  };
}

/**
 * One lock per entry and user, wherever the tokens are: two processes that both find no key must not make two, or the tokens
 * under the first one are lost. The user's home by the system's account: HOME may be set differently for each of them.
 */
function lockOf(service: string, account: string): string {
  const name = createHash('sha256').update(JSON.stringify([service, account])).digest('hex').slice(0, 32);
  return join(userInfo().homedir, `.salesforce-auth-client-${name}.lock`);
}

async function entryOf(service: string, account: string): Promise<AsyncEntry> {
  const { AsyncEntry } = await import('@napi-rs/keyring').catch((error: Error) => {
    throw new SalesforceAuthConfigError(
      'key',
      `needs the package @napi-rs/keyring for the keychain, which could not be loaded (${error.message.split('\n')[0]}): npm install @napi-rs/keyring`,
    );
  });
  // Without a Secret Service the package would take the kernel's keyring, which forgets the key with the next restart.
  return orUnreachable(async () => new AsyncEntry(service, account, { linux: { store: 'secret-service' } }));
}

async function orUnreachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unreachable((error as Error).message);
  }
}

function unreachable(why: string): SalesforceStoreError {
  return new SalesforceStoreError(
    'STORE_UNAVAILABLE',
    `The keychain cannot be used (${why}): unlock it; on Linux it takes a Secret Service in this user's session, such as gnome-keyring. ` +
      'Where there is none, as on most servers, give the key in SALESFORCE_TOKEN_KEY instead of by keychainKey()',
  );
}
