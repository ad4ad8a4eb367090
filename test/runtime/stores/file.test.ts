import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { createSalesforceAuth, fileStore, SalesforceStoreError, type TokenRecord } from 'salesforce-auth-client';
import { startFakeOrg } from 'salesforce-auth-client/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identity, newKey } from './fleet';

let home: string;
let folder: string;
let key: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stores-'));
  folder = join(home, 'tokens');
  key = newKey();
  vi.stubEnv('SALESFORCE_TOKEN_KEY', key);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

const record = (generation: number): TokenRecord => ({ generation, obtainedAt: 1, refreshToken: randomBytes(40).toString('hex') });
const tokenFile = async () => join(folder, (await readdir(folder)).find((name) => name.endsWith('.token')) ?? 'none');

describe('T21: a process killed while it saves', () => {
  it.each([
    ['half written', 1],
    ['before the rename', 1],
    ['after the rename', 2],
  ])('T21: %s: the record is the old one or the new one, whole', async (moment, generation) => {
    const saved = record(1);
    const store = fileStore({ folder, leaseMs: 2000, waitMs: 12_000 });
    await store.swap(identity, 0, saved);
    const next = record(2);
    const program = fork(fileURLToPath(new URL('./programs/dies-while-saving.mjs', import.meta.url)), {
      env: { ...process.env, WORKER: JSON.stringify({ moment, folder, identity, record: next }) },
    });
    expect(await once(program, 'exit')).toEqual([null, 'SIGKILL']);
    expect(await store.read(identity)).toEqual(generation === 1 ? saved : next);
    // The lock that it died with runs out.
    expect(await store.swap(identity, generation, record(3))).toBe(true);
  });
});

describe('L05: the file', () => {
  it('L05: is this user\'s alone, and shows no secret', async () => {
    const org = await startFakeOrg({ rotateRefreshTokens: true });
    const { clientId, clientSecret, refreshToken } = org.credentials;
    const auth = createSalesforceAuth({ flow: 'refresh-token', loginUrl: org.url, clientId, clientSecret, refreshToken, store: fileStore({ folder }) });
    const { accessToken } = await auth.token();
    const secrets = [accessToken, refreshToken, org.credentials.refreshToken, clientSecret, key];
    await org.close();

    expect((await readdir(folder)).length).toBe(1);
    const file = await tokenFile();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const bytes = await readFile(file);
    const shown = [file, inspect(fileStore({ folder }), { depth: 10, showHidden: true }), bytes.toString('latin1'), bytes.toString('base64')];
    for (const secret of secrets) expect(shown.some((text) => text.includes(secret))).toBe(false);
  });

  it('L05: with another key it is an error of its own, and stays as it is', async () => {
    await fileStore({ folder }).swap(identity, 0, record(1));
    const before = await readFile(await tokenFile());
    const stranger = fileStore({ folder, key: newKey });
    for (const attempt of [() => stranger.read(identity), () => stranger.swap(identity, 0, record(1)), () => stranger.swap(identity, 1, record(2))]) {
      const error: unknown = await attempt().then(() => expect.fail('no error'), (reason: unknown) => reason);
      expect(error).toBeInstanceOf(SalesforceStoreError);
      expect(error).toMatchObject({ code: 'STORE_UNREADABLE', message: expect.stringContaining('SALESFORCE_TOKEN_KEY') as string });
      expect(inspect(error, { depth: 10 })).not.toContain(key);
    }
    expect(await readFile(await tokenFile())).toEqual(before);
    expect((await readdir(folder)).length).toBe(1);
  });

  it('L05: put in the place of another identity, or changed in any byte, it does not open', async () => {
    const store = fileStore({ folder });
    const other = { ...identity, subject: 'somebody.else@acme.example' };
    await store.swap(other, 0, record(1));
    const foreign = await readFile(await tokenFile());
    await rm(await tokenFile());
    await store.swap(identity, 0, record(1));
    const file = await tokenFile();
    const good = await readFile(file);

    const changed = [0, 1, 13, 29, good.length - 1].map((at) => {
      const copy = Buffer.from(good);
      copy.writeUInt8((copy[at] ?? 0) ^ 1, at);
      return copy;
    });
    for (const bytes of [foreign, ...changed, good.subarray(0, -1), good.subarray(0, 29), Buffer.alloc(0)]) {
      await writeFile(file, bytes);
      await expect(store.read(identity)).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
      await expect(store.swap(identity, 1, record(2))).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
      expect(await readFile(file)).toEqual(bytes);
    }
    await writeFile(file, good);
    expect(await store.read(identity)).toMatchObject({ generation: 1 });
  });

  it('L05: a refresh with the wrong key asks for no token', async () => {
    const org = await startFakeOrg();
    const { clientId, clientSecret } = org.credentials;
    const authWith = (more: { key?: () => string }) =>
      createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret, store: fileStore({ folder, ...more }) });
    await authWith({}).token();
    await expect(authWith({ key: newKey }).token()).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    expect(org.counts.token).toBe(1);
    await org.close();
  });
});

