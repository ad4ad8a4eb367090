import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { startFakeOrg, type FakeOrg, type FakeOrgOptions } from 'salesforce-auth-client/testing';
import { afterEach, describe, expect, it } from 'vitest';

const running: FakeOrg[] = [];
async function start(options: FakeOrgOptions = {}): Promise<FakeOrg> {
  const org = await startFakeOrg(options);
  running.push(org);
  return org;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((org) => org.close()));
});

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** A clock that moves only when told to. */
function handClock(start = Date.UTC(2026, 10, 21)) {
  return { time: start, now() { return this.time; }, advance(seconds: number) { this.time += seconds * 1000; } };
}

function post(org: FakeOrg, path: string, form: Record<string, string>, init: RequestInit = {}) {
  return fetch(org.url + path, { method: 'POST', body: new URLSearchParams(form), ...init });
}

async function token(org: FakeOrg, form: Record<string, string>, init?: RequestInit) {
  const response = await post(org, '/services/oauth2/token', form, init);
  return { status: response.status, body: (await response.json()) as Record<string, string>, headers: response.headers };
}

function clientCredentials(org: FakeOrg) {
  const { clientId, clientSecret } = org.credentials;
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
}

function refreshForm(org: FakeOrg, refreshToken = org.credentials.refreshToken) {
  return { grant_type: 'refresh_token', client_id: org.credentials.clientId, refresh_token: refreshToken };
}

async function accessToken(org: FakeOrg): Promise<string> {
  return (await token(org, clientCredentials(org))).body['access_token'] ?? '';
}

function assertion(org: FakeOrg, claims: Record<string, unknown> = {}, { key = org.credentials.privateKey, alg = 'RS256' } = {}): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { iss: org.credentials.clientId, sub: org.credentials.username, aud: org.url, exp: Math.floor(Date.now() / 1000) + 180, ...claims };
  const signed = `${encode({ alg, typ: 'JWT' })}.${encode(payload)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(createPrivateKey(key), 'base64url')}`;
}

function jwtBearer(org: FakeOrg, ...rest: [claims?: Record<string, unknown>, signing?: { key?: string; alg?: string }]) {
  return token(org, { grant_type: JWT_BEARER, assertion: assertion(org, ...rest) });
}

function get(org: FakeOrg, path: string, accessToken?: string, headers: Record<string, string> = {}) {
  return fetch(org.url + path, { headers: { ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}), ...headers } });
}

function query(org: FakeOrg, accessToken: string, soql = 'SELECT Id FROM Account') {
  return get(org, `/services/data/v60.0/query?q=${encodeURIComponent(soql)}`, accessToken);
}

function refused(error: string, description: string) {
  return { status: 400, body: { error, error_description: description } };
}

const SESSION_EXPIRED = [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }];

