import { describe } from 'vitest';
import rule from '../../rules/require-expiry-buffer';
import { ANY, testTables } from '../support/tables';

const none = (line: number) => ({ messageId: 'noBuffer', line, data: { min: '1 min' } });
const short = (line: number, effective: string) => ({ messageId: 'tooShort', line, data: { effective, min: '1 min' } });

describe('require-expiry-buffer', () => {
  testTables(rule, {
    valid: {
      'a buffer at the comparison': 'const salesforce = {}; const isTokenExpired = (token) => Date.now() + 60000 >= token.expiresAt;',
      'a buffer taken off the expiry': 'const salesforce = {}; const isTokenExpired = (token) => token.expiresAt - 300000 < Date.now();',
      'a buffer at the store': `
        class SalesforceToken {
          store(answer) { this.expiresAt = Date.now() + (answer.expires_in - 60) * 1000; }
          isExpired() { return this.expiresAt <= Date.now(); }
        }`,
      'a buffer at the store, through a date and its setter': `
        class SalesforceTokens {
          store(token) {
            const expires_in = token.expires_in - 600;
            const expires = new Date();
            expires.setSeconds(expires.getSeconds() + expires_in);
            this.expires = expires;
          }
          hasTokenExpired() { const now = new Date(); return this.expires < now; }
        }`,
      'a part of the lifetime': `
        const salesforceToken = {};
        function store(answer) { salesforceToken.expiresAt = Date.now() + answer.expires_in * 1000 * 0.9; }
        const isTokenValid = () => salesforceToken.expiresAt > Date.now();`,
      'a negative constant added': 'const BUFFER = -120; const salesforceTokenIsValid = (token) => token.expires_at + BUFFER > Date.now() / 1000;',
      'a default parameter': 'const sf_isTokenExpired = (token, bufferMs = 120000) => token.expiresAt - bufferMs < Date.now();',
      'a parameter whose value the caller chooses': `
        function salesforceTokenValid(info, bufferMS) {
          bufferMS = bufferMS || 0;
          var expireTime = info.acquiredAtMS + info.accessTokenTTLMS - bufferMS;
          return expireTime > Date.now();
        }`,
      'a field': `
        class SalesforceAuth {
          constructor() { this.skewMs = 60 * 1000; }
          accessTokenValid(data) { return data.expire_time - this.skewMs > Date.now(); }
        }`,
      'the time that is left, above a minute': 'const salesforceTokenIsFresh = (token) => { const left = token.expiresAt - Date.now(); return left > 120_000; };',
      'what is left, never below nothing': 'const salesforceTokenIsFresh = (token) => Math.max(token.expiresAt - Date.now() - 60000, 0) > 0;',
      'date-fns': `
        import { isAfter, subMinutes } from 'date-fns';
        export const salesforceTokenExpired = (token) => isAfter(new Date(), subMinutes(token.expiresAt, 2));`,
      'moment': `
        const moment = require('moment');
        const salesforceTokenExpired = (token) => moment().add(5, 'minutes').isAfter(token.expiresAt);`,
      'a guessed lifetime that may have its margin in it': `
        let salesforceToken = { access_token: null, expires_at: 0 };
        const get = () => (salesforceToken.expires_at > Date.now() ? salesforceToken : null);
        const keep = (access_token) => { salesforceToken = { access_token, expires_at: Date.now() + 55 * 60 * 1000 }; };`,
      'a cache of data': 'const salesforceCache = new Map(); const get = (key) => { const entry = salesforceCache.get(key); return entry && entry.expiresAt > Date.now() ? entry.data : null; };',
      'a scratch org': 'const isScratchOrgAlive = (org) => new Date(org.expirationDate) > new Date(); // salesforce',
      'a cookie': 'const salesforceCookieIsOld = (cookie) => cookie.expires < Date.now();',
      'a rate limit': 'const salesforce = {}; if (salesforce.rateLimit.resetExpiresAt > Date.now()) wait();',
      'elapsed time': 'const start = Date.now(); const salesforceTimeout = 1000; if (Date.now() - start > salesforceTimeout) stop();',
      'a token that the server refuses': 'function checkSalesforceToken(token) { if (token.expiresAt < Date.now()) { throw new Error("expired"); } }',
      'an assertion in a test': 'const salesforce = 1; assert.ok(token.expiresAt <= Date.now() + 3600);',
      'another vendor, unless asked for': 'const isTokenExpired = (token) => token.expiresAt < Date.now();',
      'a longer buffer, unless a longest is set': 'const salesforceTokenExpired = (token) => Date.now() + 3600000 > token.expiresAt;',
      'a store that means nothing is the other rule\'s': 'const salesforceTokenExpired = (token) => Date.now() / 1000 > token.issuedAtMs + token.expires_in;',
    },
    invalid: {
      'a number of milliseconds': {
        code: 'const salesforceTokenExpired = (token) => token.expiresAtMs < Date.now();',
        errors: [none(1)],
        output: 'const salesforceTokenExpired = (token) => token.expiresAtMs < Date.now() + 60_000;',
      },
      'a unit that is not known: only a suggestion': {
        code: 'const salesforceTokenExpired = (token) => Date.now() >= token.expiry;',
        errors: [{ ...none(1), suggestions: [{ messageId: 'addBuffer', data: { min: '1 min' }, output: 'const salesforceTokenExpired = (token) => Date.now() + 60_000 >= token.expiry;' }] }],
      },
      'seconds': {
        code: `
          class SalesforceClient {
            store(answer) { this.tokenExpires = Math.floor(Date.now() / 1000) + answer.expires_in; }
            isValid() { const now = Math.floor(Date.now() / 1000); return this.tokenExpires > now; }
          }`,
        errors: [none(3)],
        output: `
          class SalesforceClient {
            store(answer) { this.tokenExpires = Math.floor(Date.now() / 1000) + answer.expires_in; }
            isValid() { const now = Math.floor(Date.now() / 1000); return this.tokenExpires > now + 60; }
          }`,
      },
      'dates': {
        code: 'const hasSalesforceSession = (req) => req.session.sfAccessToken && new Date(req.session.salesforceTokenExpiresAt) > new Date();',
        errors: [none(1)],
        output: 'const hasSalesforceSession = (req) => req.session.sfAccessToken && new Date(req.session.salesforceTokenExpiresAt) > new Date(Date.now() + 60_000);',
      },
      'process.hrtime': {
        code: 'const sf_expired = (auth) => auth.expiration <= process.hrtime()[0];',
        errors: [{ ...none(1), suggestions: [{ messageId: 'addBuffer', output: 'const sf_expired = (auth) => auth.expiration <= process.hrtime()[0] + 60;' }] }],
      },
      'moment': {
        code: `
          const moment = require('moment');
          exports.salesforceTokenValid = (token) => moment(token.created).add(token.expires_in, 'seconds').isAfter(moment());`,
        errors: [none(2)],
        output: `
          const moment = require('moment');
          exports.salesforceTokenValid = (token) => moment(token.created).add(token.expires_in, 'seconds').isAfter(moment().add(60, 'seconds'));`,
      },
      'date-fns, ten seconds': {
        code: `
          import { isAfter, subSeconds } from 'date-fns';
          export const shouldRefreshSalesforceToken = (expiresAt) => isAfter(new Date(), subSeconds(expiresAt, 10));`,
        errors: [short(2, '10 s')],
      },
      'date-fns, isPast': {
        code: `
          import { isPast } from 'date-fns';
          export const salesforceTokenExpired = (token) => isPast(token.expiresAt);`,
        errors: [none(2)],
      },
      'seconds meant, milliseconds added': {
        code: `
          const TOKEN_BUFFER = 10;
          const salesforceTokenOld = (token) => Date.now() + TOKEN_BUFFER > token.expiresAt;`,
        errors: [short(2, '10 ms')],
      },
      'the wrong sign': {
        code: 'const salesforceTokenValid = (token) => Date.now() < token.expiresAt + 5 * 60 * 1000;',
        errors: [{ messageId: 'wrongSign', line: 1 }],
      },
      'half a minute at the store': {
        code: `
          const salesforce = {};
          const keep = (answer) => { salesforce.token = answer.access_token; salesforce.tokenExpiresAt = Date.now() + answer.expires_in * 1000 - 30000; };
          const valid = () => salesforce.tokenExpiresAt > Date.now();`,
        errors: [short(2, '30 s'), short(3, '30 s')],
      },
      'a buffer that only the default value gets': {
        code: `
          const salesforceAuth = {};
          const keep = (answer) => { salesforceAuth.expiresAt = Date.now() + (answer.expires_in || 3600 - 60) * 1000; };
          const valid = () => salesforceAuth.expiresAt > Date.now();`,
        errors: [none(3)],
        output: `
          const salesforceAuth = {};
          const keep = (answer) => { salesforceAuth.expiresAt = Date.now() + (answer.expires_in || 3600 - 60) * 1000; };
          const valid = () => salesforceAuth.expiresAt > Date.now() + 60_000;`,
      },
      'age against lifetime': {
        code: 'const salesforceTokenOld = (token) => Date.now() - token.createdAt > token.expires_in * 1000;',
        errors: [none(1)],
      },
      'a difference': {
        code: 'const salesforceTokenAlive = (token) => token.expiresAt - Date.now() > 0;',
        errors: [none(1)],
      },
      'a session that lasts as long as the policy says': {
        code: `
          let salesforceTokenCache = { access_token: null, expires_at: 0 };
          function getToken() {
            const now = Date.now();
            if (salesforceTokenCache.access_token && salesforceTokenCache.expires_at > now) return salesforceTokenCache;
            salesforceTokenCache = { access_token: login(), expires_at: Date.now() + 2 * 60 * 60 * 1000 };
          }`,
        errors: [none(4)],
        output: `
          let salesforceTokenCache = { access_token: null, expires_at: 0 };
          function getToken() {
            const now = Date.now();
            if (salesforceTokenCache.access_token && salesforceTokenCache.expires_at > now + 60_000) return salesforceTokenCache;
            salesforceTokenCache = { access_token: login(), expires_at: Date.now() + 2 * 60 * 60 * 1000 };
          }`,
      },
      'a cache that keeps a token for all its life': {
        code: `
          const NodeCache = require('node-cache');
          const cache = new NodeCache();
          const keep = (answer) => cache.set('salesforce_token', answer.access_token, answer.expires_in);`,
        errors: [none(3)],
      },
      'another vendor, when asked for': {
        code: 'const isTokenExpired = (token) => token.expiresAtMs < Date.now();',
        settings: ANY,
        errors: [none(1)],
        output: 'const isTokenExpired = (token) => token.expiresAtMs < Date.now() + 60_000;',
      },
      'a minimum of one\'s own': {
        code: 'const salesforceTokenExpired = (token) => token.expiresAt - 60000 < Date.now();',
        options: [{ minSeconds: 120 }],
        errors: [{ messageId: 'tooShort', line: 1, data: { effective: '1 min', min: '2 min' } }],
      },
      'a maximum, where one is set': {
        code: 'const salesforceTokenExpired = (token) => token.expiresAt - 3600000 < Date.now();',
        options: [{ maxSeconds: 300 }],
        errors: [{ messageId: 'tooLong', line: 1, data: { effective: '60 min', max: '5 min' } }],
      },
      'TypeScript': {
        lang: 'ts',
        code: `
          interface Token { accessToken: string; expiresAt: number | null }
          export class SalesforceTokens {
            constructor(private token?: Token) {}
            get(): Token | undefined { return this.token!.expiresAt! as number > Date.now() ? this.token : undefined; }
          }`,
        errors: [
          {
            ...none(4),
            suggestions: [
              {
                messageId: 'addBuffer',
                output: `
                  interface Token { accessToken: string; expiresAt: number | null }
                  export class SalesforceTokens {
                    constructor(private token?: Token) {}
                    get(): Token | undefined { return this.token!.expiresAt! as number > Date.now() + 60_000 ? this.token : undefined; }
                  }`,
              },
            ],
          },
        ],
      },
    },
  });
});
