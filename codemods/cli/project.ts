/** What the project around the changed files uses: package manager, dependencies, formatter. Proposes commands, runs none. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { unusedPackages } from './dependencies';

/** The package that rewritten code imports. */
const RUNTIME = 'salesforce-auth-client';

type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const LOCK_FILES: readonly [string, PackageManager][] = [
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];
const ADD: Record<PackageManager, string> = { npm: 'install', pnpm: 'add', yarn: 'add', bun: 'add' };
const REMOVE: Record<PackageManager, string> = { npm: 'uninstall', pnpm: 'remove', yarn: 'remove', bun: 'remove' };
const RUN: Record<PackageManager, string> = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' };

// In the order in which a project that has several of them formats.
const FORMATTERS: readonly { command: string; file: RegExp; packageKey?: string }[] = [
  { command: 'biome format --write', file: /^\.?biome\.jsonc?$/ },
  { command: 'prettier --write', file: /^(?:\.prettierrc(?:\..+)?|prettier\.config\.[cm]?[jt]s)$/, packageKey: 'prettier' },
  { command: 'eslint --fix', file: /^(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\..+)?)$/, packageKey: 'eslintConfig' },
];

type Manifest = Readonly<Record<string, unknown>>;

function readManifest(directory: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    return manifest && typeof manifest === 'object' ? (manifest as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

function* upwards(directory: string): Generator<string> {
  for (let at = resolve(directory); ; at = dirname(at)) {
    yield at;
    // A repository is as far as a project reaches: a lock file in somebody's home folder says nothing.
    if (existsSync(join(at, '.git')) || at === dirname(at)) return;
  }
}

/** The package manager by lock file, else by the `packageManager` field of a package.json, else npm. */
export function packageManagerOf(directory: string): PackageManager {
  for (const at of upwards(directory)) {
    const locked = LOCK_FILES.find(([file]) => existsSync(join(at, file)));
    if (locked) return locked[1];
    const named = /^(?:npm|pnpm|yarn|bun)(?=@)/.exec(String(readManifest(at)?.packageManager))?.[0];
    if (named) return named as PackageManager;
  }
  return 'npm';
}

function hasDependency(manifest: Manifest, name: string, keys: readonly string[]): boolean {
  return keys.some((key) => {
    const table = manifest[key];
    return Boolean(table && typeof table === 'object' && Object.hasOwn(table, name));
  });
}

/** Where a package may be dropped from: a peer dependency is a promise to others. */
const OWN = ['dependencies', 'devDependencies', 'optionalDependencies'];

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

function nearest(directory: string, has: (at: string) => boolean): string | undefined {
  for (const at of upwards(directory)) if (has(at)) return at;
  return undefined;
}

/** The folder of the package that a file belongs to; the working directory where there is none. */
export function packageOf(cwd: string, file: string): string {
  return nearest(dirname(resolve(cwd, file)), (at) => existsSync(join(at, 'package.json'))) ?? cwd;
}

/** A command of the package manager, for a person or for `--install` to run. */
export interface Command {
  directory: string;
  run: readonly [string, ...string[]];
  /** As one types it, from the working directory. */
  shown: string;
}

/** What happened to a rewritten file's imports. */
export interface ChangedImports {
  /** Relative to the working directory. */
  path: string;
  text: string;
  dropped: readonly string[];
}

/**
 * Commands that add the runtime to each package whose files now import it and that does not have it yet, and drop what
 * the rewritten files were the last to import.
 */
export async function installCommands(cwd: string, files: readonly ChangedImports[]): Promise<Command[]> {
  const texts = new Map(files.map(({ path, text }) => [resolve(cwd, path), text]));
  const byPackage = new Map<string, ChangedImports[]>();
  for (const file of files) {
    const directory = packageOf(cwd, file.path);
    byPackage.set(directory, [...(byPackage.get(directory) ?? []), file]);
  }
  const commands: Command[] = [];
  for (const directory of [...byPackage.keys()].sort()) {
    const manifest = readManifest(directory) ?? {};
    const changed = byPackage.get(directory)!;
    const manager = packageManagerOf(directory);
    const command = (...run: [string, ...string[]]) => commands.push({ directory, run, shown: shown(cwd, directory, run) });
    if (changed.some(({ text }) => usesRuntime(text)) && !hasDependency(manifest, RUNTIME, [...OWN, 'peerDependencies'])) command(manager, ADD[manager], RUNTIME);
    const dropped = new Set(changed.flatMap((file) => file.dropped));
    const listed = [...dropped].filter((name) => hasDependency(manifest, name, OWN)).sort();
    const unused = listed.length > 0 ? await unusedPackages(directory, listed, texts) : [];
    if (unused.length > 0) command(manager, REMOVE[manager], ...unused);
  }
  return commands;
}

function shown(cwd: string, directory: string, run: readonly string[]): string {
  const path = relative(cwd, directory).split(sep).join('/');
  return `${path ? `cd ${quote(path)} && ` : ''}${run.map(quote).join(' ')}`;
}

/** True when a text imports or requires the runtime. */
export function usesRuntime(text: string): boolean {
  return new RegExp(`(['"\`])${RUNTIME}(?:/[^'"\`]*)?\\1`).test(text);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** The formatter of a folder, or of the next one above that has one. Each folder is looked into once: `known` says what was found there. */
function formatterOf(directory: string, known: Map<string, string | undefined>): string | undefined {
  for (const at of upwards(directory)) {
    if (!known.has(at)) known.set(at, formatterIn(at));
    const command = known.get(at);
    if (command) return command;
  }
  return undefined;
}

function formatterIn(directory: string): string | undefined {
  const files = namesIn(directory);
  const manifest = readManifest(directory);
  return FORMATTERS.find(({ file, packageKey }) => files.some((name) => file.test(name)) || (packageKey && manifest && packageKey in manifest))?.command;
}

/** Commands that format exactly the changed files with what the project has set up; none where nothing is. */
export function formatCommands(cwd: string, files: readonly string[]): string[] {
  const byCommand = new Map<string, string[]>();
  const known = new Map<string, string | undefined>();
  for (const file of files) {
    const command = formatterOf(dirname(resolve(cwd, file)), known);
    if (command) byCommand.set(command, [...(byCommand.get(command) ?? []), quote(file)]);
  }
  const run = RUN[packageManagerOf(cwd)];
  return [...byCommand].map(([command, paths]) => `${run} ${command} ${paths.join(' ')}`);
}
