/** Where the time comes from, in milliseconds. */
export interface Clock {
  /** The time of day. */
  now(): number;
  /** Time that nobody sets; it may stand still while the machine sleeps. Default: performance.now(). */
  monotonic?(): number;
}

/** The local clock, and how far Salesforce's clock is from it. */
export class ServerClock {
  readonly #clock: Clock;
  /** Server clock minus ours. */
  #skew = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic?.() ?? performance.now();
  }

  /** The server's time, as far as its answers told. Processes that share a store count in it. */
  server(): number {
    return this.#clock.now() + this.#skew;
  }

  toLocal(serverTime: number): number {
    return serverTime - this.#skew;
  }

  /**
   * Reads a `Date` header: https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
   * @param sentAt when its request was sent, by the local clock
   * @returns milliseconds by which our idea of the server's time was corrected
   */
  learn(date: string | null, sentAt: number): number {
    const told = Date.parse(date ?? '');
    if (!Number.isFinite(told)) return 0;
    const before = this.#skew;
    // The answer was written half a round trip ago.
    const offset = told - (sentAt + this.now()) / 2;
    // The header has whole seconds: below that there is nothing to correct.
    this.#skew = Math.abs(offset) < 2000 ? 0 : offset;
    return this.#skew - before;
  }
}

/** Within this of a known expiry nobody is given the old token any more. */
const HARD_WINDOW_MS = 10_000;
/** A clock that goes back by more was set; below, the monotonic clock does. */
const CLOCK_STEP_MS = 60_000;

/** What is left of a token's known life: by the time of day or by the monotonic clock, whichever says less. */
export class Lifetime {
  readonly #clock: ServerClock;
  readonly #wallStart: number;
  readonly #monotonicStart: number;
  readonly #leftAtStart: number;
  readonly #softWindow: number;
  readonly #hardWindow: number;

  /** @param token its times by the server's clock */
  constructor(token: { obtainedAt: number; expiresAt: number }, bufferMs: number, clock: ServerClock) {
    this.#clock = clock;
    this.#wallStart = clock.now();
    this.#monotonicStart = clock.monotonic();
    this.#leftAtStart = clock.toLocal(token.expiresAt) - this.#wallStart;
    // A short life must not be all buffer: https://github.com/googleapis/google-auth-library-python/pull/581
    const quarter = (token.expiresAt - token.obtainedAt) / 4;
    // Processes that share a token should not all come at once.
    this.#softWindow = Math.min(bufferMs * (0.9 + 0.2 * Math.random()), quarter);
    this.#hardWindow = Math.min(HARD_WINDOW_MS, quarter);
  }

  /** `fresh`: use it. `expiring`: use it, and renew in the background. `expired`: renew first. */
  get state(): 'fresh' | 'expiring' | 'expired' {
    const left = this.#left();
    if (left > this.#softWindow) return 'fresh';
    return left > this.#hardWindow ? 'expiring' : 'expired';
  }

  #left(): number {
    const passed = this.#clock.now() - this.#wallStart;
    // Set back: the time of day no longer says how old the token is.
    if (passed < -CLOCK_STEP_MS) return 0;
    return this.#leftAtStart - Math.max(passed, this.#clock.monotonic() - this.#monotonicStart);
  }
}
