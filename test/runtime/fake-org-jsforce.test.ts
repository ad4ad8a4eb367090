import { createRequire } from 'node:module';
import { startFakeOrg, type FakeOrg, type FakeOrgOptions } from 'salesforce-auth-client/testing';
import { afterEach, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
// Each library has its own types or none; what is called here is the same in all.
/* eslint-disable @typescript-eslint/no-explicit-any */
const libraries: [name: string, library: any][] = ['jsforce-1', 'jsforce-2', 'jsforce-3', 'node-salesforce'].map((name) => [name, require(name)]);
const jsforces = libraries.filter(([name]) => name !== 'node-salesforce');

const running: FakeOrg[] = [];
async function start(options: FakeOrgOptions = {}): Promise<FakeOrg> {
  const org = await startFakeOrg(options);
  running.push(org);
  return org;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((org) => org.close()));
});

function connect(library: any, org: FakeOrg, extra: object = {}): any {
  return new library.Connection({ loginUrl: org.url, version: '60.0', ...extra });
}

function failure(promise: PromiseLike<unknown>): Promise<any> {
  return Promise.resolve(promise).then(() => expect.fail('should have failed'), (error: unknown) => error);
}

describe.each(libraries)('%s', (name, library) => {
  it('logs in through SOAP and queries', async () => {
    const org = await start();
    const conn = connect(library, org);
    const info = await conn.login(org.credentials.username, org.credentials.password + org.credentials.securityToken);
    expect(info.id).toMatch(/^005\w{15}$/);
    expect(info.organizationId).toMatch(/^00D\w{15}$/);
    expect(info.url).toBe(`${org.url}/id/${info.organizationId}/${info.id}`);
    expect(conn.instanceUrl).toBe(org.url);
    const { totalSize, done, records } = await conn.query('SELECT Id, Name FROM Account ORDER BY Name');
    expect([totalSize, done, records[0].Name]).toEqual([3, true, 'Burlington Textiles']);
    expect(records[0].attributes).toEqual({ type: 'Account', url: `/services/data/v60.0/sobjects/Account/${records[0].Id}` });
    expect(org.counts).toMatchObject({ soapLogin: 1, data: 1, token: 0, issued: 1, rejected: 0 });
  });

  it('gets the text of each login fault', async () => {
    const org = await start();
    const { username, password } = org.credentials;
    const message = async (version: string) => (await failure(connect(library, org, { version }).login(username, password))).message;
    expect((await failure(connect(library, org).login(username, 'wrong'))).message).toBe(
      'INVALID_LOGIN: Invalid username, password, security token; or user locked out.',
    );
    expect(await message('65.0')).toBe(
      'INVALID_OPERATION: The SOAP Login operation is not available in the API version specified (65.0). Refer to the documentation for supported versions.',
    );
    expect(await message('29.0')).toMatch(/^UNSUPPORTED_API_VERSION: /);
    org.setSoapLogin('disabled');
    expect(await message('60.0')).toBe(
      'INVALID_OPERATION: SOAP API login() is disabled by default in this org. Contact the org administrator to enable SOAP API login().',
    );
    org.setSoapLogin('not-available');
    expect(await message('60.0')).toContain('(60.0)');
    expect(org.counts).toMatchObject({ soapLogin: 5, issued: 0 });
  });

  it('gets INVALID_SESSION_ID on a dead session that it cannot renew', async () => {
    const org = await start();
    const first = connect(library, org);
    await first.login(org.credentials.username, org.credentials.password);
    const conn = new library.Connection({ instanceUrl: org.url, accessToken: first.accessToken, version: '60.0' });
    await conn.query('SELECT Id FROM Account');
    org.expireSessions();
    const error = await failure(conn.query('SELECT Id FROM Account'));
    expect(error.message).toBe('Session expired or invalid');
    expect(error.errorCode).toBe('INVALID_SESSION_ID');
    expect(org.counts.rejected).toBe(1);
  });

  it('creates, reads, updates and deletes', async () => {
    const org = await start();
    const conn = connect(library, org);
    await conn.login(org.credentials.username, org.credentials.password);
    const created = await conn.sobject('Account').create({ Name: 'New' });
    expect(created).toMatchObject({ success: true, errors: [] });
    await conn.sobject('Account').update({ Id: created.id, Name: 'Renamed' });
    expect(org.records['Account']?.at(-1)).toEqual({ Id: created.id, Name: 'Renamed' });
    expect((await conn.sobject('Account').retrieve(created.id)).Name).toBe('Renamed');
    expect((await conn.sobject('Account').describe()).fields.map((field: any) => field.name)).toContain('Industry');
    await conn.sobject('Account').destroy(created.id);
    expect((await failure(conn.sobject('Account').retrieve(created.id))).errorCode).toBe('NOT_FOUND');
    expect(name).toBeTruthy();
  });

  it('reads a long result page by page', async () => {
    const org = await start({ queryBatchSize: 2, records: { Thing__c: Array.from({ length: 5 }, (_, index) => ({ Name: `Thing ${index}` })) } });
    const conn = connect(library, org);
    await conn.login(org.credentials.username, org.credentials.password);
    const names: string[] = [];
    let page = await conn.query('SELECT Name FROM Thing__c');
    names.push(...page.records.map((record: any) => record.Name));
    while (!page.done) {
      page = await conn.queryMore(page.nextRecordsUrl);
      names.push(...page.records.map((record: any) => record.Name));
    }
    expect(page.totalSize).toBe(5);
    expect(names).toEqual(['Thing 0', 'Thing 1', 'Thing 2', 'Thing 3', 'Thing 4']);
  });
});

