import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../..';
import rule from '../../rules/require-401-handling';
import { type Case, dedent, readMarks } from '../support/cases';
import { type Expected, testRule } from '../support/rule-tester';
import { sessionId } from '../support/secrets';

type Row = Case & { expect?: { messageId: string; data: Record<string, string> } };

const held = (token: string, messageId = 'unhandled') => ({ messageId, data: { token } });
const MODULE = held('a token kept in a variable of the module');
const FIELD = held('a token kept in a field');
const bare = (note = '') => ({ messageId: 'connection', data: { note } });

/** What most requests here look like. */
const SEND = 'fetch(`${url}/services/data/v62.0/query`, { headers: { Authorization: `Bearer ${token}` } })';

const cases: Row[] = [
  {
    name: 'a literal session id, on an address that another file has',
    expect: held('a token written into the code'),
    code: `import axios from 'axios';\nimport { baseUrl } from './base';\nexport default ⟦axios.create({ baseURL: baseUrl, headers: { Authorization: 'Bearer ${sessionId()}' } })⟧;`,
  },
  { name: 'a module variable', expect: MODULE, code: `let token;\nasync function start() { token = await login(); }\nexport const load = () => ⟦${SEND}⟧;` },
  { name: 'a module variable, filled when empty', expect: MODULE, code: `let token;\nexport async function load() { token ??= await login(); return ⟦${SEND}⟧; }` },
  {
    name: 'a class field',
    expect: FIELD,
    code: 'class Api { async start() { this.token = await login(); }\nload() { return ⟦fetch(`${this.instanceUrl}/x`, { headers: { Authorization: `Bearer ${this.token}` } })⟧; } }',
  },
  {
    name: 'a class field behind a headers getter and an own request method',
    expect: FIELD,
    code: `
      const rp = require('request-promise');
      class Bulk {
        request(options) { return rp(options); }
        get headers() { return { 'X-SFDC-Session': this.login.sessionId }; }
        job() { return ⟦this.request({ uri: this.job, headers: this.headers })⟧; }
      }
    `,
  },
  { name: 'a closure', expect: held('a token kept in a closure'), code: `export async function make(url) { const token = await login();\nreturn { load: () => ⟦${SEND}⟧ }; }` },
  {
    name: 'a session',
    expect: held('a token kept in a session or browser storage'),
    code: "app.get('/', (req, res) => ⟦fetch(`${url}/services/data/v62.0`, { headers: { Authorization: `Bearer ${req.session.token}` } })⟧);",
  },
  {
    name: 'browser storage',
    expect: held('a token kept in a session or browser storage'),
    code: `export const load = () => { const token = localStorage.getItem('token'); return ⟦${SEND}⟧; };`,
  },
  { name: 'a cache', expect: held('a token that may come out of a cache'), code: `export const load = async () => { const token = await redis.get('token'); return ⟦${SEND}⟧; };` },
  { name: 'a database', expect: held('a token read from a database'), code: `export const load = async () => { const { token } = await Org.findOne({ id }); return ⟦${SEND}⟧; };`.replace('Org.', 'orgRepository.') },
  {
    name: 'a helper of another file that may cache',
    expect: held('a token that may come out of a cache'),
    code: `import { getAccessToken } from './token';\nexport const load = async () => { const token = await getAccessToken(); return ⟦${SEND}⟧; };`,
  },
  { name: 'the environment', expect: held('a token from the environment'), code: `const token = process.env.SF_TOKEN;\nexport const load = () => ⟦${SEND}⟧;` },
  {
    name: 'an axios instance',
    expect: MODULE,
    code: "const axios = require('axios');\nlet token;\nasync function start() { token = await login(); }\nfunction load() { const api = axios.create({ baseURL: `${instanceUrl}/x`, headers: { Authorization: `Bearer ${token}` } }); return ⟦api.get('/y')⟧; }",
  },
  {
    name: 'a 401 that is recognised and goes nowhere',
    expect: held('a token kept in a variable of the module', 'detected'),
    code: `let token;\nasync function start() { token = await login(); }\nasync function load() { const answer = await ⟦${SEND}⟧; if (answer.status === 401) throw new Error('Unauthorized'); return answer; }`,
  },
  {
    name: 'a retry with the same token',
    expect: held('a token kept in a variable of the module', 'retried'),
    code: `let token;\nasync function start() { token = await login(); }\nasync function load() { const answer = await ⟦${SEND}⟧; return answer.status === 401 ? load() : answer; }`,
  },
  {
    name: 'an error interceptor that never runs',
    expect: MODULE,
    code: `
      const axios = require('axios');
      let token;
      async function start() { token = await login(); }
      const api = axios.create({ baseURL: instanceUrl, validateStatus: () => true });
      api.interceptors.response.use(undefined, async () => { token = await login(); });
      const load = () => ⟦api.get('/services/data', { headers: { Authorization: \`Bearer \${token}\` } })⟧;
    `,
  },
  {
    name: 'errorCode of an answer that is an array',
    expect: MODULE,
    code: `let token;\nasync function start() { token = await login(); }\nasync function load() { const answer = await ⟦${SEND}⟧; const data = await answer.json(); if (data.errorCode === 'INVALID_SESSION_ID') { await start(); return load(); } return data; }`,
  },

  // ---- handled ----
  { name: 'handled in the function', code: `let token;\nasync function load(again = true) { token ??= await login(); const answer = await ${SEND}; if (answer.status === 401 && again) { token = await login(); return load(false); } return answer; }` },
  { name: 'handled by a catch that logs in', code: `let token;\nasync function start() { token = await login(); }\nasync function load() { try { return await ${SEND}; } catch { await start(); return ${SEND}; } }` },
  { name: 'handled in a caller', code: `let token;\nasync function start() { token = await login(); }\nconst send = () => ${SEND};\nexport async function load() { const answer = await send(); if (answer.status !== 401) return answer; await start(); return send(); }` },
  { name: 'handled in a wrapper', code: `let token;\nasync function start() { token = await login(); }\nasync function withLogin(run) { try { return await run(); } catch (error) { if (error.status !== 401) throw error; await start(); return run(); } }\nexport const load = () => withLogin(() => ${SEND});` },
  { name: 'handled by dropping the token', code: `let token;\nasync function start() { token = await login(); }\nconst load = () => ${SEND}.catch((error) => { token = undefined; throw error; });` },
  { name: 'handled in a switch', code: `let token;\nasync function start() { token = await login(); }\nasync function load() { const answer = await ${SEND}; switch (answer.status) { case 401: await start(); return load(); default: return answer; } }` },
  {
    name: 'handled in an interceptor of the instance',
    code: `
      const axios = require('axios');
      let token;
      async function start() { token = await login(); }
      const api = axios.create({ baseURL: instanceUrl });
      api.interceptors.response.use(undefined, async (error) => { if (error.response.status === 401) { await start(); return axios(error.config); } throw error; });
      const load = () => api.get('/services/data', { headers: { Authorization: \`Bearer \${token}\` } });
    `,
  },
  {
    name: 'handled in a hook of got',
    code: "const got = require('got');\nlet token;\nasync function start() { token = await login(); }\nconst sf = got.extend({ prefixUrl: instanceUrl, hooks: { afterResponse: [async (answer, retry) => { if (answer.statusCode === 401) { await start(); return retry({}); } return answer; }] } });\nconst load = () => sf.get('services/data', { headers: { Authorization: `Bearer ${token}` } });",
  },

  // ---- nothing to handle ----
  { name: 'a token obtained just before', code: `export async function load() { const token = await login(); return ${SEND}; }` },
  { name: 'a token obtained in the promise before', code: `export const load = () => login().then(({ token }) => ${SEND});` },
  { name: 'a field that the same run has set', code: 'class Api { async login() { this.token = await ask(); }\nasync load() { await this.login(); return fetch(`${this.instanceUrl}/x`, { headers: { Authorization: `Bearer ${this.token}` } }); } }' },
  { name: 'a parameter', code: `export const load = (token, url) => ${SEND};` },
  { name: 'the token request itself', code: "const fixed = process.env.SF_TOKEN;\nexport const load = () => fetch('https://login.salesforce.com/services/oauth2/revoke', { headers: { Authorization: `Bearer ${fixed}` } });" },
  { name: 'Basic', code: "const id = process.env.SF_CLIENT;\nexport const load = () => fetch(`${url}/services/data`, { headers: { Authorization: `Basic ${id}` } });" },
  { name: 'an own backend in a repository about Salesforce', code: "const axios = require('axios');\nlet token;\nasync function start() { token = await login(); }\nexport const load = () => axios.get('/api/salesforce-users', { headers: { Authorization: `Bearer ${token}` } });" },
  { name: 'another vendor', code: "// salesforce\nlet token;\nasync function start() { token = await login(); }\nexport const load = () => fetch('https://slack.example/api', { headers: { Authorization: `Bearer ${token}` } });" },

  // ---- connections ----
  { name: 'a bare connection', expect: bare(), code: "const jsforce = require('jsforce');\nconst conn = ⟦new jsforce.Connection({ accessToken: process.env.SF_TOKEN, instanceUrl })⟧;" },
  { name: 'a bare connection from a session id, options in a variable', expect: bare(), code: "import { Connection } from '@jsforce/jsforce-node';\nconst options = { sessionId, serverUrl };\nconst conn = ⟦new Connection(options)⟧;" },
  { name: 'oauth2 without a refresh token', expect: bare(' (oauth2 does nothing without a refreshToken)'), code: "const jsforce = require('jsforce');\nconst conn = ⟦new jsforce.Connection({ oauth2, accessToken, instanceUrl })⟧;" },
  { name: 'a refresh token without oauth2', expect: bare(' (a refreshToken does nothing without oauth2)'), code: "const jsforce = require('jsforce');\nconst conn = ⟦new jsforce.Connection({ refreshToken, accessToken, instanceUrl })⟧;" },
  { name: 'a refresh token that is never there', expect: bare(' (its refreshToken is always empty)'), code: "const jsforce = require('jsforce');\nconst conn = ⟦new jsforce.Connection({ oauth2, refreshToken: undefined, accessToken, instanceUrl })⟧;" },
  { name: 'oauth2 misspelt', expect: bare(' (oAuth2 is not an option: it is spelt oauth2)'), code: "const jsforce = require('jsforce');\nconst conn = ⟦new jsforce.Connection({ oAuth2: oauth2, accessToken, instanceUrl })⟧;" },
  { name: 'initialize', expect: bare(), code: "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nexport async function load() { const { access_token, instance_url } = await login(); ⟦conn.initialize({ accessToken: access_token, instanceUrl: instance_url })⟧; }" },
  {
    name: 'authorize on a shared connection',
    expect: { messageId: 'grant', data: {} },
    code: "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection({ loginUrl });\nexport async function start() { await ⟦conn.authorize({ grant_type: 'client_credentials' })⟧; }",
  },
  { name: 'AuthInfo from a bare token', expect: bare(), code: "const { AuthInfo } = require('@salesforce/core');\nconst info = ⟦AuthInfo.create({ username, accessTokenOptions: { accessToken: process.env.SF_TOKEN, instanceUrl } })⟧;" },
  { name: 'refreshFn', code: "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection({ accessToken, instanceUrl, refreshFn });" },
  { name: 'oauth2 and refreshToken', code: "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection({ oauth2, refreshToken, accessToken, instanceUrl });" },
  { name: 'options that may hold more', code: "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection({ accessToken, ...options });" },
  { name: 'a connection that logs in', code: "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection({ accessToken: cached, instanceUrl });\nconn.login(user, password);" },
  { name: 'a bare connection of a caller', code: "const jsforce = require('jsforce');\nexport const connect = (accessToken, instanceUrl) => new jsforce.Connection({ accessToken, instanceUrl });" },
  { name: 'authorize for one run', code: "const jsforce = require('jsforce');\nexport async function run() { const conn = new jsforce.Connection({ loginUrl }); await conn.authorize({ grant_type: 'client_credentials' }); return conn.query(soql); }" },
  { name: 'the jsforce of a page', code: "const conn = new window.jsforce.Connection({ accessToken: sid });" },
];

