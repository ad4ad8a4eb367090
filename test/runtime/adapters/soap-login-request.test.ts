/** `soapLogin.https` beside Node's own request: what a program hears of a login, told by both. */
import { once } from 'node:events';
import { IncomingMessage, request as nodeRequest, type ClientRequest } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createSalesforceAuth, soapLogin, type SalesforceAuth, type SoapLoginRequest } from 'salesforce-auth-client';
import { startFakeOrg } from 'salesforce-auth-client/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { identity, theOrg, useOrg } from './contract';

useOrg();

type Request = ClientRequest | SoapLoginRequest;
type Opens = (callback?: (response: IncomingMessage) => void) => Request;

const address = () => `${theOrg().url}/services/Soap/u/60.0`;
/** An app whose secret the org does not take. */
const refused = () => createSalesforceAuth({ flow: 'client-credentials', loginUrl: theOrg().url, clientId: theOrg().credentials.clientId, clientSecret: 'not-it' });
const bySoap: Opens = (callback) => nodeRequest(address(), { method: 'POST', headers: { 'Content-Type': 'text/xml', SOAPAction: 'login' } }, callback);
const byOAuth = (auth: SalesforceAuth): Opens => (callback) => soapLogin.https(address(), { auth }, callback);

function envelope(password = theOrg().credentials.password + theOrg().credentials.securityToken): string {
  return `<Envelope><Body><login><username>${theOrg().credentials.username}</username><password>${password}</password></login></Body></Envelope>`;
}

/** As programs do it: write, end, and gather what comes. */
function exchange(open: Opens, sent: string): Promise<{ response: IncomingMessage; chunks: unknown[]; events: string[] }> {
  return new Promise((resolve, reject) => {
    const events: string[] = [];
    const chunks: unknown[] = [];
    const request = open((response) => {
      events.push('response');
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => events.push('end'));
      response.on('close', () => events.push('response closed'));
      request.on('close', () => resolve({ response, chunks, events: [...events, 'closed'] }));
    });
    request.on('finish', () => events.push('finish'));
    request.on('error', reject);
    request.write(sent);
    request.end();
  });
}

/** What a request says that never gets its answer. */
async function failureOf(request: Request): Promise<{ code: string; message: string; events: string[] }> {
  const events: string[] = [];
  for (const name of ['response', 'timeout', 'abort', 'error', 'close']) request.on(name, () => events.push(name));
  const closed = new Promise((resolve) => request.on('close', resolve));
  const { code, message } = await new Promise<NodeJS.ErrnoException>((resolve) => request.on('error', resolve));
  await closed;
  return { code: code!, message, events };
}

