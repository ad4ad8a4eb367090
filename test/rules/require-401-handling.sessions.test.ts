/** Connections of jsforce and @salesforce/core, and calls of nforce and the AJAX toolkit, with and without a way to renew. */
import { describe } from 'vitest';
import rule from '../../rules/require-401-handling';
import { testTable } from '../support/rule-table';

describe('require-401-handling: connections and sessions of libraries', () => {
  testTable(rule as never, {
    valid: [
      {
        name: 'refreshFn',
        code: `
          const jsforce = require('jsforce'); const conn = new jsforce.Connection({ instanceUrl, accessToken, refreshFn: async (c, cb) => cb(null, await get()) });
        `,
      },
      {
        name: 'oauth2 + refreshToken',
        code: `
          const jsforce = require('jsforce'); const conn = new jsforce.Connection({ oauth2: { clientId, clientSecret }, instanceUrl, accessToken, refreshToken: user.refreshToken });
        `,
      },
      {
        name: 'oauth2 object + refresh',
        code: `
          import jsforce from 'jsforce'; const oauth2 = new jsforce.OAuth2({ clientId, clientSecret }); export const c = (u) => new jsforce.Connection({ oauth2, instanceUrl: u.i, accessToken: u.a, refreshToken: u.r });
        `,
      },
      {
        name: 'authorize and use in the same run',
        code: `
          const jsforce = require('jsforce'); async function run(){ const conn = new jsforce.Connection({ instanceUrl, oauth2: { clientId, clientSecret, loginUrl } }); await conn.authorize({ grant_type: 'client_credentials' }); const r = await conn.query('SELECT Id FROM Account'); console.log(r.totalSize); } run();
        `,
      },
      {
        name: 'authorize inside refreshFn',
        code: `
          const jsforce = require('jsforce'); const conn = new jsforce.Connection({ instanceUrl, oauth2: { clientId, clientSecret }, refreshFn: async (c, cb) => { try { await c.authorize({ grant_type: 'client_credentials' }); cb(null, c.accessToken); } catch (e) { cb(e); } } }); conn.authorize({ grant_type: 'client_credentials' });
        `,
      },
      {
        name: 'authorize code',
        code: `
          const jsforce = require('jsforce'); const conn = new jsforce.Connection({ oauth2 }); async function cb(req){ await conn.authorize(req.query.code); }
        `,
      },
      {
        name: 'AuthInfo jwt',
        code: `
          import { AuthInfo, Connection } from '@salesforce/core'; export async function c(){ const authInfo = await AuthInfo.create({ username, oauth2Options: { clientId, privateKey } }); return Connection.create({ authInfo }); }
        `,
      },
      {
        name: 'AuthInfo username',
        code: `
          import { AuthInfo, Connection } from '@salesforce/core'; export async function c(){ const authInfo = await AuthInfo.create({ username }); return Connection.create({ authInfo }); }
        `,
      },
      {
        name: 'conn.on refresh with reassign oauth2',
        code: `
          const jsforce = require('jsforce'); const conn = new jsforce.Connection({ instanceUrl, accessToken }); conn.oauth2 = oauth2; conn.refreshToken = rt;
        `,
      },
      {
        name: 'retry-once runner over a bare connection',
        code: `
          const jsforce = require('jsforce'); let conn; async function connect(){ const t = await token(); conn = new jsforce.Connection({ instanceUrl: t.u, accessToken: t.a }); }
          async function run(fn){ if (!conn) await connect(); try { return await fn(conn); } catch (e) { if (e.errorCode !== 'INVALID_SESSION_ID') throw e; await connect(); return fn(conn); } }
          export const q = (s) => run((c) => c.query(s));
        `,
      },
      {
        name: 'retry-once runner with local connection maker',
        code: `
          const jsforce = require('jsforce'); async function connect(){ const t = await token(); return new jsforce.Connection({ instanceUrl: t.u, accessToken: t.a }); }
          let conn; async function run(fn){ conn ??= await connect(); try { return await fn(conn); } catch (e) { if (!isExpired(e)) throw e; conn = await connect(); return fn(conn); } }
          export const q = (s) => run((c) => c.query(s));
        `,
      },
      {
        name: 'class runner over bare connection', lang: 'ts',
        code: `
          import { Connection } from '@jsforce/jsforce-node'; export class Sf { private conn?: Connection; private async connect() { const t = await this.auth.token(); this.conn = new Connection({ accessToken: t.a, instanceUrl: t.u }); } async exec<T>(fn: (c: Connection) => Promise<T>): Promise<T> { if (!this.conn) await this.connect(); try { return await fn(this.conn!); } catch (err: any) { if (err.errorCode === 'INVALID_SESSION_ID') { await this.connect(); return fn(this.conn!); } throw err; } } query(q: string) { return this.exec((c) => c.query(q)); } }
        `,
      },
      {
        name: 'conn per request from web session param: not in recommended',
        code: `
          const jsforce = require('jsforce'); module.exports = function (token, url) { return new jsforce.Connection({ accessToken: token, instanceUrl: url }); };
        `,
      },
      {
        name: 'node-salesforce oauth2 + refreshToken',
        code: `
          const sf = require('node-salesforce'); const conn = new sf.Connection({ oauth2, accessToken, refreshToken, instanceUrl });
        `,
      },
      {
        name: 'probe with identity and login',
        code: `
          const jsforce = require('jsforce'); let conn; async function get(){ conn = new jsforce.Connection({ accessToken: cached.token, instanceUrl: cached.url }); try { await conn.identity(); } catch (e) { conn = await login(); } return conn; }
        `,
      },
      {
        name: 'options from elsewhere',
        code: `
          const jsforce = require('jsforce'); const conn = new jsforce.Connection(config.connection);
        `,
      },
      {
        name: 'nforce param only strict',
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection({ clientId, clientSecret, redirectUri, mode: 'multi' });
          exports.load = (oauth, cb) => org.insert({ sobject, oauth }, cb);
        `,
      },
      {
        name: 'nforce autoRefresh',
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection({ clientId, clientSecret, redirectUri, mode: 'multi', autoRefresh: true }); let oauth;
          org.authenticate({ username, password }, (err, resp) => { oauth = resp; });
          exports.load = (cb) => org.query({ query: 'SELECT Id FROM Account', oauth }, cb);
        `,
      },
      {
        name: 'nforce single autoRefresh',
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection({ clientId, clientSecret, redirectUri, mode: 'single', autoRefresh: true });
          org.authenticate({ username, password }, (err) => { if (err) console.error(err); });
          exports.load = (cb) => org.query({ query: 'SELECT Id FROM Account' }, cb);
        `,
      },
      {
        name: 'nforce single in the callback',
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection({ clientId, mode: 'single' });
          org.authenticate({ username, password }, (err) => { org.query({ query: 'SELECT Id FROM Account' }, console.log); });
        `,
      },
      {
        name: 'nforce single in handler after login',
        code: `
          const nforce = require('nforce'); exports.handler = async () => { const org = nforce.createConnection({ clientId, mode: 'single' });
          await org.authenticate({ username, password }); const r = await org.query({ query: 'SELECT Id FROM Account' }); await org.update({ sobject: x }); return r; };
        `,
      },
      {
        name: 'nforce single then',
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection({ clientId, mode: 'single' });
          function login(){ return org.authenticate({ username, password }); }
          exports.load = () => login().then(() => org.query({ query: 'SELECT Id FROM Account' }));
        `,
      },
      {
        name: 'nforce options from elsewhere',
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection(config.salesforce); 
          exports.load = (req, cb) => org.query({ query: 'SELECT Id FROM Account', oauth: req.session.oauth }, cb);
        `,
      },
      {
        name: 'nforce handled in callback',
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection({ clientId, mode: 'single' });
          function login(cb){ org.authenticate({ username, password }, cb); } login(() => {});
          exports.load = function load(cb, again) { org.query({ query: 'SELECT Id FROM Account' }, (err, r) => { if (err && err.errorCode === 'INVALID_SESSION_ID' && !again) return login(() => load(cb, true)); cb(err, r); }); };
        `,
      },
      {
        name: 'other org object',
        code: `
          const org = require('./org'); exports.load = () => org.query({ query: 'x', oauth });
        `,
      },
      {
        name: 'ajax no session set',
        code: `
          function onClick(){ var r = sforce.connection.query('SELECT Id FROM Account'); return r.getArray('records'); }
        `,
      },
      {
        name: 'ajax set in the same run',
        code: `
          function onClick(){ sforce.connection.sessionId = '{!$Api.Session_ID}'; var r = sforce.connection.query('SELECT Id FROM Account'); return r.getArray('records'); }
        `,
      },
      {
        name: 'ajax button script',
        code: `
          sforce.connection.sessionId = '{!$Api.Session_ID}'; var r = sforce.connection.query('SELECT Id FROM Account'); alert(r);
        `,
      },
      {
        name: 'ajax failure handled',
        code: `
          function start(){ sforce.connection.login(user, pass); } function load(cb){ sforce.connection.query('SELECT Id FROM Account', { onSuccess: cb, onFailure: function (e) { if (e.faultcode === 'sf:INVALID_SESSION_ID') { start(); load(cb); } } }); }
        `,
      },
      {
        name: 'ajax onFailure relogin by name',
        code: `
          function start(){ sforce.connection.login(user, pass); } function load(cb){ sforce.connection.query('SELECT Id FROM Account', { onSuccess: cb, onFailure: start }); }
        `,
      },
      {
        name: 'ajax try catch redirect',
        code: `
          sforce.connection.init(sid, host); window.run = function(){ try { return sforce.connection.query('x'); } catch (e) { window.location.href = '/secur/login'; } };
        `,
      },
    ],
    invalid: [
      {
        name: 'bare',
        ids: ['connection'],
        code: `
          const jsforce = require('jsforce'); const conn = ⟦new jsforce.Connection({ instanceUrl: process.env.U, accessToken: process.env.T })⟧;
        `,
      },
      {
        name: 'nested oauth2',
        ids: ['connection'],
        code: `
          const jsforce = require('jsforce'); const conn = ⟦new jsforce.Connection({ instanceUrl, accessToken, refreshToken, options: { oauth2: { clientId, clientSecret } } })⟧;
        `,
      },
      {
        name: 'nested oauth2 inside oauth2',
        ids: ['connection'],
        code: `
          const jsforce = require('jsforce'); const conn = ⟦new jsforce.Connection({ instanceUrl, accessToken, refreshToken, oauth2: { oauth2: { clientId, clientSecret } } })⟧;
        `,
      },
      {
        name: 'misspelt oauth2',
        ids: ['connection'],
        code: `
          const jsforce = require('jsforce'); const conn = ⟦new jsforce.Connection({ instanceUrl, accessToken, refreshToken, oauth: { clientId, clientSecret } })⟧;
        `,
      },
      {
        name: 'refreshToken in oauth2',
        ids: ['connection'],
        code: `
          const jsforce = require('jsforce'); const conn = ⟦new jsforce.Connection({ instanceUrl, accessToken, oauth2: { clientId, clientSecret, refreshToken } })⟧;
        `,
      },
      {
        name: 'refreshToken undefined var',
        ids: ['connection'],
        code: `
          const jsforce = require('jsforce'); let refreshToken; const conn = ⟦new jsforce.Connection({ instanceUrl, accessToken, refreshToken, oauth2: { clientId, clientSecret } })⟧;
        `,
      },
      {
        name: 'refreshToken of client credentials answer',
        ids: ['connection'],
        code: `
          const jsforce = require('jsforce'); async function f(){ const res = await fetch('https://x.my.salesforce.com/services/oauth2/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }) }); const t = await res.json(); return ⟦new jsforce.Connection({ instanceUrl: t.instance_url, accessToken: t.access_token, refreshToken: t.refresh_token, oauth2 })⟧; }
        `,
      },
      {
        name: 'authorize shared',
        ids: ['grant'],
        code: `
          const jsforce = require('jsforce'); const conn = new jsforce.Connection({ loginUrl, oauth2: { clientId, clientSecret } }); async function start(){ await ⟦conn.authorize({ grant_type: 'client_credentials' })⟧; } start();
        `,
      },
      {
        name: 'authorize jwt class',
        ids: ['grant'],
        code: `
          import { Connection } from 'jsforce'; class A { constructor(){ this.conn = new Connection({ instanceUrl }); } async connect(){ await ⟦this.conn.authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: sign() })⟧; } }
        `,
      },
      {
        name: 'authorize returned',
        ids: ['grant'],
        code: `
          const jsforce = require('jsforce'); async function connect(){ const conn = new jsforce.Connection({ instanceUrl, oauth2: { clientId, clientSecret, loginUrl } }); await ⟦conn.authorize({ grant_type: 'client_credentials' })⟧; return conn; } module.exports = { connect };
        `,
      },
      {
        name: 'authorize module var assigned',
        ids: ['grant'],
        code: `
          const jsforce = require('jsforce'); let conn; async function connect(){ conn = new jsforce.Connection({ instanceUrl, oauth2: { clientId, clientSecret, loginUrl } }); await ⟦conn.authorize({ grant_type: 'client_credentials' })⟧; } async function q(){ return conn.query('SELECT Id FROM Account'); }
        `,
      },
      {
        name: 'authorize local then cached',
        ids: ['grant'],
        code: `
          const jsforce = require('jsforce'); let cached; async function connect(){ if (cached) return cached; const conn = new jsforce.Connection({ instanceUrl, oauth2: { clientId, clientSecret, loginUrl } }); await ⟦conn.authorize({ grant_type: 'client_credentials' })⟧; cached = conn; return conn; }
        `,
      },
      {
        name: 'AuthInfo',
        ids: ['connection'],
        code: `
          import { AuthInfo, Connection } from '@salesforce/core'; export async function c(){ const authInfo = await ⟦AuthInfo.create({ accessTokenOptions: { accessToken: process.env.T, instanceUrl: process.env.U } })⟧; return Connection.create({ authInfo }); }
        `,
      },
      {
        name: 'AuthInfo options variable',
        ids: ['connection'],
        code: `
          import { AuthInfo } from '@salesforce/core'; const opts = { username: 'x', accessTokenOptions: { accessToken: token, instanceUrl } }; export const c = () => ⟦AuthInfo.create(opts)⟧;
        `,
      },
      {
        name: 'class no runner', lang: 'ts',
        ids: ['connection'],
        code: `
          import { Connection } from '@jsforce/jsforce-node'; export class Sf { private conn?: Connection; private async connect() { const t = await this.auth.token(); this.conn = ⟦new Connection({ accessToken: t.a, instanceUrl: t.u })⟧; } async query(q: string) { if (!this.conn) await this.connect(); return this.conn!.query(q); } }
        `,
      },
      {
        name: 'ts options typed var', lang: 'ts',
        ids: ['connection'],
        code: `
          import jsforce, { Connection } from 'jsforce'; const options: any = { instanceUrl: process.env.U!, accessToken: process.env.T as string }; export const conn: Connection = ⟦new jsforce.Connection(options)⟧;
        `,
      },
      {
        name: 'empty string refresh',
        ids: ['connection'],
        code: `
          const jsforce = require('jsforce'); const conn = ⟦new jsforce.Connection({ oauth2: {}, refreshToken: '', accessToken: a, instanceUrl: i })⟧;
        `,
      },
      {
        name: 'multiple inherits',
        ids: ['connection'],
        code: `
          const jsforce = require('jsforce'); const base = { instanceUrl: i }; const conn = ⟦new jsforce.Connection({ ...base, accessToken: t })⟧;
        `,
      },
      {
        name: 'await destructured',
        ids: ['connection'],
        code: `
          const { Connection } = require('jsforce'); (async () => { const { access_token, instance_url } = await cachedLogin(); global.conn = ⟦new Connection({ accessToken: access_token, instanceUrl: instance_url })⟧; })();
        `,
      },
      {
        name: 'nforce multi module oauth',
        ids: ['session'],
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection({ clientId, clientSecret, redirectUri, mode: 'multi' }); let oauth;
          org.authenticate({ username, password }, (err, resp) => { oauth = resp; });
          exports.load = (cb) => ⟦org.query({ query: 'SELECT Id FROM Account', oauth }, cb)⟧;
        `,
      },
      {
        name: 'nforce session oauth',
        ids: ['session'],
        code: `
          import nforce from 'nforce'; const org = nforce.createConnection({ clientId, clientSecret, redirectUri });
          app.get('/x', (req, res) => { ⟦org.getRecord({ id: req.params.id, type: 'Lead', oauth: req.session.oauth }, (err, r) => { if (err) return res.status(500).send(err); res.send(r); })⟧; });
        `,
      },
      {
        name: 'nforce param strict', options: { parameters: true },
        ids: ['session'],
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection({ clientId, clientSecret, redirectUri, mode: 'multi' });
          exports.load = (oauth, cb) => ⟦org.insert({ sobject, oauth }, cb)⟧;
        `,
      },
      {
        name: 'nforce single',
        ids: ['session'],
        code: `
          const nforce = require('nforce'); const org = nforce.createConnection({ clientId, clientSecret, redirectUri, mode: 'single', autoRefresh: false });
          org.authenticate({ username, password }, (err) => { if (err) console.error(err); });
          exports.load = (cb) => ⟦org.query({ query: 'SELECT Id FROM Account' }, cb)⟧;
        `,
      },
      {
        name: 'nforce8 class field',
        ids: ['session'],
        code: `
          const nforce8 = require('nforce8'); class Sf { constructor(){ this.org = nforce8.createConnection({ clientId, mode: 'single' }); } async connect(){ await this.org.authenticate({ username, password }); } async find(){ return ⟦this.org.query({ query: 'SELECT Id FROM Lead' })⟧; } }
        `,
      },
      {
        name: 'ajax set at top, used in handler',
        ids: ['session'],
        code: `
          sforce.connection.sessionId = '{!GETSESSIONID()}'; function onClick(){ var r = ⟦sforce.connection.query('SELECT Id FROM Account')⟧; return r.getArray('records'); }
        `,
      },
      {
        name: 'ajax login at start',
        ids: ['session'],
        code: `
          function start(){ sforce.connection.login(user, pass); } function load(cb){ ⟦sforce.connection.query('SELECT Id FROM Account', { onSuccess: cb, onFailure: function (e) { alert(e); } })⟧; }
        `,
      },
      {
        name: 'ajax init apex',
        ids: ['session'],
        code: `
          sforce.connection.init(sid, host); window.run = function(){ return ⟦sforce.apex.execute('A', 'b', {})⟧; };
        `,
      },
    ],
  });
});
