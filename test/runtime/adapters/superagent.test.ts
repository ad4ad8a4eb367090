import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { withSuperagent, type SuperagentLike } from 'salesforce-auth-client';
import { describe, expect, it } from 'vitest';
import { words } from '../secrets';
import { ACCOUNTS, contract, identity, instance, QUERY, theOrg, useOrg } from './contract';
import { REJECTION } from './relay';

interface Answer {
  status: number;
  text: string;
  body: { totalSize: number };
}
type Callback = (error: (Error & { response?: Answer }) | null, answer?: Answer) => void;
interface Request extends Promise<Answer> {
  set(name: string, value: string): Request;
  query(value: object | string): Request;
  send(value?: unknown): Request;
  field(name: string, value: string): Request;
  type(name: string): Request;
  auth(user: string, password: string): Request;
  buffer(value?: boolean): Request;
  retry(count: number, decide?: (error: unknown, answer?: Answer) => boolean): Request;
  ok(judge: (answer: Answer) => boolean): Request;
  timeout(options: object): Request;
  end(callback?: Callback): unknown;
  abort(): void;
  pipe<T>(stream: T): T;
}
interface Agent extends SuperagentLike {
  get(url: string, callback?: Callback): Request;
  post(url: string, data?: unknown): Request;
  set(name: string, value: string): Agent;
}
interface Superagent extends Agent {
  (method: string, url?: string | Callback): Request;
  agent(): Agent;
}

const superagent = createRequire(import.meta.url)('superagent') as Superagent;
const NOWHERE = '/services/data/v60.0/nowhere';
const failure = (promise: PromiseLike<unknown>): Promise<Error> => Promise.resolve(promise).then(() => expect.fail('should have failed'), (error: Error) => error);

useOrg();

describe('withSuperagent, promises', () => {
  contract((auth) => {
    const client = withSuperagent(auth, superagent);
    return { query: async () => (await client.get('/services/data/v60.0/query').query({ q: 'SELECT Id FROM Account' })).body.totalSize, visit: async (url) => client.get(url) };
  });
});

describe('withSuperagent, callbacks', () => {
  contract((auth) => {
    const client = withSuperagent(auth, superagent);
    const get = (url: string) => new Promise<Answer>((resolve, reject) => client.get(url).end((error, answer) => (error ? reject(error) : resolve(answer!))));
    return { query: async () => (await get(QUERY)).body.totalSize, visit: get };
  });
});

describe('withSuperagent, an agent', () => {
  contract(async (auth) => {
    const { instanceUrl } = await auth.token();
    const client = withSuperagent(auth, superagent.agent().set('x-one', '1'));
    return { query: async () => (await client.get(instanceUrl + QUERY)).body.totalSize, visit: async (url) => client.get(url) };
  });
});

