import { inspect } from 'node:util';
import { createSalesforceTenants, memoryStore, SalesforceAuthConfigError, type SalesforceAuth } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const QUERY = '/services/data/v60.0/query?q=SELECT+Id+FROM+Account';
let one: FakeOrg;
let two: FakeOrg;

beforeAll(async () => {
  [one, two] = await Promise.all([startFakeOrg({ soapLogin: 'disabled', rotateRefreshTokens: true }), startFakeOrg()]);
});
afterAll(() => Promise.all([one.close(), two.close()]));
beforeEach(() => {
  one.resetCounts();
  two.resetCounts();
});

const appOf = ({ credentials: { clientId, clientSecret }, url }: FakeOrg) => ({ clientId, clientSecret, loginUrl: url });
const status = async (auth: SalesforceAuth) => (await auth.fetch(QUERY)).status;

describe('createSalesforceTenants', () => {
  it('gives the same manager for the same identity, so that its calls share a token', async () => {
    const { username, privateKey } = one.credentials;
    const salesforce = createSalesforceTenants({ ...appOf(one), flow: 'jwt-bearer', privateKey });
    expect(salesforce.for({ username })).toBe(salesforce.for({ username }));
    const calls = () => Promise.all(Array.from({ length: 50 }, () => status(salesforce.for({ username }))));
    expect(await calls()).toEqual(Array(50).fill(200));
    one.expireSessions();
    expect(await calls()).toEqual(Array(50).fill(200));
    expect([one.counts.token, salesforce.size]).toEqual([2, 1]);
  });

  it('T08: keeps identities apart: no shared flight, store record or token', async () => {
    const salesforce = createSalesforceTenants({ flow: 'client-credentials' });
    const [a, b] = [salesforce.for(appOf(one)), salesforce.for(appOf(two))];
    const [ofA, ofB] = await Promise.all([a.token(), b.token()]);
    expect([ofA.instanceUrl, ofB.instanceUrl]).toEqual([one.url, two.url]);
    expect(ofA.accessToken === ofB.accessToken).toBe(false);
    one.expireSessions();
    two.expireSessions();
    one.resetCounts();
    two.resetCounts();
    expect(await Promise.all([status(a), status(b), status(a), status(b)])).toEqual([200, 200, 200, 200]);
    expect([one.counts.token, two.counts.token]).toEqual([1, 1]);
  });

  it('closes the idle: who asks again has the token from the store, and the rotated refresh token', async () => {
    const time = { value: Date.now(), now: () => time.value };
    const { username, refreshToken } = one.credentials;
    const salesforce = createSalesforceTenants({ ...appOf(one), flow: 'refresh-token', clock: time, store: memoryStore() });
    const idle = salesforce.for({ username, refreshToken });
    await idle.token();
    time.value += 599_000;
    expect(salesforce.closeIdle(600)).toBe(0);
    time.value += 1000;
    const busy = salesforce.for({ username: 'another@example.com', refreshToken: one.issueRefreshToken() });
    expect([salesforce.closeIdle(600), salesforce.size]).toEqual([1, 1]);
    await expect(idle.token()).rejects.toMatchObject({ code: 'CLOSED' });
    expect(await status(busy)).toBe(200);

    one.resetCounts();
    const again = salesforce.for({ username, refreshToken });
    expect(again).not.toBe(idle);
    expect(await status(again)).toBe(200);
    expect(one.counts.token).toBe(0);
  });

  it('close() closes them all', async () => {
    const salesforce = createSalesforceTenants({ flow: 'client-credentials' });
    const both = [salesforce.for(appOf(one)), salesforce.for(appOf(two))];
    salesforce.close();
    expect(salesforce.size).toBe(0);
    for (const auth of both) await expect(auth.token()).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('makes a new manager for a new credential', () => {
    const salesforce = createSalesforceTenants({ ...appOf(one), flow: 'refresh-token' });
    const [first, second] = [one.issueRefreshToken(), one.issueRefreshToken()].map((refreshToken) => salesforce.for({ username: 'a@example.com', refreshToken }));
    expect(first).not.toBe(second);
  });

  it('refuses identities that could get the tokens of others', () => {
    const refresh = createSalesforceTenants({ ...appOf(one), flow: 'refresh-token' });
    expect(() => refresh.for({ refreshToken: one.issueRefreshToken() })).toThrow(/^username is missing: /);
    const shared = createSalesforceTenants({ ...appOf(one), flow: 'client-credentials' });
    expect(() => shared.for({ username: 'a@example.com' })).toThrow(/^username has no say in client credentials/);
    expect(() => shared.closeIdle(Number.NaN)).toThrow(SalesforceAuthConfigError);
  });

  it('L02: shows no credential', () => {
    const { clientSecret, privateKey, username } = one.credentials;
    const salesforce = createSalesforceTenants({ ...appOf(one), flow: 'jwt-bearer', privateKey });
    salesforce.for({ username });
    for (const shown of [inspect(salesforce, { depth: 10, showHidden: true }), JSON.stringify(salesforce)]) {
      expect([clientSecret, privateKey].some((secret) => shown.includes(secret))).toBe(false);
    }
  });
});
