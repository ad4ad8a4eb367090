import { describe } from 'vitest';
import rule from '../../rules/require-expiry-buffer';
import { ANY, testMessages, testTables } from '../support/tables';

const none = (line: number) => ({ messageId: 'noBuffer', line, data: { min: '1 min' } });
const short = (line: number, effective: string) => ({ messageId: 'tooShort', line, data: { effective, min: '1 min' } });

describe('require-expiry-buffer', () => {
  const tables: Parameters<typeof testTables>[1] = {
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
      'a token that the server refuses by a function of its own': 'function checkSalesforceToken(res, token) { if (token.exp * 1000 < Date.now()) { send401(res); return; } }',
      'metadata of an authorization server': 'const salesforce = { authServerMetadataTTL: 1000 }; const isOld = (cache) => Date.now() - cache.fetchedAt < salesforce.authServerMetadataTTL;',
      'an assertion in a test': 'const salesforce = 1; assert.ok(token.expiresAt <= Date.now() + 3600);',
      'another vendor, unless asked for': 'const isTokenExpired = (token) => token.expiresAt < Date.now();',
      'a longer buffer, unless a longest is set': 'const salesforceTokenExpired = (token) => Date.now() + 3600000 > token.expiresAt;',
      'a store that means nothing is the other rule\'s': 'const salesforceTokenExpired = (token) => Date.now() / 1000 > token.issuedAtMs + token.expires_in;',
      'nine tenths and the conversion in one factor': `
        let salesforceToken;
        const keep = (answer) => { salesforceToken = { accessToken: answer.access_token, expiresAt: Date.now() + answer.expires_in * 900 }; };
        const ok = () => salesforceToken.expiresAt > Date.now();`,
      'a lifetime that callers of the file shorten': `
        let salesforceCache = {};
        const keep = (token, expiresIn = 25 * 60 * 1000) => { salesforceCache = { token, expiresAt: Date.now() + expiresIn }; };
        const has = () => salesforceCache.token && salesforceCache.expiresAt > Date.now();`,
      'a buffer that is nothing unless the caller asks': 'class SalesforceToken { expired(windowSeconds = 0) { return this.token.expires_at - (Date.now() + windowSeconds * 1000) <= 0; } }',
      'a field that a setter moves, less a minute': `
        class SalesforceToken {
          keep(answer) { this.expires = new Date(); this.expires.setSeconds(this.expires.getSeconds() + answer.expires_in - 60); }
          expired() { return Date.now() > this.expires.getTime(); }
        }`,
      'a date that setTime moves, less a minute': `
        class SalesforceToken {
          keep(answer) { const date = new Date(); date.setTime(date.getTime() + (answer.expires_in - 60) * 1000); this.expires = date; }
          expired() { return new Date() > this.expires; }
        }`,
      'the browser\'s storage, as JSON, less a minute': `
        const keep = (salesforce) => { localStorage.setItem('access_token', salesforce.access_token); localStorage.setItem('expires_at', JSON.stringify((salesforce.expires_in - 60) * 1000 + new Date().getTime())); };
        const isAuthenticated = () => new Date().getTime() < JSON.parse(localStorage.getItem('expires_at'));`,
      'moment, a duration': `
        const moment = require('moment');
        const salesforceTokenOld = (token) => moment.duration(moment(token.expires_at).diff(moment())).asMinutes() < 5;`,
      'dayjs': `
        import dayjs from 'dayjs';
        export const salesforceTokenOld = (token) => dayjs().add(1, 'minute').isAfter(dayjs(token.expiresAt));`,
      'luxon': `
        import { DateTime } from 'luxon';
        export const salesforceTokenOld = (token) => DateTime.fromISO(token.expiresAt).diffNow().as('seconds') < 90;`,
      'a timer that fires a minute early': 'const plan = (salesforceToken) => setTimeout(refreshToken, (salesforceToken.expires_in - 60) * 1000);',
      'a timer that fires a minute before a moment': 'const plan = (salesforceToken) => setTimeout(refreshToken, salesforceToken.expiresAt - Date.now() - 60000);',
      'a timer after three quarters': 'const plan = (salesforceToken) => setInterval(() => refreshToken(), salesforceToken.expires_in * 750);',
      'a timer that ends the user\'s session': 'const plan = (salesforceToken) => setTimeout(() => logout(), salesforceToken.expires_in * 1000);',
      'a cache that forgets a token after three quarters': `
        const NodeCache = require('node-cache');
        const cache = new NodeCache();
        const keep = (answer) => cache.set('salesforce_token', answer.access_token, Math.floor(answer.expires_in * 0.75));`,
      'a function about something that a token opens': 'async function salesforceUserByToken() { if (Date.now() < cached.expiresAt) return cached; return load(); }',
      'a cookie\'s age': "const keep = (res, salesforce) => res.cookie('access_token', salesforce.access_token, { maxAge: salesforce.expires_in * 1000 });",
      'a state that is only shown': 'function show(salesforceToken) { if (salesforceToken.expiresAt < Date.now()) { console.log("expired"); } else if (salesforceToken.expiresAt < Date.now() + 1) console.warn("soon"); else console.log("fresh"); }',
      'a lifetime that Salesforce never sends is the other rule\'s': `
        const salesforce = {};
        async function login() {
          const data = await (await fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST' })).json();
          salesforce.token = data.access_token;
          salesforce.expiresAt = Date.now() + data.expires_in * 1000;
        }
        const ok = () => salesforce.token && salesforce.expiresAt > Date.now();`,
      'a timer in the wrong unit is the other rule\'s': 'const plan = (salesforceToken) => setTimeout(refreshToken, salesforceToken.expires_in);',
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
        errors: [{ ...none(1), suggestions: [{ messageId: 'addBuffer', output: 'const salesforceTokenOld = (token) => (Date.now() + 60_000) - token.createdAt > token.expires_in * 1000;' }] }],
      },
      'a difference': {
        code: 'const salesforceTokenAlive = (token) => token.expiresAt - Date.now() > 0;',
        errors: [{ ...none(1), suggestions: [{ messageId: 'addBuffer', output: 'const salesforceTokenAlive = (token) => token.expiresAt - (Date.now() + 60_000) > 0;' }] }],
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
      'a buffer in seconds, taken off milliseconds': {
        code: `
          let salesforceToken = {};
          const keep = (answer) => { salesforceToken = { token: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1000 - 300 }; };
          const ok = () => Date.now() < salesforceToken.expiresAt;`,
        errors: [short(2, '300 ms'), short(3, '300 ms')],
      },
      'the wrong sign, at the store': {
        code: `
          let salesforceToken;
          const keep = (answer) => { salesforceToken = { accessToken: answer.access_token, expiresAt: Date.now() + (answer.expires_in + 60) * 1000 }; };
          const ok = () => Date.now() < salesforceToken.expiresAt;`,
        errors: [{ messageId: 'wrongSign', line: 3 }],
      },
      'the wrong sign, of a buffer whose size is not known': {
        code: `
          import { SKEW_MS } from './settings';
          export const salesforceTokenValid = (token) => Date.now() < token.expiresAt + SKEW_MS;`,
        errors: [{ messageId: 'wrongSign', line: 2 }],
      },
      'the method of a prototype': {
        code: `
          // salesforce
          AccessToken.prototype.expired = function () { return Date.now() > this.expires.getTime(); };`,
        errors: [none(2)],
        output: `
          // salesforce
          AccessToken.prototype.expired = function () { return Date.now() + 60_000 > this.expires.getTime(); };`,
      },
      'a field that a setter moves': {
        code: `
          class SalesforceToken {
            keep(answer) { this.expires = new Date(); this.expires.setSeconds(this.expires.getSeconds() + answer.expires_in); }
            expired() { return Date.now() > this.expires.getTime(); }
          }`,
        errors: [none(3)],
        output: `
          class SalesforceToken {
            keep(answer) { this.expires = new Date(); this.expires.setSeconds(this.expires.getSeconds() + answer.expires_in); }
            expired() { return Date.now() + 60_000 > this.expires.getTime(); }
          }`,
      },
      'a helper that a call says is about tokens': {
        code: `
          const isOld = (expiresAtMs) => expiresAtMs <= Date.now();
          const get = (salesforceToken) => (isOld(salesforceToken.expiresAtMs) ? refresh() : salesforceToken);`,
        errors: [none(1)],
        output: `
          const isOld = (expiresAtMs) => expiresAtMs <= Date.now() + 60_000;
          const get = (salesforceToken) => (isOld(salesforceToken.expiresAtMs) ? refresh() : salesforceToken);`,
      },
      'a function that checks, retries and locks': {
        code: 'async function checkSalesforceTokenWithRetry() { if (Date.now() < cached.expiresAtMs) return cached; return refresh(); }',
        errors: [none(1)],
        output: 'async function checkSalesforceTokenWithRetry() { if (Date.now() + 60_000 < cached.expiresAtMs) return cached; return refresh(); }',
      },
      'the browser\'s storage, as JSON': {
        code: `
          const keep = (salesforce) => { localStorage.setItem('access_token', salesforce.access_token); localStorage.setItem('expires_at', JSON.stringify(salesforce.expires_in * 1000 + new Date().getTime())); };
          const isAuthenticated = () => new Date().getTime() < JSON.parse(localStorage.getItem('expires_at'));`,
        errors: [none(2)],
        output: `
          const keep = (salesforce) => { localStorage.setItem('access_token', salesforce.access_token); localStorage.setItem('expires_at', JSON.stringify(salesforce.expires_in * 1000 + new Date().getTime())); };
          const isAuthenticated = () => new Date().getTime() + 60_000 < JSON.parse(localStorage.getItem('expires_at'));`,
      },
      'moment, the unit before the amount': {
        code: `
          const moment = require('moment');
          const salesforceTokenOld = (token) => moment().add('seconds', 30).isAfter(moment(token.expires_at));`,
        errors: [short(2, '30 s')],
      },
      'moment, the present moment left out': {
        code: `
          const moment = require('moment');
          const salesforceTokenOld = (token) => moment(token.expires_at).isBefore();`,
        errors: [none(2)],
      },
      'moment, a duration': {
        code: `
          const moment = require('moment');
          const salesforceTokenOld = (token) => moment.duration(moment(token.expires_at).diff(moment())).asSeconds() < 20;`,
        errors: [short(2, '20 s')],
      },
      'dayjs, a claim': {
        code: `
          import dayjs from 'dayjs';
          export const salesforceTokenOld = (token) => dayjs.unix(token.exp).diff(dayjs()) < 0;`,
        errors: [none(2)],
      },
      'luxon, a part of what is left': {
        code: `
          import { DateTime } from 'luxon';
          export const salesforceTokenOld = (token) => DateTime.fromISO(token.expiresAt).diff(DateTime.now(), 'seconds').seconds < 30;`,
        errors: [short(2, '30 s')],
      },
      'luxon, from now': {
        code: `
          import { DateTime } from 'luxon';
          export const salesforceTokenOld = (token) => DateTime.fromISO(token.expiresAt).diffNow('seconds').seconds <= 0;`,
        errors: [none(2)],
      },
      'a timer that renews when the token has expired': {
        code: 'const plan = (salesforceToken) => setTimeout(() => refreshAccessToken(), salesforceToken.expires_in * 1000);',
        errors: [none(1)],
      },
      'a timer whose buffer only the default value gets': {
        code: 'const plan = (salesforce) => { const wait = (salesforce.expires_in || 3600 - 5 * 60) * 1000; window.setTimeout(refreshToken, wait); };',
        errors: [none(1)],
      },
      'a timer until a moment': {
        code: 'const plan = (salesforceToken) => setTimeout(refreshToken, salesforceToken.expiresAt - Date.now() - 5000);',
        errors: [short(1, '5 s')],
      },
      'a cache that keeps a token for longer than it lives': {
        code: `
          const NodeCache = require('node-cache');
          const cache = new NodeCache();
          const keep = (answer) => cache.set('salesforce_token', answer.access_token, answer.expires_in + 60);`,
        errors: [{ messageId: 'wrongSign', line: 3 }],
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
  };

  testTables(rule, tables);
  testMessages(rule, tables.invalid);
});
