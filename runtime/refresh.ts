import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerClock } from './clock';
import { SalesforceAuthConfigError, SalesforceAuthError, SalesforceGrantError, SalesforceStoreError } from './errors';
import type { AuthEvents, RefreshReason } from './events';
import { isLoginRate, TokenRequestFailure, type Grant, type TokenResponse } from './grants';
import { HOUR_MS, WARN_AT_REQUESTS, loginRate, stormUntil, withRequests } from './limits';
import { Persister, type Saved } from './persist';
import { isActive, tokenGeneration, type ActiveRecord, type Identity, type Refusal, type TokenRecord, type TokenStore } from './stores/store';

const SEND_TRIES = 3;
const IN_FLIGHT_TRIES = 4;
/** login() may ask again with a refused credential after this: the org may have been mended meanwhile. */
const MENDED_AFTER_MS = 60_000;

interface Parts {
  readonly grant: Grant;
  readonly store: TokenStore;
  readonly clock: ServerClock;
  readonly events: AuthEvents;
  readonly closing: AbortSignal;
  readonly initialRefreshToken: string | undefined;
  readonly maxRefreshesPerMinute: number;
  /** The record that this process goes by. */
  readonly held: () => TokenRecord | undefined;
  /** Told of a record that says no more requests: its holder has no use for the last token then. */
  readonly onRefusal: (record: TokenRecord) => void;
}

