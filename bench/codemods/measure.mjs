// What a run over a repository costs, beside merely reading it and beside a jscodeshift transform that parses every file.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Tree } from './tree.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const JSCODESHIFT = createRequire(import.meta.url).resolve('jscodeshift/bin/jscodeshift.js');

/**
 * @typedef {{ cpu: number, wall: number }} Cost seconds, each the least of the rounds; the processor's with those of all threads
 *
 * @param count files of the tree
 * @param parsed so many of them for jscodeshift, which would need minutes for all
 * @returns {{ files: number, megabytes: number, parsed: number, read: Cost, readSync: Cost, ours: Cost, jscodeshift: Cost }} `read`
 * with `fs/promises`, as ESLint and most tools do, `readSync` without a thread pool; `jscodeshift` for the whole tree, by what it takes for a part
 */
export function codemods({ count, parsed, rounds }) {
  const tree = new Tree(count);
  const part = new Tree(parsed);
  try {
    const arms = {
      read: [here('./read-all.mjs'), '.'],
      readSync: [here('./read-all-sync.mjs'), '.'],
      ours: [here('../../dist/cli.cjs'), 'migrate', '--dry', '.'],
    };
    const costs = { read: [], readSync: [], ours: [] };
    for (let round = 0; round < rounds; round++) for (const [arm, args] of Object.entries(arms)) costs[arm].push(cost(tree, args));
    const transform = ['-t', here('./parse-all.cjs'), '--parser=tsx', '--extensions=js,jsx,mjs,cjs,ts,tsx,mts,cts', '--run-in-band', '--dry', '--silent'];
    const some = cost(part, [JSCODESHIFT, ...transform, '.']);
    const jscodeshift = { cpu: some.cpu * (count / parsed), wall: some.wall * (count / parsed) };
    return { files: count, megabytes: tree.bytes / 1e6, parsed, ...Object.fromEntries(Object.entries(costs).map(([arm, all]) => [arm, least(all)])), jscodeshift };
  } finally {
    tree.remove();
    part.remove();
  }
}

function least(costs) {
  return { cpu: Math.min(...costs.map(({ cpu }) => cpu)), wall: Math.min(...costs.map(({ wall }) => wall)) };
}

/** What a Node.js program takes. */
function cost(tree, args) {
  const start = performance.now();
  const { status, output, error } = spawnSync(process.execPath, ['--import', here('./cpu-at-exit.mjs'), ...args], {
    cwd: tree.path, stdio: ['ignore', 'ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 2 ** 26,
  });
  if (error || status !== 0) throw new Error(`${args[0]} ended with ${status}: ${error?.message ?? output[2].slice(-500)}`);
  return { cpu: Number(output[3]) / 1e6, wall: (performance.now() - start) / 1000 };
}
