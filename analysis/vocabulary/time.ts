/** The words in which code speaks of time: what a name says of a value's role and unit, and what libraries fix. */
import { rememberNames } from '../remember';

export type Unit = 'ms' | 's';

/** The words of a name, in lower case: `tokenExpiresAt`, `token_expires_at` and `TOKEN-EXPIRES-AT` are the same three. */
export const wordsOf: (name: string) => readonly string[] = rememberNames((name) =>
  name
    .replace(/OAuth/g, 'Oauth')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean),
);

const UNIT_WORDS: ReadonlyMap<string, Unit> = new Map([
  ['ms', 'ms'], ['millis', 'ms'], ['milliseconds', 'ms'], ['msec', 'ms'], ['msecs', 'ms'],
  ['seconds', 's'], ['secs', 's'], ['sec', 's'], ['s', 's'],
]);
/** Names of factors (`MS_PER_SECOND`, `SECONDS_TO_MS`) have no unit of their own. */
const RATIO_WORDS = new Set(['per', 'to']);

/** The unit that a name ends with, as in `bufferMs` or `expiresInSeconds`. */
export function unitOfName(words: readonly string[]): Unit | undefined {
  if (words.length < 2 || words.some((word) => RATIO_WORDS.has(word))) return undefined;
  return UNIT_WORDS.get(words.at(-1)!);
}

const EXPIRY_WORDS = new Set(['expiry', 'expires', 'expire', 'expired', 'expiration', 'exp', 'expirydate', 'expiresat', 'expiretime', 'expirationtime', 'expirationdate', 'expiring', 'validuntil']);
const DURATION_WORDS = new Set(['ttl', 'lifetime', 'duration', 'lifespan', 'maxage', 'expiresin', 'timeout', 'ttlms', 'validity', 'interval']);
const START_WORDS = new Set(['issued', 'created', 'acquired', 'fetched', 'obtained', 'granted', 'iat', 'timestamp', 'received', 'retrieved', 'generated', 'refreshed', 'saved', 'stored', 'start', 'started', 'since', 'last', 'updated', 'cached', 'time', 'date', 'at']);
const BUFFER_WORDS = new Set(['buffer', 'skew', 'leeway', 'grace', 'margin', 'handicap', 'tolerance', 'threshold', 'slack', 'drift', 'window', 'offset', 'early', 'ahead', 'before', 'safety', 'padding', 'overlap', 'advance', 'cushion']);

const has = (words: readonly string[], set: ReadonlySet<string>) => words.some((word) => set.has(word));

/** Is it called a length of time, such as `expires_in`, `ttl` or `tokenLifetime`? */
export function isDurationName(words: readonly string[]): boolean {
  if (has(words, DURATION_WORDS)) return true;
  return words.some((word, index) => word === 'in' && EXPIRY_WORDS.has(words[index - 1] ?? ''));
}

/** Is it called a moment at which something expires? */
export function isExpiryName(words: readonly string[]): boolean {
  if (isDurationName(words)) return false;
  return has(words, EXPIRY_WORDS) || words.some((word, index) => word === 'valid' && /^(?:until|till|to|thru|through)$/.test(words[index + 1] ?? ''));
}

/** Is it called a moment from which something counts, such as `issued_at` or `tokenTimestamp`? */
export function isStartName(words: readonly string[]): boolean {
  return has(words, START_WORDS) && !isExpiryName(words) && !isDurationName(words);
}

export function isBufferName(words: readonly string[]): boolean {
  return has(words, BUFFER_WORDS);
}

/** Is it called the present moment: `now`, `currentTime`, `nowInSeconds`? */
export function isNowName(words: readonly string[]): boolean {
  if (words.includes('now')) return !isExpiryName(words);
  return (words.includes('current') || words.includes('curr')) && words.some((word) => /^(?:time|timestamp|date|epoch|unix|seconds|ms|millis)$/.test(word)) && !isExpiryName(words);
}

const CLOCK_WORDS = new Set(['now', 'date', 'epoch', 'unix', 'seconds', 'secs', 'sec', 'ms', 'millis', 'milliseconds', 'minutes', 'hours', 'days', 'current', 'today', 'clock', 'valid']);

/** Does a name speak of time at all? */
export function isTimeName(words: readonly string[]): boolean {
  return has(words, CLOCK_WORDS) || isDurationName(words) || isExpiryName(words) || has(words, START_WORDS) || isBufferName(words);
}

/** Lifetimes whose unit a standard fixes: RFC 6749 for `expires_in` and its vendors' variants, Vault for leases. */
export function standardUnit(name: string): Unit | undefined {
  return /^(?:\w+_)?expires_in$|^lease_duration$/.test(name) ? 's' : undefined;
}

/** The claims of a JWT that are moments, in seconds (RFC 7519). */
export const CLAIMS = new Set(['exp', 'iat', 'nbf', 'auth_time']);

/** How long the units are that moment, dayjs, luxon and date-fns call by name, in milliseconds. */
export const NAMED_UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1], ['millisecond', 1], ['milliseconds', 1], ['s', 1_000], ['second', 1_000], ['seconds', 1_000],
  ['m', 60_000], ['minute', 60_000], ['minutes', 60_000], ['h', 3_600_000], ['hour', 3_600_000], ['hours', 3_600_000],
  ['d', 86_400_000], ['day', 86_400_000], ['days', 86_400_000],
]);
