// What we promise of the plugin's and the codemods' speed, and what a run measured.
import { OURS } from './lint/arms.mjs';
import { certain } from './lint/measure.mjs';

/** What our preset may add to parsing and ESLint's own walk. Files with nothing but findings have no budget: no repository is made of them. */
const LINT = { plain: 0.02, salesforce: 0.05 };
/** What four times the files may cost of the share that they cost once, and two megabytes of what 62 kB do. */
const FILES = 1.3;
const SIZE = 2;
const OVER_READING = 1.3;
const UNDER_JSCODESHIFT = 10;

/**
 * @param slack what is over the floor may be so many budgets
 * @returns {{ metric: string, measured: string, budget: string, isMet: boolean }[]}
 */
export function judge({ lint, growth, codemods }, slack) {
  const rows = [];
  for (const [corpus, scales] of Object.entries(lint)) {
    if (!(corpus in LINT)) continue;
    const title = corpus === 'plain' ? '(a), code without Salesforce' : '(b), Salesforce-heavy code';
    for (const { scale, result } of scales) {
      rows.push({
        metric: `Our preset over parsing and the floor: ${title}, ${scale}x the files`,
        measured: (1 + result.share[OURS]).toFixed(3), budget: (1 + LINT[corpus]).toFixed(2),
        isMet: certain(result, OURS) <= LINT[corpus] * slack,
      });
    }
    const [first, last] = [scales[0], scales.at(-1)];
    if (first === last) continue;
    rows.push({
      metric: `Linear in files: cost per floor at ${last.scale}x over that at ${first.scale}x, ${title}`,
      measured: (last.result.share[OURS] / first.result.share[OURS]).toFixed(2), budget: FILES.toFixed(1),
      // Where it costs next to nothing, its share is noise.
      isMet: certain(last.result, OURS) <= Math.max(first.result.share[OURS] * FILES, LINT[corpus] / 2) * slack,
    });
  }
  const [small, large] = [growth[0], growth.at(-1)];
  const perByte = ({ result, characters }) => result.extra[OURS] / characters;
  rows.push({
    metric: `Linear in size: cost per byte at ${kilobytes(large)} over that at ${kilobytes(small)}`,
    measured: (perByte(large) / perByte(small)).toFixed(2), budget: SIZE.toFixed(1), isMet: perByte(large) / perByte(small) <= SIZE * slack,
  });
  rows.push({
    metric: `Codemods over a tree of ${codemods.files} files, 1 % about Salesforce: times merely reading it`,
    measured: (codemods.ours.cpu / codemods.read.cpu).toFixed(2), budget: OVER_READING.toFixed(1), isMet: codemods.ours.cpu / codemods.read.cpu <= 1 + (OVER_READING - 1) * slack,
  });
  rows.push({
    metric: 'The same: times faster than a jscodeshift transform that parses every file',
    measured: (codemods.jscodeshift.cpu / codemods.ours.cpu).toFixed(1), budget: String(UNDER_JSCODESHIFT), isMet: codemods.jscodeshift.cpu / codemods.ours.cpu >= UNDER_JSCODESHIFT / slack,
  });
  return rows;
}

export function kilobytes({ characters }) {
  return characters < 1e6 ? `${Math.round(characters / 1000)} kB` : `${(characters / 1e6).toFixed(1)} MB`;
}
