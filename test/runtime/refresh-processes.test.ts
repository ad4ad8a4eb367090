import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { build } from 'tsdown';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

const runtimeSource = fileURLToPath(new URL('../../runtime/', import.meta.url));
const program = fileURLToPath(new URL('programs/refresh-child.cjs', import.meta.url));
let folder: string;
let org: FakeOrg;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'salesforce-auth-'));
  // From source, so that the children run what the tests beside them test.
  await build({
    config: false, cwd: runtimeSource, entry: { index: 'index.ts' }, outDir: folder, format: 'cjs', platform: 'node', target: 'node20',
    dts: false, clean: false, logLevel: 'error', fixedExtension: true, noExternal: [/^[^.:]+$/],
  });
  org = await startFakeOrg({ rotateRefreshTokens: true });
});
afterAll(async () => {
  await org.close();
  rmSync(folder, { recursive: true });
});

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(storeName: string, what: string, refreshToken: string): ChildProcess {
  const { clientId, clientSecret } = org.credentials;
  const env = { PATH: process.env.PATH, LOGIN_URL: org.url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, REFRESH_TOKEN: refreshToken };
  const child = fork(program, [join(folder, 'index.cjs'), join(folder, storeName), what], { env, execArgv: [], stdio: 'pipe' });
  children.push(child);
  return child;
}

it('T20: after SIGKILL between the answer and the save, the next process says that the rotation may have been lost', async () => {
  const { refreshToken } = org.credentials;
  const dying = run('t20.json', 'die-before-save', refreshToken);
  expect((await once(dying, 'message'))[0]).toBe('answered');
  dying.kill('SIGKILL');
  expect((await once(dying, 'exit'))[1]).toBe('SIGKILL');

  org.resetCounts();
  for (let round = 0; round < 2; round++) {
    const [said] = (await once(run('t20.json', 'ask', refreshToken), 'message')) as [{ code: string; message: string }];
    expect(said.code).toBe('ROTATION_LOST');
    expect(said.message).toMatch(/rotation may have been lost.*authorise the app again/);
  }
  expect(org.counts.token).toBe(1);
});

it('C05: a token, its timers and the keep-alive keep no process running', async () => {
  const child = run('c05.json', 'ask', org.issueRefreshToken());
  const ended = once(child, 'exit');
  expect((await once(child, 'message'))[0]).toBe('token');
  expect(await ended).toEqual([0, null]);
});

it('L06: a crash report that prints the client holds no secret', async () => {
  const first = org.issueRefreshToken();
  const child = run('l06.json', 'crash', first);
  let report = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (report += text));
  expect((await once(child, 'close'))[0]).toBe(1);
  expect(report).toMatch(/Error: crash[\s\S]*SalesforceAuth/);
  const { accessToken, refreshToken } = JSON.parse(readFileSync(join(folder, 'l06.json'), 'utf8')) as Record<string, string>;
  for (const secret of [first, accessToken, refreshToken, org.credentials.clientSecret]) {
    expect(secret).toEqual(expect.any(String));
    expect(report.includes(secret as string)).toBe(false);
  }
});
