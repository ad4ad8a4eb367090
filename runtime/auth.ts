import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthFetch } from './bodies';
import { SalesforceAuthConfigError, SalesforceAuthError } from './errors';
import { createAuthFetch } from './fetch';
import { Grant, readPrivateKey, TokenRequestFailure, type Flow, type TokenResponse } from './grants';
import { isLightningHost, isLoopback } from './hosts';
import { Redactor } from './redact';
import { memoryStore } from './stores/memory';
import type { TokenRecord, TokenStore } from './stores/store';

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
  /** For the refresh token flow: the token to start with. Rotated ones go to the store. */
  refreshToken?: string;
  /** Where tokens are kept and shared. Default: this process's memory. */
  store?: TokenStore;
  /** Sends all requests. Default: the global fetch. */
  fetch?: typeof fetch;
  /** Refresh this many seconds before a known expiry: 60 to 300, default 120; never more than a quarter of the token's life. */
  expiryBufferSeconds?: number;
  /** The time, in milliseconds. Default: Date. */
  clock?: { now(): number };
}

/** Who logged in, as jsforce's login() tells it. */
export interface UserInfo {
  /** User id, 18 characters. */
  id: string;
  organizationId: string;
  /** Identity URL. https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_using_openid.htm */
  url: string;
}

/** An access token and where it is valid. Printing it or turning it into JSON does not show the token. */
export class SalesforceToken {
  readonly #accessToken: string;
  /** Origin to call: take it from here each time, it can change with a refresh. https://github.com/jsforce/jsforce/issues/196 */
  readonly instanceUrl: string;
  /** Number of the token: pass it to `refresh()` when Salesforce rejected the token. */
  readonly generation: number;
  /** Milliseconds, server clock; absent in JWT bearer answers. */
  readonly issuedAt?: number;
  /** Milliseconds, local clock; absent when Salesforce named none. https://github.com/NangoHQ/nango/issues/327 */
  readonly expiresAt?: number;

  /** Did we ask for it ourselves? One that another holder of the store got may be as old as the one it replaces. */
  readonly isOwn: boolean;

  constructor(record: ActiveRecord, isOwn: boolean) {
    this.#accessToken = record.accessToken;
    this.isOwn = isOwn;
    this.instanceUrl = record.instanceUrl;
    this.generation = record.generation;
    if (record.issuedAt !== undefined) this.issuedAt = record.issuedAt;
    if (record.expiresAt !== undefined) this.expiresAt = record.expiresAt;
  }

  get accessToken(): string {
    return this.#accessToken;
  }
}

/** What listeners get: nothing secret. */
export interface SalesforceAuthEvent {
  readonly generation: number;
  readonly instanceUrl: string;
}

type ActiveRecord = TokenRecord & { accessToken: string; instanceUrl: string };

/** Within this of a known expiry nobody is given the old token any more. */
const HARD_WINDOW_MS = 10_000;
const SEND_TRIES = 3;
const IN_FLIGHT_TRIES = 4;

/** One identity's tokens: got, renewed, shared by everybody who asks. Made by {@link createSalesforceAuth}. */
export class SalesforceAuth {
  /**
   * The global fetch with this identity's token: paths resolve against the instance URL; an expired session is renewed
   * and the request sent once more. Requests to other hosts, or with their own Authorization header, pass through untouched.
   *
   * A body that is a stream cannot be sent twice: the rejection comes back as it is, with `error.code`
   * `BODY_NOT_REPLAYABLE` ({@link UnrepeatedResponse}), and the next call has a new token. With `body: () => stream` it is sent again.
   *
   * GET, HEAD, OPTIONS, PUT and DELETE are tried up to three times when the connection fails or the server is overloaded.
   * @throws SalesforceAuthError `RETRY_LATER` when such a server asks for more than a minute; see `retryAfterMs`
   * @throws SalesforceSessionError `REJECTED_AFTER_REFRESH` when a fresh token is rejected too
   * @throws SalesforceAuthError when no token can be had
   */
  readonly fetch: AuthFetch;
  /** Origin that the tokens come from. */
  readonly loginUrl: string;

