#!/usr/bin/env node
import process from 'node:process';
import { run } from './run';

// Whoever reads our output may stop early (`| head`); the work is done by then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Never process.exit(): it would cut off output that is still on its way into a pipe.
void run(process.argv.slice(2), { cwd: process.cwd(), env: process.env, stdout: process.stdout, stderr: process.stderr }).then((code) => {
  process.exitCode = code;
});
