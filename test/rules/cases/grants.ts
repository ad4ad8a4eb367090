/** What decides between SOAP and the password grant: jsforce's `oauth2` option. */
import type { Case } from '../../support/cases';

export const grants: Case[] = [
  {
    name: 'oauth2 with both ids is the password grant',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oauth2: { loginUrl: url, clientId: 'id', clientSecret: 'secret' } });
      ⟪conn.login('jane@acme.example', 'hunter2', callback)⟫;
    `,
  },
  {
    name: 'an OAuth2 object with both ids is the password grant',
    code: `
      import { Connection, OAuth2 } from 'jsforce';
      const oauth2 = new OAuth2({ clientId: process.env.SF_ID, clientSecret: process.env.SF_SECRET });
      const conn = new Connection({ oauth2 });
      await ⟪conn.login(user, pass)⟫;
    `,
  },
  {
    name: 'oauth2 out of a spread is the password grant',
    code: `
      const jsforce = require('jsforce');
      const auth = { oauth2: { clientId: 'id', clientSecret: 'secret' } };
      const conn = new jsforce.Connection({ version: '60.0', ...auth });
      ⟪conn.login(user, pass)⟫;
    `,
  },
  {
    name: 'options in a variable',
    code: `
      const jsforce = require('jsforce');
      const options = { oauth2: { clientId: id, clientSecret: secret } };
      const conn = new jsforce.Connection(options);
      ⟪conn.login(user, pass)⟫;
    `,
  },
  {
    name: 'oauth2 from another file: the password grant, and the message says on what condition',
    says: { note: 'its oauth2 options come from elsewhere; with a client id and secret in them this is the password grant' },
    code: `
      const jsforce = require('jsforce');
      const config = require('./config');
      const conn = new jsforce.Connection({ oauth2: config.oauth2 });
      ⟪conn.login(user, pass)⟫;
    `,
  },
  {
    name: 'oauth2 with a client id alone is SOAP',
    says: { note: 'oauth2 has a clientId and no clientSecret, so this is still SOAP' },
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oauth2: { clientId: 'id', redirectUri: 'http://localhost/callback' } });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'oauth2 with an empty client secret is SOAP',
    says: { note: 'oauth2 has a clientId and no clientSecret, so this is still SOAP' },
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oauth2: { clientId: 'id', clientSecret: '' } });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'misspelt ids in oauth2 are SOAP',
    says: { note: 'oauth2 names no clientId and clientSecret, so this is still SOAP' },
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oauth2: { client_id: 'id', client_secret: 'secret' } });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'oauth2 one level too deep is SOAP',
    says: { note: 'oauth2 names no clientId and clientSecret, so this is still SOAP' },
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oauth2: { oauth2: { clientId: 'id', clientSecret: 'secret' } } });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'a misspelt oauth2 is SOAP',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oAuth2: { clientId: 'id', clientSecret: 'secret' } });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'an oauth2 that is null is SOAP',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oauth2: null });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'top-level ids with a callback: 1.x, so the password grant',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ clientId: 'id', clientSecret: 'secret', loginUrl: url });
      ⟪conn.login(user, pass, function (err) {})⟫;
    `,
  },
  {
    name: 'top-level ids without a callback: SOAP from 2.x on',
    says: { note: 'clientId and clientSecret outside oauth2 count in jsforce 1.x only; on later versions this is SOAP' },
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ clientId: 'id', clientSecret: 'secret' });
      async function connect() { await ⟦conn.login(user, pass)⟧; }
    `,
  },
  {
    name: 'options from another file are SOAP until seen otherwise',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection(require('./salesforce.json'));
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'built in two places, one of them with oauth2',
    says: { note: 'the connection is built in several places, and in one of them with oauth2, which makes it the password grant' },
    code: `
      const jsforce = require('jsforce');
      let conn = new jsforce.Connection({ loginUrl: url });
      if (config.oauth) conn = new jsforce.Connection({ oauth2: { clientId: 'id', clientSecret: 'secret' } });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'a subclass that passes oauth2 to super is the password grant',
    code: `
      import { Connection } from 'jsforce';
      class Org extends Connection {
        constructor() { super({ oauth2: { clientId: 'id', clientSecret: 'secret' } }); }
      }
      await ⟪new Org().login(user, pass)⟫;
    `,
  },
  {
    name: 'node-salesforce takes any oauth2 for the password grant',
    says: { library: 'node-salesforce' },
    code: `
      const sf = require('node-salesforce');
      const conn = new sf.Connection({ oauth2: { clientId: 'id' } });
      ⟪conn.login(user, pass, callback)⟫;
    `,
  },
  {
    name: 'oauth2 with a spread from another file: the password grant, and the message says on what condition',
    says: { note: 'its oauth2 options come from elsewhere; with a client id and secret in them this is the password grant' },
    code: `
      const jsforce = require('jsforce');
      const config = require('./config');
      const conn = new jsforce.Connection({ oauth2: { loginUrl: url, ...config.app } });
      ⟪conn.login(user, pass)⟫;
    `,
  },
  {
    name: 'options that get their oauth2 later are the password grant',
    code: `
      const jsforce = require('jsforce');
      const options = {};
      options.oauth2 = { clientId: 'id', clientSecret: 'secret' };
      const conn = new jsforce.Connection(options);
      ⟪conn.login(user, pass)⟫;
    `,
  },
];
