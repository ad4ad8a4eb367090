import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The built file, as people run it; `npm test` builds first.
const cli = join(import.meta.dirname, '../../dist/cli.cjs');

describe.skipIf(!existsSync(cli))('dist/cli.cjs', () => {
  let dir: string;
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: dir, encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'cli-process-'));
    mkdirSync(join(dir, 'src'));
    writeFileSync(join(dir, 'src/a.js'), 'module.exports = 1;\n');
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('answers with its version', () => {
    expect(run('--version')).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+.*\n$/), stderr: '' });
  });

  it('expands a glob with nothing on stderr', () => {
    expect(run('migrate', 'src/**/*.js')).toEqual({ status: 0, stdout: 'Nothing to migrate: no finding in 1 file.\n', stderr: '' });
  });

  it('hands its exit code to the shell', () => {
    expect(run('migrate', 'nowhere')).toEqual({ status: 3, stdout: '', stderr: expect.stringContaining('nowhere') });
  });

  it.skipIf(process.platform === 'win32')('survives a reader that stops early', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${cli}" --help | true`], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  describe('loads a parser', () => {
    /** Names of the packages that a run over one file loaded. */
    const loadedFor = (file: string, text: string) => {
      const folder = mkdtempSync(join(dir, 'loaded-'));
      writeFileSync(join(folder, file), text);
      const [hook, list] = [join(folder, 'hook.cjs'), join(folder, 'loaded.json')];
      writeFileSync(hook, `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache))));`);
      const { status } = spawnSync(process.execPath, ['--require', hook, cli, 'migrate', '--dry', file], { cwd: folder, encoding: 'utf8' });
      expect(status).toBe(0);
      const paths = JSON.parse(readFileSync(list, 'utf8')) as string[];
      return new Set(paths.flatMap((path) => /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1] ?? []));
    };

    it('for no file without a word of Salesforce', () => {
      const loaded = loadedFor('a.ts', 'export const a: number = 1;');
      for (const name of ['eslint', 'espree', 'eslint-scope', 'typescript']) expect(loaded).not.toContain(name);
    });

    it('for TypeScript only where a file needs it', () => {
      const text = "import jsforce from 'jsforce';\nexport const conn = new jsforce.Connection();\n";
      const loaded = loadedFor('a.js', text);
      expect(loaded).toContain('espree');
      expect(loaded).not.toContain('typescript');
      expect(loadedFor('a.ts', text)).toContain('typescript');
    });
  });

  describe('over many files', () => {
    const FILES = 240;
    // Long enough that workers join.
    const legacy = (index: number) =>
      `const jsforce = require('jsforce');\n${Array.from({ length: 180 }, (_, n) => `function f${n}(a) {\n  return a ? { b: a.c(${n}), d: [a, '${index}'] } : null;\n}\n`).join('')}const conn = new jsforce.Connection();\nconn.login(process.env.SF_USER, process.env.SF_PASSWORD);\n`;
    let many: string;
    const start = (...args: string[]) => {
      const child = spawn(process.execPath, [cli, ...args], { cwd: many });
      const output = { stdout: '', stderr: '' };
      child.stdout.on('data', (data) => (output.stdout += String(data)));
      child.stderr.on('data', (data) => (output.stderr += String(data)));
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      return { child, output, ended };
    };

    beforeAll(() => {
      many = join(dir, 'many');
      mkdirSync(many);
    });
    const fill = () => {
      for (let index = 0; index < FILES; index++) writeFileSync(join(many, `f${String(index).padStart(3, '0')}.js`), legacy(index));
    };
    const isMigrated = (name: string) => readFileSync(join(many, name), 'utf8').includes('authorize(conn');

    it('names them in order, however many threads there are', async () => {
      fill();
      const { output, ended } = start('migrate', '--dry', '--report', 'r.json');
      expect(await ended).toBe(0);
      const paths = [...output.stdout.matchAll(/^(f\d+\.js):/gm)].map((match) => match[1]);
      expect(paths).toHaveLength(FILES);
      expect(paths).toEqual([...paths].sort());
      expect(JSON.parse(readFileSync(join(many, 'r.json'), 'utf8')).totals).toMatchObject({ findings: FILES, migrated: FILES });
    }, 120_000);

    it.skipIf(process.platform === 'win32')('stops on Ctrl-C with whole files, and says how far it came', async () => {
      fill();
      const { child, output, ended } = start('migrate');
      while (!isMigrated('f003.js')) await sleep(5);
      child.kill('SIGINT');
      expect(await ended).toBe(130);
      const names = readdirSync(many).filter((name) => name !== 'r.json' && name !== '.env.example');
      expect(names.filter((name) => !/^f\d+\.js$/.test(name))).toEqual([]);
      const migrated = names.filter(isMigrated);
      for (const [index, name] of names.entries()) if (!migrated.includes(name)) expect(readFileSync(join(many, name), 'utf8') === legacy(index)).toBe(true);
      expect(migrated.length).toBeLessThan(FILES);
      expect(output.stdout).toContain(`Stopped: ${FILES - migrated.length} files not read. ${migrated.length} files changed, each as a whole`);
      const check = start('check', ...migrated);
      expect(await check.ended).toBe(0);
    }, 120_000);
  });
});
