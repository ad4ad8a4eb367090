/** The command line as a function: arguments in, words out, exit code back. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../../package.json';
import { FLOWS, readFlow } from '../jscodeshift';
import { describeFailure, describeSystemError } from '../failure';
import { RUNTIME_VERBS, forward } from './forward';
import { UsageError } from './usage-error';
import { migrate, type MigrateOptions, type MigrateResult } from './migrate';
import { print, toJson } from './print';
import { TRANSFORMS } from './transforms';
import { writeAtomically } from './write';

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** What the command line takes from its process; a test hands in its own. */
export interface Surroundings {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  stdout: Output;
  stderr: Output;
  transforms?: MigrateOptions['transforms'];
}

const OPTIONS = {
  only: { type: 'string', multiple: true },
  dry: { type: 'boolean' },
  flow: { type: 'string' },
  report: { type: 'string' },
  force: { type: 'boolean' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const HELP = `Usage: salesforce-auth migrate [paths...] [options]
       salesforce-auth login | doctor [options]     (of salesforce-auth-client; their own --help says more)

migrate rewrites Salesforce logins that stop working to OAuth, and reports every place it found.
Paths are files, folders and quoted globs ('!' in front takes files out); the default is this folder.

  --only NAMES    transforms to run, separated by commas: ${Object.keys(TRANSFORMS).join(', ')}
  --flow FLOW     grant that replaces the login: ${FLOWS.join(' or ')} (default ${FLOWS[0]})
  --dry           write no code, only say what would change
  --check         exit with 1 when a finding is left for a person
  --report FILE   write the findings as JSON
  --force         go ahead in a git work tree with uncommitted changes
  -h, --help      show this
  -v, --version   show the version

Exit codes of migrate: 0 done; 1 findings left (with --check); 2 a file could not be read, rewritten or written; 3 nothing started, the command line or the work tree needs a change.
`;

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

function toOptions(values: Values, paths: readonly string[], { cwd, transforms }: Surroundings): MigrateOptions {
  let flow;
  try {
    flow = readFlow(values.flow);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  return {
    cwd,
    paths,
    ...flow,
    ...(values.only && { only: values.only.flatMap((names) => names.split(',')).filter(Boolean) }),
    ...(values.dry && { dry: true }),
    ...(values.force && { force: true }),
    ...(values.report !== undefined && { mayBeUncommitted: [values.report] }),
    ...(transforms && { transforms }),
  };
}

// Found out before anything is rewritten: a run whose report is lost cannot be repeated.
function checkReport(cwd: string, report: string): void {
  const kind = (path: string) => statSync(path, { throwIfNoEntry: false });
  const path = resolve(cwd, report);
  if (report === '' || kind(path)?.isDirectory()) throw new UsageError(`--report needs a file: ${report || 'the name is empty'}`);
  if (!kind(dirname(path))?.isDirectory()) throw new UsageError(`--report: no such folder: ${dirname(report)}`);
}

function exitCode({ totals, errors }: MigrateResult, { check, dry }: Values): number {
  if (errors.length > 0) return 2;
  // After a dry run, what would be migrated still stands in the code.
  const open = totals.marked + totals.left + (dry ? totals.migrated : 0);
  return check && open > 0 ? 1 : 0;
}

async function runMigrate(values: Values, paths: readonly string[], surroundings: Surroundings): Promise<number> {
  const { cwd, env, stdout } = surroundings;
  const options = toOptions(values, paths, surroundings);
  if (values.report !== undefined) checkReport(cwd, values.report);
  const result = await migrate(options);
  const { dry = false, force = false, check = false, only = Object.keys(surroundings.transforms ?? TRANSFORMS) } = { ...values, ...options };
  const flow = options.flow ?? FLOWS[0];
  const colour = Boolean(stdout.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
  stdout.write(print(result, { dry, flow, colour }));
  if (values.report !== undefined) {
    const report = toJson(result, version, { paths, only, flow, dry, force, check });
    try {
      await writeAtomically(resolve(cwd, values.report), report);
    } catch (error) {
      surroundings.stderr.write(`salesforce-auth: ${values.report} ${describeSystemError('write', error).message}\n`);
      return 2;
    }
  }
  return exitCode(result, values);
}

async function dispatch(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  if (RUNTIME_VERBS.includes(argv[0] ?? '')) return forward(argv, surroundings);
  const { values, positionals } = parse(argv);
  const [command, ...paths] = positionals;
  if (values.help) surroundings.stdout.write(HELP);
  else if (values.version) surroundings.stdout.write(`${version}\n`);
  else if (command === 'migrate') return runMigrate(values, paths, surroundings);
  else throw new UsageError(`${command === undefined ? 'a command is missing' : `unknown command '${command}'`}${SEE_HELP}`);
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
