import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileStore, salesforceAuthFromEnv, type Identity } from 'salesforce-auth-client';
import { describe, expect, it } from 'vitest';
import { run } from '../../../runtime/cli/run';
import { freePort, decide, holdsVerifier, logIn, loginUrl, scene, secretsIn, start } from './support';

const identityOf = (env: Readonly<Record<string, string>>, subject: string): Identity => ({
  issuer: env.SALESFORCE_LOGIN_URL ?? '', clientId: env.SALESFORCE_CLIENT_ID ?? '', flow: 'refresh-token', subject,
});
const recordOf = (env: Readonly<Record<string, string>>, subject: string) =>
  fileStore({ folder: env.SALESFORCE_TOKEN_FOLDER ?? '' }, env).read(identityOf(env, subject));

/** The lines `NAME=value` that a login prints for the program. */
const advised = (stdout: string) => Object.fromEntries([...stdout.matchAll(/^ {2}(SALESFORCE_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

describe('login', () => {
  it('brings the tokens that a program then finds with the environment it was told', async () => {
    const { org, port, env, folder } = await scene();
    const { username } = org.credentials;
    const { code, stdout, stderr, status, page, url, back } = await logIn(port, env);
    expect({ code, stderr, status }).toEqual({ code: 0, stderr: '', status: 200 });
    expect(page).toContain('Logged in');
    expect(stdout).toContain(`Logged in as ${username} (user 005`);
    expect(advised(stdout)).toEqual({
      SALESFORCE_FLOW: 'refresh-token', SALESFORCE_LOGIN_URL: org.url, SALESFORCE_USERNAME: username, SALESFORCE_TOKEN_FOLDER: folder,
    });
    expect(stdout).toContain(join(folder, readdirSync(folder)[0] ?? '?'));

    const record = await recordOf(env, username);
    expect(record).toMatchObject({ generation: 1, instanceUrl: org.url, refreshToken: org.credentials.refreshToken, identityUrl: expect.stringContaining('/id/00D') });
    const secrets = { code: back.searchParams.get('code') ?? '', key: env.SALESFORCE_TOKEN_KEY, accessToken: record?.accessToken };
    expect(secretsIn(stdout + page, org, secrets)).toEqual([]);
    expect(holdsVerifier(stdout + page, url.searchParams.get('code_challenge') ?? '')).toBe(false);

    const auth = salesforceAuthFromEnv({}, { ...env, ...advised(stdout) });
    org.resetCounts();
    expect((await auth.fetch('/services/data/v60.0/limits')).status).toBe(200);
    expect(org.counts.token).toBe(0);
    org.expireSessions();
    expect((await auth.fetch('/services/data/v60.0/limits')).status).toBe(200);
    auth.close();
  });

  it('asks with PKCE, a state and the name of the user, and a public app sends no secret', async () => {
    const { org, port, env } = await scene();
    const { SALESFORCE_CLIENT_SECRET: _, ...rest } = env;
    const { username } = org.credentials;
    const { code, url, stdout } = await logIn(port, { ...rest, SALESFORCE_USERNAME: username });
    expect(code).toBe(0);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code', client_id: org.credentials.clientId, redirect_uri: `http://localhost:${port}/OauthRedirect`, scope: 'api refresh_token',
      state: expect.stringMatching(/^[\w-]{43}$/), code_challenge: expect.stringMatching(/^[\w-]{43}$/), code_challenge_method: 'S256', login_hint: username,
    });
    expect(stdout).not.toContain('SALESFORCE_CLIENT_SECRET');
  });

  it('replaces a record whose credential was refused', async () => {
    const { org, port, env } = await scene();
    const { username } = org.credentials;
    const first = await logIn(port, env);
    const program = { ...env, ...advised(first.stdout) };
    org.revokeRefreshTokens();
    org.expireSessions();
    const auth = salesforceAuthFromEnv({}, program);
    await expect(auth.fetch('/services/data/v60.0/limits')).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
    expect(await recordOf(env, username)).toHaveProperty('dead');

    const { code, stdout } = await logIn(port, env);
    expect(code).toBe(0);
    expect(stdout).toContain('replace');
    const record = await recordOf(env, username);
    expect(record).not.toHaveProperty('dead');
    // The program goes on without a restart.
    expect((await auth.fetch('/services/data/v60.0/limits')).status).toBe(200);
    auth.close();
  });

  it('keeps what the user did not allow', async () => {
    const { port, env, folder } = await scene();
    const running = start(['login', '--no-open', '--port', String(port)], env);
    const page = await fetch(await decide(await loginUrl(running), 'deny'));
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('access_denied: end-user denied authorization');
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/refused the login \(access_denied: end-user denied authorization\).*Nothing was stored/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names the scope that the app lacks', async () => {
    const { port, env, folder } = await scene();
    const { code, stderr, status } = await logIn(port, env, '--scope', 'api');
    expect({ code, status }).toEqual({ code: 1, status: 400 });
    expect(stderr).toMatch(/no refresh token: the app lacks.*scope refresh_token \(the same as offline_access/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not store one user under the name of another', async () => {
    const { org, port, env, folder } = await scene();
    const { code, stderr } = await logIn(port, { ...env, SALESFORCE_USERNAME: 'somebody@else.example' });
    expect(code).toBe(1);
    expect(stderr).toContain(`logged in as ${org.credentials.username}, and SALESFORCE_USERNAME is somebody@else.example`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('needs the name of the user where Salesforce does not tell it', async () => {
    const { org, port, env } = await scene();
    org.failNext('userinfo', 2, { status: 403, body: 'Forbidden' });
    const nameless = await logIn(port, env);
    expect(nameless.code).toBe(1);
    expect(nameless.stderr).toContain('set SALESFORCE_USERNAME');
    const { username } = org.credentials;
    expect((await logIn(port, { ...env, SALESFORCE_USERNAME: username })).code).toBe(0);
    expect(await recordOf(env, username)).toHaveProperty('refreshToken');
  });

  it('says what a used code is, and what the token endpoint said, without the code', async () => {
    const { org, port, env } = await scene();
    org.failNext('token', 1, { status: 400, body: { error: 'invalid_grant', error_description: 'expired authorization code' } });
    const used = await logIn(port, env);
    expect({ code: used.code, stderr: used.stderr }).toEqual({
      code: 1, stderr: 'salesforce-auth-client: Salesforce refused the code (invalid_grant: expired authorization code): it was used, or is too old. Log in again\n',
    });
    const wrong = await logIn(port, { ...env, SALESFORCE_CLIENT_SECRET: randomBytes(32).toString('hex') });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/invalid_client: invalid client credentials.*Check the client secret/);
    for (const { stdout, stderr, page, back } of [used, wrong]) {
      expect(secretsIn(stdout + stderr + page, org, { code: back.searchParams.get('code') ?? '' })).toEqual([]);
    }
  });

  it('leaves a foreign answer aside and waits on; other paths and methods are not found', async () => {
    const { port, env } = await scene();
    const running = start(['login', '--no-open', '--port', String(port)], env);
    const url = await loginUrl(running);
    const base = `http://localhost:${port}`;
    const foreign = await fetch(`${base}/OauthRedirect?error=x&error_description=${encodeURIComponent('\u001b[2J<script>')}&state=other`);
    expect(foreign.status).toBe(400);
    expect(await foreign.text()).not.toContain('script');
    for (const [path, method] of [['/', 'GET'], ['/favicon.ico', 'GET'], ['/OauthRedirect/x', 'GET'], ['/OauthRedirect', 'POST']] as const) {
      expect((await fetch(base + path, { method })).status).toBe(404);
    }
    const page = await fetch(await decide(url, 'allow'));
    expect(page.status).toBe(200);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-/), 'referrer-policy': 'no-referrer', 'cache-control': 'no-store',
    });
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'An answer that does not belong to this login was left aside (x: ?[2J<script>). Still waiting.\n' });
  });

  it('listens on both loopback addresses and on no other', async () => {
    const { port, env } = await scene();
    const running = start(['login', '--no-open', '--port', String(port)], env);
    await loginUrl(running);
    for (const host of ['127.0.0.1', '[::1]']) expect((await fetch(`http://${host}:${port}/`)).status).toBe(404);
    const elsewhere = createServer().listen(port, '127.0.0.2');
    await once(elsewhere, 'listening');
    elsewhere.close();
  });

  it('names --port when the port is taken, on either address', async () => {
    const { env } = await scene();
    for (const host of ['127.0.0.1', '::1']) {
      const port = await freePort();
      const other = createServer().listen(port, host);
      await once(other, 'listening');
      const { code, stdout, stderr } = await start(['login', '--port', String(port)], env).ended;
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(new RegExp(`port ${port} is used by another program.*--port`));
      other.close();
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing behind after %s', async (signal) => {
    const { port, env, folder } = await scene();
    const running = start(['login', '--no-open', '--port', String(port)], env);
    await running.said(/Waiting/);
    running.child.kill(signal);
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'salesforce-auth-client: stopped: nothing was stored\n' });
    expect(readdirSync(folder)).toEqual([]);
    const next = createServer().listen(port, '127.0.0.1');
    await once(next, 'listening');
    next.close();
  });

  it('gives up when nobody comes, and names what the browser may have shown', async () => {
    const { port, env, folder } = await scene();
    let stderr = '';
    const surroundings = { cwd: '/', env, stdout: { write: () => {} }, stderr: { write: (text: string) => (stderr += text) }, patienceMs: 1 };
    expect(await run(['login', '--no-open', '--port', String(port)], surroundings)).toBe(1);
    expect(stderr).toContain(`redirect_uri_mismatch, add http://localhost:${port}/OauthRedirect to the app's callback URLs`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('says that the tokens are lost when the folder goes away meanwhile', async () => {
    const { org, port, env, folder } = await scene();
    const running = start(['login', '--no-open', '--port', String(port)], env);
    const url = await loginUrl(running);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const page = await fetch(await decide(url, 'allow'));
    expect(page.status).toBe(400);
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`could not be stored: log in again when this is mended. The folder ${folder} cannot be used`);
    expect(secretsIn(stdout + stderr, org)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('opens the URL with what the platform has, which gets none of our variables', async () => {
    const { port, env, folder } = await scene();
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const opener = join(bin, process.platform === 'darwin' ? 'open' : 'xdg-open');
    writeFileSync(opener, `#!${process.execPath}
require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'env'))}, Object.keys(process.env).join());
fetch(process.argv[2], { method: 'POST', body: new URLSearchParams({ decision: 'allow' }) });`);
    chmodSync(opener, 0o755);
    const { code } = await start(['login', '--port', String(port)], { ...env, PATH: bin }).ended;
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'env'), 'utf8')).not.toContain('SALESFORCE');
  });

  it('does not touch tokens that its key does not open', async () => {
    const { org, port, env, folder } = await scene();
    const named = { ...env, SALESFORCE_USERNAME: org.credentials.username };
    await logIn(port, named);
    const [file = ''] = readdirSync(folder);
    const before = readFileSync(join(folder, file));
    const { code, stdout, stderr } = await start(['login', '--port', String(port)], { ...named, SALESFORCE_TOKEN_KEY: randomBytes(32).toString('base64') }).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('do not open');
    expect(readFileSync(join(folder, file))).toEqual(before);
  });
});

describe('the command line', () => {
  it.each([
    [{ SALESFORCE_LOGIN_URL: '' }, ['login'], "SALESFORCE_LOGIN_URL is not a URL: give the org's My Domain"],
    [{ SALESFORCE_LOGIN_URL: 'http://example.com' }, ['login'], 'SALESFORCE_LOGIN_URL must begin with https://'],
    [{ SALESFORCE_CLIENT_ID: '' }, ['login'], 'SALESFORCE_CLIENT_ID is missing'],
    [{ SALESFORCE_TOKEN_KEY: '' }, ['login'], 'SALESFORCE_TOKEN_KEY is missing'],
    [{ SALESFORCE_TOKEN_FOLDER: '' }, ['login'], 'give a folder with --store or in SALESFORCE_TOKEN_FOLDER'],
    [{ SALESFORCE_TOKEN_FOLDER: '/dev/null/x' }, ['login'], '/dev/null/x cannot be used'],
    [{}, ['login', '--port', '0'], '--port must be a number from 1 to 65535'],
    [{}, ['login', '--port', 'x'], '--port must be a number from 1 to 65535'],
    [{}, ['login', '--colour'], "Unknown option '--colour'"],
    [{}, ['login', 'now'], "login takes options only, not 'now'"],
    [{}, ['logout'], "unknown command 'logout'"],
    [{}, [], 'a command is missing'],
  ])('is refused with 2: %j %j', async (change, args, said) => {
    const { env } = await scene();
    const { code, stdout, stderr } = await start(args, { ...env, ...change }).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('knows its version and its help', async () => {
    expect(await start(['--version'], {}).ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
    expect(await start(['login', '--help'], {}).ended).toMatchObject({ code: 0, stdout: expect.stringContaining('--no-open'), stderr: '' });
  });
});
