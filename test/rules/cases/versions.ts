/** API versions in which the login is broken already. */
import type { Case } from '../../support/cases';

const connection = (version: string) => `
  const jsforce = require('jsforce');
  const conn = new jsforce.Connection({ version: ${version} });
  ⟦conn.login(user, pass)⟧;
`;

export const versions: Case[] = [
  { name: 'API 64.0 still has login()', code: connection("'64.0'") },
  { name: 'API 31.0 is not retired yet', code: connection("'31.0'") },
  { name: 'API 65.0 has no login()', says: { broken: { because: 'notInThisVersion', version: 65 } }, code: connection("'65.0'") },
  { name: 'API 66.0 as a number', says: { broken: { because: 'notInThisVersion', version: 66 } }, code: connection('66') },
  { name: 'API 30.0 is retired', says: { broken: { because: 'retiredVersion', version: 30 } }, code: connection("'30.0'") },
  { name: 'API 29.0 is retired', says: { broken: { because: 'retiredVersion', version: 29 } }, code: connection("'29.0'") },
  { name: 'a version from the environment says nothing', code: connection('process.env.SF_VERSION') },
  {
    name: 'a version in a constant',
    says: { broken: { because: 'notInThisVersion', version: 67 } },
    code: `
      const { Connection } = require('jsforce');
      const API_VERSION = '67.0';
      const conn = new Connection({ version: API_VERSION });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'two connections of different versions say nothing',
    code: `
      const { Connection } = require('jsforce');
      const conn = old ? new Connection({ version: '29.0' }) : new Connection({ version: '66.0' });
      ⟦conn.login(user, pass)⟧;
    `,
  },
  {
    name: 'the version in the address of a hand-written request',
    says: { library: 'a hand-written SOAP request', broken: { because: 'retiredVersion', version: 26 } },
    code: `
      const body = '<n1:login xmlns:n1="urn:partner.soap.sforce.com"><n1:password>' + pass + '</n1:password></n1:login>';
      ⟦fetch('https://login.salesforce.com/services/Soap/u/26.0', { method: 'POST', body })⟧;
    `,
  },
  {
    name: 'node-salesforce with a version of its own',
    says: { library: 'node-salesforce' },
    code: `
      const sf = require('node-salesforce');
      const conn = new sf.Connection({ version: '52.0' });
      ⟦conn.login(user, pass, callback)⟧;
    `,
  },
  {
    name: 'node-salesforce with options from elsewhere, which can hold a version',
    says: { library: 'node-salesforce' },
    code: `
      const sf = require('node-salesforce');
      const conn = new sf.Connection({ ...config, loginUrl });
      ⟦conn.login(user, pass, callback)⟧;
    `,
  },
];
