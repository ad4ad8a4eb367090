// What a program may do with the installed runtime: written into the empty project, run there on every Node.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, write } from './harness.mjs';

/** Libraries that the adapters and stores serve, and that nobody has to have. */
const STRANGERS = ['jsforce', '@jsforce/jsforce-node', 'axios', 'request', 'got', 'graphql-request', 'soap', 'nforce', 'undici', 'redis', 'ioredis'];

/** The names that an entry of the runtime exports, as its source says. */
function exportsOf(entry) {
  const source = readFileSync(join(root, 'runtime', entry), 'utf8');
  const names = { values: [], types: [] };
  for (const [, type, list] of source.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    names[type ? 'types' : 'values'].push(...list.split(',').map((name) => name.trim()).filter(Boolean));
  }
  for (const [, kind, name] of source.matchAll(/^export (?:async )?(class|function|const|interface|type) (\w+)/gm)) {
    names[kind === 'interface' || kind === 'type' ? 'types' : 'values'].push(name);
  }
  for (const list of Object.values(names)) list.sort();
  if (names.values.length === 0) throw new Error(`runtime/${entry} exports nothing that this script can read`);
  return names;
}

const entries = { 'salesforce-auth-client': exportsOf('index.ts'), 'salesforce-auth-client/testing': exportsOf('testing/index.ts') };

/** File and what it shows, in the order of their running. */
export const programs = [
  ['runtime.cjs', 'CommonJS'],
  ['runtime.mjs', 'ESM, the same objects as from CommonJS'],
  ['names.mjs', 'every public value, and no other'],
  ['store.cjs', 'tokens in a file, and a refresh'],
  ['strangers.cjs', 'none of the libraries that it serves'],
];

