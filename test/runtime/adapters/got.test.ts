import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import got, { type Response } from 'got';
import { withGot } from 'salesforce-auth-client';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, contract, identity, instance, QUERY, theOrg, useOrg } from './contract';
import { REJECTION } from './relay';

useOrg();

const failure = (promise: Promise<unknown>): Promise<Error> => promise.then(() => expect.fail('should have failed'), (error: Error) => error);

describe('withGot', () => {
  contract(async (auth) => {
    const { instanceUrl } = await auth.token();
    const client = withGot(auth, got);
    return {
      query: async () => (await client(instanceUrl + QUERY).json<{ totalSize: number }>()).totalSize,
      visit: (url) => client(url),
    };
  });

  it('takes a prefixUrl, and hooks of the caller before and after', async () => {
    const relay = await instance();
    const log: string[] = [];
    const hook = (name: string) => ({ hooks: { afterResponse: [(response: Response) => (log.push(name), response)] } });
    const client = withGot(identity(), got.extend({ prefixUrl: relay.url, ...hook('before') })).extend(hook('after'));
    const query = () => client('services/data/v60.0/query', { searchParams: { q: 'SELECT Id FROM Account' } }).json<{ totalSize: number }>();
    expect((await query()).totalSize).toBe(ACCOUNTS);
    theOrg().expireSessions();
    log.length = 0;
    expect((await query()).totalSize).toBe(ACCOUNTS);
    expect(log.slice(-2)).toEqual(['before', 'after']);
  });

  it('judges without throwHttpErrors and retries too', async () => {
    const relay = await instance();
    const client = withGot(identity(), got.extend({ throwHttpErrors: false, retry: { limit: 0 } }));
    const url = relay.url + QUERY;
    await client(url);
    theOrg().expireSessions();
    expect((await client(url)).statusCode).toBe(200);
    theOrg().rejectAllSessions();
    theOrg().resetCounts();
    expect(await failure(client(url))).toMatchObject({ code: 'REJECTED_AFTER_REFRESH' });
    expect(theOrg().counts).toMatchObject({ token: 1, data: 2 });
  });

  it("goes through got's own retries", async () => {
    const relay = await instance();
    const client = withGot(identity(), got.extend({ retry: { limit: 1, calculateDelay: ({ computedValue }) => Math.min(computedValue, 1) } }));
    theOrg().failNext('data', 1, { status: 503 });
    expect((await client(relay.url + QUERY)).statusCode).toBe(200);
    expect(theOrg().counts).toMatchObject({ token: 1, data: 2 });
  });

  it('B01: sends json, form and body again', async () => {
    const relay = await instance();
    const client = withGot(identity(), got.extend({ throwHttpErrors: false }));
    await client(relay.url + QUERY);
    for (const options of [{ json: { Name: 'Köln' } }, { form: { Name: 'Köln' } }, { body: Buffer.from('Köln') }]) {
      theOrg().expireSessions();
      relay.seen.length = 0;
      await client.post(`${relay.url}/services/data/v60.0/nowhere`, options);
      const [first, second] = relay.seen.map(({ body }) => body);
      expect(first).toMatch(/K(ö|%C3%B6)ln/);
      expect(second).toBe(first);
    }
  });

  it.each<[string, () => object]>([
    ['stream', () => ({ body: Readable.from(['{}']) })],
    ['FormData', () => ({ body: new FormData() })],
  ])('B02: does not send a %s again: its rejection comes back, and the next call has a new token', async (_name, options) => {
    const relay = await instance();
    const client = withGot(identity(), got);
    await client(relay.url + QUERY);
    theOrg().expireSessions();
    theOrg().resetCounts();
    relay.seen.length = 0;
    expect(await failure(client.post(`${relay.url}/services/data/v60.0/nowhere`, options()))).toMatchObject({ response: { statusCode: 401 } });
    expect([relay.seen.length, theOrg().counts.token]).toEqual([1, 1]);
    await client(relay.url + QUERY);
    expect(theOrg().counts.token).toBe(1);
  });

  it('B02: got.stream: its rejection is its error, and the next one has a new token', async () => {
    const relay = await instance();
    const client = withGot(identity(), got);
    const read = async () => Buffer.concat(await client.stream(relay.url + QUERY).toArray()).toString();
    expect(await read()).toContain('totalSize');
    theOrg().expireSessions();
    theOrg().resetCounts();
    expect(await failure(read())).toMatchObject({ name: 'HTTPError', response: { statusCode: 401 } });
    expect(await read()).toContain('totalSize');
    expect(theOrg().counts.token).toBe(1);
  });

  it('B10: does not follow a redirect to another host with the token, and does follow one at home', async () => {
    const other = await instance(async () => ({ status: 200, type: 'text/plain', body: 'other' }));
    let target = other.url;
    const home = await instance(async ({ path }, ask) => {
      if (path !== '/services/data/moved') return ask();
      return { status: 302, type: 'text/plain', body: '', location: target + QUERY };
    });
    const auth = identity();
    const { accessToken } = await auth.token();
    const client = withGot(auth, got);
    expect((await client(`${home.url}/services/data/moved`)).body).toBe('other');
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    target = home.url;
    theOrg().resetCounts();
    expect((await client(`${home.url}/services/data/moved`)).body).toContain('totalSize');
    expect(home.seen.at(-1)?.headers.authorization).toBe(`Bearer ${accessToken}`);
  });

  it.each([
    ['an Authorization header', { headers: { authorization: 'Basic theirs' } }],
    ['a username', { username: 'them', password: 'theirs' }],
  ])('B11: leaves a request with %s alone', async (_name, options) => {
    const relay = await instance(async () => REJECTION);
    expect(await failure(withGot(identity(), got)(relay.url + QUERY, options))).toMatchObject({ response: { statusCode: 401 } });
    expect(relay.seen.map(({ headers }) => headers.authorization?.slice(0, 6))).toEqual(['Basic ']);
    expect(theOrg().counts.token).toBe(0);
  });

  it('L01: the errors show no token', async () => {
    const relay = await instance();
    const auth = identity();
    const { accessToken } = await auth.token();
    const error = await failure(withGot(auth, got)(`${relay.url}/services/data/v60.0/nowhere`));
    expect(error).toMatchObject({ response: { statusCode: 404 } });
    for (const shown of [inspect(error, { depth: 10 }), JSON.stringify(error), String(error.stack)]) expect(shown.includes(accessToken)).toBe(false);
  });
});
