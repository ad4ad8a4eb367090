/** The other side of the pool: what runs in a worker thread. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FoundFile } from './discover';
import { workFor, type Job } from './work';

/** Answers one file after the other, until the main thread ends it. */
export function serve(): void {
  const { job } = workerData as { job: Job };
  const work = workFor(job);
  // A rejection ends the thread: the main thread knows which file it was at.
  parentPort!.on('message', async (file: FoundFile) => parentPort!.postMessage(await (await work)(file)));
}
