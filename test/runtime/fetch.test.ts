import { Readable } from 'node:stream';
import axios from 'axios';
import { createSalesforceAuth, withAxios, type SalesforceAuth } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuthFetch } from '../../runtime/fetch';
import { Recorder } from './recorder';

const QUERY = '/services/data/v60.0/query?q=SELECT+Id+FROM+Account';

let org: FakeOrg;
let auth: SalesforceAuth;
const recorders: Recorder[] = [];

beforeAll(async () => {
  org = await startFakeOrg();
});
afterAll(() => org.close());
beforeEach(() => {
  const { clientId, clientSecret } = org.credentials;
  auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret, maxRefreshesPerMinute: 1000 });
});
afterEach(async () => {
  org.setInstanceUrl(org.url);
  org.clearFaults();
  org.resetCounts();
  await Promise.all(recorders.splice(0).map((recorder) => recorder.close()));
});

async function recorder(): Promise<Recorder> {
  const started = await new Recorder().start();
  recorders.push(started);
  return started;
}

/** An instance of the org that records what it is sent. */
async function instance(): Promise<Recorder> {
  const started = await recorder();
  org.setInstanceUrl(started.url);
  await auth.token();
  org.resetCounts();
  return started;
}

describe('bodies', () => {
  const bytes = Buffer.from('{"Name":"Köln"}');
  const form = () => {
    const data = new FormData();
    data.set('entity', 'Account');
    data.set('file', new Blob([bytes]), 'file.json');
    return data;
  };

  it.each<[string, () => RequestInit['body'], string]>([
    ['string', () => bytes.toString(), bytes.toString()],
    ['Buffer', () => bytes, bytes.toString()],
    ['typed array', () => new Uint8Array(bytes), bytes.toString()],
    ['ArrayBuffer', () => new Uint8Array(bytes).buffer, bytes.toString()],
    ['Blob', () => new Blob([bytes]), bytes.toString()],
    ['URLSearchParams', () => new URLSearchParams({ name: 'Köln' }), 'name=K%C3%B6ln'],
  ])('B01: %s is sent again, byte for byte', async (_name, body, text) => {
    const server = await instance();
    server.rejectFirst(1);
    const response = await auth.fetch('/services/data', { method: 'POST', body: body() ?? null });
    expect(await response.json()).toEqual({ ok: true });
    expect(server.seen.map((request) => request.body.toString())).toEqual([text, text]);
    expect(new Set(server.seen.map(({ headers }) => headers.authorization)).size).toBe(2);
  });

  it('B01: FormData is sent again, its boundary aside', async () => {
    const server = await instance();
    server.rejectFirst(1);
    await auth.fetch('/services/data', { method: 'POST', body: form() });
    const [first, second] = server.seen.map(({ body, headers }) => {
      const boundary = /boundary=(.*)/.exec(headers['content-type'] ?? '')?.[1] ?? '';
      expect(boundary).not.toBe('');
      return body.toString().replaceAll(boundary, '');
    });
    expect(first).toContain('Köln');
    expect(second).toBe(first);
  });

  it.each<[string, () => RequestInit]>([
    ['web stream', () => ({ body: new Blob([bytes]).stream(), duplex: 'half' }) as RequestInit],
    ['Node stream', () => ({ body: Readable.from([bytes]), duplex: 'half' }) as unknown as RequestInit],
  ])('B02: a %s is not sent again: its rejection comes back, and the next call has a new token', async (_name, init) => {
    const server = await instance();
    server.rejectFirst(1);
    const response = await auth.fetch('/services/data', { method: 'POST', ...init() });
    expect(response).toMatchObject({ status: 401, error: { code: 'BODY_NOT_REPLAYABLE', status: 401 } });
    // Node 24.15 has undici 7.24.4 (B04): there is a status to come back, and no body.
    expect(await response.text()).toMatch(process.versions.undici?.startsWith('7.24.') ? /^$/ : /INVALID_SESSION_ID/);
    expect(org.counts.token).toBe(1);
    expect((await auth.fetch('/services/data')).status).toBe(200);
    expect(server.seen.length).toBe(2);
    expect(org.counts.token).toBe(1);
  });

  it.each<[string, () => BodyInit | AsyncIterable<Uint8Array>]>([
    ['web stream', () => new Blob([bytes]).stream()],
    ['Node stream', () => Readable.from([bytes])],
    ['string', () => bytes.toString()],
  ])('B03: a function that makes a %s is called once more, and its body sent again', async (_name, make) => {
    const server = await instance();
    server.rejectFirst(1);
    let made = 0;
    const body = () => {
      made += 1;
      return make();
    };
    const response = await auth.fetch('/services/data', { method: 'POST', body });
    expect(await response.json()).toEqual({ ok: true });
    expect(server.seen.map((request) => request.body.toString())).toEqual([bytes.toString(), bytes.toString()]);
    expect([made, org.counts.token]).toEqual([2, 1]);
  });

  it('B03: such a body goes to other hosts, too', async () => {
    await instance();
    const other = await recorder();
    await auth.fetch(other.url, { method: 'POST', body: () => new Blob([bytes]).stream() });
    await auth.fetch('/services/data', { method: 'POST', body: () => bytes, headers: { authorization: 'Bearer other' } });
    expect(other.seen.map((request) => request.body.toString())).toEqual([bytes.toString()]);
  });

  describe('with the fetch of undici 7.24, which loses the 401 of a stream', () => {
    /** fetch as undici 7.24.4 has it, lib/web/fetch/index.js line 1647. */
    const losing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (response.status !== 401 || !(init?.body instanceof ReadableStream)) return response;
      await response.body?.cancel();
      throw new TypeError('fetch failed', { cause: new Error('expected non-null body source') });
    };
    const stream = () => new Blob([bytes]).stream();
    let server: Recorder;
    beforeEach(async () => {
      const { clientId, clientSecret } = org.credentials;
      auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret, fetch: losing });
      server = await instance();
      server.rejectFirst(1);
    });

    it('B04: the rejection comes back as for every stream, even for a method that is tried again', async () => {
      const response = await auth.fetch('/services/data', { method: 'PUT', body: stream(), duplex: 'half' } as RequestInit);
      expect(response).toMatchObject({ status: 401, error: { code: 'BODY_NOT_REPLAYABLE' } });
      expect((await auth.fetch('/services/data')).status).toBe(200);
      expect([server.seen.length, org.counts.token]).toEqual([2, 1]);
    });

    it('B04: a function makes the stream again', async () => {
      expect((await auth.fetch('/services/data', { method: 'POST', body: stream })).status).toBe(200);
      expect([server.seen.length, org.counts.token]).toEqual([2, 1]);
    });
  });

  it('B05: a Request is sent again with its body, and headers as in plain fetch', async () => {
    const server = await instance();
    server.rejectFirst(1);
    const request = new Request(`${server.url}/services/data`, { method: 'PATCH', body: bytes, headers: { 'x-one': '1' } });
    expect((await auth.fetch(request)).status).toBe(200);
    expect(server.seen.map(({ method, body, headers }) => [method, body.toString(), headers['x-one']])).toEqual(
      Array(2).fill(['PATCH', bytes.toString(), '1']),
    );
    const bodiless = new Request(`${server.url}/services/data`, { headers: { 'x-one': '1' } });
    await auth.fetch(bodiless, { headers: { 'x-two': '2' } });
    expect(server.seen.at(-1)?.headers).toMatchObject({ 'x-two': '2', authorization: expect.stringMatching(/^Bearer /) as string });
    expect(server.seen.at(-1)?.headers).not.toHaveProperty('x-one');
  });

  describe('over many rounds', () => {
    /** A client that gets a new token whenever it asks: no real identity would be let refresh so often. */
    function refreshing(server: Recorder) {
      let generation = 1;
      const token = () => ({ accessToken: `token ${generation}`, instanceUrl: server.url, generation, isOwn: true });
      return createAuthFetch({
        send: fetch,
        token: async () => token(),
        refresh: async () => {
          generation += 1;
          return token();
        },
        loginOrigin: server.url,
        isInstance: (origin) => origin === server.url,
        knows: () => false,
        now: Date.now,
      });
    }

    it('B06: rejected answers give their sockets back', async () => {
      const server = await recorder();
      const fetched = refreshing(server);
      for (let round = 0; round < 1000; round++) {
        server.seen.length = 0;
        server.rejectFirst(1);
        expect(await (await fetched('/services/data')).json()).toEqual({ ok: true });
      }
      expect(server.connections).toBeLessThanOrEqual(5);
    });

    it('B06: long rejected answers keep no socket either', async () => {
      const server = await recorder();
      const fetched = refreshing(server);
      for (let round = 0; round < 100; round++) {
        server.seen.length = 0;
        server.rejectFirst(1, 401, `[{"errorCode":"INVALID_SESSION_ID","message":"${'x'.repeat(1_000_000)}"}]`);
        expect(await (await fetched('/services/data')).json()).toEqual({ ok: true });
      }
      await vi.waitFor(() => expect(server.open).toBeLessThanOrEqual(5));
    });
  });
});

