/** Where a token is put in and kept, where a failing user is sent, and which run a connection belongs to. */
import { describe } from 'vitest';
import rule from '../../rules/require-401-handling';
import { testTable } from '../support/rule-table';

const REQUEST = "fetch(`${instanceUrl}/services/data/v62.0/limits`, { headers: { Authorization: `Bearer ${req.session.token}` } })";
const CONNECTION = 'new jsforce.Connection({ accessToken: req.session.accessToken, instanceUrl: req.session.instanceUrl })';
/** A route that asks on a session's token, and what it does about an error. */
const route = (made: string, reaction: string) => `
  const jsforce = require('jsforce');
  app.get('/accounts', (req, res) => {
    const conn = ${made};
    conn.query('SELECT Id FROM Account', (err, result) => { ${reaction} res.json(result.records); });
  });
`;

describe('require-401-handling: where users are sent', () => {
  testTable(rule as never, {
    valid: [
      { name: 'to the login page on any error', code: route(CONNECTION, "if (err) return res.redirect('/login');") },
      { name: 'to the login page with a status', code: route(CONNECTION, "if (err) return res.redirect(302, '/oauth2/auth');") },
      { name: 'to an address that is worked out', code: route(CONNECTION, 'if (err) return res.redirect(oauth2.getAuthorizationUrl({ scope }));') },
      { name: 'to an address from elsewhere', code: route(CONNECTION, 'if (err) return res.redirect(startUrl);') },
      { name: 'to the first page when the session has ended', code: route(CONNECTION, "if (err && err.errorCode === 'INVALID_SESSION_ID') return res.redirect('/');") },
      { name: 'in the browser', code: `async function load() { const answer = await ${REQUEST.replace('req.session.token', "localStorage.getItem('token')")}; if (!answer.ok) { window.location.href = '/login.html'; return; } return answer.json(); }` },
      { name: 'in the browser, anywhere, on 401', code: `async function load() { const answer = await ${REQUEST.replace('req.session.token', "localStorage.getItem('token')")}; if (answer.status === 401) { window.location = '/'; return; } return answer.json(); }` },
      { name: 'with a router', code: `async function load() { try { return await axios.get(instanceUrl + '/services/data', { headers: { Authorization: 'Bearer ' + localStorage.getItem('token') } }); } catch (error) { router.push('/login'); } }` },
    ],
    invalid: [
      { name: 'to the first page on any error', ids: ['connection'], code: route(`⟦${CONNECTION}⟧`, "if (err) { console.error(err); return res.redirect('/'); }") },
      { name: 'to a page for errors', ids: ['connection'], code: route(`⟦${CONNECTION}⟧`, 'if (err) return res.redirect(`/error?message=${err.message}`);') },
      { name: 'in the browser, to the first page on any error', ids: ['unhandled'], code: `async function load() { const answer = await ⟦${REQUEST.replace('req.session.token', "localStorage.getItem('token')")}⟧; if (!answer.ok) { window.location.href = '/'; return; } return answer.json(); }` },
      { name: 'nowhere: a text is put in a list', ids: ['unhandled'], code: `async function load() { try { return await ⟦${REQUEST.replace('req.session.token', "localStorage.getItem('token')")}⟧; } catch (error) { problems.push('/login failed'); } }` },
    ],
  });
});

describe('require-401-handling: branches of a connection', () => {
  const OWN = 'new Connection({ instanceUrl: process.env.SF_URL, accessToken: process.env.SF_TOKEN })';
  testTable(rule as never, {
    valid: [
      {
        name: 'a login after both branches',
        code: `
          import { Connection } from 'jsforce';
          export async function connect() { let conn; if (process.env.SF_TOKEN) { conn = ${OWN}; } else { conn = new Connection({ loginUrl }); } await conn.login(user, password); return conn; }
        `,
      },
      {
        name: 'a login in the same branch',
        code: `
          import { Connection } from 'jsforce';
          export async function connect() { let conn; if (process.env.SF_TOKEN) { conn = ${OWN}; await conn.login(user, password); } else { conn = new Connection({ loginUrl }); } return conn; }
        `,
      },
      {
        name: 'a login in another function',
        code: `
          import { Connection } from 'jsforce';
          let conn;
          export function connect() { if (process.env.SF_TOKEN) { conn = ${OWN}; } else { conn = new Connection({ loginUrl }); } }
          export const renew = () => conn.login(user, password);
        `,
      },
    ],
    invalid: [
      {
        name: 'a login of the other branch',
        ids: ['connection'],
        code: `
          import { Connection } from 'jsforce';
          export async function connect() { let conn; if (process.env.SF_TOKEN) { conn = ⟦${OWN}⟧; } else { conn = new Connection({ loginUrl }); await conn.login(user, password); } return conn; }
        `,
      },
      {
        name: 'a login of the other branch, in a further choice',
        ids: ['connection'],
        code: `
          const { Connection } = require('jsforce');
          class Org { async connect() {
            if (this.user) { this.conn = new Connection({ loginUrl }); if (this.secret) this.conn.oauth2 = oauth2; await this.conn.login(user, password); }
            else if (this.token) { this.conn = ⟦new Connection({ instanceUrl: this.url, accessToken: process.env.SF_TOKEN })⟧; }
          } }
        `,
      },
    ],
  });
});

