/** How far a run is: a bar on a terminal, now and then a line in a log. Says nothing where the run is short. */
import { clean } from './clean';

const BAR = 24;
const REDRAW = 100;
const LINE_EVERY = 10_000;

export interface Progress {
  update(done: number, total: number, path: string): void;
  /** Takes the bar off the terminal. */
  clear(): void;
}

interface Terminal {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export function progressOn(terminal: Terminal, env: Readonly<Record<string, string | undefined>>, now: () => number = Date.now): Progress {
  const isBar = terminal.isTTY === true && env.TERM !== 'dumb';
  let last = now();
  let drawn = false;
  return {
    update(done, total, path) {
      if (now() - last < (isBar ? REDRAW : LINE_EVERY)) return;
      last = now();
      if (!isBar) return void terminal.write(`salesforce-auth: ${done} of ${total} files\n`);
      const full = Math.floor((BAR * done) / total);
      const text = `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${done}/${total} ${clean(path)}`;
      // A line that wraps could not be taken back.
      terminal.write(`\r${text.slice(0, (terminal.columns ?? 80) - 1)}\u001B[K`);
      drawn = true;
    },
    clear() {
      if (drawn) terminal.write('\r\u001B[K');
      drawn = false;
    },
  };
}
