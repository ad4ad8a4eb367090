/** What the project around the changed files uses: package manager, dependencies, formatter. Proposes commands, runs none. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

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
const ADD: Record<PackageManager, string> = { npm: 'npm install', pnpm: 'pnpm add', yarn: 'yarn add', bun: 'bun add' };
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

function hasDependency(manifest: Manifest, name: string): boolean {
  return ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].some((key) => {
    const table = manifest[key];
    return Boolean(table && typeof table === 'object' && name in table);
  });
}

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

/** Commands that add the runtime to each package whose files now import it and that does not have it yet. */
export function installCommands(cwd: string, files: readonly string[]): string[] {
  const packages = new Set(files.map((file) => packageOf(cwd, file)));
  return [...packages]
    .filter((directory) => !hasDependency(readManifest(directory) ?? {}, RUNTIME))
    .sort()
    .map((directory) => {
      const add = `${ADD[packageManagerOf(directory)]} ${RUNTIME}`;
      const path = relative(cwd, directory).split(sep).join('/');
      return path ? `cd ${quote(path)} && ${add}` : add;
    });
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

function formatterOf(directory: string): string | undefined {
  for (const at of upwards(directory)) {
    const files = namesIn(at);
    const manifest = readManifest(at);
    const found = FORMATTERS.find(({ file, packageKey }) => files.some((name) => file.test(name)) || (packageKey && manifest && packageKey in manifest));
    if (found) return found.command;
  }
  return undefined;
}

/** Commands that format exactly the changed files with what the project has set up; none where nothing is. */
export function formatCommands(cwd: string, files: readonly string[]): string[] {
  const byCommand = new Map<string, string[]>();
  const byDirectory = new Map<string, string | undefined>();
  for (const file of files) {
    const directory = dirname(resolve(cwd, file));
    if (!byDirectory.has(directory)) byDirectory.set(directory, formatterOf(directory));
    const command = byDirectory.get(directory);
    if (command) byCommand.set(command, [...(byCommand.get(command) ?? []), quote(file)]);
  }
  const run = RUN[packageManagerOf(cwd)];
  return [...byCommand].map(([command, paths]) => `${run} ${command} ${paths.join(' ')}`);
}
