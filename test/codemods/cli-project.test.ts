import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { droppedImports } from '../../codemods/cli/dependencies';
import { formatCommands, installCommands, packageManagerOf, usesRuntime, type ChangedImports } from '../../codemods/cli/project';

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
  const uses = "require('salesforce-auth-client');";
  const shown = async (files: readonly (Omit<ChangedImports, 'dropped'> & { dropped?: string[] })[]) =>
    (await installCommands(dir, files.map((file) => ({ dropped: [], ...file })))).map((command) => command.shown);

  it('proposes the runtime once per package that lacks it', async () => {
    write('yarn.lock');
    write('package.json');
    write('packages/a/package.json', { dependencies: { 'salesforce-auth-client': '^0.1.0' } });
    write('packages/b c/package.json');
    const files = ['x.js', 'packages/a/x.js', 'packages/b c/src/x.js', 'packages/b c/y.js'].map((path) => ({ path, text: uses }));
    expect(await shown(files)).toEqual(['yarn add salesforce-auth-client', "cd 'packages/b c' && yarn add salesforce-auth-client"]);
    expect(await shown([])).toEqual([]);
    expect(await shown([{ path: 'x.js', text: '// no import' }])).toEqual([]);
    expect((await installCommands(dir, [{ path: 'packages/b c/y.js', text: uses, dropped: [] }]))[0]).toMatchObject({ directory: join(dir, 'packages/b c'), run: ['yarn', 'add', 'salesforce-auth-client'] });
  });

  it('survives a package.json that is not JSON', async () => {
    writeFileSync(join(dir, 'package.json'), '{');
    expect(await shown([{ path: 'x.js', text: uses }])).toEqual(['npm install salesforce-auth-client']);
  });

  describe('of what the rewritten files were the last to import', () => {
    const changed = (dropped: string[]) => shown([{ path: 'src/a.js', text: '', dropped }]);
    const code = (path: string, text: string) => {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    };
    beforeEach(() => {
      rmSync(join(dir, '.git'), { recursive: true });
      write('package.json', { dependencies: { 'node-fetch': '^3.0.0', '@scope/soap': '1' }, devDependencies: { got: '14' }, peerDependencies: { axios: '1' } });
      // On disk as before the run, as with --dry.
      code('src/a.js', "import fetch from 'node-fetch';");
    });

    it('drops what package.json lists', async () => {
      expect(await changed(['node-fetch', '@scope/soap', 'got', 'axios', 'elsewhere'])).toEqual(['npm uninstall @scope/soap got node-fetch']);
      write('pnpm-lock.yaml');
      expect(await changed(['node-fetch'])).toEqual(['pnpm remove node-fetch']);
    });

    it.each([
      ['another file', 'src/b.ts', "const fetch = await import('node-fetch/cjs');"],
      ['a type declaration', 'types.d.ts', 'import { Response } from "node-fetch";'],
      ['a component', 'src/App.vue', "<script>import fetch from 'node-fetch'</script>"],
      ['a mock', 'test/b.js', "jest.mock('node-fetch')"],
      ['settings', '.mocharc.yml', 'require: node-fetch'],
      ['a package below', 'packages/b/index.js', "require('node-fetch')"],
    ])('keeps what %s still names', async (_, path, text) => {
      code(path, text);
      expect(await changed(['node-fetch'])).toEqual([]);
    });

    it('keeps what a script of package.json runs', async () => {
      write('package.json', { scripts: { build: 'node -r node-fetch x.js' }, dependencies: { 'node-fetch': '3' } });
      expect(await changed(['node-fetch'])).toEqual([]);
    });

    it('is not held back by a longer name, a lock file or node_modules', async () => {
      code('src/b.js', "require('node-fetch-retry'); require('./node-fetch'); // node-fetch");
      code('package-lock.json', '{"node-fetch":1}');
      code('node_modules/x/index.js', "require('node-fetch')");
      expect(await changed(['node-fetch'])).toEqual(['npm uninstall node-fetch']);
    });
  });
});

it('droppedImports names packages, not files, and only those that are gone', () => {
  const before = "import a, { b } from 'one/deep';\nconst { c } = require('@s/two');\nimport './local.js';\nimport fs from 'node:fs';\nawait import(`three`);\nexport * from 'four';";
  expect(droppedImports(before, "import x from 'four';")).toEqual(['@s/two', 'one', 'three']);
  expect(droppedImports(before, before)).toEqual([]);
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
