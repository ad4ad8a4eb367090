import { describe } from 'vitest';
import rule from '../../rules/no-ui-session-id';
import { testTable } from '../support/rule-table';

describe('no-ui-session-id', () => {
  testTable(rule, {
    valid: [
      { name: "another site's sid cookie, read by a helper", code: `const getCookie = (name) => document.cookie.split('; ').find((one) => one.startsWith(name + '='));\nclient.setSessionToken(getCookie('sid'));` },
      { name: "another site's sid cookie", code: `const sid = document.cookie.match(/sid=([^;]*)/)[1];\ncall(sid);\n// Used by sales people of the force.` },
      { name: 'a comment is no evidence that the cookie is ours', code: `// Like Salesforce does.\nconst sid = document.cookie.match(/sid=([^;]*)/)[1];` },
      { name: 'another cookie of a Salesforce page', code: `const theme = document.cookie.match(/theme=([^;]*)/)[1];\nif (location.host.endsWith('.salesforce.com')) apply(theme);` },
      { name: 'a word that ends in sid', code: `const id = document.cookie.match(/osid=([^;]*)/)[1];\nfetch('https://login.salesforce.com', { id });` },
      { name: 'setting a cookie', code: `document.cookie = 'sid=; expires=0';\nlocation.href = 'https://login.salesforce.com';` },
      { name: 'an own store with a get', code: `const sid = store.get('sid');\nconst conn = new jsforce.Connection({ accessToken: sid });` },
      { name: 'a cookie removed', code: `chrome.cookies.remove({ name: 'sid', url: 'https://acme.my.salesforce.com' });` },
      { name: 'the merge field in a sentence', code: `const help = 'Write {!$Api.Session_ID} into the page (Salesforce).';` },
      { name: 'the merge field compared', code: `if (value === '{!GETSESSIONID()}') evaluate(sforce);` },
      { name: 'the name of the function in a list', code: `const functions = ['GETRECORDIDS', 'GETSESSIONID']; // Salesforce formulas` },
      { name: "the toolkit's session after a login", code: `sforce.connection.login(user, pass);\nsend(sforce.connection.sessionId);` },
      { name: "the toolkit's session set from a token", code: `sforce.connection.sessionId = response.access_token;` },
      { name: 'only asking whether there is a session', code: `if (window.__sfdcSessionId) show(sforce);\nconst has = typeof __sfdcSessionId;` },
      { name: "a variable of that name of one's own", code: `const __sfdcSessionId = token();\nsforce.use(__sfdcSessionId);` },
      { name: "a connection to the token's instance", code: `const conn = new jsforce.Connection({ instanceUrl: token.instance_url, accessToken: token.access_token });` },
      {
        name: "a connection through the page's own server with a token that it fetched",
        code: `async function connect() {
          const accessToken = await fetch('/token');
          return new jsforce.Connection({ instanceUrl: location.origin, accessToken });
        }`,
      },
      { name: 'all cookies, of which another is taken', code: `chrome.cookies.getAll({ domain: 'salesforce.com' }, (all) => show(all.find((one) => one.name === 'oid')));` },
      { name: 'cookies of a page, of which none is looked for', code: `async function save() {\n  return store(await page.cookies('https://acme.my.salesforce.com'));\n}` },
      { name: 'all cookies of a page by name', code: `const cookies = parse(document.cookie);\nshow(cookies.theme, 'https://login.salesforce.com');` },
      { name: 'an Apex method of another name', code: `component.get('c.getSessionIds');\ncomponent.get('c.getRecord'); // Salesforce` },
      { name: 'the session of a SOAP login', code: `const { sessionId } = result.loginResponse;\nconst text = 'Salesforce notifications';` },
      { name: 'outbound: another field', code: `const id = body.notifications.OrganizationId;\nsalesforce(id);` },
      { name: 'outbound: notifications of somebody else', code: `const id = feed.notifications.sessionId;\nsalesforce.show(id);` },
    ],
    invalid: [
      { name: 'cookie: a pattern on document.cookie', ids: ['cookie'], code: `const sid = ⟦document.cookie⟧.match(/(^|;\\s*)sid=(.+?)(;|$)/)[2];\nsforce.connection.sessionId = sid;` },
      { name: 'cookie: a text as pattern', ids: ['cookie'], code: `function sessionOf() {\n  const found = ⟦document?.cookie⟧?.match('sid=([^;]*)') || [];\n  return found[1];\n}\nconst api = new jsforce.Connection({ accessToken: sessionOf() });` },
      {
        name: 'cookie: split and searched',
        ids: ['cookie'],
        code: `
          function session() {
            const all = ⟦document.cookie⟧.split('; ');
            return all.find((one) => one.startsWith('sid=')).slice(4);
          }
          fetch('https://acme.my.salesforce.com/services/data/', { headers: { Authorization: 'Bearer ' + session() } });
        `,
      },
      {
        name: "cookie: a helper of the file, for Salesforce's REST toolkit",
        ids: ['cookie'],
        code: `
          const getCookie = (name) => document.cookie.split('; ').reduce((found, one) => (one.startsWith(name + '=') ? one.slice(name.length + 1) : found), '');
          const client = new forcetk.Client();
          client.setSessionToken(⟦getCookie('sid')⟧);
        `,
      },
      {
        name: 'cookie: a helper of the file',
        ids: ['cookie'],
        code: `
          function getCookie(name) {
            return document.cookie.split('; ').find((one) => one.startsWith(name + '='));
          }
          const conn = new jsforce.Connection({ accessToken: ⟦getCookie('sid')⟧ });
        `,
      },
      { name: 'cookie: js-cookie', ids: ['cookie'], code: `import Cookies from 'js-cookie';\nconst conn = new jsforce.Connection({ accessToken: ⟦Cookies.get('sid')⟧ });` },
      { name: 'cookie: chrome', ids: ['cookie'], code: `⟦chrome.cookies.get({ url: 'https://' + request.sfHost, name: 'sid' }, (cookie) => reply(cookie.value))⟧;` },
      { name: 'cookie: browser, awaited', ids: ['cookie'], code: `async function all() {\n  return await ⟦browser.cookies.getAll({ name: 'sid', domain: 'salesforce.com' })⟧;\n}` },
      { name: 'cookie: webextension-polyfill and a default name', ids: ['cookie'], code: `import browser from 'webextension-polyfill';\nconst one = ⟦browser.cookies.get({ url: sfHost, name: given || 'sid' })⟧;` },
      { name: 'cookie: the cookie store', ids: ['cookie'], code: `async function session() {\n  const { value } = await ⟦cookieStore.get('sid')⟧;\n  return new jsforce.Connection({ accessToken: value });\n}` },
      { name: 'cookie: searched among all', ids: ['cookie'], code: `⟦chrome.cookies.getAll({ domain: 'salesforce.com' }, (all) => reply(all.find((one) => one.name === 'sid').value))⟧;` },
      { name: 'cookie: of a browser under control', ids: ['cookie'], code: `async function session(page) {\n  const all = await ⟦page.cookies('https://acme.my.salesforce.com')⟧;\n  return all.find(({ name }) => name) && all.find((one) => one.name === 'sid').value;\n}` },
      { name: 'cookie: all of them in an object', ids: ['cookie'], code: `const cookies = parse(⟦document.cookie⟧);\nconst conn = new jsforce.Connection({ accessToken: cookies.sid });` },
      { name: 'page: an Aura component asks Apex for it', ids: ['page'], code: `const action = ⟦component.get('c.getSessionId')⟧;\naction.setCallback(this, (answer) => new jsforce.Connection({ accessToken: answer.getReturnValue() }));` },
      { name: 'page: a toolkit of its own', ids: ['page'], code: `client.setSessionToken(⟦'{!$Api.Session_ID}'⟧);` },
      { name: 'page: the merge field in a connection', ids: ['page'], code: `const conn = new jsforce.Connection({ accessToken: ⟦'{!$Api.Session_ID}'⟧ });` },
      { name: 'page: GETSESSIONID for the toolkit', ids: ['page'], code: `sforce.connection.sessionId = ⟦'{!GETSESSIONID()}'⟧;` },
      { name: 'page: behind a scheme', ids: ['page'], code: `const headers = { Authorization: ⟦'Bearer {!$Api.Session_Id}'⟧ };\nfetch('/services/data/v60.0/query', { headers });\nsforce.debug();` },
      { name: 'page: in a query string', ids: ['page'], code: 'open(⟦`https://proxy.example/salesforce?sid={!GETSESSIONID()}&u=${user}`⟧);' },
      { name: 'page: __sfdcSessionId', ids: ['page'], code: `sforce.connection.sessionId = ⟦window.__sfdcSessionId⟧;` },
      { name: 'page: __sfdcSessionId set by the file is one place', ids: ['page'], code: `window.__sfdcSessionId = ⟦'{!GETSESSIONID()}'⟧;\nsforce.connection.sessionId = window.__sfdcSessionId;` },
      { name: "page: the toolkit's session handed on", ids: ['page'], code: `request.setRequestHeader('Authorization', 'OAuth ' + ⟦sforce.connection.sessionId⟧);` },
      { name: 'page: an Apex method that returns one', ids: ['page'], code: `⟦import getSessionId from '@salesforce/apex/Tools.getSessionId';⟧\ngetSessionId().then(use);` },
      {
        name: "connection: the page's address and a message from the extension",
        ids: ['connection'],
        code: `
          const ask = (host) => new Promise((resolve) => chrome.runtime.sendMessage({ message: 'getSession', host }, resolve));
          async function connect() {
            return ⟦new window.jsforce.Connection({ instanceUrl: window.location.origin, accessToken: await ask(location.host) })⟧;
          }
        `,
      },
      { name: 'connection: the host in a template', ids: ['connection'], code: "import jsforce from 'jsforce';\nexport const connect = (sessionId) => ⟦new jsforce.Connection({ serverUrl: `https://${location.host}`, sessionId })⟧;" },
      { name: 'connection: in TypeScript', lang: 'ts', ids: ['connection'], code: `export function connect(accessToken: string) {\n  return ⟦new (window as any).jsforce.Connection({ instanceURL: window.location.origin, accessToken })⟧;\n}` },
      { name: 'outbound: a member', ids: ['outbound'], code: `app.post('/salesforce', (req) => {\n  const root = req.body['soapenv:envelope']['soapenv:body'].notifications;\n  save(root.organizationid, ⟦root.sessionid⟧);\n});` },
      { name: 'outbound: tested, then read', ids: ['outbound'], code: `const root = result.Body[0].notifications[0];\nuse(root.ActionId[0]);\nif (Array.isArray(root.SessionId)) salesforce(⟦root.SessionId⟧[0]);` },
      { name: 'outbound: taken apart', ids: ['outbound'], code: `const { OrganizationId, ⟦SessionId: token⟧ } = message.notifications;\nconst salesforce = { OrganizationId, token, outbound: true };` },
    ],
  });
});
