// A process of the bench, and how it is spoken to: both ends.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The parent's end. */
export class Child {
  #process;
  #asked = 0;
  #answers = new Map();
  #awaited = new Map();
  #left;

  /** @param program a file of this folder */
  constructor(program, env = {}) {
    this.#process = fork(fileURLToPath(new URL(program, import.meta.url)), { env: { ...process.env, ...env } });
    this.#left = once(this.#process, 'exit');
    this.#process.on('message', ({ event, id, value, error }) => {
      if (event) return this.#awaited.get(event)?.();
      const { resolve, reject } = this.#answers.get(id);
      if (error) reject(new Error(`${program}: ${error}`));
      else resolve(value);
    });
    this.#process.on('exit', () => {
      for (const { reject } of this.#answers.values()) reject(new Error(`${program} ended`));
    });
  }

  /** Resolves when the child says so from now on. */
  says(event) {
    return new Promise((resolve) => this.#awaited.set(event, resolve));
  }

  ask(action, input) {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.#process.send({ id, action, input });
    });
  }

  /** SIGKILL, and the end of it. */
  async kill() {
    this.#process.kill('SIGKILL');
    await this.#left;
  }
}

/** The child's end: does what it is asked until it is killed. */
export function answerParent(actions) {
  process.on('message', async ({ id, action, input }) => {
    try {
      process.send({ id, value: await actions[action](input) });
    } catch (error) {
      process.send({ id, error: String(error?.message ?? error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
