import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { freshId, randomText } from './ids';

const TOKEN_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';

/** Who the org and its integration user are, and what proves it. */
export interface Identity {
  organizationId: string;
  userId: string;
  username: string;
  password: string;
  securityToken: string;
  clientId: string;
  clientSecret: string;
  privateKey: string;
  publicKey: KeyObject;
}

/** A new RSA key pair of the smallest size that Salesforce takes. */
export async function newKeyPair(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
}

/** Makes up an org, its user and its app. Shapes as real ones have them, values random: nothing to leak, nothing to scan for. */
export async function newIdentity(): Promise<Identity> {
  const { publicKey, privateKey } = await newKeyPair();
  return {
    organizationId: freshId('00D'),
    userId: freshId('005'),
    username: `integration.${randomText(8).toLowerCase()}@fake-org.example`,
    password: `${randomText(16)}!1`,
    securityToken: randomText(24),
    clientId: '3MVG9' + randomText(80, TOKEN_ALPHABET),
    clientSecret: randomText(64, '0123456789ABCDEF'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey,
  };
}

/**
 * An opaque access token, which is a session id: org id, `!`, 96 characters.
 * https://github.com/forcedotcom/sfdx-core/blob/main/src/util/sfdc.ts
 */
export function newOpaqueToken(organizationId: string): string {
  return `${organizationId}!${randomText(96, TOKEN_ALPHABET)}`;
}

/** https://github.com/trufflesecurity/trufflehog/blob/main/pkg/detectors/salesforcerefreshtoken/salesforcerefreshtoken.go */
export function newRefreshToken(): string {
  return '5Aep861' + randomText(80, TOKEN_ALPHABET);
}
