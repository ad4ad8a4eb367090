// npm run bench [-- --quick]: what linting and migrating cost, as ratios to a floor that the same run measures. Needs `npm run build`.
// A full run writes docs/guides/speed.md. Exits 1 where a limit is not kept, 2 where it cannot run.
import { existsSync, writeFileSync } from 'node:fs';
import { machine } from './page.mjs';

const PAGE = new URL('../docs/guides/speed.md', import.meta.url);
const FULL = { rounds: 5, parts: { plain: { 1: 8, 2: 4, 4: 2 }, salesforce: { 1: 4, 2: 2, 4: 1 }, logins: { 1: 1 } }, peers: true, sizes: [62, 125, 250, 500, 1000, 2000], sizeRounds: 5, tree: { count: 20_000, parsed: 1000, rounds: 3 } };
const QUICK = { rounds: 4, parts: { plain: { 1: 8 }, salesforce: { 1: 2 } }, peers: false, sizes: [62, 2000], sizeRounds: 2, tree: { count: 20_000, parsed: 200, rounds: 1 } };

const [option, ...more] = process.argv.slice(2);
if (more.length > 0 || (option !== undefined && option !== '--quick')) fail('the one option is --quick');
if (!existsSync(new URL('../dist/index.mjs', import.meta.url))) fail('dist is missing: run `npm run build` first');
const isQuick = option === '--quick';
const { rounds, parts, peers, sizes, sizeRounds, tree } = isQuick ? QUICK : FULL;

function fail(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}

// Both load our build: not before it is known to be there.
const { judge } = await import('./budgets.mjs');
const { arms, CONTROL } = await import('./lint/arms.mjs');
const { costs, readable } = await import('./lint/measure.mjs');
const { filesOf, linesOf, oneIn } = await import('./lint/corpus.mjs');
const { fileOf } = await import('./lint/growth.mjs');
const { codemods } = await import('./codemods/measure.mjs');

const about = { date: new Date().toISOString().slice(0, 10), machine: machine() };
const lint = {};
for (const corpus of Object.keys(parts)) {
  const files = readable(filesOf(corpus));
  lint[corpus] = Object.entries(parts[corpus]).map(([scale, part]) => {
    const some = oneIn(part, files);
    console.log(`${corpus}, ${scale}x: ${some.length} files`);
    return { scale, files: some.length, lines: linesOf(some), result: costs(some, arms({ peers }), rounds) };
  });
}
const growth = sizes.map((size) => {
  const file = fileOf(size * 1000);
  console.log(`one file of ${size} kB`);
  return { characters: file.text.length, result: costs([file], arms({ peers: false }), sizeRounds) };
});
console.log(`a tree of ${tree.count} files`);
const results = { lint, growth, codemods: codemods(tree) };

const budgets = judge(results);
console.log(`\nNode ${process.version}; ${about.machine}`);
for (const [corpus, scales] of Object.entries(lint)) for (const { scale, result } of scales) console.log(`${corpus}, ${scale}x: the control is off by ${(100 * result.share[CONTROL]).toFixed(1)} %`);
for (const { metric, measured, budget, limit, isMet, isKept } of budgets) console.log(`${isMet ? 'met    ' : isKept ? 'not met' : 'FAILED '}  ${metric}: ${measured}; budget ${budget}, limit ${limit}`);
if (!isQuick) {
  const { page } = await import('./report.mjs');
  writeFileSync(PAGE, page({ about, budgets, ...results }));
}
process.exitCode = budgets.every(({ isKept }) => isKept) ? 0 : 1;
