/** Ways to get hold of jsforce and its `Connection`. */
import type { Case, Says } from '../../support/cases';

/** Its default API version is a retired one. */
const NODE_SALESFORCE: Says = { library: 'node-salesforce', broken: { because: 'retiredVersion', version: 29 } };
const JSFORCE_NODE = { library: '@jsforce/jsforce-node' };

export const constructors: Case[] = [
  {
    name: 'CommonJS: the whole module',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ loginUrl: 'https://login.salesforce.com' });
      ⟦conn.login('jane@acme.example', 'hunter2', callback)⟧;
    `,
  },
  {
    name: 'CommonJS: destructured',
    code: `
      const { Connection } = require('jsforce');
      const conn = new Connection();
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'CommonJS: destructured under another name',
    code: `
      const { Connection: Org } = require('jsforce');
      const org = new Org();
      ⟦org.login(user, pass)⟧;
    `,
  },
  {
    name: 'CommonJS: required where it is used',
    code: `
      const conn = new (require('jsforce').Connection)();
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'ESM: default import',
    code: `
      import jsforce from 'jsforce';
      const conn = new jsforce.Connection();
      await ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'ESM: namespace import',
    code: `
      import * as jsforce from 'jsforce';
      const conn = new jsforce.Connection();
      await ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'ESM: named import',
    code: `
      import { Connection } from 'jsforce';
      const conn = new Connection();
      await ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'ESM: named import under another name',
    code: `
      import { Connection as Org } from 'jsforce';
      await ⟦new Org().login(user, pass)⟧;
    `,
  },
  {
    name: 'TypeScript: import equals',
    lang: 'ts',
    code: `
      import jsforce = require('jsforce');
      const conn = new jsforce.Connection({});
      void ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'dynamic import, awaited',
    code: `
      async function connect(user, pass) {
        const { Connection } = await import('jsforce');
        const conn = new Connection();
        await ⟦conn.login(user, pass)⟧;
      }
    `,
  },
  {
    name: 'dynamic import, its default export',
    code: `
      async function connect(user, pass) {
        const jsforce = (await import('jsforce')).default;
        const conn = new jsforce.Connection();
        await ⟦conn.login(user, pass)⟧;
      }
    `,
  },
  {
    name: 'dynamic import, then',
    code: `
      import('jsforce').then((jsforce) => {
        const conn = new jsforce.Connection();
        return ⟦conn.login(user, pass)⟧;
      });
    `,
  },
  {
    name: 'a lazy loader',
    code: `
      let jsforce;
      function load() {
        if (!jsforce) jsforce = require('jsforce');
        return jsforce;
      }
      exports.connect = function () {
        const conn = new (load().Connection)();
        return ⟦conn.login(user, pass)⟧;
      };
    `,
  },
  {
    name: 'an alias of a lazily loaded constructor',
    code: `
      let Connection;
      async function connect(user, pass) {
        Connection = Connection || (await import('jsforce')).Connection;
        const Maker = Connection;
        const conn = new Maker();
        await ⟦conn.login(user, pass)⟧;
      }
    `,
  },
  {
    name: 'the interop helper of a compiler',
    code: `
      var _jsforce = _interopRequireDefault(require('jsforce'));
      function _interopRequireDefault(obj) { return obj && obj.__esModule ? obj : { default: obj }; }
      var conn = new _jsforce.default.Connection();
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'the deep import jsforce/core',
    code: `
      import jsforce from 'jsforce/core';
      const conn = new jsforce.Connection();
      await ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'the deep import jsforce/lib/connection, which is the constructor in 1.x',
    code: `
      const Connection = require('jsforce/lib/connection');
      const conn = new Connection();
      ⟦conn.login(user, pass, done)⟧;
    `,
  },
  {
    name: '@jsforce/jsforce-node',
    says: JSFORCE_NODE,
    code: `
      import { Connection } from '@jsforce/jsforce-node';
      const conn = new Connection();
      await ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: '@jsforce/jsforce-node, deep',
    says: JSFORCE_NODE,
    code: `
      import { Connection } from '@jsforce/jsforce-node/lib/connection';
      await ⟦new Connection().login(user, pass)⟧;
    `,
  },
  {
    name: 'node-salesforce',
    says: NODE_SALESFORCE,
    code: `
      var sf = require('node-salesforce');
      var conn = new sf.Connection({ loginUrl: url });
      ⟦conn.login(user, pass, function (err, info) {})⟧;
    `,
  },
  {
    name: 'node-salesforce in a variable called jsforce',
    says: NODE_SALESFORCE,
    code: `
      var jsforce = require('node-salesforce');
      var conn = new jsforce.Connection();
      ⟦conn.login(user, pass, callback)⟧;
    `,
  },
  {
    name: 'a script tag: the global jsforce',
    code: `
      var conn = new jsforce.Connection({ proxyUrl: '/proxy/' });
      ⟦conn.login(user, pass, function (err) {})⟧;
    `,
  },
  {
    name: 'a script tag: window.jsforce',
    code: `
      const conn = new window.jsforce.Connection();
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'Flow',
    lang: 'flow',
    code: `
      // @flow
      import { Connection } from 'jsforce';
      type Settings = {| user: string, pass: string |};
      export async function connect({ user, pass }: Settings): Promise<Connection> {
        const conn: Connection = new Connection({});
        await ⟦conn.login(user, pass)⟧;
        return conn;
      }
    `,
  },
  {
    name: 'Flow: a parameter typed Connection',
    lang: 'flow',
    code: `
      // @flow
      import { Connection } from 'jsforce';
      export const connect = (conn: Connection, user: string, pass: string) => ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: '@salesforce/core',
    says: { library: '@salesforce/core' },
    code: `
      import { Connection } from '@salesforce/core';
      const conn = await Connection.create({ authInfo });
      await ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'node-salesforce-connection',
    says: { library: 'node-salesforce-connection' },
    code: `
      const SalesforceConnection = require('node-salesforce-connection');
      const conn = new SalesforceConnection();
      ⟦conn.soapLogin({ hostname: 'login.salesforce.com', apiVersion: '39.0', username: 'jane@acme.example', password: 'hunter2' })⟧.then(next);
    `,
  },
];
