/** The words of a run: what a person reads on the terminal, and the report file that programs read. */
import { STATES, type ReportEntry, type State, type TransformOptions } from '../report';
import type { FileError, MigrateResult } from './migrate';

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

// A file name may hold control characters, and a terminal would obey them.
const clean = (text: string) => text.replaceAll(/[\u0000-\u001F\u007F]/g, '?');

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

function entryLines({ path, line, column, state, what, reason, next }: ReportEntry, isPlan: boolean, paint: Paint): string[] {
  const shown = isPlan && (state === 'migrated' || state === 'marked') ? `to be ${state}` : state;
  const lines = [`${clean(path)}:${line}:${column}  ${paint(shown, COLOURS[state])}  ${what} — ${reason}`];
  if (next) lines.push(`    next: ${next}`);
  return lines;
}

function errorLines({ path, line, message, attempts = [] }: FileError, paint: Paint): string[] {
  return [`${clean(path)}${line ? `:${line}` : ''}  ${paint('error', 'red')}  ${message}`, ...attempts.map((attempt) => `    ${attempt}`)];
}

/** The outcome in one sentence. A program compares `outcome`; this is for people. */
export function summarise({ outcome, totals, files, errors }: MigrateResult, dry = false): string {
  const open = totals.findings - totals['already-safe'];
  const failed = errors.length > 0 ? ` ${count(errors.length, 'file')} failed, see above.` : '';
  switch (outcome) {
    case 'nothing to migrate':
      return files === 0 ? 'No JavaScript or TypeScript files found.' : `Nothing to migrate: no finding in ${count(files, 'file')}.`;
    case 'already migrated':
      return `Already migrated: ${count(totals.findings, 'finding is', 'findings are all')} safe, in ${count(files, 'file')} read.`;
    case 'migrated':
      return `${dry ? 'Would migrate' : 'Migrated'} ${totals.migrated} of ${open}.${failed}`;
    case 'could not migrate':
      return `${open > 0 ? `Could not migrate any of ${open}.` : 'Could not finish.'}${failed}`;
  }
}

function stateCounts(totals: MigrateResult['totals']): string {
  return STATES.map((state: State) => `${totals[state]} ${state.replace('-', ' ')}`).join(', ');
}

function inTheOrg(flow: TransformOptions['flow']): string[] {
  const create = 'Create an External Client App (Setup, External Client App Manager) with OAuth enabled and the scope "Manage user data via APIs (api)".';
  if (flow === 'client-credentials') {
    return [create, 'Enable the client credentials flow in the app and choose the run-as user: every call will run as that user.'];
  }
  return [
    create,
    'Enable the JWT bearer flow in the app and upload the certificate (RSA, 2048 bits or more) that belongs to the program\'s private key.',
    'Pre-authorise the user: set the app\'s policy to "Admin approved users are pre-authorized" and assign a permission set or profile that the user has.',
  ];
}

function nextSteps(result: MigrateResult, flow: TransformOptions['flow'], isPlan: boolean, paint: Paint): string[] {
  const block = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', paint(title, 'bold'), ...lines.map((line) => `  ${clean(line)}`)] : []);
  return [
    ...block('Add the dependency:', result.install),
    ...block('Set these environment variables:', result.env),
    ...block(`Their names ${isPlan ? 'would be' : 'are'} listed in:`, result.envExamples),
    // Only what logs in needs an app.
    ...block('In the Salesforce org:', result.env.includes('SALESFORCE_CLIENT_ID') ? inTheOrg(flow) : []),
    ...block('Format what changed:', result.format),
  ];
}

function leftOutLines({ leftOut }: MigrateResult, paint: Paint): string[] {
  const lines = leftOut.slice(0, MAX_LEFT_OUT).map(({ path, reason }) => paint(`left out: ${clean(path)} (${reason})`, 'dim'));
  if (leftOut.length > MAX_LEFT_OUT) lines.push(paint(`left out: ${leftOut.length - MAX_LEFT_OUT} more, all listed in the file that --report writes`, 'dim'));
  return lines;
}

/** The whole output of a run, ending with a line break. */
export function print(result: MigrateResult, { dry = false, flow, colour = false }: PrintOptions = {}): string {
  const paint = colour ? coloured : plain;
  const planned = new Set(dry ? result.changed : []);
  const findings = [...result.entries.flatMap((entry) => entryLines(entry, planned.has(entry.path), paint)), ...result.errors.flatMap((error) => errorLines(error, paint))];
  const summary = [paint(summarise(result, dry), 'bold')];
  if (result.totals.findings > 0) summary.push(`${count(result.totals.findings, 'finding')} in ${count(result.files, 'file')} read: ${stateCounts(result.totals)}`);
  if (dry && result.changed.length > 0) summary.push(`Nothing was written (--dry); ${count(result.changed.length, 'file')} would change.`);
  const lines = [...findings, ...leftOutLines(result, paint), ...summary, ...nextSteps(result, flow, dry, paint)];
  return `${lines.join('\n')}\n`;
}

/** The report file: the result as it is, with how it was asked for. Holds no time, so equal runs give equal files. */
export function toJson(result: MigrateResult, version: string, options: Readonly<Record<string, unknown>>): string {
  const { outcome, totals, ...rest } = result;
  return `${JSON.stringify({ version, options, outcome, totals, ...rest }, null, 2)}\n`;
}
