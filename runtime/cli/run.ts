/** The command line as a function: arguments in, words out, exit code back. */
import { parseArgs } from 'node:util';
import { version } from '../package.json';
import { SalesforceAuthConfigError, SalesforceAuthError } from '../errors';
import { DEFAULT_PORT } from './callback';
import { doctor } from './doctor';
import { DEFAULT_SCOPE, login, storeFolder } from './login';
import { CommandFailed, UsageError, printable, type Surroundings } from './surroundings';

const PROGRAM = 'salesforce-auth-client';

const OPTIONS = {
  store: { type: 'string' },
  port: { type: 'string' },
  scope: { type: 'string' },
  'no-open': { type: 'boolean' },
  events: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const ONLY: Readonly<Record<string, readonly (keyof Values)[]>> = {
  login: ['store', 'port', 'scope', 'no-open'],
  doctor: ['store', 'events', 'json'],
};

const HELP = `Usage: ${PROGRAM} login [options]
       ${PROGRAM} doctor [options]

  --store FOLDER   folder of the tokens (default: SALESFORCE_TOKEN_FOLDER)
  -h, --help       show this
  -v, --version    show the version

login: log in through the browser, and keep the tokens for programs that run on their own.

  --port PORT      port that the browser comes back to (default ${DEFAULT_PORT})
  --scope SCOPE    scopes to ask for (default: ${DEFAULT_SCOPE})
  --no-open        only print the URL

doctor: say why calls fail, as far as it can be seen from here. Reads only: it refreshes nothing and takes no lock.

  --events FILE    log of the program's events, one JSON object per line
  --json           for programs

Both read the SALESFORCE_ variables that the programs read.

Exit codes: 0 done, nothing is wrong; 1 not logged in, or a check found a problem; 2 the command line or the environment needs a
change; 130 the login was stopped with Ctrl-C.
`;

type Values = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's message names the option and goes on with advice that does not apply.
    throw new UsageError(`${(error as Error).message.split(/\. |\n/)[0]} (see ${PROGRAM} --help)`);
  }
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? DEFAULT_PORT);
  if (text === '' || !Number.isInteger(port) || port < 1 || port > 65535) throw new UsageError('--port must be a number from 1 to 65535');
  return port;
}

async function dispatch(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { values, positionals } = parse(argv);
  const { env, stdout } = surroundings;
  const [command, ...rest] = positionals;
  if (values.help || values.version) {
    stdout.write(values.help ? HELP : `${version}\n`);
    return 0;
  }
  const allowed = command === undefined ? undefined : ONLY[command];
  if (!allowed) throw new UsageError(`${command === undefined ? 'a command is missing' : `unknown command '${command}'`} (see ${PROGRAM} --help)`);
  if (rest.length > 0) throw new UsageError(`${command} takes options only, not '${rest[0]}' (see ${PROGRAM} --help)`);
  for (const name of Object.keys(values) as (keyof Values)[]) {
    if (!allowed.includes(name)) throw new UsageError(`${command} has no option --${name} (see ${PROGRAM} --help)`);
  }
  if (command === 'doctor') {
    const { store, events, json = false } = values;
    return doctor({ ...(store !== undefined && { store }), ...(events !== undefined && { events }), json }, surroundings);
  }
  await login(
    { port: portOf(values.port), scope: values.scope ?? DEFAULT_SCOPE, open: !values['no-open'], store: storeFolder(values.store, env) },
    surroundings,
  );
  return 0;
}

/** Runs the command line and returns its exit code; never throws. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(argv, surroundings);
  } catch (error) {
    const isOurs = error instanceof UsageError || error instanceof CommandFailed || error instanceof SalesforceAuthError;
    // What we did not write may hold anything.
    surroundings.stderr.write(`${PROGRAM}: ${isOurs ? printable(error.message) : `failed unexpectedly (${(error as Error)?.name})`}\n`);
    if (error instanceof CommandFailed) return error.exitCode;
    if (error instanceof UsageError || error instanceof SalesforceAuthConfigError) return 2;
    const { code } = error as Partial<SalesforceAuthError>;
    return code === 'STORE_UNREADABLE' || code === 'STORE_UNAVAILABLE' ? 2 : 1;
  }
}
