import type { ServerClock } from './clock';

/** Salesforce takes refresh tokens away after 30 idle days, where the app's policy says so; this is five days before. */
export const IDLE_RISK_DAYS = 25;
const DAY_MS = 86_400_000;
/** Longer delays fire at once: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const NEXT_TRY_MS = DAY_MS / 4;

/** Watches how long a refresh token was not used. Its timer keeps no process running. */
export class IdleWatch {
  readonly #clock: ServerClock;
  readonly #onIdle: (idleDays: number) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param onIdle called once the token was not used for 25 days, and every six hours from then until `watch` is told of a use */
  constructor(clock: ServerClock, onIdle: (idleDays: number) => void) {
    this.#clock = clock;
    this.#onIdle = onIdle;
  }

  /** @param lastUsed by the server's clock */
  watch(lastUsed: number): void {
    this.stop();
    const due = lastUsed + IDLE_RISK_DAYS * DAY_MS;
    const wait = () => this.#start(Math.max(due - this.#clock.server(), 0), check);
    const check = () => {
      const idle = this.#clock.server() - lastUsed;
      if (idle < IDLE_RISK_DAYS * DAY_MS) return wait();
      this.#start(NEXT_TRY_MS, check);
      this.#onIdle(Math.floor(idle / DAY_MS));
    };
    wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(delay: number, check: () => void): void {
    this.#timer = setTimeout(check, Math.min(delay, LONGEST_TIMER_MS));
    this.#timer.unref();
  }
}
