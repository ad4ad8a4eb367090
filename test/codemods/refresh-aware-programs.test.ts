/** Programs on a held token, and what fetch-to-refresh-aware makes of them, run as processes of their own on a fake org. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transform } from '../../codemods/fetch-to-refresh-aware';
import { Relay, type Answer } from '../runtime/adapters/relay';
import { Bench, type Program } from './programs.support';

const PROGRAMS = join(import.meta.dirname, 'fixtures/refresh-aware-programs');
const INSTALLED = Object.fromEntries([
  'axios', 'cross-fetch', 'got', 'graphql-request', 'node-fetch', 'node-salesforce', 'request', 'request-promise', 'request-promise-native', 'requestretry', 'superagent', 'undici',
].map((name) => [name, name]));
const benches = Object.fromEntries(['jsforce-1', 'jsforce-2', 'jsforce-3'].map((library) => [library, new Bench(PROGRAMS, { ...INSTALLED, jsforce: library })]));

const runs = readdirSync(PROGRAMS)
  .filter((file) => file !== 'serve.js')
  .flatMap((file) => (file.includes('.jsforce.') ? Object.keys(benches) : ['jsforce-3']).map((library) => [file, library] as const));

const ACCOUNTS = 3;
/** The fake org has no GraphQL: what it says of the session decides. */
const answer: Answer = async ({ path }, ask) => {
  if (!path.endsWith('/graphql')) return ask();
  const reply = await ask('/services/data/v60.0/limits', 'GET');
  return reply.status === 200 ? { ...reply, body: JSON.stringify({ data: { uiapi: { query: { Account: { totalCount: ACCOUNTS } } } } }) } : reply;
};

/** An org whose clock runs ahead: sessions do not end every second. */
class Org {
  #ahead = 0;
  org!: FakeOrg;
  instance!: Relay;

  async start(options: object = {}): Promise<void> {
    this.org = await startFakeOrg({ ...options, soapLogin: 'disabled', passwordGrant: 'blocked', clock: { now: () => Date.now() + this.#ahead } });
    this.instance = await new Relay(this.org.url, answer).start();
    this.org.setInstanceUrl(this.instance.url);
  }

  async stop(): Promise<void> {
    await this.instance.close();
    await this.org.close();
  }

  expire(): void {
    this.#ahead += 90_000;
    this.org.expireSessions();
  }

  /** A token, as somebody once put it into the program's environment. */
  async token(): Promise<string> {
    const { clientId, clientSecret } = this.org.credentials;
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
    const response = await fetch(`${this.org.url}/services/oauth2/token`, { method: 'POST', body });
    return ((await response.json()) as { access_token: string }).access_token;
  }
}

const once = new Org();
const rotating = new Org();
beforeAll(async () => {
  await once.start();
  await rotating.start({ rotateRefreshTokens: true });
});
afterAll(() => Promise.all([once.stop(), rotating.stop()]));

const worked = (calls: number) => ({ totals: Array<number>(calls).fill(ACCOUNTS), failures: [] });

function migrated(file: string, library: string, env: Record<string, string>): Program {
  const bench = benches[library]!;
  const { output, entries } = transform({ path: file, source: bench.read(file) }, {});
  expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(['migrated']));
  return bench.start('migrated', file, output ?? '', env);
}

describe.each(runs)('%s, with %s', (file, library) => {
  it('stops working when its token ends; what the codemod makes of it goes on through ten expiries, and for 50 calls at once', async () => {
    const bench = benches[library]!;
    const { org } = once;
    const env = { SF_INSTANCE_URL: once.instance.url, SF_ACCESS_TOKEN: await once.token() };
    const legacy = bench.start('legacy', file, bench.read(file), env);
    await legacy.login();
    expect(await legacy.call()).toEqual(worked(1));

    // An assertion would meet a clock that is ahead by many minutes.
    const program = migrated(file, library, { ...env, ...org.environment('client-credentials') });
    await program.login();
    expect(await program.call()).toEqual(worked(1));
    org.resetCounts();
    for (let expiry = 1; expiry <= 10; expiry++) {
      once.expire();
      expect(await program.call()).toEqual(worked(1));
      expect(org.counts.token).toBe(expiry);
    }
    expect((await legacy.call()).failures).toHaveLength(1);

    once.expire();
    org.resetCounts();
    expect(await program.call(50)).toEqual(worked(50));
    expect(org.counts.token).toBe(1);
    expect(program.output).not.toContain(org.credentials.clientSecret);
  });

  it('keeps a refresh token that each renewal replaces', async () => {
    const { org } = rotating;
    const env = { SF_INSTANCE_URL: rotating.instance.url, SF_ACCESS_TOKEN: await rotating.token() };
    const program = migrated(file, library, { ...env, ...org.environment('refresh-token') });
    await program.login();
    for (let expiry = 1; expiry <= 3; expiry++) {
      rotating.expire();
      org.resetCounts();
      expect(await program.call(10)).toEqual(worked(10));
      expect(org.counts.token).toBe(1);
    }
  });
});
