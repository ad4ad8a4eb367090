import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FoundFile } from '../../codemods/cli/discover';
import { forEachFile } from '../../codemods/cli/pool';
import { progressOn } from '../../codemods/cli/progress';
import type { FileResult } from '../../codemods/cli/file-result';
import type { Transform } from '../../codemods/report';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cli-pool-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const files = (...names: string[]): FoundFile[] => names.map((path) => ({ path, absolute: join(dir, path) }));

/** Files that concern us, and so are worked on. */
function relevant(...names: string[]): FoundFile[] {
  for (const name of names) writeFileSync(join(dir, name), '// Salesforce');
  return files(...names);
}

describe('worker threads', () => {
  /** A worker that answers, or comes to an end in the way that the name of a file says. */
  function worker(): string {
    const script = join(dir, 'worker.cjs');
    writeFileSync(
      script,
      `const { parentPort, workerData } = require('node:worker_threads');
      parentPort.on('message', ({ path }) => {
        if (path === 'exit') process.exit(7);
        if (path === 'throw') throw new TypeError('S3cret');
        setTimeout(() => parentPort.postMessage({ entries: [], env: [workerData.job.command] }), path === 'slow' ? 100 : 0);
      });`,
    );
    return script;
  }

  it('do every file once, and a dead one costs only the file it was at', async () => {
    const found = relevant('slow', 'a', 'exit', 'b', 'throw', 'c', 'd');
    const results = new Map<string, FileResult>();
    const seen: number[] = [];
    const notRead = await forEachFile(found, { job: { command: 'check' }, worker: worker(), atOnce: true, onProgress: (done, total) => seen.push(done, total) }, async ({ path }, result) => {
      expect(results.has(path)).toBe(false);
      results.set(path, result);
    });
    expect(notRead).toBe(0);
    expect([...results.keys()].sort()).toEqual(found.map(({ path }) => path).sort());
    for (const path of ['slow', 'a', 'b', 'c', 'd']) expect(results.get(path)).toEqual({ entries: [], env: ['check'] });
    const died = (path: string) => results.get(path)!.failure!.message;
    expect(results.get('exit')!.failure!.kind).toBe('worker');
    expect(died('exit')).toBe('the worker at this file died (exit code 7); the file is as it was');
    expect(died('throw')).toContain('(TypeError)');
    expect(seen.filter((_, index) => index % 2 === 0).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('never see a file that reading settles', async () => {
    for (const name of ['a.js', 'b.js']) writeFileSync(join(dir, name), 'export const a = 1;');
    writeFileSync(join(dir, 'bundle.js'), `const salesforce = '${'x'.repeat(6_000)}';`);
    const results = new Map<string, FileResult>();
    const found = [...files('a.js', 'b.js', 'bundle.js', 'gone.js'), ...relevant('exit')];
    await forEachFile(found, { job: { command: 'check' }, worker: worker(), atOnce: true }, async ({ path }, result) => void results.set(path, result));
    expect(results.get('a.js')).toEqual({ entries: [], env: [] });
    expect(results.get('b.js')).toEqual({ entries: [], env: [] });
    expect(results.get('bundle.js')!.leftOut).toBe('looks minified or generated');
    expect(results.get('gone.js')!.failure!.kind).toBe('read');
    expect(results.get('exit')!.failure!.kind).toBe('worker');
  });

  it('join only after a while', async () => {
    const results: FileResult[] = [];
    await forEachFile(relevant('a.js'), { job: { command: 'migrate', only: [], options: {} }, worker: join(dir, 'no-such-worker.cjs') }, async (_, result) => void results.push(result));
    expect(results).toEqual([{ entries: [], env: [] }]);
  });

  it('end with the files at hand when the run is stopped', async () => {
    const stop = new AbortController();
    const done: string[] = [];
    const found = relevant('a', 'slow', 'b', 'c', 'd', 'e');
    const notRead = await forEachFile(found, { job: { command: 'check' }, worker: worker(), atOnce: true, signal: stop.signal }, async ({ path }) => {
      done.push(path);
      stop.abort();
    });
    expect(done.length).toBeGreaterThan(0);
    expect(notRead).toBe(found.length - done.length);
  });
});

it('one file that a transform of this thread breaks on costs only itself', async () => {
  for (const name of ['a.js', 'b.js']) writeFileSync(join(dir, name), name);
  const odd: Transform = ({ path }) => (path === 'a.js' ? (undefined as never) : { entries: [], env: [] });
  const results = new Map<string, FileResult>();
  await forEachFile(files('a.js', 'b.js'), { job: { command: 'migrate', only: ['odd'], options: {} }, transforms: { odd: async () => odd } }, async ({ path }, result) => void results.set(path, result));
  expect(results.get('a.js')!.failure!.kind).toBe('transform');
  expect(results.get('b.js')).toEqual({ entries: [], env: [] });
});

describe('progress', () => {
  function shown(terminal: { isTTY?: boolean; columns?: number }, env: Record<string, string> = {}) {
    let text = '';
    let time = 0;
    const progress = progressOn({ ...terminal, write: (more) => (text += more) }, env, () => time);
    for (let done = 1; done <= 100; done++) {
      time += 150;
      progress.update(done, 100, `src/a\u001B[2J${done}.js`);
    }
    progress.clear();
    return text;
  }

  it('is a bar on a terminal, on one line, and gone at the end', () => {
    const text = shown({ isTTY: true, columns: 60 });
    expect(text).toContain('[############............] 50/100 src/a?[2J50.js');
    expect(text.endsWith('\r\u001B[K')).toBe(true);
    expect(text).not.toContain('\n');
    for (const drawn of text.split('\r')) expect(drawn.replace('\u001B[K', '').length).toBeLessThan(60);
  });

  it('is a plain line now and then elsewhere', () => {
    for (const text of [shown({}), shown({ isTTY: true }, { TERM: 'dumb' })]) expect(text).toBe('salesforce-auth: 67 of 100 files\n');
  });

  it('says nothing of a short run', () => {
    let text = '';
    const progress = progressOn({ isTTY: true, write: (more) => (text += more) }, {}, () => 0);
    progress.update(1, 2, 'a.js');
    progress.clear();
    expect(text).toBe('');
  });
});
