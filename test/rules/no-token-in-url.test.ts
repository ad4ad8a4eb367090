import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-token-in-url';
import { type Case, readMarks } from '../support/cases';
import { hostsFor } from '../support/hosts';
import { type Expected, lint, testRule } from '../support/rule-tester';

interface InUrl extends Case {
  what?: string;
  parameter?: string;
}

const JSFORCE = "const jsforce = require('jsforce');\n      const conn = new jsforce.Connection({ loginUrl });";
const TOKEN_URL = 'https://login.salesforce.com/services/oauth2/token';

const cases: InUrl[] = [
  { name: 'frontdoor.jsp', what: 'an access token', parameter: 'sid', code: `
      import jsforce from 'jsforce';
      const conn = new jsforce.Connection({ loginUrl });
      await page.goto(⟦\`\${conn.instanceUrl}/secur/frontdoor.jsp?sid=\${conn.accessToken}\`⟧);
    ` },
  { name: 'frontdoor.jsp, concatenated, with more behind', what: 'a session id', parameter: 'sid', code: `
      open(⟦'https://' + host + '/secur/frontdoor.jsp?sid=' + encodeURIComponent(mine) + '&retURL=' + path⟧);
    ` },
  { name: 'the identity URL', what: 'an access token', parameter: 'oauth_token', code: `
      ${JSFORCE}
      fetch(⟦\`https://login.salesforce.com/id/x/y?oauth_token=\${conn.accessToken}\`⟧);
    ` },
  { name: 'a token request whose query is made before', what: 'a client secret', parameter: 'client_secret', code: `
      const query = \`grant_type=refresh_token&client_id=\${id}&client_secret=\${encodeURIComponent(mine)}&refresh_token=\${theirs}\`;
      fetch(⟦\`\${host}/services/oauth2/token?\${query}\`⟧, { method: 'POST' });
    ` },
  { name: 'a query that is made of an object', what: 'a refresh token', parameter: 'refresh_token', code: `
      fetch(⟦'${TOKEN_URL}?' + querystring.stringify({ grant_type: 'refresh_token', refresh_token: stored })⟧);
    ` },
  { name: 'URLSearchParams behind a question mark', what: 'a client secret', parameter: 'client_secret', code: `
      const params = new URLSearchParams();
      params.append('client_secret', mine);
      fetch(⟦\`${TOKEN_URL}?\${params.toString()}\`⟧);
    ` },
  { name: 'qs of request', what: 'a client secret', parameter: 'client_secret', code: `
      request({ method: 'POST', url: '${TOKEN_URL}', ⟦qs: { grant_type: 'refresh_token', client_secret: mine }⟧ });
    ` },
  { name: 'params of axios', what: 'a password', parameter: 'password', code: `
      axios.post('${TOKEN_URL}', null, { ⟦params: { grant_type: 'password', username, password }⟧ });
    ` },
  { name: 'searchParams.set', what: 'an access token', parameter: 'access_token', code: `
      const url = new URL('https://acme.my.salesforce.com/services/data');
      ⟦url.searchParams.set('access_token', mine)⟧;
    ` },
  { name: 'appended to a URL', what: 'an access token', parameter: 'oauth_token', code: `
      import { Connection } from 'jsforce';
      export function authorized(url, conn) { url += ⟦\`&oauth_token=\${conn.accessToken}\`⟧; return url; }
    ` },
  { name: 'a redirect to the own application', what: 'an access token', parameter: 'token', code: `
      ${JSFORCE}
      res.redirect(⟦\`https://app.example.com/home?token=\${conn.accessToken}\`⟧);
    ` },
  { name: 'in a class, typed', lang: 'ts', what: 'an access token', parameter: 'sid', code: `
      import { Connection } from 'jsforce';
      class Opener {
        constructor(private readonly conn: Connection) {}
        url(): string { return ⟦\`\${this.conn.instanceUrl}/secur/frontdoor.jsp?sid=\${this.conn.accessToken!}\`⟧; }
      }
    ` },
  { name: 'joined from a list', what: 'a refresh token', parameter: 'refresh_token', code: `
      fetch(⟦['${TOKEN_URL}?grant_type=refresh_token', 'client_id=' + id, 'refresh_token=' + stored].join('&')⟧, { method: 'POST' });
    ` },
  { name: 'concatenated by a method', what: 'a client secret', parameter: 'client_secret', code: `
      const address = ⟦'${TOKEN_URL}'.concat('?client_secret=', mine)⟧;
    ` },
  { name: 'the search of a URL', what: 'a client secret', parameter: 'client_secret', code: `
      const url = new URL('${TOKEN_URL}');
      ⟦url.search = new URLSearchParams({ client_secret: mine }).toString()⟧;
    ` },
  { name: 'searchParams in a variable', what: 'a client secret', parameter: 'client_secret', code: `
      const query = new URL('${TOKEN_URL}').searchParams;
      ⟦query.set('client_secret', mine)⟧;
    ` },
  { name: 'frontdoor.jsp with an object', what: 'a session id', parameter: 'sid', code: `
      open(⟦\`https://\${host}/secur/frontdoor.jsp?\${new URLSearchParams({ sid: mine, retURL })}\`⟧);
    ` },
  { name: 'revoked in the query', what: 'an access token', parameter: 'token', code: `
      fetch(⟦'https://login.salesforce.com/services/oauth2/revoke?token=' + accessToken⟧);
    ` },
  { name: 'a web socket', what: 'an access token', parameter: 'sessionId', code: `
      ${JSFORCE}
      new WebSocket(⟦\`wss://stream.example.com/salesforce?sessionId=\${conn.accessToken}\`⟧);
    ` },

  { name: 'a list or a search without a secret', code: `
      const address = ['${TOKEN_URL}?grant_type=refresh_token', 'client_id=' + id].join('&');
      url.search = new URLSearchParams({ client_id: id }).toString();
      const body = ['client_secret=' + mine, 'refresh_token=' + stored].join('&');
    ` },
  { name: 'a body that looks like a query', code: `
      const body = \`grant_type=refresh_token&client_secret=\${mine}&refresh_token=\${stored}\`;
      fetch('${TOKEN_URL}', { method: 'POST', body });
    ` },
  { name: 'a form', code: `
      request.post({ url: '${TOKEN_URL}', form: { client_secret: mine } });
      axios.post('${TOKEN_URL}', new URLSearchParams({ client_secret: mine, refresh_token: stored }));
      axios.post('${TOKEN_URL}', querystring.stringify({ client_secret: mine }));
    ` },
  { name: 'a frontdoor address without a session', code: `open('https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=' + '', '?sid=');` },
  { name: 'parameters that are no secret', code: `
      import jsforce from 'jsforce';
      fetch(\`https://login.salesforce.com/services/oauth2/authorize?response_type=code&client_id=\${id}&state=\${state}&token_type=\${type}\`);
    ` },
  { name: 'looking for one in an address', code: `
      import jsforce from 'jsforce';
      if (location.hash.includes('#access_token=')) read(location.hash.split('&access_token=')[1]);
    ` },
  { name: "another vendor's address, in a file about Salesforce", code: `
      import { salesforce } from './salesforce';
      fetch(\`https://graph.example.com/me?access_token=\${theirs}\`);
    ` },
  { name: 'a logged address, which no-token-logging reports', code: `
      ${JSFORCE}
      console.log(\`\${conn.instanceUrl}/secur/frontdoor.jsp?sid=\${conn.accessToken}\`);
    ` },
  { name: 'a file that is not about Salesforce', code: 'fetch(`https://api.example.com/?access_token=${accessToken}`);' },
];

describe('no-token-in-url', () => {
  testRule(rule, {
    cases,
    expected: ({ code, what, parameter }: InUrl): Expected[] => readMarks(code).places['soap-login'].map((place) => ({ messageId: 'tokenInUrl', data: { what, parameter, next: nextStep(parameter!) }, ...place })),
  });

  it('reads like this', () => {
    const messages = cases.flatMap((one) => {
      const { code } = readMarks(one.code);
      return lint(rule, hostsFor(one, code)[0]!, code).map(({ message }) => message);
    });
    expect([...new Set(messages)].sort()).toMatchSnapshot();
  });
});

function nextStep(parameter: string): string {
  if (parameter === 'sid') return 'Ask `/services/oauth2/singleaccess` for a single-use frontdoor URL, or POST the session id as a form.';
  if ((/token$/.test(parameter) && parameter !== 'refresh_token') || parameter === 'sessionId') return 'Send it in the `Authorization` header, or in the body of a POST.';
  return 'Send it in the body of the POST (`application/x-www-form-urlencoded`).';
}