  readonly #grant: Grant;
  readonly #store: TokenStore;
  readonly #now: () => number;
  readonly #bufferMs: number;
  readonly #redactor: Redactor;
  readonly #send: typeof fetch;
  readonly #initialRefreshToken: string | undefined;
  readonly #listeners = {
    refresh: new Set<(event: SalesforceAuthEvent) => void>(),
    login: new Set<(event: SalesforceAuthEvent) => void>(),
  };
  readonly #closing = new AbortController();
  /** Every origin this identity's tokens were for. */
  readonly #instances = new Set<string>();
  #record: TokenRecord | undefined;
  /** The newest generation that we asked for ourselves. */
  #ownGeneration = 0;
  #flight: Promise<ActiveRecord> | undefined;

  /** @internal use createSalesforceAuth */
  constructor(options: SalesforceAuthOptions, names: SettingNames = optionNames) {
    const checked = check(options, names);
    this.loginUrl = checked.loginUrl;
    this.#redactor = new Redactor();
    // All of them, also those that this flow has no use for.
    for (const secret of [options.clientSecret, options.refreshToken, options.privateKey]) {
      if (typeof secret === 'string') this.#redactor.addCredential(secret);
    }
    const { clock = Date } = options;
    this.#now = () => clock.now();
    // Looked up per call, so that whoever replaces the global fetch replaces ours.
    this.#send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#grant = new Grant(checked, { fetch: this.#send, now: this.#now, redactor: this.#redactor });
    this.#store = options.store ?? memoryStore();
    this.#bufferMs = (options.expiryBufferSeconds ?? 120) * 1000;
    this.#initialRefreshToken = options.refreshToken;
    this.fetch = createAuthFetch({
      send: this.#send,
      token: () => this.token(),
      refresh: (rejectedGeneration) => this.refresh(rejectedGeneration),
      loginOrigin: checked.loginUrl,
      isInstance: (origin) => this.#instances.has(origin),
      knows: (accessToken) => this.#redactor.knowsToken(accessToken),
      now: this.#now,
    });
  }

  /** Number of the newest token known here; 0 before the first. */
  get generation(): number {
    return this.#record?.generation ?? 0;
  }

  /**
   * The token to use now. Renewed in the background inside the expiry buffer, and waited for at the very end of its life,
   * where an expiry is known.
   * @throws SalesforceAuthError when no token can be had
   */
  async token(): Promise<SalesforceToken> {
    return this.#tokenOf(await this.#current());
  }

  /**
   * A token newer than the rejected one. However many callers report the same generation, one token request is made.
   * @param rejectedGeneration `generation` of the token that Salesforce rejected
   * @throws SalesforceAuthError when no token can be had
   */
  async refresh(rejectedGeneration: number): Promise<SalesforceToken> {
    const record = this.#record;
    const newer = record && record.generation > rejectedGeneration && isActive(record) && !record.dead;
    return this.#tokenOf(newer ? record : await this.#renew('refresh', rejectedGeneration));
  }

  /**
   * Logs in anew, whatever token is held; joins a token request that is already running.
   * @throws SalesforceAuthError when Salesforce refuses or cannot be reached
   */
  async login(): Promise<UserInfo> {
    const record = await this.#renew('login', 0);
    if (record.identityUrl) return parseIdentityUrl(record.identityUrl);
    const response = await this.fetch('/services/oauth2/userinfo');
    const body = response.ok ? ((await response.json()) as Record<string, unknown>) : {};
    const { user_id: id, organization_id: organizationId, sub: url } = body;
    if (typeof id !== 'string' || typeof organizationId !== 'string' || typeof url !== 'string') {
      throw new SalesforceAuthError('TOKEN_RESPONSE_INVALID', 'Neither the token response nor userinfo says who logged in', {
        status: response.status,
      });
    }
    return { id, organizationId, url };
  }

  /** Calls `listener` after each `refresh` (a new token) or `login`, on a later tick: what it throws concerns no call. */
  on(event: 'refresh' | 'login', listener: (event: SalesforceAuthEvent) => void): this {
    this.#listeners[event].add(listener);
    return this;
  }

  /** Gives up: running token requests are cancelled, their waiters and all later calls get a `CLOSED` error. */
  close(): void {
    this.#record = undefined;
    this.#closing.abort(new SalesforceAuthError('CLOSED', 'This SalesforceAuth was closed: create a new one'));
  }

  #tokenOf(record: ActiveRecord): SalesforceToken {
    return new SalesforceToken(record, record.generation === this.#ownGeneration);
  }

  async #current(): Promise<ActiveRecord> {
    this.#closing.signal.throwIfAborted();
    const record = this.#record;
    if (!record || !isActive(record)) return this.#renew('refresh', record?.generation ?? 0);
    const { expiresAt } = record;
    if (expiresAt === undefined) return record;
    // A short life must not be all buffer: https://github.com/googleapis/google-auth-library-python/pull/581
    const quarter = (expiresAt - record.obtainedAt) / 4;
    const left = expiresAt - this.#now();
    if (left > Math.min(this.#bufferMs, quarter)) return record;
    const renewal = this.#renew('refresh', record.generation);
    if (left <= Math.min(HARD_WINDOW_MS, quarter)) return renewal;
    // The old token is still good: nobody waits, and a failure shows when it matters.
    renewal.catch(() => {});
    return record;
  }

  /** The one flight. Whoever comes while it is up there gets what it brings back. */
  #renew(reason: 'refresh' | 'login', rejectedGeneration: number): Promise<ActiveRecord> {
    this.#closing.signal.throwIfAborted();
    this.#flight ??= this.#fly(reason, rejectedGeneration).finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #fly(reason: 'refresh' | 'login', rejectedGeneration: number): Promise<ActiveRecord> {
    const ownBefore = this.#ownGeneration;
    // The decision is made inside the lock, on what the store says now: another process may have been faster.
    const record = await this.#store.withLock(this.#grant.identity, async () => {
      const stored = await this.#store.read(this.#grant.identity);
      const isCurrent = reason === 'refresh' && usable(stored, rejectedGeneration, this.#now());
      return isCurrent ? stored : this.#request(stored, rejectedGeneration);
    });
    this.#adopt(record);
    if (this.#ownGeneration > ownBefore) {
      const event = { generation: record.generation, instanceUrl: record.instanceUrl };
      for (const listener of this.#listeners[reason]) process.nextTick(listener, event);
    }
    return record;
  }

  async #request(stored: TokenRecord | undefined, rejectedGeneration: number): Promise<ActiveRecord> {
    const { identity, fingerprint } = this.#grant;
    let base = stored;
    for (let attempt = 1; ; attempt++) {
      if (base?.dead?.credential === fingerprint) {
        this.#record = base;
        throw this.#grant.refusalError(base.dead);
      }
      try {
        // A credential that replaced a refused one starts over: the stored refresh token belongs to the old one.
        const refreshToken = base?.dead ? this.#initialRefreshToken : (base?.refreshToken ?? this.#initialRefreshToken);
        return await this.#save(base, await this.#grant.request(refreshToken, this.#closing.signal), refreshToken);
      } catch (failure) {
        this.#closing.signal.throwIfAborted();
        if (!(failure instanceof TokenRequestFailure)) throw failure;
        if (failure.refusal) {
          await this.#saveRefusal(base, rejectedGeneration, { ...failure.refusal, credential: fingerprint });
        }
        const tries = { again: SEND_TRIES, 'in-flight': IN_FLIGHT_TRIES, final: 0 }[failure.kind];
        if (attempt >= tries) throw failure.error;
        await sleep(100 * 2 ** attempt * (0.5 + Math.random()), undefined, { signal: this.#closing.signal }).catch(() => {
          this.#closing.signal.throwIfAborted();
        });
        // Whoever was refreshing beside us may have finished.
        const now = await this.#store.read(identity);
        if (now && now.generation > (base?.generation ?? 0) && usable(now, rejectedGeneration, this.#now())) return now;
        base = now;
      }
    }
  }

  /** Persist first, use afterwards: a rotated refresh token that only memory knows is lost with the process. */
  async #save(base: TokenRecord | undefined, response: TokenResponse, sentRefreshToken: string | undefined): Promise<ActiveRecord> {
    const obtainedAt = this.#now();
    const { accessToken, instanceUrl, identityUrl, issuedAt, lifetime } = response;
    const refreshToken = response.refreshToken ?? sentRefreshToken;
    let previous = base;
    for (let attempt = 1; attempt <= 3; attempt++) {
      const generation = (previous?.generation ?? 0) + 1;
      const next: ActiveRecord = {
        generation,
        accessToken,
        instanceUrl,
        obtainedAt,
        ...(identityUrl && { identityUrl }),
        ...(refreshToken && { refreshToken }),
        ...(issuedAt !== undefined && { issuedAt }),
        ...(lifetime !== undefined && { expiresAt: obtainedAt + lifetime * 1000 }),
      };
      if (await this.#store.swap(this.#grant.identity, generation - 1, next)) {
        this.#ownGeneration = generation;
        return next;
      }
      // Somebody wrote past the lock: the token just granted is the newest there is, so it goes on top.
      previous = await this.#store.read(this.#grant.identity);
    }
    throw new SalesforceAuthError(
      'STORE_CONFLICT',
      'The token store did not accept the new token: something writes to it without its lock',
    );
  }

  /** The latch: with this in the store, nobody asks again with the same credential. */
  async #saveRefusal(base: TokenRecord | undefined, rejectedGeneration: number, dead: NonNullable<TokenRecord['dead']>): Promise<void> {
    const { accessToken, ...rest } = base ?? { generation: 0, obtainedAt: this.#now() };
    const stillGood = accessToken !== undefined && rest.generation > rejectedGeneration;
    const next: TokenRecord = { ...rest, ...(stillGood && { accessToken }), generation: rest.generation + 1, dead };
    await this.#store.swap(this.#grant.identity, rest.generation, next);
    this.#record = next;
  }

  #adopt(record: ActiveRecord): void {
    this.#record = record;
    this.#instances.add(record.instanceUrl);
    this.#redactor.addToken(record.accessToken);
  }
}