const expected = (one: Case, _code: string): Expected[] =>
  readMarks(one.code).places['soap-login'].map((place) => ({ ...(one as Row).expect!, ...(Object.keys((one as Row).expect!.data).length === 0 ? { messageId: (one as Row).expect!.messageId } : {}), ...place }));

/** The lines that a preset reports, with a project's settings. */
function lines(code: string, { preset = 'recommended', settings = {} }: { preset?: 'recommended' | 'strict'; settings?: Record<string, unknown> } = {}): number[] {
  const config = plugin.configs[preset] as unknown as Linter.Config;
  return new Linter().verify(dedent(code), [{ ...config, settings: { 'salesforce-auth': settings } }], { filename: 'case.js' }).filter(({ ruleId }) => ruleId === 'salesforce-auth/require-401-handling').map(({ line }) => line);
}

describe('require-401-handling', () => {
  testRule(rule as never, { cases, expected });

  it('reports a parameter in the strict preset only', () => {
    const code = `export const load = (token, url) => ${SEND};`;
    expect(lines(code)).toEqual([]);
    expect(lines(code, { preset: 'strict' })).toEqual([1]);
  });

  it('takes what the settings name for handling', () => {
    const own = `import { carefully } from './auth';\nlet token;\nexport async function start() { token = await login(); }\nexport const load = () => carefully(() => ${SEND});`;
    expect(lines(own)).toEqual([4]);
    expect(lines(own, { settings: { wrappers: ['carefully'] } })).toEqual([]);
    expect(lines(own, { settings: { authModules: ['./auth'] } })).toEqual([]);
  });
});
