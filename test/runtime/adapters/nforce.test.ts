import { createRequire } from 'node:module';
import { withNforce, type NforceOAuth, type NforceOrgLike } from 'salesforce-auth-client';
import { describe, expect, it } from 'vitest';
import { contract, elsewhere, identity, instance, SOQL, theOrg, useOrg } from './contract';

interface Org extends NforceOrgLike {
  query(options: { query: string; oauth?: object; fetchAll?: boolean }, callback?: (error: Error | null, result: { totalSize: number }) => void): Promise<{ totalSize: number }>;
  getIdentity(options?: object): Promise<{ username: string }>;
  getUrl(options: { url: string; oauth?: object }): Promise<unknown>;
  insert(options: { sobject: object; oauth?: object }): Promise<{ success: boolean }>;
}
const nforce = createRequire(import.meta.url)('nforce') as { createConnection(options: object): Org; createSObject(type: string, fields: object): object };

useOrg();

const createOrg = (options: object = {}) =>
  nforce.createConnection({ clientId: 'app', clientSecret: 'unused', redirectUri: 'http://localhost/cb', apiVersion: 'v60.0', mode: 'single', ...options });
/** A login of somebody else's. */
const theirs = (url: string) => ({ access_token: ['00D000000000001', 'theirs'].join('!'), instance_url: url });

describe('withNforce, single-user mode', () => {
  contract(async (auth) => {
    const org = createOrg();
    await withNforce(auth, org);
    return { query: async () => (await org.query({ query: SOQL })).totalSize, visit: (url) => org.query({ query: SOQL, oauth: theirs(url) }) };
  });
});

describe('withNforce, multi-user mode, callbacks', () => {
  contract(async (auth) => {
    const org = createOrg({ mode: 'multi' });
    const oauth = await withNforce(auth, org);
    const query = (as: object) =>
      new Promise<number>((resolve, reject) => {
        void org.query({ query: SOQL, oauth: as }, (error, result) => (error ? reject(error) : resolve(result.totalSize)));
      });
    return { query: () => query(oauth), visit: (url) => query(theirs(url)) };
  });
});

describe('withNforce', () => {
  const connected = async (options: object = {}): Promise<[Org, NforceOAuth]> => {
    await instance();
    const org = createOrg(options);
    return [org, await withNforce(identity(), org)];
  };

  it("keeps the oauth object up to date, and stays out of the way of nforce's own autoRefresh", async () => {
    const [org, oauth] = await connected({ autoRefresh: true, username: 'them', password: 'theirs' });
    const before = oauth.access_token;
    theOrg().expireSessions();
    theOrg().resetCounts();
    await org.query({ query: SOQL });
    expect(oauth.access_token === before).toBe(false);
    expect(theOrg().requests.filter(({ kind }) => kind === 'token').map(({ grantType }) => grantType)).toEqual(['client_credentials']);
  });

  it('F04: renews getIdentity(), whose rejection is a 403', async () => {
    const [org] = await connected();
    theOrg().expireSessions();
    theOrg().resetCounts();
    expect((await org.getIdentity()).username).toBe(theOrg().credentials.username);
    expect(theOrg().counts).toMatchObject({ token: 1, userinfo: 2 });
  });

  it('renews what was addressed before, at the instance of now', async () => {
    const [org] = await connected();
    const after = await instance();
    theOrg().expireSessions();
    expect(await org.getUrl({ url: '/services/data/v60.0/limits' })).toHaveProperty('DailyApiRequests');
    expect(after.seen.map(({ path }) => path)).toEqual(['/services/data/v60.0/limits']);
  });

  it('sends a record again, and leaves other errors as they are', async () => {
    const [org] = await connected();
    theOrg().expireSessions();
    theOrg().resetCounts();
    const count = theOrg().records['Contact']?.length ?? 0;
    expect(await org.insert({ sobject: nforce.createSObject('Contact', { LastName: 'New' }) })).toMatchObject({ success: true });
    expect(theOrg().records['Contact']).toHaveLength(count + 1);
    await expect(org.getUrl({ url: '/services/data/v60.0/nowhere' })).rejects.toMatchObject({ errorCode: 'NOT_FOUND', statusCode: 404 });
    theOrg().failNext('data', 1, { destroy: true });
    await expect(org.getUrl({ url: '/services/data/v60.0/limits' })).rejects.toBeInstanceOf(Error);
    expect(theOrg().counts.token).toBe(1);
  });

  it('leaves an org alone that was given another login', async () => {
    const [org] = await connected();
    const other = await elsewhere();
    org.oauth = theirs(other.url);
    theOrg().resetCounts();
    await expect(org.query({ query: SOQL })).rejects.toMatchObject({ errorCode: 'INVALID_SESSION_ID' });
    expect([other.seen.length, theOrg().counts.token]).toEqual([1, 0]);
  });
});
