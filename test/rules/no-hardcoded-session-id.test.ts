import { describe } from 'vitest';
import rule from '../../rules/no-hardcoded-session-id';
import { testTable } from '../support/rule-table';
import { jwt, noise, sessionId } from '../support/secrets';
import { type SecretCase, testSecretRule } from '../support/secret-cases';

const id = sessionId();
const long = sessionId(96, 15);
const short = sessionId(75);
const other = sessionId(96, 12, 20);
const token = jwt({ tty: 'sfdc-core-token', tnk: 'core/prod' });
const of = (value: string, kind = 'session id') => ({ messageId: 'hardcodedSession', kind, length: value.length, variable: 'SALESFORCE_ACCESS_TOKEN' });

const cases: SecretCase[] = [
  { name: 'a constant', code: `const token = ⟦'${id}'⟧;`, found: of(id) },
  { name: 'with the long form of the organization id', code: `const token = ⟦'${long}'⟧;`, found: of(long) },
  { name: 'with a shorter tail', code: `const token = ⟦"${short}"⟧;`, found: of(short) },
  { name: 'a JWT access token', code: `const token = ⟦'${token}'⟧;`, found: of(token, 'access token') },
  { name: 'a class field', code: `class Client { accessToken = ⟦'${id}'⟧; }`, found: of(id) },
  { name: 'an assignment to a field', code: `function Api() {\n  this.accessToken = ⟦'${id}'⟧;\n}`, found: of(id) },
  { name: 'connection options', code: `const conn = new jsforce.Connection({ instanceUrl, accessToken: ⟦'${id}'⟧ });`, found: of(id) },
  { name: 'a static block of a template', code: `const token = ⟦\`${id}\`⟧;`, found: of(id) },
  {
    name: 'a header',
    code: `fetch(url, { headers: { Authorization: 'Bearer ⟦${id}⟧' } });`,
    after: `fetch(url, { headers: { Authorization: \`Bearer \${process.env.SALESFORCE_ACCESS_TOKEN}\` } });`,
    found: of(id),
  },
  {
    name: 'a header of Bulk API',
    code: `request.setRequestHeader('X-SFDC-Session', ⟦'${id}'⟧);`,
    found: of(id),
  },
  {
    name: 'a template',
    code: `const headers = { Authorization: \`\${scheme} ⟦${id}⟧\` };`,
    after: `const headers = { Authorization: \`\${scheme} \${process.env.SALESFORCE_ACCESS_TOKEN}\` };`,
    found: of(id),
  },
  {
    name: 'an envelope over several lines, reported on the line of the token',
    code: `
      const xml = \`<soap:Header>
        <SessionHeader><sessionId>⟦${id}⟧</sessionId></SessionHeader>
      </soap:Header>\`;
    `,
    after: `
      const xml = \`<soap:Header>
        <SessionHeader><sessionId>\${process.env.SALESFORCE_ACCESS_TOKEN}</sessionId></SessionHeader>
      </soap:Header>\`;
    `,
    found: of(id),
  },
  {
    name: 'a URL',
    code: `open('https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=⟦${id}⟧');`,
    after: 'open(`https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=${process.env.SALESFORCE_ACCESS_TOKEN}`);',
    found: of(id),
  },
  {
    name: 'a cookie',
    code: `jar.setCookie("sid=⟦${id}⟧; path=/");`,
    after: 'jar.setCookie(`sid=${process.env.SALESFORCE_ACCESS_TOKEN}; path=/`);',
    found: of(id),
  },
  { name: 'what an environment read falls back to', code: `const token = process.env.SF_TOKEN || ⟦'${id}'⟧;`, after: 'const token = process.env.SF_TOKEN;', found: { ...of(id), variable: 'SF_TOKEN' } },
  { name: 'the default of a parameter', code: `function query(soql, token = ⟦'${id}'⟧) {}`, found: of(id) },
  { name: 'a value in an object like JSON', code: `module.exports = { "access_token": ⟦"${id}"⟧ };`, found: of(id) },
  {
    name: 'inside JSON',
    code: `reply(200, '{"access_token":"⟦${id}⟧"}');`,
    after: 'reply(200, `{"access_token":"${process.env.SALESFORCE_ACCESS_TOKEN}"}`);',
    found: of(id),
  },
  { name: 'beside an escape, which a template would need too', code: `write('a\\n⟦${id}⟧');`, after: null, found: of(id) },
  { name: 'a concatenation, reported as a whole', code: `const token = ⟦'${id.slice(0, 16)}' + '${id.slice(16)}'⟧;`, found: of(id) },
  {
    name: 'a concatenation over several lines',
    code: `
      const token = ⟦'${id.slice(0, 30)}' +
        '${id.slice(30, 70)}' +
        '${id.slice(70)}'⟧;
    `,
    found: of(id),
  },
  {
    name: 'a template of constants',
    code: `
      const org = '${id.slice(0, 15)}';
      const tail = '${id.slice(16)}';
      connect({ sessionId: ⟦\`\${org}!\${tail}\`⟧ });
    `,
    found: of(id),
  },
  { name: 'a joined array', code: `const token = ⟦['${id.slice(0, 15)}', '${id.slice(16)}'].join('!')⟧;`, found: of(id) },
  {
    name: 'passed on: reported once, where it stands',
    code: `
      const TOKEN = ⟦'${id}'⟧;
      axios.get(url, { headers: { Authorization: \`Bearer \${TOKEN}\`, 'X-Other': 'Bearer ' + TOKEN } });
    `,
    found: of(id),
  },
  {
    name: 'put together over several statements, reported where it starts',
    code: `let token = 'Bearer ';\ntoken += ⟦'${id.slice(0, 40)}'⟧;\ntoken += '${id.slice(40)}';\nsend({ Authorization: token });`,
    after: null,
    found: of(id),
  },
  { name: 'a joined constant', code: `const parts = ['${id.slice(0, 40)}', '${id.slice(40)}'];\nconst token = ⟦parts.join('')⟧;`, found: of(id) },
  { name: 'what a template was compiled to', code: `send({ Authorization: ⟦"Bearer ".concat('${id.slice(0, 40)}', '${id.slice(40)}')⟧ });`, after: null, found: of(id) },
  {
    name: 'encoded in a URL',
    code: `open('https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=⟦${id.replace('!', '%21')}⟧');`,
    after: 'open(`https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=${process.env.SALESFORCE_ACCESS_TOKEN}`);',
    found: of(id.replace('!', '%21')),
  },
  { name: 'in a comment, which has no suggestion', code: `// curl -H 'Authorization: Bearer ⟦${id}⟧'\nrun();`, after: null, found: of(id) },
  { name: 'a concatenation of many pieces', code: `const token = ⟦${id.match(/.{1,5}/g)!.map((piece) => `'${piece}'`).join(' + ')}⟧;`, found: of(id) },
  { name: 'a key, which no expression can stand for', code: `const users = { ⟦'${id}'⟧: 'jane' };`, after: null, found: of(id) },
  { name: 'a default in TypeScript', lang: 'ts', code: `export class Client { private readonly token: string = ⟦'${id}'⟧; }`, found: of(id) },
  { name: 'an enum', lang: 'ts', code: `enum Token { Dev = ⟦'${id}'⟧ }`, after: null, found: of(id) },
  { name: 'an attribute of JSX', lang: 'jsx', code: `const app = <Salesforce token=⟦"${id}"⟧ />;`, after: 'const app = <Salesforce token={process.env.SALESFORCE_ACCESS_TOKEN} />;', found: of(id) },
  { name: 'a part of an attribute of JSX', lang: 'jsx', code: `const link = <a href="/home?sid=⟦${id}⟧" />;`, after: 'const link = <a href={`/home?sid=${process.env.SALESFORCE_ACCESS_TOKEN}`} />;', found: of(id) },
  { name: 'text in JSX', lang: 'jsx', code: `const app = <pre>⟦${id}⟧</pre>;`, after: 'const app = <pre>{process.env.SALESFORCE_ACCESS_TOKEN}</pre>;', found: of(id) },

  { name: 'an organization id alone', code: `const org = '${id.slice(0, 18)}'; const sf = '${id.slice(0, 15)}';` },
  { name: 'a token cut short', code: `const token = '${id.slice(0, 50)}';` },
  { name: "the documentation's own token", code: `const token = '${['00Dx0000000BV7z', 'AR8AQ'].join('!')}${id.slice(21)}';` },
  { name: "the command line's own example", code: `const token = '${['00DE0X0A0M0PeLE', ''].join('!')}${id.slice(16)}';` },
  { name: 'a token that says EXAMPLE', code: `const token = '${id.slice(0, 40)}EXAMPLE${id.slice(47)}';` },
  { name: 'the same letter over and over', code: `const token = '${id.slice(0, 16)}${'x'.repeat(96)}';` },
  { name: "another vendor's JWT", code: `const salesforce = '${jwt({ kid: '1' })}';` },
  { name: 'what is no JWT', code: `const salesforce = 'eyJ${id.slice(20, 60)}.${id.slice(20, 60)}.${id.slice(20, 60)}'.replaceAll('_', '');` },
  { name: 'pieces of which one comes from elsewhere', code: `let token = '${id.slice(0, 40)}';\ntoken += tail();\ntoken += '${id.slice(40)}';` },
  { name: 'pieces that are given in turn', code: `let token = '${id.slice(0, 40)}';\ntoken = '${id.slice(40)}';` },
  { name: 'an array that joins itself', code: `const parts = [parts.join('00D')]; const token = parts.join('');` },
  { name: 'a sample in a comment', code: `// Authorization: Bearer ${id.slice(0, 40)}...` },
  { name: 'put together at run time', code: `const token = \`00D\${org}!\${tail}\`; // salesforce` },
  { name: 'a token from the environment', code: `const conn = new jsforce.Connection({ accessToken: process.env.SF_TOKEN || '' });` },
];

