import type { Case } from '../../support/cases';

const NFORCE = { library: 'nforce' };

export const nforce: Case[] = [
  {
    name: 'nforce: authenticate with credentials',
    says: NFORCE,
    code: `
      const nforce = require('nforce');
      const org = nforce.createConnection({ clientId: 'id', clientSecret: 'secret', redirectUri: 'http://localhost:3000/callback' });
      ⟪org.authenticate({ username: 'jane@acme.example', password: 'hunter2' }, callback)⟫;
    `,
  },
  {
    name: 'nforce: with autoRefresh and the credentials in createConnection',
    says: NFORCE,
    code: `
      const nforce = require('nforce');
      const org = nforce.createConnection({ clientId, clientSecret, redirectUri, autoRefresh: true, username: user, password: pass });
      ⟪org.authenticate(callback)⟫;
    `,
  },
  {
    name: 'nforce8',
    says: { library: 'nforce8' },
    code: `
      import nforce8 from 'nforce8';
      const org = nforce8.createConnection({ clientId, clientSecret });
      await ⟪org.authenticate({ username, password, securityToken })⟫;
    `,
  },
  {
    name: 'nforce: an authorization code',
    code: `
      const nforce = require('nforce');
      const org = nforce.createConnection({ clientId, clientSecret, redirectUri });
      org.authenticate({ code: req.query.code }, callback);
    `,
  },
  {
    name: 'nforce: a SAML assertion, whatever the connection was given',
    code: `
      const nforce = require('nforce');
      const org = nforce.createConnection({ clientId, clientSecret, redirectUri, username, password });
      org.authenticate({ assertion }, callback);
    `,
  },
  {
    name: 'nforce: the connection from another file',
    says: { ...NFORCE, note: 'judged by name and use, since the connection is made elsewhere' },
    code: `
      // The nforce connection of the app.
      const org = require('./org');
      ⟪org.authenticate({ username, password })⟫;
    `,
  },
  {
    name: 'nforce: a copy of the library, with the credentials in createConnection',
    says: NFORCE,
    code: `
      const nforce = require('../lib/nforce');
      const org = nforce.createConnection({ clientId, clientSecret, redirectUri, username: user, password: pass });
      ⟪org.authenticate()⟫.then(start);
    `,
  },
  {
    name: 'nforce: a copy of the library, with no credentials in createConnection',
    code: `
      const nforce = require('../lib/nforce');
      const org = nforce.createConnection({ clientId, clientSecret, redirectUri });
      org.authenticate().then(start);
    `,
  },
  {
    name: 'a database that is connected like nforce',
    code: `
      // Salesforce records are written to this database.
      const database = require('../lib/database');
      const pool = database.createConnection({ host, username: user, password: pass });
      pool.authenticate().then(start);
    `,
  },
];
