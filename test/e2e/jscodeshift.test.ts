/** The built codemod under the real jscodeshift, as users start it. Needs `npm run build`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixturesOf, variants, type Fixture } from '../codemods/codemod.support';

const BINARY = createRequire(import.meta.url).resolve('jscodeshift/bin/jscodeshift.js');
const TRANSFORM = join(import.meta.dirname, '../../dist/codemods/soap-login-to-oauth.cjs');
const BROKEN = "const jsforce = require('jsforce');\nconn.login('integration@example.com', 'S3CRET-broken' 'S3CRET');\n";

const fixtures = fixturesOf('soap-login-to-oauth');
/** jscodeshift finds no .mts in a folder. */
const found = fixtures.filter(({ path }) => !path.endsWith('.mts'));
/** Those of no option. */
const byDefault = found.filter(({ group }) => !/^(?:client-credentials|auth-module)/.test(group));
const changed = byDefault.filter(({ input, output }) => input !== output).length;
/** Without a worker's start and Babel's. */
const QUICK = ['--no-babel', '--run-in-band'];

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'jscodeshift-e2e-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

const read = (name: string): string => readFileSync(join(dir, name), 'utf8');

function jscodeshift(...flags: string[]): { stdout: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [BINARY, '-t', TRANSFORM, ...flags, 'src'], {
    cwd: dir,
    encoding: 'utf8',
    // Its colour library takes CI for a terminal.
    env: { ...process.env, CI: undefined, FORCE_COLOR: undefined, NO_COLOR: '1' },
  });
  // Babel grumbles about large files there, and jscodeshift about nothing.
  expect(stderr.replace(/^\[BABEL\] Note.*\n/gm, '')).toBe('');
  expect(stdout + stderr).not.toContain('S3CRET');
  return { stdout, status };
}

function expectCounts(stdout: string, counts: { errors: number; unmodified: number; skipped: number; ok: number }): void {
  for (const [word, number] of Object.entries(counts)) expect(stdout).toMatch(new RegExp(`^${number} ${word}$`, 'm'));
}

describe('npx jscodeshift -t dist/codemods/soap-login-to-oauth.cjs', { timeout: 180_000 }, () => {
  it('default flags: writes the bytes of the fixtures, and nothing the second time', () => {
    for (const { name, input } of byDefault) write({ [`src/${name}`]: input });
    const { stdout, status } = jscodeshift();
    expect(status).toBe(0);
    for (const { name, output } of byDefault) expect(read(`src/${name}`), name).toBe(output);
    expect(stdout).toMatch(new RegExp(`^${changed} ok$`, 'm'));
    expect(stdout).toMatch(/^0 errors$/m);
    expect(stdout).toContain('src/marked/caller.js:5:3 marked no-soap-login: SOAP login() through jsforce — the credentials come from the caller.');

    const again = jscodeshift(...QUICK);
    for (const { name, output } of byDefault) expect(read(`src/${name}`), name).toBe(output);
    expect(again.stdout).toMatch(/^0 ok$/m);
  });

  it.each([['--parser=babel'], ['--parser=ts'], ['--parser=flow']])('%s: the same bytes', (parser) => {
    for (const { name, input } of byDefault) write({ [`src/${name}`]: input });
    const { stdout } = jscodeshift(parser, ...QUICK);
    expect(stdout).toMatch(/^0 errors$/m);
    for (const { name, output } of byDefault) expect(read(`src/${name}`), name).toBe(output);
  });

  it('keeps line endings, byte-order mark, hashbang and tabs', () => {
    const own = byDefault.filter(({ name }) => /^migrated\/(?:esm|cjs|ts|flow)-/.test(name));
    const files = Object.entries(variants).flatMap(([variant, rewrite], index) =>
      own.flatMap(({ name, path, input, output }) => {
        const [before, after] = [rewrite(input, path), rewrite(output, path)];
        return before === undefined || after === undefined ? [] : [{ variant, name: `src/${index}/${name}`, before, after }];
      }),
    );
    for (const { name, before } of files) write({ [name]: before });
    expectCounts(jscodeshift(...QUICK).stdout, { errors: 0, unmodified: 0, skipped: 0, ok: files.length });
    for (const { variant, name, after } of files) expect(read(name), `${name} with ${variant}`).toBe(after);
  });

  it('--dry: says the same and writes nothing', () => {
    for (const { name, input } of byDefault) write({ [`src/${name}`]: input });
    const { stdout, status } = jscodeshift('--dry', ...QUICK);
    expect(status).toBe(0);
    for (const { name, input } of byDefault) expect(read(`src/${name}`), name).toBe(input);
    expect(stdout).toMatch(new RegExp(`^${changed} ok$`, 'm'));
    expect(stdout).toMatch(/caller\.js:5:3 marked no-soap-login/);
  });

  it('--flow=client-credentials: the other grant', () => {
    const own = found.filter(({ group }) => group.startsWith('client-credentials'));
    for (const { name, input } of own) write({ [`src/${name}`]: input });
    const { stdout } = jscodeshift('--flow=client-credentials', ...QUICK);
    for (const { name, output } of own) expect(read(`src/${name}`), name).toBe(output);
    expectCounts(stdout, { errors: 0, unmodified: 0, skipped: 0, ok: own.length });
    expect(stdout).toContain("now authorize() with client credentials, as the app's run-as user");
  });

  it('an unknown --flow changes no file', () => {
    const [{ name, input }] = byDefault.filter(({ group }) => group === 'migrated') as [Fixture];
    write({ [`src/${name}`]: input });
    const { stdout } = jscodeshift('--flow=password', ...QUICK);
    expect(stdout).toContain('--flow must be one of: jwt-bearer, client-credentials');
    expect(stdout).toMatch(/^1 errors$/m);
    expect(read(`src/${name}`)).toBe(input);
  });

  it('a file that no parser reads is named, stays as it is and stops no other', () => {
    write({ 'src/broken.js': BROKEN, 'src/broken.ts': BROKEN });
    for (const { name, input } of byDefault) write({ [`src/${name}`]: input });
    const { stdout, status } = jscodeshift(...QUICK);
    expect(status).toBe(0);
    expect(stdout).toMatch(/ERR .*broken\.js .*could not be parsed/);
    expect(stdout).toMatch(/ERR .*broken\.ts .*could not be parsed/);
    expect(stdout).toMatch(/^2 errors$/m);
    expect(read('src/broken.js')).toBe(BROKEN);
    expect(read('src/broken.ts')).toBe(BROKEN);
    for (const { name, output } of byDefault) expect(read(`src/${name}`), name).toBe(output);
    expect(jscodeshift('--fail-on-error', ...QUICK).status).toBe(1);
  });

  it('takes .mts and .cts where told to', () => {
    const own = fixtures.filter(({ path }) => path.endsWith('.mts'));
    for (const { name, input } of own) write({ [`src/${name}`]: input });
    expectCounts(jscodeshift('--extensions=mts,cts', ...QUICK).stdout, { errors: 0, unmodified: 0, skipped: 0, ok: own.length });
    for (const { name, output } of own) expect(read(`src/${name}`), name).toBe(output);
  });
});
