import type { Case } from '../../support/cases';

const TOOLKIT = { library: 'the AJAX toolkit' };

export const ajaxToolkit: Case[] = [
  { name: 'AJAX toolkit: the global sforce', says: TOOLKIT, code: `var result = ⟦sforce.connection.login('jane@acme.example', 'hunter2')⟧;` },
  { name: 'AJAX toolkit: window.sforce', says: TOOLKIT, code: `⟦window.sforce.connection.login(user, pass)⟧;` },
  {
    name: 'AJAX toolkit: the connection in a variable',
    says: TOOLKIT,
    code: `
      var connection = sforce.connection;
      ⟦connection.login(user, pass, { onSuccess: next, onFailure: fail })⟧;
    `,
  },
  { name: 'AJAX toolkit: a session id of the page is no login', code: `sforce.connection.sessionId = '{!GETSESSIONID()}';` },
  {
    name: 'AJAX toolkit: an own object called sforce',
    code: `
      const sforce = { connection: { login(user, pass) { return store.set(user, pass); } } };
      sforce.connection.login(user, pass);
    `,
  },
];
