/** A whole run, without a word printed: what `salesforce-auth migrate` does, for programs. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeSystemError } from '../failure';
import type { TransformOptions } from '../report';
import { discover, type FoundFile } from './discover';
import { addToEnvExamples } from './env-example';
import { uncommittedFiles } from './git';
import { forEachFile, type PoolOptions } from './pool';
import { formatCommands, installCommands, type ChangedImports, type Command } from './project';
import { collect, type FileError, type Outcome, type RunResult, type Totals } from './result';
import { rolledBack } from './rewrite-file';
import { withSharedNames } from './shared-names';
import { TRANSFORMS, type Transforms } from './transforms';
import { UsageError } from './usage-error';
import type { FileResult } from './file-result';
import { writeAtomically } from './write';

/** Where a run looks, and how it is carried out. */
export interface RunOptions extends Pick<PoolOptions, 'worker' | 'signal' | 'onProgress'> {
  /** Folder that paths are relative to; by default the working directory of the process. */
  cwd?: string;
  /** Files, folders and globs; by default the whole folder. */
  paths?: readonly string[];
}

export interface MigrateOptions extends RunOptions, TransformOptions {
  /** Names of the transforms to run; by default all. */
  only?: readonly string[];
  /** Write nothing. */
  dry?: boolean;
  /** Write even where git has uncommitted changes. */
  force?: boolean;
  /** Files of ours whose being uncommitted does not matter, such as the report of the run before. */
  mayBeUncommitted?: readonly string[];
  /** Transforms to choose from, in the order in which they run. */
  transforms?: Transforms;
}

export interface MigrateResult extends RunResult {
  commands: Command[];
}

function select({ only, transforms = TRANSFORMS }: MigrateOptions): string[] {
  const names = Object.keys(transforms);
  const unknown = only?.filter((name) => !names.includes(name)) ?? [];
  if (only?.length === 0 || unknown.length > 0) {
    throw new UsageError(`--only takes names from: ${names.join(', ')}${unknown.length > 0 ? `; not ${unknown.join(', ')}` : ''}`);
  }
  return names.filter((name) => only?.includes(name) ?? true);
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

function outcomeOf(totals: Totals, errors: readonly FileError[]): Outcome {
  if (totals.migrated > 0) return 'migrated';
  if (errors.length > 0 || totals.marked + totals.left > 0) return 'could not migrate';
  return totals.findings > 0 ? 'already migrated' : 'nothing to migrate';
}

/** Writes what came of a file; where that fails, nothing came of it. */
async function settled(file: FoundFile, result: FileResult, dry: boolean): Promise<FileResult> {
  if (result.output === undefined || dry) return result;
  try {
    await writeAtomically(file.absolute, result.output);
    return result;
  } catch (error) {
    return rolledBack(result.entries, describeSystemError('write', error));
  }
}

/**
 * Finds, rewrites and writes. A file that fails is reported and left as it was; the others go on.
 *
 * @throws {UsageError} when nothing was started: an unknown transform, a path that does not exist, uncommitted changes
 */
export async function migrate(options: MigrateOptions = {}): Promise<MigrateResult> {
  const { flow, authModule, authExport, dry = false } = options;
  const cwd = realpathSync(options.cwd ?? process.cwd());
  const only = select(options);
  const { files, leftOut, repositories } = await discover(cwd, options.paths ?? []);
  if (!dry && !options.force) {
    await refuseUncommitted(
      repositories,
      (options.mayBeUncommitted ?? []).map((path) => resolve(cwd, path)),
    );
  }

  const results = new Map<string, FileResult>();
  const transformOptions: TransformOptions = { ...(flow && { flow }), ...(authModule !== undefined && { authModule }), ...(authExport !== undefined && { authExport }) };
  const notRead = await forEachFile(files, { ...options, job: { command: 'migrate', only, options: transformOptions } }, async (file, result) => {
    results.set(file.path, await settled(file, result, dry));
  });

  const found = collect(files, withSharedNames(cwd, results));
  const changed: ChangedImports[] = [];
  const envByFile = new Map<string, readonly string[]>();
  for (const { path } of files) {
    const { output, dropped = [], env: names = [] } = results.get(path) ?? {};
    if (output === undefined) continue;
    changed.push({ path, text: output, dropped });
    envByFile.set(path, names);
  }
  const paths = changed.map(({ path }) => path);
  const commands = await installCommands(cwd, changed);
  const envExamples = await addToEnvExamples(cwd, envByFile, { dry });
  const errors = [...found.errors, ...envExamples.errors];
  return {
    outcome: outcomeOf(found.totals, errors),
    ...found,
    errors,
    files: files.length - notRead,
    ...(notRead > 0 && { notRead }),
    changed: paths,
    leftOut: [...leftOut, ...found.leftOut],
    env: [...new Set([...envByFile.values()].flat())].sort(),
    envExamples: envExamples.paths,
    commands,
    install: commands.map(({ shown }) => shown),
    format: formatCommands(cwd, paths),
  };
}
