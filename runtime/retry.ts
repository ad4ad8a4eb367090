import { setTimeout as sleep } from 'node:timers/promises';
import { SalesforceAuthError } from './errors';

/** What RFC 9110, section 9.2.2, lets a client repeat on its own. A POST or PATCH may have been carried out. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Codes that say the connection failed, not the request. A server that stayed silent for minutes is not asked again. */
const CONNECTION_LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);

const SHORTEST_WAIT_MS = 200;
/** The longest wait before the second and the third attempt. There is no fourth. */
const LONGEST_WAITS_MS = [1_000, 10_000] as const;
const RETRY_AFTER_CAP_MS = 60_000;

/** Retries in hand, and how many good answers earn one: AWS's 500, 5 and 1. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const QUOTA = 100;
const EARNED_BY_ANSWER = 0.2;

/** May a request be sent again although the first may have arrived? */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method.toUpperCase());
}

/** One client's transport retries: how long to wait before the next one, and whether there is one. */
export class Retries {
  readonly #now: () => number;
  #quota = QUOTA;

  /** @param now the time, in milliseconds, for answers without a Date */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** An answer that is none of these troubles: when the server is well, retries are affordable. */
  earn(): void {
    this.#quota = Math.min(QUOTA, this.#quota + EARNED_BY_ANSWER);
  }

  /**
   * Milliseconds to wait after a backoff; nothing when it is to be taken as it is.
   * @param made retries of this call so far
   * @throws SalesforceAuthError `RETRY_LATER` when the server asks for more patience than a call should have
   */
  async afterBackoff({ status, headers, body }: Response, made: number): Promise<number | undefined> {
    const asked = retryAfter(headers, this.#now());
    if (asked !== undefined && asked > RETRY_AFTER_CAP_MS) {
      await body?.cancel();
      const seconds = Math.ceil(asked / 1000);
      throw new SalesforceAuthError('RETRY_LATER', `Salesforce answered ${status} and asks for ${seconds} seconds of patience: call again then`, {
        status,
        retryAfterMs: asked,
      });
    }
    const wait = this.#spend(made);
    return wait === undefined ? undefined : Math.max(wait, asked ?? 0);
  }

  /** Milliseconds to wait after an error; nothing when it is the caller's. */
  afterError(error: unknown, made: number): number | undefined {
    return codesOf(error).some((code) => CONNECTION_LOST.has(code)) ? this.#spend(made) : undefined;
  }

  /** Full jitter: callers that failed together do not come back together. */
  #spend(made: number): number | undefined {
    const longest = LONGEST_WAITS_MS[made];
    if (longest === undefined || this.#quota < 1) return undefined;
    this.#quota -= 1;
    return SHORTEST_WAIT_MS + Math.random() * (longest - SHORTEST_WAIT_MS);
  }
}

/**
 * Milliseconds that `Retry-After` asks for: whole seconds, or a date in the form that senders must use.
 * Anything else is as good as none. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = httpDate(value);
  // Measured on the server's own clock where it tells the time.
  return date === undefined ? undefined : Math.max(0, date - (httpDate(headers.get('date')) ?? now));
}

/** `Date.parse` guesses; only what comes out as it went in is an HTTP date. */
function httpDate(value: string | null): number | undefined {
  const date = new Date(value ?? Number.NaN);
  return !Number.isNaN(date.getTime()) && date.toUTCString() === value ? date.getTime() : undefined;
}

/** The codes of an error and its causes. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  // By shape, not by class: under Jest the errors of Node's fetch belong to another realm.
  let seen = error as { code?: unknown; cause?: unknown } | null | undefined;
  while (typeof seen === 'object' && seen !== null) {
    if (typeof seen.code === 'string') codes.push(seen.code);
    seen = seen.cause as typeof seen;
  }
  return codes;
}

/** Waits, and ends with the signal's reason when that comes first. */
export async function pause(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
}
