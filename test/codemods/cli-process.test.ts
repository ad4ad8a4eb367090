import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
});
