import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isEvent } from '../events';
import { jsonObject } from '../json';
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
 * Reads a log with one JSON object per line: an event, with its name in `event` and the time in `time`, as the pino example of
 * docs/runtime/events.md writes it. Other lines are somebody else's.
 * @throws UsageError when the file cannot be read
 */
export async function readEvents(path: string, identity: string): Promise<EventSummary> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  const summary: { -readonly [Key in keyof EventSummary]: EventSummary[Key] } = { events: 0, others: 0, storms: 0, lockWaits: 0 };
  try {
    for await (const text of lines) {
      // What does not parse is somebody else's, or the last line of a log that is being written.
      const line = jsonObject(text);
      const name = line?.event;
      if (!isEvent(name) || typeof line?.identity !== 'string') continue;
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

/** Milliseconds, or a date as text; 0, which is long ago, where there is none. */
function timeOf({ time }: Line): number {
  const at = typeof time === 'number' ? time : Date.parse(String(time));
  return Number.isFinite(at) ? at : 0;
}