describe('the token endpoint', () => {
  it('grants client credentials', async () => {
    const org = await start();
    const { status, body, headers } = await token(org, clientCredentials(org));
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['access_token', 'id', 'instance_url', 'issued_at', 'scope', 'signature', 'token_type']);
    expect(body).toMatchObject({ instance_url: org.url, token_type: 'Bearer', scope: 'api', issued_at: expect.stringMatching(/^\d{13}$/) });
    expect(body['access_token']).toMatch(/^00D\w{12}![\w.]{96}$/);
    expect(body['id']).toMatch(new RegExp(`^${org.url}/id/00D\\w{15}/005\\w{15}$`));
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('date')).toBeTruthy();
  });

  it('takes the client from HTTP Basic', async () => {
    const org = await start();
    const { clientId, clientSecret } = org.credentials;
    const escaped = clientId.replace(/[._]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
    const authorization = `Basic ${Buffer.from(`${escaped}:${clientSecret}`).toString('base64')}`;
    expect((await token(org, { grant_type: 'client_credentials' }, { headers: { authorization } })).status).toBe(200);
  });

  it('refuses clients and grants with the documented words', async () => {
    const org = await start();
    const form = clientCredentials(org);
    expect(await token(org, { ...form, client_id: 'other' })).toMatchObject(refused('invalid_client_id', 'client identifier invalid'));
    expect(await token(org, { ...form, client_secret: 'other' })).toMatchObject(refused('invalid_client', 'invalid client credentials'));
    expect(await token(org, { grant_type: 'client_credentials', client_id: form.client_id })).toMatchObject(refused('invalid_client', 'invalid client credentials'));
    expect(await token(org, { ...form, grant_type: 'magic' })).toMatchObject(refused('unsupported_grant_type', 'grant type not supported'));
    expect(await token(org, { ...form, grant_type: 'authorization_code', code: 'x' })).toMatchObject(refused('invalid_grant', 'expired authorization code'));
    org.setClientCredentialsUser(false);
    expect(await token(org, form)).toMatchObject(refused('invalid_grant', 'no client credentials user enabled'));
  });

  it('reads form fields, not JSON, and only POST', async () => {
    const org = await start();
    const asJson = await fetch(`${org.url}/services/oauth2/token`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(clientCredentials(org)),
    });
    expect(await asJson.json()).toMatchObject({ error: 'unsupported_grant_type' });
    const got = await fetch(`${org.url}/services/oauth2/token?${new URLSearchParams(clientCredentials(org))}`);
    expect([got.status, await got.json()]).toEqual([400, { error: 'invalid_request', error_description: 'must use HTTP POST' }]);
    const inUrl = await fetch(`${org.url}/services/oauth2/token?${new URLSearchParams(clientCredentials(org))}`, { method: 'POST' });
    expect(inUrl.status).toBe(200);
    expect(org.requests.at(-1)).toEqual({ kind: 'token', method: 'POST', path: '/services/oauth2/token', status: 200, grantType: 'client_credentials', credentialsInUrl: true });
  });

  it('grants a JWT bearer assertion, without issued_at', async () => {
    const org = await start();
    const { status, body } = await jwtBearer(org);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['access_token', 'id', 'instance_url', 'scope', 'token_type']);
    expect((await query(org, body['access_token'] ?? '')).status).toBe(200);
  });

  it('refuses a JWT bearer assertion with the documented words', async () => {
    const org = await start();
    const audience = refused('invalid_grant', 'audience is invalid');
    for (const aud of ['https://login.salesforce.com', 'https://test.salesforce.com', `${org.url}/`, [org.url], undefined]) {
      expect(await jwtBearer(org, { aud })).toMatchObject(audience);
    }
    expect(await jwtBearer(org, { sub: 'nobody@fake-org.example' })).toMatchObject(refused('invalid_grant', "user hasn't approved this consumer"));
    expect(await jwtBearer(org, { iss: 'other' })).toMatchObject(refused('invalid_client_id', 'client identifier invalid'));
    expect(await jwtBearer(org, { exp: Math.floor(Date.now() / 1000) - 1 })).toMatchObject(refused('invalid_grant', 'expired authorization code'));
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const invalid = refused('invalid_grant', 'invalid assertion');
    expect(await jwtBearer(org, {}, { key: stranger })).toMatchObject(invalid);
    expect(await jwtBearer(org, {}, { alg: 'none' })).toMatchObject(invalid);
    expect(await token(org, { grant_type: JWT_BEARER, assertion: 'nonsense' })).toMatchObject(invalid);
    expect(await jwtBearer(org, { exp: undefined })).toMatchObject(refused('invalid_grant', 'expired authorization code'));
    // Milliseconds by mistake are far ahead, and pass; so does a string.
    expect((await jwtBearer(org, { exp: Date.now() + 180 })).status).toBe(200);
    expect((await jwtBearer(org, { exp: String(Math.floor(Date.now() / 1000) + 180) })).status).toBe(200);
  });

  it('refreshes without rotation: the refresh token stays, and is not repeated', async () => {
    const org = await start();
    const before = org.credentials.refreshToken;
    const { status, body } = await token(org, refreshForm(org));
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('expires_in');
    expect(org.credentials.refreshToken).toBe(before);
    expect((await token(org, { ...refreshForm(org), client_secret: 'other' })).body['error']).toBe('invalid_client');
  });

  it('rotates refresh tokens, and takes a replay for a theft', async () => {
    const org = await start({ rotateRefreshTokens: true });
    const first = org.credentials.refreshToken;
    const second = (await token(org, refreshForm(org, first))).body;
    expect(second['refresh_token']).toMatch(/^5Aep861/);
    expect(second['refresh_token']).not.toBe(first);
    expect(org.credentials.refreshToken).toBe(second['refresh_token']);
    const dead = refused('invalid_grant', 'expired access/refresh token');
    expect((await query(org, second['access_token'] ?? '')).status).toBe(200);
    expect(await token(org, refreshForm(org, first))).toMatchObject(dead);
    expect((await query(org, second['access_token'] ?? '')).status).toBe(401);
    expect(await token(org, refreshForm(org, second['refresh_token']))).toMatchObject(dead);
    expect((await token(org, refreshForm(org, org.issueRefreshToken()))).status).toBe(200);
  });

  it('revokes refresh tokens on demand', async () => {
    const org = await start();
    const { body } = await token(org, refreshForm(org));
    org.revokeRefreshTokens();
    expect(await token(org, refreshForm(org))).toMatchObject(refused('invalid_grant', 'expired access/refresh token'));
    expect((await query(org, body['access_token'] ?? '')).status).toBe(200);
  });

  it('has the password grant, until it is blocked', async () => {
    const org = await start({ requireSecurityToken: true });
    const { clientId, clientSecret, username, password, securityToken } = org.credentials;
    const form = { grant_type: 'password', client_id: clientId, client_secret: clientSecret, username };
    const failure = refused('invalid_grant', 'authentication failure');
    expect((await token(org, { ...form, password: password + securityToken })).body).toHaveProperty('issued_at');
    expect(await token(org, { ...form, password })).toMatchObject(failure);
    org.setPasswordGrant('blocked');
    expect(await token(org, { ...form, password: password + securityToken })).toMatchObject(failure);
  });

  it('wants My Domain where external client apps do', async () => {
    const org = await start({ requireMyDomain: true });
    const elsewhere = await fetch(`${org.url.replace('127.0.0.1', 'localhost')}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(clientCredentials(org)) });
    expect([elsewhere.status, await elsewhere.json()]).toEqual([400, { error: 'app_not_found', error_description: 'External client app is not installed in this org' }]);
    expect((await token(org, clientCredentials(org))).status).toBe(200);
  });

  it('hands out the instance URL that is set', async () => {
    const org = await start({ requireInstanceUrl: true });
    const moved = org.url.replace('127.0.0.1', 'localhost');
    org.setInstanceUrl(`${moved}/`);
    const { body } = await token(org, clientCredentials(org));
    expect(body['instance_url']).toBe(moved);
    const stale = await query(org, body['access_token'] ?? '');
    expect([stale.status, await stale.json()]).toEqual([
      400, [{ errorCode: 'URL_NOT_RESET', message: 'Destination URL not reset. The URL returned from login must be set' }],
    ]);
    const fresh = await fetch(`${moved}/services/data/v60.0/limits`, { headers: { authorization: `Bearer ${body['access_token']}` } });
    expect(fresh.status).toBe(200);
  });
});

describe('sessions', () => {
  it('die on demand', async () => {
    const org = await start();
    const one = await accessToken(org);
    expect((await query(org, one)).status).toBe(200);
    org.expireSessions();
    const response = await query(org, one);
    expect([response.status, await response.json()]).toEqual([401, SESSION_EXPIRED]);
    expect((await query(org, await accessToken(org))).status).toBe(200);
    expect(org.counts).toMatchObject({ token: 2, issued: 2, data: 3, rejected: 1 });
  });

  it('end after inactivity, which only use in the second half of the window postpones', async () => {
    const clock = handClock();
    const org = await start({ clock, sessionSeconds: 900 });
    const one = await accessToken(org);
    const statusAfter = async (seconds: number) => (clock.advance(seconds), (await query(org, one)).status);
    expect(await statusAfter(300)).toBe(200); // first half: extends nothing
    expect(await statusAfter(300)).toBe(200); // at 600: extends to 1500
    expect(await statusAfter(800)).toBe(200); // at 1400: extends to 2300
    expect(await statusAfter(899)).toBe(200);
    expect(await statusAfter(900)).toBe(401);
    const early = await accessToken(org);
    clock.advance(300);
    expect((await query(org, early)).status).toBe(200);
    clock.advance(600);
    expect((await query(org, early)).status).toBe(401);
  });

  it('show the time of the org in every answer', async () => {
    const clock = handClock();
    const org = await start({ clock });
    for (const path of ['/services/data', '/services/data/v60.0/limits', '/services/oauth2/userinfo', '/nowhere']) {
      expect((await get(org, path)).headers.get('date')).toBe(new Date(clock.now()).toUTCString());
    }
    expect((await token(org, clientCredentials(org))).body['issued_at']).toBe(String(clock.now()));
  });

  it('can be refused whatever the token', async () => {
    const org = await start();
    org.rejectAllSessions(true);
    const one = await accessToken(org);
    expect((await query(org, one)).status).toBe(401);
    org.rejectAllSessions(false);
    expect((await query(org, one)).status).toBe(200);
  });

  it('can be revoked and introspected', async () => {
    const clock = handClock();
    const org = await start({ clock, sessionSeconds: 900 });
    const { clientId, clientSecret, username, password } = org.credentials;
    const client = { client_id: clientId, client_secret: clientSecret };
    const introspect = async (value: string) => (await post(org, '/services/oauth2/introspect', { token: value, ...client })).json();
    const one = await accessToken(org);
    const now = clock.now() / 1000;
    expect(await introspect(one)).toMatchObject({ active: true, client_id: clientId, username, token_type: 'access_token', iat: now, nbf: now, exp: now + 900 });
    expect((await post(org, '/services/oauth2/revoke', { token: one })).status).toBe(200);
    expect(await introspect(one)).toEqual({ active: false });
    const again = await post(org, '/services/oauth2/revoke', { token: one });
    expect([again.status, await again.json()]).toMatchObject([400, { error: 'invalid_token' }]);
    const byPassword = (await token(org, { grant_type: 'password', ...client, username, password })).body['access_token'] ?? '';
    expect(await introspect(byPassword)).toEqual({ active: false });
    const refreshed = (await token(org, refreshForm(org))).body['access_token'] ?? '';
    expect(await introspect(org.credentials.refreshToken)).toMatchObject({ active: true, token_type: 'refresh_token' });
    expect((await post(org, '/services/oauth2/revoke', { token: org.credentials.refreshToken })).status).toBe(200);
    expect((await query(org, refreshed)).status).toBe(401);
    expect((await post(org, '/services/oauth2/introspect', { token: one })).status).toBe(400);
  });

  it('may have JWT-format tokens, with an end of their own', async () => {
    const clock = handClock();
    const org = await start({ tokenFormat: 'jwt', sessionSeconds: 900, clock });
    const one = await accessToken(org);
    const [header, claims] = one.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
    expect(header).toMatchObject({ alg: 'RS256', typ: 'JWT', tty: 'sfdc-core-token' });
    expect(claims).toMatchObject({ iss: org.url, exp: clock.now() / 1000 + 900 });
    clock.advance(899);
    expect((await query(org, one)).status).toBe(200);
    clock.advance(1);
    expect((await query(org, one)).status).toBe(401);
  });
});

describe('REST', () => {
  it('lists versions to anybody, and resources to a session', async () => {
    const org = await start();
    const versions = (await (await get(org, '/services/data/')).json()) as { version: string }[];
    expect([versions[0]?.version, versions.at(-1)?.version]).toEqual(['31.0', '68.0']);
    expect(await (await get(org, '/services/data/v60.0/', await accessToken(org))).json()).toMatchObject({ sobjects: '/services/data/v60.0/sobjects' });
    expect((await get(org, '/services/data/v60.0/')).status).toBe(401);
  });

  it('refuses a dead session as JSON, or as XML where that is accepted', async () => {
    const org = await start();
    const response = await get(org, '/services/data/v60.0/sobjects', 'dead', { accept: 'application/xml' });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toMatch(/^application\/xml/);
    expect(await response.text()).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Errors><Error><errorCode>INVALID_SESSION_ID</errorCode><message>Session expired or invalid</message></Error></Errors>',
    );
  });

  it.each(['Bearer', 'Bearer ', 'Bearer undefined', 'TOKEN', 'Token TOKEN', 'Bearer TOKEN TOKEN'])('refuses the header %o as malformed', async (shape) => {
    const org = await start();
    const authorization = shape.replaceAll('TOKEN', await accessToken(org));
    const response = await get(org, '/services/data/v60.0/limits', undefined, { authorization });
    expect([response.status, await response.json()]).toEqual([401, [{ message: 'INVALID_HEADER_TYPE', errorCode: 'INVALID_AUTH_HEADER' }]]);
  });

  it('takes the OAuth scheme of older clients', async () => {
    const org = await start();
    expect((await get(org, '/services/data/v60.0/limits', undefined, { authorization: `OAuth ${await accessToken(org)}` })).status).toBe(200);
  });

  it('has no retired versions, no unknown ones, and no unknown paths', async () => {
    const org = await start();
    const one = await accessToken(org);
    const answer = async (path: string) => {
      const response = await get(org, path, one);
      return [response.status, ((await response.json()) as { errorCode: string }[])[0]?.errorCode];
    };
    expect(await answer('/services/data/v30.0/limits')).toEqual([410, 'GONE']);
    expect(await answer('/services/data/v99.0/limits')).toEqual([404, 'NOT_FOUND']);
    expect(await answer('/services/data/v60.0/nothing')).toEqual([404, 'NOT_FOUND']);
    expect(await answer('/services/apexrest/nothing')).toEqual([404, 'NOT_FOUND']);
    expect(await answer('/nothing')).toEqual([404, 'NOT_FOUND']);
    expect(await (await get(org, '/nothing')).json()).toEqual([{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }]);
  });

  it.each([
    ["SELECT Name FROM Account WHERE Industry = 'Apparel'", ['Burlington']],
    ["select name from account where industry != 'Apparel' and annualrevenue > 139000000", ['Pyramid']],
    ["SELECT Name FROM Account WHERE Name LIKE '%I%' ORDER BY Name DESC LIMIT 2", ['Pyramid', 'Burlington']],
    ["SELECT Name FROM Account WHERE Name IN ('Edge', 'Rock AND \\'Roll')", ['Edge']],
    ['SELECT Name FROM Account WHERE Website = null', ['Edge', 'Burlington', 'Pyramid']],
    ['SELECT Name FROM Account WHERE AnnualRevenue <= 139000000', ['Edge']],
  ])('answers %s', async (soql, names) => {
    const records = { Account: [
      { Name: 'Edge', Industry: 'Electronics', AnnualRevenue: 139000000 },
      { Name: 'Burlington', Industry: 'Apparel', AnnualRevenue: 350000000 },
      { Name: 'Pyramid', Industry: 'Construction', AnnualRevenue: 950000000 },
    ] };
    const org = await start({ records });
    const response = await query(org, await accessToken(org), soql);
    const body = (await response.json()) as { records: Record<string, string>[] };
    expect(response.status).toBe(200);
    expect(body.records.map((record) => record['Name'] ?? record['name'])).toEqual(names);
  });

  it('finds a row by id in either length, counts, and refuses what it cannot read', async () => {
    const org = await start();
    const one = await accessToken(org);
    const id = String(org.records['Account']?.[0]?.['Id']);
    expect(id).toMatch(/^001\w{12}[A-Z0-5]{3}$/);
    for (const given of [id, id.slice(0, 15)]) {
      expect(await (await query(org, one, `SELECT Id FROM Account WHERE Id = '${given}'`)).json()).toMatchObject({ totalSize: 1 });
      expect((await get(org, `/services/data/v60.0/sobjects/Account/${given}`, one)).status).toBe(200);
      const some = await get(org, `/services/data/v60.0/sobjects/Account/${given}?fields=Id,Website`, one);
      expect(await some.json()).toEqual({ attributes: { type: 'Account', url: `/services/data/v60.0/sobjects/Account/${id}` }, Id: id, Website: null });
    }
    expect(await (await query(org, one, 'SELECT COUNT() FROM Account')).json()).toEqual({ totalSize: 3, done: true, records: [] });
    const bad = await query(org, one, 'SELECT');
    expect([bad.status, await bad.json()]).toMatchObject([400, [{ errorCode: 'MALFORMED_QUERY' }]]);
    expect(await (await query(org, one, 'SELECT Id FROM Nothing')).json()).toMatchObject([{ errorCode: 'INVALID_TYPE' }]);
  });

  it('upserts, deletes and remembers what was deleted', async () => {
    const org = await start();
    const authorization = `Bearer ${await accessToken(org)}`;
    const base = `${org.url}/services/data/v60.0`;
    const patch = (name: string) => fetch(`${base}/sobjects/Account/Code__c/A-1`, { method: 'PATCH', headers: { authorization }, body: JSON.stringify({ Name: name }) });
    expect([(await patch('One')).status, (await patch('Two')).status]).toEqual([201, 204]);
    expect(org.records['Account']?.at(-1)).toMatchObject({ Code__c: 'A-1', Name: 'Two' });
    await fetch(`${base}/sobjects/Account/Code__c/A-1`, { method: 'DELETE', headers: { authorization } });
    const count = async (resource: string) =>
      ((await (await fetch(`${base}/${resource}?q=${encodeURIComponent('SELECT Id FROM Account')}`, { headers: { authorization } })).json()) as { totalSize: number }).totalSize;
    expect([await count('query'), await count('queryAll')]).toEqual([3, 4]);
    const broken = await fetch(`${base}/sobjects/Account`, { method: 'POST', headers: { authorization }, body: '{' });
    expect([broken.status, await broken.json()]).toMatchObject([400, [{ errorCode: 'JSON_PARSER_ERROR' }]]);
  });

  it('runs several calls in one', async () => {
    const org = await start();
    const headers = { authorization: `Bearer ${await accessToken(org)}`, 'content-type': 'application/json' };
    const url = `${org.url}/services/data/v60.0/composite`;
    const compositeRequest = [
      { method: 'POST', url: '/services/data/v60.0/sobjects/Account', referenceId: 'a', body: { Name: 'New' } },
      { method: 'GET', url: '/services/data/v60.0/sobjects/Account/none', referenceId: 'b' },
    ];
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ compositeRequest }) });
    expect(await response.json()).toMatchObject({ compositeResponse: [{ referenceId: 'a', httpStatusCode: 201 }, { referenceId: 'b', httpStatusCode: 404 }] });
    const records = [{ attributes: { type: 'Contact' }, LastName: 'Doe' }, { attributes: { type: 'Nothing' } }];
    const collection = await fetch(`${url}/sobjects`, { method: 'POST', headers, body: JSON.stringify({ records }) });
    expect(await collection.json()).toMatchObject([{ success: true }, { success: false }]);
  });
});

describe('identity', () => {
  it('is 200 for a live token and 403 text for another', async () => {
    const org = await start();
    const { access_token: one = '', id = '' } = (await token(org, clientCredentials(org))).body;
    for (const path of ['/services/oauth2/userinfo', new URL(id).pathname]) {
      expect(await (await get(org, path, one)).json()).toMatchObject({ user_id: id.split('/').at(-1), organization_id: id.split('/').at(-2) });
      const dead = await get(org, path, 'dead');
      expect([dead.status, await dead.text()]).toEqual([403, 'Bad_OAuth_Token']);
      const missing = await get(org, path);
      expect([missing.status, await missing.text()]).toEqual([403, 'Missing_OAuth_Token']);
    }
    expect((await get(org, `${new URL(id).pathname}?oauth_token=${encodeURIComponent(one)}`)).status).toBe(200);
    expect(JSON.stringify(org.requests)).not.toContain(one.slice(20));
  });
});

describe('SOAP', () => {
  const envelope = (body: string, session = '') =>
    `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="urn:partner.soap.sforce.com"><e:Header>${session && `<n:SessionHeader><n:sessionId>${session}</n:sessionId></n:SessionHeader>`}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
  const send = async (org: FakeOrg, body: string, { session = '', path = 'u/60.0' } = {}) => {
    const response = await fetch(`${org.url}/services/Soap/${path}`, { method: 'POST', headers: { 'content-type': 'text/xml', soapaction: '""' }, body: envelope(body, session) });
    return { status: response.status, body: await response.text() };
  };
  const loginBody = (org: FakeOrg, password = org.credentials.password) =>
    `<n:login><n:username>${org.credentials.username}</n:username><n:password>${password}</n:password></n:login>`;
  const field = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';

  it('logs in with everything that clients read', async () => {
    const org = await start();
    for (const [path, namespace] of [['u/60.0', 'partner'], ['c/64.0', 'enterprise']] as const) {
      const { status, body } = await send(org, loginBody(org), { path });
      expect(status).toBe(200);
      expect(body).toContain(`xmlns="urn:${namespace}.soap.sforce.com"`);
      expect(field(body, 'serverUrl')).toMatch(new RegExp(`^${org.url}/services/Soap/${path}/00D\\w{12}$`));
      expect(field(body, 'metadataServerUrl')).toContain('/services/Soap/m/');
      expect(field(body, 'sessionId')).toMatch(/^00D\w{12}![\w.]{96}$/);
      expect(field(body, 'organizationId')).toMatch(/^00D\w{15}$/);
      expect(field(body, 'passwordExpired')).toBe('false');
      expect((await query(org, field(body, 'sessionId'))).status).toBe(200);
    }
  });

  it('faults with HTTP 500 and a code', async () => {
    const org = await start();
    const wrong = await send(org, loginBody(org, 'a &amp; b'));
    expect(wrong.status).toBe(500);
    expect(field(wrong.body, 'faultcode')).toBe('INVALID_LOGIN');
    expect(field(wrong.body, 'sf:exceptionCode')).toBe('INVALID_LOGIN');
    expect(field((await send(org, loginBody(org), { path: 'u/65.0' })).body, 'faultcode')).toBe('INVALID_OPERATION');
    expect(field((await send(org, loginBody(org), { path: 'u/30.0' })).body, 'faultstring')).toBe(
      'UNSUPPORTED_API_VERSION: The API version that was specified (30.0) is below the minimum supported (31.0). Change the version number and run the request again.',
    );
    const future = await send(org, '<n:getUserInfo/>', { path: 'u/99.0' });
    expect(field(future.body, 'faultcode')).toBe('sf:UNSUPPORTED_API_VERSION');
    expect(field(future.body, 'faultstring')).toBe('UNSUPPORTED_API_VERSION: Invalid Api version specified on URL');
  });

  it('answers 200 with an unusable session when the password has expired', async () => {
    const org = await start({ passwordExpired: true });
    const { status, body } = await send(org, loginBody(org));
    expect([status, field(body, 'passwordExpired')]).toEqual([200, 'true']);
    expect((await query(org, field(body, 'sessionId'))).status).toBe(401);
  });

  it('queries, describes, tells the user, logs out', async () => {
    const org = await start();
    const session = field((await send(org, loginBody(org))).body, 'sessionId');
    const soql = '<n:query><n:queryString>SELECT Id, Name FROM Account WHERE AnnualRevenue &gt; 900000000</n:queryString></n:query>';
    const partner = (await send(org, soql, { session })).body;
    expect(partner).toContain('<records xsi:type="sf:sObject"><sf:type>Account</sf:type>');
    expect([field(partner, 'sf:Name'), field(partner, 'size'), field(partner, 'done')]).toEqual(['Pyramid Construction', '1', 'true']);
    expect((await send(org, soql, { session, path: 'c/60.0' })).body).toContain('<records xsi:type="sf:Account"><sf:Id>');
    expect(field((await send(org, '<n:getUserInfo/>', { session })).body, 'userName')).toBe(org.credentials.username);
    expect((await send(org, '<n:describeGlobal/>', { session })).body).toContain('<name>Contact</name>');
    expect((await send(org, '<n:query><n:queryString>SELECT</n:queryString></n:query>', { session })).body).toContain('<faultcode>sf:MALFORMED_QUERY</faultcode>');
    expect((await send(org, '<n:logout/>', { session })).status).toBe(200);
    expect((await send(org, '<n:getUserInfo/>', { session })).status).toBe(500);
    expect(org.requests.at(-1)).toEqual({ kind: 'soap', method: 'POST', path: '/services/Soap/u/60.0', status: 500, apiVersion: '60.0', operation: 'getUserInfo' });
  });

  it('refuses a dead session with a fault that hashes the session id, or echoes it as old orgs do', async () => {
    const session = `${'00D'}000000000001!dead`;
    const org = await start();
    const { status, body } = await send(org, '<n:getUserInfo/>', { session });
    expect([status, field(body, 'faultcode')]).toEqual([500, 'sf:INVALID_SESSION_ID']);
    expect(field(body, 'faultstring')).toMatch(/^INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session\. Session not found, missing session hash: /);
    expect(body).not.toContain(session);
    const old = await start({ echoSessionIdInFaults: true });
    expect((await send(old, '<n:getUserInfo/>', { session })).body).toContain(`missing session key: ${session}`);
  });

  it('takes JWT-format tokens from version 68', async () => {
    const org = await start({ tokenFormat: 'jwt' });
    const session = await accessToken(org);
    expect(field((await send(org, '<n:getUserInfo/>', { session, path: 'u/67.0' })).body, 'faultcode')).toBe('sf:INVALID_SESSION_ID');
    expect((await send(org, '<n:getUserInfo/>', { session, path: 'u/68.0' })).status).toBe(200);
  });
});

describe('Bulk 1.0', () => {
  const call = (org: FakeOrg, path: string, session: string, body?: string, type = 'application/json') =>
    fetch(`${org.url}/services/async/60.0/${path}`, {
      headers: { 'x-sfdc-session': session, 'content-type': type }, ...(body === undefined ? {} : { method: 'POST', body }),
    });

  it('inserts and queries with JSON', async () => {
    const org = await start();
    const session = await accessToken(org);
    const created = await call(org, 'job', session, JSON.stringify({ operation: 'insert', object: 'Account', contentType: 'JSON' }));
    const job = (await created.json()) as { id: string; state: string };
    expect([created.status, job.state]).toEqual([201, 'Open']);
    const batch = (await (await call(org, `job/${job.id}/batch`, session, JSON.stringify([{ Name: 'A' }, { Name: 'B' }]))).json()) as { id: string };
    expect(await (await call(org, `job/${job.id}/batch/${batch.id}`, session)).json()).toMatchObject({ state: 'Completed', numberRecordsProcessed: 2 });
    expect(await (await call(org, `job/${job.id}/batch/${batch.id}/result`, session)).json()).toMatchObject([{ success: true, created: true, errors: [] }, { success: true }]);
    expect(await (await call(org, `job/${job.id}`, session, JSON.stringify({ state: 'Closed' }))).json()).toMatchObject({ state: 'Closed' });
    expect(await (await call(org, `job/${job.id}/batch`, session, '[]')).json()).toMatchObject({ exceptionCode: 'InvalidJobState' });
    expect(org.records['Account']).toHaveLength(5);

    const query = (await (await call(org, 'job', session, JSON.stringify({ operation: 'query', object: 'Account', contentType: 'JSON' }))).json()) as { id: string };
    const rows = (await (await call(org, `job/${query.id}/batch`, session, "SELECT Name FROM Account WHERE Name = 'A'")).json()) as { id: string };
    const [result] = (await (await call(org, `job/${query.id}/batch/${rows.id}/result`, session)).json()) as string[];
    expect(await (await call(org, `job/${query.id}/batch/${rows.id}/result/${result}`, session)).json()).toEqual([{ attributes: { type: 'Account' }, Name: 'A' }]);
  });

  it('updates with XML', async () => {
    const org = await start();
    const session = await accessToken(org);
    const id = String(org.records['Account']?.[0]?.['Id']);
    const created = await (await call(org, 'job', session, '<jobInfo xmlns="http://www.force.com/2009/06/asyncapi/dataload"><operation>update</operation><object>Account</object><contentType>XML</contentType></jobInfo>', 'application/xml')).text();
    const job = /<id>(\w+)<\/id>/.exec(created)?.[1];
    const batch = await (await call(org, `job/${job}/batch`, session, `<sObjects><sObject><Id>${id}</Id><Name>A &amp; B</Name></sObject><sObject><Id>none</Id></sObject></sObjects>`, 'application/xml')).text();
    expect(batch).toContain('<numberRecordsFailed>1</numberRecordsFailed>');
    expect(org.records['Account']?.[0]?.['Name']).toBe('A & B');
    const result = await (await call(org, `job/${job}/batch/${/<id>(\w+)<\/id>/.exec(batch)?.[1]}/result`, session)).text();
    expect(result).toContain(`<result><id>${id}</id><success>true</success><created>false</created></result>`);
  });

  it('refuses a dead session with 400, in the format of the job', async () => {
    const org = await start();
    const xml = await call(org, 'job', 'dead', '<jobInfo/>', 'application/xml');
    expect(xml.status).toBe(400);
    expect(await xml.text()).toContain('<exceptionCode>InvalidSessionId</exceptionCode><exceptionMessage>Invalid session id</exceptionMessage>');
    const json = await call(org, 'job', 'dead', '{}');
    expect([json.status, await json.json()]).toEqual([400, { exceptionCode: 'InvalidSessionId', exceptionMessage: 'Invalid session id' }]);
    const bearer = await fetch(`${org.url}/services/async/60.0/job`, { method: 'POST', headers: { authorization: `Bearer ${await accessToken(org)}` } });
    expect(bearer.status).toBe(400);
    expect(await (await fetch(`${org.url}/services/async/29.0/job`, { method: 'POST' })).text()).toContain('<exceptionCode>InvalidVersion</exceptionCode>');
    expect(org.counts).toMatchObject({ bulk: 4, rejected: 3 });
  });
});

describe('the fault script', () => {
  it('fails the next requests of a kind, in order', async () => {
    const org = await start();
    const one = await accessToken(org);
    org.failNext('data', 1, { status: 503, headers: { 'Retry-After': '1' }, body: 'unavailable' });
    org.failNext('data', 2, { status: 403, body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }] });
    org.failNext('token', 1, { status: 400, body: { error: 'invalid_grant', error_description: 'inactive user' } });
    const first = await query(org, one);
    expect([first.status, first.headers.get('retry-after'), await first.text()]).toEqual([503, '1', 'unavailable']);
    const second = await query(org, one);
    expect([second.headers.get('content-type'), await second.json()]).toMatchObject([expect.stringMatching(/json/), [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }]]);
    expect([(await query(org, one)).status, (await query(org, one)).status]).toEqual([403, 200]);
    expect(await token(org, clientCredentials(org))).toMatchObject(refused('invalid_grant', 'inactive user'));
    expect(org.requests.map(({ status }) => status)).toEqual([200, 503, 403, 403, 200, 400]);
    org.failNext('data', Infinity, { status: 500 });
    expect((await query(org, one)).status).toBe(500);
    org.clearFaults();
    expect((await query(org, one)).status).toBe(200);
    expect(() => org.failNext('data', 1, {})).toThrow(/status/);
  });

  it('cuts the connection, before or after the work is done', async () => {
    const org = await start({ rotateRefreshTokens: true });
    const first = org.credentials.refreshToken;
    org.failNext('token', 1, { destroy: true });
    await expect(token(org, refreshForm(org))).rejects.toThrow();
    expect(org.credentials.refreshToken).toBe(first);
    org.failNext('token', 1, { destroy: true, afterProcessing: true });
    await expect(token(org, refreshForm(org))).rejects.toThrow();
    expect(org.credentials.refreshToken).not.toBe(first);
    expect(org.requests.map(({ status }) => status)).toEqual([0, 0]);
  });

  it('can keep a client waiting', async () => {
    const org = await start();
    const one = await accessToken(org);
    org.failNext('data', 1, { status: 200, body: { late: true }, delayMs: 5 });
    expect(await (await query(org, one)).json()).toEqual({ late: true });
  });
});

