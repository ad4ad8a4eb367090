import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { withRequest, type AuthorizedRequest, type RequestLike } from 'salesforce-auth-client';
import { describe, expect, it, vi } from 'vitest';
import { ACCOUNTS, contract, identity, instance, QUERY, theOrg, useOrg } from './contract';
import { REJECTION } from './relay';

const library = createRequire(import.meta.url)('request') as RequestLike;

type Send = (options: unknown, callback: (error: unknown, response: { statusCode: number }, body: unknown) => void) => unknown;

useOrg();

const failure = (promise: Promise<unknown>): Promise<Error> => promise.then(() => expect.fail('should have failed'), (error: Error) => error);

describe('withRequest, callbacks', () => {
  contract((auth) => {
    const request = withRequest(auth, library);
    const get = (url: string) =>
      new Promise<{ totalSize: number }>((resolve, reject) => {
        void request.get(url, { json: true }, (error, response, body) => {
          if (error) reject(error);
          else if (response.statusCode >= 400) reject(new Error(String(response.statusCode)));
          else resolve(body);
        });
      });
    return { query: async () => (await get(QUERY)).totalSize, visit: get };
  });
});

describe('withRequest, promises and defaults', () => {
  contract((auth) => {
    const request = withRequest(auth, library).defaults({ json: true });
    return { query: async () => (await request(QUERY)).totalSize, visit: (url) => request({ url }) };
  });
});

describe('withRequest', () => {
  const connected = async (): Promise<[AuthorizedRequest, Awaited<ReturnType<typeof instance>>, () => Promise<string>]> => {
    const relay = await instance();
    const auth = identity();
    const request = withRequest(auth, library);
    await request(QUERY);
    relay.seen.length = 0;
    return [request, relay, async () => (await auth.token()).accessToken];
  };

  it('gives a callback every answer, as request does, and its promise needs no handling', async () => {
    const [request] = await connected();
    const seen = await new Promise<unknown[]>((resolve) => void request('/services/data/v60.0/nowhere', (...values) => resolve(values)));
    expect(seen).toMatchObject([null, { statusCode: 404 }, expect.stringContaining('NOT_FOUND')]);
    theOrg().failNext('data', 1, { destroy: true });
    const [error] = await new Promise<unknown[]>((resolve) => void request(theOrg().url + QUERY, (...values) => resolve(values)));
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('takes request-promise, whose own promise rejects besides, with nobody to handle it', async () => {
    const relay = await instance();
    const original = library as unknown as Send;
    // As request-promise-core/lib/plumbing.js: a promise for every request, which rejects for other statuses than 2xx.
    const withPromise: Send = (options, callback) => {
      const promise = new Promise((resolve, reject) => {
        original(options, (error, response, body) => {
          callback(error, response, body);
          if (error ?? response.statusCode >= 400) reject(new Error('StatusCodeError'));
          else resolve(body);
        });
      });
      return { catch: promise.catch.bind(promise), then: promise.then.bind(promise) };
    };
    const defaults = (options: never, requester: never) => library.defaults(options, requester);
    const request = withRequest(identity(), Object.assign(withPromise, { defaults }) as unknown as RequestLike);
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    await request(QUERY);
    theOrg().expireSessions();
    expect(JSON.parse(await request(QUERY))).toMatchObject({ totalSize: ACCOUNTS });
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(relay.seen).toHaveLength(3);
  });

  it('gives a promise as request-promise does', async () => {
    const [request, , token] = await connected();
    expect(await request({ uri: QUERY, resolveWithFullResponse: true })).toMatchObject({ statusCode: 200 });
    expect(await request({ uri: '/services/data/v60.0/nowhere', simple: false })).toContain('NOT_FOUND');
    const error = await failure(request.get('/services/data/v60.0/nowhere', { json: true }));
    expect(error).toMatchObject({ name: 'StatusCodeError', statusCode: 404, error: [{ errorCode: 'NOT_FOUND' }], response: { statusCode: 404 } });
    expect(inspect(error, { depth: 10, showHidden: true }).includes(await token())).toBe(false);
  });

  it('takes a baseUrl and nested defaults, and follows a base that was left', async () => {
    const [request, before] = await connected();
    const api = request.defaults({ baseUrl: `${before.url}/services/data/v60.0` }).defaults({ json: true, headers: { 'x-one': '1' } });
    const after = await instance();
    theOrg().expireSessions();
    expect((await api.get('query', { qs: { q: 'SELECT Id FROM Account' } })).totalSize).toBe(ACCOUNTS);
    expect(after.seen.map(({ path, headers }) => [path, headers['x-one']])).toEqual([['/services/data/v60.0/query?q=SELECT%20Id%20FROM%20Account', '1']]);
  });

  it('B01: sends json, form and body again', async () => {
    const [request, relay] = await connected();
    for (const options of [{ json: { Name: 'Köln' } }, { form: { Name: 'Köln' } }, { body: Buffer.from('Köln') }, { formData: { Name: 'Köln' } }]) {
      theOrg().expireSessions();
      relay.seen.length = 0;
      await request.post('/services/data/v60.0/nowhere', { ...options, simple: false });
      const [first, second] = relay.seen.map(({ body }) => body.replaceAll(/-{10,}\d+/g, ''));
      expect(first).toMatch(/K(ö|%C3%B6)ln/);
      expect(second).toBe(first);
    }
  });

  it('B02: does not send a stream in a form again: its rejection comes back, and the next call has a new token', async () => {
    const [request, relay] = await connected();
    theOrg().expireSessions();
    theOrg().resetCounts();
    const file = { value: Readable.from([Buffer.from('x')]), options: { filename: 'x.txt', knownLength: 1 } };
    const error = await failure(request.post('/services/data/v60.0/nowhere', { formData: { file } }));
    expect(error).toMatchObject({ statusCode: 401 });
    expect([relay.seen.length, theOrg().counts.token]).toEqual([1, 1]);
    await request(QUERY);
    expect(theOrg().counts.token).toBe(1);
  });

  it.each([
    ['an Authorization header', { headers: { Authorization: 'Bearer theirs' } }],
    ['auth', { auth: { bearer: 'theirs' } }],
  ])('B11: leaves a request with %s alone', async (_name, options) => {
    const relay = await instance(async () => REJECTION);
    const request = withRequest(identity(), library);
    expect(await failure(request(relay.url + QUERY, options))).toMatchObject({ statusCode: 401 });
    expect(relay.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer theirs']);
    expect(theOrg().counts.token).toBe(0);
  });
});
