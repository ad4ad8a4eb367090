import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  createSalesforceAuth,
  salesforceAuthFromEnv,
  SalesforceAuthConfigError,
  type SalesforceAuthOptions,
} from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let org: FakeOrg;
let folder: string;

beforeAll(async () => {
  org = await startFakeOrg();
  folder = mkdtempSync(join(tmpdir(), 'salesforce-auth-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await org.close();
});

function configError(make: () => unknown): SalesforceAuthConfigError {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(SalesforceAuthConfigError);
    return error as SalesforceAuthConfigError;
  }
  throw new Error('no error');
}

function file(content: string): string {
  const path = join(folder, `key-${Math.random()}.pem`);
  writeFileSync(path, content);
  return path;
}

const pem = (label: string) => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`;

describe('createSalesforceAuth refuses', () => {
  const valid = (): SalesforceAuthOptions => {
    const { clientId, privateKey, username } = org.credentials;
    return { flow: 'jwt-bearer', loginUrl: org.url, clientId, privateKey, username };
  };

  it.each<[string, string, (options: SalesforceAuthOptions) => object, RegExp]>([
    ['an unknown flow', 'flow', () => ({ flow: 'password' }), /jwt-bearer/],
    ['no login URL', 'loginUrl', () => ({ loginUrl: '' }), /My Domain/],
    ['no URL', 'loginUrl', () => ({ loginUrl: 'acme' }), /My Domain/],
    ['plain http (B12)', 'loginUrl', () => ({ loginUrl: 'http://acme.my.salesforce.com' }), /https:/],
    ['a Lightning host', 'loginUrl', () => ({ loginUrl: 'https://acme.lightning.force.com' }), /My Domain/],
    ['no client id', 'clientId', () => ({ clientId: '' }), /consumer key/],
    ['no private key', 'privateKey', () => ({ privateKey: undefined }), /private key/],
    ['no username', 'username', () => ({ username: undefined }), /user/],
    ['no client secret', 'clientSecret', () => ({ flow: 'client-credentials' }), /consumer secret/],
    ['no refresh token', 'refreshToken', () => ({ flow: 'refresh-token' }), /authorising/],
    ['a short buffer', 'expiryBufferSeconds', () => ({ expiryBufferSeconds: 59 }), /60 to 300/],
    ['a long buffer', 'expiryBufferSeconds', () => ({ expiryBufferSeconds: 301 }), /60 to 300/],
    ['no refreshes', 'maxRefreshesPerMinute', () => ({ maxRefreshesPerMinute: 0 }), /whole number/],
    ['nothing to keep alive', 'keepAlive', () => ({ keepAlive: true }), /refresh-token flow/],
    ['a certificate', 'privateKey', () => ({ privateKey: pem('CERTIFICATE') }), /certificate/],
    ['a public key', 'privateKey', () => ({ privateKey: pem('PUBLIC KEY') }), /public key/],
    ['an encrypted key', 'privateKey', () => ({ privateKey: pem('ENCRYPTED PRIVATE KEY') }), /passphrase/],
    ['a damaged key', 'privateKey', () => ({ privateKey: pem('PRIVATE KEY') }), /PEM/],
    ['an elliptic key', 'privateKey', () => ({ privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }), /RSA/],
    ['a 1024-bit key', 'privateKey', () => ({ privateKey: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey }), /2048/],
  ])('%s', (_name, setting, change, advice) => {
    const error = configError(() => createSalesforceAuth({ ...valid(), ...change(valid()) } as SalesforceAuthOptions));
    expect(error.setting).toBe(setting);
    expect(error.message).toMatch(advice);
    expect(inspect(error)).not.toContain('MIIB');
  });

  it('nothing about a PKCS#1 key, a KeyObject or a one-line PEM', async () => {
    const { publicKey: _, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const key of [
      privateKey,
      privateKey.export({ type: 'pkcs1', format: 'pem' }) as string,
      (privateKey.export({ type: 'pkcs8', format: 'pem' }) as string).replaceAll('\n', '\\n'),
    ]) {
      expect(() => createSalesforceAuth({ ...valid(), privateKey: key })).not.toThrow();
    }
    expect((await createSalesforceAuth(valid()).login()).id).toMatch(/^005/);
  });
});

describe('salesforceAuthFromEnv', () => {
  it.each(['jwt-bearer', 'client-credentials', 'refresh-token'] as const)('chooses %s by what is set, and logs in', async (flow) => {
    org.resetCounts();
    const userInfo = await salesforceAuthFromEnv({}, org.environment(flow)).login();
    expect(userInfo.organizationId).toMatch(/^00D/);
    const sent = org.requests.find(({ kind }) => kind === 'token');
    expect(sent?.grantType).toMatch({ 'jwt-bearer': /jwt-bearer/, 'client-credentials': /client_credentials/, 'refresh-token': /refresh_token/ }[flow]);
  });

  it('reads the key from a file, or from one line', async () => {
    const { SALESFORCE_PRIVATE_KEY: key = '', ...env } = org.environment('jwt-bearer');
    await salesforceAuthFromEnv({}, { ...env, SALESFORCE_PRIVATE_KEY_FILE: file(key) }).login();
    await salesforceAuthFromEnv({}, { ...env, SALESFORCE_PRIVATE_KEY: key.replaceAll('\n', '\\n') }).login();
  });

  it('lets the caller say who, where and how', async () => {
    const env = { ...org.environment('jwt-bearer'), ...org.environment('client-credentials'), SALESFORCE_USERNAME: 'nobody@else.example' };
    const { username } = org.credentials;
    await salesforceAuthFromEnv({ username }, env).login();
    await salesforceAuthFromEnv({ flow: 'client-credentials', loginUrl: org.url }, { ...env, SALESFORCE_LOGIN_URL: undefined }).login();
  });

  type Env = Record<string, string | undefined>;
  it.each<[string, string, (env: Env) => Env, RegExp]>([
    ['nothing', 'SALESFORCE_PRIVATE_KEY', () => ({}), /SALESFORCE_REFRESH_TOKEN.*SALESFORCE_CLIENT_SECRET/],
    ['no login URL', 'SALESFORCE_LOGIN_URL', (env) => ({ ...env, SALESFORCE_LOGIN_URL: undefined }), /My Domain/],
    ['a Lightning URL', 'SALESFORCE_LOGIN_URL', (env) => ({ ...env, SALESFORCE_LOGIN_URL: 'https://acme.lightning.force.com' }), /Lightning/],
    ['no client id', 'SALESFORCE_CLIENT_ID', (env) => ({ ...env, SALESFORCE_CLIENT_ID: undefined }), /consumer key/],
    ['no username', 'SALESFORCE_USERNAME', (env) => ({ ...env, SALESFORCE_USERNAME: undefined }), /log in as/],
    ['two keys', 'SALESFORCE_PRIVATE_KEY', (env) => ({ ...env, SALESFORCE_PRIVATE_KEY_FILE: 'x.pem' }), /SALESFORCE_PRIVATE_KEY_FILE are both set/],
    ['a key and a refresh token', 'SALESFORCE_REFRESH_TOKEN', (env) => ({ ...env, SALESFORCE_REFRESH_TOKEN: 'x' }), /unset one/],
    ['a broken key', 'SALESFORCE_PRIVATE_KEY', (env) => ({ ...env, SALESFORCE_PRIVATE_KEY: 'x' }), /PEM/],
    ['no such file', 'SALESFORCE_PRIVATE_KEY_FILE', ({ SALESFORCE_PRIVATE_KEY: _, ...env }) => ({ ...env, SALESFORCE_PRIVATE_KEY_FILE: '/nowhere/key.pem' }), /ENOENT/],
    ['a folder', 'SALESFORCE_PRIVATE_KEY_FILE', ({ SALESFORCE_PRIVATE_KEY: _, ...env }) => ({ ...env, SALESFORCE_PRIVATE_KEY_FILE: folder }), /EISDIR/],
    ['a certificate file', 'SALESFORCE_PRIVATE_KEY_FILE', ({ SALESFORCE_PRIVATE_KEY: _, ...env }) => ({ ...env, SALESFORCE_PRIVATE_KEY_FILE: file(pem('CERTIFICATE')) }), /certificate/],
    ['a public key file', 'SALESFORCE_PRIVATE_KEY_FILE', ({ SALESFORCE_PRIVATE_KEY: _, ...env }) => ({ ...env, SALESFORCE_PRIVATE_KEY_FILE: file(pem('RSA PUBLIC KEY')) }), /public key/],
  ])('refuses %s', (_name, setting, change, advice) => {
    const error = configError(() => salesforceAuthFromEnv({}, change(org.environment('jwt-bearer'))));
    expect(error.setting).toBe(setting);
    expect(error.message).toMatch(advice);
    expect(error.message.startsWith(setting)).toBe(true);
  });

  it('refuses what it has no use for', () => {
    const overrides = { store: {} } as object;
    expect(configError(() => salesforceAuthFromEnv(overrides, org.environment('jwt-bearer'))).setting).toBe('store');
  });

  it('names both variables when a chosen JWT flow has no key, and the missing one of the other flows', () => {
    const { SALESFORCE_PRIVATE_KEY: _, ...env } = org.environment('jwt-bearer');
    expect(configError(() => salesforceAuthFromEnv({ flow: 'jwt-bearer' }, env)).setting).toBe('SALESFORCE_PRIVATE_KEY or SALESFORCE_PRIVATE_KEY_FILE');
    expect(configError(() => salesforceAuthFromEnv({ flow: 'client-credentials' }, env)).setting).toBe('SALESFORCE_CLIENT_SECRET');
    expect(configError(() => salesforceAuthFromEnv({ flow: 'refresh-token' }, env)).setting).toBe('SALESFORCE_REFRESH_TOKEN');
  });
});
