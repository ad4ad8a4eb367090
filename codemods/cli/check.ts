/** Our rules over a folder, with no ESLint configuration but our own: what `salesforce-auth check` does, for programs. */
import { realpathSync } from 'node:fs';
import { discover } from './discover';
import type { RunOptions } from './migrate';
import { forEachFile } from './pool';
import { collect, type RunResult } from './result';
import type { FileResult } from './file-result';

/** @throws {UsageError} when nothing was started: a path that does not exist, ESLint that is not installed */
export async function check(options: RunOptions = {}): Promise<RunResult> {
  const { files, leftOut } = await discover(realpathSync(options.cwd ?? process.cwd()), options.paths ?? []);
  const results = new Map<string, FileResult>();
  const notRead = await forEachFile(files, { ...options, job: { command: 'check' } }, async (file, result) => {
    results.set(file.path, result);
  });
  const found = collect(files, results);
  const outcome = found.entries.length > 0 ? 'findings' : found.errors.length > 0 ? 'could not check' : 'no finding';
  return {
    outcome,
    ...found,
    files: files.length - notRead,
    ...(notRead > 0 && { notRead }),
    changed: [],
    leftOut: [...leftOut, ...found.leftOut],
    env: [],
    envExamples: [],
    install: [],
    format: [],
  };
}
