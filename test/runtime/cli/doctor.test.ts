import { createServer } from 'node:http';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pino from 'pino';
import { createSalesforceAuth, fileStore, salesforceAuthFromEnv, type Identity, type TokenRecord } from 'salesforce-auth-client';
import type { FakeOrg } from 'salesforce-auth-client/testing';
import { describe, expect, it } from 'vitest';
import { run } from '../../../runtime/cli/run';
import { logIn, scene, secretsIn, start } from './support';

type Env = Readonly<Record<string, string>>;
type Mark = 'ok' | 'look' | 'problem' | 'org';

interface Report {
  checkedAt: string;
  identity: Record<string, unknown>;
  checks: { name: string; mark: Mark; says: string; where: { setup: string; url: string }[] }[];
  store: { record: Record<string, unknown> | null; lock: Record<string, unknown> } | null;
  probe: Record<string, unknown>;
  events: Record<string, unknown> | null;
}

/** The doctor in this process: what it found, by check. */
async function examine(env: Env, ...args: string[]) {
  let stdout = '';
  let stderr = '';
  const surroundings = { cwd: '/', env, stdout: { write: (text: string) => (stdout += text) }, stderr: { write: (text: string) => (stderr += text) } };
  const code = await run(['doctor', '--json', ...args], surroundings);
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as Report;
  const marks = Object.fromEntries(report.checks.map(({ name, mark }) => [name, mark]));
  const says = (name: string) => report.checks.find((check) => check.name === name)?.says;
  expect(code).toBe(report.checks.some(({ mark }) => mark === 'problem') ? 1 : 0);
  return { code, report, marks, says, stdout };
}

/** A scene in which somebody has logged in, and the environment of the program. */
async function loggedIn(options: Parameters<typeof scene>[0] = {}) {
  const made = await scene(options);
  const { org, port, env } = made;
  const program: Env = { ...env, SALESFORCE_FLOW: 'refresh-token', SALESFORCE_USERNAME: org.credentials.username };
  expect((await logIn(port, program)).code).toBe(0);
  org.resetCounts();
  return { ...made, program };
}

const identityOf = (env: Env): Identity => ({
  issuer: env.SALESFORCE_LOGIN_URL ?? '', clientId: env.SALESFORCE_CLIENT_ID ?? '', flow: 'refresh-token', subject: env.SALESFORCE_USERNAME ?? '',
});
const storeOf = (env: Env) => fileStore({ folder: env.SALESFORCE_TOKEN_FOLDER ?? '' }, env);

/** Changes the stored record as a program would have left it. */
async function change(env: Env, how: (record: TokenRecord) => Partial<TokenRecord>): Promise<void> {
  const store = storeOf(env);
  const record = (await store.read(identityOf(env)))!;
  const next = { ...record, tokenGeneration: record.generation, ...how(record), generation: record.generation + 1 };
  expect(await store.swap(identityOf(env), record.generation, next)).toBe(true);
}

const kill = async (program: Env, org: FakeOrg) => {
  org.revokeRefreshTokens();
  org.expireSessions();
  const auth = salesforceAuthFromEnv({}, program);
  await expect(auth.fetch('/services/data/v60.0/limits')).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
  auth.close();
  org.resetCounts();
};

