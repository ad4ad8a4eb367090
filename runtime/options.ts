import type { KeyObject } from 'node:crypto';
import type { Clock } from './clock';
import { SalesforceAuthConfigError } from './errors';
import type { Flow } from './grants';
import { isLightningHost, isLoopback } from './hosts';
import { readPrivateKey } from './private-key';
import type { TokenStore } from './stores/store';

/** One identity: who logs in, where, and with what. */
export interface SalesforceAuthOptions {
  /** Which OAuth flow gets the tokens. */
  flow: Flow;
  /**
   * The org's My Domain, https://your-domain.my.salesforce.com (external client apps accept no other), or
   * https://login.salesforce.com / https://test.salesforce.com for older connected apps.
   * https://github.com/n8n-io/n8n/issues/28990
   */
  loginUrl: string;
  /** The app's consumer key. */
  clientId: string;
  /** The app's consumer secret: for client credentials, and for refresh tokens of apps that require it. */
  clientSecret?: string;
  /** For JWT bearer: an RSA key of 2048 bits or more, as PEM (PKCS#1 or PKCS#8) or KeyObject. */
  privateKey?: string | KeyObject;
  /** For JWT bearer: the user to log in as. */
  username?: string;
  /**
   * For the refresh token flow: the token to start with. Rotated ones go to the store. May be left out when the store holds
   * one already, as after `salesforce-auth login`: `username` says whose it is then.
   */
  refreshToken?: string;
  /** Where tokens are kept and shared. Default: this process's memory. */
  store?: TokenStore;
  /** Sends all requests. Default: the global fetch. */
  fetch?: typeof fetch;
  /** Refresh this many seconds before a known expiry: 60 to 300, default 120; never more than a quarter of the token's life. */
  expiryBufferSeconds?: number;
  /**
   * For the refresh token flow: uses the refresh token once in 25 days even when nobody asks for a token, where the app's
   * policy takes idle ones away after 30. Works while the process runs; does not keep it running. Default: false.
   * https://help.salesforce.com/s/articleView?id=xcloud.connected_app_limit_idle_ttl.htm&type=5
   */
  keepAlive?: boolean;
  /** More refreshes of one identity within a minute are refused: from 1, default 5. A login() starts the count anew. */
  maxRefreshesPerMinute?: number;
  /** The time. Default: Date and performance. */
  clock?: Clock;
}

/** What each option is called where the user set it: errors name that. */
export type SettingNames = Record<'flow' | 'loginUrl' | 'clientId' | 'clientSecret' | 'privateKey' | 'username' | 'refreshToken', string>;

export const optionNames: SettingNames = {
  flow: 'flow',
  loginUrl: 'loginUrl',
  clientId: 'clientId',
  clientSecret: 'clientSecret',
  privateKey: 'privateKey',
  username: 'username',
  refreshToken: 'refreshToken',
};

/** @throws SalesforceAuthConfigError unless the URL can be logged in at */
export function loginOrigin(loginUrl: string, setting: string): string {
  const example = 'for example https://your-domain.my.salesforce.com';
  if (!URL.canParse(loginUrl)) throw new SalesforceAuthConfigError(setting, `is not a URL: give the org's My Domain, ${example}`);
  const { protocol, hostname, origin } = new URL(loginUrl);
  if (isLightningHost(hostname)) {
    throw new SalesforceAuthConfigError(setting, `is a Lightning URL, which takes no logins: give the org's My Domain, ${example}`);
  }
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
    throw new SalesforceAuthConfigError(setting, `must begin with https://, ${example}`);
  }
  return origin;
}

const needs = {
  'jwt-bearer': ['clientId', 'privateKey', 'username'],
  'client-credentials': ['clientId', 'clientSecret'],
  'refresh-token': ['clientId'],
} as const;

const howToGet = {
  clientId: "give the app's consumer key",
  clientSecret: "give the app's consumer secret",
  privateKey: "give the RSA private key whose certificate the app holds",
  username: 'give the Salesforce user to log in as',
  refreshToken: 'give the refresh token that authorising the app returned, or a store that holds one (`salesforce-auth login` fills it)',
};

/** @throws SalesforceAuthConfigError naming the option that is missing or wrong */
export function checkOptions(options: SalesforceAuthOptions, names: SettingNames) {
  const { flow, expiryBufferSeconds = 120, maxRefreshesPerMinute = 5 } = options;
  if (!Object.hasOwn(needs, flow)) {
    throw new SalesforceAuthConfigError(names.flow, "must be 'jwt-bearer', 'client-credentials' or 'refresh-token'");
  }
  if (!options.loginUrl) {
    throw new SalesforceAuthConfigError(
      names.loginUrl,
      "is missing: give the org's My Domain, for example https://your-domain.my.salesforce.com",
    );
  }
  const loginUrl = loginOrigin(options.loginUrl, names.loginUrl);
  for (const setting of needs[flow]) {
    if (!options[setting]) throw new SalesforceAuthConfigError(names[setting], `is missing: ${howToGet[setting]}`);
  }
  if (flow === 'refresh-token' && !options.refreshToken) {
    if (!options.store) throw new SalesforceAuthConfigError(names.refreshToken, `is missing: ${howToGet.refreshToken}`);
    if (!options.username) {
      throw new SalesforceAuthConfigError(names.username, 'is missing: without a refresh token it says whose the store is to give');
    }
  }
  if (!(expiryBufferSeconds >= 60 && expiryBufferSeconds <= 300)) {
    throw new SalesforceAuthConfigError('expiryBufferSeconds', 'must be from 60 to 300 seconds');
  }
  if (!Number.isInteger(maxRefreshesPerMinute) || maxRefreshesPerMinute < 1) {
    throw new SalesforceAuthConfigError('maxRefreshesPerMinute', 'must be a whole number from 1');
  }
  if (options.keepAlive && flow !== 'refresh-token') {
    throw new SalesforceAuthConfigError('keepAlive', `is for the refresh-token flow: leave it out, ${flow} has no token that idles away`);
  }
  const { clientId, clientSecret, username, refreshToken } = options;
  // Each flow takes along only what it uses: the rest would change the identity without changing the login.
  if (flow === 'jwt-bearer') {
    return { flow, loginUrl, clientId, privateKey: parseKey(options.privateKey as string | KeyObject, names), username: username as string };
  }
  return {
    flow,
    loginUrl,
    clientId,
    ...(clientSecret && { clientSecret }),
    ...(flow === 'refresh-token' && { ...(refreshToken && { refreshToken }), ...(username && { username }) }),
  };
}

function parseKey(key: string | KeyObject, names: SettingNames): KeyObject {
  try {
    return readPrivateKey(key);
  } catch (error) {
    throw new SalesforceAuthConfigError(names.privateKey, (error as Error).message);
  }
}
