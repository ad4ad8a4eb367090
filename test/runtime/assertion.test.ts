import { jwtVerify } from 'jose';
import { createPublicKey } from 'node:crypto';
import { jwtBearerAssertion, SalesforceAuthConfigError } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let org: FakeOrg;
beforeAll(async () => {
  org = await startFakeOrg({ passwordGrant: 'blocked' });
});
afterAll(() => org.close());

const environment = () => org.environment('jwt-bearer');
const verify = (assertion: string) => jwtVerify(assertion, createPublicKey(org.credentials.privateKey), { algorithms: ['RS256'] });

describe('jwtBearerAssertion', () => {
  it('says who, for which app, to which server, and for three minutes', async () => {
    const { username, clientId } = org.credentials;
    const { payload } = await verify(jwtBearerAssertion({ username: 'someone@example.com' }, environment()));
    expect(payload).toEqual({ iss: clientId, sub: 'someone@example.com', aud: org.url, exp: expect.any(Number) });
    expect(payload.exp! - Date.now() / 1000).toBeGreaterThan(170);
    expect(payload.exp! - Date.now() / 1000).toBeLessThanOrEqual(180);
    expect((await verify(jwtBearerAssertion({}, environment()))).payload.sub).toBe(username);
  });

  it('takes the server from a URL with a path', async () => {
    const loginUrl = 'https://test.salesforce.com/services/oauth2/token';
    expect((await verify(jwtBearerAssertion({ loginUrl }, environment()))).payload.aud).toBe('https://test.salesforce.com');
  });

  it('gets a token', async () => {
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwtBearerAssertion({}, environment()) });
    const response = await fetch(`${org.url}/services/oauth2/token`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ access_token: expect.any(String) as string, instance_url: org.url });
  });

  it.each(['SALESFORCE_CLIENT_ID', 'SALESFORCE_PRIVATE_KEY', 'SALESFORCE_LOGIN_URL', 'SALESFORCE_USERNAME'])('says that %s is missing', (name) => {
    const { [name]: _, ...rest } = environment() as Record<string, string>;
    expect(() => jwtBearerAssertion({}, rest)).toThrow(SalesforceAuthConfigError);
    expect(() => jwtBearerAssertion({}, rest)).toThrow(name);
  });
});
