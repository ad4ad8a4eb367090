import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { envNames, optionsFromEnv } from './env';
import type { Environment } from './environment';
import { ASSERTION_SECONDS } from './grants';
import { checkOptions } from './options';

/** Whose assertion it is, and for which server. Everything left out comes from the environment. */
export interface JwtBearerAssertionOptions {
  /** The user to log in as. Default: SALESFORCE_USERNAME. */
  username?: string | undefined;
  /** Where the token request goes; a path is left out. Default: SALESFORCE_LOGIN_URL. */
  loginUrl?: string | undefined;
}

/**
 * The assertion of a JWT bearer token request that a program sends itself, good for three minutes: signed with
 * SALESFORCE_PRIVATE_KEY or SALESFORCE_PRIVATE_KEY_FILE, for the app SALESFORCE_CLIENT_ID.
 *
 * `{ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwtBearerAssertion({ username }) }`
 *
 * Programs that can leave the token request to this library have no use for it: `salesforce.fetch` renews by itself.
 * @throws SalesforceAuthConfigError naming the variable and what to do
 */
export function jwtBearerAssertion({ username, loginUrl }: JwtBearerAssertionOptions = {}, env: Environment = process.env): string {
  const overrides = { flow: 'jwt-bearer' as const, ...(username && { username }), ...(loginUrl && { loginUrl }) };
  const checked = checkOptions(optionsFromEnv(overrides, env), { ...envNames('jwt-bearer', env), ...(loginUrl && { loginUrl: 'loginUrl' }) });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  // `exp` bounds the assertion, not the token that comes back.
  const claims = { iss: checked.clientId, sub: checked.username, aud: checked.loginUrl, exp: Math.floor(Date.now() / 1000) + ASSERTION_SECONDS };
  const unsigned = `${part({ alg: 'RS256' })}.${part(claims)}`;
  return `${unsigned}.${sign('RSA-SHA256', Buffer.from(unsigned), checked.privateKey as KeyObject).toString('base64url')}`;
}
