/** The words of a run: what a person reads on the terminal. */
import { STATES, type State, type TransformOptions } from '../report';
import { clean, count } from './clean';
import type { Finding } from './file-result';
import type { FileError, RunResult } from './result';
import { nextSteps } from './steps';

type Paint = (text: string, colour: 'green' | 'yellow' | 'cyan' | 'red' | 'dim' | 'bold') => string;

const CODES = { green: 32, yellow: 33, cyan: 36, red: 31, dim: 2, bold: 1 } as const;
const COLOURS = { migrated: 'green', marked: 'yellow', left: 'cyan', 'already-safe': 'dim' } as const;
const MAX_LEFT_OUT = 10;

const plain: Paint = (text) => text;
const coloured: Paint = (text, colour) => `\u001B[${CODES[colour]}m${text}\u001B[0m`;

/** How a run was asked for, as far as its words depend on it. */
export interface PrintOptions extends TransformOptions {
  dry?: boolean;
  /** Colour codes, for a terminal. */
  colour?: boolean;
}

const isCheck = ({ outcome }: RunResult) => outcome === 'findings' || outcome === 'no finding' || outcome === 'could not check';

function entryLines({ path, line, column, state, what, reason, next }: Finding, isPlan: boolean, paint: Paint): string[] {
  const shown = isPlan && (state === 'migrated' || state === 'marked') ? `to be ${state}` : state;
  const lines = [`${clean(path)}:${line}:${column}  ${paint(shown, COLOURS[state])}  ${what} — ${reason}`];
  if (next) lines.push(`    next: ${next}`);
  return lines;
}

function checkLine({ path, line, column, rule, what }: Finding, paint: Paint): string {
  return `${clean(path)}:${line}:${column}  ${paint(rule, 'yellow')}  ${what}`;
}

function errorLines({ path, line, message, attempts = [] }: FileError, paint: Paint): string[] {
  return [`${clean(path)}${line ? `:${line}` : ''}  ${paint('error', 'red')}  ${message}`, ...attempts.map((attempt) => `    ${attempt}`)];
}

/** The outcome in one sentence. A program compares `outcome`; this is for people. */
export function summarise({ outcome, totals, files, entries, errors }: RunResult, dry = false, where = ''): string {
  const open = totals.findings - totals['already-safe'];
  const failed = errors.length > 0 ? ` ${count(errors.length, 'file')} failed${where}.` : '';
  const none = 'No JavaScript or TypeScript files found.';
  switch (outcome) {
    case 'nothing to migrate':
      return files === 0 ? none : `Nothing to migrate: no finding in ${count(files, 'file')}.`;
    case 'already migrated':
      return `Already migrated: ${count(totals.findings, 'finding is', 'findings are all')} safe, in ${count(files, 'file')} read.`;
    case 'migrated':
      return `${dry ? 'Would migrate' : 'Migrated'} ${totals.migrated} of ${open}.${failed}`;
    case 'could not migrate':
      return `${open > 0 ? `Could not migrate any of ${open}.` : 'Could not finish.'}${failed}`;
    case 'no finding':
      return files === 0 ? none : `No finding in ${count(files, 'file')}.`;
    case 'findings':
      return `${count(totals.findings, 'finding')} in ${count(new Set(entries.map(({ path }) => path)).size, 'file')}, of ${files} read.${failed}`;
    case 'could not check':
      return `No finding, but could not finish.${failed}`;
  }
}

function stateCounts(totals: RunResult['totals']): string {
  return STATES.map((state: State) => `${totals[state]} ${state.replace('-', ' ')}`).join(', ');
}

function leftOutLines({ leftOut }: RunResult, paint: Paint): string[] {
  const lines = leftOut.slice(0, MAX_LEFT_OUT).map(({ path, reason }) => paint(`left out: ${clean(path)} (${reason})`, 'dim'));
  if (leftOut.length > MAX_LEFT_OUT) lines.push(paint(`left out: ${leftOut.length - MAX_LEFT_OUT} more, all listed in the file that --report writes`, 'dim'));
  return lines;
}

function summaryLines(result: RunResult, dry: boolean, paint: Paint): string[] {
  const { totals, files, changed, entries, notRead } = result;
  const lines = [paint(summarise(result, dry, ', see above'), 'bold')];
  if (!isCheck(result) && totals.findings > 0) lines.push(`${count(totals.findings, 'finding')} in ${count(files, 'file')} read: ${stateCounts(totals)}`);
  if (dry && changed.length > 0) lines.push(`Nothing was written (--dry); ${count(changed.length, 'file')} would change.`);
  if (isCheck(result) && entries.some(({ next }) => next?.includes('salesforce-auth migrate'))) lines.push('Next: salesforce-auth migrate --dry shows what it would rewrite.');
  if (notRead !== undefined) {
    const again = changed.length > 0 && !dry ? ` ${count(changed.length, 'file')} changed, each as a whole; commit or undo them before the next run.` : '';
    lines.push(paint(`Stopped: ${count(notRead, 'file')} not read.${again}`, 'red'));
  }
  return lines;
}

/** The whole output of a run, ending with a line break. */
export function print(result: RunResult, { dry = false, colour = false, ...options }: PrintOptions = {}): string {
  const paint = colour ? coloured : plain;
  const planned = new Set(dry ? result.changed : []);
  const lines = [
    ...result.entries.flatMap((entry) => (isCheck(result) ? [checkLine(entry, paint)] : entryLines(entry, planned.has(entry.path), paint))),
    ...result.errors.flatMap((error) => errorLines(error, paint)),
    ...leftOutLines(result, paint),
    ...summaryLines(result, dry, paint),
    ...nextSteps(result, { ...options, dry }).flatMap((step) => ['', paint(step.title, 'bold'), ...step.lines.map((line) => `  ${clean(line)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}
