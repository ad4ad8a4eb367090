import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fleet, type StoreSettings, type Worker, type WorkerSettings } from './fleet';
import { hasRedis, startRedis, type RedisServer } from './redis-server';

const CALLS = 25;
// Up to nine processes start in a test, on two busy cores.
vi.setConfig({ testTimeout: 90_000 });
const fleet = new Fleet();
const orgs: FakeOrg[] = [];
let redis: RedisServer | undefined;
let folder: string;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stores-'));
});
afterEach(async () => {
  await fleet.end();
  await Promise.all(orgs.splice(0).map((org) => org.close()));
  await rm(folder, { recursive: true });
});
afterAll(() => redis?.kill());

async function startOrg(rotateRefreshTokens: boolean): Promise<FakeOrg> {
  const org = await startFakeOrg({ rotateRefreshTokens });
  orgs.push(org);
  return org;
}

/** The file store, or Redis with either client in turn. */
type Kind = 'file' | 'redis';

function settingsFor(kind: Kind, org: FakeOrg, index = 0, more: Partial<StoreSettings> = {}): WorkerSettings {
  const { clientId, clientSecret, refreshToken } = org.credentials;
  const store: StoreSettings =
    kind === 'file' ? { kind: 'file', folder, ...more } : { kind: index % 2 ? 'ioredis' : 'node-redis', url: redis!.url, ...more };
  return { store, auth: { flow: 'refresh-token', loginUrl: org.url, clientId, clientSecret, refreshToken } };
}

/** Starts workers that all hold one token, which has just expired. */
async function withExpiredToken(org: FakeOrg, settings: WorkerSettings[]): Promise<Worker[]> {
  const workers = await Promise.all(settings.map((one) => fleet.start(one)));
  for (const worker of workers) await worker.do('token');
  expect(org.counts.token).toBe(1);
  org.expireSessions();
  org.resetCounts();
  return workers;
}

async function callAll(workers: Worker[]): Promise<Set<unknown>> {
  const outcomes = await Promise.all(workers.map((worker) => worker.do<unknown[]>('calls', CALLS)));
  expect(outcomes.flat()).toHaveLength(workers.length * CALLS);
  return new Set(outcomes.flat());
}

