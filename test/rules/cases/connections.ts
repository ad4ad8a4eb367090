/** Where the connection is kept, and where it comes from. */
import type { Case } from '../../support/cases';

const EVIDENCE = { note: 'judged by name and use, since the connection is made elsewhere' };

export const connections: Case[] = [
  {
    name: 'assigned in two branches',
    code: `
      const jsforce = require('jsforce');
      let conn;
      if (sandbox) conn = new jsforce.Connection({ loginUrl: 'https://test.salesforce.com' });
      else conn = new jsforce.Connection({ loginUrl: 'https://login.salesforce.com' });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'empty first, made in a function',
    code: `
      const jsforce = require('jsforce');
      let conn = null;
      const open = () => { conn = new jsforce.Connection(); };
      const connect = () => ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'made by a function of the file',
    code: `
      const jsforce = require('jsforce');
      function makeConnection() {
        return new jsforce.Connection({});
      }
      const conn = makeConnection();
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'made by an async function of the file',
    code: `
      import { Connection } from 'jsforce';
      const open = async () => new Connection({});
      const conn = await open();
      await ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'passed to a function of the file',
    code: `
      const jsforce = require('jsforce');
      function connect(c) {
        return ⟦c.login(user, pass)⟧;
      }
      connect(new jsforce.Connection());
    `,
  },
  {
    name: 'in an object',
    code: `
      const jsforce = require('jsforce');
      const state = { conn: new jsforce.Connection() };
      ⟦state.conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'destructured out of an object',
    code: `
      const jsforce = require('jsforce');
      const { conn } = { conn: new jsforce.Connection() };
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'in a class field',
    code: `
      const jsforce = require('jsforce');
      class Salesforce {
        conn = new jsforce.Connection();
        connect() { return ⟦this.conn.login(user, pass)⟧; }
      }
    `,
  },
  {
    name: 'in a private field',
    code: `
      import { Connection } from 'jsforce';
      export class Salesforce {
        #conn = new Connection();
        connect() { return ⟦this.#conn.login(user, pass)⟧; }
      }
    `,
  },
  {
    name: 'in a field that the constructor fills',
    code: `
      const jsforce = require('jsforce');
      class Salesforce {
        constructor(url) { this.conn = new jsforce.Connection({ loginUrl: url }); }
        connect(user, pass) { return ⟦this.conn.login(user, pass)⟧; }
      }
    `,
  },
  {
    name: 'in a field of an old-style class',
    code: `
      var jsforce = require('jsforce');
      function Salesforce() { this.conn = new jsforce.Connection(); }
      Salesforce.prototype.connect = function (user, pass, cb) {
        ⟦this.conn.login(user, pass, cb)⟧;
      };
    `,
  },
  {
    name: 'in a getter',
    code: `
      const jsforce = require('jsforce');
      class Salesforce {
        get conn() { return new jsforce.Connection(); }
        connect(user, pass) { return ⟦this.conn.login(user, pass)⟧; }
      }
    `,
  },
  {
    name: 'in a class property with a type annotation only',
    lang: 'ts',
    code: `
      import { Connection } from 'jsforce';
      export class Salesforce {
        private conn: Connection;
        connect(user: string, pass: string) { return ⟦this.conn.login(user, pass)⟧; }
      }
    `,
  },
  {
    name: 'in a class property with a type out of the namespace',
    lang: 'ts',
    code: `
      import type * as jsforce from 'jsforce';
      export class Salesforce {
        private conn?: jsforce.Connection | null;
        connect(user: string, pass: string) { return ⟦this.conn?.login(user, pass)⟧; }
      }
    `,
  },
  {
    name: 'in a parameter typed Connection',
    lang: 'ts',
    code: `
      import type { Connection } from 'jsforce';
      export async function connect(conn: Connection, user: string, pass: string) {
        await ⟦conn.login(user, pass)⟧;
      }
    `,
  },
  {
    name: 'in a constructor parameter property',
    lang: 'ts',
    code: `
      import { Connection } from 'jsforce';
      export class Salesforce {
        constructor(private readonly conn: Connection) {}
        connect(user: string, pass: string) { return ⟦this.conn.login(user, pass)⟧; }
      }
    `,
  },
  {
    name: 'in a variable typed Connection',
    lang: 'ts',
    code: `
      import { Connection } from 'jsforce';
      declare const conn: Connection;
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'a subclass of Connection',
    code: `
      import { Connection } from 'jsforce';
      class Org extends Connection {
        constructor(options) { super({ ...options, loginUrl: 'https://test.salesforce.com' }); }
        open(user, pass) { return ⟦this.login(user, pass)⟧; }
      }
      await ⟦new Org().login(user, pass)⟧;
    `,
  },
  {
    name: 'a subclass of Connection with a login of its own: only what that calls',
    code: `
      import { Connection } from 'jsforce';
      class Org extends Connection {
        async login(user, pass) { return ⟦super.login(user, pass)⟧; }
      }
      await new Org().login(user, pass);
    `,
  },
  {
    name: 'from another file, used like a connection',
    says: EVIDENCE,
    code: `
      const conn = require('./salesforce').conn;
      ⟦conn.login(username, password)⟧;
      conn.sobject('Account').find({});
    `,
  },
  {
    name: 'from another file, named like one',
    says: EVIDENCE,
    code: `
      import { sfConnection } from '../lib/salesforce';
      await ⟦sfConnection.login(username, password)⟧;
    `,
  },
  {
    name: 'injected, in a file about Salesforce',
    says: EVIDENCE,
    code: `
      export async function sync(conn, username, password) {
        await ⟦conn.login(username, password)⟧;
        return conn.query('SELECT Id FROM Account WHERE Salesforce_Id__c != null');
      }
    `,
  },
  {
    name: 'injected into a field',
    says: EVIDENCE,
    code: `
      class SalesforceSync {
        constructor({ connection }) { this.connection = connection; }
        start(config) { return ⟦this.connection.login(config.username, config.password)⟧; }
        read() { return this.connection.describeGlobal(); }
      }
    `,
  },
  {
    name: 'in a parameter, unless the caller passes one',
    code: `
      const jsforce = require('jsforce');
      module.exports = (user, pass, conn = new jsforce.Connection()) => ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'in a destructured parameter, unless the caller passes one',
    code: `
      const jsforce = require('jsforce');
      module.exports = ({ conn = new jsforce.Connection() } = {}) => ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'in a parameter typed as the promise of one',
    lang: 'ts',
    code: `
      import type { Connection } from 'jsforce';
      export const connect = async (conn: Promise<Connection>) => ⟦(await conn).login(user, pass)⟧;
    `,
  },
  {
    name: 'in a field of an object, used by its methods',
    code: `
      const jsforce = require('jsforce');
      module.exports = {
        conn: new jsforce.Connection(),
        connect(user, pass) { return ⟦this.conn.login(user, pass)⟧; },
      };
    `,
  },
  {
    name: 'in a field that one method of an object writes and another reads',
    code: `
      const jsforce = require('jsforce');
      module.exports = {
        conn: null,
        open: function () { this.conn = new jsforce.Connection(); },
        connect: function (user, pass) { return ⟦this.conn.login(user, pass)⟧; },
      };
    `,
  },
  {
    name: 'written to an object later',
    code: `
      const jsforce = require('jsforce');
      const state = {};
      state.conn = new jsforce.Connection();
      ⟦state.conn.login(a, b)⟧;
    `,
  },
  {
    name: 'written to exports',
    code: `
      const jsforce = require('jsforce');
      exports.conn = new jsforce.Connection();
      exports.connect = () => ⟦exports.conn.login(a, b)⟧;
    `,
  },
  {
    name: 'written to the global object',
    code: `
      const jsforce = require('jsforce');
      global.conn = new jsforce.Connection();
      ⟦global.conn.login(a, b)⟧;
    `,
  },
  {
    name: 'in a static field',
    code: `
      const jsforce = require('jsforce');
      class Salesforce {
        static conn = new jsforce.Connection();
        static connect() { return ⟦Salesforce.conn.login(a, b)⟧; }
      }
    `,
  },
  {
    name: 'in a field of an old-style class whose prototype is one object',
    code: `
      var jsforce = require('jsforce');
      function Salesforce() { this.conn = new jsforce.Connection(); }
      Salesforce.prototype = {
        connect: function (a, b) { return ⟦this.conn.login(a, b)⟧; },
      };
    `,
  },
  {
    name: 'in a field of an old-style class that is exported where it is made',
    code: `
      var jsforce = require('jsforce');
      var Salesforce = module.exports = function () { this.conn = new jsforce.Connection(); };
      Salesforce.prototype.connect = function (a, b) { return ⟦this.conn.login(a, b)⟧; };
    `,
  },
];
