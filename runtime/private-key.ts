import { createPrivateKey, type KeyObject } from 'node:crypto';

/** Reads a PEM or passes a key on. @throws Error with a reason that starts with a verb and names no value */
export function readPrivateKey(key: string | KeyObject): KeyObject {
  if (typeof key === 'string') {
    if (/-----BEGIN (TRUSTED )?CERTIFICATE/.test(key) && !/-----BEGIN [A-Z ]*PRIVATE KEY/.test(key)) {
      throw new Error('holds a certificate: the app in Salesforce keeps that one, give the private key it was made with');
    }
    if (/-----BEGIN [A-Z ]*PUBLIC KEY/.test(key)) {
      throw new Error('holds a public key: give the private key, which begins with -----BEGIN PRIVATE KEY-----');
    }
    if (/ENCRYPTED/.test(key)) {
      throw new Error('is protected by a passphrase: decrypt it with `openssl pkcs8 -in key.pem -out decrypted.pem`');
    }
  }
  let parsed: KeyObject;
  try {
    // A one-line value from an env file has its line breaks written as \n.
    parsed = typeof key === 'string' ? createPrivateKey(key.replaceAll('\\n', '\n')) : key;
  } catch {
    throw new Error('is not a private key in PEM form: it must begin with -----BEGIN PRIVATE KEY-----');
  }
  // https://github.com/simstudioai/sim/pull/6526
  if (parsed.type !== 'private' || parsed.asymmetricKeyType !== 'rsa' || (parsed.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new Error('must be an RSA private key of 2048 bits or more: Salesforce accepts no other');
  }
  return parsed;
}
