import { DOMParser } from '@xmldom/xmldom';
import { createRequire } from 'node:module';
import { createSalesforceAuth, soapLogin, type SoapLoginAnswer, type SoapLoginResponse } from 'salesforce-auth-client';
import { startFakeOrg } from 'salesforce-auth-client/testing';
import { describe, expect, it } from 'vitest';
import { identity, theOrg, useOrg } from './contract';

const require = createRequire(import.meta.url);
const { parseStringPromise } = require('xml2js') as { parseStringPromise(xml: string): Promise<Record<string, Record<string, Record<string, object[]>[]>>> };
const { isAxiosError } = require('axios') as { isAxiosError(error: unknown): boolean };

useOrg();

const address = (api = 'u/60.0') => `${theOrg().url}/services/Soap/${api}`;
/** An app whose secret the org does not take. */
const refused = () => createSalesforceAuth({ flow: 'client-credentials', loginUrl: theOrg().url, clientId: theOrg().credentials.clientId, clientSecret: 'not-it' });
const withRequest = (url: string, auth = identity()) =>
  new Promise<[Error | null, SoapLoginResponse | undefined, string | undefined]>((resolve) => soapLogin.request(url, { auth }, (...all) => resolve(all as never)));

/** What the fake org's own login() says, and what was made of an OAuth login. */
async function bothAnswers(api: string): Promise<[soap: string, oauth: string]> {
  const { username, password, securityToken } = theOrg().credentials;
  const body = `<Envelope><Body><login><username>${username}</username><password>${password}${securityToken}</password></login></Body></Envelope>`;
  theOrg().setSoapLogin('enabled');
  const soap = await fetch(address(api), { method: 'POST', headers: { 'Content-Type': 'text/xml', SOAPAction: 'login' }, body });
  theOrg().setSoapLogin('disabled');
  return [await soap.text(), await (await soapLogin.fetch(address(api), { auth: identity() })).text()];
}

const element = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

describe('soapLogin', () => {
  it.each(['u/60.0', 'c/58.0'])('answers at %s as login() did, for whatever reads it', async (api) => {
    const [soap, oauth] = await bothAnswers(api);
    for (const name of ['metadataServerUrl', 'passwordExpired', 'serverUrl', 'userId', 'organizationId']) {
      // The organization's id in URLs has 15 characters.
      expect(element(soap, name)?.slice(0, element(oauth, name)?.length), name).toBe(element(oauth, name));
    }
    const namespace = (xml: string) => new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagName('loginResponse')[0]?.namespaceURI;
    expect(namespace(oauth)).toBe(namespace(soap));
    const [parsed, before] = await Promise.all([parseStringPromise(oauth), parseStringPromise(soap)]);
    const resultOf = (answer: typeof parsed) => (answer['soapenv:Envelope']?.['soapenv:Body'] as unknown as { loginResponse: { result: object[] }[] }[])[0]?.loginResponse[0]?.result[0];
    expect(Object.keys(resultOf(before)!)).toEqual(expect.arrayContaining(Object.keys(resultOf(parsed)!)));
  });

  it('gives a session that works', async () => {
    const xml = await (await soapLogin.fetch(new URL(address()), { auth: identity() })).text();
    const { origin } = new URL(element(xml, 'serverUrl')!);
    const answer = await fetch(`${origin}/services/data/v60.0/query?q=SELECT+Id+FROM+Account`, { headers: { Authorization: `Bearer ${element(xml, 'sessionId')!}` } });
    expect(answer.status).toBe(200);
    expect(theOrg().counts).toMatchObject({ token: 1, soapLogin: 0 });
  });

  it('answers in the shape of each client', async () => {
    const response = await soapLogin.fetch(address(), { auth: identity() });
    expect([response.status, response.ok, response.headers.get('content-type')]).toEqual([200, true, 'text/xml;charset=UTF-8']);
    const answer: SoapLoginAnswer<string> = await soapLogin.axios<string>(address(), { auth: identity() });
    expect(answer).toMatchObject({ status: 200, statusText: 'OK', data: expect.stringContaining('<loginResponse>') as string });
    const [error, full, body] = await withRequest(address());
    expect([error, full?.statusCode, full?.body]).toEqual([null, 200, body]);
  });

  it('answers a refused login with a fault, as a login() that is refused', async () => {
    const response = await soapLogin.fetch(address(), { auth: refused() });
    expect([response.status, response.ok]).toEqual([500, false]);
    const fault = await response.text();
    expect(element(fault, 'faultcode')).toBe('INVALID_LOGIN');
    expect(element(fault, 'faultstring')).toMatch(/^INVALID_LOGIN: .*invalid_client/);
    expect(fault).not.toContain('not-it');
    const error = await soapLogin.axios(address(), { auth: refused() }).then(() => expect.fail('should have failed'), (reason: unknown) => reason);
    expect(isAxiosError(error)).toBe(true);
    expect(error).toMatchObject({ message: 'Request failed with status code 500', response: { status: 500, data: expect.stringContaining('<soapenv:Fault>') as string } });
    const [none, answer] = await withRequest(address(), refused());
    expect([none, answer?.statusCode]).toEqual([null, 500]);
  });

  it('fails as a client does where nobody answers, or nothing is set up', async () => {
    const { clientId, clientSecret } = theOrg().credentials;
    const gone = await startFakeOrg();
    await gone.close();
    const away = createSalesforceAuth({ flow: 'client-credentials', loginUrl: gone.url, clientId, clientSecret });
    await expect(soapLogin.fetch(address(), { auth: away })).rejects.toMatchObject({ code: 'TOKEN_REQUEST_FAILED' });
    await expect(soapLogin.axios(address(), { auth: away })).rejects.toMatchObject({ code: 'TOKEN_REQUEST_FAILED' });
    expect(await withRequest(address(), away)).toMatchObject([{ code: 'TOKEN_REQUEST_FAILED' }]);
    await expect(soapLogin.fetch(address(), { username: 'integration@example.com' })).rejects.toMatchObject({ code: 'CONFIG_INVALID', setting: 'SALESFORCE_CLIENT_ID' });
    await expect(soapLogin.fetch('no address')).rejects.toThrow('Invalid URL');
  });

  it('logs in for the user, with what the environment says of the app', async () => {
    for (const [name, value] of Object.entries(theOrg().environment('jwt-bearer'))) process.env[name] = value;
    try {
      expect((await soapLogin.fetch(address(), { username: theOrg().credentials.username })).status).toBe(200);
      expect((await soapLogin.fetch(address(), { username: 'somebody.else@example.com' })).status).toBe(500);
    } finally {
      for (const name of Object.keys(theOrg().environment('jwt-bearer'))) delete process.env[name];
    }
  });
});
