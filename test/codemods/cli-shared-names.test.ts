import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../codemods/cli/migrate';

let dir: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'names-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

const login = (password: string) => `const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nconn.login(process.env.SF_USER, '${password}');\n`;

async function nextSteps() {
  const { entries } = await migrate({ cwd: dir, only: ['secrets-to-env'] });
  expect(entries.map(({ state, variable }) => [state, variable])).toEqual(entries.map(() => ['migrated', 'SALESFORCE_PASSWORD']));
  return Object.fromEntries(entries.map(({ path, next = '' }) => [path, /[^.]*stands for another secret[^]*/.exec(next)?.[0].trim()]));
}

it('names the files whose variable stood for another secret', async () => {
  write('package.json', '{}');
  write('a.js', login('Winter-of-2024'));
  write('b.js', login('Winter-of-2024'));
  write('c.js', login('Summer-of-2025'));
  expect(await nextSteps()).toEqual({
    'a.js': 'SALESFORCE_PASSWORD stands for another secret in c.js: rename it here or there first.',
    'b.js': 'SALESFORCE_PASSWORD stands for another secret in c.js: rename it here or there first.',
    'c.js': 'SALESFORCE_PASSWORD stands for another secret in a.js, b.js: rename it here or there first.',
  });
  expect(readFileSync(join(dir, 'c.js'), 'utf8')).toContain('process.env.SALESFORCE_PASSWORD');
});

it('says nothing of packages that are set up apart, nor of one secret in two files', async () => {
  for (const name of ['one', 'two']) write(`${name}/package.json`, '{}');
  write('one/a.js', login('Winter-of-2024'));
  write('one/b.js', login('Winter-of-2024'));
  write('two/a.js', login('Summer-of-2025'));
  expect(await nextSteps()).toEqual({ 'one/a.js': undefined, 'one/b.js': undefined, 'two/a.js': undefined });
});
