import type { AuthFetch } from './bodies';
import { Lifetime, ServerClock } from './clock';
import { SalesforceAuthError } from './errors';
import { AuthEvents, type RefreshReason, type SalesforceAuthEventName, type SalesforceAuthEvents } from './events';
import { createAuthFetch } from './fetch';
import { Grant } from './grants';
import { IdleWatch } from './idle';
import { checkOptions, optionNames, type SalesforceAuthOptions, type SettingNames } from './options';
import { Redactor } from './redact';
import { inFlight, refuseReentry } from './reentrancy';
import { Refresher } from './refresh';
import { memoryStore } from './stores/memory';
import { isActive, tokenGeneration, type ActiveRecord, type TokenRecord, type TokenStore } from './stores/store';
import { typedStore } from './stores/typed';
import { parseIdentityUrl, SalesforceToken, type UserInfo } from './token';

export { loginOrigin, type SalesforceAuthOptions, type SettingNames } from './options';
export { SalesforceToken, type UserInfo } from './token';

/** After a refresh in the background has failed, the next one waits for this long. */
const BACKGROUND_PAUSE_MS = 5000;

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

  readonly #store: TokenStore;
  readonly #clock: ServerClock;
  readonly #bufferMs: number;
  readonly #redactor = new Redactor();
  readonly #grant: Grant;
  readonly #refresher: Refresher;
  readonly #events: AuthEvents;
  readonly #idleWatch: IdleWatch | undefined;
  readonly #closing = new AbortController();
  /** Every origin this identity's tokens were for. */
  readonly #instances = new Set<string>();
  #record: TokenRecord | undefined;
  /** Of the record's token, where its expiry is known. */
  #lifetime: Lifetime | undefined;
  /** The newest generation that we asked for ourselves. */
  #ownGeneration = 0;
  /** The token of the record asked for last: nearly every call asks for the same. */
  #shown: { readonly record: ActiveRecord; readonly token: SalesforceToken } | undefined;
  #flight: Promise<ActiveRecord> | undefined;
  #backgroundFrom = 0;

  /** @internal use createSalesforceAuth */
  constructor(options: SalesforceAuthOptions, names: SettingNames = optionNames) {
    const checked = checkOptions(options, names);
    this.loginUrl = checked.loginUrl;
    // All of them, also those that this flow has no use for.
    for (const secret of [options.clientSecret, options.refreshToken, options.privateKey]) {
      if (typeof secret === 'string') this.#redactor.addCredential(secret);
    }
    this.#clock = new ServerClock(options.clock ?? Date);
    // Looked up per call, so that whoever replaces the global fetch replaces ours.
    const send: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#grant = new Grant(checked, { fetch: send, clock: this.#clock, redactor: this.#redactor });
    this.#events = new AuthEvents(this.#grant.identityFingerprint);
    this.#store = typedStore(options.store ?? memoryStore(), this.#redactor);
    this.#bufferMs = (options.expiryBufferSeconds ?? 120) * 1000;
    this.#refresher = new Refresher({
      grant: this.#grant,
      store: this.#store,
      clock: this.#clock,
      events: this.#events,
      closing: this.#closing.signal,
      initialRefreshToken: options.refreshToken,
      maxRefreshesPerMinute: options.maxRefreshesPerMinute ?? 5,
      held: () => this.#record,
      onRefusal: (record) => this.#hold(record),
    });
    if (checked.flow === 'refresh-token') {
      const whenIdle = (idleDays: number) => void this.#used(idleDays, options.keepAlive ?? false);
      this.#idleWatch = new IdleWatch(this.#clock, whenIdle);
    }
    this.fetch = createAuthFetch({
      send,
      token: () => this.token(),
      refresh: (rejectedGeneration) => this.refresh(rejectedGeneration),
      loginOrigin: checked.loginUrl,
      isInstance: (origin) => this.#instances.has(origin),
      knows: (accessToken) => this.#redactor.knowsToken(accessToken),
      now: () => this.#clock.now(),
    });
  }

  /** Number of the newest token known here; 0 before the first. */
  get generation(): number {
    return tokenGeneration(this.#record);
  }

  /**
   * The token to use now. Renewed in the background inside the expiry buffer, and waited for at the very end of its life,
   * where an expiry is known.
   * @throws SalesforceAuthError when no token can be had
   */
  async token(): Promise<SalesforceToken> {
    const record = this.#current();
    return this.#tokenOf(record instanceof Promise ? await record : record);
  }

  /**
   * A token newer than the rejected one. However many callers report the same generation, one token request is made.
   * @param rejectedGeneration `generation` of the token that Salesforce rejected
   * @throws SalesforceAuthError when no token can be had
   */
  async refresh(rejectedGeneration: number): Promise<SalesforceToken> {
    const record = this.#record;
    const newer = record && tokenGeneration(record) > rejectedGeneration && isActive(record) && !record.dead;
    return this.#tokenOf(newer ? record : await this.#renew('rejected', rejectedGeneration));
  }

  /**
   * Logs in anew, whatever token is held; joins a token request that is already running.
   *
   * The one way to ask again with a credential that was refused, from a minute after the refusal: for an org that was
   * mended while the credential stayed the same.
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

  /**
   * Calls `listener` on a later tick after each event of this name: what it throws concerns no call.
   * @throws SalesforceAuthConfigError when there is no such event
   */
  on<Name extends SalesforceAuthEventName>(event: Name, listener: (event: SalesforceAuthEvents[Name]) => void): this {
    this.#events.on(event, listener);
    return this;
  }

  /** Was it closed? */
  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Gives up: running token requests are cancelled, their waiters and all later calls get a `CLOSED` error. */
  close(): void {
    this.#record = undefined;
    this.#shown = undefined;
    this.#idleWatch?.stop();
    this.#closing.abort(new SalesforceAuthError('CLOSED', 'This SalesforceAuth was closed: create a new one'));
  }

  #tokenOf(record: ActiveRecord): SalesforceToken {
    if (this.#shown?.record !== record) {
      this.#shown = { record, token: new SalesforceToken(record, tokenGeneration(record) === this.#ownGeneration, this.#clock) };
    }
    return this.#shown.token;
  }

  /** Without a promise when there is nothing to wait for, as for nearly every call. */
  #current(): ActiveRecord | Promise<ActiveRecord> {
    this.#closing.signal.throwIfAborted();
    const record = this.#record;
    if (!record || !isActive(record)) return this.#renew('first', tokenGeneration(record));
    const state = this.#lifetime?.state ?? 'fresh';
    if (state === 'expired') return this.#renew('expired', tokenGeneration(record));
    if (state === 'expiring') this.#renewBehind(record);
    return record;
  }

  /** The old token is still good: nobody waits, and a failure shows when it matters. */
  #renewBehind(record: ActiveRecord): void {
    if (this.#flight || this.#clock.monotonic() < this.#backgroundFrom) return;
    this.#renew('expiring', tokenGeneration(record)).catch(() => {
      this.#backgroundFrom = this.#clock.monotonic() + BACKGROUND_PAUSE_MS;
    });
  }

  /** The one flight. Whoever comes while it is up there gets what it brings back. */
  async #renew(reason: RefreshReason, rejectedGeneration: number): Promise<ActiveRecord> {
    this.#closing.signal.throwIfAborted();
    refuseReentry(this);
    this.#flight ??= this.#untilClosed(inFlight(this, () => this.#fly(reason, rejectedGeneration))).finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  /** A store may wait long for its lock: close() settles who waits for that. A token on its way is stored all the same. */
  #untilClosed<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#closing;
    return new Promise<T>((resolve, reject) => {
      const give = () => reject(signal.reason as Error);
      signal.addEventListener('abort', give, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
    });
  }

  async #fly(reason: RefreshReason, rejectedGeneration: number): Promise<ActiveRecord> {
    const known = this.generation;
    const { record, isOwn } = await this.#refresher.run(reason, rejectedGeneration);
    this.#closing.signal.throwIfAborted();
    const generation = tokenGeneration(record);
    if (isOwn) this.#ownGeneration = generation;
    this.#hold(record);
    const event = { generation, instanceUrl: record.instanceUrl };
    if (isOwn) this.#events.emit(reason === 'login' ? 'login' : 'refresh', event);
    else if (generation > known) this.#events.emit('adopt', event);
    return record;
  }

  #hold(record: TokenRecord): void {
    const isSameToken = isActive(record) && record.accessToken === this.#record?.accessToken && tokenGeneration(record) === this.generation;
    const from = this.#record?.instanceUrl;
    this.#record = record;
    if (isSameToken) return;
    const { accessToken, instanceUrl, obtainedAt, expiresAt } = record;
    if (instanceUrl) this.#instances.add(instanceUrl);
    if (from && instanceUrl && from !== instanceUrl) {
      this.#events.emit('instance_changed', { generation: tokenGeneration(record), from, to: instanceUrl });
    }
    if (accessToken) this.#redactor.addToken(accessToken);
    this.#lifetime = expiresAt === undefined ? undefined : new Lifetime({ obtainedAt, expiresAt }, this.#bufferMs, this.#clock);
    if (!record.dead) this.#idleWatch?.watch(obtainedAt);
  }

  /** The refresh token was idle for long, as far as this process knows: others may have used it. */
  async #used(idleDays: number, keepAlive: boolean): Promise<void> {
    const generation = this.generation;
    try {
      if (keepAlive) return void (await this.#renew('keep-alive', generation));
      const stored = await this.#store.read(this.#grant.identity);
      if (stored && isActive(stored) && tokenGeneration(stored) > generation) return this.#hold(stored);
    } catch {
      // Then it is as idle as before, which is what the event says.
    }
    if (!this.#closing.signal.aborted) this.#events.emit('idle_risk', { generation, idleDays });
  }
}

/**
 * One identity. No request is made until a token is needed.
 * @throws SalesforceAuthConfigError naming the option that is missing or wrong
 */
export function createSalesforceAuth(options: SalesforceAuthOptions): SalesforceAuth {
  return new SalesforceAuth(options);
}
