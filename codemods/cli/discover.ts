/** Which files a run looks at. Pure listing: no file is opened. */
import { lstatSync, type Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { UsageError } from './usage-error';
import { filesInGit, repositoryOf } from './git';

const CODE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const MAX_BYTES = 2 * 1024 * 1024;

// Left out without a word: nobody looks for their own code there.
const NEVER_OURS = new Set(['node_modules', 'bower_components', '.git', '.hg', '.svn', '.yarn']);
// Left out and said so: now and then somebody's sources live in a folder of that name.
const BUILT_OR_VENDORED = new Set(
  'dist build out coverage vendor vendors vendored third_party third-party .next .nuxt .output .svelte-kit .turbo .vercel .cache'.split(' '),
);

export interface FoundFile {
  /** Relative to the working directory, with `/`: the name that every message and report uses. */
  path: string;
  absolute: string;
}

export interface LeftOut {
  path: string;
  reason: string;
}

export interface Discovery {
  files: FoundFile[];
  leftOut: LeftOut[];
  /** Roots of the git work trees that the paths lie in. */
  repositories: string[];
}

const WIDE_LINE = 400;

/** True for text that no person edits: long, and with lines hundreds of characters wide on average. */
export function looksMinified(text: string): boolean {
  if (text.length < 5_000) return false;
  // So many lines settle it: most texts have them in their first tenth.
  const enough = text.length / WIDE_LINE;
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1 && lines < enough; at = text.indexOf('\n', at + 1)) lines++;
  return lines < enough;
}

function isGlob(path: string): boolean {
  return picomatch.scan(path).isGlob;
}

/** Asked at once: for thousands of files, waiting for each answer costs ten times the question. */
function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

class Finder {
  readonly files = new Map<string, FoundFile>();
  readonly leftOut = new Map<string, string>();
  readonly repositories = new Map<string, Promise<string | undefined>>();
  readonly listings = new Map<string, Promise<string[]>>();
  readonly ignoredFolders = new Map<string, boolean>();
  private readonly inside: string;

  constructor(readonly cwd: string) {
    this.inside = cwd.endsWith(sep) ? cwd : cwd + sep;
  }

  name(absolute: string): string {
    // `relative` looks at both paths letter by letter; nearly all are below the working directory.
    const path = absolute.startsWith(this.inside) ? absolute.slice(this.inside.length) : relative(this.cwd, absolute);
    return sep === '/' ? path || '.' : (path || '.').split(sep).join('/');
  }

  repositoryOf(directory: string): Promise<string | undefined> {
    let repository = this.repositories.get(directory);
    if (!repository) this.repositories.set(directory, (repository = repositoryOf(directory)));
    return repository;
  }

  /** Every file below a directory that is neither ignored by git nor in a folder that holds no sources. */
  list(directory: string): Promise<string[]> {
    let listing = this.listings.get(directory);
    if (!listing) this.listings.set(directory, (listing = this.read(directory)));
    return listing;
  }

  private async read(directory: string): Promise<string[]> {
    const paths = (await this.repositoryOf(directory))
      ? (await filesInGit(directory)).map((path) => join(directory, path))
      : await this.walk(directory);
    return paths.filter((path) => !this.isIgnoredFolder(dirname(path)));
  }

