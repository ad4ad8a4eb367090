#!/usr/bin/env node
import process from 'node:process';
import { run } from './run';

// Whoever reads our output may stop early (`| head`); the work is done by then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// The first Ctrl-C ends the command in order, the second one at once.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const { env, stdout, stderr } = process;
// Never process.exit(): it would cut off output that is still on its way into a pipe.
void run(process.argv.slice(2), { cwd: process.cwd(), env, stdout, stderr, stop: stop.signal }).then((code) => {
  process.exitCode = code;
});
