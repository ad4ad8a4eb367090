/** Report files, each in the form that its name asks for. */
import { statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { describeSystemError } from '../../failure';
import { repositoryOf } from '../git';
import { UsageError } from '../usage-error';
import { writeAtomically } from '../write';
import type { Report } from './model';

type Writer = (report: Report, cwd: string) => Promise<string>;

const WRITERS: Readonly<Record<string, Writer>> = {
  '.json': async (report) => (await import('./json')).toJson(report),
  '.sarif': async (report, cwd) => (await import('./sarif')).toSarif(report, { cwd, root: (await repositoryOf(cwd)) ?? cwd }),
  '.md': async (report) => (await import('./markdown')).toMarkdown(report),
  '.html': async (report) => (await import('./html')).toHtml(report),
};

export const REPORT_FORMATS = Object.keys(WRITERS);

/**
 * Found out before anything is rewritten: a run whose report is lost cannot be repeated.
 *
 * @throws {UsageError} for a file that could not be written at the end
 */
export function checkReports(cwd: string, paths: readonly string[]): void {
  const kind = (path: string) => statSync(path, { throwIfNoEntry: false });
  for (const path of paths) {
    if (path === '' || kind(resolve(cwd, path))?.isDirectory()) throw new UsageError(`--report needs a file: ${path || 'the name is empty'}`);
    if (!(extname(path) in WRITERS)) throw new UsageError(`--report takes files that end in ${REPORT_FORMATS.join(', ')}: ${path}`);
    if (!kind(dirname(resolve(cwd, path)))?.isDirectory()) throw new UsageError(`--report: no such folder: ${dirname(path)}`);
  }
}

/** Writes them all; what could not be written is the answer, one line each. */
export async function writeReports(cwd: string, paths: readonly string[], report: Report): Promise<string[]> {
  const failed: string[] = [];
  for (const path of paths) {
    const text = await WRITERS[extname(path)]!(report, cwd);
    try {
      await writeAtomically(resolve(cwd, path), text);
    } catch (error) {
      failed.push(`${path} ${describeSystemError('write', error).message}`);
    }
  }
  return failed;
}
