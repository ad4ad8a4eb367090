// What a run over a repository costs, beside merely reading it and beside a jscodeshift transform that parses every file.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Tree } from './tree.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const JSCODESHIFT = createRequire(import.meta.url).resolve('jscodeshift/bin/jscodeshift.js');

/**
 * @param count files of the tree
 * @param parsed so many of them for jscodeshift, which would need minutes for all
 * @returns {{ files: number, megabytes: number, parsed: number, read: number, ours: number, jscodeshift: number }} CPU seconds, threads
 * included: the least of the rounds; `jscodeshift` for the whole tree, by what it takes for a part of it
 */
export function codemods({ count, parsed, rounds }) {
  const tree = new Tree(count);
  const part = new Tree(parsed);
  try {
    const read = [];
    const ours = [];
    for (let round = 0; round < rounds; round++) {
      read.push(seconds(tree, [here('./read-all.mjs'), '.']));
      ours.push(seconds(tree, [here('../../dist/cli.cjs'), 'migrate', '--dry', '.']));
    }
    const transform = ['-t', here('./parse-all.cjs'), '--parser=tsx', '--extensions=js,jsx,mjs,cjs,ts,tsx,mts,cts', '--run-in-band', '--dry', '--silent'];
    const jscodeshift = seconds(part, [JSCODESHIFT, ...transform, '.']) * (count / parsed);
    return { files: count, megabytes: tree.bytes / 1e6, parsed, read: Math.min(...read), ours: Math.min(...ours), jscodeshift };
  } finally {
    tree.remove();
    part.remove();
  }
}

/** The processor time of a Node.js program. */
function seconds(tree, args) {
  const { status, output, error } = spawnSync(process.execPath, ['--import', here('./cpu-at-exit.mjs'), ...args], {
    cwd: tree.path, stdio: ['ignore', 'ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 2 ** 26,
  });
  if (error || status !== 0) throw new Error(`${args[0]} ended with ${status}: ${error?.message ?? output[2].slice(-500)}`);
  return Number(output[3]) / 1e6;
}
