/** What a run comes to: what every command hands to the terminal and to the reports. */
import type { Failure } from '../failure';
import { STATES, type ReportEntry, type State } from '../report';
import type { FoundFile, LeftOut } from './discover';
import type { FileResult, Finding } from './file-result';

export interface FileError extends Failure {
  path: string;
}

/** What a run came to; findings that are safe already count in none but `nothing to migrate` and `already migrated`. */
export type Outcome = 'nothing to migrate' | 'already migrated' | 'migrated' | 'could not migrate' | 'no finding' | 'findings' | 'could not check';

/** Every finding in exactly one state: the states add up to `findings`. */
export type Totals = Record<State | 'findings', number>;

export interface RunResult {
  outcome: Outcome;
  totals: Totals;
  entries: Finding[];
  errors: FileError[];
  /** How many files were read. */
  files: number;
  /** Set where the run was stopped: how many files it did not come to. */
  notRead?: number;
  /** Files that were rewritten, or would be without `dry`. */
  changed: string[];
  leftOut: LeftOut[];
  /** Names of the environment variables that the rewritten code reads. */
  env: string[];
  /** The `.env.example` files that those names were added to, or would be without `dry`. */
  envExamples: string[];
  /** Commands for a person to run: what to add and drop, and formatting what changed. */
  install: string[];
  format: string[];
}

function total(entries: readonly ReportEntry[]): Totals {
  const count = (state: State) => entries.filter((entry) => entry.state === state).length;
  const states = Object.fromEntries(STATES.map((state) => [state, count(state)])) as Record<State, number>;
  return { findings: entries.length, ...states };
}

/** What was found in all files, in their order: workers end in any. */
export function collect(files: readonly FoundFile[], results: ReadonlyMap<string, FileResult>): Pick<RunResult, 'entries' | 'errors' | 'leftOut' | 'totals'> {
  const came = files.flatMap(({ path }) => {
    const result = results.get(path);
    return result ? [{ path, result }] : [];
  });
  const entries = came.flatMap(({ result }) => result.entries.toSorted((a, b) => a.line - b.line || a.column - b.column));
  return {
    entries,
    totals: total(entries),
    errors: came.flatMap(({ path, result: { failure } }) => (failure ? [{ path, ...failure }] : [])),
    leftOut: came.flatMap(({ path, result: { leftOut } }) => (leftOut ? [{ path, reason: leftOut }] : [])),
  };
}
