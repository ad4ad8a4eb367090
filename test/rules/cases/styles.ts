/** Ways to write the call, and what comes after it. */
import type { Case } from '../../support/cases';

export const styles: Case[] = [
  {
    name: 'callback',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      ⟦conn.login(process.env.SF_USER, process.env.SF_PASS, function (err, userInfo) {
        if (err) return console.error(err);
        console.log(userInfo.id);
      })⟧;
    `,
  },
  {
    name: 'promise chain, with the method on the next line',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      ⟦conn
        .login(user, pass)⟧
        .then((info) => conn.query('SELECT Id FROM Account'))
        .catch(console.error);
    `,
  },
  {
    name: 'promise chain, with trailing dots',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      ⟦conn.
        login(user, pass)⟧.
        then(next);
    `,
  },
  {
    name: 'awaited and given a callback',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      async function run() {
        await ⟦conn.login(user, pass, (err) => {})⟧;
      }
    `,
  },
  {
    name: 'in a Promise executor',
    code: `
      const jsforce = require('jsforce');
      module.exports = () => new Promise((resolve, reject) => {
        const conn = new jsforce.Connection({});
        ⟦conn.login(user, pass, (err, info) => (err ? reject(err) : resolve(info)))⟧;
      });
    `,
  },
  {
    name: 'in a Lambda handler',
    code: `
      import { Connection } from 'jsforce';
      export const handler = async () => {
        const conn = new Connection({ loginUrl: process.env.LOGIN_URL });
        await ⟦conn.login(process.env.USERNAME, process.env.PASSWORD + process.env.TOKEN)⟧;
      };
    `,
  },
  {
    name: 'in a refreshFn, on the connection it is given',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ refreshFn });
      async function refreshFn(_old, done) {
        const fresh = new jsforce.Connection();
        await ⟦fresh.login(user, pass)⟧;
        done(null, fresh.accessToken);
      }
    `,
  },
  {
    name: 'a second login on the same connection',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      await ⟦conn.login(user, pass)⟧;
      await ⟦conn.login(otherUser, otherPass)⟧;
      export {};
    `,
  },
  {
    name: 'optional chaining',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      ⟦conn?.login(user, pass)⟧;
    `,
  },
  {
    name: 'a computed name',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      ⟦conn['login'](user, pass)⟧;
    `,
  },
  {
    name: 'spread credentials',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      ⟦conn.login(...credentials)⟧;
    `,
  },
  {
    name: 'TypeScript: cast, non-null and satisfies',
    lang: 'ts',
    code: `
      import * as jsforce from 'jsforce';
      const conn = new jsforce.Connection({} satisfies object) as jsforce.Connection;
      ⟦conn!.login(user as string, pass!)⟧;
      ⟦(conn as jsforce.Connection).login(user, pass)⟧;
    `,
  },
  {
    name: 'compiled async code',
    code: `
      var jsforce = require('jsforce');
      function run() {
        return __awaiter(this, void 0, void 0, function* () {
          const conn = new jsforce.Connection({});
          yield ⟦conn.login(user, pass)⟧;
        });
      }
    `,
  },
];