const several: SecretCase[] = [
  { name: 'two tokens', code: `const tokens = [⟦'${id}'⟧, ⟦'${other}'⟧];`, found: { ...of(id), variable: ['SALESFORCE_ACCESS_TOKEN', 'SALESFORCE_ACCESS_TOKEN_2'] } },
  { name: 'a token twice', code: `const tokens = [⟦'${id}'⟧, ⟦"${id}"⟧];`, found: of(id) },
  {
    name: 'two tokens that are called something',
    code: `const orgs = { source: { accessToken: ⟦'${id}'⟧ }, target: { accessToken: ⟦'${other}'⟧ } };`,
    found: { ...of(id), variable: ['SALESFORCE_SOURCE_ACCESS_TOKEN', 'SALESFORCE_TARGET_ACCESS_TOKEN'] },
  },
  { name: 'a token beside another from the environment', code: `const tokens = [process.env.SALESFORCE_ACCESS_TOKEN, ⟦'${id}'⟧];`, found: { ...of(id), variable: 'SALESFORCE_ACCESS_TOKEN_2' } },
];

describe('no-hardcoded-session-id', () => testSecretRule(rule, [...cases, ...several], [id, long, short, other, token]));

const anyScope = { 'salesforce-auth': { scope: 'any' } };
const foreign = jwt({ kid: '1' });
const opaque = noise(40, 12);
const read = 'process.env.OAUTH_ACCESS_TOKEN';

describe('no-hardcoded-session-id in the scope any', () => {
  testTable(rule, {
    valid: [
      { name: "another vendor's JWT, unasked", code: `const token = '${foreign}';` },
      { name: 'a token by its name, unasked', code: `const accessToken = '${opaque}';` },
      { name: 'a JWT of the documentation', settings: anyScope, code: `const token = '${jwt({}).split('.')[0]}.${Buffer.from('{"sub":"1234567890","name":"John Doe"}').toString('base64url')}.${opaque}';` },
      { name: 'words', settings: anyScope, code: `const accessToken = 'my-other-access-token-for-tests';` },
      { name: 'what has another name', settings: anyScope, code: `const etag = '${opaque}';` },
    ],
    invalid: [
      { name: "another vendor's JWT", settings: anyScope, ids: ['hardcodedSession'], code: `const token = ⟦'${foreign}'⟧;`, suggestions: [`const token = ${read};`] },
      { name: 'a token by its name', settings: anyScope, ids: ['hardcodedSession'], code: `connect({ accessToken: ⟦'${opaque}'⟧ });`, suggestions: [`connect({ accessToken: ${read} });`] },
    ],
  });
});
