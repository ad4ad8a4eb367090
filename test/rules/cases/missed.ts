/** Logins that the rules do not see, as their pages say. A case that is found one day moves to another table. */
import type { Case } from '../../support/cases';

export const missed: Case[] = [
  {
    name: 'missed: a connection out of an installed package',
    code: `
      import { openConnection } from '@acme/salesforce';
      const conn = await openConnection();
      await conn.login(username, password);
    `,
  },
  {
    name: 'missed: login by call, apply, ninvoke or a name in a variable',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection();
      conn.login.call(conn, username, password);
      conn.login.apply(conn, [username, password]);
      Q.ninvoke(conn, 'login', username, password);
      conn[method](username, password);
    `,
  },
  {
    name: 'missed: connections in a Map or an array',
    code: `
      const jsforce = require('jsforce');
      const pool = new Map([['eu', new jsforce.Connection()]]);
      pool.get('eu').login(a, b);
      const [first] = [new jsforce.Connection()];
      first.login(a, b);
    `,
  },
  {
    name: 'missed: an envelope built from objects',
    code: `
      const body = builder.buildObject({ 'soapenv:Body': { 'urn:login': { 'urn:username': user, 'urn:password': pass } } });
      fetch('https://login.salesforce.com/services/Soap/u/58.0', { method: 'POST', body });
    `,
  },
  {
    name: 'missed: a bound login by another name',
    code: `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection();
      const connect = conn.login.bind(conn);
      connect(username, password);
    `,
  },
  {
    name: 'missed: a grant type from another file',
    code: `
      import { GrantType } from './grants';
      export const salesforceToken = (url) => post(url, { grant_type: GrantType.PASSWORD, username, password });
    `,
  },
];
