// What the codemods make of labelled real code: node scripts/corpus.mjs --mirror DIR [--labels FILE,…] [--flow FLOW] [--show]
// Each transform on each file, and all in a row as `salesforce-auth migrate` runs them. Prints what became of the labelled places by
// class, and exits 1 when a bound is missed: an output that does not parse, is not stable, changes lines apart from its places or
// has a finding more than before; a place of somebody else's that was rewritten; less than 90 % of the application's own migrated,
// or a place that is neither migrated nor marked.
import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { values: args } = parseArgs({
  options: {
    mirror: { type: 'string' },
    labels: { type: 'string', default: ['jsforce', 'http', 'expiry'].map((name) => `${root}../shared/corpus/${name}.open.tsv`).join(',') },
    flow: { type: 'string' },
    show: { type: 'boolean', default: false },
  },
});
if (!args.mirror) {
  console.error('corpus: --mirror DIR is needed: a folder with one bare git directory per labelled repository');
  process.exit(2);
}

/** The order in which `migrate` runs them. */
const ORDER = ['soap-login-to-oauth', 'fetch-to-refresh-aware', 'add-expiry-buffer', 'secrets-to-env'];
/** Which transform a labelled class is for. */
const CLASSES = {
  SOAP_LOGIN: 'soap-login-to-oauth',
  PASSWORD_FLOW: 'soap-login-to-oauth',
  NO_401_CONN: 'fetch-to-refresh-aware',
  NO_401_HTTP: 'fetch-to-refresh-aware',
  NO_EXPIRY_BUFFER: 'add-expiry-buffer',
  HARDCODED_SESSION: 'secrets-to-env',
  HARDCODED_CREDENTIAL: 'secrets-to-env',
};
/** Where 90 % of the application's own places are to be migrated, and every other one marked. */
const BOUND = ['SOAP_LOGIN', 'PASSWORD_FLOW', 'NO_401_CONN'];
const LEAST_SHARE = 0.9;

const transforms = new Map(ORDER.map((name) => [name, require(`${root}dist/codemods/${name}.cjs`).transform]));
const { Linter } = require('eslint');
const parser = require('@typescript-eslint/parser');
const plugin = require(`${root}dist/index.cjs`);
const linter = new Linter();
const scratch = mkdtempSync(join(tmpdir(), 'corpus-'));
const options = args.flow ? { flow: args.flow } : {};