describe.each(jsforces)('%s', (_name, library) => {
  it('logs in again by itself after an expiry, and reads its identity', async () => {
    const org = await start();
    const conn = connect(library, org);
    const info = await conn.login(org.credentials.username, org.credentials.password);
    org.expireSessions();
    expect((await conn.query('SELECT Id FROM Contact')).totalSize).toBe(2);
    expect(org.counts).toMatchObject({ soapLogin: 2, data: 2, rejected: 1 });
    const identity = await conn.identity();
    expect(identity).toMatchObject({ user_id: info.id, organization_id: info.organizationId, username: org.credentials.username });
    expect(org.counts.userinfo).toBe(1);
    expect(JSON.stringify(org.requests)).not.toContain(conn.accessToken);
  });

  it('finds its identity from the resource list, and sees 403 on a dead token', async () => {
    const org = await start();
    const first = connect(library, org);
    await first.login(org.credentials.username, org.credentials.password);
    const conn = new library.Connection({ instanceUrl: org.url, accessToken: first.accessToken, version: '60.0' });
    expect((await conn.identity()).username).toBe(org.credentials.username);
    org.expireSessions();
    const error = await failure(first.identity());
    expect([error.errorCode, error.message]).toEqual(['ERROR_HTTP_403', 'Bad_OAuth_Token']);
  });

  it('calls SOAP, and renews a dead session there', async () => {
    const org = await start();
    const conn = connect(library, org);
    await conn.login(org.credentials.username, org.credentials.password);
    org.expireSessions();
    expect((await conn.soap._invoke('getServerTimestamp', {})).timestamp ?? 'none').toMatch(/^\d{4}-/);
    expect(org.counts).toMatchObject({ soap: 2, soapLogin: 2, rejected: 1 });
  });

  it('logs out', async () => {
    const org = await start();
    const conn = connect(library, org);
    await conn.login(org.credentials.username, org.credentials.password);
    const other = new library.Connection({ instanceUrl: org.url, accessToken: conn.accessToken, version: '60.0' });
    await conn.logout();
    expect((await failure(other.query('SELECT Id FROM Account'))).errorCode).toBe('INVALID_SESSION_ID');
  });

  it('uses the password grant when it has an id and a secret, and revokes on logout', async () => {
    const org = await start();
    const { clientId, clientSecret, username, password } = org.credentials;
    const conn = connect(library, org, { oauth2: { loginUrl: org.url, clientId, clientSecret, redirectUri: `${org.url}/callback` } });
    const info = await conn.login(username, password);
    expect(info.url).toBe(`${org.url}/id/${info.organizationId}/${info.id}`);
    await conn.query('SELECT Id FROM Account');
    await conn.logout();
    expect(org.counts).toMatchObject({ token: 1, soapLogin: 0, revoke: 1 });
    org.setPasswordGrant('blocked');
    const error = await failure(conn.login(username, password));
    expect([error.name, error.message]).toEqual(['invalid_grant', 'authentication failure']);
  });

  it('loads through Bulk, and renews a dead session there', async () => {
    const org = await start();
    const conn = connect(library, org);
    conn.bulk.pollInterval = 1;
    await conn.login(org.credentials.username, org.credentials.password);
    org.expireSessions();
    const results = await conn.bulk.load('Account', 'insert', [{ Name: 'One, "quoted"' }, { Name: 'Two' }]);
    expect(results).toMatchObject([{ success: true, errors: [] }, { success: true, errors: [] }]);
    expect(org.records['Account']?.slice(-2)).toMatchObject([{ Id: results[0].id, Name: 'One, "quoted"' }, { Id: results[1].id, Name: 'Two' }]);
    expect(org.counts).toMatchObject({ soapLogin: 2, rejected: 1 });
    const stream = await conn.bulk.query("SELECT Id, Name FROM Account WHERE Name = 'Two'");
    const found: any[] = [];
    await new Promise((resolve, reject) => stream.on('record', (record: any) => found.push(record)).on('end', resolve).on('error', reject));
    expect(found).toEqual([{ Id: results[1].id, Name: 'Two' }]);
  });

  it('authorizes with an OAuth grant and refreshes with the refresh token', async () => {
    const org = await start();
    const { clientId, clientSecret, refreshToken } = org.credentials;
    const oauth2 = new library.OAuth2({ loginUrl: org.url, clientId, clientSecret, redirectUri: `${org.url}/callback` });
    const response = await oauth2.refreshToken(refreshToken);
    expect(response).toMatchObject({ instance_url: org.url, token_type: 'Bearer' });
    const conn = new library.Connection({ oauth2, instanceUrl: org.url, accessToken: response.access_token, refreshToken, version: '60.0' });
    org.expireSessions();
    expect((await conn.query('SELECT Id FROM Account')).totalSize).toBe(3);
    expect(org.counts).toMatchObject({ token: 2, data: 2, rejected: 1 });
    org.expireSessions();
    org.revokeRefreshTokens();
    expect((await failure(conn.query('SELECT Id FROM Account'))).message).toMatch(/expired access\/refresh token/);
  });
});
