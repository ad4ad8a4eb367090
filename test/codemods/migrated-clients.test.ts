/** Programs on nforce, node-soap, refreshFn and token requests of their own, before and after the codemod, on a fake org. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TransformOptions } from '../../codemods/report';
import { transform } from '../../codemods/soap-login-to-oauth';
import { installModules, Program } from './programs.support';

const PROGRAMS = join(import.meta.dirname, 'fixtures/clients');
const SHARED = join(import.meta.dirname, 'fixtures/programs/serve.js');
const JSFORCE = ['jsforce-1', 'jsforce-2', 'jsforce-3'];

/** On which libraries a program runs, by its name; what logs in for each piece of work renews nothing. */
const runs = readdirSync(PROGRAMS)
  .filter((file) => /\.\w*js$/.test(file))
  .flatMap((file) => {
    const libraries = /^(?:refresh-function|oauth2)/.test(file) ? JSFORCE : [/^[a-z]+/.exec(file)![0]];
    return libraries.map((library) => ({ file, library, renews: /^(?:nforce|soap|refresh-function)/.test(file) }));
  });
const libraries = [...new Set(runs.map(({ library }) => library))];

let org: FakeOrg;
/** How far the org's clock is ahead of ours, in milliseconds: sessions do not end every second. */
let ahead = 0;
let dir: string;
const running: Program[] = [];

beforeAll(async () => {
  org = await startFakeOrg({ clock: { now: () => Date.now() + ahead } });
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'clients-')));
  for (const library of libraries) {
    installModules(join(dir, library), /^(?:fetch|http)$/.test(library) ? {} : { [library.replace(/^(jsforce)-\d$/, '$1')]: library });
    for (const kind of ['legacy', 'migrated']) {
      mkdirSync(join(dir, library, kind));
      cpSync(SHARED, join(dir, library, kind, 'serve.js'));
      cpSync(join(PROGRAMS, 'salesforce-partner.wsdl'), join(dir, library, kind, 'salesforce-partner.wsdl'));
    }
  }
});

beforeEach(() => {
  ahead = 0;
  org.setSoapLogin('enabled');
  org.setPasswordGrant('enabled');
  org.resetCounts();
});

afterEach(() => {
  for (const program of running.splice(0)) program.stop();
});

afterAll(async () => {
  await org.close();
  rmSync(dir, { recursive: true, force: true });
});

function start(path: string, env: Record<string, string>): Program {
  const program = new Program(path, { SF_LOGIN_URL: org.url, SF_USERNAME: org.credentials.username, ...env });
  running.push(program);
  return program;
}

function legacy(file: string, library: string): Program {
  const path = join(dir, library, 'legacy', file);
  cpSync(join(PROGRAMS, file), path);
  const { password, securityToken, clientId, clientSecret } = org.credentials;
  return start(path, { SF_PASSWORD: password + securityToken, SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret });
}

/** What the codemod makes of it, without a password anywhere near it. */
function migrated(file: string, library: string, options: TransformOptions = {}): Program {
  const { output, entries, env } = transform({ path: file, source: readFileSync(join(PROGRAMS, file), 'utf8') }, options);
  expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(['migrated']));
  expect(output).not.toMatch(/PASSWORD/);
  const path = join(dir, library, 'migrated', file);
  writeFileSync(path, output ?? '');
  const settings = org.environment(options.flow ?? 'jwt-bearer');
  expect(Object.keys(settings)).toEqual(expect.arrayContaining(env));
  return start(path, Object.fromEntries(env.map((name) => [name, settings[name] as string])));
}

const ONE = { totals: [3], failures: [] };

describe('a migrated program goes on where its login ends', () => {
  it.each(runs)('$file on $library', async ({ file, library, renews }) => {
    const userInfo = await legacy(file, library).login();
    expect(userInfo).toEqual({ id: expect.any(String) });
    org.setSoapLogin('disabled');
    org.setPasswordGrant('blocked');
    const late = legacy(file, library);
    expect(await late.login()).toBeUndefined();
    expect(late.output).not.toBe('');

    const program = migrated(file, library);
    expect(await program.login(), program.output).toEqual(userInfo);
    expect(await program.call()).toEqual(ONE);
    org.resetCounts();
    for (let expiry = 1; expiry <= 5; expiry++) {
      // An assertion that a program makes itself goes by the program's clock.
      if (renews) ahead += 90_000;
      org.expireSessions();
      expect(await program.call()).toEqual(ONE);
      expect(org.counts).toMatchObject({ token: expiry, soapLogin: 0 });
    }

    org.expireSessions();
    org.resetCounts();
    expect(await program.call(50)).toEqual({ totals: Array<number>(50).fill(3), failures: [] });
    if (renews) expect(org.counts.token).toBe(1);
    expect(org.counts.soapLogin).toBe(0);
    expect(program.output).not.toContain(org.credentials.privateKey);
  });

  it.each(runs)('$file on $library, with --flow=client-credentials', async ({ file, library }) => {
    org.setSoapLogin('disabled');
    org.setPasswordGrant('blocked');
    const program = migrated(file, library, { flow: 'client-credentials' });
    expect(await program.login()).toEqual({ id: expect.any(String) });
    expect(await program.call()).toEqual(ONE);
    expect(org.requests.filter(({ kind }) => kind === 'token').map(({ grantType }) => grantType)).toContain('client_credentials');
  });
});
