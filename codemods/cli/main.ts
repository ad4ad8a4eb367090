#!/usr/bin/env node
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// Each side loads what it needs, and no chunk of the build depends on this file, which acts as soon as it is loaded.
if (isMainThread) void start();
else void import('./worker').then(({ serve }) => serve());

async function start(): Promise<void> {
  // Whoever reads our output may stop early (`| head`); the work is done by then.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

  // The first Ctrl-C lets the files at hand be finished; a second one ends the process as it always does.
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt);

  const { stdin, stdout, stderr, env } = process;
  const isAttended = stdin.isTTY && stdout.isTTY;
  const surroundings = { cwd: process.cwd(), env, stdout, stderr, worker: fileURLToPath(import.meta.url), signal: stop.signal, ...(isAttended && { ask: ask(stop.signal) }) };
  // Never process.exit(): it would cut off output that is still on its way into a pipe.
  const { run } = await import('./run');
  process.exitCode = await run(process.argv.slice(2), surroundings);
  process.off('SIGINT', onInterrupt);
}

function ask(signal: AbortSignal): (question: string) => Promise<boolean> {
  return async (question) => {
    // Not as a terminal: that would take Ctrl-C for itself.
    const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
    try {
      return /^\s*y(?:es)?\s*$/i.test(await lines.question(question, { signal }));
    } catch {
      return false;
    } finally {
      lines.close();
    }
  };
}
