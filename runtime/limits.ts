/** Token requests of an identity, counted for everybody who shares its store. Times by the server's clock. */
export interface Usage {
  /** Token requests of the last hour, by minute (milliseconds since the epoch / 60,000). */
  readonly requests: Readonly<Record<string, number>>;
  /** When refreshes were granted in the last minute, in milliseconds, oldest first. */
  readonly refreshes: readonly number[];
}

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/**
 * Salesforce stops at 3,600 logins per user and hour; whether every flow's requests count is not documented.
 * https://help.salesforce.com/s/articleView?id=000381578&type=1
 */
export const WARN_AT_REQUESTS = 1000;
export const STOP_AT_REQUESTS = 3000;

const nothing: Usage = { requests: {}, refreshes: [] };

/** The usage with `count` more token requests, without what is older than an hour. */
export function withRequests(usage: Usage = nothing, count: number, now: number): Usage {
  const minute = Math.floor(now / MINUTE_MS);
  const recent = Object.entries(usage.requests).filter(([at]) => Number(at) > minute - 60 && Number(at) <= minute);
  const requests = Object.fromEntries(recent);
  if (count > 0) requests[minute] = (requests[minute] ?? 0) + count;
  return { ...usage, requests };
}

export function withRefresh(usage: Usage, now: number): Usage {
  return { ...usage, refreshes: [...usage.refreshes.filter((at) => isWithinMinute(at, now)), now] };
}

/** A login that the program asked for is no part of a storm, and ends one. */
export function withLogin(usage: Usage): Usage {
  return { ...usage, refreshes: [] };
}

/** How many token requests in the last hour, and, when they are too many, until when to wait. */
export function loginRate(usage: Usage, now: number): { requests: number; until?: number } {
  const minutes = Object.entries(withRequests(usage, 0, now).requests);
  const requests = minutes.reduce((sum, [, count]) => sum + count, 0);
  let left = requests;
  for (const [minute, count] of minutes) {
    if (left < STOP_AT_REQUESTS) break;
    left -= count;
    if (left < STOP_AT_REQUESTS) return { requests, until: Number(minute) * MINUTE_MS + HOUR_MS };
  }
  return { requests };
}

/** Until when to wait, when `most` refreshes were granted within the last minute. */
export function stormUntil(usage: Usage = nothing, most: number, now: number): number | undefined {
  const oldest = usage.refreshes.filter((at) => isWithinMinute(at, now)).at(-most);
  return oldest === undefined ? undefined : oldest + MINUTE_MS;
}

/** Either side: our idea of the server's time moves by a second or so with each answer. */
function isWithinMinute(at: number, now: number): boolean {
  return Math.abs(now - at) < MINUTE_MS;
}
