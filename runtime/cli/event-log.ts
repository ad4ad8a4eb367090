import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UsageError } from './surroundings';

/** What a log of events says about an identity. Times are milliseconds since the epoch, by the clock of whoever wrote it. */
export interface EventSummary {
  /** Events of this identity. */
  readonly events: number;
  /** Events of other identities. */
  readonly others: number;
  /** The last token that was got or adopted. */
  readonly lastToken?: number;
  readonly lastReject?: { readonly at: number; readonly code: string; readonly oauthError: string };
  readonly storms: number;
  readonly lastStorm?: number;
  readonly lastPersistFailure?: { readonly at: number; readonly code: string };
  readonly lockWaits: number;
  readonly longestLockWaitMs?: number;
}

type Line = Readonly<Record<string, unknown>>;

/**
 * Reads a log with one JSON object per line: an event, the time as `time`, and the name in `msg`, `event` or `name`, as it is or
 * behind `salesforce-auth `. Other lines are somebody else's.
 * @throws UsageError when the file cannot be read
 */
export async function readEvents(path: string, identity: string): Promise<EventSummary> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  const summary: { -readonly [Key in keyof EventSummary]: EventSummary[Key] } = { events: 0, others: 0, storms: 0, lockWaits: 0 };
  try {
    for await (const text of lines) {
      const line = objectOf(text);
      const name = line && nameOf(line);
      if (!name || typeof line.identity !== 'string') continue;
      if (line.identity !== identity) {
        summary.others += 1;
        continue;
      }
      summary.events += 1;
      const at = timeOf(line);
      if (name === 'refresh' || name === 'login' || name === 'adopt') summary.lastToken = at;
      if (name === 'reject') summary.lastReject = { at, code: String(line.code), oauthError: String(line.oauthError) };
      if (name === 'persist_failed') summary.lastPersistFailure = { at, code: String(line.code) };
      if (name === 'storm') {
        summary.storms += 1;
        summary.lastStorm = at;
      }
      if (name === 'lock.wait') {
        summary.lockWaits += 1;
        summary.longestLockWaitMs = Math.max(summary.longestLockWaitMs ?? 0, Number(line.durationMs) || 0);
      }
    }
  } catch (error) {
    throw new UsageError(`--events: the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  return summary;
}

function objectOf(text: string): Line | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    // The last line of a log that is being written.
    return undefined;
  }
}

const NAME = /^(?:salesforce-auth[ :])?(login|refresh|refresh\.start|refresh\.end|adopt|instance_changed|reject|lock\.wait|persist_failed|storm|login_rate|idle_risk)$/;

function nameOf({ msg, event, name }: Line): string | undefined {
  for (const text of [msg, event, name]) {
    const found = typeof text === 'string' ? NAME.exec(text)?.[1] : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Milliseconds, or a date as text; 0, which is long ago, where there is none. */
function timeOf({ time }: Line): number {
  const at = typeof time === 'number' ? time : Date.parse(String(time));
  return Number.isFinite(at) ? at : 0;
}
