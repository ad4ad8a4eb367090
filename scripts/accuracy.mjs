// Accuracy on labelled code: npm run accuracy -- --mirror DIR [--labels FILES] [--config recommended|strict|all] [--scope any] [--verbose]
// Without --labels: the open labels, those of expiry.open.tsv (OAuth clients of any vendor) under scope `any`, in one total.
// Exits 1 where that total, a class or a rule stays below its bound.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shared = fileURLToPath(new URL('../../shared/corpus/', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const BOUNDS = { recall: 0.95, precision: 0.97, classRecall: 0.85, rulePrecision: 0.9 };

const args = process.argv.slice(2);
if (!args.includes('--mirror')) {
  console.error('accuracy: --mirror DIR is needed: a folder with one bare git directory per labelled repository');
  process.exit(2);
}
if (!args.includes('--config')) args.push('--config', 'recommended');

const out = mkdtempSync(join(tmpdir(), 'accuracy-'));
try {
  process.exitCode = args.includes('--labels') ? measure(args).status : measureOpen();
} finally {
  rmSync(out, { recursive: true });
}

function measure(given) {
  const json = join(out, 'result.json');
  const { status } = spawnSync(process.execPath, [join(shared, 'accuracy.mjs'), '--plugin', root, '--json', json, ...given], { stdio: 'inherit' });
  return { status: status ?? 1, json };
}

function measureOpen() {
  const classes = new Map();
  const rules = new Map();
  const add = (map, name, values) => map.set(name, (map.get(name) ?? [0, 0]).map((sum, index) => sum + values[index]));
  for (const given of [['--labels', `${shared}jsforce.open.tsv,${shared}http.open.tsv`], ['--labels', `${shared}expiry.open.tsv`, '--scope', 'any']]) {
    const { status, json } = measure([...args, ...given]);
    if (status !== 0) return status;
    const { classes: byClass, perRule } = JSON.parse(readFileSync(json, 'utf8'));
    for (const [name, { found, labels }] of Object.entries(byClass)) add(classes, name, [found, labels]);
    for (const [name, { right, reports }] of Object.entries(perRule)) add(rules, name, [right, reports]);
    console.log('');
  }
  const all = (map) => [...map.values()].reduce(([part, whole], [more, of]) => [part + more, whole + of], [0, 0]);
  const below = [];
  const check = (name, [part, whole], bound) => {
    if (part / whole < bound) below.push(`${name} ${part}/${whole}, below ${bound * 100} %`);
    return `${((100 * part) / whole).toFixed(1)}% (${part}/${whole})`;
  };
  for (const [name, counts] of classes) check(`recall of ${name}`, counts, BOUNDS.classRecall);
  for (const [name, counts] of rules) check(`precision of ${name}`, counts, BOUNDS.rulePrecision);
  console.log(`all open labels: recall ${check('recall', all(classes), BOUNDS.recall)}, precision ${check('precision', all(rules), BOUNDS.precision)}`);
  for (const line of below) console.log(`below its bound: ${line}`);
  return below.length > 0 ? 1 : 0;
}
