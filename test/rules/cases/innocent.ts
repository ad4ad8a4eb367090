/** What looks like a login of ours and is not. */
import type { Case } from '../../support/cases';

export const innocent: Case[] = [
  { name: 'nothing of Salesforce', code: `client.login(username, password);` },
  {
    name: "jsforce.browser.login, which opens Salesforce's own page",
    code: `
      import jsforce from 'jsforce';
      jsforce.browser.init({ clientId: id, redirectUri: uri });
      jsforce.browser.login({ scope: 'api' }, callback);
    `,
  },
  {
    name: 'passport: req.login',
    code: `
      const passport = require('passport');
      const SalesforceStrategy = require('passport-salesforce');
      app.post('/login', (req, res, next) => {
        req.login(req.body.username, req.body.password, next);
      });
    `,
  },
  {
    name: "passport: authenticate('local')",
    code: `
      const jsforce = require('jsforce');
      const passport = require('passport');
      app.post('/login', passport.authenticate('local', { failureRedirect: '/' }), (req, res) => res.redirect('/salesforce'));
    `,
  },
  { name: 'Meteor.loginWithPassword', code: `import jsforce from 'jsforce';\nMeteor.loginWithPassword(username, password, callback);` },
  {
    name: 'an own module called salesforce, with a login without credentials',
    code: `
      const salesforce = require('./salesforce');
      salesforce.login().then(next);
    `,
  },
  { name: 'an own auth object that takes an address', code: `import { auth } from './salesforce-auth';\nauth.login('https://login.salesforce.com');` },
  {
    name: 'a stub of login, and its restore',
    code: `
      const jsforce = require('jsforce');
      const sinon = require('sinon');
      const stub = sinon.stub(jsforce.Connection.prototype, 'login');
      jsforce.Connection.prototype.login.restore();
      stub.login.restore();
    `,
  },
  {
    name: 'login without arguments on a connection',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      conn.login();
    `,
  },
  { name: 'imap, in a file without Salesforce', code: `const conn = new Imap({ host });\nconn.login(user, password);` },
  {
    name: 'imap, in a file that mentions Salesforce',
    code: `
      const Imap = require('imap');
      // Reads the mails that Salesforce sends.
      const conn = new Imap({ host: 'mail.example.com' });
      conn.login(user, password);
    `,
  },
  {
    name: 'a mongoose connection beside jsforce',
    code: `
      const jsforce = require('jsforce');
      const mongoose = require('mongoose');
      const conn = mongoose.createConnection(url);
      conn.login(user, password);
      conn.query('x');
    `,
  },
  {
    name: 'basic-ftp beside Salesforce',
    code: `
      import { Client } from 'basic-ftp';
      const conn = new Client();
      await conn.login(user, password);
      await conn.uploadFrom('salesforce.csv', 'accounts.csv');
    `,
  },
  {
    name: 'a wrapper of a connection with a login of its own',
    code: `
      import { Connection } from 'jsforce';
      class SalesforceClient {
        constructor(conn) { this.conn = conn; }
        async login(username, password) { await openBrowser(username, password); }
      }
      const client = new SalesforceClient(new Connection({ accessToken, instanceUrl }));
      await client.login(username, password);
    `,
  },
  {
    name: 'a connection class of the file',
    code: `
      // Talks to Salesforce.
      class Connection { login(username, password) { return this.open(username, password); } }
      const conn = new Connection();
      conn.login(username, password);
    `,
  },
  {
    name: 'Connection of another library',
    code: `
      import { Connection } from 'other-crm';
      const conn = new Connection({ partner: 'salesforce' });
      await conn.login(username, password);
    `,
  },
  {
    name: 'a shadowed module name',
    code: `
      const jsforce = require('jsforce');
      function connect(username, password) {
        const jsforce = { Connection: class { login() {} } };
        const conn = new jsforce.Connection();
        conn.login(username, password);
      }
    `,
  },
  {
    name: 'a shadowed connection',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ accessToken, instanceUrl });
      async function mail(username, password) {
        const conn = await require('imap-simple').connect(options);
        conn.login(username, password);
      }
    `,
  },
  {
    name: "the password grant of another vendor, in a file without Salesforce",
    code: `axios.post('https://auth.example.com/oauth/token', { grant_type: 'password', username, password });`,
  },
  {
    name: 'the password grant of another vendor, in a file with Salesforce',
    code: `
      const jsforce = require('jsforce');
      async function erpToken(username, password) {
        return fetch('https://erp.example.com/oauth/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'password', username, password }) });
      }
    `,
  },
  {
    name: 'grant types compared, listed and typed',
    lang: 'ts',
    code: `
      // Salesforce grants.
      type Grant = { grant_type: 'password' | 'refresh_token' };
      const GRANTS = ['password', 'refresh_token'];
      export const isPassword = (body: Grant) => body.grant_type === 'password';
    `,
  },
  {
    name: 'JWT bearer',
    code: `
      fetch('https://login.salesforce.com/services/oauth2/token', {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
      });
    `,
  },
  {
    name: 'client credentials',
    code: `
      import { Connection } from 'jsforce';
      const conn = new Connection({ oauth2: { clientId, clientSecret, loginUrl: 'https://acme.my.salesforce.com' } });
      await conn.authorize({ grant_type: 'client_credentials' });
    `,
  },
  {
    name: 'authorization code',
    code: `
      const jsforce = require('jsforce');
      const oauth2 = new jsforce.OAuth2({ clientId, clientSecret, redirectUri });
      const conn = new jsforce.Connection({ oauth2 });
      conn.authorize(req.query.code, (err, userInfo) => {});
      oauth2.requestToken(req.query.code);
    `,
  },
  {
    name: 'a grant that only begins with password',
    code: `fetch('https://login.salesforce.com/services/oauth2/token?grant_type=password-reset');`,
  },
  {
    name: 'logout',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ sessionId, serverUrl });
      conn.logout(callback);
    `,
  },
  {
    name: 'a sentence about the password grant',
    code: `console.warn('Salesforce retires requests with grant_type=password next year.');`,
  },
  {
    name: 'a body compared with or searched for the password grant',
    code: `
      // A fake Salesforce for tests.
      if (body === 'grant_type=password' || body.includes('grant_type=password&')) answer(400);
      switch (body) { case 'grant_type=password': answer(400); }
    `,
  },
  {
    name: 'a field of the same name, written by a method of the same name on another object',
    code: `
      const jsforce = require('jsforce');
      exports.salesforce = { open() { this.conn = new jsforce.Connection({ accessToken, instanceUrl }); } };
      exports.mail = { open() { this.conn.login(a, b); } };
    `,
  },
];
