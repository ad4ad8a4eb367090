import { createHash, randomBytes } from 'node:crypto';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterEach, expect, it } from 'vitest';

let org: FakeOrg;
afterEach(() => org.close());

const callback = 'http://localhost:1717/OauthRedirect';
const newVerifier = () => randomBytes(32).toString('base64url');
const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

const authorizeUrl = (verifier: string, change: Record<string, string> = {}) => {
  const parameters = new URLSearchParams({
    response_type: 'code', client_id: org.credentials.clientId, redirect_uri: callback, scope: 'api refresh_token', state: 'a&b',
    code_challenge: challengeOf(verifier), code_challenge_method: 'S256', ...change,
  });
  return `${org.url}/services/oauth2/authorize?${parameters}`;
};

const decide = async (url: string, decision: 'allow' | 'deny') => {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' });
  return Object.fromEntries(new URL(response.headers.get('location') ?? 'none:').searchParams);
};

const exchange = async (form: Record<string, string>) => {
  const response = await fetch(`${org.url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', ...form }) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};

it('gives a code that is good once, for the app, the callback and the verifier it was made for', async () => {
  org = await startFakeOrg();
  const verifier = newVerifier();
  const { clientId: client_id, clientSecret } = org.credentials;
  const allowed = await decide(authorizeUrl(verifier), 'allow');
  expect(allowed).toEqual({ code: expect.stringMatching(/^aPrx/), state: 'a&b' });
  const form = { client_id, redirect_uri: callback, code: allowed.code ?? '', code_verifier: verifier };
  const { status, body } = await exchange({ ...form, client_secret: clientSecret });
  expect(status).toBe(200);
  expect(body).toMatchObject({ scope: 'api refresh_token', instance_url: org.url, token_type: 'Bearer', refresh_token: org.credentials.refreshToken });
  expect(await exchange(form)).toEqual({ status: 400, body: { error: 'invalid_grant', error_description: 'expired authorization code' } });

  for (const [change, error, error_description] of [
    [{ code_verifier: newVerifier() }, 'invalid_grant', 'invalid code verifier'],
    [{ code_verifier: '' }, 'invalid_grant', 'invalid code verifier'],
    [{ redirect_uri: 'http://localhost:1718/OauthRedirect' }, 'redirect_uri_mismatch', 'redirect_uri must match configuration'],
  ] as const) {
    const { code = '' } = await decide(authorizeUrl(verifier), 'allow');
    expect(await exchange({ ...form, code, ...change })).toEqual({ status: 400, body: { error, error_description } });
  }
});

it('forgets a code after 15 minutes', async () => {
  let now = Date.now();
  org = await startFakeOrg({ clock: { now: () => now } });
  const verifier = newVerifier();
  const { code = '' } = await decide(authorizeUrl(verifier), 'allow');
  now += 15 * 60_000;
  const { body } = await exchange({ client_id: org.credentials.clientId, redirect_uri: callback, code, code_verifier: verifier });
  expect(body.error_description).toBe('expired authorization code');
});

it('gives a refresh token for its scope only', async () => {
  org = await startFakeOrg();
  const verifier = newVerifier();
  const { code = '' } = await decide(authorizeUrl(verifier, { scope: 'api' }), 'allow');
  const { body } = await exchange({ client_id: org.credentials.clientId, redirect_uri: callback, code, code_verifier: verifier });
  expect(body).not.toHaveProperty('refresh_token');
});

it('sends back a denial, and a request without PKCE, with the words of Salesforce', async () => {
  org = await startFakeOrg();
  const verifier = newVerifier();
  expect(await decide(authorizeUrl(verifier), 'deny')).toEqual({ error: 'access_denied', error_description: 'end-user denied authorization', state: 'a&b' });
  for (const [change, error, error_description] of [
    [{ code_challenge: '' }, 'invalid_request', 'missing required code challenge'],
    [{ code_challenge_method: 'plain' }, 'invalid_request', 'transform algorithm not supported'],
    [{ response_type: 'token' }, 'unsupported_response_type', 'response type not supported'],
  ] as const) {
    expect(await decide(authorizeUrl(verifier, change), 'allow')).toEqual({ error, error_description, state: 'a&b' });
  }
});

it('sends nobody to an address that the app does not have, or for an app it does not know', async () => {
  org = await startFakeOrg();
  for (const [change, said] of [
    [{ redirect_uri: 'http://localhost:1717/other' }, 'redirect_uri_mismatch'],
    [{ client_id: 'other' }, 'invalid_client_id'],
  ] as const) {
    const response = await fetch(authorizeUrl(newVerifier(), change), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.has('location')).toBe(false);
    expect(await response.text()).toContain(said);
  }
  expect(org.counts.authorize).toBe(2);
});