describe('the org', () => {
  it('counts concurrent requests, and forgets them on request', async () => {
    const org = await start();
    const one = await accessToken(org);
    await Promise.all(Array.from({ length: 50 }, (_, index) => query(org, index % 2 ? one : 'dead')));
    expect(org.counts).toMatchObject({ token: 1, data: 50, rejected: 25, issued: 1, other: 0 });
    org.resetCounts();
    expect(Object.values(org.counts).every((count) => count === 0)).toBe(true);
    expect(org.requests).toEqual([]);
  });

  it('shows no secret when printed', async () => {
    const org = await start();
    const one = await accessToken(org);
    await query(org, one);
    const printed = [inspect(org, { depth: null, showHidden: true }), JSON.stringify(org), String(org), inspect(org.requests), inspect(org.counts)].join('\n');
    expect(printed).toContain(org.url);
    for (const secret of [one, ...Object.values(org.credentials)]) expect(printed).not.toContain(secret);
  });

  it('describes the environment of each flow', async () => {
    const org = await start();
    const { clientId, clientSecret, privateKey, username, refreshToken } = org.credentials;
    const common = { SALESFORCE_LOGIN_URL: org.url, SALESFORCE_CLIENT_ID: clientId };
    expect(org.environment('client-credentials')).toEqual({ ...common, SALESFORCE_CLIENT_SECRET: clientSecret });
    expect(org.environment('jwt-bearer')).toEqual({ ...common, SALESFORCE_PRIVATE_KEY: privateKey, SALESFORCE_USERNAME: username });
    expect(org.environment('refresh-token')).toEqual({ ...common, SALESFORCE_REFRESH_TOKEN: refreshToken });
  });

  it('is nobody else’s: two orgs share nothing', async () => {
    const [one, two] = [await start(), await start()];
    expect((await query(two, await accessToken(one))).status).toBe(401);
    expect((await token(two, clientCredentials(one))).body['error']).toBe('invalid_client_id');
  });

  it('stops, once or twice', async () => {
    const org = await startFakeOrg();
    await org.close();
    await org.close();
    await expect(fetch(org.url)).rejects.toThrow();
  });
});
