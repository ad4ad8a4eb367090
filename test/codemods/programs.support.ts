/** Programs that run as processes of their own, with the library that they are written for and the built runtime. */
import { fork, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');

/** Puts the runtime, with its dependency, and a library, as our own development dependencies have them, where programs below `dir` find them. */
export function installModules(dir: string, ...libraries: readonly string[]): void {
  const modules = join(dir, 'node_modules');
  mkdirSync(join(modules, 'salesforce-auth-client'), { recursive: true });
  for (const library of libraries) symlinkSync(join(ROOT, 'node_modules', library), join(modules, library.replace(/^(jsforce)-\d$/, '$1')));
  symlinkSync(join(ROOT, 'node_modules/proper-lockfile'), join(modules, 'proper-lockfile'));
  cpSync(join(ROOT, 'runtime/package.json'), join(modules, 'salesforce-auth-client/package.json'));
  cpSync(join(ROOT, 'runtime/dist'), join(modules, 'salesforce-auth-client/dist'), { recursive: true });
}

export interface UserInfo {
  id: string;
  organizationId: string;
  url: string;
}
interface Calls {
  totals: number[];
  failures: string[];
}

/** A program that says who is logged in, and then makes calls when told to. */
export class Program {
  readonly #child: ChildProcess;
  readonly #messages: object[] = [];
  #ended = false;
  output = '';

  constructor(path: string, env: Record<string, string>) {
    this.#child = fork(path, { cwd: join(path, '..'), env: { PATH: process.env.PATH, ...env }, execArgv: [], stdio: 'pipe' });
    this.#child.on('message', (message) => this.#messages.push(message as object));
    this.#child.stdout?.on('data', (data) => (this.output += String(data)));
    this.#child.stderr?.on('data', (data) => (this.output += String(data)));
    this.#child.on('close', () => (this.#ended = true));
  }

  /** The next thing the program says; undefined when it ends without a word. */
  async #next<T>(): Promise<T | undefined> {
    while (this.#messages.length === 0 && !this.#ended) await sleep(5);
    return this.#messages.shift() as T | undefined;
  }

  async login(): Promise<UserInfo | undefined> {
    return (await this.#next<{ userInfo: UserInfo }>())?.userInfo;
  }

  async call(times = 1): Promise<Calls> {
    this.#child.send(times);
    return (await this.#next<Calls>()) ?? { totals: [], failures: ['the program ended'] };
  }

  stop(): void {
    this.#child.kill();
  }
}
