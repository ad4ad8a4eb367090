/** Retries with and without an end, and errors that a new token does not cure, in the shapes that code writes them in. */
import { describe } from 'vitest';
import rule from '../../rules/no-unbounded-auth-retry';
import { testTable } from '../support/rule-table';

describe('no-unbounded-auth-retry: shapes', () => {
  testTable(rule as never, {
    valid: [
      {
        name: 'bounded by retries param default',
        code: `
          // salesforce
          async function q(s, retries = 1){ const r = await send(s); if (r.status === 401 && retries > 0) { await refreshToken(); return q(s, retries - 1); } return r; }
        `,
      },
      {
        name: 'bounded early throw',
        code: `
          // salesforce
          async function q(s, attempt = 0){ if (attempt > 1) throw new Error('x'); const r = await send(s); if (r.status === 401) { await refreshToken(); return q(s, attempt + 1); } return r; }
        `,
      },
      {
        name: 'bounded options spread',
        code: `
          // salesforce
          async function q(s, options = {}){ const r = await send(s); if (r.status === 401 && !options.isRetry) { await refreshToken(); return q(s, { ...options, isRetry: true }); } return r; }
        `,
      },
      {
        name: 'bounded class counter',
        code: `
          // salesforce
          class Api { async q(s){ const r = await send(s); if (r.status === 401 && this.tries < 2) { this.tries++; await this.login(); return this.q(s); } this.tries = 0; return r; } }
        `,
      },
      {
        name: 'bounded helper with flag',
        code: `
          // salesforce
          async function q(s, isRetry){ const r = await send(s); if (r.status === 401) return again(s, isRetry); return r; }
          async function again(s, isRetry){ if (isRetry) throw new Error('no'); await refreshToken(); return q(s, true); }
        `,
      },
      {
        name: 'loop for counter',
        code: `
          // salesforce
          async function q(s){ for (let i = 0; i < 2; i++) { const r = await send(s); if (r.status === 401) { await refreshToken(); continue; } return r; } }
        `,
      },
      {
        name: 'loop while tries',
        code: `
          // salesforce
          async function q(s){ let tries = 0; while (tries < 3) { const r = await send(s); if (r.status === 401) { await refreshToken(); tries++; continue; } return r; } }
        `,
      },
      {
        name: 'poll',
        code: `
          // salesforce
          async function wait(id){ while (true) { const job = await get(id); if (job.state === 'JobComplete') return job; await sleep(1000); } }
        `,
      },
      {
        name: 'poll with auth handled elsewhere',
        code: `
          // salesforce
          async function wait(id){ const job = await get(id); if (job.state !== 'JobComplete') { await sleep(1000); return wait(id); } return job; }
        `,
      },
      {
        name: 'poll with login before',
        code: `
          // salesforce
          async function wait(id){ const conn = await login(); const job = await conn.get(id); if (job.done) return job; return wait(id); }
        `,
      },
      {
        name: 'invalid_grant leads to re-authorisation by the user',
        code: `
          // salesforce
          async function renew(){ try { return await post(); } catch (e) { if (e.error === 'invalid_grant') { return res.redirect('/oauth/authorize'); } throw e; } }
        `,
      },
      {
        name: 'invalid_grant excluded',
        code: `
          // salesforce
          async function q(s){ try { return await send(s); } catch (e) { if (e.error !== 'invalid_grant') { await refreshToken(); } throw e; } }
        `,
      },
      {
        name: 'limit excluded',
        code: `
          // salesforce
          async function q(s){ try { return await send(s); } catch (e) { if (e.errorCode !== 'REQUEST_LIMIT_EXCEEDED' && e.status === 401) { await refreshToken(); return send(s); } throw e; } }
        `,
      },
      {
        name: '403 negated',
        code: `
          // salesforce
          async function q(s){ const r = await send(s); if (r.status !== 403 && r.status === 401) { await refreshToken(); } return r; }
        `,
      },
      {
        name: '403 with its text looked at',
        code: `
          // salesforce
          async function q(s){ const r = await send(s); if (r.status === 403 && r.text.includes('Bad_OAuth_Token')) { await refreshToken(); } return r; }
        `,
      },
      {
        name: 'interceptor flag',
        code: `
          // salesforce
          import axios from 'axios'; class A { constructor(){ this.http = axios.create(); this.http.interceptors.response.use(null, async (e) => { const original = e.config; if (e.response.status === 401 && !original._retry) { original._retry = true; await this.login(); return this.http(original); } throw e; }); } }
        `,
      },
      {
        name: 'interceptor header mark',
        code: `
          // salesforce
          import axios from 'axios'; const api = axios.create(); api.interceptors.response.use(null, async (e) => { if (e.response.status === 401 && !e.config.headers['X-Retry']) { e.config.headers['X-Retry'] = '1'; await refreshToken(); return api(e.config); } throw e; });
        `,
      },
      {
        name: 'interceptor spread flag',
        code: `
          // salesforce
          import axios from 'axios'; const api = axios.create(); api.interceptors.response.use(null, async (e) => { if (e.response.status === 401 && !e.config.isRetry) { await refreshToken(); return api({ ...e.config, isRetry: true }); } throw e; });
        `,
      },
      {
        name: 'interceptor plain client',
        code: `
          // salesforce
          import axios from 'axios'; const api = axios.create(); api.interceptors.response.use(null, async (e) => { if (e.response.status === 401) { await refreshToken(); return axios.request(e.config); } throw e; });
        `,
      },
      {
        name: 'got retryWithMergedOptions',
        code: `
          // salesforce
          const api = got.extend({ hooks: { afterResponse: [async (r, retry) => { if (r.statusCode === 401) { await refreshToken(); return retry({}); } return r; }] } });
        `,
      },
    ],
    invalid: [
      {
        name: 'async',
        ids: ['recursion'],
        code: `
          // salesforce
          async function q(s){ const r = await send(s); if (r.status === 401) { await refreshToken(); return ⟦q(s)⟧; } return r; }
        `,
      },
      {
        name: 'promise chain',
        ids: ['recursion'],
        code: `
          // salesforce
          function q(s){ return send(s).then((r) => { if (r.status === 401) { return refreshToken().then(() => ⟦q(s)⟧); } return r; }); }
        `,
      },
      {
        name: 'callback',
        ids: ['recursion'],
        code: `
          // salesforce
          function q(s, cb){ request(opts(s), (err, res) => { if (res.statusCode === 401) { return refreshToken((e) => { ⟦q(s, cb)⟧; }); } cb(err, res); }); }
        `,
      },
      {
        name: 'not awaited',
        ids: ['recursion'],
        code: `
          // salesforce
          async function q(s){ const r = await send(s); if (r.status === 401) { refreshToken(); return ⟦q(s)⟧; } return r; }
        `,
      },
      {
        name: 'class private',
        ids: ['recursion'],
        code: `
          // salesforce
          class Api { async #request(p){ const r = await fetch(p); if (r.status === 401) { await this.authenticate(); return ⟦this.#request(p)⟧; } return r; } }
        `,
      },
      {
        name: 'through two helpers',
        ids: ['recursion'],
        code: `
          // salesforce
          async function q(s){ const r = await send(s); if (r.status === 401) return ⟦renewAndRetry(s)⟧; return r; }
          async function renewAndRetry(s){ await refreshToken(); return q(s); }
        `,
      },
      {
        name: 'mutual through handler method',
        ids: ['recursion'],
        code: `
          // salesforce
          class Api { async get(p){ try { return await this.http(p); } catch (e) { return this.handleError(e, p); } } async handleError(e, p){ if (e.status === 401) { await this.login(); return ⟦this.get(p)⟧; } throw e; } }
        `,
      },
      {
        name: 'flag never passed',
        ids: ['recursion'],
        code: `
          // salesforce
          async function q(s, isRetry = false){ const r = await send(s); if (r.status === 401 && !isRetry) { await refreshToken(); return ⟦q(s)⟧; } return r; }
        `,
      },
      {
        name: 'while true',
        ids: ['loop'],
        code: `
          // salesforce
          async function q(s){ while (true) { try { return await send(s); } catch (e) { if (e.status !== 401) throw e; await ⟦refreshToken()⟧; } } }
        `,
      },
      {
        name: 'for ever',
        ids: ['loop'],
        code: `
          // salesforce
          async function q(s){ for (;;) { const r = await send(s); if (r.status === 401) { await ⟦refreshToken()⟧; } else { return r; } } }
        `,
      },
      {
        name: 'do while 401',
        ids: ['loop'],
        code: `
          // salesforce
          async function q(s){ let r; do { r = await send(s); if (r.status === 401) await ⟦refreshToken()⟧; } while (r.status === 401); return r; }
        `,
      },
      {
        name: 'while status 401',
        ids: ['loop'],
        code: `
          // salesforce
          async function q(s){ let r = await send(s); while (r.status === 401) { await ⟦refreshToken()⟧; r = await send(s); } return r; }
        `,
      },
      {
        name: 'while not done',
        ids: ['loop'],
        code: `
          // salesforce
          async function q(s){ let done = false; let r; while (!done) { r = await send(s); if (r.status === 401) { await ⟦refreshToken()⟧; } else { done = true; } } return r; }
        `,
      },
      {
        name: 'limit',
        ids: ['incurable'],
        code: `
          // salesforce
          async function q(s){ try { return await send(s); } catch (e) { if (e.errorCode === 'REQUEST_LIMIT_EXCEEDED' || e.errorCode === 'INVALID_SESSION_ID') { await ⟦refreshToken()⟧; return send(s); } throw e; } }
        `,
      },
      {
        name: '403 or 401',
        ids: ['incurable'],
        code: `
          // salesforce
          async function q(s){ const r = await send(s); if (r.status === 401 || r.status === 403) { await ⟦refreshToken()⟧; return send(s); } return r; }
        `,
      },
      {
        name: '403 array includes',
        ids: ['incurable'],
        code: `
          // salesforce
          async function q(s){ const r = await send(s); if ([401, 403].includes(r.status)) { await ⟦refreshToken()⟧; return send(s); } return r; }
        `,
      },
      {
        name: 'switch 403',
        ids: ['incurable'],
        code: `
          // salesforce
          async function q(s){ const r = await send(s); switch (r.status) { case 401: case 403: await ⟦refreshToken()⟧; return send(s); } return r; }
        `,
      },
      {
        name: 'switch limit',
        ids: ['incurable'],
        code: `
          // salesforce
          async function q(s){ try { return await send(s); } catch (e) { switch (e.errorCode) { case 'REQUEST_LIMIT_EXCEEDED': await ⟦refreshToken()⟧; return send(s); } throw e; } }
        `,
      },
      {
        name: '403 logical and',
        ids: ['incurable'],
        code: `
          // salesforce
          async function q(s){ const r = await send(s); r.status === 403 && await ⟦refreshToken()⟧; return r; }
        `,
      },
      {
        name: 'ternary',
        ids: ['incurable'],
        code: `
          // salesforce
          const q = (s) => send(s).catch((e) => e.statusCode === 403 ? ⟦refreshToken()⟧.then(() => send(s)) : Promise.reject(e));
        `,
      },
      {
        name: 'invalid_grant',
        ids: ['incurable'],
        code: `
          // salesforce
          async function renew(){ try { return await post(); } catch (e) { if (e.error === 'invalid_grant') { return ⟦refreshToken()⟧; } throw e; } }
        `,
      },
      {
        name: 'invalid_grant includes',
        ids: ['incurable'],
        code: `
          // salesforce
          async function renew(){ try { return await post(); } catch (e) { if (e.message.includes('invalid_grant')) { return ⟦refreshToken()⟧; } throw e; } }
        `,
      },
      {
        name: 'global axios',
        ids: ['interceptor'],
        code: `
          // salesforce
          const axios = require('axios'); axios.interceptors.response.use((r) => r, async (e) => { if (e.response.status === 401) { await refreshToken(); return ⟦axios(e.config)⟧; } throw e; });
        `,
      },
      {
        name: 'instance in class',
        ids: ['interceptor'],
        code: `
          // salesforce
          import axios from 'axios'; class A { constructor(){ this.http = axios.create(); this.http.interceptors.response.use(null, async (e) => { if (e.response.status === 401) { await this.login(); return ⟦this.http(e.config)⟧; } throw e; }); } }
        `,
      },
      {
        name: 'named handler',
        ids: ['interceptor'],
        code: `
          // salesforce
          import axios from 'axios'; const api = axios.create(); async function onError(e) { if (e.response.status === 401) { await refreshToken(); return ⟦api(e.config)⟧; } throw e; } api.interceptors.response.use((r) => r, onError);
        `,
      },
      {
        name: 'replay in then',
        ids: ['interceptor'],
        code: `
          // salesforce
          import axios from 'axios'; const api = axios.create(); api.interceptors.response.use((r) => r, (e) => { if (e.response.status === 401) { return refreshToken().then((t) => { e.config.headers.Authorization = t; return ⟦api.request(e.config)⟧; }); } return Promise.reject(e); });
        `,
      },
      {
        name: 'out of a catch',
        ids: ['recursion'],
        code: `
          // salesforce
          async function q(s){ try { return await got(s); } catch (e) { if (e.response.statusCode === 401) { token = await login(); return ⟦q(s)⟧; } throw e; } }
        `,
      },
      {
        name: 'with a callback as third argument',
        ids: ['recursion'],
        code: `
          // salesforce
          function request(obj, ok, fail){ xhr(obj, ok, (e) => { if (e.status === 401) { refreshToken(() => { ⟦request(obj, ok, fail)⟧; }, fail); } else { fail(e); } }); }
        `,
      },
      {
        name: 'retry with setTimeout backoff',
        ids: ['recursion'],
        code: `
          // salesforce
          async function q(s){ const r = await send(s); if (r.status === 401) { await refreshToken(); await sleep(1000); return ⟦q(s)⟧; } return r; }
        `,
      },
    ],
  });
});
