/** What we ask git: which files are its own, and whether the work tree is clean. Never changes anything. */
import { execFile } from 'node:child_process';
import { UsageError } from './usage-error';

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

function git(directory: string, ...args: string[]): Promise<Answer> {
  const options = {
    cwd: directory,
    maxBuffer: 512 * 1024 * 1024,
    // Untranslated messages, and no lock taken on somebody's index only to look at it.
    env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
  };
  return new Promise((resolve) => {
    execFile('git', args, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, stdout, stderr: stderr || (error?.code === 'ENOENT' ? 'not a git repository: git is not installed' : '') });
    });
  });
}

function refuse(directory: string, { stderr }: Answer): never {
  throw new UsageError(`git cannot be asked about ${directory}: ${stderr.trim().split('\n')[0] || 'no answer'}`);
}

/**
 * Root of the work tree that holds the directory; `undefined` outside of git, and without git.
 *
 * @throws {UsageError} when there is a repository that git refuses to read: taking it for "no repository" would drop its ignore rules
 */
export async function repositoryOf(directory: string): Promise<string | undefined> {
  const answer = await git(directory, 'rev-parse', '--show-toplevel');
  if (answer.code === 0) return answer.stdout.replace(/\r?\n$/, '');
  if (/not a git repository|must be run in a work tree/i.test(answer.stderr)) return undefined;
  return refuse(directory, answer);
}

/** Files below the directory, relative to it: tracked, or untracked and not ignored. */
export async function filesInGit(directory: string): Promise<string[]> {
  const answer = await git(directory, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  if (answer.code !== 0) return refuse(directory, answer);
  // A file in conflict is listed once per side.
  return [...new Set(answer.stdout.split('\0').filter(Boolean))];
}

/** Files with uncommitted changes, relative to the root; untracked ones count, since git could not bring them back. */
export async function uncommittedFiles(root: string): Promise<string[]> {
  const answer = await git(root, 'status', '--porcelain', '-z', '--untracked-files=all');
  if (answer.code !== 0) return refuse(root, answer);
  const fields = answer.stdout.split('\0').filter(Boolean);
  const files: string[] = [];
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!;
    files.push(field.slice(3));
    // A rename or copy is followed by a field of its own with the old name.
    if (/^[RC]|^.[RC]/.test(field)) i++;
  }
  return files;
}
