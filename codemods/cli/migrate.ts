/** A whole run, without a word printed: what `salesforce-auth migrate` does, for programs. */
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buildSource } from '../../analysis/source';
import { STATES, type ReportEntry, type State, type Transform, type TransformOptions } from '../report';
import { discover, looksMinified, type FoundFile, type LeftOut } from './discover';
import { describeFailure, describeSystemError, type Failure } from '../failure';
import { addToEnvExamples } from './env-example';
import { UsageError } from './usage-error';
import { uncommittedFiles } from './git';
import { formatCommands, installCommands, usesRuntime } from './project';
import { TRANSFORMS } from './transforms';
import { writeAtomically } from './write';

export interface MigrateOptions extends TransformOptions {
  /** Folder that paths are relative to; by default the working directory of the process. */
  cwd?: string;
  /** Files, folders and globs; by default the whole folder. */
  paths?: readonly string[];
  /** Names of the transforms to run; by default all. */
  only?: readonly string[];
  /** Write nothing. */
  dry?: boolean;
  /** Write even where git has uncommitted changes. */
  force?: boolean;
  /** Files of ours whose being uncommitted does not matter, such as the report of the run before. */
  mayBeUncommitted?: readonly string[];
  /** Transforms to choose from, in the order in which they run. */
  transforms?: Readonly<Record<string, () => Promise<Transform>>>;
}

export interface FileError extends Failure {
  path: string;
}

/** What a run came to; findings that are safe already count in none but the first two. */
export type Outcome = 'nothing to migrate' | 'already migrated' | 'migrated' | 'could not migrate';

export interface MigrateResult {
  outcome: Outcome;
  /** Every finding in exactly one state: the states add up to `findings`. */
  totals: Record<State | 'findings', number>;
  entries: ReportEntry[];
  errors: FileError[];
  /** How many files were read. */
  files: number;
  /** Files that were rewritten, or would be without `dry`. */
  changed: string[];
  leftOut: LeftOut[];
  /** Names of the environment variables that the rewritten code reads. */
  env: string[];
  /** The `.env.example` files that those names were added to, or would be without `dry`. */
  envExamples: string[];
  /** Commands for a person to run: adding the runtime, formatting what changed. */
  install: string[];
  format: string[];
}

interface Selected {
  name: string;
  transform: Transform;
}

interface Pass {
  text: string;
  entries: ReportEntry[];
  env: string[];
}

interface FileResult extends Pass {
  original: string;
  failure?: Failure;
  leftOut?: string;
}

async function select({ only, transforms = TRANSFORMS }: MigrateOptions): Promise<Selected[]> {
  const names = Object.keys(transforms);
  const unknown = only?.filter((name) => !names.includes(name)) ?? [];
  if (only?.length === 0 || unknown.length > 0) {
    throw new UsageError(`--only takes names from: ${names.join(', ')}${unknown.length > 0 ? `; not ${unknown.join(', ')}` : ''}`);
  }
  const chosen = names.filter((name) => only?.includes(name) ?? true);
  return Promise.all(chosen.map(async (name) => ({ name, transform: await transforms[name]!() })));
}

async function refuseUncommitted(repositories: readonly string[], allowed: readonly string[]): Promise<void> {
  for (const root of repositories) {
    const files = (await uncommittedFiles(root)).filter((file) => !allowed.includes(resolve(root, file)));
    if (files.length === 0) continue;
    const some = files.slice(0, 5).join(', ');
    throw new UsageError(
      `${root} has uncommitted changes (${some}${files.length > 5 ? ` and ${files.length - 5} more` : ''}). ` +
        'Commit or stash them, so that the migration can be reviewed and undone on its own; or look first with --dry, or go ahead with --force.',
    );
  }
}

class TransformFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Runs the transforms one after the other; each sees the text that the one before left. */
function runAll(path: string, source: string, selected: readonly Selected[], options: TransformOptions): Pass {
  const pass: Pass = { text: source, entries: [], env: [] };
  for (const { name, transform } of selected) {
    try {
      const { output, entries, env } = transform({ path, source: pass.text }, options);
      pass.text = output ?? pass.text;
      pass.entries.push(...entries);
      pass.env.push(...env);
    } catch (error) {
      throw new TransformFailure(describeFailure(name, error));
    }
  }
  return pass;
}

const openFindings = (entries: readonly ReportEntry[]) => entries.filter(({ state }) => state !== 'already-safe').length;

/** Why an output must not be written; `undefined` when it parses and a second run has nothing to add. */
function objectionTo({ text, entries }: Pass, path: string, selected: readonly Selected[], options: TransformOptions): string | undefined {
  try {
    buildSource(path, text);
  } catch {
    return 'the rewritten file would not parse';
  }
  let second: Pass;
  try {
    second = runAll(path, text, selected, options);
  } catch {
    return 'a second run over the rewritten file fails';
  }
  if (second.text !== text) return 'a second run would change the file again';
  const before = openFindings(entries.filter(({ state }) => state !== 'migrated'));
  return openFindings(second.entries) > before ? 'the rewritten file would hold new findings' : undefined;
}

