import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** As the `sf` CLI encrypts the secrets in its files. */
export interface SfCliCipher {
  encrypt(secret: string): string;
  /** @throws Error when it was not encrypted with this key */
  decrypt(encrypted: string): string;
  /** The key as bytes: 32 of them. */
  readonly key: Buffer;
}

const TAG_BYTES = 16;

/**
 * The CLI's AES-256-GCM: `<IV and ciphertext>:<tag>`, in hex. Its older keys are 32 hex digits that it uses as they are
 * written, the IV's as well; its newer ones are 64 digits that stand for 32 bytes.
 * https://github.com/forcedotcom/sfdx-core/blob/main/src/crypto/crypto.ts
 * @returns undefined when the text is neither kind of key
 */
export function sfCliCipher(text: string): SfCliCipher | undefined {
  const isOld = text.length === 32;
  if (!/^[0-9a-f]+$/.test(text) || (!isOld && text.length !== 64)) return undefined;
  const key = Buffer.from(text, isOld ? 'utf8' : 'hex');
  const ivDigits = isOld ? 12 : 24;
  const ivOf = (digits: string) => Buffer.from(digits, isOld ? 'utf8' : 'hex');
  return {
    key,

    encrypt: (secret) => {
      const digits = randomBytes(ivDigits / 2).toString('hex');
      const cipher = createCipheriv('aes-256-gcm', key, ivOf(digits));
      const ciphertext = cipher.update(secret, 'utf8', 'hex') + cipher.final('hex');
      return `${digits}${ciphertext}:${cipher.getAuthTag().toString('hex')}`;
    },

    decrypt: (encrypted) => {
      const [text = '', tag = ''] = encrypted.split(':');
      const decipher = createDecipheriv('aes-256-gcm', key, ivOf(text.slice(0, ivDigits)), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(Buffer.from(tag, 'hex'));
      return decipher.update(text.slice(ivDigits), 'hex', 'utf8') + decipher.final('utf8');
    },
  };
}