/** The same, with the first token request held back until every worker stands before the lock. */
async function callAllAtOnce(workers: Worker[]): Promise<Set<unknown>> {
  await Promise.all(workers.map((worker) => worker.do('waitAt', 'token request')));
  const atTheLock = Promise.all(workers.map((worker) => worker.says('at the lock')));
  const outcomes = callAll(workers);
  await atTheLock;
  for (const worker of workers) worker.proceed();
  return outcomes;
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

for (const [kind, number] of [['file', 'S01'], ['redis', 'S02']] as const) {
  describe.skipIf(kind === 'redis' && !hasRedis)(`processes that share ${kind === 'file' ? 'a folder' : 'Redis (needs redis-server)'}`, () => {
    it.each([4, 8])(`${number}: %i processes, rotation on: one token request, and every call succeeds`, async (count) => {
      const org = await startOrg(true);
      const workers = await withExpiredToken(org, times(count, (index) => settingsFor(kind, org, index)));
      expect(await callAllAtOnce(workers)).toEqual(new Set([200]));
      expect(org.counts.token).toBe(1);
    });

    it('S03: the same with rotation off', async () => {
      const org = await startOrg(false);
      const workers = await withExpiredToken(org, times(4, (index) => settingsFor(kind, org, index)));
      expect(await callAllAtOnce(workers)).toEqual(new Set([200]));
      expect(org.counts.token).toBe(1);
    });

    it('S04: after a holder of the lock was killed the others go on, with one token request', async () => {
      const org = await startOrg(true);
      const short = { leaseMs: 2000, waitMs: 12_000 };
      const settings = times(4, (index) => settingsFor(kind, org, index, short));
      const workers = await withExpiredToken(org, settings);
      const doomed = await fleet.start(settings[0]!);
      await doomed.do('waitAt', 'token request');
      const requesting = doomed.says('token request');
      doomed.do('calls', 1).catch(() => {});
      await requesting;
      const atTheLock = Promise.all(workers.map((worker) => worker.says('at the lock')));
      const outcomes = callAll(workers);
      await atTheLock;
      await doomed.kill();
      expect(await outcomes).toEqual(new Set([200]));
      expect(org.counts.token).toBe(1);
    });

    it('S05: a holder that was stopped beyond its lease does not overwrite what came after', async () => {
      const org = await startOrg(true);
      const short = { leaseMs: 2000, waitMs: 12_000 };
      const [stopped, next] = [await fleet.start(settingsFor(kind, org, 0, short)), await fleet.start(settingsFor(kind, org, 1, short))];
      const stoppedHolds = stopped.says('holding');
      const late = stopped.do('save', true);
      await stoppedHolds;
      stopped.process.kill('SIGSTOP');

      const nextHolds = next.says('holding');
      const saved = next.do('save', true);
      await nextHolds;
      next.proceed();
      expect(await saved).toBe(true);

      stopped.process.kill('SIGCONT');
      stopped.proceed();
      expect(await late).toBe(false);
      expect(await stopped.do('read')).toMatchObject({ generation: 1, identityUrl: String(next.process.pid) });
    });

    it('S05: a refresh that was stopped beyond its lease takes over what came after, and drops its own token', async () => {
      const org = await startOrg(false);
      const short = { leaseMs: 2000, waitMs: 12_000 };
      const [next] = await withExpiredToken(org, [settingsFor(kind, org, 1, short)]);
      const stopped = await fleet.start(settingsFor(kind, org, 0, short));
      await stopped.do('waitAt', 'token response');
      const answered = stopped.says('token response');
      const late = stopped.do('calls', 1);
      await answered;
      stopped.process.kill('SIGSTOP');
      expect(await next!.do('calls', 1)).toEqual([200]);

      stopped.process.kill('SIGCONT');
      stopped.proceed();
      expect(await late).toEqual([200]);
      expect([await next!.do('ownsToken'), await stopped.do('ownsToken')]).toEqual([true, false]);
      expect(org.counts.token).toBe(2);
    });

    it('S05: nor does it release the lock of whoever came after', async () => {
      const org = await startOrg(true);
      const short = { leaseMs: 2000, waitMs: 12_000 };
      const [stopped, next] = [await fleet.start(settingsFor(kind, org, 0, short)), await fleet.start(settingsFor(kind, org, 1, short))];
      const third = await fleet.start(settingsFor(kind, org, 0, { leaseMs: 2000, waitMs: 2500 }));
      const stoppedHolds = stopped.says('holding');
      const late = stopped.do('save', false);
      await stoppedHolds;
      stopped.process.kill('SIGSTOP');

      const nextHolds = next.says('holding');
      const saved = next.do('save', true);
      await nextHolds;
      stopped.process.kill('SIGCONT');
      stopped.proceed();
      await late;

      // Longer than a lease: the one who holds it now is alive, and renews it.
      await expect(third.do('enter')).rejects.toMatchObject({ code: 'STORE_LOCK_TIMEOUT' });
      next.proceed();
      expect(await saved).toBe(true);
    });
  });
}

describe.skipIf(!hasRedis)('hosts that share Redis (needs redis-server)', () => {
  it('S09: clocks ten minutes apart cause no second token request', async () => {
    const org = await startOrg(true);
    const workers = await withExpiredToken(
      org,
      times(4, (index) => ({ ...settingsFor('redis', org, index), clockAheadMs: index % 2 ? 600_000 : -600_000 })),
    );
    expect(await callAllAtOnce(workers)).toEqual(new Set([200]));
    expect(org.counts.token).toBe(1);
  });
});
