/** A program with a secret in it, and what secrets-to-env makes of it, run as processes of their own on a fake org. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { transform } from '../../codemods/secrets-to-env';

let org: FakeOrg;
let dir: string;

beforeAll(async () => {
  org = await startFakeOrg();
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'secrets-')));
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(join(import.meta.dirname, '../../node_modules/jsforce-3'), join(dir, 'node_modules/jsforce'));
});
afterAll(async () => {
  await org.close();
  rmSync(dir, { recursive: true, force: true });
});

const run = (text: string, env: Record<string, string>) => {
  writeFileSync(join(dir, 'program.js'), text);
  return new Promise<{ failed: boolean; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, ['program.js'], { cwd: dir, env: { PATH: process.env.PATH, ...env } }, (error, stdout, stderr) => resolve({ failed: error !== null, stdout, stderr }));
  });
};

it('a migrated program logs in as before with the variable set, and fails with a word of it without', async () => {
  const { username, password, securityToken } = org.credentials;
  const legacy = `const jsforce = require('jsforce');

const conn = new jsforce.Connection({ loginUrl: '${org.url}' });
conn.login('${username}', '${password}' + '${securityToken}').then(({ id }) => console.log(id));
`;
  const { output = '', entries, env } = transform({ path: 'program.js', source: legacy }, {});
  expect(entries.map(({ state }) => state)).toEqual(['migrated']);
  expect(env).toEqual(['SALESFORCE_PASSWORD']);
  for (const secret of [password, securityToken]) expect(output).not.toContain(secret);

  const before = await run(legacy, {});
  expect(before).toMatchObject({ failed: false, stdout: expect.stringMatching(/\w/) });
  expect(await run(output, { SALESFORCE_PASSWORD: password + securityToken })).toEqual(before);
  expect(await run(output, {})).toMatchObject({ failed: true, stdout: '', stderr: expect.stringContaining('no username password given') });
});