  private async walk(directory: string, found: string[] = []): Promise<string[]> {
    if (this.isIgnoredFolder(directory)) return found;
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => {
      this.leftOut.set(this.name(directory), 'folder that could not be read');
      return [];
    });
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) await this.walk(path, found);
      else found.push(path);
    }
    return found;
  }

  /** Looks at a folder's whole path, once. */
  private isIgnoredFolder(directory: string): boolean {
    let isIgnored = this.ignoredFolders.get(directory);
    if (isIgnored === undefined) this.ignoredFolders.set(directory, (isIgnored = this.holdsNoSources(directory)));
    return isIgnored;
  }

  private holdsNoSources(directory: string): boolean {
    const folders = this.name(directory).split('/');
    const at = folders.findIndex((folder) => NEVER_OURS.has(folder) || BUILT_OR_VENDORED.has(folder));
    if (at === -1) return false;
    if (BUILT_OR_VENDORED.has(folders[at]!)) this.leftOut.set(`${folders.slice(0, at + 1).join('/')}/`, 'build output or vendored code by its name');
    return true;
  }

  /** Takes a file in, or notes why not. */
  take(absolute: string): void {
    const path = this.name(absolute);
    const name = basename(path);
    if (!CODE.test(name) || /\.d\.(?:[^.]+\.)?[cm]?ts$/.test(name)) return;
    const leaveOut = (reason: string) => void this.leftOut.set(path, reason);
    // Tracked by git and deleted from the work tree: nothing to look at.
    const stats = statsOf(absolute);
    if (!stats) return;
    if (stats.isSymbolicLink()) return leaveOut('symbolic link');
    if (!stats.isFile()) return leaveOut('not a regular file');
    if (/[.-]min\.[cm]?js$/.test(name)) return leaveOut('minified');
    if (stats.size > MAX_BYTES) return leaveOut('larger than 2 MB');
    this.files.set(absolute, { path, absolute });
  }

  /** A path as named on the command line; false when it does not exist and matches nothing. */
  async add(input: string): Promise<boolean> {
    const absolute = resolve(this.cwd, input);
    const stats = await lstat(absolute).catch(() => undefined);
    if (!stats) return isGlob(input) && this.addGlob(input);
    if (stats.isSymbolicLink()) this.leftOut.set(this.name(absolute), 'symbolic link');
    else if (stats.isDirectory()) for (const path of await this.list(absolute)) this.take(path);
    else await this.addFile(absolute);
    return true;
  }

  private async addFile(absolute: string): Promise<void> {
    if (this.isIgnoredFolder(dirname(absolute))) return;
    if (!CODE.test(absolute)) this.leftOut.set(this.name(absolute), 'not JavaScript or TypeScript');
    else if (await this.isIgnoredByGit(absolute)) this.leftOut.set(this.name(absolute), 'ignored by git');
    else this.take(absolute);
  }

  private async isIgnoredByGit(absolute: string): Promise<boolean> {
    const directory = dirname(absolute);
    return Boolean(await this.repositoryOf(directory)) && !(await this.list(directory)).includes(absolute);
  }

  /** Files that a glob matches, among those that a run over its folder would list. */
  async matching(pattern: string): Promise<string[]> {
    const { base, glob } = picomatch.scan(pattern);
    const directory = resolve(this.cwd, base);
    const stats = await lstat(directory).catch(() => undefined);
    if (!stats?.isDirectory()) return [];
    const matches = picomatch(glob, { dot: true });
    return (await this.list(directory)).filter((path) => matches(relative(directory, path).split(sep).join('/')));
  }

  private async addGlob(pattern: string): Promise<boolean> {
    const before = this.leftOut.size;
    const matched = await this.matching(pattern);
    for (const path of matched) this.take(path);
    return matched.length > 0 || this.leftOut.size > before;
  }
}

/**
 * Expands files, folders and globs; a path that starts with `!` takes files out again.
 *
 * @throws {UsageError} naming every path that does not exist and every glob that matches nothing
 */
export async function discover(cwd: string, paths: readonly string[]): Promise<Discovery> {
  // On Windows a glob is typed with backslashes, which a matcher takes for escapes.
  const inputs = paths.map((path) => (sep === '\\' ? path.replaceAll('\\', '/') : path));
  const wanted = inputs.filter((path) => !path.startsWith('!'));
  const finder = new Finder(cwd);
  const missing: string[] = [];
  for (const path of wanted.length > 0 ? wanted : ['.']) {
    if (!(await finder.add(path))) missing.push(path);
  }
  if (missing.length > 0) throw new UsageError(`no such file or folder, and no file matches: ${missing.join(', ')}`);
  for (const path of inputs.filter((path) => path.startsWith('!'))) {
    const pattern = path.slice(1);
    const excluded = isGlob(pattern) ? await finder.matching(pattern) : [resolve(cwd, pattern)];
    for (const file of excluded) {
      for (const absolute of finder.files.keys()) {
        if (absolute === file || absolute.startsWith(file + sep)) finder.files.delete(absolute);
      }
    }
  }
  const roots = await Promise.all(finder.repositories.values());
  return {
    files: [...finder.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    leftOut: [...finder.leftOut].map(([path, reason]) => ({ path, reason })),
    repositories: [...new Set(roots.filter((root) => root !== undefined))],
  };
}
