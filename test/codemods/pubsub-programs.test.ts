/** A program on the real pub-sub client, before and after the codemod: its own login against a fake org. The stream itself is not opened. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TransformOptions } from '../../codemods/report';
import { transform } from '../../codemods/soap-login-to-oauth';
import { installModules } from './programs.support';

const PROGRAM = join(import.meta.dirname, 'fixtures/pubsub/connect.mjs');
const NAME = 'salesforce-pubsub-api-client';
const run = promisify(execFile);

let org: FakeOrg;
let dir: string;

beforeAll(async () => {
  org = await startFakeOrg();
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'pubsub-')));
  installModules(dir, { [NAME]: NAME });
});

beforeEach(() => {
  org.setSoapLogin('enabled');
  org.resetCounts();
});

afterAll(async () => {
  await org.close();
  rmSync(dir, { recursive: true, force: true });
});

/** What a program says on the way to `connect()` and back, twice. */
async function start(file: string, env: Record<string, string>): Promise<string> {
  const { SF_LOGIN_URL, SF_USERNAME } = { SF_LOGIN_URL: org.url, SF_USERNAME: org.credentials.username };
  const { stdout } = await run(process.execPath, [join(dir, file)], { env: { PATH: process.env.PATH, SF_LOGIN_URL, SF_USERNAME, ...env } });
  return stdout;
}

function legacy(): Promise<string> {
  cpSync(PROGRAM, join(dir, 'legacy.mjs'));
  return start('legacy.mjs', { SF_PASSWORD: org.credentials.password + org.credentials.securityToken });
}

function migrated(options: TransformOptions, settings: Record<string, string>): Promise<string> {
  const { output = '', env } = transform({ path: PROGRAM, source: readFileSync(PROGRAM, 'utf8') }, options);
  expect(output).not.toMatch(/PASSWORD/);
  writeFileSync(join(dir, 'migrated.mjs'), output);
  return start('migrated.mjs', Object.fromEntries(env.map((name) => [name, settings[name] as string])));
}

describe('a program on the pub-sub client', () => {
  it('logs in through SOAP before the codemod, and no more where that ends', async () => {
    expect(await legacy()).toContain(`as ${org.credentials.username}`);
    expect(org.counts).toMatchObject({ soapLogin: 2, token: 0 });
    org.setSoapLogin('disabled');
    await expect(legacy()).rejects.toMatchObject({ stderr: expect.stringContaining('Failed to authenticate with Salesforce') });
  });

  it('connects as the same user with JWT bearer, with one token for each connect()', async () => {
    org.setSoapLogin('disabled');
    expect(await migrated({}, org.environment('jwt-bearer'))).toContain(`as ${org.credentials.username}`);
    expect(org.counts).toMatchObject({ soapLogin: 0, token: 2 });
    expect(org.requests.filter(({ kind }) => kind === 'token').map(({ grantType }) => grantType)).toContain('urn:ietf:params:oauth:grant-type:jwt-bearer');
  });

  it('takes a key whose line breaks are written as \\n', async () => {
    const settings = org.environment('jwt-bearer');
    const written = settings.SALESFORCE_PRIVATE_KEY!.replaceAll('\n', String.raw`\n`);
    expect(await migrated({}, { ...settings, SALESFORCE_PRIVATE_KEY: written })).toContain(`as ${org.credentials.username}`);
  });

  it('connects with client credentials where that is chosen', async () => {
    org.setSoapLogin('disabled');
    expect(await migrated({ flow: 'client-credentials' }, org.environment('client-credentials'))).toContain('Connected to Salesforce org');
    expect(org.counts).toMatchObject({ soapLogin: 0, token: 2 });
  });
});