/**
 * One identity. No request is made until a token is needed.
 * @throws SalesforceAuthConfigError naming the option that is missing or wrong
 */
export function createSalesforceAuth(options: SalesforceAuthOptions): SalesforceAuth {
  return new SalesforceAuth(options);
}

/** What each option is called where the user set it: errors name that. */
export type SettingNames = Record<'flow' | 'loginUrl' | 'clientId' | 'clientSecret' | 'privateKey' | 'username' | 'refreshToken', string>;

const optionNames: SettingNames = {
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
  'refresh-token': ['clientId', 'refreshToken'],
} as const;

const howToGet = {
  clientId: "give the app's consumer key",
  clientSecret: "give the app's consumer secret",
  privateKey: "give the RSA private key whose certificate the app holds",
  username: 'give the Salesforce user to log in as',
  refreshToken: 'give the refresh token that authorising the app returned',
};

function check(options: SalesforceAuthOptions, names: SettingNames) {
  const { flow, expiryBufferSeconds = 120 } = options;
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
  if (!(expiryBufferSeconds >= 60 && expiryBufferSeconds <= 300)) {
    throw new SalesforceAuthConfigError('expiryBufferSeconds', 'must be from 60 to 300 seconds');
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
    ...(flow === 'refresh-token' && { refreshToken: refreshToken as string, ...(username && { username }) }),
  };
}

function parseKey(key: string | KeyObject, names: SettingNames): KeyObject {
  try {
    return readPrivateKey(key);
  } catch (error) {
    throw new SalesforceAuthConfigError(names.privateKey, (error as Error).message);
  }
}

function parseIdentityUrl(url: string): UserInfo {
  const [organizationId = '', id = ''] = url.split('/').slice(-2);
  return { id, organizationId, url };
}

function isActive(record: TokenRecord): record is ActiveRecord {
  return record.accessToken !== undefined && record.instanceUrl !== undefined;
}

function usable(record: TokenRecord | undefined, rejectedGeneration: number, now: number): record is ActiveRecord {
  return (
    record !== undefined &&
    record.generation > rejectedGeneration &&
    isActive(record) &&
    !record.dead &&
    (record.expiresAt === undefined || record.expiresAt > now)
  );
}
