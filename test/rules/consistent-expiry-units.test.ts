import { describe } from 'vitest';
import rule from '../../rules/consistent-expiry-units';
import { ANY, testTables } from '../support/tables';

const seconds = { found: 'seconds', wanted: 'milliseconds', step: 'Multiply the seconds by 1000' };
const millis = { found: 'milliseconds', wanted: 'seconds', step: 'Divide the milliseconds by 1000' };

describe('consistent-expiry-units', () => {
  testTables(rule, {
    valid: {
      'seconds made milliseconds': 'const keep = (salesforceToken) => { salesforceToken.expiresAt = Date.now() + salesforceToken.expires_in * 1000; };',
      'seconds to seconds': 'const keep = (salesforceToken) => { salesforceToken.expiresAt = Math.floor(Date.now() / 1000) + salesforceToken.expires_in; };',
      'a number as text, rounded': 'const keep = (salesforceToken) => { salesforceToken.expiresAt = +new Date() + parseInt(salesforceToken.expires_in, 10) * 1000; };',
      'a claim in a date': 'const salesforceExpiry = (token) => new Date(jwtDecode(token).exp * 1000 - 60000);',
      'moment, by name': `
        const moment = require('moment');
        const salesforceExpiry = (token) => moment().add(token.expires_in, 'seconds');`,
      'moment.unix': `
        const moment = require('moment');
        const salesforceExpired = (token) => moment.unix(jwtDecode(token).exp).isBefore(moment());`,
      'date-fns': `
        import { addSeconds } from 'date-fns';
        export const salesforceExpiry = (token) => addSeconds(new Date(), Number(token.expires_in));`,
      'luxon': `
        import { DateTime } from 'luxon';
        export const salesforceExpiry = (token) => DateTime.now().plus({ seconds: token.expires_in });`,
      'a lifetime whose unit nobody says': 'const salesforceTokenExpiry = (expiresIn) => Date.now() + expiresIn;',
      'a lifetime stored in milliseconds': 'const t = { expires_in: salesforce.ttl * 1000 }; const expiry = Date.now() + t.expires_in;',
      'a timer': 'const plan = (salesforceToken) => setTimeout(renew, (salesforceToken.expires_in - 60) * 1000);',
      'node-cache takes seconds': `
        const NodeCache = require('node-cache');
        const cache = new NodeCache();
        const keep = (answer) => cache.set('salesforce', answer.access_token, answer.expires_in - 60);`,
      'another vendor, unless asked for': 'const keep = (token) => { token.expiresAt = Date.now() + token.expires_in; };',
    },
    invalid: {
      'seconds added to Date.now()': {
        code: "const keep = (salesforce, answer) => { salesforce.expiresAt = Date.now() + answer.result['expires_in']; };",
        errors: [{ messageId: 'sum', line: 1, data: seconds }],
      },
      'seconds added to getTime(), through variables': {
        code: `
          function keep(salesforce, { expires_in: lifetime }) {
            const now = new Date().getTime();
            salesforce.expiresAt = now + lifetime;
          }`,
        errors: [{ messageId: 'sum', line: 3, data: seconds }],
      },
      'a named unit that does not fit': {
        code: `
          const BUFFER_MS = 60000;
          const salesforceTokenExpired = (token) => jwtDecode(token).exp - BUFFER_MS < Date.now() / 1000;`,
        errors: [{ messageId: 'sum', line: 2, data: millis }],
      },
      'a claim compared with milliseconds': {
        code: 'const salesforceTokenExpired = (token) => jwtDecode(token).exp < Date.now();',
        errors: [{ messageId: 'comparison', line: 1, data: seconds }],
      },
      'a store in seconds compared with milliseconds': {
        code: `
          const salesforce = {};
          const keep = (answer) => { salesforce.tokenExpiry = Math.floor(Date.now() / 1000) + answer.expires_in; };
          const isExpired = () => salesforce.tokenExpiry < Date.now();`,
        errors: [{ messageId: 'comparison', line: 3, data: seconds }],
      },
      'a date of seconds': {
        code: 'const salesforceExpiry = (token) => new Date(jwtDecode(token).exp);',
        errors: [{ messageId: 'date', line: 1, data: seconds }],
      },
      'moment, by another name': {
        code: `
          const moment = require('moment');
          const salesforceExpiry = (token) => moment(token.created).add(token.expires_in, 'milliseconds');`,
        errors: [{ messageId: 'argument', line: 2, data: seconds }],
      },
      'a timer given seconds': {
        code: 'const plan = (salesforceToken) => setTimeout(renew, salesforceToken.expires_in - 60);',
        errors: [{ messageId: 'argument', line: 1, data: seconds }],
      },
      'memory-cache takes milliseconds': {
        code: `
          const cache = require('memory-cache');
          const keep = (answer) => cache.put('salesforce', answer.access_token, answer.expires_in);`,
        errors: [{ messageId: 'argument', line: 2, data: seconds }],
      },
      'redis takes seconds with EX': {
        code: `
          import { createClient } from 'redis';
          const redis = createClient();
          export const keep = (answer) => redis.set('salesforce', answer.access_token, { EX: answer.expires_in * 1000 });`,
        errors: [{ messageId: 'argument', line: 3, data: millis }],
      },
      'Date.now without its call': {
        code: "const keep = (salesforce, token) => { salesforce.expiresAt = Date.now + token['expires_in']; };",
        errors: [{ messageId: 'uncalled', line: 1 }],
      },
      'another vendor, when asked for': {
        code: 'const keep = (token) => { token.expiresAt = Date.now() + token.expires_in; };',
        settings: ANY,
        errors: [{ messageId: 'sum', line: 1, data: seconds }],
      },
    },
  });
});
