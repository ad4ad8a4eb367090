import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SalesforceAuthConfigError, SalesforceStoreError } from '../errors';
import { fingerprint } from '../grants';
import { open, seal } from './cipher';
import { orUnavailable, syncFolder, writeDurably } from './durable';
import { FileLocks } from './file-lock';
import { sfCliCipher, type SfCliCipher } from './sf-cli-cipher';
import type { Identity, TokenRecord, TokenStore } from './store';
import { lockTimes } from './wait';

/** Options of {@link sfCliStore}. */
export interface SfCliStoreOptions {
  /** Whose login of the CLI it is: a username as `sf org list` shows it. */
  username: string;
  /**
   * Gives the key that the CLI encrypts with, 32 or 64 hex digits, where the CLI keeps it in the operating system's keychain.
   * Default: the one in `~/.sfdx/key.json`.
   */
  key?: () => string | Promise<string>;
}

/** What the CLI's file has no field for: the record without its tokens, and which tokens it is about. */
type Remark = Omit<TokenRecord, 'accessToken' | 'refreshToken'> & {
  readonly tokens: string;
  /** The CLI's file still has an access token that was rejected. */
  readonly isWithoutAccess?: true;
};

/** Both files at one moment. */
interface Snapshot {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly accessToken: string | undefined;
  readonly refreshToken: string;
  readonly record: TokenRecord;
  /** The CLI wrote tokens that no remark is about yet. */
  readonly isNew: boolean;
  /** As they are on the disk. */
  readonly bytes: readonly (Buffer | undefined)[];
}

/**
 * One login of the `sf` CLI, used and renewed together with the CLI: under its lock, in its file, encrypted as it does.
 * For the flow refresh-token with the client id of that login. A token that the CLI renewed is adopted, and the CLI reads
 * the ones renewed here. Generations and such are kept in a file of ours beside it.
 *
 * The lock: https://github.com/forcedotcom/sfdx-core/pull/1342
 * @throws SalesforceAuthConfigError when `username` is no username
 */
export function sfCliStore({ username, key }: SfCliStoreOptions): TokenStore {
  if (!/^[^/\\]+@[^/\\]+$/.test(username)) {
    throw new SalesforceAuthConfigError('username', 'must be the username of a login of the sf CLI, as `sf org list` shows it');
  }
  const folder = join(homedir(), '.sfdx');
  const path = join(folder, `${username}.json`);
  const remarkPath = `${path}.salesforce-auth-client`;
  // As long as the CLI's: 10 seconds.
  const locks = new FileLocks(lockTimes({}));
  const rotationLock = `${path}.token-rotation.lock`;
  const readCipher = cipherReader(folder, key);

  /** @throws SalesforceAuthError unless this is a login that can be renewed */
  const snapshot = (cipher: SfCliCipher, identity: Identity): Snapshot => {
    const text = readFileSync(path);
    const sealed = existsSync(remarkPath) ? readFileSync(remarkPath) : undefined;
    const fields = fieldsOf(text, path);
    if (fields.clientId !== identity.clientId) {
      throw new SalesforceAuthConfigError('clientId', `must be the one that ${username} logged in with to the sf CLI: clientId in ${path}`);
    }
    const [accessToken, refreshToken] = secretsOf(fields, cipher, path);
    if (!refreshToken) {
      throw new SalesforceAuthConfigError('username', `has no refresh token in ${path}: log in with \`sf org login web\`, or use the flow that it logged in by`);
    }
    const remark = sealed && remarkIn(sealed, cipher, username);
    const bytes = [text, sealed];
    const found = { fields, accessToken, refreshToken, bytes };
    if (remark?.tokens === fingerprint([accessToken, refreshToken])) {
      const { tokens: _, isWithoutAccess, ...kept } = remark;
      return { ...found, isNew: false, record: { ...kept, ...(accessToken && !isWithoutAccess && { accessToken }), refreshToken } };
    }
    const record: TokenRecord = {
      generation: (remark?.generation ?? 0) + 1,
      // When the CLI wrote the file, for want of anything better.
      obtainedAt: Math.floor(statSync(path).mtimeMs),
      ...(accessToken && { accessToken }),
      ...instanceOf(fields),
      refreshToken,
      ...(remark?.usage && { usage: remark.usage }),
    };
    return { ...found, isNew: true, record };
  };

  /** Both files, while the CLI writes neither; and what to make of them. */
  const withFile = async <T>(identity: Identity, work: (cipher: SfCliCipher, now: Snapshot) => Promise<T>): Promise<T> => {
    checkIdentity(identity, username);
    const cipher = await readCipher();
    if (!existsSync(path)) {
      throw new SalesforceStoreError('STORE_UNAVAILABLE', `The sf CLI has no login of ${username} (${path}): log in with \`sf org login web\``);
    }
    return locks.run(`${path}.lock`, () => orUnavailable(folder, () => work(cipher, snapshot(cipher, identity))));
  };

  /** @returns whether the files were still as they had been read */
  const write = async (cipher: SfCliCipher, now: Snapshot, next: TokenRecord): Promise<boolean> => {
    const { accessToken = now.accessToken, refreshToken = now.refreshToken, ...kept } = next;
    const isNewAccess = accessToken !== undefined && accessToken !== now.accessToken;
    const isNewRefresh = refreshToken !== now.refreshToken;
    const fields = {
      ...now.fields,
      ...(isNewAccess && { accessToken: cipher.encrypt(accessToken), instanceUrl: next.instanceUrl }),
      ...(isNewRefresh && { refreshToken: cipher.encrypt(refreshToken) }),
    };
    const remark: Remark = {
      ...kept,
      tokens: fingerprint([accessToken, refreshToken]),
      ...(accessToken !== undefined && !next.accessToken && { isWithoutAccess: true }),
    };
    const drafts = [
      // The tokens first: whoever finds them without the remark takes them for the CLI's.
      ...(isNewAccess || isNewRefresh ? [{ path, bytes: Buffer.from(JSON.stringify(fields, null, 2)) }] : []),
      { path: remarkPath, bytes: seal([ownKey(cipher)], remarkOf(username), remark) },
    ].map((draft) => ({ ...draft, at: `${draft.path}.${randomBytes(6).toString('hex')}` }));
    try {
      for (const { at, bytes } of drafts) await writeDurably(at, bytes);
      // Without a pause between comparing and replacing: this process may have been stopped for longer than its locks last.
      if (!isAsRead(now, [path, remarkPath])) return false;
      for (const draft of drafts) renameSync(draft.at, draft.path);
      await syncFolder(folder);
      return true;
    } finally {
      for (const { at } of drafts) await rm(at, { force: true });
    }
  };

  return {
    read: (identity) => withFile(identity, async (_cipher, { record }) => record),

    swap: async (identity, expectedGeneration, next) => {
      const replace = () =>
        withFile(identity, async (cipher, now) => now.record.generation === expectedGeneration && write(cipher, now, next));
      return locks.holds(rotationLock) ? replace() : locks.run(rotationLock, replace);
    },

    withLock: async (identity, work) => {
      // Tells of a missing login before the lock of one would.
      await withFile(identity, async () => {});
      return locks.run(rotationLock, async () => {
        // Gives what the CLI did its number: two logins of the CLI must not have the same one.
        await withFile(identity, async (cipher, now) => now.isNew && write(cipher, now, now.record));
        return work();
      });
    },
  };
}