describe('require-401-handling: who keeps the token', () => {
  testTable(rule as never, {
    valid: [
      {
        name: 'an object that the caller gave',
        code: "const jsforce = require('jsforce');\nclass Org { constructor(options) { this.options = options; const { user } = this.options.passport; this.conn = new jsforce.Connection({ instanceUrl: user.instanceUrl, accessToken: user.accessToken }); } }",
      },
      {
        name: 'a selector beside a client that renews',
        code: `
          import axios from 'axios'; import { useSelector } from 'react-redux';
          axios.interceptors.response.use(undefined, async (error) => { if (error.response.status === 401) { await refreshToken(); } throw error; });
          export function useAccounts() { const token = useSelector((state) => state.auth.token); return () => axios.get(\`\${instanceUrl}/services/data/v62.0\`, { headers: { Authorization: \`Bearer \${token}\` } }); }
        `,
      },
      {
        name: 'a headers argument of a function that puts the token of a renewing class in',
        code: `
          class SalesforceBulk {
            async request(path, headers = {}) { try { return await axios({ url: \`\${this.instanceUrl}\${path}\`, headers: { Authorization: \`Bearer \${this.token}\`, ...headers } }); } catch (error) { if (error.response.status === 401) { this.token = await login(); } throw error; } }
            async start() { this.token = await login(); }
            upload(id) { return this.request(\`/\${id}/batches\`, { 'Content-Type': 'text/csv' }); }
          }
        `,
      },
    ],
    invalid: [
      {
        name: 'a session that the object was given',
        ids: ['connection'],
        code: "import jsforce from 'jsforce';\nclass Org { constructor(session) { this.session = session; const user = this.session.passport?.user; this.conn = ⟦new jsforce.Connection({ instanceUrl: user.instanceUrl, accessToken: user.accessToken })⟧; } }",
      },
      {
        name: 'the session of a request that the object was given',
        ids: ['unhandled'],
        code: "class Org { constructor(req) { this.req = req; }\nload() { return ⟦fetch(`${this.instanceUrl}/services/data/v62.0`, { headers: { Authorization: `Bearer ${this.req.session.token}` } })⟧; } }",
      },
      {
        name: 'a Redux store, read by a static function of the class',
        ids: ['unhandled', 'unhandled'],
        code: `
          import axios from 'axios'; import store from './store';
          class SalesforceApi {
            static header = () => { const token = store.getState().auth.access_token; return token ? { Authorization: \`Bearer \${token}\` } : null; };
            static account = () => ⟦axios({ method: 'GET', url: store.getState().auth.id, headers: this.header() })⟧;
            static query(soql) { return ⟦axios({ url: \`\${instanceUrl}/services/data/v62.0/query?q=\${soql}\`, headers: SalesforceApi.header() })⟧.catch((error) => { console.error(error.message); }); }
          }
        `,
      },
      {
        name: 'a selector, a context and a Zustand store',
        ids: ['unhandled', 'unhandled', 'unhandled'],
        code: `
          import { useContext } from 'react'; import { useSelector } from 'react-redux'; import { Auth } from './auth'; import { useAuthStore } from './store';
          export function useLimits() { const token = useSelector((state) => state.auth.token); return () => ⟦fetch(\`\${instanceUrl}/services/data/v62.0/limits\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; }
          export function useUsers() { const { token } = useContext(Auth); return () => ⟦fetch(\`\${instanceUrl}/services/data/v62.0/query\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; }
          export function useOrg() { const token = useAuthStore((state) => state.token); return () => ⟦fetch(\`\${instanceUrl}/services/data/v62.0\`, { headers: { Authorization: \`Bearer \${token}\` } })⟧; }
        `,
      },
      {
        name: 'a class that puts its token in, once for all of its callers',
        ids: ['unhandled'],
        code: `
          class SalesforceBulk {
            constructor(token) { this.token = token; }
            request(method, path, headers = {}) { return ⟦axios({ method, url: \`\${this.instanceUrl}\${path}\`, headers: { Authorization: \`Bearer \${this.token}\`, ...headers } })⟧; }
            upload(id) { return this.request('PUT', \`/\${id}/batches\`, { 'Content-Type': 'text/csv' }); }
            close(id) { return this.request('PATCH', \`/\${id}\`, { 'Content-Type': 'application/json' }); }
          }
        `,
      },
    ],
  });
});

describe('require-401-handling: what a component is given', () => {
  const load = "async function load() { return REQUEST; }".replace('REQUEST', REQUEST.replace('req.session.token', 'token'));
  testTable(rule as never, {
    valid: [
      { name: "Svelte's properties", code: `let { token } = $props();\n${load}` },
      { name: "Svelte 4's properties", code: `export let token;\n${load}` },
      { name: "Vue's properties", code: `const { token } = defineProps(['token']);\n${load}` },
      { name: "Vue's properties in one object", code: `const props = withDefaults(defineProps(['token']), {});\n${load.replace('${token}', '${props.token}')}` },
      { name: "Astro's properties", code: `const { token } = Astro.props;\n${load}` },
    ],
    invalid: [
      { name: 'a variable that the module exports and sets', ids: ['unhandled'], code: `export let token;\nexport async function start() { token = await login(); }\nexport ${load.replace('return ', 'return ⟦').replace('; }', '⟧; }')}` },
    ],
  });
});
