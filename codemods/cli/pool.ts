/** Does the same work on many files, over all cores where that is worth their start. */
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describeFailure } from '../failure';
import type { FoundFile } from './discover';
import { settledByReading } from './read-file';
import type { Transforms } from './transforms';
import type { FileResult } from './file-result';
import { workFor, type Job } from './work';

export interface PoolOptions {
  job: Job;
  /** Ours by default; others cannot go to a worker. */
  transforms?: Transforms | undefined;
  /** The script that a worker runs; without one, all work is done in this thread. */
  worker?: string | undefined;
  /** Stops the run after the files that are being worked on. */
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number, path: string) => void) | undefined;
  /** Workers join before the first file, whether they are worth it or not. */
  atOnce?: boolean | undefined;
}

/** On so many of the files that concern us this thread works alone: on the first ones it loads the parsers, and runs slowly. */
const ALONE = 32;
/**
 * Workers join where, by the pace of the last files, so many milliseconds are left: each of them loads the parsers before its
 * first file, and runs slowly at first. @see docs/codemods/cli.md, Speed
 */
const WORTH_IT = 4_000;
/** How long this thread reads before it lets signals through, in milliseconds. */
const BREATH = 50;

/**
 * Hands each file with its result to `take`, as they come in.
 *
 * @returns how many files were not begun, since `signal` stopped the run
 */
export async function forEachFile(files: readonly FoundFile[], options: PoolOptions, take: (file: FoundFile, result: FileResult) => Promise<void>): Promise<number> {
  const { job, transforms, worker, signal, onProgress, atOnce = false } = options;
  let done = 0;
  const finish = async (file: FoundFile, result: FileResult) => {
    await take(file, result);
    done++;
    onProgress?.(done, files.length, file.path);
  };
  // What transforms that are not ours look for is not known.
  const toDo = transforms ? files : await readAll(files, signal, finish);
  let next = 0;
  const workOff = async ({ work }: Hand, until: () => boolean) => {
    while (next < toDo.length && !signal?.aborted && !until()) {
      const file = toDo[next++]!;
      await finish(file, await work(file));
    }
  };

  const mayGrow = worker !== undefined && transforms === undefined;
  let last = performance.now();
  const times: number[] = [];
  const isWorthIt = () => {
    const now = performance.now();
    times.push(now - last);
    last = now;
    return times.length > ALONE && median(times.slice(-ALONE)) * (toDo.length - next) >= WORTH_IT;
  };
  await workOff(await inThisThread(job, transforms), () => mayGrow && (atOnce || isWorthIt()));

  const threads = Math.min(availableParallelism(), toDo.length - next);
  const hands = threads > 0 && !signal?.aborted ? Array.from({ length: threads }, () => inWorker(worker!, job)) : [];
  try {
    await Promise.all(hands.map((hand) => workOff(hand, () => false)));
  } finally {
    await Promise.all(hands.map(({ end }) => end()));
  }
  return files.length - done;
}

/** A file that loads a parser takes as long as a hundred others, and says nothing of those to come. */
function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}

/** Settles what needs reading only; what is left needs work. */
async function readAll(files: readonly FoundFile[], signal: AbortSignal | undefined, finish: (file: FoundFile, result: FileResult) => Promise<void>): Promise<FoundFile[]> {
  const toDo: FoundFile[] = [];
  let breath = performance.now();
  for (const file of files) {
    if (signal?.aborted) return [];
    const result = settledByReading(file);
    if (result) await finish(file, result);
    else toDo.push(file);
    if (performance.now() - breath < BREATH) continue;
    await setImmediate();
    breath = performance.now();
  }
  return toDo;
}

interface Hand {
  work(file: FoundFile): Promise<FileResult>;
}

async function inThisThread(job: Job, transforms: Transforms | undefined): Promise<Hand> {
  const work = await workFor(job, transforms);
  return {
    work: (file) => work(file).catch((error: unknown) => ({ entries: [], env: [], failure: describeFailure('the run', error) })),
  };
}

function inWorker(script: string, job: Job): Hand & { end(): Promise<unknown> } {
  const start = () => new Worker(script, { workerData: { job } });
  let worker = start();
  return {
    async work(file) {
      try {
        return await answerOf(worker, file);
      } catch (error) {
        await worker.terminate();
        worker = start();
        return { entries: [], env: [], failure: { kind: 'worker', message: `the worker at this file died (${(error as Error).message}); the file is as it was` } };
      }
    },
    end: () => worker.terminate(),
  };
}

function answerOf(worker: Worker, file: FoundFile): Promise<FileResult> {
  return new Promise((resolve, reject) => {
    const listeners = {
      message: (result: FileResult) => settle(() => resolve(result)),
      // By its code or name: an error's words may quote the file.
      error: (error: NodeJS.ErrnoException) => settle(() => reject(new Error(error.code ?? error.name))),
      exit: (code: number) => settle(() => reject(new Error(`exit code ${code}`))),
    };
    function settle(finish: () => void) {
      for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
      finish();
    }
    for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
    worker.postMessage(file);
  });
}
