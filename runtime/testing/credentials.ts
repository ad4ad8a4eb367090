import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { freshId, randomText } from './ids';

const TOKEN_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';

/** An RSA key pair. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A key pair of the smallest size that Salesforce takes, made when first asked for: most tests never do, and it is slow. */
export function lazyKeyPair(): () => KeyPair {
  let pair: KeyPair | undefined;
  return () => (pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

/** Who the org and its integration user are, and what proves it. */
export interface Identity {
  organizationId: string;
  userId: string;
  username: string;
  password: string;
  securityToken: string;
  clientId: string;
  clientSecret: string;
  /** The key pair whose certificate the app holds. */
  appKeys: () => KeyPair;
}

/** Makes up an org, its user and its app. Shapes as real ones have them, values random: nothing to leak, nothing to scan for. */
export function newIdentity(): Identity {
  return {
    organizationId: freshId('00D'),
    userId: freshId('005'),
    username: `integration.${randomText(8).toLowerCase()}@fake-org.example`,
    password: `${randomText(16)}!1`,
    securityToken: randomText(24),
    clientId: '3MVG9' + randomText(80, TOKEN_ALPHABET),
    clientSecret: randomText(64, '0123456789ABCDEF'),
    appKeys: lazyKeyPair(),
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
