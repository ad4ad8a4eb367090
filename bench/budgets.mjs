// What we promise of the plugin's and the codemods' speed, and what a run measured.
import { OURS } from './lint/arms.mjs';
import { certain } from './lint/measure.mjs';

/**
 * `budget`: what we want it to cost. `limit`: where CI fails. It leaves room for a machine that other work shares, on which the
 * control alone is off by several per cent; of what is over its budget today, it is what that must not grow to.
 * Of the preset: over parsing and ESLint's own walk. Files with nothing but findings have no budget: no repository is made of them.
 */
const LINT = { plain: { budget: 0.02, limit: 0.1 }, salesforce: { budget: 0.05, limit: 0.5 } };
/** What four times the files may cost of the share that they cost once, and two megabytes of what 62 kB do. */
const FILES = { budget: 1.3, limit: 2 };
const SIZE = { budget: 2, limit: 3 };
const OVER_READING = { budget: 1.3, limit: 5 };
const UNDER_JSCODESHIFT = { budget: 10, limit: 10 };

/** @returns {{ metric: string, measured: string, budget: string, limit: string, isMet: boolean, isKept: boolean }[]} `isKept`: within the limit */
export function judge({ lint, growth, codemods }) {
  const rows = [];
  const atMost = (metric, value, { budget, limit }, digits, certainly = value) => {
    rows.push({ metric, measured: value.toFixed(digits), budget: String(budget), limit: String(limit), isMet: certainly <= budget, isKept: certainly <= limit });
  };
  for (const [corpus, { budget, limit }] of Object.entries(LINT)) {
    const scales = lint[corpus];
    const title = corpus === 'plain' ? '(a), code without Salesforce' : '(b), Salesforce-heavy code';
    for (const { scale, result } of scales) {
      atMost(`Our preset over parsing and the floor: ${title}, ${scale}x the files`, 1 + result.share[OURS], { budget: 1 + budget, limit: 1 + limit }, 3, 1 + certain(result, OURS));
    }
    const [first, last] = [scales[0].result, scales.at(-1).result];
    if (first === last) continue;
    // Where it costs next to nothing, its share is noise.
    const isNoise = certain(last, OURS) <= budget / 2;
    atMost(`Linear in files: cost per floor at ${scales.at(-1).scale}x over that at ${scales[0].scale}x, ${title}`, last.share[OURS] / first.share[OURS], FILES, 2, isNoise ? 0 : last.share[OURS] / first.share[OURS]);
  }
  const [small, large] = [growth[0], growth.at(-1)];
  const perByte = ({ result, characters }) => result.extra[OURS] / characters;
  atMost(`Linear in size: cost per byte at ${kilobytes(large)} over that at ${kilobytes(small)}`, perByte(large) / perByte(small), SIZE, 2);
  atMost(`Codemods over a tree of ${codemods.files} files, 1 % about Salesforce: times merely reading it`, codemods.ours.cpu / codemods.read.cpu, OVER_READING, 2);
  const faster = codemods.jscodeshift.cpu / codemods.ours.cpu;
  const { budget, limit } = UNDER_JSCODESHIFT;
  rows.push({ metric: 'The same: times faster than a jscodeshift transform that parses every file', measured: faster.toFixed(1), budget: String(budget), limit: String(limit), isMet: faster >= budget, isKept: faster >= limit });
  return rows;
}

export function kilobytes({ characters }) {
  return characters < 1e6 ? `${Math.round(characters / 1000)} kB` : `${(characters / 1e6).toFixed(1)} MB`;
}
