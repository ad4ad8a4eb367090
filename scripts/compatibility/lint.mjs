// Lints the fixtures in a throwaway project with a host, and says where it differs from expected.json.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, work } from '../check-packages/harness.mjs';
import { FAMILIES, familiesOf } from './cells.mjs';
import { configOf } from './config.mjs';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
/** For each fixture: rule, line and column of what is to be found, the same in every host. */
export const EXPECTED = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));

export const folderOf = (host) => join(work, host.project);

/** Copies the fixtures of some families into a folder, which then has no others. */
export function copyFixtures(families, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const file of families.flatMap((family) => FAMILIES[family].files)) cpSync(join(FIXTURES, file), join(folder, file));
}

/** Writes the fixtures and the configuration of a host on a Node. */
export function prepare(host, node) {
  const cwd = folderOf(host);
  for (const file of ['.eslintrc.cjs', 'eslint.config.mjs', '.oxlintrc.json']) rmSync(join(cwd, file), { recursive: true, force: true });
  const families = familiesOf(host, node);
  copyFixtures(families, join(cwd, 'src'));
  const [name, text] = configOf(host, families);
  writeFileSync(join(cwd, name), text);
  return families;
}

/** @returns {Record<string, string[]>} findings by file, as expected.json has them */
export function eslint(host, node, flags = []) {
  const legacy = host.style === 'eslintrc' ? ['--ext', '.js,.cjs,.jsx,.ts,.tsx,.vue,.svelte,.astro,.md'] : [];
  // ESLint warns of workers that do not pay for twelve files.
  const { stdout } = run(node, ['node_modules/eslint/bin/eslint.js', 'src', '--format', 'json', ...legacy, ...flags], { cwd: folderOf(host), mayFind: true, mayReport: flags.includes('--concurrency') });
  return Object.fromEntries(
    JSON.parse(stdout).map(({ filePath, messages }) => [
      basename(filePath),
      messages.map(({ ruleId, line, column, message }) => `${ruleId?.replace('salesforce-auth/', '') ?? message} ${line}:${column}`),
    ]),
  );
}

/** The same, as Oxlint's binary reports them. */
export function oxlint(host, node) {
  const { stdout } = run(node, ['node_modules/oxlint/bin/oxlint', 'src', '--format', 'json'], { cwd: folderOf(host), mayFind: true });
  const found = {};
  for (const { filename, code, labels, message } of JSON.parse(stdout).diagnostics) {
    const [, plugin, rule] = /^([\w-]+)\((.+)\)$/.exec(code ?? '') ?? [];
    // Its own rules are on by default.
    if (rule && plugin !== 'salesforce-auth') continue;
    const { line, column } = labels[0].span;
    (found[basename(filename)] ??= []).push(`${rule ?? message} ${line}:${column}`);
  }
  return found;
}

/** What a family's fixtures have too many or too few of, in words; empty where all is as expected. */
export function differences(family, found) {
  return FAMILIES[family].files
    .flatMap((file) => {
      const wanted = EXPECTED[file];
      const got = found[file] ?? [`${file} was not linted`];
      const missing = wanted.filter((finding) => !got.includes(finding)).map((finding) => `${file}: ${finding} is missing`);
      return [...missing, ...got.filter((finding) => !wanted.includes(finding)).map((finding) => `${file}: ${finding} is not expected`)];
    })
    .join('\n');
}
