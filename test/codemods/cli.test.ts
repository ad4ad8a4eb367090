import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import { run } from '../../codemods/cli/run';
import type { ReportEntry, State, Transform } from '../../codemods/report';

/**
 * A transform in miniature: `oldLogin(` becomes `newLogin(`, `askLogin(` gets a marker,
 * `otherLogin(` is left, `newLogin(` is safe. Like a real one it parses what its text test lets through.
 */
const rename: Transform = ({ path, source }, { flow = 'jwt-bearer' }) => {
  if (!/Login\(/.test(source)) return { entries: [], env: [] };
  buildSource(path, source);
  const states: Record<string, State> = { old: 'migrated', ask: 'marked', other: 'left', new: 'already-safe' };
  const entries: ReportEntry[] = [];
  source.split('\n').forEach((text, index) => {
    for (const match of text.matchAll(/\b(old|ask|other|new)Login\(/g)) {
      const state = states[match[1]!]!;
      entries.push({
        transform: 'rename', rule: 'no-old-login', path, line: index + 1, column: match.index + 1, state,
        what: `${match[1]}Login()`, reason: `${flow} says ${state}`, ...(state === 'marked' && { next: 'Ask a person.' }),
      });
    }
  });
  const output = source
    .replaceAll('oldLogin(', 'newLogin(')
    .replaceAll(/(?<!todo \*\/ )askLogin\(/g, '/* todo */ askLogin(')
    .replaceAll("'old-client'", "'salesforce-auth-client'");
  return { entries, env: output === source ? [] : ['SALESFORCE_CLIENT_ID', 'SALESFORCE_USERNAME'], ...(output !== source && { output }) };
};

const transforms = { rename: async () => rename };
let dir: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'cli-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, text: string | Buffer): string {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
  return join(dir, path);
}
const read = (path: string) => readFileSync(join(dir, path), 'utf8');
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main', ...args], { cwd: dir, encoding: 'utf8' });
function commitAll() {
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'start');
}

async function cli(args: string[], more: Partial<Parameters<typeof run>[1]> = {}, isTTY = false) {
  let stdout = '';
  let stderr = '';
  const code = await run(args, {
    cwd: dir, env: {}, transforms,
    stdout: { write: (text) => (stdout += text), isTTY },
    stderr: { write: (text) => (stderr += text) },
    ...more,
  });
  return { code, stdout, stderr };
}

/** The paths that a run looked at, told by what it found there. */
async function found(...args: string[]) {
  const { stdout } = await cli(['migrate', '--dry', ...args]);
  return [...stdout.matchAll(/^(\S+):\d+:\d+ /gm)].map((match) => match[1]);
}

describe('command line', () => {
  it.each([
    [['migrate', '--nonsense'], "'--nonsense'"],
    [['migrate', '--flow', 'password'], '--flow must be one of: jwt-bearer, client-credentials'],
    [['migrate', '--flow'], '--flow'],
    [['migrate', '--only', 'renam'], '--only takes names from: rename; not renam'],
    [['migrate', '--only', ''], '--only takes names from: rename'],
    [['migrat'], "'migrat'"],
    [[], 'a command is missing'],
    [['migrate', 'no-such-folder', 'nor/this.js'], 'no-such-folder, nor/this.js'],
    [['migrate', 'src/**/*.ts'], 'src/**/*.ts'],
    [['migrate', '--report', 'no/where.json'], 'no such folder: no'],
    [['migrate', '--report', '.'], '--report needs a file'],
    [['migrate', '--report', 'report.pdf'], '--report takes files that end in .json, .sarif, .md, .html'],
    [['migrate', '--auth-export', 'auth'], '--auth-export needs --auth-module'],
    [['migrate', '--auth-module', './lib/sf.js', '--auth-export', 'not-a-name'], '--auth-export must be a name'],
    [['migrate', '--install', '--dry'], '--install changes the project'],
    [['check', '--force'], 'check takes no --force'],
  ])('%j is bad usage and is named', async (args, words) => {
    write('a.js', 'oldLogin();');
    const { code, stdout, stderr } = await cli(args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(read('a.js')).toBe('oldLogin();');
  });

  it('prints help and version, without loading a transform', async () => {
    const real = { transforms: { rename: () => Promise.reject(new Error('loaded')) } };
    const help = await cli(['migrate', '--help'], real);
    expect(help.code).toBe(0);
    for (const option of ['--only', '--flow', '--auth-module', '--auth-export', '--dry', '--check', '--report', '--install', '--yes', '--force', 'check [paths...]']) expect(help.stdout).toContain(option);
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await cli(['-v'], real)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('outcomes', () => {
  it('tells the four apart', async () => {
    write('none/a.js', 'other();');
    write('safe/a.js', 'newLogin();');
    write('some/a.js', 'oldLogin(); otherLogin(); newLogin();');
    write('stuck/a.js', 'otherLogin();');
    mkdirSync(join(dir, 'empty'));
    const last = async (folder: string) => (await cli(['migrate', folder])).stdout;
    expect(await last('none')).toBe('Nothing to migrate: no finding in 1 file.\n');
    expect(await last('safe')).toContain('\nAlready migrated: 1 finding is safe');
    expect(await last('some')).toContain('\nMigrated 1 of 2.\n3 findings in 1 file read: 1 migrated, 0 marked, 1 left, 1 already safe\n');
    expect(await last('stuck')).toContain('\nCould not migrate any of 1.\n');
    expect(await last('empty')).toBe('No JavaScript or TypeScript files found.\n');
  });

  it('says what was found where, and what to do next', async () => {
    write('src/a.js', "const c = require('old-client');\n  oldLogin(); askLogin();\n");
    write('package.json', '{}');
    write('pnpm-lock.yaml', '');
    write('.prettierrc', '{}');
    const { code, stdout, stderr } = await cli(['migrate', '.']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`src/a.js:2:3  migrated  oldLogin() — jwt-bearer says migrated
src/a.js:2:15  marked  askLogin() — jwt-bearer says marked
    next: Ask a person.
Migrated 1 of 2.
2 findings in 1 file read: 1 migrated, 1 marked, 0 left, 0 already safe

Change the dependencies:
  pnpm add salesforce-auth-client

Set these environment variables:
  SALESFORCE_CLIENT_ID
  SALESFORCE_USERNAME

Their names are listed in:
  .env.example

In the Salesforce org:
  Create an External Client App (Setup, External Client App Manager) with OAuth enabled and the scope "Manage user data via APIs (api)".
  Enable the JWT bearer flow in the app and upload the certificate (RSA, 2048 bits or more) that belongs to the program's private key.
  Pre-authorise the user: set the app's policy to "Admin approved users are pre-authorized" and assign a permission set or profile that the user has.

Format what changed:
  pnpm exec prettier --write src/a.js
`);
    expect(read('src/a.js')).toBe("const c = require('salesforce-auth-client');\n  newLogin(); /* todo */ askLogin();\n");
  });

  it('hands the flow on, to the transform and to the advice', async () => {
    write('a.js', 'oldLogin();');
    const { stdout } = await cli(['migrate', '--flow', 'client-credentials']);
    expect(stdout).toContain('client-credentials says migrated');
    expect(stdout).toContain('run-as user');
    expect(stdout).not.toContain('certificate');
  });

  it('colours only a terminal that wants it', async () => {
    write('a.js', 'oldLogin();');
    const colours = async (env: Record<string, string>, isTTY: boolean) => (await cli(['migrate', '--dry'], { env }, isTTY)).stdout.includes('\u001B[');
    expect(await colours({}, false)).toBe(false);
    expect(await colours({}, true)).toBe(true);
    expect(await colours({ NO_COLOR: '1' }, true)).toBe(false);
    expect(await colours({ TERM: 'dumb' }, true)).toBe(false);
  });

  it('does not hand control characters in a file name to the terminal', async () => {
    write('a\u001B[2J.js', 'oldLogin();');
    expect((await cli(['migrate', '--dry'])).stdout).toContain('a?[2J.js:1:1');
  });

  it('--check turns findings that wait for a person into exit code 1', async () => {
    write('a.js', 'oldLogin();');
    write('b/b.js', 'otherLogin();');
    expect((await cli(['migrate', 'a.js', '--dry'])).code).toBe(0);
    expect((await cli(['migrate', 'a.js', '--dry', '--check'])).code).toBe(1);
    expect((await cli(['migrate', 'a.js', '--check'])).code).toBe(0);
    expect((await cli(['migrate', 'b'])).code).toBe(0);
    expect((await cli(['migrate', 'b', '--check'])).code).toBe(1);
  });
});

describe('writing', () => {
  it('--dry writes nothing and says what would change', async () => {
    write('a.js', 'oldLogin();');
    const { stdout } = await cli(['migrate', '--dry']);
    expect(stdout).toContain('a.js:1:1  to be migrated  ');
    expect(stdout).toContain('Would migrate 1 of 1.');
    expect(stdout).toContain('Nothing was written (--dry); 1 file would change.');
    expect(read('a.js')).toBe('oldLogin();');
    expect(readdirSync(dir)).toEqual(['a.js']);
  });

  it('keeps byte-order mark, line ends, hashbang and mode, and leaves no temporary file', async () => {
    const path = write('a.js', '\uFEFFoldLogin();\r\nx = 1;\r\n');
    const script = write('b.js', '#!/usr/bin/env node\noldLogin()');
    chmodSync(script, 0o755);
    chmodSync(path, 0o640);
    expect((await cli(['migrate'])).code).toBe(0);
    expect(read('a.js')).toBe('\uFEFFnewLogin();\r\nx = 1;\r\n');
    expect(read('b.js')).toBe('#!/usr/bin/env node\nnewLogin()');
    expect(statSync(script).mode & 0o777).toBe(0o755);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(dir).sort()).toEqual(['.env.example', 'a.js', 'b.js']);
  });

  it('a second run finds everything migrated and changes nothing', async () => {
    write('a.js', 'oldLogin();');
    await cli(['migrate']);
    const { mtimeMs } = statSync(join(dir, 'a.js'));
    expect((await cli(['migrate'])).stdout).toContain('Already migrated');
    expect(statSync(join(dir, 'a.js')).mtimeMs).toBe(mtimeMs);
  });

  it('goes on after a file that does not parse, and quotes none of it', async () => {
    write('a.js', "x = 1;\noldLogin('user' 'S3cret-pw');\n");
    write('b.js', 'oldLogin();');
    const { code, stdout, stderr } = await cli(['migrate']);
    expect(code).toBe(2);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^a\.js:2 {2}error {2}could not be parsed\n {4}espree: syntax error at line 2\n {4}typescript-estree: syntax error at line 2\n/m);
    expect(stdout).toContain('Migrated 1 of 1. 1 file failed, see above.');
    expect(stdout).not.toContain('S3cret');
    expect(read('b.js')).toBe('newLogin();');
  });

  it('goes on after a transform that throws, and tells where without its message', async () => {
    write('a.js', 'S3cret');
    const broken: Transform = ({ source }) => {
      throw new TypeError(source);
    };
    const { code, stdout } = await cli(['migrate'], { transforms: { broken: async () => broken } });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^a\.js {2}error {2}broken threw TypeError at .*cli\.test\.ts/m);
    expect(stdout).toContain('Could not finish. 1 file failed');
    expect(stdout).not.toContain('S3cret');
  });

  it.each<[string, Transform]>([
    ['would not parse', (file, options) => ({ ...rename(file, options), output: 'oldLogin((' })],
    ['would change the file again', (file, options) => ({ ...rename(file, options), output: `${file.source} x();` })],
    [
      'would hold new findings',
      (file, options) => (file.source.includes('otherLogin') ? rename(file, options) : { ...rename(file, options), output: 'otherLogin(); otherLogin();' }),
    ],
  ])('rolls back a file whose output %s', async (words, transform) => {
    write('a.js', 'oldLogin();');
    const { code, stdout } = await cli(['migrate'], { transforms: { bad: async () => transform } });
    expect(code).toBe(2);
    expect(stdout).toContain(words);
    expect(stdout).toContain('0 migrated, 0 marked, 1 left, 0 already safe');
    expect(read('a.js')).toBe('oldLogin();');
  });

  it('never re-encodes a file that is not UTF-8', async () => {
    const bytes = Buffer.from('// caf\u00E9\noldLogin();', 'latin1');
    write('a.js', bytes);
    write('b.js', Buffer.from('// caf\u00E9', 'latin1'));
    const { code, stdout } = await cli(['migrate']);
    expect(code).toBe(2);
    expect(stdout).toContain('not UTF-8');
    expect(stdout).not.toContain('b.js');
    expect(readFileSync(join(dir, 'a.js'))).toEqual(bytes);
  });

  it('runs the transforms in order, each on what the one before left', async () => {
    write('a.js', 'veryLogin();');
    const first: Transform = ({ source }) => ({ entries: [], env: [], ...(source.includes('very') && { output: source.replace('very', 'old') }) });
    const both = { transforms: { first: async () => first, rename: async () => rename } };
    expect((await cli(['migrate', '--only', 'rename'], both)).stdout).toContain('Nothing to migrate');
    await cli(['migrate', '--only=rename,first'], both);
    expect(read('a.js')).toBe('newLogin();');
  });
});

describe('--auth-module', () => {
  it('reaches the transforms, and needs nothing of the runtime set up', async () => {
    write('jobs/a.js', "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nconn.login(process.env.SF_USER, process.env.SF_PASSWORD);\n");
    const { stdout } = await cli(['migrate', '--auth-module', './lib/sf.js', '--auth-export', 'auth', '--report', 'r.json'], { transforms: undefined as never });
    expect(read('jobs/a.js')).toContain("const { auth } = require('../lib/sf.js');");
    expect(stdout).not.toContain('In the Salesforce org:');
    expect(stdout).not.toContain('environment variables');
    expect(JSON.parse(read('r.json')).options).toMatchObject({ authModule: './lib/sf.js', authExport: 'auth' });
  });
});

describe('lines', () => {
  it('are those of the file as it was, whatever the transforms before put in', async () => {
    write('a.js', 'veryLogin();\noldLogin();\n\notherLogin();\n');
    const first: Transform = ({ source }) => ({ entries: [], env: [], ...(source.includes('very') && { output: `// one\n// two\n${source.replace('veryLogin', 'x')}` }) });
    const { stdout } = await cli(['migrate', '--report', 'r.json'], { transforms: { first: async () => first, rename: async () => rename } });
    expect(stdout).toContain('a.js:2:1  migrated');
    expect(stdout).toContain('a.js:4:1  left');
    expect(JSON.parse(read('r.json')).entries.map(({ line, lineAfter }: { line: number; lineAfter: number }) => [line, lineAfter])).toEqual([[2, 4], [4, 6]]);
  });
});

describe.skipIf(process.platform === 'win32')('--install', () => {
  const path = process.env.PATH;
  beforeEach(() => {
    write('bin/npm', '#!/bin/sh\necho "$PWD: $*" >> calls.txt\nexit ${NPM_EXIT:-0}\n');
    chmodSync(join(dir, 'bin/npm'), 0o755);
    process.env.PATH = `${join(dir, 'bin')}:${path}`;
    write('package.json', '{"dependencies":{"old-client":"1"}}');
    write('src/a.js', "const c = require('old-client');\noldLogin();\n");
  });
  afterEach(() => {
    process.env.PATH = path;
    delete process.env.NPM_EXIT;
  });
  const calls = () => (existsSync(join(dir, 'calls.txt')) ? read('calls.txt') : '');
  const both = () => `${dir}: install salesforce-auth-client\n${dir}: uninstall old-client\n`;

  it('runs what it shows, after a yes', async () => {
    const questions: string[] = [];
    const { code, stdout } = await cli(['migrate', 'src', '--install'], { ask: async (question) => questions.push(question) > 0 });
    expect(code).toBe(0);
    expect(questions).toHaveLength(1);
    expect(stdout).toContain('Change the dependencies:\n  npm install salesforce-auth-client\n  npm uninstall old-client\n');
    expect(stdout).toContain('\n> npm install salesforce-auth-client\n');
    expect(calls()).toBe(both());
  });

  it('runs nothing after a no, nor where nobody can be asked; --yes asks nobody', async () => {
    expect((await cli(['migrate', 'src', '--install'], { ask: async () => false })).code).toBe(0);
    git('init', '-q');
    write('src/a.js', "const c = require('old-client');\noldLogin();\n");
    expect((await cli(['migrate', 'src', '--install', '--force'])).stdout).toContain('Nothing was installed: --install without a terminal needs --yes.');
    expect(calls()).toBe('');
    write('src/a.js', "const c = require('old-client');\noldLogin();\n");
    await cli(['migrate', 'src', '--force']);
    expect(calls()).toBe('');
    write('src/a.js', "const c = require('old-client');\noldLogin();\n");
    await cli(['migrate', 'src', '--force', '--install', '--yes']);
    expect(calls()).toBe(both());
  });

  it('ends with 2 when the package manager fails', async () => {
    process.env.NPM_EXIT = '1';
    const { code, stderr } = await cli(['migrate', 'src', '--install', '--yes']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'salesforce-auth: a command of the package manager failed\n' });
    expect(calls()).toBe(`${dir}: install salesforce-auth-client\n`);
  });
});

describe('report', () => {
  it('lists every finding once, in states that sum, with version and options', async () => {
    write('a.js', 'oldLogin(); askLogin();\nnewLogin();');
    write('b.ts', 'otherLogin();');
    write('c.js', 'oldLogin((');
    const { code } = await cli(['migrate', '--report', 'out.json', '--check']);
    expect(code).toBe(2);
    const report = JSON.parse(read('out.json'));
    const { findings, ...states } = report.totals;
    expect(report.totals).toEqual({ findings: 4, migrated: 1, marked: 1, left: 1, 'already-safe': 1 });
    expect(Object.values<number>(states).reduce((a, b) => a + b)).toBe(findings);
    expect(report.entries).toHaveLength(findings);
    expect(report).toMatchObject({
      outcome: 'migrated', files: 3, changed: ['a.js'], env: ['SALESFORCE_CLIENT_ID', 'SALESFORCE_USERNAME'],
      options: { only: ['rename'], flow: 'jwt-bearer', dry: false, check: true },
      errors: [{ path: 'c.js', kind: 'parse', line: 1 }],
    });
    expect(report.version).toMatch(/^\d/);
  });
});

describe('discovery', () => {
  it('reads all eight extensions and skips what nobody wrote', async () => {
    const wanted = ['js', 'jsx', 'mjs', 'cjs', 'ts', 'tsx', 'mts', 'cts'].map((ext) => `src/a.${ext}`);
    const unwanted = ['types.d.ts', 'types.d.mts', 'lib.min.js', 'a.json', 'node_modules/x/i.js', 'packages/p/node_modules/i.js', 'dist/i.js', 'build/i.js', 'coverage/i.js', 'out/i.js', '.next/i.js', 'vendor/i.js'];
    for (const path of [...wanted, ...unwanted]) write(path, 'oldLogin();');
    write('big.js', `oldLogin();${'\n// line'.repeat(400_000)}`);
    write('bundle.js', `oldLogin();${'x=1;'.repeat(3_000)}`);
    expect(await found()).toEqual(wanted.sort());
    commitAll();
    expect(await found()).toEqual(wanted);
    const { stdout } = await cli(['migrate', '--dry']);
    for (const words of ['dist/ (build output', 'lib.min.js (minified)', 'big.js (larger than 2 MB)', 'bundle.js (looks minified']) expect(stdout).toContain(`left out: ${words}`);
    expect(stdout).not.toContain('node_modules');
  });

  it('asks git what is ignored', async () => {
    write('.gitignore', 'generated/\n');
    write('src/.gitignore', 'local.js\n');
    for (const path of ['a.js', 'generated/b.js', 'src/local.js', 'src/c d.js']) write(path, 'oldLogin();');
    commitAll();
    write('untracked.js', 'oldLogin();');
    rmSync(join(dir, 'a.js'));
    expect((await cli(['migrate', '--dry'])).stdout).toMatch(/^src\/c d\.js.*\nuntracked\.js.*\n(?!.*js:)/);
    expect(await found('generated')).toEqual([]);
    expect((await cli(['migrate', '--dry', 'src/local.js'])).stdout).toContain('left out: src/local.js (ignored by git)');
  });

  it('follows no symbolic link', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'cli-outside-')));
    try {
      writeFileSync(join(outside, 'b.js'), 'oldLogin();');
      write('a.js', 'oldLogin();');
      symlinkSync(outside, join(dir, 'linked'));
      symlinkSync(join(outside, 'b.js'), join(dir, 'link.js'));
      symlinkSync(dir, join(dir, 'loop'));
      expect(await found()).toEqual(['a.js']);
      expect(await found('linked', 'link.js')).toEqual([]);
      commitAll();
      await cli(['migrate']);
      expect(readFileSync(join(outside, 'b.js'), 'utf8')).toBe('oldLogin();');
      expect(read('a.js')).toBe('newLogin();');
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('expands globs, takes names literally first, and excludes with !', async () => {
    for (const path of ['src/a.js', 'src/deep/b.ts', 'src/deep/c.js', 'app/[id]/page.tsx', 'd.js', 'dist/e.js']) write(path, 'oldLogin();');
    for (const inGit of [false, true]) {
      if (inGit) commitAll();
      expect(await found('src/**/*.js')).toEqual(['src/a.js', 'src/deep/c.js']);
      expect(await found('./{src,app}/**/*.{ts,tsx}')).toEqual(['app/[id]/page.tsx', 'src/deep/b.ts']);
      expect(await found(join(dir, '*.js'))).toEqual(['d.js']);
      expect(await found('app/[id]/page.tsx')).toEqual(['app/[id]/page.tsx']);
      expect(await found('src', 'd.js', 'src/a.js', '!src/deep', '!d*')).toEqual(['src/a.js']);
      expect(await found('dist/*.js', 'dist', 'dist/e.js')).toEqual([]);
    }
  });

  it('works on files above the working directory', async () => {
    write('a.js', 'oldLogin();');
    mkdirSync(join(dir, 'sub'));
    const { stdout } = await cli(['migrate', '..'], { cwd: join(dir, 'sub') });
    expect(stdout).toContain('../a.js:1:1');
    expect(read('a.js')).toBe('newLogin();');
  });
});

describe('git guard', () => {
  it.each(['modified', 'untracked', 'renamed'])('stops on a %s file, unless --dry or --force', async (kind) => {
    write('a.js', 'oldLogin();');
    write('b.txt', 'old');
    commitAll();
    if (kind === 'modified') write('b.txt', 'new');
    if (kind === 'untracked') write('c.txt', 'new');
    if (kind === 'renamed') git('mv', 'b.txt', 'd.txt');
    const { code, stdout, stderr } = await cli(['migrate']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/uncommitted changes \([bcd]\.txt\)\. Commit or stash them.*--dry.*--force/);
    expect(read('a.js')).toBe('oldLogin();');
    expect((await cli(['migrate', '--dry'])).code).toBe(0);
    expect((await cli(['migrate', '--force'])).code).toBe(0);
    expect(read('a.js')).toBe('newLogin();');
  });

  it('lets a clean tree pass, with the report of a dry run in it', async () => {
    write('a.js', 'oldLogin();');
    commitAll();
    expect((await cli(['migrate', '--dry', '--report', 'r.json'])).code).toBe(0);
    expect((await cli(['migrate', '--report', 'r.json'])).code).toBe(0);
    expect(git('status', '--porcelain')).toBe(' M a.js\n?? .env.example\n?? r.json\n');
  });

  it('refuses a repository that git refuses, in git\'s words', async () => {
    write('a.js', 'oldLogin();');
    commitAll();
    write('.git/config', '[core\n');
    const { code, stderr } = await cli(['migrate']);
    expect(code).toBe(3);
    expect(stderr).toContain('bad config');
    expect(read('a.js')).toBe('oldLogin();');
  });

  it('is clean outside of a repository', async () => {
    write('a.js', 'oldLogin();');
    expect(existsSync(join(dir, '.git'))).toBe(false);
    expect((await cli(['migrate'])).code).toBe(0);
  });
});