describe('soapLogin.https beside a request of Node', () => {
  beforeEach(() => theOrg().setSoapLogin('enabled'));

  it('gives an answer of the same kind, in the same order of events', async () => {
    const real = await exchange(bySoap, envelope());
    const ours = await exchange(byOAuth(identity()), envelope());
    expect(ours.events).toEqual(real.events);
    expect(ours.response).toBeInstanceOf(IncomingMessage);
    for (const { response } of [real, ours]) {
      expect([response.statusCode, response.statusMessage, response.complete, response.readableEnded]).toEqual([200, 'OK', true, true]);
    }
    expect(ours.response.headers['content-type']).toMatch(/^text\/xml/);
    expect(real.response.headers['content-type']).toMatch(/^text\/xml/);
    for (const { chunks } of [real, ours]) {
      expect(chunks.every((chunk) => Buffer.isBuffer(chunk))).toBe(true);
      expect(Buffer.concat(chunks as Buffer[]).toString()).toMatch(/<loginResponse>.*<sessionId>[^<]+</s);
    }
  });

  it('gives a refused login as one', async () => {
    const real = await exchange(bySoap, envelope('wrong'));
    const ours = await exchange(byOAuth(refused()), envelope('wrong'));
    expect(ours.events).toEqual(real.events);
    for (const { response, chunks } of [real, ours]) {
      expect([response.statusCode, response.statusMessage]).toEqual([500, 'Internal Server Error']);
      expect(Buffer.concat(chunks as Buffer[]).toString()).toMatch(/<faultcode>(?:\w+:)?INVALID_LOGIN</);
    }
  });

  it('gives an answer that is read as any stream is', async () => {
    for (const open of [bySoap, byOAuth(identity())]) {
      const answer = async (end: (request: Request) => void = (request) => request.end(envelope())) => {
        const request = open();
        end(request);
        const [response] = (await once(request, 'response')) as [IncomingMessage];
        return response;
      };
      const whole = await text(await answer());
      expect(whole).toContain('<sessionId>');
      const decoded = (await answer()).setEncoding('utf8');
      for await (const chunk of decoded) expect(chunk).toBeTypeOf('string');
      expect(await text((await answer()).pipe(new PassThrough()))).toHaveLength(whole.length);
      expect(await text(await answer((request) => void (request.write(envelope()), request.end(() => undefined))))).toContain('<sessionId>');
    }
  });

  it('drops an answer that nobody listens for', async () => {
    for (const open of [bySoap, byOAuth(identity())]) {
      const request = open();
      request.end(envelope());
      await once(request, 'close');
    }
    expect(theOrg().counts).toMatchObject({ token: 1, soapLogin: 1 });
  });

  it('says so where the request is destroyed before its answer', async () => {
    for (const end of [(request: Request) => request.destroy(), (request: Request) => request.end(envelope()).destroy()]) {
      const [real, ours] = await Promise.all([bySoap, byOAuth(identity())].map((open) => {
        const request = open();
        const failure = failureOf(request);
        end(request);
        return failure;
      }));
      expect(real).toEqual({ code: 'ECONNRESET', message: 'socket hang up', events: ['error', 'close'] });
      expect(ours).toEqual(real);
    }
    // Node tells of an abort in this way once it has a socket, which is when programs abort.
    const aborted = await Promise.all([bySoap, byOAuth(identity())].map((open, index) => {
      const request = open();
      if (index === 0) request.on('socket', () => request.abort());
      else request.abort();
      return failureOf(request);
    }));
    expect(aborted[0]).toEqual({ code: 'ECONNRESET', message: 'socket hang up', events: ['abort', 'error', 'close'] });
    expect(aborted[1]).toEqual(aborted[0]);
    const reason = Object.assign(new Error('changed my mind'), { code: 'MINE' });
    const [real, ours] = await Promise.all([bySoap, byOAuth(identity())].map((open) => failureOf(open().destroy(reason))));
    expect(real).toEqual({ code: 'MINE', message: 'changed my mind', events: ['error', 'close'] });
    expect(ours).toEqual(real);
  });

  it('closes, and fails no more, where it is destroyed once the answer is there', async () => {
    for (const open of [bySoap, byOAuth(identity())]) {
      const failed = vi.fn();
      const request = open((response) => response.on('error', failed).resume().on('end', () => request.destroy()));
      request.on('error', failed).end(envelope());
      await once(request, 'close');
      expect(failed).not.toHaveBeenCalled();
    }
  });

  it('tells of the time that an answer takes, and leaves it to the program what to do', async () => {
    for (const open of [bySoap, byOAuth(identity())]) {
      // Nothing is answered before end().
      const request = open();
      const failure = failureOf(request);
      request.setTimeout(20, () => request.destroy());
      expect(await failure).toEqual({ code: 'ECONNRESET', message: 'socket hang up', events: ['timeout', 'error', 'close'] });
    }
  });

  it('says no word of a time that was not needed', async () => {
    for (const open of [bySoap, byOAuth(identity())]) {
      const timeout = vi.fn();
      const request = open((response) => response.resume());
      request.setTimeout(60_000, timeout);
      request.setTimeout(0);
      request.end(envelope());
      await once(request, 'close');
      expect(timeout).not.toHaveBeenCalled();
    }
  });
});

describe('soapLogin.https', () => {
  it('begins with end()', async () => {
    const request = soapLogin.https(new URL(address()), { auth: identity() });
    request.write('nothing of this is kept');
    await new Promise(setImmediate);
    expect(theOrg().counts.token).toBe(0);
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await text(response)).not.toContain('nothing of this');
    expect(theOrg().counts).toMatchObject({ token: 1, soapLogin: 0 });
  });

  it('fails as a request does where nobody answers, or nothing is set up', async () => {
    const gone = await startFakeOrg();
    await gone.close();
    const { clientId, clientSecret } = theOrg().credentials;
    const away = createSalesforceAuth({ flow: 'client-credentials', loginUrl: gone.url, clientId, clientSecret });
    expect(await failureOf(soapLogin.https(address(), { auth: away }).end())).toMatchObject({ code: 'TOKEN_REQUEST_FAILED', events: ['error', 'close'] });
    expect(await failureOf(soapLogin.https(address(), { username: 'integration@example.com' }).end())).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(() => nodeRequest('no address')).toThrow('Invalid URL');
    expect(() => soapLogin.https('no address')).toThrow('Invalid URL');
  });
});
