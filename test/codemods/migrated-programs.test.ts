/** Legacy programs, and what the codemod makes of them, run as processes of their own on a fake org. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TransformOptions } from '../../codemods/report';
import { transform } from '../../codemods/soap-login-to-oauth';
import { Bench, type Program } from './programs.support';

const PROGRAMS = join(import.meta.dirname, 'fixtures/programs');
const LIBRARIES = ['jsforce-1', 'jsforce-2', 'jsforce-3', 'node-salesforce'] as const;
type Library = (typeof LIBRARIES)[number];

/** A program runs on the library in its name; without one, on every jsforce. */
const runs = readdirSync(PROGRAMS)
  .filter((file) => file !== 'serve.js')
  .flatMap((file) => {
    const only = LIBRARIES.find((library) => file.includes(`.${library}.`));
    return (only ? [only] : LIBRARIES.filter((library) => library.startsWith('jsforce'))).map((library) => [file, library] as const);
  });

let org: FakeOrg;
/** How far the org's clock is ahead of ours, in milliseconds: sessions do not end every second. */
let ahead = 0;
const benches = Object.fromEntries(
  LIBRARIES.map((library) => [library, new Bench(PROGRAMS, { [library.replace(/^(jsforce)-\d$/, '$1')]: library })]),
) as Record<Library, Bench>;

beforeAll(async () => {
  org = await startFakeOrg({ clock: { now: () => Date.now() + ahead } });
});

beforeEach(() => {
  org.setSoapLogin('enabled');
  org.resetCounts();
});

afterAll(() => org.close());

/** The program as it was, with what it reads from the environment. */
function legacy(file: string, library: Library): Program {
  const { username, password, securityToken } = org.credentials;
  const bench = benches[library];
  return bench.start('legacy', file, bench.read(file), { SF_LOGIN_URL: org.url, SF_USERNAME: username, SF_PASSWORD: password + securityToken });
}

/** What the codemod makes of it, without a password anywhere near it. */
function migrated(file: string, library: Library, options: TransformOptions = {}): Program {
  const bench = benches[library];
  const { output, entries, env } = transform({ path: file, source: bench.read(file) }, options);
  expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(['migrated']));
  expect(output).not.toMatch(/\.login\(|PASSWORD/);
  const settings = org.environment(options.flow ?? 'jwt-bearer');
  expect(Object.keys(settings)).toEqual(expect.arrayContaining(env));
  return bench.start('migrated', file, output ?? '', { SF_LOGIN_URL: org.url, SF_USERNAME: org.credentials.username, ...Object.fromEntries(env.map((name) => [name, settings[name]])) });
}

describe('a migrated program goes on where login() ends', () => {
  it.each(runs)('%s on %s', async (file, library) => {
    const old = legacy(file, library);
    const userInfo = await old.login();
    expect(userInfo).toMatchObject({ id: expect.any(String), organizationId: expect.any(String), url: expect.any(String) });
    expect(await old.call()).toEqual({ totals: [3], failures: [] });
    if (library !== 'node-salesforce') {
      // What the migrated one has to do as well.
      org.expireSessions();
      expect(await old.call()).toEqual({ totals: [3], failures: [] });
    }
    expect(org.counts.soapLogin).toBeGreaterThan(0);
    expect(org.counts.token).toBe(0);

    org.setSoapLogin('disabled');
    const late = legacy(file, library);
    const program = migrated(file, library);
    expect(await late.login()).toBeUndefined();
    expect(late.output).not.toBe('');

    expect(await program.login()).toEqual(userInfo);
    expect(await program.call()).toEqual({ totals: [3], failures: [] });
    org.resetCounts();
    for (let expiry = 1; expiry <= 10; expiry++) {
      ahead += 90_000;
      org.expireSessions();
      expect(await program.call()).toEqual({ totals: [3], failures: [] });
      expect(org.counts).toMatchObject({ token: expiry, soapLogin: 0 });
    }

    org.expireSessions();
    org.resetCounts();
    expect(await program.call(50)).toEqual({ totals: Array<number>(50).fill(3), failures: [] });
    expect(org.counts).toMatchObject({ token: 1, soapLogin: 0 });
    expect(program.output).not.toContain(org.credentials.privateKey);
  });
});

describe('with --flow=client-credentials', () => {
  it.each(['jsforce-1', 'jsforce-2', 'jsforce-3'] as const)('await-in-main.js on %s runs as the user of the app', async (library) => {
    org.setSoapLogin('disabled');
    const program = migrated('await-in-main.js', library, { flow: 'client-credentials' });
    expect(await program.login()).toMatchObject({ id: expect.any(String), organizationId: expect.any(String) });
    org.expireSessions();
    org.resetCounts();
    expect(await program.call(50)).toEqual({ totals: Array<number>(50).fill(3), failures: [] });
    expect(org.counts.token).toBe(1);
  });
});
