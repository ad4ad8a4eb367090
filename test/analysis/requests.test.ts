import { describe, expect, it } from 'vitest';
import { requestsIn } from '../../analysis';
import { headersSent } from '../../analysis/headers';
import type { HttpCall } from '../../analysis/shapes';
import { buildSource } from '../../analysis/source';
import { dedent } from '../support/cases';

/** A request in one line: library, role, line, address, and every header that it sends. */
function summaries(code: string, path = 'case.ts'): string[] {
  const source = buildSource(path, dedent(code));
  const show = (request: HttpCall) => {
    const headers = headersSent(request).map((header) => `${header.name ?? '?'}=${header.scheme ? `${header.scheme} ` : ''}${source.getText(header.value as never)}`);
    const url = request.url ? source.getText(request.url as never) : '-';
    return `${request.library} ${request.role} ${request.node.loc.start.line} ${url} {${[...new Set(headers)].sort().join(', ')}}`;
  };
  return requestsIn(source).map(show);
}

const AUTH = 'Authorization=`Bearer ${token}`';

const cases: Record<string, [code: string, expected: string[], path?: string]> = {
  'fetch: the global one': ['fetch(url, { headers: { Authorization: `Bearer ${token}` } });', [`fetch request 1 url {${AUTH}}`]],
  'fetch: of the window': ['window.fetch(url, { headers: { Authorization: `Bearer ${token}` } });', [`fetch request 1 url {${AUTH}}`]],
  'fetch: of Apps Script': ["UrlFetchApp.fetch(url, { headers: { Authorization: 'Bearer ' + token } });", ["fetch request 1 url {Authorization='Bearer ' + token}"]],
  'fetch: node-fetch under another name': [
    "const nodeFetch = require('node-fetch');\nnodeFetch(url, { headers });",
    ['node-fetch request 2 url {}'],
  ],
  'fetch: undici, cross-fetch': [
    "import { fetch } from 'undici';\nimport cross from 'cross-fetch';\nfetch(a);\ncross(b);",
    ['undici request 3 a {}', 'cross-fetch request 4 b {}'],
  ],
  'fetch: isomorphic-fetch makes it global': ["require('isomorphic-fetch');\nfetch(a);", ['fetch request 2 a {}']],
  'fetch: an alias of it, and one that may be it': [
    'const send = fetch;\nconst other = options.fetch || fetch;\nsend(a);\nother(b);',
    ['fetch request 3 a {}', 'fetch request 4 b {}'],
  ],
  'fetch: handed over as a parameter': ['export const load = (fetchImpl) => fetchImpl(a);', ['fetch request 1 a {}']],
  'fetch: loaded late behind an own arrow': [
    "const fetch = (...args) => import('node-fetch').then(({ default: fetch }) => fetch(...args));\nfetch(a, { headers: { Authorization: `Bearer ${token}` } });",
    ['node-fetch request 1 - {}', `fetch request 2 a {${AUTH}}`],
  ],
  'fetch: kept in members of other names': [
    'class A { constructor() { this.send = fetch; } go() { return this.send(a); } }\nconst api = { call: options.fetch ?? fetch };\napi.call(b);',
    ['fetch request 1 a {}', 'fetch request 3 b {}'],
  ],
  'fetch: an own method of the name is none': ['class A { fetch(x) { return x; } run() { return this.fetch(1); } }', []],
  'fetch: a Request': ['fetch(new Request(url, { headers: { Authorization: `Bearer ${token}` } }));', [`fetch request 1 url {${AUTH}}`]],
  'headers: through a variable, spread, and set afterwards': [
    `
      const base = { Accept: json };
      const headers = { ...base, 'X-Org': org };
      headers['Authorization'] = \`Bearer \${token}\`;
      fetch(url, { method: 'GET', headers });
    `,
    [`fetch request 4 url {Accept=json, ${AUTH}, X-Org=org}`],
  ],
  'headers: new Headers, append and set': [
    'const h = new Headers({ Accept: json });\nh.append("Authorization", `Bearer ${token}`);\nfetch(url, { headers: h });',
    [`fetch request 3 url {Accept=json, ${AUTH}}`],
  ],
  'headers: new Headers in a field': [
    'class A { constructor() { this.h = new Headers(); } go() { this.h.append("Authorization", `Bearer ${token}`); return fetch(url, { headers: this.h }); } }',
    [`fetch request 1 url {${AUTH}}`],
  ],
  'headers: from a function, a method and a getter': [
    `
      const build = (token) => ({ Authorization: \`Bearer \${token}\` });
      class A {
        headers() { return { A: one }; }
        get extra() { return { B: two }; }
        go() { fetch(x, { headers: build(token) }); fetch(y, { headers: this.headers() }); fetch(z, { headers: Object.assign({}, this.extra, { C: three }) }); }
      }
    `,
    [`fetch request 5 x {${AUTH}}`, 'fetch request 5 y {A=one}', 'fetch request 5 z {B=two, C=three}'],
  ],
  'headers: options filled in step by step': [
    'const options = { method: "GET" };\noptions.headers = {};\noptions.headers.Authorization = `Bearer ${token}`;\nfetch(url, options);',
    [`fetch request 4 url {${AUTH}}`],
  ],
  'headers: a computed name that is known': [
    "const AUTH = 'Authorization';\nfetch(url, { headers: { [AUTH]: `Bearer ${token}`, [other]: 1 } });",
    [`fetch request 2 url {?=1, ${AUTH}}`],
  ],
  'own function that passes options on': [
    `
      const send = (options) => rp(options).then(parse);
      const rp = require('request-promise');
      class A {
        request(options) { return send(options); }
        query() { return this.request({ uri: u, headers: { 'X-SFDC-Session': sid } }); }
      }
    `,
    ['request request 1 options {}', 'request request 5 u {X-SFDC-Session=sid}'],
  ],
  'own function that passes headers on': [
    'const call = (url, headers) => fetch(url, { headers });\ncall(x, { Authorization: `Bearer ${token}` });',
    ['fetch request 1 url {}', `fetch request 2 x {${AUTH}}`],
  ],
  'axios: every way to call it': [
    `
      import axios from 'axios';
      const config = { headers: { Authorization: \`Bearer \${token}\` } };
      axios.get(a, config);
      axios.post(b, body, config);
      axios({ url: c, ...config });
      axios(d, config);
      axios.request({ url: e, headers: config.headers });
      axios.post(f, ...rest, config);
    `,
    ['a', 'b', 'c', 'd', 'e', 'f'].map((url, index) => `axios request ${index + 3} ${url} {${AUTH}}`),
  ],
  'axios: default out of require, and the global one': [
    "const { default: http } = require('axios');\nhttp.delete(a, { headers: { A: one } });\n",
    ['axios request 2 a {A=one}'],
  ],
  'axios: an instance in a variable': [
    "const axios = require('axios');\nconst api = axios.create({ baseURL: base, headers: { Authorization: `Bearer ${token}` } });\napi.get(a);\napi({ url: b });",
    [`axios client 2 base {${AUTH}}`, `axios request 3 a {${AUTH}}`, `axios request 4 b {${AUTH}}`],
  ],
  'axios: an instance in a field, with a computed method': [
    `
      import axios, { AxiosInstance } from 'axios';
      class A {
        private http: AxiosInstance;
        constructor() { this.http = axios.create({ baseURL: base }); }
        call(method) { return this.http[method](path, { headers: { Authorization: \`Bearer \${token}\` } }); }
      }
    `,
    ['axios client 4 base {}', `axios request 5 path {${AUTH}}`],
  ],
  'axios: an instance known by its type': [
    "import type { AxiosInstance } from 'axios';\nexport const load = (http: AxiosInstance) => http.get(a, { headers: { A: one } });",
    ['axios request 2 a {A=one}'],
  ],
  'axios: defaults of an instance, and of axios': [
    `
      import axios from 'axios';
      const api = axios.create();
      api.defaults.headers.common['Authorization'] = \`Bearer \${token}\`;
      axios.defaults.headers.common.Accept = json;
      api.get(a);
      axios.get(b);
    `,
    [`axios client 2 - {${AUTH}}`, `axios request 5 a {${AUTH}}`, 'axios request 6 b {Accept=json}'],
  ],
  'axios: a header set in an interceptor': [
    `
      import axios from 'axios';
      const api = axios.create();
      api.interceptors.request.use((config) => { config.headers.Authorization = \`Bearer \${token}\`; return config; });
      api.get(a);
    `,
    [`axios client 2 - {${AUTH}}`, `axios request 4 a {${AUTH}}`],
  ],
  'request: options, url and options, methods, auth': [
    `
      const request = require('request');
      request({ url: a, headers: { A: one } }, done);
      request(b, { headers: { A: one } }, done);
      request.post({ uri: c, auth: { bearer: token } }, done);
    `,
    ['request request 2 a {A=one}', 'request request 3 b {A=one}', 'request request 4 c {Authorization=Bearer token}'],
  ],
  'request: its family, promisified and with defaults': [
    `
      const rp = require('request-promise-native');
      const retry = require('requestretry');
      const co = require('co-request');
      const api = require('request').defaults({ headers: { A: one } });
      rp(a);
      retry({ url: b });
      co({ url: c });
      api.get(d);
    `,
    ['request client 4 - {A=one}', 'request request 5 a {}', 'request request 6 b {}', 'request request 7 c {}', 'request request 8 d {A=one}'],
  ],
  'got and ky, with instances': [
    `
      import got from 'got';
      import ky from 'ky';
      const sf = got.extend({ prefixUrl: base, headers: { A: one } });
      got(a, { headers: { B: two } });
      sf.get(b).json();
      ky.create({ headers: { A: one } }).post(c);
    `,
    ['got client 3 base {A=one}', 'got request 4 a {B=two}', 'got request 5 b {A=one}', 'ky client 6 - {A=one}', 'ky request 6 c {A=one}'],
  ],
  'superagent: along the chain': [
    "const agent = require('superagent');\nagent.get(a).set('Authorization', `Bearer ${token}`).set({ A: one }).send(body);\nagent.post(b).auth(token, { type: 'bearer' });",
    [`superagent request 2 a {A=one, ${AUTH}}`, 'superagent request 3 b {Authorization=Bearer token}'],
  ],
  'needle': ["const needle = require('needle');\nneedle('get', a, null, { headers: { A: one } });\nneedle.post(b, body, { headers: { B: two } });", ['needle request 2 a {A=one}', 'needle request 3 b {B=two}']],
  'https: options, and headers set on the request': [
    "const https = require('https');\nconst req = https.request({ hostname: host, headers: { A: one } }, done);\nreq.setHeader('Authorization', `Bearer ${token}`);\nreq.end();",
    [`https request 2 host {A=one, ${AUTH}}`],
  ],
  'XMLHttpRequest': [
    "const xhr = new XMLHttpRequest();\nxhr.open('GET', a);\nxhr.setRequestHeader('Authorization', `Bearer ${token}`);\nxhr.send();",
    [`XMLHttpRequest request 2 a {${AUTH}}`],
  ],
  'graphql-request: a client and the function': [
    `
      import { GraphQLClient, request } from 'graphql-request';
      const client = new GraphQLClient(a, { headers: { Authorization: \`Bearer \${token}\` } });
      client.request(query);
      request(b, query, {}, { A: one });
      request({ url: c, document: query, requestHeaders: { B: two } });
    `,
    [`graphql-request client 2 a {${AUTH}}`, `graphql-request request 3 a {${AUTH}}`, 'graphql-request request 4 b {A=one}', 'graphql-request request 5 c {B=two}'],
  ],
  'jQuery: settings and beforeSend': [
    "$.ajax({ url: a, headers: { A: one }, beforeSend: (xhr) => { xhr.setRequestHeader('Authorization', `Bearer ${token}`); } });\n$.ajax(b, { headers: { B: two } });",
    [`jQuery request 1 a {A=one, ${AUTH}}`, 'jQuery request 2 b {B=two}'],
  ],
  'a method with overloads': [
    'class A { headers(): object; headers(): object { return { A: one }; } private go() { fetch(a, { headers: this.headers() }); } }',
    ['fetch request 1 a {A=one}'],
  ],
  'a text built step by step, over and over': [
    `let text = a;\n${Array.from({ length: 60 }, (_, index) => `text = text.replace(/${index}/, other(text));`).join('\n')}\nfetch(text);`,
    ['fetch request 62 text {}'],
  ],
  'what is none': ['const store = { get() {} };\nstore.get(a, { headers: {} });\nmap.set("Authorization", x);\nwindow.open("GET", url);', []],
};

describe('requests of a file', () => {
  it.each(Object.entries(cases))('%s', (_, [code, expected, path]) => {
    expect(summaries(code, path)).toEqual(expected);
    if (!/AxiosInstance|private/.test(code)) expect(summaries(code, 'case.js')).toEqual(expected);
  });
});
