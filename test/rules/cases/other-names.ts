/** The other methods of a jsforce connection that take a username and a password, and `login` by another name. */
import type { Case } from '../../support/cases';

export const otherNames: Case[] = [
  {
    name: 'loginBySoap is SOAP, whatever oauth2 holds',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oauth2: { clientId: 'id', clientSecret: 'secret' } });
      ⟦conn.loginBySoap(user, pass)⟧;
    `,
  },
  {
    name: 'loginByOAuth2 is the password grant',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection(options);
      ⟪conn.loginByOAuth2(user, pass)⟫;
    `,
  },
  {
    name: 'OAuth2#authenticate is the password grant',
    code: `
      const jsforce = require('jsforce');
      const oauth2 = new jsforce.OAuth2({ clientId: 'id', clientSecret: 'secret' });
      ⟪oauth2.authenticate('jane@acme.example', 'hunter2')⟫;
    `,
  },
  {
    name: 'authenticate on the oauth2 of a connection is the password grant',
    code: `
      import { Connection } from 'jsforce';
      const conn = new Connection({ oauth2: { clientId: 'id', clientSecret: 'secret' } });
      await ⟪conn.oauth2.authenticate(user, pass)⟫;
    `,
  },
  {
    name: 'loginAsync of a promisified connection',
    code: `
      const Promise = require('bluebird');
      const jsforce = require('jsforce');
      const conn = Promise.promisifyAll(new jsforce.Connection({}));
      ⟦conn.loginAsync(user, pass)⟧.then(next);
    `,
  },
  {
    name: 'loginAsync of a promisified module',
    code: `
      const jsforce = Promise.promisifyAll(require('jsforce'));
      const conn = new jsforce.Connection({});
      ⟦conn.loginAsync(user, pass)⟧;
    `,
  },
  {
    name: 'login through util.promisify and bind',
    code: `
      const { promisify } = require('util');
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      const login = promisify(conn.login).bind(conn);
      async function connect() { await ⟦login(user, pass)⟧; }
    `,
  },
  {
    name: 'login bound',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      const sfLogin = conn.login.bind(conn);
      ⟦sfLogin(user, pass, callback)⟧;
    `,
  },
  {
    name: 'login bound, on a connection with oauth2',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oauth2: { clientId: 'id', clientSecret: 'secret' } });
      const login = conn.login.bind(conn);
      ⟪login(user, pass)⟫;
    `,
  },
];
