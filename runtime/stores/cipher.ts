import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Environment } from '../environment';
import { SalesforceAuthConfigError, SalesforceStoreError } from '../errors';
import type { Identity, TokenRecord } from './store';

/** First byte of a sealed record: AES-256-GCM, then 12 bytes IV, 16 bytes tag, ciphertext. */
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_VARIABLE = 'SALESFORCE_TOKEN_KEY';

/**
 * Gives the key that records are encrypted with: 32 bytes in base64, as `openssl rand -base64 32` makes them. Several may be
 * listed with commas: the first one encrypts, all of them decrypt.
 */
export type TokenKey = () => string | Promise<string>;

/** Reads the keys when they are first needed; those of the environment at once, so that a missing one shows at the start. */
export function keyReader(callback: TokenKey | undefined, env: Environment = process.env): () => Promise<Buffer[]> {
  if (callback !== undefined && typeof callback !== 'function') {
    throw new SalesforceAuthConfigError('key', 'must be a function that gives the key, so that it is read when it is needed: `key: () => process.env.MY_KEY`');
  }
  if (!callback) {
    const keys = parseKeys(env[KEY_VARIABLE], KEY_VARIABLE);
    return async () => keys;
  }
  let keys: Buffer[] | undefined;
  return async () => (keys ??= parseKeys(await callback(), 'key'));
}

function parseKeys(text: string | undefined, setting: string): Buffer[] {
  const howTo = 'the output of `openssl rand -base64 32`';
  if (!text) throw new SalesforceAuthConfigError(setting, `is missing: give the key that tokens are encrypted with, ${howTo}`);
  return text.split(',').map((part) => {
    if (!/^[A-Za-z0-9+/]{43}=$/.test(part.trim())) {
      throw new SalesforceAuthConfigError(setting, `must be 32 bytes in base64, ${howTo}; several are separated by commas, the newest first`);
    }
    return Buffer.from(part, 'base64');
  });
}

/** A name for an identity that is safe in file names and Redis keys. */
export function nameOf(identity: Identity): string {
  return createHash('sha256').update(textOf(identity)).digest('hex').slice(0, 32);
}

/** The record, encrypted with the first key and bound to its identity: put in another's place it does not open. */
export function seal([key]: readonly Buffer[], identity: Identity, record: TokenRecord): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key!, iv).setAAD(boundTo(identity));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(record)), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), ciphertext]);
}

/**
 * What {@link seal} sealed with any of the keys.
 * @param place where it was found, for the error
 * @throws SalesforceStoreError `STORE_UNREADABLE`
 */
export function open(keys: readonly Buffer[], identity: Identity, sealed: Buffer, place: string): TokenRecord {
  const tagAt = 1 + IV_BYTES;
  const textAt = tagAt + TAG_BYTES;
  if (sealed[0] === VERSION && sealed.length > textAt) {
    for (const key of keys) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, tagAt), { authTagLength: TAG_BYTES })
        .setAAD(boundTo(identity))
        .setAuthTag(sealed.subarray(tagAt, textAt));
      const start = decipher.update(sealed.subarray(textAt));
      try {
        return JSON.parse(Buffer.concat([start, decipher.final()]).toString()) as TokenRecord;
      } catch {
        // Another key may fit.
      }
    }
  }
  throw unreadable(place);
}

/** Never overwritten: whoever has the right key still needs it. */
export function unreadable(place: string): SalesforceStoreError {
  return new SalesforceStoreError(
    'STORE_UNREADABLE',
    `The tokens in ${place} do not open: they were encrypted with another key, or changed since. They are left as they are. ` +
      `Give the key they were written with (${KEY_VARIABLE} or the option key; "new,old" while changing keys), or delete them`,
  );
}

function boundTo(identity: Identity): Buffer {
  return Buffer.concat([Buffer.of(VERSION), Buffer.from(textOf(identity))]);
}

function textOf({ issuer, clientId, flow, subject }: Identity): string {
  return JSON.stringify([issuer, clientId, flow, subject]);
}