describe('doctor', () => {
  it('finds nothing wrong after a login, asks once, changes nothing and shows no secret', async () => {
    const { org, folder, program } = await loggedIn();
    const [file = ''] = readdirSync(folder);
    const before = [readFileSync(join(folder, file)), statSync(join(folder, file)).mtimeMs];
    const { code, stdout, stderr } = await start(['doctor'], program).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const check of ['connection', 'clock', 'session', 'user', 'grant', 'address', 'store', 'lock', 'limits']) {
      expect(stdout).toMatch(new RegExp(`^ok {8}${check} `, 'm'));
    }
    expect(stdout).toContain(`refresh-token of ${org.credentials.username} at ${org.url}`);
    expect(stdout).toMatch(/generation 1; token got \d+ s ago; record changed \d+ s ago; expiry not known/);
    expect(stdout).toMatch(/1 token request in the last hour; Salesforce stops at 3,600/);
    expect(stdout).toContain('0 problems, 0 to look at, 0 that only the org can tell.');
    expect({ ...org.counts, issued: 0 }).toMatchObject({ userinfo: 1, token: 0, authorize: 0, data: 0, other: 0 });
    expect([readFileSync(join(folder, file)), statSync(join(folder, file)).mtimeMs]).toEqual(before);
    expect(readdirSync(folder)).toEqual([file]);

    const record = await storeOf(program).read(identityOf(program));
    const json = await start(['doctor', '--json'], program).ended;
    expect(json.code).toBe(0);
    const report = JSON.parse(json.stdout) as Report;
    expect(report.store?.record).toMatchObject({ generation: 1, hasAccessToken: true, hasRefreshToken: true, requestsLastHour: 1, refreshesLastMinute: 0 });
    expect(report.probe).toMatchObject({ with: 'token', answer: 'accepted', status: 200, skewMs: 0, username: org.credentials.username });
    expect(secretsIn(stdout + json.stdout, org, { accessToken: record?.accessToken, stored: record?.refreshToken, key: program.SALESFORCE_TOKEN_KEY })).toEqual([]);
  });

  it('takes an expired session for what it is: the next call renews it', async () => {
    const { org, program } = await loggedIn();
    org.expireSessions();
    expect((await examine(program)).says('session')).toMatch(/not accepted any more: it is too young to have idled away, so that something ended it/);
    await change(program, ({ obtainedAt }) => ({ obtainedAt: obtainedAt - 10_800_000 }));
    const { code, marks, says, report } = await examine(program);
    expect(code).toBe(0);
    expect(marks).toMatchObject({ session: 'look', user: 'org', grant: 'org', address: 'org' });
    expect(says('session')).toMatch(/^the access token of 3 h ago is not accepted any more: it idled for too long.*the next call renews it/);
    expect(report.checks.filter(({ mark }) => mark === 'org').flatMap(({ where }) => where.map(({ setup }) => setup.split(/[:, ]/)[0]))).toEqual(
      expect.arrayContaining(['Users', 'Login', 'Connected', 'Network', 'Session']),
    );
    for (const { url } of report.checks.flatMap(({ where }) => where)) expect(url).toMatch(/^https:\/\/(help|developer)\.salesforce\.com\//);
    expect(org.counts.token).toBe(0);
  });

  it('names a refused grant with the advice of the error, and its age', async () => {
    const { org, program } = await loggedIn();
    await kill(program, org);
    const { code, stdout } = await start(['doctor'], program).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^PROBLEM {3}grant +refused \d+ s ago, and not asked for since: .*expired access\/refresh token.*authorise the app again/m);
    expect(stdout).toMatch(/^org only {2}session +the store holds no access token/m);
    expect(stdout).toContain('Connected Apps OAuth Usage');
    expect(stdout).toContain('1 problem, 0 to look at, 3 that only the org can tell.');
    expect(org.counts.token).toBe(0);
    // With another credential in the environment, the refusal is the old one's.
    const { marks } = await examine({ ...program, SALESFORCE_REFRESH_TOKEN: org.issueRefreshToken() });
    expect(marks.grant).toBe('look');
  });

  it.each([
    ['a permission or an address', { status: 403, body: 'Restricted IP' }, { user: 'problem', address: 'problem', session: 'ok' }, /403, Restricted IP.*cannot be told apart/],
    ['an outage', { status: 503, body: '' }, { connection: 'look', user: 'org', grant: 'org', session: 'org' }, undefined],
    ['an inactive user', { status: 200, body: { active: false } }, { user: 'problem', session: 'ok' }, /is not active/],
    ['somebody else', { status: 200, body: { preferred_username: 'other@user.example' } }, { user: 'problem', session: 'ok' }, /belongs to other@user\.example/],
    ['a page that is no answer', { status: 200, body: '<html>' }, { connection: 'look', session: 'org' }, undefined],
  ] as const)('tells %s by the answer to its one request', async (_, answer, expected, said) => {
    const { org, program } = await loggedIn();
    org.failNext('userinfo', 1, answer);
    const { marks, says } = await examine(program);
    expect(marks).toMatchObject(expected);
    if (said) expect(says('user')).toMatch(said);
  });

  it('says that nobody answers, without a word of the request', async () => {
    const { org, program } = await loggedIn();
    await org.close();
    const { code, stdout } = await start(['doctor'], program).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^PROBLEM {3}connection +127\.0\.0\.1:\d+ gives no answer \(ECONNREFUSED\): check SALESFORCE_LOGIN_URL/m);
    for (const check of ['session', 'user', 'address']) expect(stdout).toMatch(new RegExp(`^org only {2}${check} `, 'm'));
    expect(stdout).toMatch(/^ok {8}store /m);
  });

  it("measures how far this machine's clock is off", async () => {
    let ahead = 0;
    const { program } = await loggedIn({ clock: { now: () => Date.now() + ahead } });
    ahead = 600_000;
    const { marks, says, report } = await examine(program);
    expect(marks.clock).toBe('look');
    expect(says('clock')).toMatch(/(9 min 5\d s|10 min( \d s)?) behind Salesforce's/);
    expect(Number(report.probe.skewMs)).toBeGreaterThan(590_000);
    ahead = -600_000;
    expect((await examine(program)).says('clock')).toContain("ahead of Salesforce's");
  });

  it('sees a program without a store from outside only, and says what it cannot see', async () => {
    const { org, env } = await scene();
    const { SALESFORCE_TOKEN_FOLDER: _, SALESFORCE_TOKEN_KEY: _1, ...bare } = env;
    const { code, marks, says, report } = await examine(bare);
    expect(code).toBe(0);
    expect(marks).toEqual({ connection: 'ok', clock: 'ok', session: 'org', user: 'org', grant: 'org', address: 'org', store: 'look' });
    expect(says('store')).toMatch(/in memory or in Redis/);
    expect(report.identity).toMatchObject({ flow: 'client-credentials', username: null });
    expect(report.probe).toMatchObject({ with: 'nothing', answer: 'answered' });
    expect(org.counts).toMatchObject({ token: 0, userinfo: 0 });
  });

  it('knows where a refresh token comes from when there is none', async () => {
    const { env } = await scene();
    const { code, says, marks } = await examine({ ...env, SALESFORCE_FLOW: 'refresh-token', SALESFORCE_USERNAME: 'a@b.example' });
    expect(code).toBe(1);
    expect(marks).toMatchObject({ grant: 'problem', store: 'look' });
    expect(says('grant')).toContain('`salesforce-auth login`');
  });

  it('leaves tokens alone that its key does not open, and says so', async () => {
    const { program } = await loggedIn();
    const { code, says, marks } = await examine({ ...program, SALESFORCE_TOKEN_KEY: randomBytes(32).toString('base64') });
    expect(code).toBe(1);
    expect(marks).toMatchObject({ store: 'problem', grant: 'org', connection: 'ok' });
    expect(says('store')).toContain('do not open');
  });

  it('tells a held lock from one that was left behind, and waits for neither', async () => {
    const { folder, program } = await loggedIn();
    expect((await examine(program)).says('lock')).toBe('free');
    const lock = join(folder, `${readdirSync(folder)[0]}.lock`);
    mkdirSync(lock);
    expect((await examine(program)).says('lock')).toMatch(/^held, renewed \d+ s ago/);
    const then = new Date(Date.now() - 125_000);
    utimesSync(lock, then, then);
    const { code, marks, says } = await examine(program);
    expect({ code, mark: marks.lock }).toEqual({ code: 0, mark: 'look' });
    expect(says('lock')).toMatch(/^left behind 2 min \d+ s ago/);
    expect(readdirSync(folder)).toContain(lock.split('/').pop());
  });

  it.skipIf(process.platform === 'win32')('notices a file that others may read', async () => {
    const { folder, program } = await loggedIn();
    chmodSync(join(folder, readdirSync(folder)[0] ?? ''), 0o644);
    const { marks, says } = await examine(program);
    expect(marks.store).toBe('look');
    expect(says('store')).toContain('chmod 600');
  });

  const minute = () => Math.floor(Date.now() / 60_000);
  it.each<[string, (record: TokenRecord) => Partial<TokenRecord>, string, Mark, RegExp]>([
    ['many token requests', () => ({ usage: { requests: { [minute()]: 1000 }, refreshes: [] } }), 'limits', 'look', /^1000 token requests in the last hour; Salesforce stops at 3,600/],
    ['too many token requests', () => ({ usage: { requests: { [minute()]: 3000 }, refreshes: [] } }), 'limits', 'problem', /^3000 token requests/],
    ['a storm', () => ({ usage: { requests: {}, refreshes: Array.from({ length: 5 }, () => Date.now()) } }), 'limits', 'problem', /^5 refreshes within the last minute.*logout/],
    [
      'a cool-down', () => ({ coolDown: { oauthError: 'invalid_grant', description: 'LOGIN_RATE_EXCEEDED', until: Date.now() + 1_800_000 } }),
      'limits', 'problem', /^too many logins: no token request for another (30 min|29 min 5\d s)/,
    ],
    ['a request without an answer', () => ({ intent: { startedAt: Date.now() - 7_200_000, sent: 1 } }), 'grant', 'look', /^1 token request .* got no answer, the last 2 h ago.*may be used up/],
    ['an idle refresh token', () => ({ obtainedAt: Date.now() - 26 * 86_400_000 }), 'grant', 'look', /last used 26 d ago/],
    ['a known expiry', () => ({ expiresAt: Date.now() + 600_500 }), 'store', 'ok', /^generation 2, its token of generation 1;.*expires in (10 min|9 min 5\d s)/],
    ['an inactive user', () => ({ dead: { oauthError: 'invalid_grant', description: 'inactive user', at: Date.now(), credential: 'x' } }), 'grant', 'problem', /Reactivate the user/],
  ])('reads %s off the record', async (_, how, name, mark, said) => {
    const { program } = await loggedIn();
    await change(program, how);
    const { marks, says } = await examine(program);
    expect(says(name)).toMatch(said);
    expect(marks[name]).toBe(mark);
  });

  it('knows a token request that is on its way', async () => {
    const { folder, program } = await loggedIn();
    await change(program, () => ({ intent: { startedAt: Date.now(), sent: 1 } }));
    mkdirSync(join(folder, `${readdirSync(folder)[0]}.lock`));
    expect((await examine(program)).says('grant')).toBe('a token request is on its way');
  });

  it('does not send the access token over plain http to another machine', async () => {
    const { org, program } = await loggedIn();
    await change(program, () => ({ instanceUrl: 'http://example.com' }));
    const { report } = await examine(program);
    expect(report.probe).toMatchObject({ with: 'nothing', host: new URL(org.url).host });
  });

  it('takes a secret out that an answer echoes', async () => {
    const server = createServer((request, response) => response.writeHead(403).end(`no: ${request.headers.authorization}`)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { org, program } = await loggedIn();
    await change(program, () => ({ instanceUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
    const { stdout, says } = await examine(program);
    server.close();
    expect(says('user')).toContain('no: Bearer [redacted]');
    expect(secretsIn(stdout, org, { accessToken: (await storeOf(program).read(identityOf(program)))?.accessToken })).toEqual([]);
  });
});

describe('doctor with a log of events', () => {
  /** The log that the pino example of docs/runtime/events.md writes. */
  async function logged(file: string, work: () => Promise<void>) {
    const destination = pino.destination({ dest: file, sync: true });
    const logger = pino({ level: 'debug' }, destination);
    const names = ['login', 'refresh', 'reject', 'lock.wait', 'storm'];
    const listeners = names.map((name) => [`salesforce-auth:${name}`, (event: unknown) => logger.debug({ event: name, ...(event as object) }, 'salesforce-auth')] as const);
    for (const [name, listener] of listeners) subscribe(name, listener);
    await work();
    for (const [name, listener] of listeners) unsubscribe(name, listener);
    logger.info('something else');
    writeFileSync(file, '{"level":30,"time":17', { flag: 'a' });
  }

  it('dates the last token and the last refusal, for programs whose store it cannot see', async () => {
    const { org, env, folder } = await scene();
    const { clientId, clientSecret } = org.credentials;
    const { SALESFORCE_TOKEN_FOLDER: _, ...bare } = env;
    const auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret });
    const file = join(folder, 'events.ndjson');
    await logged(file, async () => void (await auth.token()));
    const good = await examine(bare, '--events', file);
    expect(good.code).toBe(0);
    expect(good.report.events).toMatchObject({ events: 2, others: 0, lockWaits: 1, lastToken: expect.any(Number) });
    expect(good.says('session')).toMatch(/the log has the last token \d+ s ago/);

    org.expireSessions();
    org.setClientCredentialsUser(false);
    await logged(file, async () => {
      await expect(auth.fetch('/services/data/v60.0/limits')).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
      await expect(auth.fetch('/services/data/v60.0/limits')).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
    });
    const bad = await start(['doctor', '--events', file], bare).ended;
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^PROBLEM {3}grant +the log has a refusal \d+ s ago \(GRANT_REFUSED, invalid_grant\), and no token since/m);
    expect(bad.stdout).toContain(`${file}: `);
    auth.close();
  });

  it('counts storms, waits and lost tokens, with times as dates, and leaves the others’ events aside', async () => {
    const { org, env, folder } = await scene();
    const { report } = await examine(env);
    const identity = report.identity.fingerprint;
    const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();
    const file = join(folder, 'events.ndjson');
    const lines = [
      { time: at(90), event: 'refresh', identity, generation: 1 },
      { time: at(60), event: 'storm', identity, generation: 2, refreshes: 5 },
      { time: at(50), event: 'lock.wait', identity, durationMs: 1000 },
      { time: at(40), event: 'lock.wait', identity, durationMs: 61_000 },
      { time: at(30), event: 'persist_failed', identity, code: 'STORE_UNAVAILABLE' },
      { time: at(20), event: 'reject', identity: '00000000', code: 'GRANT_REFUSED', oauthError: 'invalid_grant' },
    ];
    writeFileSync(file, `not JSON\n\n${lines.map((line) => JSON.stringify(line)).join('\r\n')}\n[1]\n`);
    const { marks, says, report: again } = await examine(env, '--events', file);
    expect(again.events).toMatchObject({ events: 5, others: 1, storms: 1, lockWaits: 2, longestLockWaitMs: 61_000 });
    expect(marks).toMatchObject({ limits: 'look', store: 'problem', grant: 'org' });
    expect(says('store')).toMatch(/did not take 30 s ago \(STORE_UNAVAILABLE\)|did not take 31 s ago/);
    expect(says('lock')).toBe('free; the log has 2 waits for it, the longest 1 min 1 s');
    expect(org.counts.token).toBe(0);
  });
});

describe('the command line of doctor', () => {
  it.each([
    [{ SALESFORCE_LOGIN_URL: '' }, [], 'SALESFORCE_LOGIN_URL is missing'],
    [{ SALESFORCE_CLIENT_SECRET: '' }, [], 'so is any other credential'],
    [{ SALESFORCE_FLOW: 'refresh-token' }, [], 'SALESFORCE_USERNAME is missing'],
    [{ SALESFORCE_TOKEN_KEY: '' }, [], 'SALESFORCE_TOKEN_KEY is missing'],
    [{ SALESFORCE_TOKEN_KEY: 'short' }, [], 'SALESFORCE_TOKEN_KEY must be 32 bytes'],
    [{}, ['--events', '/nonexistent'], '--events: the file cannot be read (ENOENT)'],
    [{}, ['--port', '1717'], 'doctor has no option --port'],
  ])('is refused with 2: %j %j', async (change, args, said) => {
    const { env } = await scene();
    const { code, stdout, stderr } = await start(['doctor', ...args], { ...env, ...change }).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr.split('\n')).toHaveLength(2);
  });
});
