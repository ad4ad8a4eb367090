/** `.env.example` of a package: the names of the variables that its rewritten files read, never a value. */
import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { describeSystemError } from '../failure';
import { packageOf } from './project';
import type { FileError } from './result';

/** What projects call the file; the first is what one without it gets. */
const FILES = ['.env.example', '.env.sample', '.env.template', '.env.dist'] as const;

/** Adds to the file of each package the names that it does not have yet, at its end; with `dry`, only says to which files. */
export async function addToEnvExamples(cwd: string, envByFile: ReadonlyMap<string, readonly string[]>, { dry = false }: { dry?: boolean | undefined } = {}): Promise<{ paths: string[]; errors: FileError[] }> {
  const byPackage = new Map<string, Set<string>>();
  for (const [file, names] of envByFile) {
    const folder = packageOf(cwd, file);
    byPackage.set(folder, new Set([...(byPackage.get(folder) ?? []), ...names]));
  }
  const paths: string[] = [];
  const errors: FileError[] = [];
  for (const [folder, names] of [...byPackage].sort()) {
    const absolute = join(folder, FILES.find((name) => existsSync(join(folder, name))) ?? FILES[0]);
    const path = relative(cwd, absolute).split(sep).join('/');
    try {
      const added = linesFor(existsSync(absolute) ? await readFile(absolute, 'utf8') : '', [...names].sort());
      if (added === '') continue;
      if (!dry) await appendFile(absolute, added);
      paths.push(path);
    } catch (error) {
      errors.push({ path, ...describeSystemError('write', error) });
    }
  }
  return { paths, errors };
}

/** What to put at the end of the text: a line for each name that no line has, not even one that is commented out. */
function linesFor(text: string, names: readonly string[]): string {
  const missing = names.filter((name) => !new RegExp(`^\\uFEFF?[ \\t#]*(?:export[ \\t]+)?${name}[ \\t]*=`, 'm').test(text));
  if (missing.length === 0) return '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return (text === '' || text.endsWith('\n') ? '' : eol) + missing.map((name) => `${name}=${eol}`).join('');
}
