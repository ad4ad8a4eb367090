import { createSalesforceAuth, salesforceAuthFromEnv, type Flow, type SalesforceAuth } from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClean, failure, Witness, words } from './secrets';

const QUERY = '/services/data/v60.0/query?q=SELECT+Id+FROM+Account';
let org: FakeOrg;

beforeAll(async () => {
  org = await startFakeOrg({ rotateRefreshTokens: true });
});
afterAll(() => org.close());

function watched(flow: Flow): { auth: SalesforceAuth; secrets: Set<string> } {
  const { clientId, clientSecret, privateKey, username, refreshToken } = org.credentials;
  const { secrets, fetch } = new Witness().know(org.credentials);
  return { auth: createSalesforceAuth({ flow, loginUrl: org.url, clientId, clientSecret, privateKey, username, refreshToken, fetch }), secrets };
}

describe.each<Flow>(['jwt-bearer', 'client-credentials', 'refresh-token'])('secrets of %s', (flow) => {
  it('L01: are in no error and no event', async () => {
    const { auth, secrets } = watched(flow);
    const events: unknown[] = [];
    for (const name of ['login', 'refresh', 'refresh.start', 'refresh.end', 'lock.wait', 'reject'] as const) auth.on(name, (event) => events.push(event));
    await auth.login();
    const { accessToken } = await auth.token();
    const errors: unknown[] = [];

    org.rejectAllSessions();
    errors.push(await failure(auth.fetch(QUERY)));
    org.rejectAllSessions(false);

    org.expireSessions();
    for (const response of [
      { status: 503, body: accessToken },
      { status: 503, body: accessToken },
      { status: 503, body: accessToken },
      { destroy: true as const },
      { status: 200, body: `{"access_token":"${accessToken}"` },
      { status: 404, body: { message: accessToken } },
    ]) {
      org.failNext('token', 1, response);
    }
    for (let round = 0; round < 4; round++) errors.push(await failure(auth.fetch(QUERY)));

    org.failNext('token', 1, { status: 400, body: { error: 'invalid_grant', error_description: `${accessToken} is no good` } });
    errors.push(await failure(auth.fetch(QUERY)), await failure(auth.fetch(QUERY)));

    expect(errors.map((error) => (error as { code: string }).code)).toEqual(expect.arrayContaining(['REJECTED_AFTER_REFRESH', 'TOKEN_REQUEST_FAILED', 'TOKEN_REQUEST_LOST', 'TOKEN_RESPONSE_INVALID', flow === 'refresh-token' ? 'ROTATION_LOST' : 'GRANT_REFUSED']));
    expect(words(errors.at(-1)).includes('[redacted] is no good')).toBe(true);
    for (const error of errors) expectClean(error, secrets);
    expect(events.length).toBeGreaterThan(1);
    expectClean(events, secrets);
  });

  it('L03: an answer that echoes what it was sent, in every form, is scrubbed first', async () => {
    const { auth, secrets } = watched(flow);
    await auth.login();
    const echoes = [...secrets].map((secret) => `${secret} ${encodeURIComponent(secret)} ${Buffer.from(secret).toString('base64')}`);
    for (const text of echoes) {
      org.failNext('token', 1, { status: 400, body: { error: 'invalid_request', error_description: text.slice(0, 290) } });
      const error = await failure(auth.login());
      expect(error).toMatchObject({ code: 'GRANT_REFUSED', oauthError: 'invalid_request' });
      expectClean(error, secrets);
    }
  });

  it('L02: are not to be seen in the client, its clone, its token or its store', async () => {
    const { auth, secrets } = watched(flow);
    const token = await auth.token();
    expect(secrets.has(token.accessToken)).toBe(true);
    expectClean(auth, secrets);
    expectClean(token, secrets);
    expectClean(structuredClone({ ...auth, fetch: undefined }), secrets);
    expectClean({ ...token }, secrets);
  });
});

it('L01: a network failure is told without what was being sent', async () => {
  const { clientId, clientSecret } = org.credentials;
  const auth = createSalesforceAuth({
    flow: 'client-credentials',
    loginUrl: org.url,
    clientId,
    clientSecret,
    fetch: async (_input, init) => {
      throw Object.assign(new TypeError(`could not send ${String(init?.body)}`, { cause: new Error(clientSecret) }), { config: { data: init?.body } });
    },
  });
  const error = await failure(auth.token());
  expect((error as Error).cause).toBeInstanceOf(Error);
  expectClean(error, [clientSecret]);
});

it('L01: a configuration error names the setting, not its value', async () => {
  const { SALESFORCE_PRIVATE_KEY: key = '', ...env } = org.environment('jwt-bearer');
  const broken = key.replace('BEGIN PRIVATE', 'BEGIN SECRET');
  const error = await failure((async () => salesforceAuthFromEnv({}, { ...env, SALESFORCE_PRIVATE_KEY: broken }))());
  expectClean(error, [broken, ...key.split('\n').filter((line) => line && !line.startsWith('---'))]);
});