export function writePrograms() {
  write('runtime.cjs', `
    const { authorize, salesforceAuthFromEnv } = require('salesforce-auth-client');
    const { startFakeOrg } = require('salesforce-auth-client/testing');
    startFakeOrg().then(async (org) => {
      const auth = salesforceAuthFromEnv({}, org.environment('jwt-bearer'));
      const answer = await auth.fetch('/services/data/v60.0/limits');
      await org.close();
      if (answer.status !== 200 || typeof authorize !== 'function') throw new Error('no answer');
    });`);
  write('runtime.mjs', `
    import { createRequire } from 'node:module';
    import { authorize, createSalesforceAuth } from 'salesforce-auth-client';
    import { startFakeOrg } from 'salesforce-auth-client/testing';
    const require = createRequire(import.meta.url);
    if (require('salesforce-auth-client').authorize !== authorize) throw new Error('two copies');
    if (require('salesforce-auth-client/testing').startFakeOrg !== startFakeOrg) throw new Error('two copies');
    const org = await startFakeOrg();
    const { clientId, clientSecret } = org.credentials;
    const auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret });
    if ((await auth.fetch('/services/data/v60.0/limits')).status !== 200) throw new Error('no answer');
    await org.close();`);
  write('names.mjs', `
    import assert from 'node:assert';
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    for (const [name, { values }] of Object.entries(${JSON.stringify(entries)})) {
      assert.deepEqual(Object.keys(require(name)).sort(), values);
      assert.deepEqual(Object.keys(await import(name)).sort(), values);
      for (const value of values) assert.notEqual(require(name)[value], undefined);
    }`);
  write('store.cjs', `
    const assert = require('node:assert');
    const { randomBytes } = require('node:crypto');
    const { mkdtempSync, readFileSync, readdirSync, rmSync } = require('node:fs');
    const { join } = require('node:path');
    const { createSalesforceAuth, fileStore } = require('salesforce-auth-client');
    const { startFakeOrg } = require('salesforce-auth-client/testing');
    const folder = mkdtempSync(join(__dirname, 'tokens-'));
    const secret = randomBytes(32).toString('base64');
    startFakeOrg({ rotateRefreshTokens: true }).then(async (org) => {
      const { clientId, refreshToken } = org.credentials;
      const identity = () => createSalesforceAuth({
        flow: 'refresh-token', loginUrl: org.url, clientId, refreshToken, store: fileStore({ folder, key: () => secret }),
      });
      const auth = identity();
      for (let session = 1; session <= 3; session++) {
        assert.equal((await auth.fetch('/services/data/v60.0/limits')).status, 200);
        assert.equal(org.counts.token, session);
        org.expireSessions();
      }
      const token = await auth.refresh(auth.generation);
      assert.equal((await identity().token()).accessToken, token.accessToken);
      assert.equal(org.counts.token, 4);
      const files = readdirSync(folder).filter((name) => name.endsWith('.token'));
      assert.equal(files.length, 1);
      assert.ok(!readFileSync(join(folder, files[0])).includes(token.accessToken));
      await org.close();
    }).finally(() => rmSync(folder, { recursive: true }));`);
  // Not by resolving their names: a folder above this one may have them.
  write('strangers.cjs', `
    const assert = require('node:assert');
    const { join, relative, sep } = require('node:path');
    const runtime = require('salesforce-auth-client');
    require('salesforce-auth-client/testing');
    const modules = Object.keys(require.cache).filter((file) => file !== __filename).map((file) => relative(join(__dirname, 'node_modules'), file).split(sep)[0]);
    const installed = Object.keys(require('./package-lock.json').packages).map((path) => path.replace('node_modules/', ''));
    for (const name of modules) assert.ok(installed.includes(name), name + ' was loaded');
    for (const name of ${JSON.stringify(STRANGERS)}) assert.ok(!installed.includes(name), name + ' was installed');
    for (const name of ['authorize', 'undiciInterceptor', 'withAxios', 'withGot', 'withNforce', 'withRequest', 'withRequestRetry', 'withSoap', 'withSuperagent']) assert.equal(typeof runtime[name], 'function');`);
  write('jest/runtime.test.js', `
    const { salesforceAuthFromEnv } = require('salesforce-auth-client');
    const { startFakeOrg } = require('salesforce-auth-client/testing');
    test('logs in', async () => {
      const org = await startFakeOrg();
      const auth = salesforceAuthFromEnv({}, org.environment('client-credentials'));
      expect((await auth.fetch('/services/data/v60.0/limits')).status).toBe(200);
      await org.close();
    });`);
  write('jest.config.json', JSON.stringify({ rootDir: '.', testMatch: ['<rootDir>/jest/*.test.js'], transform: {} }));
}

/** A TypeScript program that names every public value and type, and logs in. */
export function typescriptProgram() {
  const imports = Object.entries(entries).map(([name, { values, types }], index) => `
    import * as module${index} from '${name}';
    import type { ${types.map((type) => `${type} as Type${index}_${type}`).join(', ')} } from '${name}';
    export type Types${index} = [${types.map((type) => `Type${index}_${type}`).join(', ')}];
    const values${index}: unknown[] = [${values.map((value) => `module${index}.${value}`).join(', ')}];
    if (values${index}.includes(undefined)) throw new Error('a value of ${name} is missing');`);
  return `${imports.join('')}
    import { SalesforceAuthError, salesforceAuthFromEnv, type SalesforceAuth, type SalesforceAuthErrorCode } from 'salesforce-auth-client';
    import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
    async function main(): Promise<void> {
      const org: FakeOrg = await startFakeOrg();
      const auth: SalesforceAuth = salesforceAuthFromEnv({}, org.environment('client-credentials'));
      const { status }: Response = await auth.fetch('/services/data/v60.0/limits');
      await org.close();
      auth.close();
      const error: unknown = await auth.token().catch((error: unknown) => error);
      const code: SalesforceAuthErrorCode = 'CLOSED';
      if (status !== 200 || !(error instanceof SalesforceAuthError) || error.code !== code) throw new Error('no answer');
    }
    void main();`;
}
