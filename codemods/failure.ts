/** Words for what went wrong with a file. Nothing here quotes the file: its text may hold a password. */

export interface Failure {
  kind: 'read' | 'parse' | 'transform' | 'verify' | 'write' | 'worker';
  /** 1-based; where the last parser gave up. */
  line?: number;
  message: string;
  /** One line per parser that tried. */
  attempts?: string[];
}

function isParseError(error: unknown): error is Error & { attempts: readonly string[] } {
  // By name: the transform may come from another bundle, with its own copy of the class.
  return error instanceof Error && error.name === 'ParseError' && 'attempts' in error && Array.isArray(error.attempts);
}

/** Says what a transform threw: the parsers' attempts, or the kind of error and the place in our own code. */
export function describeFailure(transform: string, error: unknown): Failure {
  if (isParseError(error)) {
    const attempts = [...error.attempts];
    const line = attempts.map((attempt) => / at line (\d+)$/.exec(attempt)?.[1]).findLast(Boolean);
    return { kind: 'parse', message: 'could not be parsed', attempts, ...(line && { line: Number(line) }) };
  }
  const { name, stack = '' } = error instanceof Error ? error : { name: 'something that is not an Error' };
  const frame = /^\s+at (.+:\d+:\d+\)?)$/m.exec(stack)?.[1];
  return { kind: 'transform', message: `${transform} threw ${name}${frame ? ` at ${frame}` : ''}` };
}

/** The code of a system error, such as `EACCES`, with what it was about. */
export function describeSystemError(kind: 'read' | 'write', error: unknown): Failure {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return { kind, message: `could not be ${kind === 'read' ? 'read' : 'written'} (${code})` };
}
