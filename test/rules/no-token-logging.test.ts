import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-token-logging';
import { type Case, readMarks } from '../support/cases';
import { hostsFor } from '../support/hosts';
import { type Expected, lint, testRule } from '../support/rule-tester';

interface Logged extends Case {
  /** What the message says is written, one for each marked place. */
  what?: readonly string[];
  outlet?: string;
}

const JSFORCE = "const jsforce = require('jsforce');\n      const conn = new jsforce.Connection({ loginUrl });";
const TOKEN_URL = 'https://login.salesforce.com/services/oauth2/token';

const cases: Logged[] = [
  // ---- what a name and its maker say together ----
  { name: 'a token that a login gives', what: ['an access token'], code: `
      async function load() {
        const token = await authenticateSalesforce();
        ⟦console.log(token)⟧;
        return query('/services/data/v62.0/query?q=', token);
      }
    ` },
  { name: 'a token of which nobody says that it is one of ours', code: `
      async function load() {
        const token = await authenticateUser();
        console.log(token);
      }
    ` },
  { name: 'a token that is cut out of a text', code: `
      // Salesforce
      const token = salesforceQuery.split(' ')[0];
      console.log(token);
    ` },
  { name: 'a response known by its instance_url', what: ['an object that holds an access token'], outlet: 'the HTTP response', code: `
      // Salesforce
      async function callback(req, res) {
        const tokens = await axios.post(process.env.TOKEN_URL, form);
        const { access_token, instance_url } = tokens.data;
        ⟦res.json({ access_token, instance_url })⟧;
      }
    ` },
  { name: 'obtained anew after the test for the old one', what: ['an access token'], code: `
      async function token() {
        let sfAccessToken = cache.get('token');
        if (sfAccessToken) return sfAccessToken;
        sfAccessToken = await salesforce.login();
        ⟦console.log('new token', sfAccessToken)⟧;
        return sfAccessToken;
      }
    ` },
  { name: "another party's client secret, which its protocol hands to the browser", code: `
      // Salesforce
      app.post('/pay', (req, res) => {
        salesforce.save(req.body);
        res.json({ id: paymentIntent.id, clientSecret: paymentIntent.client_secret });
      });
    ` },
  // ---- the token itself ----
  { name: "a connection's token", what: ['an access token'], code: `
      ${JSFORCE}
      conn.login(user, pass, (err) => { ⟦console.log(conn.accessToken)⟧; });
    ` },
  { name: 'in a concatenation, and a refresh token', what: ['an access token', 'a refresh token'], code: `
      ${JSFORCE}
      ⟦console.log('Access Token: ' + conn.accessToken)⟧;
      ⟦console.log('Refresh Token: ' + conn.refreshToken)⟧;
    ` },
  { name: 'as the second argument', what: ['an access token'], code: `
      ${JSFORCE}
      ⟦console.error('token', conn.accessToken)⟧;
    ` },
  { name: 'through a variable with a harmless name', what: ['an access token'], code: `
      ${JSFORCE}
      const value = conn.accessToken;
      ⟦console.log(\`got \${value}\`)⟧;
    ` },
  { name: 'the event of a renewed token', what: ['an access token', 'a token response that holds an access token'], code: `
      ${JSFORCE}
      conn.on('refresh', (fresh, answer) => {
        ⟦console.log('new', fresh)⟧;
        ⟦console.log(answer)⟧;
      });
    ` },
  { name: 'a token that a parameter brings, in a file about Salesforce', what: ['an access token'], code: `
      import { query } from './salesforce';
      export function run(accessToken) { ⟦console.log(accessToken)⟧; return query(accessToken); }
    ` },
  { name: 'a token with a weak name that becomes a Bearer header', what: ['an access token'], code: `
      export async function limits(token) {
        ⟦console.log(token)⟧;
        return fetch('https://acme.my.salesforce.com/services/data/v64.0/limits', { headers: { Authorization: \`Bearer \${token}\` } });
      }
    ` },
  { name: 'a destructured token response', what: ['an access token'], code: `
      import fetch from 'node-fetch';
      const { access_token, instance_url } = await (await fetch('${TOKEN_URL}', { method: 'POST', body })).json();
      console.log(instance_url);
      ⟦console.log(access_token)⟧;
    ` },
  { name: 'the password of a login', what: ['a password'], code: `
      ⟦console.log('logging in with', process.env.SF_PASSWORD)⟧;
    ` },
  { name: 'a JWT assertion', what: ['a JWT assertion'], code: `
      const signed = jwt.sign({ aud: 'https://login.salesforce.com' }, key, { algorithm: 'RS256' });
      ⟦console.log('JWT:', signed)⟧;
      post({ assertion: signed });
    ` },
  { name: 'the sid cookie', what: ['a session id'], code: `
      // Run on acme.salesforce.com
      const value = document.cookie.match(/(^|;\\s*)sid=(.+?)(;|$)/)[2];
      ⟦console.log(\`session: \${value}\`)⟧;
      open('https://acme.my.salesforce.com/');
    ` },
  { name: 'the merge field of a page', what: ['a session id'], code: `
      sforce.connection.sessionId = '{!GETSESSIONID()}';
      ⟦console.log(sforce.connection.sessionId)⟧;
    ` },
  { name: 'a class field', lang: 'ts', what: ['an access token'], code: `
      import { Connection } from 'jsforce';
      class Client {
        private readonly held: string;
        constructor(private conn: Connection) { this.held = conn.accessToken!; }
        report() { ⟦this.logger.info(\`using \${this.held}\`)⟧; }
      }
    ` },

  // ---- objects that hold one ----
  { name: 'a whole connection', what: ['a connection that holds an access token'], code: `
      ${JSFORCE}
      ⟦console.log(conn)⟧;
    ` },
  { name: "nforce's answer, out of an own promise", what: ['a token response that holds an access token'], code: `
      const nforce = require('nforce');
      const org = nforce.createConnection({ clientId, clientSecret });
      const authenticate = () => new Promise((resolve, reject) => {
        org.authenticate({ username, password }, (err, answer) => { if (err) reject(err); else resolve(answer); });
      });
      authenticate().then((oauth) => { ⟦console.log(oauth)⟧; });
    ` },
  { name: 'a token response in a chain', what: ['a token response that holds an access token'], code: `
      axios.post('${TOKEN_URL}', body).then((response) => { ⟦console.log('answer:', response.data)⟧; });
    ` },
  { name: 'a body that is parsed for its token elsewhere', what: ['a token response that holds an access token'], code: `
      request.post({ url: '${TOKEN_URL}', form }, (err, response, body) => {
        ⟦logger.debug('answer: ' + body)⟧;
        save(JSON.parse(body).access_token);
      });
    ` },
  { name: 'an object whose token is read elsewhere', what: ['an object that holds an access token'], code: `
      export function connect(sfSession) {
        ⟦console.log(JSON.stringify(sfSession))⟧;
        return new jsforce.Connection({ accessToken: sfSession.access_token });
      }
    ` },
  { name: 'options with the header', what: ['an object that holds an access token'], code: `
      ${JSFORCE}
      const options = { url: conn.instanceUrl + '/services/data', headers: { Authorization: 'Bearer ' + conn.accessToken } };
      ⟦console.log(options)⟧;
    ` },
  { name: 'settings', what: ['an object that holds a client secret'], code: `
      const config = { loginUrl: 'https://login.salesforce.com', clientSecret: process.env.SF_CLIENT_SECRET };
      ⟦console.dir(config)⟧;
    ` },
  { name: 'the whole environment', what: ['the whole environment that holds a password'], code: `
      const password = process.env.SF_PASSWORD;
      ⟦console.log(process.env)⟧;
    ` },
  { name: 'the request in an interceptor', what: ['a request that holds an Authorization header'], code: `
      axios.interceptors.request.use((sent) => {
        ⟦console.log('request', JSON.stringify(sent, null, 2))⟧;
        return sent;
      });
      axios.get('https://acme.my.salesforce.com/services/data');
    ` },
  { name: 'the error of an axios request with a token', what: ['a request error that holds an access token'], code: `
      import axios from 'axios';
      export async function limits(conn) {
        try {
          return await axios.get('https://acme.my.salesforce.com/services/data', { headers: { Authorization: \`Bearer \${conn.accessToken}\` } });
        } catch (error) {
          ⟦console.error(error)⟧;
          console.error(error.message, error.response.status, error.response.data);
        }
      }
    ` },
  { name: 'the error of an axios request at the end of a chain', what: ['a request error that holds an access token'], code: `
      const axios = require('axios');
      const limits = (accessToken) => axios
        .get('https://acme.my.salesforce.com/services/data', { headers: { Authorization: \`Bearer \${accessToken}\` } })
        .then((answer) => answer.data)
        .catch((error) => { ⟦console.log(error)⟧; });
    ` },
  { name: 'the same, logged by the console itself', what: ['a request error that holds an access token'], code: `
      import axios from 'axios';
      export const limits = (accessToken) => axios.get('https://acme.my.salesforce.com/', { headers: { Authorization: accessToken } }).catch(⟦console.error⟧);
    ` },
  { name: 'the error of an axios instance whose defaults hold the token', what: ['a request error that holds an access token'], code: `
      import axios from 'axios';
      const api = axios.create({ baseURL: 'https://acme.my.salesforce.com', headers: { Authorization: \`Bearer \${process.env.SF_ACCESS_TOKEN}\` } });
      export async function limits() {
        try { return await api.get('/services/data'); } catch (error) { ⟦console.error('no limits', error)⟧; }
      }
    ` },
  { name: 'a whole axios response', what: ['the response to a request that holds an access token'], code: `
      import axios from 'axios';
      export async function limits(conn) {
        const response = await axios.get('https://acme.my.salesforce.com/', { headers: { Authorization: \`Bearer \${conn.accessToken}\` } });
        ⟦console.log(response)⟧;
        console.log(response.data, response.status, response.headers);
      }
    ` },
  { name: "a whole response of request, and its promise's error", what: ['the response to a request that holds an access token', 'a request error that holds an access token'], code: `
      const request = require('request');
      const rp = require('request-promise');
      function limits(accessToken) {
        const options = { url: 'https://acme.my.salesforce.com/', headers: { Authorization: 'OAuth ' + accessToken } };
        request(options, (err, response, body) => { ⟦console.log(response)⟧; console.log(err, body); });
        rp(options).catch((err) => ⟦console.log(err)⟧);
      }
    ` },
  { name: 'a command with its arguments apart', what: ["a command's output that holds an access token", 'an access token'], code: `
      const child = spawn('sf', ['org', 'display', '--json']);
      child.stdout.on('data', (text) => { ⟦console.log(\`\${text}\`)⟧; });
      const { result } = JSON.parse(execFileSync('sfdx', ['force:org:display', '--json']));
      ⟦console.log(result.accessToken)⟧;
    ` },
  { name: 'what @salesforce/core keeps', what: ['an SFDX auth URL', 'an object that holds an access token'], code: `
      import { AuthInfo } from '@salesforce/core';
      const info = await AuthInfo.create({ username });
      ⟦console.log(info.getSfdxAuthUrl())⟧;
      ⟦console.log(info.getFields(true))⟧;
      console.log(info.getFields());
    ` },
  { name: 'the verify callback of passport', what: ['a refresh token'], code: `
      const { Strategy } = require('passport-forcedotcom');
      passport.use(new Strategy({ clientID }, (access, refreshToken, profile, done) => { ⟦console.log(refreshToken)⟧; done(null, profile); }));
    ` },
  { name: 'a token response handed to the console', what: ['a token response that holds an access token'], code: `
      fetch('${TOKEN_URL}', { method: 'POST', body }).then((answer) => answer.json()).then(⟦console.log⟧);
    ` },
  { name: 'a child of a logger', what: ['an object that holds an access token'], code: `
      ${JSFORCE}
      ⟦log.child({ job }).info({ token: conn.accessToken })⟧;
    ` },
  { name: 'what a command prints', what: ['a command\'s output that holds an access token'], code: `
      const out = execSync('sf org display --json --target-org salesforce');
      ⟦console.log(out.toString())⟧;
    ` },
  { name: 'every answer of a wrapper that logs in by hand', what: ['the response to a token request that holds a session id'], code: `
      import request from 'request-promise';
      const send = (options) => request(options).then((answer) => { ⟦console.log(answer)⟧; return answer; });
      const login = (user, pass) => send({
        url: 'https://login.salesforce.com/services/Soap/u/60.0',
        body: \`<env:Envelope><env:Body><n1:login><n1:username>\${user}</n1:username><n1:password>\${pass}</n1:password></n1:login></env:Body></env:Envelope>\`,
      });
    ` },

  // ---- outlets ----
  { name: 'a JSON answer', what: ['an object that holds an access token'], outlet: 'the HTTP response', code: `
      ${JSFORCE}
      app.get('/', (req, res) => {
        ⟦res.status(200).json({
          accessToken: conn.accessToken,
        })⟧;
      });
    ` },
  { name: 'a Response', what: ['an object that holds an access token'], outlet: 'the HTTP response', code: `
      import { Connection } from 'jsforce';
      const conn = new Connection({});
      export const GET = () => ⟦new Response(JSON.stringify({ token: conn.accessToken }))⟧;
    ` },
  { name: 'the answer of a Lambda function', what: ['an access token'], outlet: 'the HTTP response', code: `
      ${JSFORCE}
      exports.handler = async () => (⟦{ statusCode: 200, body: \`token \${conn.accessToken}\` }⟧);
    ` },
  { name: 'an error with the URL of the token request', what: ['a client secret'], outlet: 'an error message, which ends up in logs', code: `
      const url = \`https://login.salesforce.com/services/oauth2/token?client_secret=\${encodeURIComponent(mine)}\`;
      fetch(url).then((response) => { if (!response.ok) throw ⟦new Error(\`\${response.status} for \${url}\`)⟧; });
    ` },
  { name: 'standard output', what: ['an access token'], code: `
      ${JSFORCE}
      ⟦process.stdout.write(conn.accessToken + '\\n')⟧;
    ` },
  { name: 'the debug module, under any name', what: ['an access token'], code: `
      import debug from 'debug';
      import { Connection } from 'jsforce';
      const d = debug('sync');
      const conn = new Connection({});
      ⟦d('token %s', conn.accessToken)⟧;
    ` },
  { name: 'a page', what: ['an access token'], outlet: 'the screen', code: `
      ${JSFORCE}
      ⟦alert(conn.accessToken)⟧;
    ` },
  { name: 'a chat', what: ['an access token'], outlet: 'a chat message', code: `
      ${JSFORCE}
      ⟦bot.reply(message, 'Logged in: ' + conn.accessToken)⟧;
    ` },

  // ---- nothing to report ----
  { name: 'whether there is one', code: `
      ${JSFORCE}
      console.log(conn.accessToken ? 'set' : 'missing', !!conn.accessToken, Boolean(conn.accessToken), conn.accessToken.length, typeof conn.accessToken);
      console.log('token ends in ' + conn.accessToken.slice(-4), conn.accessToken.substring(0, 5), mask(conn.accessToken), redact(conn));
      if (!conn.accessToken) console.log('no access token');
    ` },
  { name: 'a piece of it, through a variable', code: `
      ${JSFORCE}
      const start = conn.accessToken.slice(0, 5);
      const accessToken = conn.accessToken.replace(/.(?=.{4})/g, '*');
      console.log(start, accessToken);
    ` },
  { name: 'who logged in, and where', code: `
      ${JSFORCE}
      conn.login(user, pass, (err, userInfo) => {
        if (err) return console.error(err);
        console.log(userInfo, userInfo.id, conn.instanceUrl, conn.version);
      });
    ` },
  { name: 'an object in a text', code: `
      ${JSFORCE}
      console.log('connection: ' + conn, \`\${conn}\`);
      throw new Error(conn);
    ` },
  { name: 'an answer without a token', code: `
      import fetch from 'node-fetch';
      const answer = await (await fetch('${TOKEN_URL}', { method: 'POST', body })).json();
      if (!answer.access_token) throw new Error(JSON.stringify(answer));
      if (answer.error) console.log(answer);
      console.log(answer.instance_url, answer.error_description);
    ` },
  { name: 'an answer that is no success', code: `
      import axios from 'axios';
      const response = await axios.post('${TOKEN_URL}', body);
      if (response.status !== 200) console.log(response.data);
    ` },
  { name: 'a copy without the secret', code: `
      const options = { url: 'https://acme.my.salesforce.com', headers: { Authorization: header } };
      const copy = { ...options, headers: { ...options.headers } };
      delete copy.headers.Authorization;
      console.log(copy, { ...settings, clientSecret: '***', accessToken: undefined });
    ` },
  { name: 'a response that a test makes up', code: `
      import { Connection } from 'jsforce';
      const answer = () => new Response(JSON.stringify({ access_token: 'first-token', instance_url: 'https://acme.my.salesforce.com' }));
    ` },
  { name: 'the rest beside the secret', code: `
      const jsforce = require('jsforce');
      const config = { username, password: process.env.SF_PASSWORD };
      const { password, ...rest } = config;
      console.log(rest);
    ` },
  { name: 'an error of a request without a token, and one that is thrown on', code: `
      import axios from 'axios';
      axios.get('https://acme.my.salesforce.com/services/data').catch(console.error);
      export const run = (accessToken) => axios.get('https://acme.my.salesforce.com/', { headers: { Authorization: accessToken } }).catch((error) => { throw error; });
    ` },
  { name: 'commands that print no token', code: `
      console.log(execSync('sf org list --json').toString());
      console.log(execFileSync('sf', ['project', 'deploy', 'start']));
    ` },
  { name: 'messages about passwords', code: `
      import { salesforce } from './crm';
      console.log(texts.login_error_wrong_password, confirmPassword, dict.newPassword);
    ` },
  { name: "another vendor's token, in a file about Salesforce", code: `
      import { salesforce } from './crm';
      console.log(slackToken, process.env.GITHUB_ACCESS_TOKEN, google.accessToken, hubspot.refresh_token);
      salesforce.sync();
    ` },
  { name: 'the names of secrets', code: `
      const jsforce = require('jsforce');
      const PASSWORD = 'password';
      console.log('access token', PASSWORD, { name: 'password', password: '' }, getToken);
    ` },
  { name: 'what is said of a secret', code: `
      import { salesforce } from './crm';
      throw new Error(\`\${names.privateKey} is missing\`);
      console.log(errors.password, labels.accessToken);
    ` },
  { name: 'the session of an agent', code: `
      import { Agent } from './salesforce-agentforce';
      const sessionId = await new Agent().start();
      console.log('session', sessionId);
    ` },
  { name: 'an object of the file with a logger of its own', code: `
      const jsforce = require('jsforce');
      const log = (api, error) => console.log(error.message);
      exports.run = (api) => { log(api, new Error('x')); return new jsforce.Connection({ accessToken: api.accessToken }); };
    ` },
  { name: 'a JWT of its own, beside Salesforce', code: `
      const conn = require('./salesforce');
      app.post('/login', (req, res) => res.json({ token: jwt.sign({ id: 1 }, key) }));
    ` },
  { name: 'a token in a file that is not about Salesforce', code: `console.log(accessToken, session.access_token);` },
];

const A_LOG = 'a log';

describe('no-token-logging', () => {
  testRule(rule, {
    cases,
    expected: ({ code, what = [], outlet = A_LOG }: Logged): Expected[] =>
      readMarks(code).places['soap-login'].map((place, index) => ({ messageId: 'tokenLogged', data: { what: what[index], outlet }, ...place })),
  });

  it('reads like this', () => {
    const messages = cases.flatMap((one) => {
      const { code } = readMarks(one.code);
      return lint(rule, hostsFor(one, code)[0]!, code).map(({ message }) => message);
    });
    expect([...new Set(messages)].sort()).toMatchSnapshot();
  });
});
