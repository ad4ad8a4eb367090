// Runs every rule over the JavaScript and TypeScript of node_modules, code that nobody wrote for us:
// none may crash, and none may take long. node scripts/sweep.mjs [FOLDER] [--most FILES] [--limit SECONDS]
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
/** A process that says nothing for so long hangs. */
const SILENCE = 60_000;
const FILES = ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'];

if (process.send) lintWhatComes();
else process.exitCode = await sweep();

/** Lints the files whose names come in. The tree is made first: what counts is the time of the rules. */
function lintWhatComes() {
  const { Linter } = require('eslint');
  const parser = require('@typescript-eslint/parser');
  const plugin = require('../dist/index.cjs');
  const linter = new Linter();
  const asModule = { languageOptions: { sourceType: 'module' } };
  const asScript = { languageOptions: { sourceType: 'commonjs' } };
  const asTypeScript = { languageOptions: { parser } };
  // Under `any` every rule that can be asked to look at foreign code does.
  const all = { plugins: { 'salesforce-auth': plugin }, rules: plugin.configs.all.rules, settings: { 'salesforce-auth': { scope: 'any' } } };

  process.on('message', (file) => {
    const isTypeScript = /^\.[cm]?tsx?$/.test(extname(file));
    const text = readFileSync(file, 'utf8');
    const options = { filename: `file${extname(file)}`, allowInlineConfig: false };
    const parsed = (isTypeScript ? [asTypeScript] : [asModule, asScript, asTypeScript]).find(
      (config) => !linter.verify(text, [{ files: FILES, ...config }], options).some((message) => message.fatal),
    );
    if (!parsed) return process.send({ file, state: 'unreadable' });
    const before = process.cpuUsage();
    let findings = 0;
    let error;
    try {
      findings = linter.verify(linter.getSourceCode(), [{ files: FILES, ...parsed, ...all }], options).filter(({ ruleId }) => ruleId).length;
    } catch (thrown) {
      error = thrown.message;
    }
    const { user, system } = process.cpuUsage(before);
    process.send({ file, state: error === undefined ? 'read' : 'crashed', error, findings, seconds: (user + system) / 1e6 });
  });
}

async function sweep() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { most: { type: 'string', default: '20000' }, limit: { type: 'string', default: '2' } } });
  const folder = positionals[0] ?? join(root, 'node_modules');
  const files = filesIn(folder).slice(0, Number(values.most));
  if (files.length === 0) {
    console.error(`sweep: no JavaScript or TypeScript in ${folder}`);
    return 2;
  }
  const results = [];
  const next = files[Symbol.iterator]();
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, () => work(next, results)));
  // Beside others a file takes longer than it needs: a slow one is run again, alone, and its best time counts.
  const slow = results.filter(({ state, seconds }) => state === 'read' && seconds > Number(values.limit));
  const again = [];
  await work(slow.flatMap(({ file }) => [file, file, file]), again);
  for (const one of slow) one.seconds = Math.min(one.seconds, ...again.flatMap(({ file, seconds }) => (file === one.file && seconds !== undefined ? [seconds] : [])));

  const bad = [];
  const name = (file) => relative(folder, file);
  for (const { file, state, error } of results) {
    if (state === 'crashed') bad.push(`${name(file)}: ${error}`);
    if (state === 'hung') bad.push(`${name(file)}: no answer within ${SILENCE / 1000} s`);
  }
  const read = results.filter(({ state }) => state === 'read');
  for (const { file, seconds } of read) if (seconds > Number(values.limit)) bad.push(`${name(file)}: ${seconds.toFixed(1)} s, more than ${values.limit} s`);
  for (const line of bad) console.error(line);
  const slowest = read.reduce((most, one) => (one.seconds > most.seconds ? one : most), { seconds: 0, file: '' });
  const findings = read.reduce((sum, one) => sum + one.findings, 0);
  const unreadable = results.filter(({ state }) => state === 'unreadable').length;
  console.log(`sweep: ${results.length} files, ${unreadable} that no parser reads, ${findings} findings, slowest ${slowest.seconds.toFixed(2)} s (${name(slowest.file)}), ${bad.length} problems`);
  return bad.length > 0 ? 1 : 0;
}

/** Every source file once: what is installed twice says nothing new. */
function filesIn(folder) {
  const found = [];
  const seen = new Set();
  const visit = (directory) => {
    for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) visit(path);
      if (!entry.isFile() || !/\.[cm]?[jt]sx?$/.test(entry.name) || /\.d\.[cm]?ts$/.test(entry.name)) continue;
      const hash = createHash('sha1').update(readFileSync(path)).digest('base64');
      if (!seen.has(hash)) found.push(path);
      seen.add(hash);
    }
  };
  visit(folder);
  return found;
}

async function work(files, results) {
  let child = fork(fileURLToPath(import.meta.url));
  for (const file of files) {
    const answer = await new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ file, state: 'hung' }), SILENCE);
      child.once('message', (message) => {
        clearTimeout(timer);
        resolve(message);
      });
      child.once('exit', () => {
        clearTimeout(timer);
        resolve({ file, state: 'crashed', error: 'the process ended' });
      });
      child.send(file);
    });
    results.push(answer);
    child.removeAllListeners('exit');
    if (answer.state === 'hung' || child.exitCode !== null) {
      child.kill('SIGKILL');
      child = fork(fileURLToPath(import.meta.url));
    }
  }
  child.disconnect();
}
