import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { createClientAsync, type Client } from 'soap';
import { createSalesforceAuth, withSoap } from 'salesforce-auth-client';
import { startFakeOrg } from 'salesforce-auth-client/testing';
import { describe, expect, it } from 'vitest';
import { contract, elsewhere, identity, instance, SOQL, theOrg, useOrg } from './contract';

const WSDL = fileURLToPath(new URL('partner.wsdl', import.meta.url));

useOrg();

const failure = (promise: Promise<unknown>): Promise<Error> => promise.then(() => expect.fail('should have failed'), (error: Error) => error);

async function query(client: Client): Promise<number> {
  const [answer] = (await client['queryAsync']({ queryString: SOQL })) as [{ result: { size: number } }];
  return answer.result.size;
}

describe('withSoap', () => {
  contract(async (auth) => {
    const client = withSoap(auth, await createClientAsync(WSDL));
    const visitor = withSoap(auth, await createClientAsync(WSDL));
    return {
      query: () => query(client),
      visit: (url) => {
        visitor.setEndpoint(`${url}/services/Soap/u/60.0`);
        return query(visitor);
      },
    };
  });

  it('F03: puts the session of now into the header that the WSDL names, on the first call as well', async () => {
    const relay = await instance();
    const auth = identity();
    const client = withSoap(auth, await createClientAsync(WSDL));
    await client['getServerTimestampAsync']({});
    theOrg().expireSessions();
    await query(client);
    const { accessToken } = await auth.token();
    expect(relay.seen.map(({ body }) => body.includes(accessToken))).toEqual([false, false, true]);
    expect(relay.seen[2]?.body).toMatch(/<sfdc:SessionHeader[^>]*xmlns:sfdc="urn:partner\.soap\.sforce\.com"[^>]*>|<(\w+:)?SessionHeader/);
    expect(theOrg().counts).toMatchObject({ token: 2, soap: 3, rejected: 1 });
  });

  it('works with callbacks, and leaves other faults as they are', async () => {
    await instance();
    const client = withSoap(identity(), await createClientAsync(WSDL));
    const [error, result] = await new Promise<unknown[]>((resolve) => client['getServerTimestamp']({}, (...values: unknown[]) => resolve(values)));
    expect(error).toBeNull();
    expect(result).toHaveProperty('result.timestamp');
    theOrg().resetCounts();
    expect((await failure(client['mergeAsync']({}) as Promise<unknown>)).message).toContain('UNKNOWN_EXCEPTION');
    expect(theOrg().counts).toMatchObject({ token: 0, soap: 1 });
  });

  it('leaves the error of a broken connection as it is', async () => {
    const gone = await elsewhere();
    theOrg().setInstanceUrl(gone.url);
    const auth = identity();
    await auth.token();
    await gone.close();
    const client = withSoap(auth, await createClientAsync(WSDL));
    const error = await failure(query(client));
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(inspect(error, { depth: 10 }).includes((await auth.token()).accessToken)).toBe(false);
  });

  it('refuses a client that has a SessionHeader', async () => {
    const client = await createClientAsync(WSDL);
    client.addSoapHeader({ SessionHeader: { sessionId: 'old' } }, '', 'sf', 'urn:partner.soap.sforce.com');
    expect(() => withSoap(identity(), client)).toThrow(/client has a SessionHeader already/);
  });

  it('L01: shows the session nowhere, not even where a fault echoes it (L03)', async () => {
    const echoing = await startFakeOrg({ echoSessionIdInFaults: true });
    const { clientId, clientSecret } = echoing.credentials;
    const auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: echoing.url, clientId, clientSecret });
    const client = withSoap(auth, await createClientAsync(WSDL));
    const events: unknown[] = [];
    client.on('request', (...values: unknown[]) => events.push(values)).on('response', (...values: unknown[]) => events.push(values));
    expect(await query(client)).toBe(3);
    const { accessToken } = await auth.token();
    const fault = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>sf:X</faultcode><faultstring>${accessToken}</faultstring></e:Fault></e:Body></e:Envelope>`;
    echoing.failNext('soap', 1, { status: 500, body: fault });
    const error = await failure(client['mergeAsync']({}) as Promise<unknown>);
    expect(error.message).toContain('[redacted]');
    for (const shown of [error, client.lastRequest, client.lastResponse, events]) {
      expect(inspect(shown, { depth: 12, showHidden: true }).includes(accessToken)).toBe(false);
    }
    echoing.rejectAllSessions();
    const rejected = await failure(query(client));
    expect(inspect(rejected, { depth: 12, showHidden: true })).not.toMatch(/00D\w{9,15}!/);
    await echoing.close();
  });
});
