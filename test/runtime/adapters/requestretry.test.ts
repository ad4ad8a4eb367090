import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { withRequestRetry, type RequestRetryLike } from 'salesforce-auth-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { words } from '../secrets';
import { ACCOUNTS, contract, identity, instance, QUERY, theOrg, useOrg } from './contract';
import { REJECTION } from './relay';

interface Answer {
  statusCode: number;
  attempts: number;
  body: { totalSize: number };
}
type Callback = (error: (Error & { attempts?: number }) | null, answer: Answer, body: Answer['body']) => void;
interface Sending extends Promise<Answer> {
  abort(): void;
  pipe<T>(stream: T): T;
}
interface RequestRetry extends RequestRetryLike {
  (options: object, callback?: Callback): Sending;
  get(url: string, options?: object): Sending;
  defaults(options: object): RequestRetry;
}

const load = createRequire(import.meta.url);
let library: RequestRetry;
// The library itself is changed: each test has one of its own.
beforeEach(() => {
  delete load.cache[load.resolve('requestretry')];
  library = load('requestretry') as RequestRetry;
});

useOrg();

const DELAY = { retryDelay: 1 };
const failure = (promise: PromiseLike<unknown>): Promise<Error> => Promise.resolve(promise).then(() => expect.fail('should have failed'), (error: Error) => error);

describe('withRequestRetry, promises', () => {
  contract(async (auth) => {
    const { instanceUrl } = await auth.token();
    const client = withRequestRetry(auth, library);
    return { query: async () => (await client({ url: instanceUrl + QUERY, json: true })).body.totalSize, visit: async (url) => client.get(url) };
  });
});

describe('withRequestRetry, callbacks and defaults', () => {
  contract(async (auth) => {
    const { instanceUrl } = await auth.token();
    const client = withRequestRetry(auth, library.defaults({ baseUrl: instanceUrl, json: true }));
    const get = (options: object) => new Promise<Answer['body']>((resolve, reject) => void client(options, (error, _answer, body) => (error ? reject(error) : resolve(body))));
    return { query: async () => (await get({ url: QUERY })).totalSize, visit: (url) => library.get(url) };
  });
});

describe('withRequestRetry', () => {
  const connected = async () => {
    const relay = await instance();
    const auth = identity();
    const client = withRequestRetry(auth, library);
    await client({ url: relay.url + QUERY });
    theOrg().resetCounts();
    relay.seen.length = 0;
    return { relay, client, url: relay.url + QUERY, token: async () => (await auth.token()).accessToken };
  };

  it('its own retries go on as they did, and a rejected session is none of them', async () => {
    const { client, url } = await connected();
    theOrg().failNext('data', 2, { status: 503 });
    expect(await client({ url, json: true, ...DELAY })).toMatchObject({ statusCode: 200, attempts: 3, body: { totalSize: ACCOUNTS } });
    theOrg().resetCounts();
    theOrg().expireSessions();
    expect(await client({ url, json: true, maxAttempts: 1 })).toMatchObject({ statusCode: 200, attempts: 1 });
    expect(theOrg().counts).toMatchObject({ token: 1, data: 2 });
  });

  it('a strategy that would send a 401 again sees none', async () => {
    const { client, url } = await connected();
    const seen: number[] = [];
    theOrg().expireSessions();
    const retryStrategy = (_error: unknown, { statusCode }: Answer) => (seen.push(statusCode), statusCode >= 400);
    expect(await client({ url, retryStrategy, ...DELAY })).toMatchObject({ statusCode: 200 });
    expect(seen).toEqual([200]);
    expect(theOrg().counts).toMatchObject({ token: 1, data: 2 });
  });

  it('a status is an answer, not an error', async () => {
    const { client, relay } = await connected();
    expect(await client({ url: `${relay.url}/services/data/v60.0/nowhere` })).toMatchObject({ statusCode: 404, attempts: 1 });
    expect(await client({ url: `${relay.url}/services/data/v60.0/nowhere`, fullResponse: false })).toContain('NOT_FOUND');
    theOrg().failNext('data', 3, { destroy: true });
    expect(await failure(client({ url: relay.url + QUERY, maxAttempts: 3, ...DELAY }))).toMatchObject({ code: 'ECONNRESET', attempts: 3 });
  });

  it('takes an identity once, however many modules ask, and two identities beside each other', async () => {
    const { client, url, relay } = await connected();
    const auth = identity();
    withRequestRetry(auth, withRequestRetry(auth, client.defaults({})));
    const transport = (library as unknown as { Request: { request: unknown } }).Request.request;
    withRequestRetry(auth, library);
    expect((library as unknown as { Request: { request: unknown } }).Request.request).toBe(transport);
    expect(await client({ url, json: true })).toMatchObject({ body: { totalSize: ACCOUNTS } });
    expect(relay.seen).toHaveLength(1);
  });

  it('aborts at once', async () => {
    const { client, url } = await connected();
    const sending = client({ url });
    const outcome = failure(sending);
    sending.abort();
    expect(await outcome).toMatchObject({ message: 'Aborted' });
  });

  it.each([
    ['an Authorization header', { headers: { Authorization: 'Bearer theirs' } }],
    ['auth', { auth: { bearer: 'theirs' } }],
  ])('B11: leaves a request with %s alone, which can be piped', async (_name, options) => {
    const relay = await instance(async () => REJECTION);
    const client = withRequestRetry(identity(), library);
    expect(await client({ url: relay.url + QUERY, ...options })).toMatchObject({ statusCode: 401 });
    const piped = client({ url: relay.url + QUERY, ...options }).pipe(new PassThrough());
    expect(Buffer.concat(await piped.toArray()).toString()).toContain('INVALID_SESSION_ID');
    expect(relay.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer theirs', 'Bearer theirs']);
    expect(theOrg().counts.token).toBe(0);
  });

  it('L01: an answer shows no token', async () => {
    const { client, url, token } = await connected();
    expect(words(await client({ url }), false).includes(await token())).toBe(false);
  });

  it('refuses what is not requestretry', () => {
    expect(() => withRequestRetry(identity(), { defaults: () => {} })).toThrow('requestretry');
  });
});