function readTable(file) {
  const [head, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  const columns = head.split('\t');
  return rows.map((row) => Object.fromEntries(row.split('\t').map((value, index) => [columns[index], value])));
}

const owners = new Map(readTable(`${root}scripts/corpus-owners.tsv`).map(({ repo, path, line, own }) => [`${repo} ${path} ${line}`, own]));

/** Whose credentials a labelled place uses: the application's own, somebody else's, or unknown where nobody has looked. */
function ownerOf({ repo, path, line, note = '' }) {
  // `mig:` says how mechanical a rewrite looked, not whose they are.
  if (/\bcreds from parameters\b/.test(note)) return 'other';
  const [, mechanical] = /\bmig:(yes|partial|no)\b/.exec(note) ?? [];
  if (mechanical) return mechanical === 'no' ? 'other' : 'own';
  return { yes: 'own', no: 'other' }[owners.get(`${repo} ${path} ${line}`)] ?? 'unknown';
}

function gitDir(repo) {
  const base = join(args.mirror, repo.replace('/', '+'));
  const tries = [base, `${base}.git`];
  if (existsSync(base)) for (const entry of readdirSync(base)) tries.push(join(base, entry), join(base, entry, '.git'));
  return tries.find((dir) => existsSync(join(dir, 'HEAD')) && statSync(dir).isDirectory());
}

/** How many findings each rule has; undefined where the text does not parse. */
function findingsIn(text, path) {
  const messages = linter.verify(
    text,
    [
      { ...plugin.configs.recommended, files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'] },
      {
        files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'],
        languageOptions: { parser, sourceType: 'module', parserOptions: { ecmaFeatures: { jsx: !/\.[cm]?ts$/.test(path), globalReturn: true } } },
      },
    ],
    { filename: path, allowInlineConfig: false },
  );
  if (messages.some(({ fatal }) => fatal)) return undefined;
  const counts = new Map();
  for (const { ruleId } of messages) if (ruleId) counts.set(ruleId.split('/').pop(), (counts.get(ruleId.split('/').pop()) ?? 0) + 1);
  return counts;
}

function diff(before, after, context) {
  writeFileSync(join(scratch, 'a'), before);
  writeFileSync(join(scratch, 'b'), after);
  return spawnSync('git', ['diff', '--no-index', `-U${context}`, '--no-color', join(scratch, 'a'), join(scratch, 'b')], { encoding: 'utf8' }).stdout;
}

/** The lines of `before` that `after` no longer has as they were. */
function changedLines(before, after) {
  const lines = [];
  for (const [, start, count = '1'] of diff(before, after, 0).matchAll(/^@@ -(\d+)(?:,(\d+))? /gm)) {
    for (let i = 0; i < Number(count); i++) lines.push(Number(start) + i);
  }
  return lines;
}

const wordsIn = (text = '') => text.match(/[A-Za-z_$][\w$]*/g) ?? [];
/** How far below its first line a call may reach. */
const REACH = 12;

/**
 * Changed lines that are no part of a place nor of what it names is made with, and that are not blank; nor do they share a name with
 * a place or with another changed line that does: a read of the password goes with the variable that it was read into.
 */
function linesOutside(text, output, places) {
  const lines = text.split('\n');
  const words = new Set(places.flatMap(({ line }) => wordsIn(lines.slice(line - 1, line + REACH).join('\n'))));
  const starts = places.flatMap(({ line }) => [line, ...declarationsOf(lines, wordsIn(lines[line - 1]))]);
  let left = changedLines(text, output).filter((line) => lines[line - 1].trim() !== '');
  for (;;) {
    const isPart = (line) => starts.some((start) => line >= start && line <= start + REACH) || [line - 1, line - 2].some((at) => wordsIn(lines[at]).some((word) => words.has(word)));
    const explained = left.filter(isPart);
    if (explained.length === 0) return left;
    left = left.filter((line) => !explained.includes(line));
    for (const line of explained) for (const word of wordsIn(lines[line - 1])) words.add(word);
  }
}

function declarationsOf(lines, names) {
  const declares = names.map((name) => new RegExp(`^\\s*(?:export )?(?:const|let|var) ${name.replaceAll('$', '\\$')}\\b`));
  return lines.flatMap((text, index) => (declares.some((pattern) => pattern.test(text)) ? [index + 1] : []));
}

const wrong = [];
let outside = 0;

/** One transform, or all in a row, on a file: what came of it, with every objection to the output noted. */
function apply(name, run, path, text, fail) {
  let result;
  try {
    result = run(text);
  } catch (error) {
    if (error.name !== 'ParseError') fail(`${name} threw ${error.name}`);
    return undefined;
  }
  if (result.output === undefined) {
    if (result.entries.some(({ state }) => state === 'migrated')) fail(`${name} says migrated and wrote nothing`);
    return result;
  }
  const before = findingsIn(text, path);
  const after = findingsIn(result.output, path);
  if (!after) return fail(`the output of ${name} does not parse`), result;
  // One alone may bring to light what is another's to see to.
  for (const [rule, count] of name === 'all' ? after : []) if (rule !== 'no-unfinished-migration' && before && count > (before.get(rule) ?? 0)) fail(`${rule} finds more after ${name}`);
  const again = run(result.output);
  if (again.output !== undefined) fail(`a second run of ${name} changes the output`);
  for (const line of name === 'all' ? [] : linesOutside(text, result.output, result.entries)) {
    outside++;
    fail(`${name} changed line ${line}, which is no part of its places`);
  }
  return result;
}

/** As `migrate`: each transform sees what the one before left. */
function all(path, text) {
  let current = text;
  const entries = [];
  for (const transform of transforms.values()) {
    const result = transform({ path, source: current }, options);
    current = result.output ?? current;
    entries.push(...result.entries);
  }
  return { entries, ...(current !== text && { output: current }) };
}

const byFile = new Map();
for (const row of args.labels.split(',').flatMap(readTable)) {
  const key = `${row.repo}\t${row.commit}\t${row.path}`;
  byFile.set(key, [...(byFile.get(key) ?? []), row]);
}

const totals = new Map();
let files = 0, changed = 0, unread = 0;
for (const [key, rows] of byFile) {
  const [repo, commit, path] = key.split('\t');
  let text;
  try {
    text = execFileSync('git', ['--git-dir', gitDir(repo), 'show', `${commit}:${path}`], { encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    unread++;
    continue;
  }
  files++;
  const fail = (why) => wrong.push(`${repo} ${path}: ${why}`);
  const results = new Map();
  for (const [name, transform] of transforms) {
    const result = apply(name, (source) => transform({ path, source }, options), path, text, fail);
    if (result) results.set(name, result);
  }
  const whole = apply('all', (source) => all(path, source), path, text, fail);
  if (whole?.output !== undefined) changed++;
  if (args.show && whole?.output !== undefined) console.log(`\n=== ${repo} ${path}\n${diff(text, whole.output, 1).split('\n').slice(4).join('\n')}`);

  for (const row of rows) {
    const name = CLASSES[row.class];
    const near = name && results.get(name)?.entries.find(({ state, line }) => state !== 'already-safe' && Math.abs(line - row.line) <= 1);
    if (!name) {
      const taken = [...results.values()].some(({ entries }) => entries.some(({ state, line }) => state === 'migrated' && line === Number(row.line)));
      if (taken && (row.class === 'NOT_SF' || row.class === 'GOOD_OAUTH' || row.class === 'GOOD_401')) fail(`${row.class} on line ${row.line} was rewritten`);
      continue;
    }
    const owner = BOUND.includes(row.class) ? ownerOf(row) : '-';
    const state = near?.state ?? 'missed';
    const bucket = `${row.class} ${owner}`;
    const total = totals.get(bucket) ?? { sites: 0, migrated: 0, marked: 0, left: 0, missed: 0 };
    totals.set(bucket, total);
    total.sites++;
    total[state]++;
    if (owner === 'other' && state === 'migrated') fail(`line ${row.line} (${row.class}) belongs to somebody else and was rewritten`);
    if (args.show) console.log(`${bucket} ${repo} ${path}:${row.line} -> ${state}${near ? ` (${near.reason})` : ''}`);
  }
}
rmSync(scratch, { recursive: true, force: true });

console.log('\nclass                     sites  migrated  marked  left  missed');
for (const [bucket, t] of [...totals].sort()) {
  console.log(`${bucket.padEnd(26)} ${String(t.sites).padStart(4)} ${String(t.migrated).padStart(9)} ${String(t.marked).padStart(7)} ${String(t.left).padStart(5)} ${String(t.missed).padStart(7)}`);
}
const missed = [];
for (const name of BOUND) {
  const own = totals.get(`${name} own`);
  if (own && own.migrated < LEAST_SHARE * own.sites) missed.push(`${name}: ${own.migrated} of ${own.sites} own places migrated, at least ${LEAST_SHARE * 100} % wanted`);
  for (const owner of ['own', 'other', 'unknown']) {
    const { left = 0, missed: unseen = 0 } = totals.get(`${name} ${owner}`) ?? {};
    if (left + unseen > 0) missed.push(`${name} (${owner}): ${left + unseen} places neither migrated nor marked`);
  }
}
if (unread) console.log(`\nnot readable (repository not in the mirror?): ${unread} files`);
if (wrong.length) console.log(`\nwrong:\n${wrong.join('\n')}`);
if (missed.length) console.log(`\nmissed:\n${missed.join('\n')}`);
console.log(`\n${files} files read, ${changed} changed, ${wrong.length} wrong, ${outside} lines changed outside the places, ${missed.length} bounds missed`);
process.exit(wrong.length + missed.length > 0 ? 1 : 0);
