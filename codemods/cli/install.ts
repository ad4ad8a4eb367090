/** Runs what a run proposes to the package manager, where it was asked to. */
import { spawn } from 'node:child_process';
import type { Command } from './project';

/** Runs a command with our own input and output; true when it succeeded. */
export function execute({ directory, run: [name, ...args] }: Command): Promise<boolean> {
  return new Promise((resolve) => {
    // npm and its like are scripts on Windows, which only a shell runs; the arguments are package names.
    const child = spawn(name, args, { cwd: directory, stdio: 'inherit', shell: process.platform === 'win32' });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}
