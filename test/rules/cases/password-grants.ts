/** The OAuth username-password flow by hand. */
import type { Case } from '../../support/cases';

const REQUEST = { library: 'an OAuth token request' };

export const passwordGrants: Case[] = [
  {
    name: 'grant: an object',
    says: REQUEST,
    code: `
      axios.post('https://login.salesforce.com/services/oauth2/token', { ⟪grant_type: 'password'⟫, username: 'jane@acme.example', password: 'hunter2' });
    `,
  },
  {
    name: 'grant: URLSearchParams of an object',
    says: REQUEST,
    code: `
      const body = new URLSearchParams({ ⟪grant_type: 'password'⟫, client_id, client_secret, username, password });
      fetch('https://acme.my.salesforce.com/services/oauth2/token', { method: 'POST', body });
    `,
  },
  {
    name: 'grant: append',
    says: REQUEST,
    code: `
      const params = new URLSearchParams();
      ⟪params.append('grant_type', 'password')⟫;
      params.append('username', user);
      fetch('https://test.salesforce.com/services/oauth2/token', { method: 'POST', body: params });
    `,
  },
  {
    name: 'grant: a field of a form',
    says: REQUEST,
    code: `
      const form = {};
      ⟪form.grant_type = 'password'⟫;
      request.post({ url: 'https://login.salesforce.com/services/oauth2/token', form }, callback);
    `,
  },
  {
    name: 'grant: in the query string',
    says: REQUEST,
    code: `
      fetch(⟪'https://login.salesforce.com/services/oauth2/token?grant_type=password&client_id='⟫ + id);
    `,
  },
  {
    name: 'grant: a template',
    says: REQUEST,
    code: `
      const body = ⟪\`grant_type=password&client_id=\${id}&username=\${user}&password=\${pass}\`⟫;
      https.request({ hostname: 'login.salesforce.com', path: '/services/oauth2/token' }).end(body);
    `,
  },
  {
    name: 'grant: qs.stringify',
    says: REQUEST,
    code: `
      const qs = require('qs');
      axios.post(process.env.SALESFORCE_TOKEN_URL, qs.stringify({ ⟪grant_type: 'password'⟫, username, password }));
    `,
  },
  {
    name: 'grant: a constant',
    says: REQUEST,
    code: `
      const GRANT_TYPE = 'password';
      superagent.post('https://login.salesforce.com/services/oauth2/token').send({ ⟪grant_type: GRANT_TYPE⟫, username });
    `,
  },
  {
    name: 'grant: in the words of a library that spells it grantType',
    says: REQUEST,
    code: `
      const client = new OAuthClient({ tokenUrl: 'https://login.salesforce.com/services/oauth2/token', ⟪grantType: 'password'⟫ });
    `,
  },
  {
    name: 'grant: in a file about Salesforce, with the address elsewhere',
    says: REQUEST,
    code: `
      export const salesforceToken = (url) => post(url, { ⟪grant_type: 'password'⟫, username, password });
    `,
  },
  {
    name: 'grant: in one piece of a concatenation',
    says: REQUEST,
    code: `
      const body = 'username=' + user + ⟪'&grant_type=password&password='⟫ + pass;
      fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST', body });
    `,
  },
  {
    name: 'grant: over two pieces of a concatenation',
    says: REQUEST,
    code: `
      const body = ⟪'username=' + user + '&grant_type=' + 'password'⟫;
      fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST', body });
    `,
  },
  {
    name: 'grant: a constant in a template',
    says: REQUEST,
    code: `
      const GRANT = 'password';
      fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST', body: ⟪\`username=\${user}&grant_type=\${GRANT}\`⟫ });
    `,
  },
  {
    name: 'grant: URLSearchParams of pairs',
    says: REQUEST,
    code: `
      const body = new URLSearchParams([⟪['grant_type', 'password']⟫, ['username', user]]);
      fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST', body });
    `,
  },
  {
    name: 'grant: a shell command',
    says: REQUEST,
    code: `
      exec(⟪\`curl https://login.salesforce.com/services/oauth2/token -d "grant_type=password" -d "username=\${user}"\`⟫);
    `,
  },
];
