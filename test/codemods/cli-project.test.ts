import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatCommands, installCommands, packageManagerOf, usesRuntime } from '../../codemods/cli/project';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'cli-project-')));
  mkdirSync(join(dir, '.git'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, content: object = {}) {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), JSON.stringify(content));
}

describe('packageManagerOf', () => {
  it.each([
    ['package-lock.json', 'npm'],
    ['yarn.lock', 'yarn'],
    ['pnpm-lock.yaml', 'pnpm'],
    ['bun.lock', 'bun'],
    ['bun.lockb', 'bun'],
  ])('%s means %s, from a folder below too', (file, manager) => {
    write(file);
    mkdirSync(join(dir, 'packages/a'), { recursive: true });
    expect(packageManagerOf(join(dir, 'packages/a'))).toBe(manager);
  });

  it('reads the packageManager field, and falls back to npm', () => {
    expect(packageManagerOf(dir)).toBe('npm');
    write('package.json', { packageManager: 'pnpm@9.1.0' });
    expect(packageManagerOf(dir)).toBe('pnpm');
  });
});

describe('installCommands', () => {
  it('proposes the runtime once per package that lacks it', () => {
    write('yarn.lock');
    write('package.json');
    write('packages/a/package.json', { dependencies: { 'salesforce-auth-client': '^0.1.0' } });
    write('packages/b c/package.json');
    const files = ['x.js', 'packages/a/x.js', 'packages/b c/src/x.js', 'packages/b c/y.js'];
    expect(installCommands(dir, files)).toEqual(['yarn add salesforce-auth-client', "cd 'packages/b c' && yarn add salesforce-auth-client"]);
    expect(installCommands(dir, [])).toEqual([]);
  });

  it('survives a package.json that is not JSON', () => {
    writeFileSync(join(dir, 'package.json'), '{');
    expect(installCommands(dir, ['x.js'])).toEqual(['npm install salesforce-auth-client']);
  });
});

describe('formatCommands', () => {
  it('uses the formatter nearest to each file, and names the files', () => {
    write('package.json', { prettier: {} });
    write('eslint.config.mjs');
    write('b/biome.json');
    write('b/.prettierrc.json');
    const files = ['x.js', "o'ne two.js", 'b/deep/y.js'];
    mkdirSync(join(dir, 'b/deep'));
    expect(formatCommands(dir, files)).toEqual([`npx prettier --write x.js 'o'\\''ne two.js'`, 'npx biome format --write b/deep/y.js']);
  });

  it('takes ESLint where there is no formatter, and nothing where there is nothing', () => {
    expect(formatCommands(dir, ['x.js'])).toEqual([]);
    write('.eslintrc.yml');
    expect(formatCommands(dir, ['x.js'])).toEqual(['npx eslint --fix x.js']);
  });
});

it('usesRuntime tells an import from a mention', () => {
  expect(usesRuntime("import { login } from 'salesforce-auth-client';")).toBe(true);
  expect(usesRuntime('require("salesforce-auth-client/testing")')).toBe(true);
  expect(usesRuntime('// see salesforce-auth-client')).toBe(false);
});
