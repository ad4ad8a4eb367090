import { createRequire } from 'node:module';
import axios from 'axios';
import got from 'got';
import { GraphQLClient } from 'graphql-request';
import {
  authorize, createSalesforceAuth, undiciInterceptor, withAxios, withGot, withNforce, withRequest, withRequestRetry, withSuperagent, type AuthorizableConnection,
  type NforceOrgLike, type RequestLike, type RequestRetryLike, type SalesforceAuth, type SuperagentLike,
} from 'salesforce-auth-client';
import { Agent, request as undiciRequest } from 'undici';
import { describe, expect, it } from 'vitest';
import { expectClean, Witness, words } from '../secrets';
import { instance, theOrg, useOrg } from './contract';

const NOWHERE = '/services/data/v60.0/nowhere';
const load = createRequire(import.meta.url);

useOrg();

interface Nforce extends NforceOrgLike {
  getUrl(options: { url: string }): Promise<unknown>;
}

/** A call through each library. */
const libraries: Record<string, (auth: SalesforceAuth) => Promise<(path: string) => PromiseLike<unknown>>> = {
  'auth.fetch': async (auth) => (path) => auth.fetch(path),
  axios: async (auth) => {
    const client = withAxios(auth, axios.create());
    return (path) => client.get(path);
  },
  request: async (auth) => withRequest(auth, load('request') as RequestLike),
  'request, with json': async (auth) => withRequest(auth, load('request') as RequestLike).defaults({ json: true }),
  got: async (auth) => {
    const client = withGot(auth, got.extend({ prefixUrl: theOrg().instanceUrl, retry: { limit: 0 } }));
    return (path) => client(path.slice(1));
  },
  requestretry: async (auth) => {
    const client = withRequestRetry(auth, load('requestretry') as RequestRetryLike & ((options: object) => Promise<unknown>));
    return (path) => client({ url: theOrg().instanceUrl + path, maxAttempts: 1 });
  },
  superagent: async (auth) => {
    const client = withSuperagent(auth, load('superagent') as SuperagentLike & { get(url: string): Promise<unknown> });
    return (path) => client.get(path);
  },
  nforce: async (auth) => {
    const { createConnection } = load('nforce') as { createConnection(options: object): Nforce };
    const org = createConnection({ clientId: 'app', clientSecret: 'unused', redirectUri: 'http://localhost/cb', mode: 'single' });
    await withNforce(auth, org);
    return (path) => org.getUrl({ url: path });
  },
  'jsforce 3': async (auth) => {
    const { Connection } = load('jsforce-3') as { Connection: new (options: object) => AuthorizableConnection & { requestPost(path: string, body: object): Promise<unknown> } };
    const connection = new Connection({ loginUrl: theOrg().url });
    await authorize(connection, { auth });
    // It repeats a lost GET for seven seconds.
    return (path) => connection.requestPost(path, {});
  },
  'graphql-request': async (auth) => (path) => new GraphQLClient(theOrg().instanceUrl + path, { fetch: auth.fetch }).request('{ uiapi { query { Account { totalCount } } } }'),
  undici: async (auth) => {
    const dispatcher = new Agent().compose(undiciInterceptor(auth));
    return (path) => undiciRequest(theOrg().instanceUrl + path, { dispatcher });
  },
};

/** How a call can end otherwise than well, and with which of our errors. */
const ends: [string, bring: (witness: Witness) => void, code?: string][] = [
  ['an answer of 404', () => theOrg().failNext('data', 1, { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'no such thing' }] })],
  ['a lost connection', () => theOrg().failNext('data', 4, { destroy: true })],
  ['a session that stays rejected', () => theOrg().rejectAllSessions(), 'REJECTED_AFTER_REFRESH'],
  ['a refused login', (witness) => {
    theOrg().expireSessions();
    theOrg().failNext('token', 1, { status: 400, body: { error: 'invalid_grant', error_description: witness.echo } });
  }, 'GRANT_REFUSED'],
];

describe.each(Object.entries(libraries))('L04: what a call ends with, %s', (library, connect) => {
  it.each(ends)('L04: %s shows no secret', async (_end, bring, code) => {
    const { clientId, clientSecret } = theOrg().credentials;
    const witness = new Witness().know(theOrg().credentials);
    await instance();
    const auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: theOrg().url, clientId, clientSecret, fetch: witness.fetch });
    await auth.token();
    const get = await connect(auth);
    bring(witness);
    const outcome: unknown = await get(NOWHERE).then((answer) => answer, (error: unknown) => error);
    expect(outcome).toMatchObject(code ? { code } : {});
    // These keep their answer and its request, out of the sight of printing: docs/runtime/adapters.md says so.
    expectClean(words(outcome, !['got', 'superagent', 'requestretry'].includes(library)), witness.secrets);
  });
});

describe('L03: a body that echoes the token', () => {
  it.each(['axios', 'request', 'request, with json'])('L03: is scrubbed in the error of %s', async (library) => {
    const { clientId, clientSecret } = theOrg().credentials;
    await instance();
    const auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: theOrg().url, clientId, clientSecret });
    const { accessToken } = await auth.token();
    const get = await libraries[library]!(auth);
    theOrg().failNext('data', 1, { status: 404, body: [{ errorCode: 'NOT_FOUND', message: `no such thing for ${accessToken}` }] });
    const error: unknown = await get(NOWHERE).then(() => expect.fail('no error'), (error: unknown) => error);
    expectClean(error, [accessToken]);
  });
});
