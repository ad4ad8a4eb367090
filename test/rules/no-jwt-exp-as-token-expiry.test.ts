import { describe } from 'vitest';
import rule from '../../rules/no-jwt-exp-as-token-expiry';
import { ANY, testMessages, testTables } from '../support/tables';

describe('no-jwt-exp-as-token-expiry', () => {
  const tables: Parameters<typeof testTables>[1] = {
    valid: {
      'three minutes ahead': "const claims = { iss: id, sub: user, aud: 'https://login.salesforce.com', exp: Math.floor(Date.now() / 1000) + 180 };",
      'an hour for another vendor': "const salesforce = 1; const claims = { iss: id, aud: 'https://oauth2.example.com/token', exp: Math.floor(Date.now() / 1000) + 3600 };",
      'a lifetime that is configured': "const claims = { iss: id, aud: 'https://login.salesforce.com', exp: Math.floor(Date.now() / 1000) + config.lifetime };",
      'a session token of one\'s own, by option': "const salesforce = 1; jwt.sign({ user }, secret, { expiresIn: '7d' });",
      'an exp that is no claim': 'const salesforceMatch = { exp: Date.now() };',
      'expires_in of another vendor': `
        async function salesforceLike() {
          const answer = await (await fetch('https://id.example.com/oauth/token', { method: 'POST' })).json();
          return Date.now() + answer.expires_in * 1000;
        }`,
      'expires_in with something in its place': `
        async function login() {
          const res = await fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST' });
          const answer = await res.json();
          return Date.now() + (answer.expires_in || 7200) * 1000;
        }`,
      'an access token that is a JWT has an expiry of its own': 'const salesforceTokenExpired = (token) => jwtDecode(token).exp - 60 < Date.now() / 1000;',
      'jose, three minutes': "new SignJWT({}).setAudience('https://login.salesforce.com').setExpirationTime('3m').sign(key);",
      'jose, two hours for somebody else': "const salesforce = new SignJWT({}).setAudience('https://api.example.com').setExpirationTime('2h').sign(key);",
      'moment, in seconds': `
        const moment = require('moment');
        const salesforce = jwt.sign({ iss: id, exp: moment().add(3, 'minutes').unix() }, key);`,
    },
    invalid: {
      'milliseconds': {
        code: "const claims = { iss: id, aud: 'https://login.salesforce.com', exp: new Date().getTime() + 5000 };",
        errors: [{ messageId: 'milliseconds', line: 1 }],
      },
      'milliseconds, for another vendor, when asked for': {
        code: 'const token = jwt.sign({ user, exp: Date.now() + 300 }, secret);',
        settings: ANY,
        errors: [{ messageId: 'milliseconds', line: 1 }],
      },
      'milliseconds, assigned': {
        code: 'const salesforceClaims = {}; salesforceClaims.exp = Date.now() + 180;',
        errors: [{ messageId: 'milliseconds', line: 1 }],
      },
      'milliseconds, through a helper': {
        code: `
          const salesforceClaims = (data) => ({ ...data, exp: Date.now() + 180000 });
          const assertion = (data) => jwt.sign(salesforceClaims(data), key);`,
        errors: [{ messageId: 'milliseconds', line: 1 }],
      },
      'milliseconds, which a setter hands on': {
        code: `
          const now = new Date();
          const exp = now.setMinutes(now.getMinutes() + 3);
          const salesforce = jwt.sign({ iss: id, sub: user, exp }, key);`,
        errors: [{ messageId: 'milliseconds', line: 3 }],
      },
      'milliseconds, by moment': {
        code: `
          const moment = require('moment');
          const salesforce = jwt.sign({ iss: id, exp: moment().add(3, 'minutes').valueOf() }, key);`,
        errors: [{ messageId: 'milliseconds', line: 2 }],
      },
      'jose, two hours': {
        code: `
          const login = (key) => new SignJWT({})
            .setExpirationTime('2h')
            .setAudience('https://login.salesforce.com')
            .sign(key);`,
        errors: [{ messageId: 'tooFar', line: 2, data: { ahead: '120 min' } }],
      },
      'no margin': {
        code: "const claims = { iss: id, aud: 'https://test.salesforce.com', exp: Math.floor(Date.now() / 1000) };",
        errors: [{ messageId: 'noMargin', line: 1 }],
      },
      'an hour': {
        code: "const claims = { iss: id, aud: 'https://login.salesforce.com', exp: Math.floor(Date.now() / 1000) + 60 * 60 };",
        errors: [{ messageId: 'tooFar', line: 1, data: { ahead: '60 min' } }],
      },
      'an hour, as an option': {
        code: "jwt.sign({ iss: id, sub: user }, key, { algorithm: 'RS256', audience: 'https://login.salesforce.com', expiresIn: '1h' });",
        errors: [{ messageId: 'tooFar', line: 1, data: { ahead: '60 min' } }],
      },
      'the assertion\'s expiry kept as the token\'s': {
        code: `
          async function login() {
            const exp = Math.floor(Date.now() / 1000) + 180;
            const assertion = jwt.sign({ iss: id, aud: 'https://login.salesforce.com', exp }, key);
            const answer = await post('urn:ietf:params:oauth:grant-type:jwt-bearer', assertion);
            return { accessToken: answer.access_token, expiresAt: exp * 1000 };
          }`,
        errors: [{ messageId: 'reused', line: 5 }],
      },
      'the claims compared with now': {
        code: `
          const claims = { iss: id, aud: 'https://login.salesforce.com', exp: Math.floor(Date.now() / 1000) + 180 };
          const assertion = jwt.sign(claims, key);
          if (claims.exp - 60 < Date.now() / 1000) login();`,
        errors: [{ messageId: 'reused', line: 3 }],
      },
      'expires_in of Salesforce': {
        code: `
          async function login(base) {
            const res = await fetch(\`\${base}/services/oauth2/token\`, { method: 'POST' });
            const answer = await res.json();
            return Date.now() + answer.expires_in * 1000;
          }`,
        errors: [{ messageId: 'noExpiresIn', line: 4 }],
      },
      'expires_in of Salesforce, taken apart': {
        code: `
          import axios from 'axios';
          const { data: { access_token, expires_in } } = await axios.post('https://login.salesforce.com/services/oauth2/token', body);
          const expiry = Date.now() + expires_in * 1000;`,
        errors: [{ messageId: 'noExpiresIn', line: 2 }],
      },
      'expires_in of Salesforce as the life of a cache': {
        code: `
          const NodeCache = require('node-cache');
          const cache = new NodeCache();
          async function login() {
            const res = await fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST' });
            const data = await res.json();
            cache.set('token', data.access_token, data.expires_in);
          }`,
        errors: [{ messageId: 'noExpiresIn', line: 6 }],
      },
      'expires_in of Salesforce, in the wrong unit: said once': {
        code: `
          async function login() {
            const data = await (await fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST' })).json();
            return { token: data.access_token, expiresAt: Date.now() + data.expires_in };
          }`,
        errors: [{ messageId: 'noExpiresIn', line: 3 }],
      },
    },
  };

  testTables(rule, tables);
  testMessages(rule, tables.invalid);
});
