import { describe } from 'vitest';
import rule from '../../rules/consistent-expiry-units';
import { ANY, testMessages, testTables } from '../support/tables';

const seconds = { found: 'seconds', wanted: 'milliseconds', step: 'Multiply the seconds by 1000' };
const millis = { found: 'milliseconds', wanted: 'seconds', step: 'Divide the milliseconds by 1000' };

describe('consistent-expiry-units', () => {
  const tables: Parameters<typeof testTables>[1] = {
    valid: {
      'an assumed lifetime in milliseconds': `
        let salesforceToken, expiresAt = 0;
        async function token() {
          if (Date.now() + 60_000 < expiresAt) return salesforceToken;
          salesforceToken = await login();
          expiresAt = Date.now() + 7_200_000;
          return salesforceToken;
        }`,
      'a short pause that looks like an hour of seconds': `
        let salesforceRetry = 0;
        const wait = () => { salesforceRetry = Date.now() + 3600; };
        const isWaiting = () => Date.now() < salesforceRetry;`,
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
      'a cookie of express takes milliseconds': "const keep = (res, salesforce) => res.cookie('token', salesforce.access_token, { maxAge: salesforce.expires_in * 1000 });",
      'a cookie of fastify takes seconds': `
        import fastify from 'fastify';
        export const keep = (response, salesforce) => response.cookie('token', salesforce.access_token, { maxAge: salesforce.expires_in });`,
      'a cookie of nobody knows what': "const keep = (jar, salesforce) => jar.set('token', salesforce.access_token, { maxAge: salesforce.expires_in * 1000 });",
      'Max-Age takes seconds': "const keep = (res, salesforce) => res.setHeader('Set-Cookie', `token=${salesforce.access_token}; Max-Age=${salesforce.expires_in}`);",
      'an instant kept under the name of a lifetime': "const salesforceTokenEnd = () => new Date(Number(localStorage.getItem('expires_in')));",
      'issued_at made a number': 'const salesforceExpiry = (answer) => Number(answer.issued_at) + 7200000;',
      'issued_at with a type that says number': { lang: 'ts', code: 'interface Own { issued_at: number } export const salesforceExpiry = (own: Own) => own.issued_at + 7200000;' },
      'a date less a number is a number': 'const salesforceTokenLeft = (token) => new Date(token.expires_at) - new Date();',
      'a moment of moment plus a number is a number': `
        const moment = require('moment');
        const salesforceTokenEnd = (token) => moment() + token.expires_in * 1000;`,
      'what Salesforce never sends is the other rule\'s': `
        async function login() {
          const data = await (await fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST' })).json();
          return { token: data.access_token, expiresAt: Date.now() + data.expires_in };
        }`,
    },
    invalid: {
      'an assumed lifetime in seconds, in a variable': {
        code: `
          let salesforceToken, expiresAt = 0;
          async function token() {
            if (Date.now() < expiresAt) return salesforceToken;
            salesforceToken = await login();
            expiresAt = Date.now() + 7200;
            return salesforceToken;
          }`,
        errors: [{ messageId: 'sum', line: 5, data: seconds }],
      },
      'an assumed lifetime in seconds, in a field': {
        code: `
          class SalesforceToken {
            store() { this.expiresAt = new Date().getTime() + 3600; }
            get isExpired() { return this.expiresAt < Date.now(); }
          }`,
        errors: [{ messageId: 'sum', line: 2, data: seconds }],
      },
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
      'Date.now without its call, compared': {
        code: 'const salesforceTokenExpired = (token) => token.expiresAt < Date.now;',
        errors: [{ messageId: 'uncalled', line: 1 }],
      },
      'issued_at, a string': {
        code: 'const salesforceExpiry = (answer) => answer.issued_at + 7200000;',
        errors: [{ messageId: 'issuedAtText', line: 1 }],
      },
      'issued_at in milliseconds, expires_in in seconds': {
        code: 'const salesforceTokenExpired = (token) => Date.now() > Number(token.issued_at) + token.expires_in;',
        errors: [{ messageId: 'sum', line: 1, data: seconds }],
      },
      'issued_at compared with seconds': {
        code: 'const salesforceTokenExpired = (token) => Math.floor(Date.now() / 1000) > parseInt(token.issued_at, 10) + 7200;',
        errors: [{ messageId: 'comparison', line: 1 }],
      },
      'a Date and a number joined': {
        code: 'const keep = (salesforceToken) => ({ ...salesforceToken, expiresAt: new Date() + salesforceToken.expires_in * 1000 });',
        errors: [{ messageId: 'dateText', line: 1 }],
      },
      'seconds added to a variable': {
        code: 'function keep(salesforceToken) { let at = Date.now(); at += salesforceToken.expires_in; return at; }',
        errors: [{ messageId: 'sum', line: 1, data: seconds }],
      },
      'seconds in setTime': {
        code: 'const keep = (salesforceToken) => { const end = new Date(); end.setTime(end.getTime() + salesforceToken.expires_in); return end; };',
        errors: [{ messageId: 'argument', line: 1, data: seconds }],
      },
      'a buffer in milliseconds added to seconds': {
        code: `
          import { BUFFER_MS } from './settings';
          export const salesforceTokenExpired = (token) => jwtDecode(token).exp < Date.now() / 1000 + BUFFER_MS;`,
        errors: [{ messageId: 'sum', line: 2, data: millis }],
      },
      'seconds as minutes': {
        code: `
          import { addMinutes } from 'date-fns';
          export const salesforceExpiry = (token) => addMinutes(new Date(), token.expires_in);`,
        errors: [{ messageId: 'unitName', line: 2, data: { found: 'seconds', wanted: 'minutes' } }],
      },
      'dayjs of a claim': {
        code: `
          import dayjs from 'dayjs';
          export const salesforceExpiry = (token) => dayjs(jwtDecode(token).exp);`,
        errors: [{ messageId: 'date', line: 2, data: seconds }],
      },
      'luxon, milliseconds asked for': {
        code: `
          import { DateTime } from 'luxon';
          export const salesforceExpiry = (token) => DateTime.fromMillis(jwtDecode(token).exp);`,
        errors: [{ messageId: 'date', line: 2, data: seconds }],
      },
      'a timer until a claim': {
        code: 'const plan = (salesforceToken) => window.setTimeout(renew, jwtDecode(salesforceToken).exp - Date.now() / 1000 - 60);',
        errors: [{ messageId: 'argument', line: 1, data: seconds }],
      },
      'node-cache takes seconds': {
        code: `
          const NodeCache = require('node-cache');
          const cache = new NodeCache();
          const keep = (answer) => cache.set('salesforce', answer.access_token, (answer.expires_in - 60) * 1000);`,
        errors: [{ messageId: 'argument', line: 3, data: millis }],
      },
      'a cookie of express': {
        code: "const keep = (res, salesforce) => res.cookie('token', salesforce.access_token, { maxAge: salesforce.expires_in });",
        errors: [{ messageId: 'argument', line: 1, data: seconds }],
      },
      'a cookie of next': {
        code: `
          import { cookies } from 'next/headers';
          export const keep = (salesforce) => cookies().set('token', salesforce.access_token, { maxAge: salesforce.expires_in * 1000 });`,
        errors: [{ messageId: 'argument', line: 2, data: millis }],
      },
      'a cookie, serialized': {
        code: `
          import { serialize } from 'cookie';
          export const keep = (salesforce) => serialize('token', salesforce.access_token, { maxAge: salesforce.expires_in * 1000 });`,
        errors: [{ messageId: 'argument', line: 2, data: millis }],
      },
      'Max-Age in a template and in a sum': {
        code: `
          const header = (salesforce) => \`token=\${salesforce.access_token}; Max-Age=\${salesforce.expires_in * 1000}\`;
          const keep = (salesforce) => { document.cookie = 'token=' + salesforce.access_token + ';max-age=' + salesforce.expires_in * 1000; };`,
        errors: [{ messageId: 'argument', line: 1, data: millis }, { messageId: 'argument', line: 2, data: millis }],
      },
      'another vendor, when asked for': {
        code: 'const keep = (token) => { token.expiresAt = Date.now() + token.expires_in; };',
        settings: ANY,
        errors: [{ messageId: 'sum', line: 1, data: seconds }],
      },
    },
  };

  testTables(rule, tables);
  testMessages(rule, tables.invalid);
});
