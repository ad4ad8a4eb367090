import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { chmod, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createSalesforceAuth, sfCliStore, type Identity, type SalesforceAuthOptions, type SfCliStoreOptions } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Worker } from './fleet';

const LIMITS = '/services/data/v60.0/limits';
const oldKey = () => randomBytes(16).toString('hex');
const newKey = () => randomBytes(32).toString('hex');

let org: FakeOrg;
let home: string;
let folder: string;
let username: string;
let file: string;
let sf: Worker | undefined;

beforeEach(async () => {
  org = await startFakeOrg({ rotateRefreshTokens: true });
  home = await mkdtemp(join(tmpdir(), 'sf-cli-'));
  folder = join(home, '.sfdx');
  ({ username } = org.credentials);
  file = join(folder, `${username}.json`);
  vi.stubEnv('HOME', home);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await sf?.kill();
  await org.close();
  await rm(home, { recursive: true });
});

interface Login {
  accessToken: string;
  refreshToken: string;
  instanceUrl: string;
  [field: string]: unknown;
}

/** What `sf org login web` and later commands leave in the file. */
const loginFields = () => ({
  orgId: '00D000000000001EAA',
  username,
  accessToken: `00D000000000001!${randomBytes(40).toString('hex')}`,
  instanceUrl: org.url,
  loginUrl: org.url,
  refreshToken: org.credentials.refreshToken,
  clientId: org.credentials.clientId,
  clientSecret: org.credentials.clientSecret,
  isDevHub: true,
  instanceApiVersion: '66.0',
});

/** A process that is the CLI, logged in. Its access token has expired already. */
async function startSf(key = oldKey()): Promise<Worker> {
  fs.mkdirSync(folder, { mode: 0o700 });
  fs.writeFileSync(join(folder, 'key.json'), JSON.stringify({ account: 'local', key, service: 'sfdx' }), { mode: 0o600 });
  sf = new Worker('sf-cli.mjs', { SF_CLI: JSON.stringify({ username, key, loginUrl: org.url }) });
  await sf.says('ready');
  await sf.do('login', loginFields());
  return sf;
}

function authFor(more: Partial<SalesforceAuthOptions> = {}, storeOptions: Partial<SfCliStoreOptions> = {}) {
  const { clientId, clientSecret } = org.credentials;
  const store = sfCliStore({ username, ...storeOptions });
  return createSalesforceAuth({ flow: 'refresh-token', loginUrl: org.url, clientId, clientSecret, username, store, ...more });
}

const identity = (): Identity => ({ issuer: org.url, clientId: org.credentials.clientId, flow: 'refresh-token', subject: username });

/** Resolves when this process has tried for the lock of the CLI, and did not get it. */
function waitsForLock(): Promise<void> {
  const { mkdir } = fs;
  return new Promise((resolve) => {
    const tried = (path: string, done: fs.NoParamCallback) => mkdir(path, (error) => {
      if (error?.code === 'EEXIST' && path === `${file}.token-rotation.lock`) resolve();
      done(error);
    });
    vi.spyOn(fs, 'mkdir').mockImplementation(tried as typeof fs.mkdir);
  });
}

