import { createSalesforceAuth, type SalesforceAuth } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Relay, REJECTION, type Answer, type Reply } from './relay';

/** A library under its adapter. */
export interface Client {
  /** Resolves to the number of accounts. */
  query(): Promise<number>;
  /** Calls another host. */
  visit(url: string): Promise<unknown>;
}

export const SOQL = 'SELECT Id, Name FROM Account';
export const QUERY = `/services/data/v60.0/query?q=${encodeURIComponent(SOQL)}`;
export const ACCOUNTS = 3;

/** An org that takes no SOAP login() and no password any more. */
let org: FakeOrg;
const relays: Relay[] = [];

/** The org of this test file. */
export function theOrg(): FakeOrg {
  return org;
}

/** Makes a server in front of the org the instance that tokens are for. */
export async function instance(answer?: Answer): Promise<Relay> {
  const relay = await new Relay(org.url, answer).start();
  relays.push(relay);
  org.setInstanceUrl(relay.url);
  return relay;
}

/** A host of somebody else's, which rejects all. */
export async function elsewhere(): Promise<Relay> {
  const relay = await new Relay(org.url, async () => REJECTION).start();
  relays.push(relay);
  return relay;
}

export function identity(): SalesforceAuth {
  const { clientId, clientSecret } = org.credentials;
  return createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret, maxRefreshesPerMinute: 10 });
}

export function useOrg(): void {
  beforeAll(async () => {
    org = await startFakeOrg({ soapLogin: 'disabled', passwordGrant: 'blocked' });
  });
  afterAll(() => org.close());
  beforeEach(() => org.resetCounts());
  afterEach(async () => {
    org.rejectAllSessions(false);
    org.clearFaults();
    org.setInstanceUrl(org.url);
    await Promise.all(relays.splice(0).map((relay) => relay.close()));
  });
}

/** What every adapter does. `answer` is what the org's instances add to the fake org. */
export function contract(connect: (auth: SalesforceAuth) => Client | Promise<Client>, answer?: Answer): void {
  /** Connected, with a token that has just expired. */
  const expired = async (auth = identity(), count = 1) => {
    const clients: Client[] = [];
    for (let index = 0; index < count; index++) clients.push(await connect(auth));
    for (const client of clients) expect(await client.query()).toBe(ACCOUNTS);
    org.expireSessions();
    org.resetCounts();
    return clients as [Client, ...Client[]];
  };
  const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => expect.fail('should have failed'), (error: unknown) => error);

  it('lives through ten expiries, with one token request each', async () => {
    const relay = await instance(answer);
    const [client] = await expired();
    relay.seen.length = 0;
    for (let expiry = 1; expiry <= 10; expiry++) {
      expect(await client.query()).toBe(ACCOUNTS);
      expect(org.counts.token).toBe(expiry);
      org.expireSessions();
    }
    expect(relay.seen).toHaveLength(20);
  });

  it('T01: makes one token request for 50 calls at once, over two instances of the library', async () => {
    await instance(answer);
    const clients = await expired(identity(), 2);
    const counts = await Promise.all(clients.flatMap((client) => Array.from({ length: 25 }, () => client.query())));
    expect(counts).toEqual(Array(50).fill(ACCOUNTS));
    expect(org.counts.token).toBe(1);
  });

  it('T02: still one when half of the rejections arrive after the refresh', async () => {
    const auth = identity();
    const rejections: (() => void)[] = [];
    let isExpired = false;
    const relay = await instance(async (request, ask) => {
      const reply = answer ? await answer(request, ask) : await ask();
      if (!isExpired || reply.status < 400) return reply;
      return new Promise<Reply>((resolve) => {
        rejections.push(() => resolve(reply));
        if (rejections.length === 50) for (const release of rejections.splice(0, 25)) release();
      });
    });
    const [client] = await expired(auth);
    isExpired = true;
    auth.on('refresh', () => rejections.splice(0).forEach((release) => release()));
    expect(await Promise.all(Array.from({ length: 50 }, () => client.query()))).toEqual(Array(50).fill(ACCOUNTS));
    expect(org.counts.token).toBe(1);
    expect(relay.seen).toHaveLength(1 + 100);
  });

  it('T10: gives a permanent rejection up after two requests and one token request', async () => {
    const relay = await instance(answer);
    const [client] = await expired();
    org.rejectAllSessions();
    relay.seen.length = 0;
    expect(await failure(client.query())).toMatchObject({ name: 'SalesforceSessionError', code: 'REJECTED_AFTER_REFRESH', errorCode: 'INVALID_SESSION_ID' });
    expect(relay.seen).toHaveLength(2);
    expect(org.counts.token).toBe(1);
    org.rejectAllSessions(false);
    expect(await client.query()).toBe(ACCOUNTS);
  });

  it('passes the refusal of a login on, with its type', async () => {
    await instance(answer);
    const [client] = await expired();
    org.failNext('token', 1, { status: 400, body: { error: 'invalid_grant', error_description: 'authentication failure' } });
    expect(await failure(client.query())).toMatchObject({ name: 'SalesforceGrantError', code: 'GRANT_REFUSED', oauthError: 'invalid_grant' });
  });

  it('B09: goes on at a new instance URL', async () => {
    const before = await instance(answer);
    const [client] = await expired();
    const after = await instance(answer);
    expect(await client.query()).toBe(ACCOUNTS);
    expect(await client.query()).toBe(ACCOUNTS);
    expect([before.seen.length, after.seen.length]).toEqual([2, 2]);
    expect(org.counts.token).toBe(1);
  });

  it('B10: leaves other hosts alone', async () => {
    await instance(answer);
    const auth = identity();
    const client = await connect(auth);
    const { accessToken } = await auth.token();
    const other = await elsewhere();
    org.resetCounts();
    await client.visit(other.url).catch(() => {});
    expect(other.seen).toHaveLength(1);
    expect(JSON.stringify(other.seen).includes(accessToken)).toBe(false);
    expect(org.counts.token).toBe(0);
  });
}
