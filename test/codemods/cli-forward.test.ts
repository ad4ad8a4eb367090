import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsdown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { forward as Forward } from '../../codemods/cli/forward';
import { freePort } from '../runtime/cli/support';

const root = join(import.meta.dirname, '../..');
// The built files, as people run them; `npm test` builds first.
const cli = join(root, 'dist/cli.cjs');
let dir: string;
let forward: typeof Forward;

beforeAll(async () => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'cli-forward-')));
  mkdirSync(join(dir, 'without'));
  // Far from our own node_modules, where a runtime can be missing.
  await build({
    config: false, cwd: root, entry: { forward: 'codemods/cli/forward.ts' }, outDir: dir, format: 'cjs', platform: 'node', target: 'node20', dts: false,
    clean: false, shims: true, logLevel: 'error', fixedExtension: true,
  });
  ({ forward } = createRequire(import.meta.url)(join(dir, 'forward.cjs')) as { forward: typeof Forward });
  mkdirSync(join(dir, 'with/node_modules/salesforce-auth-client'), { recursive: true });
  mkdirSync(join(dir, 'real/node_modules'), { recursive: true });
  symlinkSync(join(root, 'runtime'), join(dir, 'real/node_modules/salesforce-auth-client'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the verbs of the runtime', () => {
  it('are refused with 2, and with the command that helps, where there is no runtime or none that has them', async () => {
    const run = async (cwd: string) => {
      let stderr = '';
      const code = await forward(['login', '--port', '1'], { cwd, env: {}, stderr: { write: (text) => (stderr += text) } });
      expect(stderr).toMatch(/^salesforce-auth: login is a command of salesforce-auth-client,.*npm install salesforce-auth-client\n$/);
      return code;
    };
    expect(await run(join(dir, 'without'))).toBe(2);
    writeFileSync(join(dir, 'with/node_modules/salesforce-auth-client/package.json'), '{"name":"salesforce-auth-client"}');
    expect(await run(join(dir, 'with'))).toBe(2);
  });

  it('are handed on as they are, and so is the exit code', async () => {
    const home = join(dir, 'with/node_modules/salesforce-auth-client');
    writeFileSync(join(home, 'package.json'), '{"name":"salesforce-auth-client","bin":{"salesforce-auth-client":"cli.cjs"}}');
    writeFileSync(join(home, 'cli.cjs'), "require('node:fs').writeFileSync('told', JSON.stringify([process.argv.slice(2), process.env.X])); process.exitCode = 7;");
    const env = { X: 'y' };
    expect(await forward(['doctor', '--json', '--events', 'a b'], { cwd: join(dir, 'with'), env, stderr: { write: () => {} } })).toBe(7);
    expect(JSON.parse(readFileSync(join(dir, 'with/told'), 'utf8'))).toEqual([['doctor', '--json', '--events', 'a b'], 'y']);
  });
});

describe.skipIf(!existsSync(cli))('dist/cli.cjs', () => {
  it('shows the help of the runtime in the project', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'login', '--help'], { cwd: join(dir, 'real'), encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: expect.stringContaining('Usage: salesforce-auth-client login'), stderr: '' });
  });

  it.skipIf(process.platform === 'win32').each([['Ctrl-C, which both get', true, 'SIGINT'], ['a signal for it alone', false, 'SIGTERM']] as const)(
    'ends in order after %s',
    async (_, isForAll, signal) => {
      const env = {
        PATH: '', SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com', SALESFORCE_CLIENT_ID: 'x', SALESFORCE_TOKEN_FOLDER: join(dir, 'tokens'),
        SALESFORCE_TOKEN_KEY: randomBytes(32).toString('base64'),
      };
      const child = spawn(process.execPath, [cli, 'login', '--no-open', '--port', String(await freePort())], {
        cwd: join(dir, 'real'), env, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stderr = '';
      child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
      await once(child.stdout, 'data');
      process.kill(isForAll ? -child.pid! : child.pid!, signal);
      expect(await once(child, 'close')).toEqual([130, null]);
      expect(stderr).toBe('salesforce-auth-client: stopped: nothing was stored\n');
    },
  );
});
