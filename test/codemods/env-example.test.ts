import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addToEnvExamples } from '../../codemods/cli/env-example';
import { migrate } from '../../codemods/cli/migrate';

let dir: string;
beforeEach(() => (dir = realpathSync(mkdtempSync(join(tmpdir(), 'env-')))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}
const read = (path: string) => readFileSync(join(dir, path), 'utf8');
const add = (names: Record<string, string[]>, dry = false) => addToEnvExamples(dir, new Map(Object.entries(names)), { dry });

describe('.env.example', () => {
  it('gets the names without values, once', async () => {
    write('package.json', '{}');
    expect(await add({ 'src/a.js': ['SALESFORCE_PASSWORD', 'SALESFORCE_CLIENT_SECRET'], 'src/b.js': ['SALESFORCE_PASSWORD'] })).toEqual({ paths: ['.env.example'], errors: [] });
    expect(read('.env.example')).toBe('SALESFORCE_CLIENT_SECRET=\nSALESFORCE_PASSWORD=\n');
    expect(await add({ 'src/a.js': ['SALESFORCE_PASSWORD'] })).toEqual({ paths: [], errors: [] });
    expect(read('.env.example')).toBe('SALESFORCE_CLIENT_SECRET=\nSALESFORCE_PASSWORD=\n');
  });

  it.each([
    ['a line without an end', 'A=1', 'A=1\nB=\n'],
    ['CRLF', '\uFEFFA=1\r\n', '\uFEFFA=1\r\nB=\r\n'],
    ['comments', '# A=\n\nexport C = 2\n', '# A=\n\nexport C = 2\nB=\n'],
    ['a name that ends alike', 'AB=1\n', 'AB=1\nA=\nB=\n'],
  ])('keeps its own lines: %s', async (_name, before, after) => {
    write('.env.example', before);
    await add({ 'a.js': ['A', 'B'] });
    expect(read('.env.example')).toBe(after);
  });

  it('may have another name already', async () => {
    write('.env.sample', 'A=\n');
    expect((await add({ 'a.js': ['B'] })).paths).toEqual(['.env.sample']);
    expect(read('.env.sample')).toBe('A=\nB=\n');
    expect(existsSync(join(dir, '.env.example'))).toBe(false);
  });

  it('stands at the root of each package', async () => {
    write('package.json', '{}');
    write('packages/one/package.json', '{}');
    expect((await add({ 'packages/one/src/a.js': ['A'], 'jobs/b.js': ['B'], 'jobs/c.js': [] })).paths).toEqual(['.env.example', 'packages/one/.env.example']);
    expect([read('.env.example'), read('packages/one/.env.example')]).toEqual(['B=\n', 'A=\n']);
  });

  it('is only named in a dry run', async () => {
    expect((await add({ 'a.js': ['A'] }, true)).paths).toEqual(['.env.example']);
    expect(existsSync(join(dir, '.env.example'))).toBe(false);
  });

  it('that cannot be written is an error of its own', async () => {
    mkdirSync(join(dir, '.env.example'));
    expect(await add({ 'a.js': ['A'] })).toEqual({ paths: [], errors: [{ path: '.env.example', kind: 'write', message: expect.stringContaining('EISDIR') }] });
  });

  it('comes out of a whole run, with no value in it', async () => {
    write('package.json', '{}');
    write('src/a.js', "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nconn.login('jane@acme.example', 'S3CRET-k9Xw2!');\n");
    const only = ['secrets-to-env'];
    const dry = await migrate({ cwd: dir, only, dry: true });
    expect(dry).toMatchObject({ env: ['SALESFORCE_PASSWORD'], envExamples: ['.env.example'] });
    expect(existsSync(join(dir, '.env.example'))).toBe(false);
    const result = await migrate({ cwd: dir, only });
    expect(result).toMatchObject({ outcome: 'migrated', env: ['SALESFORCE_PASSWORD'], envExamples: ['.env.example'], install: [] });
    expect(read('.env.example')).toBe('SALESFORCE_PASSWORD=\n');
    expect(JSON.stringify(result) + read('src/a.js')).not.toContain('S3CRET');
    expect(await migrate({ cwd: dir, only })).toMatchObject({ outcome: 'nothing to migrate', envExamples: [] });
  });
});
