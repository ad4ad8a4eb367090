// The codemod over labelled public code: npm run corpus -- --mirror DIR [--labels FILES] [--flow FLOW] [--show]
// Prints what became of each labelled site and exits 1 when an output does not parse, is not stable, changes lines
// outside its edits, is not silent under the rules, or when a site that is somebody else's was rewritten.
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
    labels: { type: 'string', default: ['jsforce', 'http'].map((name) => `${root}../shared/corpus/${name}.open.tsv`).join(',') },
    flow: { type: 'string' },
    show: { type: 'boolean', default: false },
  },
});
if (!args.mirror) {
  console.error('corpus: --mirror DIR is needed: a folder with one bare git directory per labelled repository');
  process.exit(2);
}

const { transform } = require(`${root}dist/codemods/soap-login-to-oauth.cjs`);
const { Linter } = require('eslint');
const parser = require('@typescript-eslint/parser');
const plugin = require(`${root}dist/index.cjs`);
const linter = new Linter();
const scratch = mkdtempSync(join(tmpdir(), 'corpus-'));

const labels = args.labels.split(',').flatMap((file) => {
  const [head, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  const columns = head.split('\t');
  return rows.map((row) => Object.fromEntries(row.split('\t').map((value, index) => [columns[index], value])));
});

function gitDir(repo) {
  const base = join(args.mirror, repo.replace('/', '+'));
  const tries = [base, `${base}.git`];
  if (existsSync(base)) for (const entry of readdirSync(base)) tries.push(join(base, entry), join(base, entry, '.git'));
  return tries.find((dir) => existsSync(join(dir, 'HEAD')) && statSync(dir).isDirectory());
}

function lint(text, path) {
  const messages = linter.verify(
    text,
    [{
      files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'],
      plugins: { 'salesforce-auth': plugin },
      rules: { 'salesforce-auth/no-soap-login': 'error', 'salesforce-auth/no-password-grant': 'error' },
      languageOptions: { parser, sourceType: 'module', parserOptions: { ecmaFeatures: { jsx: !/\.[cm]?ts$/.test(path), globalReturn: true } } },
    }],
    { filename: path, allowInlineConfig: false },
  );
  return messages.filter((message) => message.ruleId || message.fatal);
}

/** The lines of `before` that `after` no longer has as they were. */
function changedLines(before, after) {
  writeFileSync(join(scratch, 'a'), before);
  writeFileSync(join(scratch, 'b'), after);
  const { stdout } = spawnSync('git', ['diff', '--no-index', '-U0', '--no-color', join(scratch, 'a'), join(scratch, 'b')], { encoding: 'utf8' });
  const lines = [];
  for (const hunk of stdout.matchAll(/^@@ -(\d+)(?:,(\d+))? /gm)) {
    for (let i = 0; i < Number(hunk[2] ?? 1); i++) lines.push(Number(hunk[1]) + i);
  }
  return lines;
}

const byFile = Map.groupBy
  ? Map.groupBy(labels, (row) => `${row.repo}\t${row.commit}\t${row.path}`)
  : labels.reduce((map, row) => { const key = `${row.repo}\t${row.commit}\t${row.path}`; return map.set(key, [...(map.get(key) ?? []), row]); }, new Map());

const totals = {};
const wrong = [];
let files = 0, changed = 0, unread = 0, outside = 0;
for (const [key, rows] of byFile) {
  const [repo, commit, path] = key.split('\t');
  let text;
  try {
    text = execFileSync('git', ['--git-dir', gitDir(repo), 'show', `${commit}:${path}`], { encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch { unread++; continue; }
  files++;
  const options = args.flow ? { flow: args.flow } : {};
  const fail = (why) => wrong.push(`${repo} ${path}: ${why}`);
  let result;
  try { result = transform({ path, source: text }, options); } catch (error) { fail(`transform threw ${error.name}`); continue; }
  const lines = text.split('\n');

  if (result.output !== undefined) {
    changed++;
    if (args.show) { console.log(`\n=== ${repo} ${path}`); writeFileSync(join(scratch, 'a'), text); writeFileSync(join(scratch, 'b'), result.output); console.log(spawnSync('git', ['diff', '--no-index', '-U1', '--no-color', join(scratch, 'a'), join(scratch, 'b')], { encoding: 'utf8' }).stdout.split('\n').slice(4).join('\n')); }
    const messages = lint(result.output, path);
    if (messages.some((message) => message.fatal)) fail('the output does not parse');
    for (const message of messages) if (!message.fatal) fail(`${message.ruleId} still reports line ${message.line} of the output`);
    const again = transform({ path, source: result.output }, options);
    if (again.output !== undefined) fail('a second run changes the output');
    if (again.entries.length < result.entries.length) fail('a second run no longer knows every site');
    // A changed line belongs to a login's statement, to the file's imports, or to a name that only the password used.
    const spots = result.entries.map((entry) => entry.line);
    const words = new Set(spots.flatMap((line) => lines.slice(line - 1, line + 4).join('\n').match(/[A-Za-z_$][\w$]*/g) ?? []));
    for (const line of changedLines(text, result.output)) {
      const near = spots.some((spot) => line >= spot && line <= spot + 4);
      const names = lines[line - 1].match(/[A-Za-z_$][\w$]*/g) ?? [];
      const isRead = names.some((name) => words.has(name)) || (lines[line - 2]?.match(/[A-Za-z_$][\w$]*/g) ?? []).some((name) => words.has(name)) || lines[line - 1].trim() === '';
      if (!near && !isRead) { outside++; fail(`line ${line} changed outside the edits`); }
    }
  } else {
    for (const entry of result.entries) if (entry.state === 'migrated') fail('says migrated and wrote nothing');
  }

  for (const row of rows) {
    const kind = row.class === 'SOAP_LOGIN' || row.class === 'PASSWORD_FLOW' ? row.class : undefined;
    const near = result.entries.find((entry) => entry.state !== 'already-safe' && Math.abs(entry.line - row.line) <= 1);
    if (!kind) {
      if (near && (row.class === 'NOT_SF' || row.class === 'GOOD_OAUTH')) fail(`${row.class} on line ${row.line} is taken for a login`);
      continue;
    }
    const mig = /\bmig:(yes|partial|no)\b/.exec(row.note ?? '')?.[1] ?? '-';
    const state = near?.state ?? 'missed';
    const bucket = `${kind} mig:${mig}`;
    (totals[bucket] ??= { sites: 0, migrated: 0, marked: 0, left: 0, missed: 0 }).sites++;
    totals[bucket][state]++;
    if (mig === 'no' && state === 'migrated') fail(`line ${row.line} belongs to somebody else and was rewritten`);
    if (near && !near.reason) fail(`line ${row.line} has no stated reason`);
    if (args.show) console.log(`${kind} mig:${mig} ${repo} ${path}:${row.line} -> ${state}${near ? ` (${near.reason})` : ''}`);
  }
}
rmSync(scratch, { recursive: true, force: true });

console.log('\nclass                     sites  migrated  marked  left  missed');
for (const [bucket, t] of Object.entries(totals).sort()) {
  console.log(`${bucket.padEnd(24)} ${String(t.sites).padStart(6)} ${String(t.migrated).padStart(9)} ${String(t.marked).padStart(7)} ${String(t.left).padStart(5)} ${String(t.missed).padStart(7)}`);
}
if (unread) console.log(`\nnot readable (repository not in the mirror?): ${unread} files`);
if (wrong.length) console.log(`\nwrong:\n${wrong.join('\n')}`);
console.log(`\n${files} files read, ${changed} changed, ${wrong.length} wrong, ${outside} lines changed outside the edits`);
process.exit(wrong.length ? 1 : 0);
