import { inspect } from 'node:util';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import axios, { type AxiosError, type AxiosInstance } from 'axios';
import { createSalesforceAuth, withAxios } from 'salesforce-auth-client';
import { startFakeOrg } from 'salesforce-auth-client/testing';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, contract, elsewhere, identity, instance, QUERY, theOrg, useOrg } from './contract';
import { REJECTION } from './relay';

useOrg();

const failure = (promise: Promise<unknown>): Promise<AxiosError> =>
  promise.then(() => expect.fail('should have failed'), (error: AxiosError) => error);

describe.each(['http', 'fetch'] as const)('withAxios, its %s adapter', (adapter) => {
  contract((auth) => {
    const client = withAxios(auth, axios.create({ adapter }));
    return { query: async () => (await client.get(QUERY)).data.totalSize, visit: (url) => client.get(url) };
  });
});

describe('withAxios', () => {
  const auth = () => identity();

  it('asked for twice by two modules, changes axios once: two requests and one token request for a permanent rejection', async () => {
    const relay = await instance();
    const one = auth();
    const client = axios.create();
    expect(withAxios(one, withAxios(one, client))).toBe(client);
    await client.get(QUERY);
    theOrg().rejectAllSessions();
    theOrg().resetCounts();
    relay.seen.length = 0;
    expect(await failure(client.get(QUERY))).toMatchObject({ code: 'REJECTED_AFTER_REFRESH' });
    expect([relay.seen.length, theOrg().counts.token]).toEqual([2, 1]);
  });

  it('of two identities, the one whose host it is signs a request', async () => {
    await instance();
    const other = await startFakeOrg();
    const { clientId, clientSecret } = other.credentials;
    const theirs = createSalesforceAuth({ flow: 'client-credentials', loginUrl: other.url, clientId, clientSecret });
    const client = withAxios(theirs, withAxios(auth(), axios.create()));
    const { instanceUrl } = await theirs.token();
    expect((await client.get(instanceUrl + QUERY)).data.totalSize).toBe(ACCOUNTS);
    await other.close();
  });

  it('takes a baseURL, params and a base that was left', async () => {
    const before = await instance();
    const client = withAxios(auth(), axios.create({ baseURL: `${before.url}/services/data/v60.0/` }));
    const query = () => client.get('query', { params: { q: 'SELECT Id FROM Account' } });
    expect((await query()).data.totalSize).toBe(ACCOUNTS);
    const after = await instance();
    theOrg().expireSessions();
    expect((await query()).data.totalSize).toBe(ACCOUNTS);
    expect(after.seen.map(({ path }) => path)).toEqual(['/services/data/v60.0/query?q=SELECT+Id+FROM+Account']);
  });

  it('sends a body again as it was, and runs the interceptors and transforms of the caller once', async () => {
    const relay = await instance();
    const instanceOfCaller = axios.create({ transformRequest: [(data) => `[${JSON.stringify(data)}]`] });
    const log: string[] = [];
    instanceOfCaller.interceptors.request.use((config) => (log.push('request'), config));
    const client = withAxios(auth(), instanceOfCaller);
    client.interceptors.response.use((response) => (log.push('response'), response), (error) => Promise.reject((log.push('error'), error)));
    await client.get(QUERY);
    theOrg().expireSessions();
    log.length = relay.seen.length = 0;
    await failure(client.post('/services/data/v60.0/sobjects/Account', { Name: 'Köln' }, { headers: { 'content-type': 'application/json' } }));
    expect(relay.seen.map(({ body }) => body)).toEqual(Array(2).fill('[{"Name":"Köln"}]'));
    expect(log).toEqual(['request', 'error']);
  });

  it('B01: sends FormData again', async () => {
    const relay = await instance();
    const client = withAxios(auth(), axios.create());
    await client.get(QUERY);
    theOrg().expireSessions();
    relay.seen.length = 0;
    const form = new FormData();
    form.set('entity', 'Account');
    await failure(client.post('/services/data/v60.0/nowhere', form));
    expect(relay.seen.map(({ body }) => body.includes('Account'))).toEqual([true, true]);
  });

  it('B02: does not send a stream again: its rejection comes back, and the next call has a new token', async () => {
    const relay = await instance();
    const client = withAxios(auth(), axios.create());
    await client.get(QUERY);
    theOrg().expireSessions();
    theOrg().resetCounts();
    relay.seen.length = 0;
    const error = await failure(client.post('/services/data/v60.0/sobjects/Account', Readable.from(['{}'])));
    expect(error.response?.status).toBe(401);
    expect([relay.seen.length, theOrg().counts.token]).toEqual([1, 1]);
    expect((await client.get(QUERY)).data.totalSize).toBe(ACCOUNTS);
    expect(theOrg().counts.token).toBe(1);
  });

  it('judges where validateStatus lets everything pass, and where the answer is a stream or bytes', async () => {
    await instance();
    const client = withAxios(auth(), axios.create({ validateStatus: () => true }));
    await client.get(QUERY);
    for (const responseType of ['json', 'stream', 'arraybuffer'] as const) {
      theOrg().expireSessions();
      expect((await client.get(QUERY, { responseType })).status).toBe(200);
    }
    const missing = await client.get('/services/data/v60.0/nowhere', { responseType: 'stream' });
    expect(missing.status).toBe(404);
    expect(await text(missing.data)).toContain('NOT_FOUND');
  });

  it('T11: asks for no token when none would help', async () => {
    await instance();
    const client = withAxios(auth(), axios.create());
    await client.get(QUERY);
    theOrg().resetCounts();
    theOrg().failNext('data', 1, { status: 401, body: [{ message: 'This session is not valid for use with the REST API', errorCode: 'INVALID_SESSION_ID' }] });
    theOrg().failNext('data', 1, { status: 403, body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }] });
    expect((await failure(client.get(QUERY))).response?.status).toBe(401);
    expect((await failure(client.get(QUERY))).response?.status).toBe(403);
    expect(theOrg().counts).toMatchObject({ token: 0, data: 2 });
  });

  it('F02: renews Bulk 1 calls, which carry their session in a header of their own', async () => {
    const relay = await instance();
    const client = withAxios(auth(), axios.create());
    await client.get(QUERY);
    theOrg().expireSessions();
    relay.seen.length = 0;
    const job = { operation: 'insert', object: 'Account', contentType: 'JSON' };
    expect((await client.post('/services/async/60.0/job', job)).data.state).toBe('Open');
    expect(relay.seen.map(({ headers }) => [typeof headers['x-sfdc-session'], headers.authorization])).toEqual(Array(2).fill(['string', undefined]));
  });

  it('F06: hands the rejection of a subscription back, and the next handshake has a new token', async () => {
    const relay = await instance(async (request, ask) =>
      request.path.startsWith('/cometd/') ? { ...REJECTION, body: '[{"error":"401::Authentication invalid"}]' } : ask(),
    );
    const client = withAxios(auth(), axios.create());
    await client.get(QUERY);
    theOrg().resetCounts();
    expect((await failure(client.post('/cometd/60.0', []))).response?.status).toBe(401);
    expect([relay.seen.length, theOrg().counts.token]).toEqual([2, 1]);
  });

  it('F03: replaces its session inside an envelope, and leaves one of somebody else there', async () => {
    const relay = await instance();
    const one = auth();
    const client = withAxios(one, axios.create({ headers: { SOAPAction: '""' } }));
    const envelope = (session: string) =>
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com"><e:Header><p:SessionHeader><p:sessionId>${session}</p:sessionId></p:SessionHeader></e:Header><e:Body><p:getUserInfo/></e:Body></e:Envelope>`;
    const post = (session: string) => client.post(`${relay.url}/services/Soap/u/60.0`, envelope(session), { headers: { 'content-type': 'text/xml' } });
    await client.get(QUERY);
    const { accessToken } = await one.token();
    theOrg().expireSessions();
    expect((await post(accessToken)).data).toContain(theOrg().credentials.username);
    relay.seen.length = 0;
    expect((await failure(post(['00D000000000001', 'theirs'].join('!')))).response?.status).toBe(500);
    expect(relay.seen.map(({ body, headers }) => [body.includes('theirs'), headers.authorization])).toEqual([[true, undefined]]);
  });

  it.each([
    ['an Authorization header', { headers: { authorization: 'Bearer theirs' } }],
    ['auth', { auth: { username: 'them', password: 'theirs' } }],
  ])('B11: leaves a request with %s alone', async (_name, config) => {
    const relay = await instance(async () => REJECTION);
    const client = withAxios(auth(), axios.create());
    const error = await failure(client.get(relay.url + QUERY, config));
    expect(error.response?.status).toBe(401);
    expect(relay.seen).toHaveLength(1);
    expect(theOrg().counts.token).toBe(0);
  });

  it('can be retried with what an error holds', async () => {
    await instance();
    const client = withAxios(auth(), axios.create());
    theOrg().failNext('data', 1, { status: 503 });
    const error = await failure(client.get(QUERY));
    expect((await client.request(error.config ?? {})).data.totalSize).toBe(ACCOUNTS);
  });

  describe('L04: secrets', () => {
    const expectClean = (value: unknown, secret: string) => {
      const shown = [inspect(value, { depth: 10, showHidden: true }), JSON.stringify(value) ?? '', value instanceof Error ? value.stack : ''].join('\n');
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) expect(shown.includes(form)).toBe(false);
    };
    const connected = async (): Promise<[AxiosInstance, () => Promise<string>]> => {
      await instance();
      const one = auth();
      return [withAxios(one, axios.create()), async () => (await one.token()).accessToken];
    };

    it('L04: an AxiosError has no token in config, request and response', async () => {
      const [client, token] = await connected();
      const error = await failure(client.post('/services/data/v60.0/nowhere', { echoed: await token() }));
      expect(axios.isAxiosError(error)).toBe(true);
      expect(error.response?.status).toBe(404);
      expect(String(error.config?.headers?.['Authorization']).includes(await token())).toBe(false);
      expect((error.request as { _header: string })._header).toMatch(/^POST \/services\/data\/v60\.0\/nowhere HTTP\/1\.1\r\n[^]*authorization: Bearer \[redacted\]/i);
      expect(error.config?.data).toBe('{"echoed":"[redacted]"}');
      expectClean(error, await token());
    });

    it('L04: nor has one without an answer', async () => {
      const [client, token] = await connected();
      theOrg().failNext('data', 1, { destroy: true });
      const error = await failure(client.get(`${theOrg().url}${QUERY}`));
      expect(error.code).toBe('ECONNRESET');
      expectClean(error, await token());
      const relay = await elsewhere();
      theOrg().setInstanceUrl(relay.url);
      const other = auth();
      const { accessToken } = await other.token();
      await relay.close();
      const refused = await failure(withAxios(other, axios.create()).get(QUERY));
      expect(refused.code).toBe('ECONNREFUSED');
      expectClean(refused, accessToken);
    });

    it('L04: nor has an answer, which still tells where it came from', async () => {
      const [client, token] = await connected();
      const response = await client.get(QUERY);
      expect(response.request.res.responseUrl).toContain('/services/data/v60.0/query?q=');
      expectClean(response, await token());
    });

    it('L04: nor has the error of a transform or a time limit', async () => {
      const [client, token] = await connected();
      expectClean(await failure(client.get(QUERY, { transformResponse: [() => { throw new Error('unreadable'); }] })), await token());
      theOrg().failNext('data', 1, { status: 200, delayMs: 1000 });
      const late = await failure(client.get(QUERY, { timeout: 1 }));
      expect(late.code).toBe('ECONNABORTED');
      expectClean(late, await token());
    });
  });
});
