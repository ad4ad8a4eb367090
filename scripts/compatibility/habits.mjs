// What users do besides plain linting. Each must give the findings of the plain run.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../check-packages/harness.mjs';
import { FAMILIES } from './cells.mjs';
import { EXPECTED, copyFixtures, differences, eslint, folderOf } from './lint.mjs';

const CLI = 'node_modules/eslint-plugin-salesforce-auth/dist/cli.cjs';

function compare(families, found) {
  const differs = families.map((family) => differences(family, found)).filter(Boolean);
  if (differs.length > 0) throw new Error(differs.join('\n'));
}

function cache(host, node, families) {
  const file = join(folderOf(host), 'cache.json');
  for (let round = 1; round <= 2; round++) compare(families, eslint(host, node, ['--cache', '--cache-location', file]));
  if (!existsSync(file)) throw new Error('ESLint wrote no cache');
  rmSync(file);
}

function concurrency(host, node, families) {
  compare(families, eslint(host, node, ['--concurrency', '2']));
}

function suppress(host, node, families) {
  const file = join(folderOf(host), 'eslint-suppressions.json');
  const files = families.flatMap((family) => FAMILIES[family].files);
  eslint(host, node, ['--suppress-all']);
  const suppressed = Object.values(JSON.parse(readFileSync(file, 'utf8'))).flatMap((rules) => Object.values(rules)).reduce((sum, { count }) => sum + count, 0);
  const left = Object.values(eslint(host, node)).flat();
  rmSync(file);
  if (left.length > 0) throw new Error(`not suppressed: ${left.join(', ')}`);
  const wanted = files.reduce((sum, name) => sum + EXPECTED[name].length, 0);
  if (suppressed !== wanted) throw new Error(`${suppressed} findings in eslint-suppressions.json, not ${wanted}`);
}

/** The command line reads code with parsers of its own: TypeScript whatever TypeScript the project has, Flow with the project's. */
function commandLineFamilies(families) {
  return ['js', 'jsx', 'ts', 'tsx', ...families.filter((family) => family === 'flow')];
}

function check(host, node, families) {
  const read = commandLineFamilies(families);
  copyFixtures(read, join(folderOf(host), 'code'));
  const { stdout } = run(node, [CLI, 'check', 'code'], { cwd: folderOf(host), mayFind: true });
  const found = {};
  for (const [, file, place, rule] of stdout.matchAll(/^code\/(\S+):(\d+:\d+) +(\S+)/gm)) (found[file] ??= []).push(`${rule} ${place}`);
  compare(read, found);
}

function migrate(host, node) {
  const folder = join(folderOf(host), 'code');
  copyFixtures(['ts'], folder);
  run(node, [CLI, 'migrate', 'code'], { cwd: folderOf(host) });
  if (!readFileSync(join(folder, 'login.ts'), 'utf8').includes('authorize(conn')) throw new Error('the login is not migrated');
}

const TYPED = `import salesforceAuth from 'eslint-plugin-salesforce-auth';
import { defineConfig } from 'eslint/config';
export const severity: 'error' | ['error', object] | undefined = salesforceAuth.configs.recommended.rules['salesforce-auth/no-soap-login'];
export default defineConfig({ plugins: { 'salesforce-auth': salesforceAuth }, extends: ['salesforce-auth/recommended'] }, salesforceAuth.configs.strict);
`;

function types(host, node) {
  writeFileSync(join(folderOf(host), 'typed.mts'), TYPED);
  run(node, ['node_modules/typescript/bin/tsc', 'typed.mts', '--noEmit', '--strict', '--module', 'node16', '--target', 'es2022'], { cwd: folderOf(host) });
  rmSync(join(folderOf(host), 'typed.mts'));
}

/** By the names that cells.mjs has for them. */
export const RUNS = { cache, concurrency, suppress, types, check, migrate };
