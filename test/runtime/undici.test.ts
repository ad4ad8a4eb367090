import { Readable } from 'node:stream';
import { createSalesforceAuth, undiciInterceptor, type SalesforceAuth } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { Agent, FormData, fetch as undiciFetch, request, type Dispatcher } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Recorder } from './recorder';

const LIMITS = '/services/data/v60.0/limits';
const text = '{"Name":"Köln"}';

let org: FakeOrg;
let server: Recorder;
let other: Recorder;
let auth: SalesforceAuth;
let dispatcher: Dispatcher;

beforeAll(async () => {
  org = await startFakeOrg();
});
afterAll(() => org.close());
beforeEach(async () => {
  [server, other] = [await new Recorder().start(), await new Recorder().start()];
  org.setInstanceUrl(server.url);
  const { clientId, clientSecret } = org.credentials;
  auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret, maxRefreshesPerMinute: 1000 });
  dispatcher = new Agent().compose(undiciInterceptor(auth));
  await auth.token();
  org.resetCounts();
});
afterEach(async () => {
  await dispatcher.close();
  await Promise.all([server.close(), other.close()]);
});

interface Init {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

/** The ways to use a dispatcher; each answers with status and text. */
const clients: [string, (url: string, init?: Init) => Promise<[number, string]>][] = [
  [
    'undici.request',
    async (url, init = {}) => {
      const { statusCode, body } = await request(url, { ...init, dispatcher } as Parameters<typeof request>[1]);
      return [statusCode, await body.text()];
    },
  ],
  [
    'undici.fetch',
    async (url, init = {}) => {
      const response = await undiciFetch(url, { ...init, dispatcher });
      return [response.status, await response.text()];
    },
  ],
  [
    'the global fetch',
    async (url, init = {}) => {
      const response = await fetch(url, { ...init, dispatcher } as RequestInit);
      return [response.status, await response.text()];
    },
  ],
];

describe.each(clients)('undici interceptor: %s', (_name, call) => {
  it('T01: a hundred rejected calls make one token request, and all succeed', async () => {
    org.setInstanceUrl(org.url);
    const { instanceUrl } = await auth.login().then(() => auth.token());
    org.expireSessions();
    org.resetCounts();
    const answers = await Promise.all(Array.from({ length: 100 }, () => call(instanceUrl + LIMITS)));
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200]));
    expect(org.counts.token).toBe(1);
    expect(org.counts.data).toBeLessThanOrEqual(200);
  });

  it('B01: a text is sent again, byte for byte, with the new token', async () => {
    server.rejectFirst(1);
    const init = { method: 'POST', body: text, headers: { 'content-type': 'application/json', 'x-one': '1' } };
    expect(await call(`${server.url}/services/data`, init)).toEqual([200, '{"ok":true}']);
    expect(server.seen.map(({ method, body, headers }) => [method, body.toString(), headers['x-one']])).toEqual(Array(2).fill(['POST', text, '1']));
    expect(new Set(server.seen.map(({ headers }) => headers.authorization)).size).toBe(2);
    expect(org.counts.token).toBe(1);
  });

  it('T10: a token that is rejected although it is fresh ends the call', async () => {
    server.rejectFirst(9);
    const error: unknown = await call(server.url + LIMITS).catch((reason: unknown) => reason);
    const ours = (error as Error).message === 'fetch failed' ? (error as Error).cause : error;
    expect(ours).toMatchObject({ code: 'REJECTED_AFTER_REFRESH', status: 401, errorCode: 'INVALID_SESSION_ID' });
    expect([server.seen.length, org.counts.token]).toEqual([2, 1]);
  });

  it('T11: a 401 that no token cures comes back as it is', async () => {
    const body = '[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]';
    server.rejectFirst(9, 401, body);
    expect(await call(server.url + LIMITS)).toEqual([401, body]);
    expect(org.counts.token).toBe(0);
  });

  it('B09: the repetition goes to the new instance, and so do later calls to the old one', async () => {
    server.rejectFirst(1);
    org.setInstanceUrl(other.url);
    expect((await call(`${server.url}${LIMITS}?a=1`))[0]).toBe(200);
    expect((await call(`${server.url}${LIMITS}?a=2`))[0]).toBe(200);
    expect(server.seen).toHaveLength(1);
    expect(other.seen.map(({ path }) => path)).toEqual([`${LIMITS}?a=1`, `${LIMITS}?a=2`]);
  });

  it('B10: other hosts, and paths that look like one, get no token of ours', async () => {
    other.rejectFirst(9);
    expect((await call(other.url + LIMITS))[0]).toBe(401);
    await call(`${other.url}//${new URL(server.url).host}/`);
    for (const { headers } of other.seen) expect(headers).not.toHaveProperty('authorization');
    expect([other.seen.length, server.seen.length, org.counts.token]).toEqual([2, 0, 0]);
  });

  it('B11: a call with its own Authorization is left alone', async () => {
    server.rejectFirst(9);
    expect((await call(server.url + LIMITS, { headers: { Authorization: 'Bearer other' } }))[0]).toBe(401);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer other']);
    expect(org.counts.token).toBe(0);
  });

  it('F02: Bulk 1 has the token in its own header, and says 400', async () => {
    server.rejectFirst(1, 400, '{"exceptionCode":"InvalidSessionId","exceptionMessage":"Invalid session id"}');
    expect((await call(`${server.url}/services/async/60.0/job`, { method: 'POST', body: text }))[0]).toBe(200);
    expect(new Set(server.seen.map(({ headers }) => headers['x-sfdc-session'])).size).toBe(2);
    expect(server.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it('F06: a CometD rejection comes back as it is, and the next handshake has a new token', async () => {
    const rejected = '[{"channel":"/meta/connect","error":"401::Authentication invalid"}]';
    server.rejectFirst(1, 200, rejected);
    expect(await call(`${server.url}/cometd/60.0`, { method: 'POST', body: '[]' })).toEqual([200, rejected]);
    await call(`${server.url}/cometd/60.0`, { method: 'POST', body: '[]' });
    expect(new Set(server.seen.map(({ headers }) => headers.authorization)).size).toBe(2);
    expect([server.seen.length, org.counts.token]).toEqual([2, 1]);
  });

  it('F03: SOAP is left to auth.fetch, which knows its envelope', async () => {
    server.rejectFirst(9, 500, '<faultcode>sf:INVALID_SESSION_ID</faultcode>');
    expect((await call(`${server.url}/services/Soap/u/60.0`, { method: 'POST', body: '<Envelope/>' }))[0]).toBe(500);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(org.counts.token).toBe(0);
  });

  it('F04: a long error answer comes back whole', async () => {
    const long = JSON.stringify([{ errorCode: 'MALFORMED_QUERY', message: 'x'.repeat(200_000) }]);
    server.rejectFirst(9, 400, long);
    expect(await call(server.url + LIMITS)).toEqual([400, long]);
  });

  it('B06: rejected answers give their sockets back', async () => {
    for (let round = 0; round < 100; round++) {
      server.seen.length = 0;
      server.rejectFirst(1);
      await call(server.url + LIMITS);
    }
    expect(org.counts.token).toBe(100);
    expect(server.connections).toBeLessThanOrEqual(5);
  });

  it('T09: one caller gives up during the refresh; the other gets its answer', async () => {
    server.rejectFirst(2);
    const caller = new AbortController();
    org.failNext('token', 1, { status: 503, body: {} });
    const given = call(server.url + LIMITS, { signal: caller.signal });
    const kept = call(server.url + LIMITS);
    server.answer = ((answer) => (seen, response) => {
      answer(seen, response);
      if (server.seen.length === 2) setImmediate(() => caller.abort(new Error('enough')));
    })(server.answer);
    await expect(given).rejects.toThrow('enough');
    expect((await kept)[0]).toBe(200);
    expect(org.counts.token).toBe(2);
  });

  it('T12: the refusal of the credential is the error of the call', async () => {
    org.failNext('token', 1, { status: 400, body: { error: 'invalid_grant', error_description: 'no client credentials user enabled' } });
    server.rejectFirst(9);
    const error: unknown = await call(server.url + LIMITS).catch((reason: unknown) => reason);
    const ours = (error as Error).message === 'fetch failed' ? (error as Error).cause : error;
    expect(ours).toMatchObject({ code: 'GRANT_REFUSED', oauthError: 'invalid_grant' });
  });
});

describe('undici interceptor: bodies of undici.request', () => {
  const send = (body: NonNullable<Parameters<typeof request>[1]>['body'], headers: Record<string, string> = {}) =>
    request(`${server.url}/services/data`, { method: 'POST', body: body ?? null, headers, dispatcher });

  it.each<[string, () => NonNullable<Parameters<typeof request>[1]>['body']]>([
    ['Buffer', () => Buffer.from(text)],
    ['typed array', () => new Uint8Array(Buffer.from(text))],
  ])('B01: a %s is sent again', async (_name, body) => {
    server.rejectFirst(1);
    expect((await send(body())).statusCode).toBe(200);
    expect(server.seen.map((seen) => seen.body.toString())).toEqual([text, text]);
  });

  it("B01: undici's own FormData is sent again, its boundary aside", async () => {
    server.rejectFirst(1);
    const form = new FormData();
    form.set('entity', text);
    expect((await send(form)).statusCode).toBe(200);
    for (const { body } of server.seen) expect(body.toString()).toContain(text);
    expect(server.seen).toHaveLength(2);
  });

  it.each<[string, () => Readable | AsyncIterable<string>, Record<string, string>]>([
    ['stream', () => Readable.from([text]), {}],
    ['stream of known length', () => Readable.from([text]), { 'content-length': String(Buffer.byteLength(text)) }],
  ])('B02: a %s is not sent again: its rejection comes back, and the next request has a new token', async (_name, body, headers) => {
    server.rejectFirst(1);
    const { statusCode, body: answer } = await send(body() as Readable, headers);
    expect([statusCode, await answer.json()]).toEqual([401, [expect.objectContaining({ errorCode: 'INVALID_SESSION_ID' })]]);
    expect((await request(server.url + LIMITS, { dispatcher })).statusCode).toBe(200);
    expect([server.seen.length, org.counts.token]).toEqual([2, 1]);
  });

  it('B02: a long rejection of a stream comes back whole', async () => {
    const long = JSON.stringify([{ errorCode: 'INVALID_SESSION_ID', message: 'x'.repeat(200_000) }]);
    server.rejectFirst(1, 401, long);
    const { body } = await send(Readable.from([text]));
    expect(await body.text()).toBe(long);
    expect(org.counts.token).toBe(1);
  });
});