describe('hosts', () => {
  it('B09: the repetition goes to the new instance URL, and so do later calls to the old one', async () => {
    const before = await instance();
    const after = await recorder();
    before.rejectFirst(1);
    org.setInstanceUrl(after.url);
    expect((await auth.fetch(`${before.url}/services/data/v60.0?a=1`)).status).toBe(200);
    expect((await auth.fetch(`${before.url}/services/data/v60.0?a=2`)).status).toBe(200);
    expect(before.seen.length).toBe(1);
    expect(after.seen.map(({ path }) => path)).toEqual(['/services/data/v60.0?a=1', '/services/data/v60.0?a=2']);
    expect((await auth.token()).instanceUrl).toBe(after.url);
  });

  it('B09: an event says that the instance changed, once, and only then', async () => {
    const before = await instance();
    const after = await recorder();
    const changes: unknown[] = [];
    auth.on('instance_changed', (event) => changes.push(event));
    before.rejectFirst(1);
    await auth.fetch('/services/data/v60.0/limits');
    expect((await auth.token()).generation).toBe(2);
    expect(changes).toEqual([]);
    before.rejectFirst(before.seen.length + 2);
    org.setInstanceUrl(after.url);
    await Promise.all([auth.fetch('/services/data/v60.0/limits'), auth.fetch('/services/data/v60.0/limits')]);
    expect(changes).toEqual([{ identity: expect.any(String) as string, generation: 3, from: before.url, to: after.url }]);
  });

  it('B10: other hosts get the request as it is, and no token', async () => {
    await instance();
    const other = await recorder();
    other.rejectFirst(1);
    expect((await auth.fetch(`${other.url}/services/data`, { headers: { 'x-one': '1' } })).status).toBe(401);
    expect(other.seen).toHaveLength(1);
    expect(other.seen[0]?.headers).toMatchObject({ 'x-one': '1' });
    expect(other.seen[0]?.headers).not.toHaveProperty('authorization');
    expect(org.counts.token).toBe(0);
  });

  it('leaves a token request alone: it has credentials of its own', async () => {
    const server = await instance();
    const fields = new URLSearchParams({ grant_type: 'client_credentials' });
    await auth.fetch(`${server.url}/services/oauth2/token`, { method: 'POST', body: fields });
    const other = withAxios(auth, axios.create());
    await other.post(`${server.url}/services/oauth2/token`, fields);
    await other.get(`${server.url}/services/data`);
    expect(server.seen.map(({ path, headers }) => [path, 'authorization' in headers])).toEqual([
      ['/services/oauth2/token', false],
      ['/services/oauth2/token', false],
      ['/services/data', true],
    ]);
  });

  it.each(['//', '\\\\', '/\\'])('B10: nor does a path that begins with %s and names a host', async (slashes) => {
    await instance();
    const other = await recorder();
    await auth.fetch(`${slashes}${new URL(other.url).host}/services/data`);
    expect(other.seen).toHaveLength(1);
    expect(other.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it('B10: nor does a redirect take the token to another host', async () => {
    const server = await instance();
    const other = await recorder();
    server.answer = (_request, response) => void response.writeHead(307, { location: `${other.url}/elsewhere` }).end();
    await auth.fetch('/services/data');
    await auth.fetch('/services/async/60.0/job', { method: 'POST', body: '{}' });
    const { accessToken } = await auth.token();
    for (const { headers, body } of other.seen) expect(JSON.stringify(headers) + body.toString()).not.toContain(accessToken);
    expect(other.seen).toHaveLength(1);
  });

  it('knows the instance before the first token', async () => {
    expect((await auth.fetch(org.url + QUERY)).status).toBe(200);
    expect((await auth.fetch(new URL(QUERY, org.url))).status).toBe(200);
  });

  it('B11: a call with its own Authorization is left alone', async () => {
    const server = await instance();
    server.rejectFirst(2);
    const response = await auth.fetch('/services/data', { headers: { Authorization: 'Bearer somebody-else' } });
    expect(response.status).toBe(401);
    expect((await auth.fetch(new Request(`${server.url}/a`, { headers: { authorization: 'OAuth other' } }))).status).toBe(401);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer somebody-else', 'OAuth other']);
    expect(org.counts.token).toBe(0);
  });

  it('B12: plain http goes nowhere but to this machine', async () => {
    await expect(auth.fetch('http://acme.my.salesforce.com/services/data')).rejects.toMatchObject({ code: 'INSECURE_URL' });
  });
});

describe('shapes of rejection', () => {
  it('F01: REST, 401 with INVALID_SESSION_ID', async () => {
    await auth.fetch(QUERY);
    org.expireSessions();
    expect((await auth.fetch(QUERY)).status).toBe(200);
    expect(org.counts.token).toBe(2);
  });

  it.each([
    ['XML', '<error><exceptionCode>InvalidSessionId</exceptionCode><exceptionMessage>Invalid session id</exceptionMessage></error>'],
    ['JSON', '{"exceptionCode":"InvalidSessionId","exceptionMessage":"Invalid session id"}'],
  ])('F02: Bulk 1, 400 in %s', async (_name, body) => {
    const server = await instance();
    server.rejectFirst(1, 400, body);
    expect((await auth.fetch('/services/async/60.0/job', { method: 'POST', body: '{}' })).status).toBe(200);
    expect(new Set(server.seen.map(({ headers }) => headers['x-sfdc-session'])).size).toBe(2);
    expect(org.counts.token).toBe(1);
  });

  it('F03: SOAP, 500 with the session fault; the new session goes into the envelope', async () => {
    const { accessToken } = await auth.token();
    const envelope = (session: string) =>
      `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="urn:partner.soap.sforce.com"><soapenv:Header><urn:SessionHeader><urn:sessionId>${session}</urn:sessionId></urn:SessionHeader></soapenv:Header><soapenv:Body><urn:getUserInfo/></soapenv:Body></soapenv:Envelope>`;
    const call = (body: string) =>
      auth.fetch('/services/Soap/u/60.0', { method: 'POST', body, headers: { 'content-type': 'text/xml', soapaction: '""' } });
    org.expireSessions();
    org.resetCounts();
    const response = await call(envelope(accessToken));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(org.credentials.username);
    // The same old envelope again is sent with the new session.
    expect((await call(envelope(accessToken))).status).toBe(200);
    expect(org.counts).toMatchObject({ token: 1, soap: 3 });
    const request = new Request(`${org.url}/services/Soap/u/60.0`, { method: 'POST', body: envelope(accessToken), headers: { 'content-type': 'text/xml' } });
    expect((await auth.fetch(request)).status).toBe(200);
    // Somebody else's session is not ours to replace.
    expect((await call(envelope('somebody-else'))).status).toBe(500);
    expect(org.counts.token).toBe(1);
  });

  it('F04: userinfo and identity, 403 with Bad_OAuth_Token', async () => {
    for (const path of ['/services/oauth2/userinfo', new URL((await auth.login()).url).pathname]) {
      org.expireSessions();
      org.resetCounts();
      expect((await auth.fetch(path)).status).toBe(200);
      expect(org.counts.token).toBe(1);
    }
  });

  it.each(['REQUEST_LIMIT_EXCEEDED', 'API_DISABLED_FOR_ORG', 'Bad_OAuth_Token'])('F04: no other 403, such as %s', async (errorCode) => {
    await auth.token();
    org.resetCounts();
    org.failNext('data', 1, { status: 403, body: [{ errorCode, message: errorCode }] });
    const response = await auth.fetch(QUERY);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual([{ errorCode, message: errorCode }]);
    expect(org.counts).toMatchObject({ token: 0, data: 1 });
  });

  it('F05: a 200 that quotes the code is data, untouched and still a stream', async () => {
    const server = await instance();
    const text = `[{"errorCode":"INVALID_SESSION_ID"}]${' '.repeat(100_000)}`;
    server.answer = (_request, response) => void response.end(text);
    const response = await auth.fetch('/services/data');
    expect(response.bodyUsed).toBe(false);
    let received = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) received += chunk.byteLength;
    expect(received).toBe(text.length);
    expect(org.counts.token).toBe(0);
  });

  it('F06: CometD says it in a 200: the answer comes back, says to subscribe again, and the next handshake has a new token', async () => {
    const server = await instance();
    const rejected = '[{"channel":"/meta/connect","successful":false,"error":"401::Authentication invalid","advice":{"reconnect":"none"}}]';
    server.rejectFirst(1, 200, rejected);
    const connect = () => auth.fetch('/cometd/60.0', { method: 'POST', body: '[{"channel":"/meta/connect"}]' });
    const response = await connect();
    expect(response).toMatchObject({ status: 200, error: { code: 'STREAM_REJECTED' } });
    expect(await response.text()).toBe(rejected);
    expect(await connect()).not.toHaveProperty('error');
    expect(new Set(server.seen.map(({ headers }) => headers.authorization)).size).toBe(2);
    expect([server.seen.length, org.counts.token]).toEqual([2, 1]);
  });

  it('F06: other errors of CometD need no new token', async () => {
    const server = await instance();
    server.rejectFirst(1, 200, '[{"channel":"/meta/connect","error":"403::Unknown client","advice":{"reconnect":"handshake"}}]');
    expect(await auth.fetch('/cometd/60.0', { method: 'POST', body: '[]' })).not.toHaveProperty('error');
    expect(org.counts.token).toBe(0);
  });

  it('a long error body is left whole', async () => {
    const server = await instance();
    const text = JSON.stringify([{ errorCode: 'MALFORMED_QUERY', message: 'x'.repeat(50_000) }]);
    server.answer = (_request, response) => void response.writeHead(400, { 'content-type': 'application/json' }).end(text);
    expect(await (await auth.fetch('/services/data')).text()).toBe(text);
  });
});