describe('S06: the lock of the sf CLI', () => {
  it('S06: while the CLI holds it a refresh waits, and takes over what the CLI got', async () => {
    const cli = await startSf();
    const holding = cli.says('holding');
    const renewed = cli.do('hold');
    await holding;

    const auth = authFor();
    const waiting = waitsForLock();
    const call = auth.fetch(LIMITS);
    await waiting;
    expect(org.counts.token).toBe(0);
    cli.proceed();
    await renewed;
    expect((await call).status).toBe(200);
    expect(org.counts.token).toBe(1);
    expect((await auth.token()).accessToken).toBe((await cli.do<Login>('read')).accessToken);
  });

  it('S06: the CLI waits while we hold it, and takes over what we got', async () => {
    const cli = await startSf();
    let outcome: Promise<string> | undefined;
    const auth = authFor({
      fetch: async (input, init) => {
        if (String(input).endsWith('/token')) {
          const waiting = cli.says('waiting');
          outcome = cli.do<string>('renewOrAdopt');
          await waiting;
        }
        return fetch(input, init);
      },
    });
    expect((await auth.fetch(LIMITS)).status).toBe(200);
    expect(await outcome).toBe('adopted');
    expect(org.counts.token).toBe(1);
  });

  it('S06: a CLI that was killed while it held it stops nobody for longer than its lease', async () => {
    const cli = await startSf();
    const holding = cli.says('holding');
    cli.do('hold').catch(() => {});
    await holding;
    const waiting = waitsForLock();
    const call = authFor().fetch(LIMITS);
    await waiting;
    await cli.kill();
    expect((await call).status).toBe(200);
    expect(org.counts.token).toBe(1);
  }, 60_000);

  it('S06: what the CLI wrote before we save is not overwritten', async () => {
    const cli = await startSf();
    const store = sfCliStore({ username });
    await store.withLock(identity(), async () => {
      const { generation } = (await store.read(identity()))!;
      // As a plugin with an older CLI inside: past the lock.
      await cli.do('login', { ...loginFields(), alias: 'newer' });
      const bytes = await readFile(file);
      expect(await store.swap(identity(), generation, { generation: generation + 1, obtainedAt: 1, accessToken: oldKey() })).toBe(false);
      expect(await readFile(file)).toEqual(bytes);
    });
  });

  it('S06: nor what it wrote while we were stopped in the middle of saving, and had lost the locks', async () => {
    await startSf();
    const store = sfCliStore({ username });
    await store.withLock(identity(), async () => {
      const newer = JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as Login), alias: 'newer' });
      const probe = await open(file);
      const fileHandle = Object.getPrototypeOf(probe) as typeof probe;
      await probe.close();
      vi.spyOn(fileHandle, 'sync').mockImplementationOnce(() => writeFile(file, newer));
      expect(await store.swap(identity(), 1, { generation: 2, obtainedAt: 1, accessToken: oldKey() })).toBe(false);
      expect(await readFile(file, 'utf8')).toBe(newer);
      expect(await store.read(identity())).toMatchObject({ generation: 1 });
    });
  });
});

describe('a login of the sf CLI', () => {
  it('is used as it is: no token request while its access token works', async () => {
    const cli = await startSf();
    await cli.do('renew');
    org.resetCounts();
    expect((await authFor().fetch(LIMITS)).status).toBe(200);
    expect(org.counts.token).toBe(0);
  });

  it.each([['older', oldKey], ['newer', newKey]])('gets our tokens in the format of the CLI (%s key), and keeps everything else', async (_name, makeKey) => {
    const cli = await startSf(makeKey());
    const before = JSON.parse(await readFile(file, 'utf8')) as Login;
    await chmod(file, 0o644);
    const { accessToken } = await authFor().refresh(1);

    const after = JSON.parse(await readFile(file, 'utf8')) as Login;
    expect(after).toEqual({ ...before, accessToken: after.accessToken, refreshToken: after.refreshToken });
    expect(await cli.do<Login>('read')).toEqual({ ...loginFields(), accessToken, refreshToken: org.credentials.refreshToken });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    // And the CLI goes on with it.
    await cli.do('renew');
    expect(org.counts.token).toBe(2);
  });

  it('is renewed by turns: each renewal of the CLI is newer than what we had, and ours than the CLI\'s', async () => {
    const cli = await startSf();
    const [auth, other] = [authFor(), authFor()];
    for (const round of [1, 2, 3]) {
      org.expireSessions();
      await cli.do('renew');
      expect((await auth.fetch(LIMITS)).status).toBe(200);
      expect(org.counts.token).toBe(2 * round - 1);
      org.expireSessions();
      expect((await auth.fetch(LIMITS)).status).toBe(200);
      expect((await other.fetch(LIMITS)).status).toBe(200);
      expect(org.counts.token).toBe(2 * round);
    }
  });

  it('names a new instance URL to the CLI', async () => {
    const cli = await startSf();
    const instanceUrl = org.url.replace('127.0.0.1', 'localhost');
    org.setInstanceUrl(instanceUrl);
    await authFor().refresh(1);
    expect(await cli.do('read')).toMatchObject({ instanceUrl, loginUrl: org.url });
  });

  it('shows the tokens that we wrote as newer after a crash between its file and ours', async () => {
    await startSf();
    const store = sfCliStore({ username });
    await store.withLock(identity(), async () => {});
    const remark = `${file}.salesforce-auth-client`;
    const before = await readFile(remark);
    const { accessToken } = await authFor().refresh(1);
    await writeFile(remark, before);
    expect(await store.read(identity())).toMatchObject({ accessToken, refreshToken: org.credentials.refreshToken, generation: 2 });
  });

  it('that was refused stays so for everybody, and leaves the file alone, until the CLI logs in again', async () => {
    const cli = await startSf();
    const before = await readFile(file);
    org.revokeRefreshTokens();
    for (const auth of [authFor(), authFor()]) await expect(auth.fetch(LIMITS)).rejects.toMatchObject({ code: 'GRANT_REFUSED' });
    expect(org.counts.token).toBe(1);
    expect(await readFile(file)).toEqual(before);

    org.issueRefreshToken();
    await cli.do('login', loginFields());
    expect((await authFor().fetch(LIMITS)).status).toBe(200);
    expect(org.counts.token).toBe(2);
  });

  it('has a file of ours beside it, this user\'s alone, which shows no secret', async () => {
    const cli = await startSf();
    const { accessToken } = await authFor().refresh(1);
    const names = (await readdir(folder)).sort();
    expect(names).toEqual([`${username}.json`, `${username}.json.salesforce-auth-client`, 'key.json'].sort());
    const remark = `${file}.salesforce-auth-client`;
    expect((await stat(remark)).mode & 0o777).toBe(0o600);
    const { refreshToken, clientSecret } = await cli.do<Login>('read');
    const bytes = await readFile(remark);
    const shown = [bytes.toString('latin1'), bytes.toString('base64'), inspect(sfCliStore({ username }), { depth: 10, showHidden: true })];
    for (const secret of [accessToken, refreshToken, clientSecret as string]) expect(shown.some((text) => text.includes(secret))).toBe(false);
  });
});