describe('withSuperagent', () => {
  const connected = async () => {
    const relay = await instance();
    const auth = identity();
    const client = withSuperagent(auth, superagent);
    await client.get(QUERY);
    theOrg().resetCounts();
    relay.seen.length = 0;
    return { relay, client, token: async () => (await auth.token()).accessToken };
  };

  it('is called in every way that superagent is, and leaves superagent as it was', async () => {
    const { client, relay } = await connected();
    const url = relay.url + QUERY;
    const back = (call: (callback: Callback) => unknown) => new Promise<number>((resolve, reject) => void call((error, answer) => (error ? reject(error) : resolve(answer!.body.totalSize))));
    expect((await client(url)).body.totalSize).toBe(ACCOUNTS);
    expect((await client('GET', url)).body.totalSize).toBe(ACCOUNTS);
    expect(await back((callback) => client(url, callback))).toBe(ACCOUNTS);
    expect(await back((callback) => client.get(url, callback))).toBe(ACCOUNTS);
    expect(await back((callback) => client.agent().get(url, callback))).toBe(ACCOUNTS);
    expect(await failure(superagent.get(url))).toMatchObject({ status: 401 });
  });

  it('fails as superagent does: by status, by ok(), and with the answer in the error', async () => {
    const { client } = await connected();
    expect(await failure(client.get(NOWHERE))).toMatchObject({ status: 404, response: { body: [{ errorCode: 'NOT_FOUND' }] } });
    expect(await client.get(NOWHERE).ok(({ status }) => status < 500)).toMatchObject({ status: 404 });
    const seen = await new Promise<unknown[]>((resolve) => void client.get(NOWHERE).end((...values) => resolve(values)));
    expect(seen).toMatchObject([{ status: 404 }, { status: 404, text: expect.stringContaining('NOT_FOUND') }]);
    theOrg().failNext('data', 1, { destroy: true });
    expect(await failure(client.get(theOrg().instanceUrl + QUERY))).toMatchObject({ code: 'ECONNRESET' });
    expect(await failure(client.get(QUERY).set('x-one', 'not\nallowed'))).toMatchObject({ code: 'ERR_INVALID_CHAR' });
  });

  it("keeps its own retries to what they were for: a rejected session is not among them, nor are they spent on it", async () => {
    const { client } = await connected();
    const attempts: (number | undefined)[] = [];
    const query = () => client.get(QUERY).retry(1, (_error, answer) => (attempts.push(answer?.status), (answer?.status ?? 0) >= 400));
    theOrg().expireSessions();
    theOrg().failNext('data', 1, { status: 503 });
    expect((await query()).body.totalSize).toBe(ACCOUNTS);
    expect(attempts[0]).toBe(503);
    expect(attempts).not.toContain(401);
    expect(theOrg().counts).toMatchObject({ token: 1, data: 3 });
  });

  it('notices a connection that is lost when the request is sent again', async () => {
    let asked = 0;
    await instance((_request, ask) => (++asked === 3 ? Promise.reject(new Error('lost')) : ask()));
    const client = withSuperagent(identity(), superagent);
    await client.get(QUERY);
    theOrg().expireSessions();
    expect(await failure(client.get(QUERY))).toMatchObject({ code: 'ECONNRESET' });
  });

  it('B01: sends json, form and text again, with the query once', async () => {
    const { client, relay } = await connected();
    for (const send of [(request: Request) => request.send({ Name: 'Köln' }), (request: Request) => request.type('form').send({ Name: 'Köln' }), (request: Request) => request.type('text').send('Köln')]) {
      theOrg().expireSessions();
      relay.seen.length = 0;
      await send(client.post(NOWHERE).query({ one: '1' })).ok(() => true);
      const [first, second] = relay.seen.map(({ path, body }) => [path, body]);
      expect(first).toEqual([`${NOWHERE}?one=1`, expect.stringMatching(/K(ö|%C3%B6)ln/)]);
      expect(second).toEqual(first);
    }
  });

  it('B02: does not send a form again: its rejection comes back, and the next call has a new token', async () => {
    const { client, relay } = await connected();
    theOrg().expireSessions();
    expect(await failure(client.post(NOWHERE).field('Name', 'Köln'))).toMatchObject({ status: 401 });
    expect([relay.seen.length, theOrg().counts.token]).toEqual([1, 1]);
    await client.get(QUERY);
    expect(theOrg().counts.token).toBe(1);
  });

  it('an unread answer is judged by its status, and read by the caller', async () => {
    const { client } = await connected();
    theOrg().expireSessions();
    const answer = (await client.get(QUERY).buffer(false)) as unknown as { status: number } & NodeJS.ReadableStream;
    expect(answer.status).toBe(200);
    expect(theOrg().counts).toMatchObject({ token: 1, data: 2 });
  });

  it('cannot be piped, and says so; what goes elsewhere can', async () => {
    const { client, relay } = await connected();
    const other = await instance(async () => ({ status: 200, type: 'text/plain', body: 'other' }));
    expect(() => client.get(relay.url + QUERY).pipe(new PassThrough())).toThrow('auth.fetch()');
    const theirs = client.get(other.url).auth('them', 'theirs').pipe(new PassThrough());
    expect(Buffer.concat(await theirs.toArray()).toString()).toBe('other');
  });

  it('is not sent when it is aborted before its token is there', async () => {
    const relay = await instance();
    const request = withSuperagent(identity(), superagent).get(relay.url + QUERY);
    // A promise of superagent begins with then().
    const outcome = request.then(() => expect.fail('should have failed'), (error: unknown) => error);
    request.abort();
    expect(await outcome).toMatchObject({ code: 'ABORTED' });
    await withSuperagent(identity(), superagent).get(relay.url + NOWHERE).ok(() => true);
    expect(relay.seen.map(({ path }) => path)).toEqual([NOWHERE]);
  });

  it('B10: does not follow a redirect to another host with the token, and does follow one at home', async () => {
    const other = await instance(async () => ({ status: 200, type: 'text/plain', body: 'other' }));
    let target = other.url;
    const home = await instance(async ({ path }, ask) => (path === '/services/data/moved' ? { status: 307, type: 'text/plain', body: '', location: target + QUERY } : ask()));
    const client = withSuperagent(identity(), superagent);
    expect((await client.get(`${home.url}/services/data/moved`)).text).toBe('other');
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    target = home.url;
    theOrg().expireSessions();
    theOrg().resetCounts();
    expect((await client.get(`${home.url}/services/data/moved`)).body.totalSize).toBe(ACCOUNTS);
    expect(theOrg().counts.token).toBe(1);
  });

  it.each<[string, (request: Request) => Request]>([
    ['an Authorization header', (request) => request.set('Authorization', 'Basic theirs')],
    ['auth()', (request) => request.auth('them', 'theirs')],
  ])('B11: leaves a request with %s alone', async (_name, give) => {
    const relay = await instance(async () => REJECTION);
    const client = withSuperagent(identity(), superagent);
    expect(await failure(give(client.get(relay.url + QUERY)))).toMatchObject({ status: 401 });
    expect(relay.seen.map(({ headers }) => headers.authorization?.slice(0, 6))).toEqual(['Basic ']);
    expect(theOrg().counts.token).toBe(0);
  });

  it('L01: answers and errors show no token', async () => {
    const { client, token } = await connected();
    theOrg().failNext('data', 1, { status: 404, body: [{ errorCode: 'NOT_FOUND', message: `no such thing for ${await token()}` }] });
    const outcomes = [await failure(client.get(NOWHERE)), await client.get(QUERY)];
    expect(outcomes[0]).toMatchObject({ status: 404 });
    for (const outcome of outcomes) expect(words(outcome, false).includes(await token())).toBe(false);
  });
});
