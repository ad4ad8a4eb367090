// docs/guides/speed.md, from what a full run measured.
import { readFileSync } from 'node:fs';
import { kilobytes } from './budgets.mjs';
import { CONTROL, OURS } from './lint/arms.mjs';
import { CORPORA } from './lint/corpus.mjs';
import { table } from './page.mjs';

const PACKAGES = ['eslint', '@typescript-eslint/parser', 'eslint-plugin-no-secrets', 'eslint-plugin-security', 'eslint-plugin-sonarjs', 'jscodeshift'];

function versions() {
  const versionOf = (name) => JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
  return PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', ');
}

const percent = (share) => `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;

/** @returns the page */
export function page({ about, budgets, lint, growth, codemods }) {
  const lintTable = (scales) => {
    const arms = Object.keys(scales[0].result.share).filter((name) => name !== CONTROL);
    const rows = [...arms, CONTROL].map((name) => [name, ...scales.map(({ result }) => percent(result.share[name]))]);
    const sizes = (what) => scales.map((one) => what(one));
    return table(['', ...sizes(({ scale }) => `${scale}x`)], [
      ['files', ...sizes(({ files }) => String(files))],
      ['lines', ...sizes(({ lines }) => String(lines))],
      ['parsing and the floor, ms', ...sizes(({ result }) => result.floor.toFixed(0))],
      ...rows,
    ]);
  };
  const growthRows = growth.map((one) => [kilobytes(one), one.result.floor.toFixed(0), one.result.extra[OURS].toFixed(0), (one.result.extra[OURS] / (one.characters / 1e6)).toFixed(0)]);

  return `# Speed

What our rules add to a lint run, next to eslint-plugin-no-secrets, eslint-plugin-security and the three rules on secrets of
eslint-plugin-sonarjs; and what a run of the codemods costs. All in one run, as ratios to a floor of the same run. This page is
written by that run:

\`\`\`sh
npm run bench
\`\`\`

It exits 1 where a limit below is not kept. \`npm run bench -- --quick\`, which CI runs, does the same on fewer files and without the
others, and writes nothing.

- Date: ${about.date}. Node.js ${process.versions.node}. ${versions()}.
- Machine: ${about.machine}.

## Our budgets

${table(['what', 'measured', 'budget', '', 'limit'], budgets.map(({ metric, measured, budget, isMet, limit }) => [metric, measured, budget, isMet ? 'met' : '**not met**', limit]))}

The budget is what we want it to cost; the limit is where CI fails: room for a machine that does other work too, and, where we are over
a budget, what must not get worse. What the control is off by counts as the machine's: a cost is judged less that.

## Linting

How it is measured:

1. One process. Each file is parsed with @typescript-eslint/parser and given to ESLint, once per arm and round, the arms in turn. The
   floor is parsing and an ESLint without rules.
2. Each arm gets a tree of its own, so that nothing it found out before helps it.
3. CPU time: the median of the rounds per file, summed over the files. The control is the floor once more.
4. 1x, 2x and 4x are the first quarter, the first half and all of the files that are taken, in an order that says nothing of them.

${Object.entries(lint).map(([corpus, scales]) => `### ${CORPORA[corpus][0].toUpperCase()}${CORPORA[corpus].slice(1)}\n\nCost over parsing and the floor.\n\n${lintTable(scales)}`).join('\n\n')}

### One large file

Code that logs in, holds tokens, sends them and decides by their expiry all through. Files over 2 MB are left out, as bundles are
([decision 8](../decisions/0008-tracing-has-an-end.md)).

${table(['size', 'parsing and the floor, ms', 'our preset, ms', 'our preset, ms per MB'], growthRows)}

## Codemods

\`salesforce-auth migrate --dry\` over ${codemods.files} files (${codemods.megabytes.toFixed(0)} MB), of which one in a hundred is about Salesforce. CPU time of the whole
process, its start and its threads included, and the time until it ends. The budget is on CPU time, over reading with \`fs/promises\`, as most tools read.

${table(['', 'CPU, s', 'times merely reading', 'until it ends, s'], [
    ['merely reading them, with `fs/promises`', codemods.read],
    ['merely reading them, with `readFileSync`', codemods.readSync],
    ['ours, all four transforms', codemods.ours],
    [`a jscodeshift transform that parses every file (by ${codemods.parsed} of them)`, codemods.jscodeshift],
  ].map(([what, { cpu, wall }]) => [what, cpu.toFixed(2), (cpu / codemods.read.cpu).toFixed(2), wall.toFixed(2)]))}

Files without a word of Salesforce are read and put away: no parser sees them.
`;
}
