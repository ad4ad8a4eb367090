/** node-soap on Salesforce's partner or enterprise WSDL. */
import type { Case } from '../../support/cases';

const NODE_SOAP = { library: 'node-soap' };

export const nodeSoap: Case[] = [
  {
    name: 'node-soap: callback',
    says: NODE_SOAP,
    code: `
      const soap = require('soap');
      soap.createClient('./salesforce-partner.wsdl', (err, client) => {
        ⟦client.login({ username: 'jane@acme.example', password: 'hunter2' }, (error, result) => {
          client.setEndpoint(result.result.serverUrl);
        })⟧;
      });
    `,
  },
  {
    name: 'node-soap: loginAsync',
    says: NODE_SOAP,
    code: `
      import { createClientAsync } from 'soap';
      const client = await createClientAsync('./enterprise.wsdl.xml', { endpoint: 'https://login.salesforce.com/services/Soap/c/58.0' });
      const [result] = await ⟦client.loginAsync({ username, password })⟧;
    `,
  },
  {
    name: 'node-soap: the credentials in a variable',
    says: NODE_SOAP,
    code: `
      const soap = require('soap');
      const credentials = { username: process.env.SF_USER, password: process.env.SF_PASSWORD };
      soap.createClient(wsdl, (err, client) => ⟦client.login(credentials, done)⟧);
    `,
  },
  {
    name: 'node-soap on another vendor',
    code: `
      const soap = require('soap');
      soap.createClient('https://erp.example.com/service?wsdl', (err, client) => {
        client.login({ username, password }, done);
      });
    `,
  },
];
