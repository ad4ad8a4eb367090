/** The command line as a function: arguments in, words out, exit code back. */
import { parseArgs } from 'node:util';
import { version } from '../../package.json';
import { describeFailure } from '../failure';
import { FLOWS, readOptions } from '../jscodeshift';
import type { TransformOptions } from '../report';
import { RUNTIME_VERBS, forward } from './forward';
import { HELP } from './help';
import { execute } from './install';
import { migrate, type MigrateOptions, type RunOptions } from './migrate';
import { print } from './print';
import { progressOn } from './progress';
import type { Command } from './project';
import { reportOf, type Asked } from './report/model';
import { checkReports, writeReports } from './report/write';
import type { RunResult } from './result';
import { TRANSFORMS } from './transforms';
import { UsageError } from './usage-error';

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** What the command line takes from its process; a test hands in its own. */
export interface Surroundings {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  stdout: Output;
  stderr: Output;
  transforms?: MigrateOptions['transforms'];
  /** The script that worker threads run. */
  worker?: string;
  /** Ctrl-C. */
  signal?: AbortSignal;
  /** Puts a question to a person; absent where nobody is there to answer. */
  ask?: (question: string) => Promise<boolean>;
}

const OPTIONS = {
  only: { type: 'string', multiple: true },
  dry: { type: 'boolean' },
  flow: { type: 'string' },
  'auth-module': { type: 'string' },
  'auth-export': { type: 'string' },
  report: { type: 'string', multiple: true },
  install: { type: 'boolean' },
  yes: { type: 'boolean' },
  force: { type: 'boolean' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const SEE_HELP = ' (see salesforce-auth --help)';

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's message names the option and goes on with advice that does not apply.
    throw new UsageError(`${(error as Error).message.split(/\. |\n/)[0]}${SEE_HELP}`);
  }
}

type Values = ReturnType<typeof parse>['values'];

interface Verb {
  /** Options that it takes; by default all. */
  options?: readonly (keyof Values)[];
  run(values: Values, paths: readonly string[], surroundings: Surroundings): Promise<number>;
}

const COMMANDS: Readonly<Record<string, Verb>> = {
  migrate: { run: runMigrate },
  check: { options: ['report'], run: runCheck },
};

function transformOptions(values: Values): TransformOptions {
  try {
    return readOptions(values);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function runMigrate(values: Values, paths: readonly string[], surroundings: Surroundings): Promise<number> {
  const { cwd, transforms, stderr } = surroundings;
  const { report: reports = [], dry = false, force = false, check = false } = values;
  const options = transformOptions(values);
  const only = values.only?.flatMap((names) => names.split(',')).filter(Boolean);
  if (values.install && dry) throw new UsageError('--install changes the project, --dry changes nothing: give one of the two');
  checkReports(cwd, reports);
  const result = await inView(surroundings, (view) => migrate({ ...view, paths, ...options, dry, force, mayBeUncommitted: reports, ...(only && { only }), ...(transforms && { transforms }) }));

  const asked = { paths, only: only ?? Object.keys(transforms ?? TRANSFORMS), flow: FLOWS[0], ...options, dry, force, check };
  const ended = await tell(result, { command: 'migrate', options: asked }, reports, surroundings);
  const installed = !values.install || ended === 130 || (await install(result.commands, values, surroundings));
  if (!installed) stderr.write('salesforce-auth: a command of the package manager failed\n');
  if (ended !== 0 || !installed) return ended || 2;
  if (check && result.files === 0) throw noFiles();
  // After a dry run, what would be migrated still stands in the code.
  const open = result.totals.marked + result.totals.left + (dry ? result.totals.migrated : 0);
  return check && open > 0 ? 1 : 0;
}

async function runCheck({ report: reports = [] }: Values, paths: readonly string[], surroundings: Surroundings): Promise<number> {
  checkReports(surroundings.cwd, reports);
  const { check } = await import('./check');
  const result = await inView(surroundings, (view) => check({ ...view, paths }));
  const ended = await tell(result, { command: 'check', options: { paths } }, reports, surroundings);
  if (ended === 0 && result.files === 0) throw noFiles();
  return ended || (result.totals.findings > 0 ? 1 : 0);
}

/** A check over nothing would pass for ever. */
function noFiles(): UsageError {
  return new UsageError('there is no file to check');
}

/** Runs with progress shown. */
async function inView<Result>({ cwd, env, stderr, worker, signal }: Surroundings, run: (view: RunOptions) => Promise<Result>): Promise<Result> {
  const progress = progressOn(stderr, env);
  try {
    return await run({ cwd, worker, signal, onProgress: progress.update });
  } finally {
    progress.clear();
  }
}

/** Prints and writes what a run came to. The exit code, as far as it does not depend on the findings. */
async function tell(result: RunResult, asked: Pick<Asked, 'command' | 'options'>, reports: readonly string[], { cwd, env, stdout, stderr }: Surroundings): Promise<number> {
  const colour = Boolean(stdout.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
  stdout.write(print(result, { ...asked.options, colour }));
  const failed = await writeReports(cwd, reports, reportOf(result, { ...asked, version, today: new Date() }));
  for (const line of failed) stderr.write(`salesforce-auth: ${line}\n`);
  if (result.notRead !== undefined) return 130;
  return result.errors.length > 0 || failed.length > 0 ? 2 : 0;
}

/** Without a person to ask, `--install` alone stays a proposal. */
async function install(commands: readonly Command[], { yes = false }: Values, { stdout, ask }: Surroundings): Promise<boolean> {
  if (commands.length === 0) return true;
  if (!yes && !ask) {
    stdout.write('\nNothing was installed: --install without a terminal needs --yes.\n');
    return true;
  }
  if (!yes && !(await ask!('\nRun the commands that change the dependencies? [y/N] '))) return true;
  for (const command of commands) {
    stdout.write(`\n> ${command.shown}\n`);
    if (!(await execute(command))) return false;
  }
  return true;
}

async function dispatch(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  if (RUNTIME_VERBS.includes(argv[0] ?? '')) return forward(argv, surroundings);
  const { values, positionals } = parse(argv);
  const [name, ...paths] = positionals;
  if (values.help) surroundings.stdout.write(HELP);
  else if (values.version) surroundings.stdout.write(`${version}\n`);
  else {
    const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name]! : undefined;
    if (!command) throw new UsageError(`${name === undefined ? 'a command is missing' : `unknown command '${name}'`}${SEE_HELP}`);
    const unknown = Object.keys(values).find((option) => command.options?.includes(option as keyof Values) === false);
    if (unknown !== undefined) throw new UsageError(`${name} takes no --${unknown}${SEE_HELP}`);
    return command.run(values, paths, surroundings);
  }
  return 0;
}

/** Runs the command line and returns its exit code; never throws. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(argv, surroundings);
  } catch (error) {
    const isUsage = error instanceof UsageError;
    surroundings.stderr.write(`salesforce-auth: ${isUsage ? error.message : describeFailure('the run', error).message}\n`);
    return isUsage ? 3 : 2;
  }
}
