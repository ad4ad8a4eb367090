/** Hand-written SOAP envelopes, over every HTTP client. */
import type { Case } from '../../support/cases';

const HAND_WRITTEN = { library: 'a hand-written SOAP request' };
const ENVELOPE = '`<soapenv:Body><urn:login xmlns:urn="urn:partner.soap.sforce.com"><urn:username>${user}</urn:username><urn:password>${pass}</urn:password></urn:login></soapenv:Body>`';

export const envelopes: Case[] = [
  {
    name: 'envelope: a template literal over fetch',
    says: HAND_WRITTEN,
    code: `
      async function login(user, pass) {
        const body = ${ENVELOPE};
        const response = await ⟦fetch('https://login.salesforce.com/services/Soap/u/58.0', {
          method: 'POST',
          headers: { SOAPAction: 'login' },
          body,
        })⟧;
        return /<sessionId>(.+)<.sessionId>/.exec(await response.text())[1];
      }
    `,
  },
  {
    name: 'envelope: enterprise, over axios',
    says: HAND_WRITTEN,
    code: `
      const axios = require('axios');
      const xml = '<soapenv:Envelope><soapenv:Body><login xmlns="urn:enterprise.soap.sforce.com"><username>' + user + '</username><password>' + pass + '</password></login></soapenv:Body></soapenv:Envelope>';
      ⟦axios.post('https://acme.my.salesforce.com/services/Soap/c/60.0', xml, { headers: { SOAPAction: '""' } })⟧;
    `,
  },
  {
    name: 'envelope: an array joined, over request',
    says: HAND_WRITTEN,
    code: `
      const request = require('request');
      const body = [
        '<env:Body>',
        '<n1:login xmlns:n1="urn:partner.soap.sforce.com">',
        '<n1:username>' + user + '</n1:username>',
        '<n1:password>' + pass + '</n1:password>',
        '</n1:login>',
        '</env:Body>',
      ].join('\\n');
      ⟦request.post({ url: 'https://login.salesforce.com/services/Soap/u/58.0', body }, callback)⟧;
    `,
  },
  {
    name: 'envelope: over https, where the request is opened',
    says: HAND_WRITTEN,
    code: `
      const https = require('https');
      const envelope = ${ENVELOPE};
      const req = ⟦https.request({ hostname: 'login.salesforce.com', path: '/services/Soap/u/58.0', method: 'POST' }, onResponse)⟧;
      req.write(envelope);
      req.end();
    `,
  },
  {
    name: 'envelope: over XMLHttpRequest, where it is sent',
    says: HAND_WRITTEN,
    code: `
      const xhr = new XMLHttpRequest();
      xhr.open('POST', 'https://login.salesforce.com/services/Soap/u/58.0');
      ⟦xhr.send(${ENVELOPE})⟧;
    `,
  },
  {
    name: 'envelope: built by a function, sent by a helper',
    says: HAND_WRITTEN,
    code: `
      const { post } = require('./http');
      const loginEnvelope = (user, pass) => ${ENVELOPE};
      ⟦post('/services/Soap/u/58.0', loginEnvelope(user, pass))⟧;
    `,
  },
  {
    name: 'envelope: exported, so that the text itself is the place',
    says: HAND_WRITTEN,
    code: `
      module.exports = (user, pass) => ⟦${ENVELOPE}⟧;
    `,
  },
  {
    name: 'envelope: another vendor',
    code: `
      // Pushes what Salesforce sends us on to the ERP.
      const body = \`<soapenv:Body><urn:login xmlns:urn="urn:erp.example.com"><urn:username>\${user}</urn:username><urn:password>\${pass}</urn:password></urn:login></soapenv:Body>\`;
      fetch('https://erp.example.com/soap', { method: 'POST', body });
    `,
  },
  {
    name: 'envelope: a SOAP call on a session, not a login',
    code: `
      const body = \`<soapenv:Header><urn:SessionHeader><urn:sessionId>\${token}</urn:sessionId></urn:SessionHeader></soapenv:Header><soapenv:Body><urn:query xmlns:urn="urn:partner.soap.sforce.com"/></soapenv:Body>\`;
      fetch(\`\${instanceUrl}/services/Soap/u/58.0\`, { method: 'POST', body });
    `,
  },
];