/** Asked until there is one, and then no more. */
function cipherReader(folder: string, callback: SfCliStoreOptions['key']): () => Promise<SfCliCipher> {
  let cipher: SfCliCipher | undefined;
  return async () => {
    cipher ??= sfCliCipher((callback ? await callback() : keyInFile(join(folder, 'key.json'))).trim());
    if (!cipher) throw new SalesforceAuthConfigError('key', 'must be the key of the sf CLI: 32 or 64 hex digits');
    return cipher;
  };
}

/** https://github.com/forcedotcom/sfdx-core/blob/main/src/crypto/keyChainImpl.ts */
function keyInFile(path: string): string {
  try {
    const { key } = JSON.parse(readFileSync(path, 'utf8')) as { key?: unknown };
    if (typeof key === 'string') return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
  }
  throw new SalesforceAuthConfigError(
    'key',
    `is missing, and there is none in ${path}: the sf CLI keeps its key in the operating system's keychain. Give a function that ` +
      'reads it there: on macOS `security find-generic-password -a local -s sfdx -w`, on Linux `secret-tool lookup user local domain sfdx`',
  );
}

function checkIdentity({ flow, subject }: Identity, username: string): void {
  if (flow !== 'refresh-token') throw new SalesforceAuthConfigError('flow', "must be 'refresh-token' with the store of the sf CLI");
  if (subject !== username) throw new SalesforceAuthConfigError('username', `must be ${username}, whose login of the sf CLI the store is`);
}

function fieldsOf(text: Buffer, path: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(text.toString());
    if (typeof fields === 'object' && fields !== null) return fields as Record<string, unknown>;
  } catch {
    // The parser's message would quote the file.
  }
  throw new SalesforceStoreError('STORE_UNREADABLE', `${path} is no JSON object. It is left as it is: log in again with \`sf org login web\``);
}

function secretsOf(fields: Record<string, unknown>, cipher: SfCliCipher, path: string): (string | undefined)[] {
  try {
    return [fields.accessToken, fields.refreshToken].map((value) => (typeof value === 'string' ? cipher.decrypt(value) : undefined));
  } catch {
    throw new SalesforceStoreError(
      'STORE_UNREADABLE',
      `The tokens in ${path} do not open: they were encrypted with another key, or changed since. They are left as they are. ` +
        'Give the key that the sf CLI uses by the option key, or log in again with `sf org login web`',
    );
  }
}

/** Nothing where it does not open: it was written under a key that the CLI has no more, about tokens of that time. */
function remarkIn(sealed: Buffer, cipher: SfCliCipher, username: string): Remark | undefined {
  try {
    return open([ownKey(cipher)], remarkOf(username), sealed, '') as TokenRecord & Remark;
  } catch {
    return undefined;
  }
}

function instanceOf({ instanceUrl }: Record<string, unknown>): Pick<TokenRecord, 'instanceUrl'> {
  return typeof instanceUrl === 'string' && URL.canParse(instanceUrl) ? { instanceUrl: new URL(instanceUrl).origin } : {};
}

/** One key for two formats is one use too many. */
function ownKey({ key }: SfCliCipher): Buffer {
  return createHmac('sha256', key).update('salesforce-auth-client').digest();
}

/** What the remark is bound to: the login, whoever uses it. */
function remarkOf(username: string): Identity {
  return { issuer: 'sf', clientId: '', flow: 'refresh-token', subject: username };
}

function isAsRead({ bytes }: Snapshot, paths: readonly string[]): boolean {
  return paths.every((path, index) => {
    const before = bytes[index];
    return existsSync(path) ? before?.equals(readFileSync(path)) : before === undefined;
  });
}