describe('the key', () => {
  it('is missing or malformed: the error says which setting, and how to make one', async () => {
    vi.stubEnv('SALESFORCE_TOKEN_KEY', undefined);
    expect(() => fileStore({ folder })).toThrow(/^SALESFORCE_TOKEN_KEY is missing.*openssl rand -base64 32/);
    for (const wrong of ['short', randomBytes(16).toString('base64'), randomBytes(33).toString('base64'), `${newKey()},`]) {
      vi.stubEnv('SALESFORCE_TOKEN_KEY', wrong);
      expect(() => fileStore({ folder })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', setting: 'SALESFORCE_TOKEN_KEY' }) as Error);
      await expect(fileStore({ folder, key: () => wrong }).read(identity)).rejects.toMatchObject({ setting: 'key' });
    }
    expect(() => fileStore({ folder, key: Buffer.from(newKey(), 'base64') as never })).toThrow(/^key must be a function/);
  });

  it('can come from a callback, which is asked until it answers, and then no more', async () => {
    const callback = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('keychain is locked')).mockResolvedValue(key);
    const store = fileStore({ folder, key: callback });
    await expect(store.read(identity)).rejects.toThrow('keychain is locked');
    await store.swap(identity, 0, record(1));
    expect(await store.read(identity)).toMatchObject({ generation: 1 });
    expect(callback).toHaveBeenCalledTimes(2);
  });

  it('is changed by listing the new one first: old records open, new ones need only the new key', async () => {
    await fileStore({ folder }).swap(identity, 0, record(1));
    const newer = newKey();
    const changing = fileStore({ folder, key: () => `${newer},${key}` });
    expect(await changing.read(identity)).toMatchObject({ generation: 1 });
    await changing.swap(identity, 1, record(2));
    expect(await fileStore({ folder, key: () => newer }).read(identity)).toMatchObject({ generation: 2 });
    await expect(fileStore({ folder }).read(identity)).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  });
});

describe('the folder', () => {
  it('has one lock, whichever way it is reached', async () => {
    await fileStore({ folder }).swap(identity, 0, record(1));
    const link = join(home, 'link');
    await symlink(folder, link);
    const outsider = fileStore({ folder: link, leaseMs: 2000, waitMs: 2001 });
    await fileStore({ folder, leaseMs: 2000, waitMs: 12_000 }).withLock(identity, async () => {
      await expect(outsider.withLock(identity, async () => 'in')).rejects.toMatchObject({ code: 'STORE_LOCK_TIMEOUT' });
    });
    expect(await outsider.withLock(identity, async () => 'in')).toBe('in');
  });

  it('that cannot be used is an error of its own, and no token is asked for', async () => {
    await writeFile(folder, '');
    await chmod(folder, 0o600);
    const org = await startFakeOrg();
    const { clientId, clientSecret } = org.credentials;
    const store = fileStore({ folder });
    const auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret, store });
    await expect(auth.token()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(folder) as string });
    await expect(store.read(identity)).rejects.toBeInstanceOf(SalesforceStoreError);
    await expect(store.swap(identity, 0, record(1))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(org.counts.token).toBe(0);
    await org.close();
  });
});
