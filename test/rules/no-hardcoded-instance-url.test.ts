import { describe } from 'vitest';
import rule from '../../rules/no-hardcoded-instance-url';
import { testTable } from '../support/rule-table';

describe('no-hardcoded-instance-url', () => {
  testTable(rule, {
    valid: [
      { name: 'login and test hosts', code: `const a = 'https://login.salesforce.com/services/Soap/u/60.0';\nconst b = { baseUrl: 'https://test.salesforce.com' };` },
      { name: 'a My Domain to log in at', code: `const conn = new jsforce.Connection({ loginUrl: 'https://nordwind.my.salesforce.com' });` },
      { name: 'a My Domain as token endpoint', code: `fetch('https://nordwind.my.salesforce.com/services/oauth2/token', { method: 'POST' });` },
      { name: 'a My Domain as base of the token endpoint only', code: 'const baseUrl = "https://nordwind.my.salesforce.com";\nfetch(`${baseUrl}/services/oauth2/token`, { method: "POST" });' },
      { name: 'an audience', code: `const claims = { aud: 'https://nordwind.my.salesforce.com', iss: id };` },
      { name: 'comparisons and searches', code: `if (url.includes('https://na1.salesforce.com/services/data') || url === 'https://na1.salesforce.com/services/data/') go(url.endsWith('.my.salesforce.com'));` },
      { name: 'a pattern and a host permission', code: `const hosts = ['https://*.my.salesforce.com/*', /na\\d+\\.salesforce\\.com/];` },
      { name: 'placeholders', code: `const a = { instanceUrl: 'https://yourInstance.my.salesforce.com' };\nconst b = { instanceUrl: 'https://MyDomainName.my.salesforce.com' };\nconst c = { instanceUrl: 'https://<org>.my.salesforce.com' };\nconst d = { instanceUrl: 'https://your-company--uat.sandbox.my.salesforce.com' };` },
      { name: 'the org comes from elsewhere', code: 'fetch(`https://${domain}.my.salesforce.com/services/data/v60.0/`);' },
      { name: 'a link to a record', code: `const link = 'https://nordwind.lightning.force.com/lightning/r/Account/' + id + '/view';` },
      { name: 'a bare address that says nothing of its use', code: `show('https://nordwind.my.salesforce.com');` },
      { name: 'a sentence', code: `const description = 'e.g. https://na1.salesforce.com/services/data';` },
      { name: 'fixtures of a test', code: `it('queries', () => { nock('https://na1.salesforce.com/services/data'); connect({ instanceUrl: 'https://nordwind.my.salesforce.com' }); });` },
      { name: 'a SOAP endpoint to log in at', code: 'post("https://nordwind.my.salesforce.com/services/Soap/u/60.0", `<n1:login xmlns:n1="urn:partner.soap.sforce.com">${user}</n1:login>`);' },
      { name: 'a host that the token endpoint is built with', code: 'const HOST = "nordwind.my.salesforce.com";\nfetch(`https://${HOST}/services/oauth2/token`, { method: "POST" });' },
      { name: 'the base of a token endpoint', code: `const url = new URL('/services/oauth2/token', 'https://nordwind.my.salesforce.com');` },
      { name: 'the host of a token request', code: `https.request({ hostname: 'nordwind.my.salesforce.com', path: '/services/oauth2/token' });` },
    ],
    invalid: [
      { name: 'a pod with an API path', ids: ['instance'], code: `fetch(⟦'https://na1.salesforce.com/services/data/v60.0/query?q='⟧ + q);` },
      { name: 'a pod in another region', ids: ['instance'], code: `const conn = new jsforce.Connection({ instanceUrl: ⟦'https://ap16.salesforce.com'⟧, accessToken });` },
      { name: 'a pod as host of a request', ids: ['instance'], code: `https.request({ hostname: ⟦'cs45.salesforce.com'⟧, path: '/services/apexrest/orders', headers });` },
      { name: 'a My Domain with an API path', ids: ['myDomain'], code: `const URL = ⟦'https://nordwind-dev-ed.develop.my.salesforce.com/services/data/v57.0/graphql'⟧;` },
      { name: 'a template', ids: ['myDomain'], code: 'axios.get(⟦`https://nordwind--uat.sandbox.my.salesforce.com/services/apexrest/orders/${id}`⟧);' },
      { name: 'a base that a path is put behind', ids: ['myDomain'], code: "const org = ⟦'https://nordwind.my.salesforce.com'⟧;\nconst read = (id) => fetch(`${org}/services/data/v60.0/sobjects/Account/${id}`);" },
      { name: 'a base for tokens and for the API', ids: ['myDomain'], code: "const org = ⟦'https://nordwind.my.salesforce.com'⟧;\nfetch(org + '/services/oauth2/token');\nfetch(org + '/services/data/v60.0/');" },
      { name: 'a base that a URL is made with', ids: ['myDomain'], code: `const url = new URL('/services/data/v60.0', ⟦'https://nordwind.my.salesforce.com'⟧);` },
      { name: 'a host that an address is built with', ids: ['myDomain'], code: 'const HOST = ⟦"nordwind.my.salesforce.com"⟧;\nfetch(`https://${HOST}/services/data/v60.0/limits`);' },
      { name: 'a host in pieces of an address', ids: ['instance'], code: `fetch('https://' + ⟦'na1.salesforce.com'⟧ + '/services/data/v60.0/limits');` },
      { name: 'a field', ids: ['myDomain'], code: "class Api {\n  constructor() { this.org = ⟦'https://nordwind.my.salesforce.com'⟧; }\n  get() { return fetch(this.org + '/services/data/v60.0/'); }\n}" },
      { name: 'the default of a setting', ids: ['myDomain'], code: `const instanceUrl = process.env.SF_INSTANCE_URL || ⟦'https://nordwind.my.salesforce.com/'⟧;` },
      { name: 'an axios instance', ids: ['myDomain'], code: `const api = axios.create({ baseURL: ⟦'https://nordwind.my.salesforce.com'⟧ });` },
      { name: 'a SOAP endpoint', ids: ['myDomain'], code: `client.setEndpoint(⟦'https://nordwind.my.salesforce.com/services/Soap/u/60.0'⟧);` },
      { name: 'in TypeScript', lang: 'ts', ids: ['myDomain'], code: `export const api = { baseUrl: ⟦'https://nordwind.my.salesforce.com'⟧ as string } satisfies Config;` },
      { name: 'Lightning as API base', ids: ['lightning'], code: `const conn = new jsforce.Connection({ instanceUrl: ⟦'https://nordwind.lightning.force.com'⟧, accessToken });` },
      { name: 'Lightning with an API path', ids: ['lightning'], code: `fetch(⟦'https://nordwind.lightning.force.com/services/data/v60.0/'⟧);` },
      { name: 'Lightning to log in at', ids: ['lightningLogin'], code: `const conn = new jsforce.Connection({ loginUrl: ⟦'https://nordwind.lightning.force.com'⟧ });` },
    ],
  });
});
