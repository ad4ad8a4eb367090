import type { Environment } from '../environment';

interface Output {
  write(text: string): unknown;
}

/** What a command takes from its process; a test hands in its own. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Environment;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Ctrl-C. */
  readonly stop?: AbortSignal;
  /** Milliseconds to wait for somebody to log in. Default: five minutes. */
  readonly patienceMs?: number;
}

/** A command line that we refuse to work with; exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A command that ended without what it was asked for; its message says why, its exit code is 1 unless given. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';

  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** Text of others, fit for a terminal: it would obey control characters. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, '?');
}
