import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
// The built files, as `npm run demo` uses them; `npm test` builds first.
const isBuilt = ['dist/index.mjs', 'dist/cli.cjs', 'runtime/dist/index.cjs', 'runtime/dist/testing/index.mjs'].every((file) => existsSync(join(root, file)));

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the demo of a root folder, with a temporary folder of its own to leave clean. */
async function demo(at: string, tmp: string, more: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [join(at, 'scripts/demo.mjs')], { cwd: tmp, env: { ...process.env, TMPDIR: tmp, TEMP: tmp, TMP: tmp, ...more } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout, stderr };
}

/** The rows of the table at the end: label, before, after. */
function table(stdout: string): Record<string, [string, string]> {
  const rows = stdout.slice(stdout.indexOf('6. Before and after')).matchAll(/^ {3}(\S.*?) {3,}(\S.*?) {3,}(\S.*)$/gm);
  return Object.fromEntries([...rows].map(([, label, before, after]) => [label, [before, after]] as [string, [string, string]]));
}

describe.skipIf(!isBuilt)('npm run demo', () => {
  let tmp: string;
  let run: Outcome;

  beforeAll(async () => {
    tmp = realpathSync(mkdtempSync(join(tmpdir(), 'demo-test-')));
    // Settings that a developer's machine may have, and that must not matter.
    run = await demo(root, tmp, { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9', GIT_DIR: '/nowhere', SALESFORCE_REFRESH_TOKEN: 'of another program' });
  });
  afterAll(() => rmSync(tmp, { recursive: true, force: true }));

  it('ends well, with nothing on stderr', () => {
    expect(run.stderr).toBe('');
    expect(run.stdout.trimEnd().split('\n').at(-1)).toMatch(/^demo: all \d+ claims hold$/);
    expect(run.status).toBe(0);
  });

  it('shows how the legacy program stops', () => {
    expect(run.stdout).toMatch(/round 2 .*invoices FAILED \(INVALID_SESSION_ID\), payments FAILED \(INVALID_SESSION_ID\); exit code 1/);
    expect(run.stdout).toMatch(/restart.*accounts FAILED.*exit code 1/);
    expect(run.stdout).toContain('SOAP API login() is disabled by default in this org.');
  });

  it('counts what changed', () => {
    const rows = table(run.stdout);
    expect(rows['expired sessions met']).toEqual(['1', '10']);
    expect(rows['failed calls']).toEqual(['5 of 9', '0 of 33']);
    expect(rows['token requests per expiry']).toEqual(['-', '1.0']);
    expect(rows['SOAP logins tried']![1]).toBe('0');
    const [before, after] = rows['lint findings']!.map(Number) as [number, number];
    expect(before - after).toBe(3);
    const [copied, inOrg] = rows['records copied']![1].split(' of ');
    expect(copied).toBe(inOrg);
  });

  it('shows the diff, without a password in it', () => {
    expect(run.stdout).toMatch(/^ {3}\+ .*authorize\(conn, \{ username: process\.env\.SF_USERNAME \}/m);
    expect(run.stdout).not.toMatch(/^ {3}\+(?!\+).*SF_PASSWORD/m);
  });

  it('says of the raw request what the README says: it fails when the session ends right before it', () => {
    expect(run.stdout).toContain('the call fails (INVALID_SESSION_ID)');
    expect(readFileSync(join(root, 'examples/billing-sync/README.md'), 'utf8')).toContain('it can still fail');
  });

  it('prints no token, no key and no colour codes into a pipe', () => {
    expect(run.stdout).not.toMatch(/00D\w{12,15}!|eyJ[\w-]+\.|BEGIN [A-Z ]*PRIVATE KEY|\u001B/);
    expect(run.stdout).not.toContain('***');
  });

  it('leaves nothing behind', () => {
    expect(readdirSync(tmp)).toEqual([]);
    expect(existsSync(join(root, 'examples/billing-sync/billing.json'))).toBe(false);
  });
});

describe.skipIf(!isBuilt)('the demo of a program that the migration cannot save', () => {
  let tmp: string;
  beforeAll(() => {
    tmp = realpathSync(mkdtempSync(join(tmpdir(), 'demo-test-')));
  });
  afterAll(() => rmSync(tmp, { recursive: true, force: true }));

  it('fails and says which claims do not hold', async () => {
    const at = join(tmp, 'root');
    const scratch = join(tmp, 'tmp');
    for (const folder of [at, scratch, join(at, 'scripts'), join(at, 'examples')]) mkdirSync(folder);
    for (const folder of ['dist', 'runtime', 'node_modules']) symlinkSync(join(root, folder), join(at, folder), 'junction');
    cpSync(join(root, 'scripts/demo.mjs'), join(at, 'scripts/demo.mjs'));
    cpSync(join(root, 'examples/billing-sync'), join(at, 'examples/billing-sync'), { recursive: true });
    // The payments first: their raw request meets the dead session before a connection has renewed it.
    const index = join(at, 'examples/billing-sync/index.js');
    const swapped = readFileSync(index, 'utf8').replace(/( {2}\{ name: 'invoices'.*?\}),\n( {2}\{ name: 'payments'.*?\})\n/, '$2,\n$1\n');
    expect(swapped.indexOf("'payments'")).toBeLessThan(swapped.indexOf("'invoices'"));
    writeFileSync(index, swapped);

    const { status, stdout } = await demo(at, scratch);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^does not hold: the migrated copy completes every round/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^demo: \d+ of \d+ claims do not hold$/);
    expect(readdirSync(scratch)).toEqual([]);
  });
});
