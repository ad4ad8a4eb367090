import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createClientAsync, type Client } from 'soap';
import { authorize, type AuthorizableConnection, type NforceOAuth, type NforceOrgLike } from 'salesforce-auth-client';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, contract, identity, instance, SOQL, theOrg, useOrg } from './contract';

const require = createRequire(import.meta.url);
const WSDL = fileURLToPath(new URL('partner.wsdl', import.meta.url));

interface Org extends NforceOrgLike {
  query(options: { query: string; oauth?: object }): Promise<{ totalSize: number }>;
}
const nforce = require('nforce') as { createConnection(options: object): Org };
const { Connection, OAuth2 } = require('jsforce-3') as {
  Connection: new (options: object) => AuthorizableConnection & { query(soql: string): Promise<{ totalSize: number }> };
  OAuth2: new (options: object) => { loginUrl: string; tokenServiceUrl: string };
};

useOrg();

const createOrg = (options: object = {}) =>
  nforce.createConnection({ clientId: 'app', redirectUri: 'http://localhost/cb', loginUri: `${theOrg().url}/services/oauth2/token`, mode: 'single', ...options });

/** A client of the soap package that the program logs in and gives its session, as real programs do. */
async function loggedIn(auth = identity()): Promise<Client> {
  const client = await createClientAsync(WSDL);
  client.setEndpoint(`${theOrg().url}/services/Soap/u/60.0`);
  const [{ result }] = await authorize(client, { auth });
  client.setEndpoint(result.serverUrl);
  client.addSoapHeader({ SessionHeader: { sessionId: result.sessionId } }, '', 'tns', 'urn:partner.soap.sforce.com');
  return client;
}

async function query(client: Client): Promise<number> {
  const [answer] = (await client['queryAsync']({ queryString: SOQL })) as [{ result: { size: number } }];
  return answer.result.size;
}

describe('authorize with a client of soap', () => {
  contract(async (auth) => {
    const client = await loggedIn(auth);
    return {
      query: () => query(client),
      // An envelope that holds none of our sessions, to a host that is not ours.
      visit: async (url) => {
        client.clearSoapHeaders();
        client.setEndpoint(`${url}/services/Soap/u/60.0`);
        return query(client);
      },
    };
  });

  it('answers as login() did, to a callback and as a promise', async () => {
    const client = await createClientAsync(WSDL);
    client.setEndpoint(`${theOrg().url}/services/Soap/u/60.0`);
    const userInfo = { userId: expect.stringMatching(/^005/) as string, organizationId: expect.stringMatching(/^00D/) as string };
    const login = {
      result: {
        serverUrl: expect.stringMatching(/^http:\/\/.*\/services\/Soap\/u\/60\.0\/00D\w{12}$/) as string,
        metadataServerUrl: expect.stringMatching(/\/services\/Soap\/m\/60\.0\/00D\w{12}$/) as string,
        sessionId: expect.stringMatching(/^00D/) as string,
        passwordExpired: false,
        userId: userInfo.userId,
        userInfo,
      },
    };
    expect(await authorize(client, { auth: identity() })).toEqual([login]);
    expect(await new Promise((resolve) => void authorize(client, { auth: identity() }, (...values) => resolve(values)))).toEqual([null, login]);
  });

  it('keeps to one layer however often it logs in', async () => {
    const client = await loggedIn();
    const { httpClient } = client as unknown as { httpClient: unknown };
    await authorize(client, { auth: identity() });
    expect((client as unknown as { httpClient: unknown }).httpClient).toBe(httpClient);
  });
});

describe('authorize with an org of nforce', () => {
  contract(async (auth) => {
    const org = createOrg();
    await authorize(org, { auth });
    const theirs = (url: string) => ({ access_token: ['00D000000000001', 'theirs'].join('!'), instance_url: url });
    return { query: async () => (await org.query({ query: SOQL })).totalSize, visit: (url) => org.query({ query: SOQL, oauth: theirs(url) }) };
  });

  it('gives the callback what authenticate() gave it', async () => {
    const org = createOrg({ mode: 'multi' });
    const [error, oauth] = await new Promise<[Error | null, NforceOAuth | undefined]>((resolve) => void authorize(org, { auth: identity() }, (failure, result) => resolve([failure, result])));
    expect(error).toBeNull();
    expect((await org.query({ query: SOQL, oauth: oauth! })).totalSize).toBe(ACCOUNTS);
  });

  it('keeps to one layer however often it logs in, and each session its own', async () => {
    const org = createOrg({ mode: 'multi' });
    const first = await authorize(org, { auth: identity() });
    const { _apiRequest: request } = org as unknown as { _apiRequest: unknown };
    const second = await authorize(org, { auth: identity() });
    expect((org as unknown as { _apiRequest: unknown })._apiRequest).toBe(request);
    theOrg().expireSessions();
    theOrg().resetCounts();
    for (const oauth of [first, second]) expect((await org.query({ query: SOQL, oauth })).totalSize).toBe(ACCOUNTS);
    expect(theOrg().counts.token).toBe(2);
  });

  it('tells onRefresh each new token once, where autoRefresh was on', async () => {
    await instance();
    const seen: [NforceOAuth, NforceOAuth][] = [];
    const org = createOrg({
      autoRefresh: true,
      onRefresh: (now: NforceOAuth, before: NforceOAuth, done: () => void) => {
        seen.push([{ ...now }, before]);
        done();
      },
    });
    const { access_token: first } = await authorize(org, { auth: identity() });
    theOrg().expireSessions();
    await Promise.all(Array.from({ length: 10 }, () => org.query({ query: SOQL })));
    expect(seen).toHaveLength(1);
    expect(seen[0]![1].access_token).toBe(first);
    expect(seen[0]![0].access_token === first).toBe(false);
  });
});

describe('authorize with an OAuth2 of jsforce', () => {
  it('answers with a token response that a connection takes', async () => {
    const oauth2 = new OAuth2({ loginUrl: theOrg().url, clientId: 'app', clientSecret: 'unused', redirectUri: 'http://localhost/cb' });
    const token = await authorize(oauth2, { auth: identity() });
    expect(token).toEqual({ access_token: expect.any(String), instance_url: theOrg().url, id: expect.stringContaining('/id/'), token_type: 'Bearer' });
    const conn = new Connection({ instanceUrl: token.instance_url, accessToken: token.access_token, version: '60.0' });
    expect((await conn.query(SOQL)).totalSize).toBe(ACCOUNTS);
  });
});

describe('authorize takes where to log in from the client', () => {
  it.each([
    ['nforce', () => createOrg({ loginUri: 'https://test.salesforce.com/services/oauth2/token' })],
    ['nforce, a sandbox', () => createOrg({ environment: 'sandbox' })],
    ['soap', async () => {
      const client = await createClientAsync(WSDL);
      client.setEndpoint('https://test.salesforce.com/services/Soap/u/60.0');
      return client;
    }],
    ['OAuth2', () => new OAuth2({ loginUrl: 'https://test.salesforce.com', clientId: 'app' })],
  ] as const)('%s: no production org for a sandbox', async (_name, make) => {
    process.env.SALESFORCE_LOGIN_URL = 'https://your-domain.my.salesforce.com';
    try {
      await expect(authorize((await make()) as NforceOrgLike, { username: 'user@example.com' })).rejects.toThrow(/SALESFORCE_LOGIN_URL.*sandbox/);
    } finally {
      delete process.env.SALESFORCE_LOGIN_URL;
    }
  });
});
