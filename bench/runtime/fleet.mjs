// Processes that share one login: token-manager-anchors sections 5.3 (each with its own tokens) and 5.4 (with a store).
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Child } from './child.mjs';

/** Calls that each process makes at once. */
export const CALLS = 25;
/** A store's own default. Milliseconds. */
const LEASE_MS = 10_000;

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** The stores of this run: a folder each time, and one Redis where it is installed. */
export class Stores {
  #folders = [];
  #redis;
  #url;

  /** Where a fleet keeps its tokens: nobody else's are there. */
  async fresh(kind, leaseMs = LEASE_MS) {
    if (kind === 'Redis') {
      this.#url ??= await this.#startRedis();
      return { kind, leaseMs, url: this.#url, prefix: `bench-${randomBytes(6).toString('hex')}:` };
    }
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    this.#folders.push(folder);
    return { kind, leaseMs, folder };
  }

  async #startRedis() {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    probe.close();
    this.#redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']);
    for await (const line of createInterface(this.#redis.stdout)) if (line.includes('Ready to accept connections')) break;
    if (this.#redis.exitCode !== null) throw new Error('redis-server did not start');
    this.#redis.stdout.resume();
    return `redis://127.0.0.1:${port}`;
  }

  end() {
    this.#redis?.kill('SIGKILL');
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The session of a whole fleet ends, and every process makes its calls.
 * @returns token requests, those of them that were refused, calls and those that succeeded, milliseconds until the last was settled
 */
export async function fleet(org, { client, processes, rotate, store }) {
  return withWorkers(processes, async (workers) => {
    await beginAll(org, workers, { client, rotate, store });
    await org.ask('expire');
    const { ok, calls, ms } = await callAll(workers);
    const { token, refused } = await org.ask('counts');
    return { tokenRequests: token, refused, calls, ok, ms };
  });
}

/**
 * The process that holds the store's lock, and waits for its new token, is killed while the others wait for the lock.
 * @returns as {@link fleet}, counted and timed from the kill on
 */
export async function killedHolder(org, { processes, store }) {
  return withWorkers(processes + 1, async ([holder, ...others]) => {
    await beginAll(org, [holder, ...others], { client: 'auth.fetch', rotate: true, store });
    await org.ask('change', { hangTokens: true });
    await org.ask('expire');
    const hanging = org.says('hanging');
    holder.ask('calls', 1).catch(() => {});
    await hanging;
    await org.ask('change', { hangTokens: false });
    const all = callAll(others);
    await holder.kill();
    const killed = performance.now();
    const { ok, calls } = await all;
    const ms = performance.now() - killed;
    const { token } = await org.ask('counts');
    return { tokenRequests: token, calls, ok, ms };
  });
}

async function withWorkers(count, work) {
  const key = randomBytes(32).toString('base64');
  const workers = Array.from({ length: count }, () => new Child('./worker.mjs', { SALESFORCE_TOKEN_KEY: key }));
  try {
    return await work(workers);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

/** All have a token that is good. Where there is a store, it is one token. */
async function beginAll(org, workers, { client, rotate, store }) {
  const session = await org.ask('begin', { rotate });
  for (const worker of workers) await worker.ask('begin', { client, session, store });
}

async function callAll(workers) {
  const start = performance.now();
  const done = await Promise.all(workers.map((worker) => worker.ask('calls', CALLS)));
  const sum = (key) => done.reduce((total, one) => total + one[key], 0);
  return { ok: sum('ok'), calls: sum('calls'), ms: performance.now() - start };
}