/** Gets the next token: decided, asked for and stored under the store's lock. */
export class Refresher {
  readonly #parts: Parts;
  readonly #persister: Persister;
  /** Token requests that no stored record counts yet. */
  #uncounted = 0;
  #warnedUntil = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#persister = new Persister(parts.store, parts.grant.identity, parts.events);
  }

  /**
   * @param rejectedGeneration a token that is newer than this will do
   * @throws SalesforceAuthError
   */
  run(reason: RefreshReason, rejectedGeneration: number): Promise<Saved> {
    const { store, grant, clock, events, held } = this.#parts;
    const waitsSince = clock.monotonic();
    // The decision is made inside the lock, on what the store says now: another process may have been faster.
    return store.withLock(grant.identity, async () => {
      events.emit('lock.wait', { generation: rejectedGeneration, durationMs: clock.monotonic() - waitsSince });
      // A store that lost its record would have us send the first refresh token again, which rotation replaced long ago.
      const stored = (await store.read(grant.identity)) ?? unstored(held());
      const rescued = await this.#persister.rescue(stored);
      if (rescued) return rescued;
      if (reason !== 'login' && this.#usable(stored, rejectedGeneration)) return { record: stored, isOwn: false };
      this.#refuse(stored, reason);
      return this.#request(stored, reason, rejectedGeneration);
    });
  }

  async #request(stored: TokenRecord | undefined, reason: RefreshReason, rejectedGeneration: number): Promise<Saved> {
    const { grant, store, closing } = this.#parts;
    let base = await this.#announce(stored, reason);
    for (let attempt = 1; ; attempt++) {
      const refreshToken = this.#refreshTokenOf(base);
      let response: TokenResponse;
      try {
        response = await this.#send(refreshToken, { generation: tokenGeneration(base), reason, attempt });
      } catch (error) {
        closing.throwIfAborted();
        if (!(error instanceof TokenRequestFailure)) throw error;
        const tries = { again: SEND_TRIES, 'in-flight': IN_FLIGHT_TRIES, lost: 0, final: 0 }[error.kind];
        if (attempt >= tries) return this.#giveUp(base, error, reason, rejectedGeneration);
        await sleep(100 * 2 ** attempt * (0.5 + Math.random()), undefined, { signal: closing }).catch(() => {
          closing.throwIfAborted();
        });
        // Whoever was refreshing beside us may have finished.
        const current = await store.read(grant.identity);
        if (this.#usable(current, Math.max(rejectedGeneration, tokenGeneration(stored)))) return { record: current, isOwn: false };
        this.#refuse(current, reason);
        base = current && current.generation === base?.generation ? current : await this.#announce(current, reason);
        continue;
      }
      const requests = this.#uncounted;
      this.#uncounted = 0;
      return this.#persister.save(base, {
        response,
        refreshToken: response.refreshToken ?? refreshToken,
        obtainedAt: this.#parts.clock.server(),
        replaces: tokenGeneration(base),
        requests,
        reason,
      });
    }
  }

  async #send(refreshToken: string | undefined, about: { generation: number; reason: RefreshReason; attempt: number }): Promise<TokenResponse> {
    const { grant, clock, events, closing } = this.#parts;
    this.#uncounted += 1;
    events.emit('refresh.start', about);
    const startedAt = clock.monotonic();
    let code: string | undefined;
    try {
      return await grant.request(refreshToken, closing);
    } catch (error) {
      code = closing.aborted ? 'CLOSED' : (error as TokenRequestFailure).error.code;
      throw error;
    } finally {
      events.emit('refresh.end', { ...about, durationMs: clock.monotonic() - startedAt, ...(code && { code }) });
    }
  }

  /** Leaves word of a refresh token that is about to be sent: it may be gone before the new one is here. */
  async #announce(stored: TokenRecord | undefined, reason: RefreshReason): Promise<TokenRecord | undefined> {
    const { grant, clock } = this.#parts;
    if (grant.identity.flow !== 'refresh-token') return stored;
    if (!this.#refreshTokenOf(stored)) throw noRefreshToken(grant.identity);
    const sent = (stored?.intent?.sent ?? 0) + 1;
    // The access token is still good and the refresh token perhaps not: sending it again can wait until it has to be.
    if (sent > 1 && (reason === 'expiring' || reason === 'keep-alive')) {
      throw new SalesforceAuthError('TOKEN_REQUEST_LOST', 'The last token request got no answer: the next one waits until the token is used up');
    }
    const announced = await this.#write(stored, { intent: { startedAt: clock.server(), sent } });
    if (announced) return announced;
    throw new SalesforceStoreError('STORE_CONFLICT', 'The token store did not accept a change: something writes to it without its lock');
  }

  /** Leaves word, for everybody who shares the store, of why there is no token; and throws it. */
  async #giveUp(
    base: TokenRecord | undefined,
    failure: TokenRequestFailure,
    reason: RefreshReason,
    rejectedGeneration: number,
  ): Promise<Saved> {
    const { grant, store, clock } = this.#parts;
    const wasUnanswered = (base?.intent?.sent ?? 0) > 1;
    const isLost = failure.kind === 'lost' && base?.intent !== undefined;
    // The intent stays: the token may be used up, and nobody knows.
    if (isLost && !wasUnanswered) throw failure.error;

    const refusal = failure.refusal ?? (isLost ? NO_ANSWER : undefined);
    const at = clock.server();
    // An earlier request stays unanswered, whatever became of this one.
    const earlier: Change = base?.intent && wasUnanswered ? { intent: { ...base.intent, sent: base.intent.sent - 1 } } : {};
    const change: Change = !refusal
      ? earlier
      : isLoginRate(refusal)
        ? { ...earlier, coolDown: { ...refusal, until: at + HOUR_MS } }
        : { dead: { ...refusal, ...(wasUnanswered && { rotationLost: true }), at, credential: grant.fingerprint } };
    const dropsToken = change.dead && base && isUsedUp(reason) && tokenGeneration(base) <= rejectedGeneration;
    if (!refusal && !base?.intent) throw failure.error;
    // A store that fails now is not the reason why there is no token.
    const written = await this.#write(dropsToken ? withoutToken(base) : base, change).catch(() => undefined);
    const current = written ?? (await store.read(grant.identity).catch(() => undefined));
    if (this.#usable(current, Math.max(rejectedGeneration, tokenGeneration(base)))) return { record: current, isOwn: false };
    if (refusal) this.#refuse(written, reason);
    throw failure.error;
  }

  /** @throws SalesforceAuthError when the record, or the requests made lately, forbid another token request */
  #refuse(record: TokenRecord | undefined, reason: RefreshReason): void {
    const { grant, clock, events, onRefusal, maxRefreshesPerMinute } = this.#parts;
    const now = clock.server();
    const generation = tokenGeneration(record);
    const { dead, coolDown } = record ?? {};
    if (dead && grant.isRefused(dead) && !(reason === 'login' && now >= dead.at + MENDED_AFTER_MS)) {
      const error = grant.refusalError(dead);
      events.emit('reject', { generation, code: error.code, oauthError: dead.oauthError });
      // Whoever keeps a token that is still good may use it up.
      if (record) onRefusal(isUsedUp(reason) ? withoutToken(record) : record);
      throw error;
    }
    // Further ahead than any cool-down lasts: written by a clock that was wrong.
    if (coolDown && coolDown.until > now && coolDown.until <= now + HOUR_MS) {
      const error = grant.refusalError(coolDown, coolDown.until - now);
      events.emit('reject', { generation, code: error.code, oauthError: coolDown.oauthError, until: clock.toLocal(coolDown.until) });
      throw error;
    }
    const rate = loginRate(withRequests(record?.usage, this.#uncounted, now), now);
    if (rate.until !== undefined) {
      events.emit('login_rate', { generation, requests: rate.requests, until: clock.toLocal(rate.until) });
      throw new SalesforceGrantError(
        'LOGIN_RATE_EXCEEDED',
        'LOGIN_RATE_EXCEEDED',
        `${rate.requests} token requests within an hour, and Salesforce stops at 3,600: no more for now. Find out what asks for so many`,
        { retryAfterMs: rate.until - now },
      );
    }
    if (rate.requests >= WARN_AT_REQUESTS && now >= this.#warnedUntil) {
      this.#warnedUntil = now + HOUR_MS;
      events.emit('login_rate', { generation, requests: rate.requests });
    }
    const until = reason === 'login' ? undefined : stormUntil(record?.usage, maxRefreshesPerMinute, now);
    if (until !== undefined) {
      events.emit('storm', { generation, refreshes: maxRefreshesPerMinute, until: clock.toLocal(until) });
      throw new SalesforceAuthError(
        'REFRESH_STORM',
        `${maxRefreshesPerMinute} refreshes within a minute: something ends every new session. Look for a logout() in the code, and at the ` +
          "org's session policies",
        { retryAfterMs: until - now },
      );
    }
  }

  /** @returns the record that is stored now, or nothing when somebody wrote past the lock */
  async #write(base: TokenRecord | undefined, change: Change): Promise<TokenRecord | undefined> {
    const { grant, store, clock } = this.#parts;
    const { intent: _, ...rest } = base ?? { generation: 0, obtainedAt: clock.server() };
    const next: TokenRecord = {
      ...rest,
      ...change,
      generation: rest.generation + 1,
      tokenGeneration: tokenGeneration(base),
      usage: withRequests(base?.usage, this.#uncounted, clock.server()),
    };
    if (!(await store.swap(grant.identity, rest.generation, next))) return undefined;
    this.#uncounted = 0;
    return next;
  }

  /** A credential that replaced a refused one starts over: the stored refresh token belongs to the old one. */
  #refreshTokenOf(record: TokenRecord | undefined): string | undefined {
    const { grant, initialRefreshToken } = this.#parts;
    if (record?.dead && !grant.isRefused(record.dead)) return initialRefreshToken;
    return record?.refreshToken ?? initialRefreshToken;
  }

  #usable(record: TokenRecord | undefined, rejectedGeneration: number): record is ActiveRecord {
    return (
      record !== undefined &&
      tokenGeneration(record) > rejectedGeneration &&
      isActive(record) &&
      !record.dead &&
      (record.expiresAt === undefined || record.expiresAt > this.#parts.clock.server())
    );
  }
}

type Change = Pick<TokenRecord, 'intent' | 'dead' | 'coolDown'>;

const NO_ANSWER: Refusal = { oauthError: 'no answer', description: 'two token requests with the same refresh token' };

function noRefreshToken({ issuer }: Identity): SalesforceAuthConfigError {
  return new SalesforceAuthConfigError(
    'refreshToken',
    `is missing, and the store holds none for this username and client id at ${new URL(issuer).host}: get one with ` +
      '`salesforce-auth login`, or give the one you have',
  );
}

/** Asked for because there is no good token left? */
function isUsedUp(reason: RefreshReason): boolean {
  return reason === 'first' || reason === 'expired' || reason === 'rejected';
}

/** As a record to begin the store with. */
function unstored(record: TokenRecord | undefined): TokenRecord | undefined {
  return record && { ...record, generation: 0, tokenGeneration: tokenGeneration(record) };
}

function withoutToken(record: TokenRecord): TokenRecord {
  const { accessToken: _, ...rest } = record;
  return rest;
}
