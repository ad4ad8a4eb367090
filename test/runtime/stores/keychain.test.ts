import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Worker, identity } from './fleet';
import { hasKeychain, startKeychain, type KeychainSession } from './keychain-session';

const workers: Worker[] = [];
let home: string;
let session: KeychainSession | undefined;
let run = 0;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'keychain-'));
  if (hasKeychain) session = await startKeychain(home);
});
beforeEach(() => {
  run += 1;
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});
afterAll(async () => {
  await session?.end();
  await rm(home, { recursive: true });
});

/** A process whose home, and folder of tokens, has this name. */
async function start(name: string, more: { account?: string; env?: Record<string, string> } = {}): Promise<Worker> {
  const own = join(home, String(run), name);
  await mkdir(own, { recursive: true });
  const settings = { folder: join(own, 'tokens'), entry: { service: `test ${run}`, ...(more.account && { account: more.account }) }, identity };
  const worker = new Worker('keychain.mjs', { HOME: own, KEYCHAIN: JSON.stringify(settings), ...session?.env, ...more.env });
  workers.push(worker);
  await worker.says('ready');
  return worker;
}

const record = { generation: 1, obtainedAt: 1 };

describe.skipIf(!hasKeychain)('a key in the keychain (needs gnome-keyring and dbus-run-session)', () => {
  it('is made once, and found by every process that names the entry', async () => {
    const [first, second] = [await start('one'), await start('two')];
    const key = await first.do<string>('key');
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(await second.do('key')).toBe(key);
    expect(await (await start('one', { account: 'another' })).do('key')).not.toBe(key);
  });

  it('S10: two processes with two folders, both without a key: the lock is the entry\'s, and one key is made', async () => {
    const [first, second] = [await start('one'), await start('two')];
    const steps = async (worker: Worker, event: string, go: () => void) => {
      const said = worker.says(event);
      go();
      await said;
    };
    for (const worker of [first, second]) await worker.do('stepwise');
    const saved: Promise<unknown>[] = [];
    // Both look, and neither finds one.
    for (const worker of [first, second]) await steps(worker, 'found none', () => saved.push(worker.do('save', record)));
    // The first takes the lock and looks again; the second stands before the lock meanwhile.
    await steps(first, 'found none', () => first.proceed());
    await steps(second, 'waiting', () => second.proceed());
    first.proceed();
    expect(await Promise.all(saved)).toEqual([true, true]);
    for (const folder of ['one', 'two']) expect(await (await start(folder)).do('read')).toEqual(record);
  });
});

describe('where there is no keychain', () => {
  it('the error says what to do, and no key is made elsewhere', async () => {
    const worker = await start('one', { env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' } });
    await expect(worker.do('key')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('SALESFORCE_TOKEN_KEY') as string });
  });

  it('nor the package for it: the error names it', async () => {
    const folder = join(home, 'elsewhere');
    const repository = fileURLToPath(new URL('../../..', import.meta.url));
    await cp(join(repository, 'runtime', 'dist'), join(folder, 'dist'), { recursive: true });
    // Empty: Node looks no further up.
    await mkdir(join(folder, 'node_modules', '@napi-rs', 'keyring'), { recursive: true });
    await symlink(join(repository, 'node_modules', 'proper-lockfile'), join(folder, 'node_modules', 'proper-lockfile'));
    const program = "require('./dist/index.cjs').keychainKey()().catch(({ code, message }) => console.log(code, message))";
    const { stdout } = spawnSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toMatch(/^CONFIG_INVALID .*npm install @napi-rs\/keyring$/m);
  });
});
