import { statSync, type Stats } from 'node:fs';
import { SalesforceAuthError } from '../errors';
import { loginRate, withRequests } from '../limits';
import { tokenFile } from '../stores/file';
import { tokenGeneration, type Identity, type TokenRecord, type TokenStore } from '../stores/store';
import { lockTimes } from '../stores/wait';

/** A record as it was found: nothing was locked, refreshed or written for it. */
export interface Found {
  readonly file: string;
  readonly record?: TokenRecord;
  /** Why there is no record to look at, where there should be one. */
  readonly problem?: string;
  /** When the file was written, by this machine's clock. */
  readonly changedAt?: number;
  /** May other users of this machine read it? It is encrypted all the same. */
  readonly isOpenToOthers: boolean;
  readonly lock: { readonly state: 'free' | 'held' | 'left behind'; readonly ageMs?: number };
}

/** Reads an identity's record, and what the file system says about it. */
export async function findRecord(store: TokenStore, folder: string, identity: Identity): Promise<Found> {
  const file = tokenFile(folder, identity);
  const stats = statsOf(file);
  const found = {
    file,
    ...(stats && { changedAt: stats.mtimeMs }),
    isOpenToOthers: process.platform !== 'win32' && stats !== undefined && (stats.mode & 0o077) !== 0,
    lock: lockOf(`${file}.lock`),
  };
  try {
    const record = await store.read(identity);
    return { ...found, ...(record && { record }) };
  } catch (error) {
    if (error instanceof SalesforceAuthError && error.code !== 'CONFIG_INVALID') return { ...found, problem: error.message };
    throw error;
  }
}

/** What cannot be looked at cannot be read either, which the store says better. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Whoever has the lock renews its time of change; one that is older than the lease is free to take: runtime/stores/file-lock.ts */
function lockOf(path: string): Found['lock'] {
  const stats = statsOf(path);
  if (!stats) return { state: 'free' };
  const ageMs = Math.max(0, Date.now() - stats.mtimeMs);
  return { state: ageMs < lockTimes({}).leaseMs ? 'held' : 'left behind', ageMs };
}

/** The numbers of a record, without its tokens. Ages in milliseconds, points in time as dates. */
export interface RecordFacts {
  readonly generation: number;
  readonly tokenGeneration: number;
  readonly hasAccessToken: boolean;
  readonly hasRefreshToken: boolean;
  readonly tokenAgeMs: number;
  readonly expiresInMs?: number;
  readonly unanswered?: { readonly requests: number; readonly ageMs: number };
  readonly refused?: { readonly oauthError: string; readonly description: string; readonly status?: number; readonly ageMs: number };
  readonly coolDownMs?: number;
  readonly requestsLastHour: number;
  readonly refreshesLastMinute: number;
}

/** @param now by Salesforce's clock, which the record's times are in */
export function factsOf(record: TokenRecord, now: number): RecordFacts {
  const { dead, intent, coolDown, expiresAt } = record;
  return {
    generation: record.generation,
    tokenGeneration: tokenGeneration(record),
    hasAccessToken: record.accessToken !== undefined,
    hasRefreshToken: record.refreshToken !== undefined,
    tokenAgeMs: now - record.obtainedAt,
    ...(expiresAt !== undefined && { expiresInMs: expiresAt - now }),
    ...(intent && { unanswered: { requests: intent.sent, ageMs: now - intent.startedAt } }),
    ...(dead && {
      refused: { oauthError: dead.oauthError, description: dead.description, ...(dead.status !== undefined && { status: dead.status }), ageMs: now - dead.at },
    }),
    ...(coolDown && coolDown.until > now && { coolDownMs: coolDown.until - now }),
    requestsLastHour: loginRate(withRequests(record.usage, 0, now), now).requests,
    refreshesLastMinute: (record.usage?.refreshes ?? []).filter((at) => Math.abs(now - at) < 60_000).length,
  };
}
