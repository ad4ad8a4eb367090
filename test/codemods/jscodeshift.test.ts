import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsdown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ParseError } from '../../analysis/source';
import { asJscodeshift, readFlow } from '../../codemods/jscodeshift';
import type { Transform } from '../../codemods/report';

const entry = { transform: 'stub', rule: 'no-old', line: 1, column: 1, what: 'old()', reason: 'it is old', next: 'Test it' } as const;
const stub: Transform = ({ path, source }, { flow }) => ({
  entries: /old|safe/.test(source) ? [{ ...entry, path, state: source.includes('old') ? 'migrated' : 'already-safe' }] : [],
  env: [],
  ...(source.includes('old') && { output: source.replace('old', flow ?? 'new') }),
});

describe('asJscodeshift', () => {
  const transform = asJscodeshift('stub', stub);
  const on = (source: string, options = {}) => transform({ path: 'a.js', source }, {}, options);

  it('tells a rewritten, an unmodified and a skipped file apart', () => {
    expect(on('old()')).toBe('new()');
    expect(on('safe()')).toBe('safe()');
    expect(on('other()')).toBeUndefined();
  });

  it('takes --flow from among the options of jscodeshift, and refuses an unknown one', () => {
    expect(on('old()', { _: [], parser: 'babel', dry: true, flow: 'client-credentials' })).toBe('client-credentials()');
    for (const flow of ['password', true, ['jwt-bearer', 'jwt-bearer'], '']) {
      expect(() => on('old()', { flow })).toThrow('--flow must be one of: jwt-bearer, client-credentials');
    }
    expect(readFlow(undefined)).toEqual({});
  });

  it('reports each finding where there is a channel', () => {
    const messages: string[] = [];
    transform({ path: 'a.js', source: 'old()' }, { report: (message) => messages.push(message) }, {});
    expect(messages).toEqual(['a.js:1:1 migrated no-old: old() — it is old. Test it']);
  });

  it('fails without the words of a parser that quotes the code', () => {
    const broken = asJscodeshift('stub', () => {
      throw new ParseError('a.js', ['espree: syntax error at line 3', '@babel/eslint-parser: not installed']);
    });
    expect(() => broken({ path: 'a.js', source: '' }, {})).toThrow(
      'could not be parsed; espree: syntax error at line 3; @babel/eslint-parser: not installed',
    );
  });
});

describe('under the jscodeshift binary', () => {
  let dir: string;
  let bundle: string;

  beforeAll(async () => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'jscodeshift-')));
    const adapter = join(import.meta.dirname, '../../codemods/jscodeshift');
    writeFileSync(
      join(dir, 'stub.ts'),
      `import { asJscodeshift } from ${JSON.stringify(adapter)};
       export default asJscodeshift('stub', ({ path, source }, { flow }) => {
         if (source.includes('broken')) throw new Error(source);
         return {
           entries: /old|safe/.test(source) ? [{ ...${JSON.stringify(entry)}, path, state: 'migrated' }] : [],
           env: [],
           ...(source.includes('old') && { output: source.replace('old', flow ?? 'new') }),
         };
       });`,
    );
    await build({ cwd: dir, entry: { stub: join(dir, 'stub.ts') }, outDir: join(dir, 'dist'), format: 'cjs', dts: false, config: false, logLevel: 'silent', report: false });
    bundle = join(dir, 'dist/stub.cjs');
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('rewrites byte for byte, whatever the parser flag, and counts rightly', () => {
    const binary = createRequire(import.meta.url).resolve('jscodeshift/bin/jscodeshift.js');
    for (const flags of [[], ['--parser=babel'], ['--parser=ts', '--flow=client-credentials']]) {
      const files = { 'a.js': '\uFEFF#!/usr/bin/env node\r\n\told( )\r\n', 'b.ts': 'safe( ) as  any', 'c.js': 'other(', 'd.js': 'broken S3cret' };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
      const stdout = execFileSync(process.execPath, [binary, '-t', bundle, ...flags, '--run-in-band', ...Object.keys(files)], {
        cwd: dir,
        encoding: 'utf8',
        // Its colour library takes CI for a terminal.
        env: { ...process.env, CI: undefined, FORCE_COLOR: undefined, NO_COLOR: '1' },
      });
      const verb = flags.length === 2 ? 'client-credentials' : 'new';
      expect(readFileSync(join(dir, 'a.js'), 'utf8')).toBe(files['a.js'].replace('old', verb));
      for (const name of ['b.ts', 'c.js', 'd.js'] as const) expect(readFileSync(join(dir, name), 'utf8')).toBe(files[name]);
      expect(stdout).toMatch(/1 errors\s+1 unmodified\s+1 skipped\s+1 ok/);
      expect(stdout).toContain('a.js:1:1 migrated no-old: old() — it is old. Test it');
      expect(stdout).not.toContain('S3cret');
    }
  });
});