describe('a login of the sf CLI that cannot be used', () => {
  const fails = async (error: Record<string, unknown>, more: Partial<SalesforceAuthOptions> = {}, storeOptions: Partial<SfCliStoreOptions> = {}) => {
    const names = fs.existsSync(folder) ? await readdir(folder) : [];
    const before = fs.existsSync(file) ? await readFile(file) : undefined;
    await expect(authFor(more, storeOptions).token()).rejects.toMatchObject(error);
    expect(org.counts.token).toBe(0);
    expect(fs.existsSync(folder) ? await readdir(folder) : []).toEqual(names);
    expect(before && (await readFile(file))).toEqual(before);
  };
  const saying = (text: string): unknown => expect.stringContaining(text);

  it.each([['older', oldKey], ['newer', newKey]])('is encrypted with another key (%s)', async (_name, makeKey) => {
    await startSf(makeKey());
    const key = makeKey();
    await fails({ code: 'STORE_UNREADABLE', message: saying('option key') }, {}, { key: () => key });
    await fails({ code: 'CONFIG_INVALID', setting: 'key' }, {}, { key: () => key.slice(1) });
  });

  it('has its key in the keychain: the error says how to read it, and with it the login works', async () => {
    const key = newKey();
    await startSf(key);
    await rm(join(folder, 'key.json'));
    await fails({ code: 'CONFIG_INVALID', setting: 'key', message: saying('secret-tool lookup user local domain sfdx') });
    expect((await authFor({}, { key: async () => `${key}\n` }).fetch(LIMITS)).status).toBe(200);
  });

  it('is not there', async () => {
    await fails({ code: 'STORE_UNAVAILABLE', message: saying('sf org login web') }, {}, { key: oldKey });
  });

  it('is of another app, of another user, or of another flow', async () => {
    await startSf();
    await fails({ code: 'CONFIG_INVALID', setting: 'clientId', message: saying(file) }, { clientId: 'another' });
    await fails({ code: 'CONFIG_INVALID', setting: 'username' }, { username: 'somebody.else@acme.example' });
    await fails({ code: 'CONFIG_INVALID', setting: 'flow' }, { flow: 'client-credentials' });
    expect(() => sfCliStore({ username: '../key' })).toThrow(/^username must be/);
  });

  it('has no refresh token, as after a login by JWT', async () => {
    const cli = await startSf();
    const { refreshToken: _, ...fields } = loginFields();
    await cli.do('login', fields);
    await fails({ code: 'CONFIG_INVALID', setting: 'username', message: saying('no refresh token') });
  });

  it('was half written when the CLI crashed', async () => {
    await startSf();
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length / 2));
    await fails({ code: 'STORE_UNREADABLE', message: saying('is no JSON object') });
  });
});
