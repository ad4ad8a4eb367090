/** Which packages the rewritten code needs, and which it no longer does. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesInGit, repositoryOf } from './git';

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*(?:\.resolve\s*)?\(\s*)(['"`])([^'"`\n]+)\1/g;

/** Names of the packages that a text imports or requires. A name in a comment counts as well: the answer is used to keep packages. */
function importedPackages(text: string): Set<string> {
  const specifiers = [...text.matchAll(IMPORT)].map((match) => match[2]!);
  return new Set(specifiers.flatMap((specifier) => /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?=\/|$)/.exec(specifier)?.[0] ?? []));
}

/** Packages that a rewritten file no longer imports. */
export function droppedImports(before: string, after: string): string[] {
  const still = importedPackages(after);
  return [...importedPackages(before)].filter((name) => !still.has(name)).sort();
}

const CODE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx)$/;
const SETTINGS = /\.(?:json5?|ya?ml|toml|html)$|^\.\w+rc$/;
const LOCK_FILES = new Set(['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'bun.lock']);
const TABLES = /"(?:d|devD|peerD|optionalD)ependencies"\s*:\s*\{[^{}]*\}/g;

/**
 * Of the names, those that no code below the directory names in a string any more, and no settings at all.
 *
 * @param texts what the changed files hold, or will: their text by absolute path
 */
export async function unusedPackages(directory: string, names: readonly string[], texts: ReadonlyMap<string, string>): Promise<string[]> {
  const unused = new Set(names);
  for (const path of await filesBelow(directory)) {
    if (unused.size === 0) break;
    const name = basename(path);
    const isCode = CODE.test(name);
    if (!isCode && (!SETTINGS.test(name) || LOCK_FILES.has(name))) continue;
    const text = texts.get(path) ?? (await readFile(path, 'utf8').catch(() => ''));
    const rest = name === 'package.json' ? text.replaceAll(TABLES, '') : text;
    for (const one of unused) if (mentions(rest, one, isCode)) unused.delete(one);
  }
  return [...unused];
}

/** Code names a package in a string of its own; scripts and YAML need no quotes. */
function mentions(text: string, name: string, isCode: boolean): boolean {
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(isCode ? `(['"\`])${literal}(?:/[^'"\`\n]*)?\\1` : `(?<![\\w@/.-])${literal}(?![\\w.-])`).test(text);
}

async function filesBelow(directory: string): Promise<string[]> {
  if (await repositoryOf(directory)) return (await filesInGit(directory)).filter((path) => !/(?:^|\/)node_modules\//.test(path)).map((path) => join(directory, path));
  const found: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
    const path = join(directory, entry.name);
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git') found.push(...(await filesBelow(path)));
  }
  return found;
}
