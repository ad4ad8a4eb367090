/** What handles a rejected token, client by client, each beside what only looks like it. */
import { describe } from 'vitest';
import rule from '../../rules/require-401-handling';
import { testTable } from '../support/rule-table';

describe('require-401-handling: what counts as handling', () => {
  testTable(rule as never, {
    valid: [
      {
        name: 'a connection that is given to the runtime where it is made',
        code: `
          import jsforce from 'jsforce';
          import { authorize, salesforce, withJsforce } from 'salesforce-auth-client';
          const oauth = new jsforce.OAuth2({ clientId });
          authorize(oauth, { username: process.env.SF_USER }, (error, answer) => {
            const conn = withJsforce(salesforce, new jsforce.Connection({ instanceUrl: answer.instance_url, accessToken: answer.access_token }));
            conn.query('SELECT Id FROM Account', console.log);
          });
        `,
      },
      {
        name: 'fetch then chain 401',
        code: `
          let token; async function start(){ token = await login(); }
          export function load(){ return fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } }).then((r) => { if (r.status === 401) { return start().then(() => load2()); } return r.json(); }); }
        `,
      },
      {
        name: 'fetch class method wrapper in same class',
        code: `
          class Api { constructor(){ this.token = null; }
           async login(){ this.token = await getIt(); }
           async request(path){ let r = await this.send(path); if (r.status === 401) { await this.login(); r = await this.send(path); } return r; }
           send(path){ return fetch(\`\${this.instanceUrl}/services/data/\${path}\`, { headers: { Authorization: \`Bearer \${this.token}\` } }); } }
        `,
      },
      {
        name: 'fetch errorCode array',
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(again = true){ const r = await fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); const body = await r.json(); if (Array.isArray(body) && body[0].errorCode === 'INVALID_SESSION_ID' && again) { await start(); return load(false); } return body; }
        `,
      },
      {
        name: 'fetch errorCode some',
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(again = true){ const r = await fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); const errors = await r.json(); if (errors.some((e) => e.errorCode === 'INVALID_SESSION_ID') && again) { await start(); return load(false); } return errors; }
        `,
      },
      {
        name: 'fetch body text includes',
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(again = true){ const r = await fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); const t = await r.text(); if (t.includes('INVALID_SESSION_ID') && again) { await start(); return load(false); } return t; }
        `,
      },
      {
        name: 'fetch thrown error constant',
        code: `
          const UNAUTHORIZED = 401;
          let token; async function start(){ token = await login(); }
          async function send(){ const r = await fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); if (!r.ok) { const e = new Error('x'); e.status = r.status; throw e; } return r; }
          export async function load(){ try { return await send(); } catch (e) { if (e.status !== UNAUTHORIZED) throw e; await start(); return send(); } }
        `,
      },
      {
        name: 'fetch retry-once runner over function',
        code: `
          let token; async function start(){ token = await login(); }
          async function withRetry(fn){ try { return await fn(); } catch (e) { token = null; await start(); return fn(); } }
          export const load = (p) => withRetry(async () => { const r = await fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); return r.json(); });
        `,
      },
      {
        name: 'fetch runner by method bound name',
        code: `
          class Api { async start(){ this.token = await login(); }
           async run(fn, ...args){ try { return await fn.apply(this, args); } catch (e) { if (isSessionExpired(e)) { await this.start(); return fn.apply(this, args); } throw e; } }
           async raw(p){ const r = await fetch(\`\${this.instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${this.token}\` } }); if (!r.ok) throw new E(r); return r.json(); }
           load(p){ return this.run(this.raw, p); } }
        `,
      },
      {
        name: 'fetch event onerror redirect login',
        code: `
          let token = null; export async function start(){ token = await login(); }
          export async function load(){ const r = await fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); if (r.status === 401) { window.location.href = '/login'; } return r.json(); }
        `,
      },
      {
        name: 'express res.redirect',
        code: `
          app.get('/x', async (req, res) => { const r = await fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${req.session.token}\` } }); if (r.status === 401) return res.redirect('/auth/salesforce'); res.json(await r.json()); });
        `,
      },
      {
        name: 'axios catch',
        code: `
          const axios = require('axios'); let token; async function start(){ token = await login(); }
          async function load(again = true){ try { return await axios.get(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); } catch (e) { if (e.response && e.response.status === 401 && again) { await start(); return load(false); } throw e; } }
        `,
      },
      {
        name: 'axios catch errorCode data[0]',
        code: `
          const axios = require('axios'); let token; async function start(){ token = await login(); }
          async function load(again = true){ try { return await axios.get(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); } catch (e) { if (e.response?.data?.[0]?.errorCode === 'INVALID_SESSION_ID' && again) { await start(); return load(false); } throw e; } }
        `,
      },
      {
        name: 'axios global interceptor',
        code: `
          const axios = require('axios'); let token; async function start(){ token = await login(); }
          axios.interceptors.response.use((r) => r, async (error) => { if (error.response.status === 401 && !error.config._retry) { error.config._retry = true; await start(); error.config.headers.Authorization = \`Bearer \${token}\`; return axios(error.config); } return Promise.reject(error); });
          export const load = () => axios.get(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'axios class field instance interceptor in constructor',
        code: `
          import axios from 'axios';
          export class Client { constructor(url){ this.http = axios.create({ baseURL: \`\${instanceUrl}/services/data\` }); this.http.interceptors.request.use((c) => { c.headers.Authorization = \`Bearer \${this.token}\`; return c; }); this.http.interceptors.response.use((r) => r, async (err) => { if (err.response?.status === 401 && !err.config._retried) { err.config._retried = true; await this.authenticate(); return this.http.request(err.config); } throw err; }); }
           async authenticate(){ this.token = await ask(); }
           query(q){ return this.http.get('/query', { params: { q } }); } }
        `,
      },
      {
        name: 'axios named interceptor handler method',
        code: `
          import axios from 'axios';
          export class SalesforceClient { constructor(url){ this.http = axios.create({ baseURL: \`\${instanceUrl}/services/data\` }); this.http.interceptors.response.use((r) => r, this.onError.bind(this)); }
           async authenticate(){ this.token = await ask(); }
           async onError(err){ if (err.response.status !== 401 || err.config.again) throw err; err.config.again = true; await this.authenticate(); return this.http(err.config); }
           query(q){ return this.http.get('/query', { headers: { Authorization: \`Bearer \${this.token}\` } }); } }
        `,
      },
      {
        name: 'axios setup function adds interceptor to instance param',
        code: `
          import axios from 'axios';
          let token; async function start(){ token = await login(); }
          function addAuth(instance){ instance.interceptors.response.use(undefined, async (e) => { if (e.response.status === 401) { await start(); return axios(e.config); } throw e; }); }
          const api = axios.create({ baseURL: \`\${instanceUrl}/services/data\` }); addAuth(api);
          export const load = () => api.get('/x', { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'axios-retry with refresh',
        code: `
          import axios from 'axios'; import axiosRetry from 'axios-retry';
          let token; async function start(){ token = await login(); }
          const api = axios.create({ baseURL: \`\${instanceUrl}/services/data\` });
          axiosRetry(api, { retries: 1, retryCondition: (e) => e.response?.status === 401, onRetry: async (n, e, config) => { await start(); config.headers.Authorization = \`Bearer \${token}\`; } });
          export const load = () => api.get('/x', { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'axios-auth-refresh',
        code: `
          import axios from 'axios'; import createAuthRefreshInterceptor from 'axios-auth-refresh';
          let token; async function start(){ token = await login(); }
          const api = axios.create({ baseURL: \`\${instanceUrl}/services/data\` });
          createAuthRefreshInterceptor(api, (failed) => start());
          export const load = () => api.get('/x', { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'axios validateStatus true with check in success interceptor',
        code: `
          import axios from 'axios';
          let token; async function start(){ token = await login(); }
          const api = axios.create({ baseURL: \`\${instanceUrl}/services/data\`, validateStatus: () => true });
          api.interceptors.response.use(async (r) => { if (r.status === 401) { await start(); return axios(r.config); } return r; });
          export const load = () => api.get('/x', { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'got hooks afterResponse',
        code: `
          import got from 'got';
          let token; async function start(){ token = await login(); }
          const api = got.extend({ prefixUrl: \`\${instanceUrl}/services/data\`, hooks: { afterResponse: [async (res, retryWith) => { if (res.statusCode === 401) { await start(); return retryWith({ headers: { Authorization: \`Bearer \${token}\` } }); } return res; }] } });
          export const load = () => api.get('x', { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'got hooks per call',
        code: `
          import got from 'got';
          let token; async function start(){ token = await login(); }
          export const load = () => got.get(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` }, hooks: { afterResponse: [async (res, retry) => { if (res.statusCode === 401) { await start(); return retry({}); } return res; }] } });
        `,
      },
      {
        name: 'got hooks in function by name',
        code: `
          import got from 'got';
          let token; async function start(){ token = await login(); }
          async function renew(res, retry) { if (res.statusCode === 401) { await start(); return retry({}); } return res; }
          export const load = () => got.get(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` }, hooks: { afterResponse: [renew] } });
        `,
      },
      {
        name: 'ky hooks',
        code: `
          import ky from 'ky';
          let token; async function start(){ token = await login(); }
          const api = ky.create({ prefixUrl: \`\${instanceUrl}/services/data\`, hooks: { afterResponse: [async (request, options, response) => { if (response.status === 401) { await start(); request.headers.set('Authorization', \`Bearer \${token}\`); return ky(request); } }] } });
          export const load = () => api.get('x', { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'ky beforeRetry',
        code: `
          import ky from 'ky';
          let token; async function start(){ token = await login(); }
          const api = ky.create({ prefixUrl: \`\${instanceUrl}/services/data\`, retry: { limit: 1, statusCodes: [401] }, hooks: { beforeRetry: [async ({ request }) => { await start(); request.headers.set('Authorization', \`Bearer \${token}\`); }] } });
          export const load = () => api.get('x', { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'request callback',
        code: `
          const request = require('request'); let token; function start(cb){ login((e, t) => { token = t; cb(); }); }
          function load(cb, again){ request({ url: \`\${instanceUrl}/services/data/x\`, headers: { Authorization: 'Bearer ' + token } }, function (err, res, body) { if (res.statusCode === 401 && !again) { return start(() => load(cb, true)); } cb(err, body); }); }
        `,
      },
      {
        name: 'request callback named',
        code: `
          const request = require('request'); let token; function start(cb){ login((e, t) => { token = t; cb(); }); }
          function load(cb){ function done(err, res, body) { if (res.statusCode === 401) { return start(() => load(cb)); } cb(err, body); } request({ url: \`\${instanceUrl}/services/data/x\`, headers: { Authorization: 'Bearer ' + token } }, done); }
        `,
      },
      {
        name: 'request callback named outside',
        code: `
          const request = require('request'); let token; function start(cb){ login((e, t) => { token = t; cb(); }); }
          function done(err, res, body) { if (res.statusCode === 401) { return start(() => load()); } }
          function load(){ request({ url: \`\${instanceUrl}/services/data/x\`, headers: { Authorization: 'Bearer ' + token } }, done); }
        `,
      },
      {
        name: 'request callback made by wrapper',
        code: `
          const request = require('request'); let token; function start(cb){ login((e, t) => { token = t; cb(); }); }
          function withAuth(again, cb) { return function (err, res, body) { if (res.statusCode === 401) { return start(again); } cb(err, body); }; }
          function load(cb){ request({ url: \`\${instanceUrl}/services/data/x\`, headers: { Authorization: 'Bearer ' + token } }, withAuth(() => load(cb), cb)); }
        `,
      },
      {
        name: 'request-promise catch statusCode',
        code: `
          const rp = require('request-promise'); let token; async function start(){ token = await login(); }
          exports.load = () => rp({ url: \`\${instanceUrl}/services/data/x\`, auth: { bearer: token } }).catch((e) => { if (e.statusCode === 401) return start().then(exports.load); throw e; });
        `,
      },
      {
        name: 'superagent catch',
        code: `
          const superagent = require('superagent'); let token; async function start(){ token = await login(); }
          exports.load = async function load(){ try { return await superagent.get(\`\${instanceUrl}/services/data/x\`).set('Authorization', \`Bearer \${token}\`); } catch (e) { if (e.status === 401) { await start(); return superagent.get(\`\${instanceUrl}/services/data/x\`).set('Authorization', \`Bearer \${token}\`); } throw e; } };
        `,
      },
      {
        name: 'superagent end callback',
        code: `
          const superagent = require('superagent'); let token; async function start(){ token = await login(); }
          exports.load = function load(cb){ superagent.get(\`\${instanceUrl}/services/data/x\`).set('Authorization', \`Bearer \${token}\`).end((err, res) => { if (err && err.status === 401) return start().then(() => load(cb)); cb(err, res); }); };
        `,
      },
      {
        name: 'superagent retry callback',
        code: `
          const superagent = require('superagent'); let token; async function start(){ token = await login(); }
          exports.load = () => superagent.get(\`\${instanceUrl}/services/data/x\`).set('Authorization', \`Bearer \${token}\`).retry(1, async (err, res) => { if (res.status === 401) { await start(); return true; } });
        `,
      },
      {
        name: 'needle checks',
        code: `
          const needle = require('needle'); let token; async function start(){ token = await login(); }
          exports.load = async () => { const r = await needle('get', \`\${instanceUrl}/services/data/x\`, null, { headers: { Authorization: \`Bearer \${token}\` } }); if (r.statusCode == 401) { await start(); return needle('get', \`\${instanceUrl}/services/data/x\`, null, { headers: { Authorization: \`Bearer \${token}\` } }); } return r; };
        `,
      },
      {
        name: 'https checks',
        code: `
          const https = require('https'); let token; async function start(){ token = await login(); }
          exports.load = (cb) => { const req = https.request({ hostname: 'x.my.salesforce.com', path: '/services/data/v60.0/', headers: { Authorization: 'Bearer ' + token } }, (res) => { if (res.statusCode === 401) { return start().then(() => exports.load(cb)); } let d = ''; res.on('data', (c) => { d += c; }); res.on('end', () => cb(JSON.parse(d))); }); req.on('error', cb); req.end(); };
        `,
      },
      {
        name: 'graphql-request catch',
        code: `
          import { GraphQLClient } from 'graphql-request'; let token; async function start(){ token = await login(); }
          const client = new GraphQLClient(\`\${instanceUrl}/services/data/v60.0/graphql\`, {});
          export async function load(q){ client.setHeader('Authorization', \`Bearer \${token}\`); try { return await client.request(q); } catch (e) { if (e.response.status === 401) { await start(); client.setHeader('Authorization', \`Bearer \${token}\`); return client.request(q); } throw e; } }
        `,
      },
      {
        name: 'graphql-request responseMiddleware',
        code: `
          import { GraphQLClient } from 'graphql-request'; let token; async function start(){ token = await login(); }
          const client = new GraphQLClient(\`\${instanceUrl}/services/data/v60.0/graphql\`, { responseMiddleware: (res) => { if (res instanceof Error && res.response.status === 401) { token = undefined; } }, headers: () => ({ Authorization: \`Bearer \${token}\` }) });
          export const load = (q) => client.request(q);
        `,
      },
      {
        name: 'graphql-request custom fetch wrapper',
        code: `
          import { GraphQLClient } from 'graphql-request'; import { fetchWithRefresh } from './auth'; let token; async function start(){ token = await login(); }
          const client = new GraphQLClient(\`\${instanceUrl}/services/data/v60.0/graphql\`, { fetch: fetchWithRefresh, headers: () => ({ Authorization: \`Bearer \${token}\` }) });
          export const load = (q) => client.request(q);
        `,
      },
      {
        name: 'any failure, not ok relogin',
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(){ let r = await fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); if (!r.ok) { await start(); r = await fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); } return r; }
        `,
      },
      {
        name: '401 or 403',
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(){ let r = await fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); if (r.status === 401 || r.status === 403) { await start(); r = await fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); } return r; }
        `,
      },
      {
        name: '[401,403].includes',
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(){ let r = await fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); if ([401, 403].includes(r.status)) { await start(); r = await fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); } return r; }
        `,
      },
      {
        name: 'probe then login',
        code: `
          let token; async function start(){ token = await login(); }
          async function ensure(){ const r = await fetch(\`\${instanceUrl}/services/oauth2/userinfo\`, { headers: { Authorization: \`Bearer \${token}\` } }); if (!r.ok) { await start(); } }
          export async function load(){ await ensure(); return fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); }
        `,
      },
      {
        name: 'settings authModules instance', settings: { 'salesforce-auth': { authModules: ['@team/auth'] } },
        code: `
          import { Auth } from '@team/auth'; const auth = new Auth(); let token; async function start(){ token = await login(); }
          export const load = () => auth.run(() => fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }));
        `,
      },
      {
        name: 'injected wrapper', lang: 'ts',
        code: `
          class A { constructor(private readonly auth){ } async start(){ this.token = await login(); }
           load(){ return this.auth.withRefresh(() => fetch(\`\${this.instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${this.token}\` } })); } }
        `,
      },
      {
        name: 'p-retry with refresh',
        code: `
          import pRetry from 'p-retry'; let token; async function start(){ token = await login(); }
          export const load = () => pRetry(() => fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }), { retries: 1, onFailedAttempt: start });
        `,
      },
      {
        name: 'while rejected',
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(){ let r = await get(); let n = 0; while (r.status === 401 && n++ < 2) { await start(); r = await get(); } return r; }
          const get = () => fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'ok returns early then login',
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(){ let r = await get(); if (r.ok) return r.json(); await start(); r = await get(); return r.json(); }
          const get = () => fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'refreshToken fn rejects',
        code: `
          let token; async function start(){ token = await login(); }
          export const load = () => get().then(check); function check(r) { if (r.status === 401) { token = null; throw new Error('again'); } return r.json(); }
          const get = () => fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } });
        `,
      },
      {
        name: 'check await',
        code: `
          let token; async function start(){ token = await login(); }
          async function check(r) { if (r.status === 401) { await start(); } return r.json(); }
          export async function load(){ const r = await fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); return check(r); }
        `,
      },
      {
        name: 'class handleResponse',
        code: `
          class Sf { async auth(){ this.accessToken = await x(); } async handle(r, retry){ if (r.status === 401) { await this.auth(); return retry(); } return r.json(); }
           async get(p){ const r = await fetch(\`\${this.instanceUrl}/services/data/\${p}\`, { headers: { Authorization: \`Bearer \${this.accessToken}\` } }); return this.handle(r, () => this.get(p)); } }
        `,
      },
      {
        name: 'jquery statusCode',
        code: `
          var token; function start(){ login().then(function (t) { token = t; }); } start();
          function load(){ $.ajax({ url: instanceUrl + '/services/data/x', headers: { Authorization: 'Bearer ' + token }, statusCode: { 401: function () { start(); } } }); }
        `,
      },
      {
        name: 'jquery fail',
        code: `
          var token; function start(){ login().then(function (t) { token = t; }); } start();
          function load(){ $.ajax({ url: instanceUrl + '/services/data/x', headers: { Authorization: 'Bearer ' + token } }).fail(function (x) { if (x.status == 401) { start(); } }); }
        `,
      },
      {
        name: 'xhr onload',
        code: `
          var token; function start(){ login().then(function (t) { token = t; }); } start();
          function load(cb){ var x = new XMLHttpRequest(); x.open('GET', instanceUrl + '/services/data/x'); x.setRequestHeader('Authorization', 'Bearer ' + token); x.onload = function () { if (x.status === 401) { start(); return; } cb(x); }; x.send(); }
        `,
      },
      {
        name: 'TS isAxiosError narrow', lang: 'ts',
        code: `
          import axios, { AxiosError } from 'axios'; let token: string | undefined; async function start(){ token = await login(); }
          export async function load(retry = true): Promise<unknown> { try { return (await axios.get(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } })).data; } catch (e: unknown) { if (axios.isAxiosError(e) && e.response?.status === 401 && retry) { await start(); return load(false); } throw e; } }
        `,
      },
      {
        name: 'error class instanceof',
        code: `
          let token; async function start(){ token = await login(); }
          async function send(){ const r = await fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); if (r.status === 401) throw new UnauthorizedError(); return r; }
          export async function load(){ try { return await send(); } catch (e) { if (e instanceof UnauthorizedError) { await start(); return send(); } throw e; } }
        `,
      },
      {
        name: 'SOAP fault text',
        code: `
          const rp = require('request-promise'); let session; async function start(){ session = await login(); }
          exports.load = async () => { const body = await rp({ url: \`\${instanceUrl}/services/data/x\`, headers: { 'X-SFDC-Session': session } }); if (/InvalidSessionId/.test(body)) { await start(); return exports.load(); } return body; };
        `,
      },
      {
        name: 'error event',
        code: `
          class Client extends EventEmitter { async start(){ this.token = await login(); }
           async load(){ try { const r = await fetch(\`\${this.instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${this.token}\` } }); if (r.status === 401) { this.emit('session-expired'); this.token = null; } return r; } catch (e) { throw e; } } }
        `,
      },
      {
        name: 'org.refreshAuth before',
        code: `
          import { Org } from '@salesforce/core'; export async function run(flags) { const org = await Org.create({ aliasOrUsername: flags.u }); await org.refreshAuth(); const token = org.getConnection().accessToken; return fetch(\`\${org.getConnection().instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } }); }
        `,
      },
      {
        name: 'a main function of its own',
        code: `
          (async function () { const token = await login(); await load(); async function load() { return fetch(\`\${instanceUrl}/services/data/v60.0/\`, { headers: { Authorization: \`Bearer \${token}\` } }); } })();
        `,
      },
      {
        name: 'one run inside a function called where it is written',
        code: `
          (function () { var token = prompt('token'); fetch(instanceUrl + '/services/data/v60.0/', { headers: { Authorization: 'Bearer ' + token } }); })();
        `,
      },
    ],
    invalid: [
      {
        name: 'fetch plain',
        ids: ['unhandled'],
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(){ const r = await ⟦fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; return r.json(); }
        `,
      },
      {
        name: 'express status passes through',
        ids: ['detected'],
        code: `
          app.get('/x', async (req, res) => { const r = await ⟦fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${req.session.token}\` } })⟧; if (r.status === 401) return res.status(401).json({ error: 'no' }); res.json(await r.json()); });
        `,
      },
      {
        name: "check of incoming request's token answers 401",
        ids: ['unhandled'],
        code: `
          app.get('/x', async (req, res) => { if (!req.session.token) return res.status(401).json({}); const r = await ⟦fetch(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${req.session.token}\` } })⟧; res.json(await r.json()); });
        `,
      },
      {
        name: 'axios data.errorCode',
        ids: ['unhandled'],
        code: `
          const axios = require('axios'); let token; async function start(){ token = await login(); }
          async function load(again = true){ try { return await ⟦axios.get(\`\${instanceUrl}/services/data/v60.0/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; } catch (e) { if (e.response.data.errorCode === 'INVALID_SESSION_ID' && again) { await start(); return load(false); } throw e; } }
        `,
      },
      {
        name: 'axios global interceptor does not reach instance',
        ids: ['unhandled'],
        code: `
          const axios = require('axios'); let token; async function start(){ token = await login(); }
          const api = axios.create({ baseURL: \`\${instanceUrl}/services/data/v60.0\` });
          axios.interceptors.response.use((r) => r, async (error) => { if (error.response.status === 401) { await start(); return axios(error.config); } return Promise.reject(error); });
          export const load = () => ⟦api.get('/x', { headers: { Authorization: \`Bearer \${token}\` } })⟧;
        `,
      },
      {
        name: 'axios class field instance request interceptor only',
        ids: ['unhandled'],
        code: `
          import axios from 'axios';
          export class SalesforceClient { constructor(url){ this.http = axios.create({ baseURL: \`\${instanceUrl}/services/data\` }); this.http.interceptors.request.use((c) => { c.headers.Authorization = \`Bearer \${this.token}\`; return c; }); }
           async authenticate(){ this.token = await ask(); }
           query(q){ return ⟦this.http.get('/query', { params: { q } })⟧; } }
        `,
      },
      {
        name: 'axios interceptor only logs',
        ids: ['unhandled'],
        code: `
          import axios from 'axios';
          export class SalesforceClient { constructor(url){ this.http = axios.create({ baseURL: \`\${instanceUrl}/services/data\` }); this.http.interceptors.response.use((r) => r, (err) => { console.error(err.message); return Promise.reject(err); }); }
           async authenticate(){ this.token = await ask(); }
           query(q){ return ⟦this.http.get('/query', { headers: { Authorization: \`Bearer \${this.token}\` } })⟧; } }
        `,
      },
      {
        name: 'axios interceptor 401 throws',
        ids: ['detected'],
        code: `
          import axios from 'axios';
          export class SalesforceClient { constructor(url){ this.http = axios.create({ baseURL: \`\${instanceUrl}/services/data\` }); this.http.interceptors.response.use((r) => r, (err) => { if (err.response.status === 401) throw new Error('unauthorized'); return Promise.reject(err); }); }
           async authenticate(){ this.token = await ask(); }
           query(q){ return ⟦this.http.get('/query', { headers: { Authorization: \`Bearer \${this.token}\` } })⟧; } }
        `,
      },
      {
        name: 'axios-retry with dead token',
        ids: ['unhandled'],
        code: `
          import axios from 'axios'; import axiosRetry from 'axios-retry';
          let token; async function start(){ token = await login(); }
          const api = axios.create({ baseURL: \`\${instanceUrl}/services/data\` });
          axiosRetry(api, { retries: 3, retryCondition: (e) => e.response?.status === 401 });
          export const load = () => ⟦api.get('/x', { headers: { Authorization: \`Bearer \${token}\` } })⟧;
        `,
      },
      {
        name: 'axios validateStatus true with interceptor',
        ids: ['unhandled'],
        code: `
          import axios from 'axios';
          let token; async function start(){ token = await login(); }
          const api = axios.create({ baseURL: \`\${instanceUrl}/services/data\`, validateStatus: () => true });
          api.interceptors.response.use((r) => r, async (e) => { if (e.response.status === 401) { await start(); return axios(e.config); } throw e; });
          export const load = () => ⟦api.get('/x', { headers: { Authorization: \`Bearer \${token}\` } })⟧;
        `,
      },
      {
        name: 'axios validateStatus true and catch',
        ids: ['unhandled'],
        code: `
          import axios from 'axios';
          let token; async function start(){ token = await login(); }
          export async function load(){ try { return await ⟦axios.get(\`\${instanceUrl}/services/data/x\`, { validateStatus: () => true, headers: { Authorization: \`Bearer \${token}\` } })⟧; } catch (e) { if (e.response.status === 401) { await start(); return load(); } throw e; } }
        `,
      },
      {
        name: 'got hooks log only',
        ids: ['unhandled'],
        code: `
          import got from 'got';
          let token; async function start(){ token = await login(); }
          const api = got.extend({ prefixUrl: \`\${instanceUrl}/services/data\`, hooks: { afterResponse: [(res) => { console.log(res.statusCode); return res; }] } });
          export const load = () => ⟦api.get('x', { headers: { Authorization: \`Bearer \${token}\` } })⟧;
        `,
      },
      {
        name: 'got retry statusCodes 401',
        ids: ['unhandled'],
        code: `
          import got from 'got';
          let token; async function start(){ token = await login(); }
          export const load = () => ⟦got.get(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` }, retry: { limit: 2, statusCodes: [401, 500] } })⟧;
        `,
      },
      {
        name: 'request callback, not handled',
        ids: ['unhandled'],
        code: `
          const request = require('request'); let token; function start(cb){ login((e, t) => { token = t; cb(); }); }
          function load(cb){ ⟦request({ url: \`\${instanceUrl}/services/data/x\`, headers: { Authorization: 'Bearer ' + token } }, function (err, res, body) { if (err) return cb(err); cb(null, body); })⟧; }
        `,
      },
      {
        name: 'request-promise auth bearer',
        ids: ['unhandled'],
        code: `
          const rp = require('request-promise'); let token; async function start(){ token = await login(); }
          exports.load = () => ⟦rp({ url: \`\${instanceUrl}/services/data/x\`, auth: { bearer: token } })⟧;
        `,
      },
      {
        name: 'superagent plain',
        ids: ['unhandled'],
        code: `
          const superagent = require('superagent'); let token; async function start(){ token = await login(); }
          exports.load = () => ⟦superagent.get(\`\${instanceUrl}/services/data/x\`)⟧.set('Authorization', \`Bearer \${token}\`);
        `,
      },
      {
        name: 'needle plain',
        ids: ['unhandled'],
        code: `
          const needle = require('needle'); let token; async function start(){ token = await login(); }
          exports.load = () => ⟦needle('get', \`\${instanceUrl}/services/data/x\`, null, { headers: { Authorization: \`Bearer \${token}\` } })⟧;
        `,
      },
      {
        name: 'https plain',
        ids: ['unhandled'],
        code: `
          const https = require('https'); let token; async function start(){ token = await login(); }
          exports.load = (cb) => { const req = ⟦https.request({ hostname: 'x.my.salesforce.com', path: '/services/data/v60.0/', headers: { Authorization: 'Bearer ' + token } }, (res) => { let d = ''; res.on('data', (c) => { d += c; }); res.on('end', () => cb(JSON.parse(d))); })⟧; req.on('error', cb); req.end(); };
        `,
      },
      {
        name: 'graphql-request plain',
        ids: ['unhandled'],
        code: `
          import { GraphQLClient } from 'graphql-request'; let token; async function start(){ token = await login(); }
          const client = new GraphQLClient(\`\${instanceUrl}/services/data/v60.0/graphql\`, { headers: () => ({ Authorization: \`Bearer \${token}\` }) });
          export const load = (q) => ⟦client.request(q)⟧;
        `,
      },
      {
        name: 'any-403 refresh is not handling',
        ids: ['unhandled', 'unhandled'],
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(){ let r = await ⟦fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; if (r.status === 403) { await start(); r = await ⟦fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; } return r; }
        `,
      },
      {
        name: 'every non-2xx with dead token',
        ids: ['retried'],
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(n = 3){ const r = await ⟦fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; if (r.status === 401 && n > 0) { return load(n - 1); } return r; }
        `,
      },
      {
        name: 'every non-2xx with dead token no 401 named',
        ids: ['unhandled'],
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(n = 3){ const r = await ⟦fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; if (!r.ok && n > 0) { return load(n - 1); } return r; }
        `,
      },
      {
        name: 'throws on 401',
        ids: ['detected'],
        code: `
          let token; async function start(){ token = await login(); }
          export async function load(){ const r = await ⟦fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; if (r.status === 401) { throw new Error('Session expired'); } return r; }
        `,
      },
      {
        name: 'refresh returns same cached token',
        ids: ['retried', 'retried'],
        code: `
          let token; async function getToken(){ if (token) return token; token = await login(); return token; }
          export async function load(){ let r = await ⟦fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${await getToken()}\` } })⟧; if (r.status === 401) { const t = await getToken(); r = await ⟦fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${t}\` } })⟧; } return r; }
        `,
      },
      {
        name: 'p-retry without refresh',
        ids: ['unhandled'],
        code: `
          import pRetry from 'p-retry'; let token; async function start(){ token = await login(); }
          export const load = () => pRetry(() => ⟦fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧);
        `,
      },
      {
        name: 'a saved token after success',
        ids: ['unhandled'],
        code: `
          let token; export async function start(){ token = await login(); }
          export async function load(){ const r = await ⟦fetch(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; if (!r.ok) throw new Error('bad'); return r.json(); }
        `,
      },
      {
        name: '403 in catch only',
        ids: ['unhandled'],
        code: `
          const axios = require('axios'); let token; async function start(){ token = await login(); }
          exports.load = async () => { try { return await ⟦axios.get(\`\${instanceUrl}/services/data/x\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; } catch (e) { if (e.response.status === 403) { await start(); } throw e; } };
        `,
      },
      {
        name: 'jquery plain',
        ids: ['unhandled'],
        code: `
          var token; function start(){ login().then(function (t) { token = t; }); } start();
          function load(){ ⟦$.ajax({ url: instanceUrl + '/services/data/x', headers: { Authorization: 'Bearer ' + token }, error: function (e) { alert(e); } })⟧; }
        `,
      },
      {
        name: 'xhr plain',
        ids: ['unhandled'],
        code: `
          var token; function start(){ login().then(function (t) { token = t; }); } start();
          function load(cb){ var x = new XMLHttpRequest(); ⟦x.open('GET', instanceUrl + '/services/data/x')⟧; x.setRequestHeader('Authorization', 'Bearer ' + token); x.onload = function () { cb(x); }; x.send(); }
        `,
      },
      {
        name: 'a module in a function called where it is written',
        ids: ['unhandled'],
        code: `
          (function () { var token; function start() { login(function (t) { token = t; }); } start();
            window.load = load; function load() { return ⟦fetch(instanceUrl + '/services/data/v60.0/', { headers: { Authorization: 'Bearer ' + token } })⟧; } })();
        `,
      },
      {
        name: 'a connection that is made in a callback of the runtime',
        ids: ['connection'],
        code: `
          import jsforce from 'jsforce';
          import { authorize } from 'salesforce-auth-client';
          const oauth = new jsforce.OAuth2({ clientId });
          authorize(oauth, { username: process.env.SF_USER }, (error, answer) => {
            const conn = ⟦new jsforce.Connection({ instanceUrl: answer.instance_url, accessToken: answer.access_token })⟧;
            conn.query('SELECT Id FROM Account', console.log);
          });
        `,
      },
      {
        name: 'a request that is sent in a step of what the runtime promises',
        ids: ['unhandled'],
        code: `
          import { salesforce } from 'salesforce-auth-client';
          let token; export function keep(value) { token = value; }
          salesforce.token().then(() => ⟦fetch(instanceUrl + '/services/data/v60.0/', { headers: { Authorization: 'Bearer ' + token } })⟧);
        `,
      },
    ],
  });
});