/** What was found stays found; that it was rewritten or marked is no longer true. */
function rolledBack(entries: readonly ReportEntry[], reason: string): ReportEntry[] {
  return entries.map((entry) => {
    if (entry.state !== 'migrated' && entry.state !== 'marked') return entry;
    return { ...entry, state: 'left', reason: `not written: ${reason}`, next: 'Migrate this place by hand, and report the error.' };
  });
}

function decode(bytes: Buffer): { text: string; isUtf8: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), isUtf8: true };
  } catch {
    // Good enough to see whether the file concerns us; its bytes are never written from this.
    return { text: bytes.toString('latin1'), isUtf8: false };
  }
}

async function migrateFile(file: FoundFile, selected: readonly Selected[], { dry = false, ...options }: TransformOptions & { dry?: boolean }): Promise<FileResult> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file.absolute);
  } catch (error) {
    return { original: '', text: '', entries: [], env: [], failure: describeSystemError('read', error) };
  }
  const { text: original, isUtf8 } = decode(bytes);
  const untouched = { original, text: original, entries: [], env: [] };
  if (looksMinified(original)) return { ...untouched, leftOut: 'looks minified or generated' };

  let pass: Pass;
  try {
    pass = runAll(file.path, original, selected, options);
  } catch (error) {
    if (error instanceof TransformFailure) return { ...untouched, failure: error.failure };
    throw error;
  }
  if (pass.text === original) return { ...pass, original };

  const rollBack = (failure: Failure): FileResult => ({ ...untouched, entries: rolledBack(pass.entries, failure.message), failure });
  if (!isUtf8) return rollBack({ kind: 'read', message: 'the file is not UTF-8; convert it, then run again' });
  const objection = objectionTo(pass, file.path, selected, options);
  if (objection) return rollBack({ kind: 'verify', message: objection });
  if (!dry) {
    try {
      await writeAtomically(file.absolute, pass.text);
    } catch (error) {
      return rollBack(describeSystemError('write', error));
    }
  }
  return { ...pass, original };
}

function outcomeOf(totals: MigrateResult['totals'], errors: readonly FileError[]): Outcome {
  if (totals.migrated > 0) return 'migrated';
  if (errors.length > 0 || totals.marked + totals.left > 0) return 'could not migrate';
  return totals.findings > 0 ? 'already migrated' : 'nothing to migrate';
}

function total(entries: readonly ReportEntry[]): MigrateResult['totals'] {
  const count = (state: State) => entries.filter((entry) => entry.state === state).length;
  const states = Object.fromEntries(STATES.map((state) => [state, count(state)])) as Record<State, number>;
  return { findings: entries.length, ...states };
}

/**
 * Finds, rewrites and writes. A file that fails is reported and left as it was; the others go on.
 *
 * @throws {UsageError} when nothing was started: an unknown transform, a path that does not exist, uncommitted changes
 */
export async function migrate(options: MigrateOptions = {}): Promise<MigrateResult> {
  const cwd = realpathSync(options.cwd ?? process.cwd());
  const selected = await select(options);
  const { files, leftOut, repositories } = await discover(cwd, options.paths ?? []);
  if (!options.dry && !options.force) {
    await refuseUncommitted(
      repositories,
      (options.mayBeUncommitted ?? []).map((path) => resolve(cwd, path)),
    );
  }

  const entries: ReportEntry[] = [];
  const errors: FileError[] = [];
  const changed: string[] = [];
  const needRuntime: string[] = [];
  const envByFile = new Map<string, readonly string[]>();
  const fileOptions = { ...(options.flow && { flow: options.flow }), ...(options.dry && { dry: true }) };
  for (const file of files) {
    const result = await migrateFile(file, selected, fileOptions);
    entries.push(...result.entries.toSorted((a, b) => a.line - b.line || a.column - b.column));
    if (result.failure) errors.push({ path: file.path, ...result.failure });
    if (result.leftOut) leftOut.push({ path: file.path, reason: result.leftOut });
    if (result.text === result.original) continue;
    changed.push(file.path);
    if (usesRuntime(result.text)) needRuntime.push(file.path);
    envByFile.set(file.path, result.env);
  }

  const envExamples = await addToEnvExamples(cwd, envByFile, { dry: options.dry });
  errors.push(...envExamples.errors);
  const totals = total(entries);
  return {
    outcome: outcomeOf(totals, errors),
    totals,
    entries,
    errors,
    files: files.length,
    changed,
    leftOut,
    env: [...new Set([...envByFile.values()].flat())].sort(),
    envExamples: envExamples.paths,
    install: installCommands(cwd, needRuntime),
    format: formatCommands(cwd, changed),
  };
}
