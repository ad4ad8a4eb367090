import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Identity, SalesforceAuthOptions } from 'salesforce-auth-client';

/** Where and how a program stores its tokens: see programs/store.mjs. */
export interface StoreSettings {
  kind: 'file' | 'ioredis' | 'node-redis';
  folder?: string;
  url?: string;
  leaseMs?: number;
  waitMs?: number;
}

export interface WorkerSettings {
  store: StoreSettings;
  auth: Omit<SalesforceAuthOptions, 'store' | 'fetch' | 'clock'>;
  clockAheadMs?: number;
}

export const newKey = () => randomBytes(32).toString('base64');

export const identity: Identity = { issuer: 'https://acme.my.salesforce.com', clientId: 'app', flow: 'refresh-token', subject: '' };

/** A running program that does what it is told: see programs/serve.mjs. */
export class Worker {
  readonly process: ChildProcess;
  readonly #answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  readonly #seen = new Map<string, () => void>();

  /** @param program a file name in programs/ */
  constructor(program: string, env: Record<string, string>) {
    this.process = fork(fileURLToPath(new URL(`./programs/${program}`, import.meta.url)), { env: { ...process.env, ...env } });
    this.process.on('message', (message: { event?: string; id?: number; value?: unknown; error?: unknown }) => {
      if (message.event) this.#seen.get(message.event)?.();
      const answer = this.#answers.get(message.id ?? -1);
      if (message.error) answer?.reject(message.error);
      else answer?.resolve(message.value);
    });
    this.process.on('exit', () => {
      for (const { reject } of this.#answers.values()) reject(new Error('the program ended'));
    });
  }

  /** Resolves when the program says so from now on. */
  says(event: string): Promise<void> {
    return new Promise((resolve) => this.#seen.set(event, resolve));
  }

  do<T>(action: string, input?: unknown): Promise<T> {
    const id = this.#answers.size + 1;
    this.process.send({ id, action, input });
    return new Promise<unknown>((resolve, reject) => this.#answers.set(id, { resolve, reject })) as Promise<T>;
  }

  /** Lets an action go on that waits to be told. */
  proceed(): void {
    this.process.send({ action: 'proceed' });
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }
}

/** Starts workers, which end with the test: call `end` after each. */
export class Fleet {
  readonly #key = newKey();
  readonly #workers: Worker[] = [];

  async start(settings: WorkerSettings): Promise<Worker> {
    const worker = new Worker('worker.mjs', { WORKER: JSON.stringify({ ...settings, identity }), SALESFORCE_TOKEN_KEY: this.#key });
    this.#workers.push(worker);
    await worker.says('ready');
    return worker;
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.kill()));
  }
}
