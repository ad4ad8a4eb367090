import { describe } from 'vitest';
import rule from '../../rules/no-jwt-exp-as-token-expiry';
import { ANY, testTables } from '../support/tables';

describe('no-jwt-exp-as-token-expiry', () => {
  testTables(rule, {
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
    },
  });
});
