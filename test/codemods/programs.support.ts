/** Programs of the fixtures as processes of their own, on libraries that are really installed. */
import { fork, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

export interface UserInfo {
  id: string;
  organizationId: string;
  url: string;
}
export interface Calls {
  totals: number[];
  failures: string[];
}

/** A program that `serve.js` lets answer orders. */
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
    if (this.#child.connected) this.#child.send(times);
    return (await this.#next<Calls>()) ?? { totals: [], failures: [`the program ended: ${this.output}`] };
  }

  stop(): void {
    this.#child.kill();
  }
}

/** Lets programs below `dir` find the runtime, with what it depends on, and `modules`: the name that code has for each installed package. */
export function installModules(dir: string, modules: Readonly<Record<string, string>>): void {
  const home = join(dir, 'node_modules');
  mkdirSync(join(home, 'salesforce-auth-client'), { recursive: true });
  for (const [name, installed] of Object.entries({ ...modules, 'proper-lockfile': 'proper-lockfile' })) symlinkSync(join(ROOT, 'node_modules', installed), join(home, name));
  cpSync(join(ROOT, 'runtime/package.json'), join(home, 'salesforce-auth-client/package.json'));
  cpSync(join(ROOT, 'runtime/dist'), join(home, 'salesforce-auth-client/dist'), { recursive: true });
}

/** A folder that programs can be put into and run from, in which `modules` resolves: the name that code has for each installed package. */
export class Bench {
  readonly #programs: string;
  readonly #modules: Readonly<Record<string, string>>;
  readonly #running: Program[] = [];
  #dir = '';

  /** @param programs folder of the fixtures, with `serve.js` */
  constructor(programs: string, modules: Readonly<Record<string, string>>) {
    this.#programs = programs;
    this.#modules = modules;
    beforeAll(() => this.#build());
    afterEach(() => this.#running.splice(0).forEach((program) => program.stop()));
    afterAll(() => rmSync(this.#dir, { recursive: true, force: true }));
  }

  #build(): void {
    this.#dir = realpathSync(mkdtempSync(join(tmpdir(), 'programs-')));
    installModules(this.#dir, this.#modules);
    expect(existsSync(join(ROOT, 'runtime/dist/index.cjs'))).toBe(true);
    for (const kind of ['legacy', 'migrated']) {
      mkdirSync(join(this.#dir, kind));
      cpSync(join(this.#programs, 'serve.js'), join(this.#dir, kind, 'serve.js'));
    }
  }

  /** The text of a program of the fixtures. */
  read(file: string): string {
    return readFileSync(join(this.#programs, file), 'utf8');
  }

  start(kind: 'legacy' | 'migrated', file: string, text: string, env: Record<string, string | undefined>): Program {
    const path = join(this.#dir, kind, file);
    writeFileSync(path, text);
    const program = new Program(path, env as Record<string, string>);
    this.#running.push(program);
    return program;
  }
}
