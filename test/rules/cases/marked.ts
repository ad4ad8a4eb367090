/** Logins under a marker of the codemod: `no-unfinished-migration` has the word. */
import type { Case } from '../../support/cases';

export const marked: Case[] = [
  {
    name: 'marker: SOAP login',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      /* sf-auth-todo(no-soap-login): the password comes from a prompt */
      conn.login(user, pass);
    `,
  },
  {
    name: 'marker: a statement around the login',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      // sf-auth-todo(no-soap-login): the password comes from a prompt
      const ready = conn
        .login(user, pass)
        .then(() => conn);
    `,
  },
  {
    name: 'marker: password grant',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ oauth2: { clientId: 'id', clientSecret: 'secret' } });
      /* sf-auth-todo(no-password-grant): the password comes from a prompt */
      conn.login(user, pass);
    `,
  },
  {
    name: 'marker: of another rule does not silence this one',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      /* sf-auth-todo(no-password-grant): elsewhere */
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'marker: on another statement does not silence this one',
    code: `
      const jsforce = require('jsforce');
      /* sf-auth-todo(no-soap-login): the options come from elsewhere */
      const conn = new jsforce.Connection({});
      ⟦conn.login(user, pass)⟧;
    `,
  },
];
