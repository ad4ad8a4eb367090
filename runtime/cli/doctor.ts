import { resolve } from 'node:path';
import { ServerClock } from '../clock';
import type { Environment } from '../environment';
import { envNames, optionsFromEnv } from '../env';
import { Grant } from '../grants';
import { checkOptions } from '../options';
import { Redactor } from '../redact';
import { checksOf, type Check, type Mark } from './checks';
import { readEvents } from './event-log';
import { probe } from './probe';
import { factsOf, findRecord } from './store-facts';
import { CommandFailed, printable, type Surroundings } from './surroundings';

/** Options of the command line. */
export interface DoctorOptions {
  /** Instead of SALESFORCE_TOKEN_FOLDER. */
  readonly store?: string;
  /** A log of events, one JSON object per line. */
  readonly events?: string;
  readonly json: boolean;
}

/**
 * Looks at an identity as its program would, from the store, a log of its events and one request; and says what only the org knows.
 * Reads, and does nothing else: it takes no lock, and sends no credential but the access token.
 * @returns 0 when nothing is wrong, 1 when a check found a problem
 */
export async function doctor(options: DoctorOptions, surroundings: Surroundings): Promise<number> {
  const { cwd, stdout, stop } = surroundings;
  const folder = options.store ?? surroundings.env.SALESFORCE_TOKEN_FOLDER;
  const env: Environment = { ...surroundings.env, SALESFORCE_TOKEN_FOLDER: folder && resolve(cwd, folder) };
  const given = optionsFromEnv({}, env);
  const settings = checkOptions(given, envNames(given.flow, env));

  const redactor = new Redactor();
  const keys = env.SALESFORCE_TOKEN_KEY?.split(',') ?? [];
  for (const secret of [env.SALESFORCE_CLIENT_SECRET, env.SALESFORCE_REFRESH_TOKEN, ...keys]) if (secret) redactor.addCredential(secret.trim());
  const clock = new ServerClock(Date);
  const grant = new Grant(settings, { fetch, clock, redactor });
  const { identity, identityFingerprint } = grant;

  const found = given.store && env.SALESFORCE_TOKEN_FOLDER ? await findRecord(given.store, env.SALESFORCE_TOKEN_FOLDER, identity) : undefined;
  const record = found?.record;
  for (const token of [record?.accessToken, record?.refreshToken]) if (token) redactor.addToken(token);
  const events = options.events === undefined ? undefined : await readEvents(resolve(cwd, options.events), identityFingerprint);
  const answer = await probe(record, identity.issuer, { clock, redactor, ...(stop && { stop }) });

  if (stop?.aborted) throw new CommandFailed('stopped', 130);
  // Only now is Salesforce's clock known, which the record's times are in.
  const now = clock.server();
  const facts = record && factsOf(record, now);
  const checks = checksOf({
    flow: given.flow,
    ...(given.username && { username: given.username }),
    hasRefreshToken: given.refreshToken !== undefined,
    probe: answer,
    ...(found && { found }),
    ...(facts && { facts }),
    ...(record?.dead && { refusal: { text: grant.refusalError(record.dead).message, isOfThisCredential: grant.isRefused(record.dead) } }),
    ...(events && { events }),
    now,
  });

  const about = { flow: given.flow, loginUrl: identity.issuer, username: given.username ?? null, fingerprint: identityFingerprint };
  const text = options.json
    ? `${JSON.stringify(
        {
          checkedAt: new Date(now).toISOString(),
          identity: about,
          checks,
          store: found ? { file: found.file, changedAt: found.changedAt ?? null, lock: found.lock, record: facts ?? null } : null,
          probe: answer,
          events: events ?? null,
        },
        null,
        2,
      )}\n`
    : report(about, checks, events && options.events ? `${options.events}: ${events.events} events of this identity (${identityFingerprint}), ${events.others} of others` : undefined);
  // Nothing above puts a secret in; a description by Salesforce, or a log, might.
  stdout.write(redactor.scrub(text));
  return checks.some(({ mark }) => mark === 'problem') ? 1 : 0;
}

const MARKS: Record<Mark, string> = { ok: 'ok', look: 'look', problem: 'PROBLEM', org: 'org only' };

function report(
  about: { flow: string; loginUrl: string; username: string | null },
  checks: readonly Check[],
  log: string | undefined,
): string {
  const lines = [`${about.flow}${about.username ? ` of ${about.username}` : ''} at ${about.loginUrl}`, ...(log ? [log] : []), ''];
  for (const { name, mark, says, where } of checks) {
    lines.push(`${MARKS[mark].padEnd(9)} ${name.padEnd(11)} ${says}`);
    if (mark !== 'ok') for (const { setup, url } of where) lines.push(`${' '.repeat(22)}Setup > ${setup}`, `${' '.repeat(22)}  ${url}`);
  }
  const count = (mark: Mark) => checks.filter((check) => check.mark === mark).length;
  lines.push('', `${count('problem')} problem${count('problem') === 1 ? '' : 's'}, ${count('look')} to look at, ${count('org')} that only the org can tell.`);
  return `${lines.map(printable).join('\n')}\n`;
}
