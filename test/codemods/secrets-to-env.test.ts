import { describe, expect, it } from 'vitest';
import { transform } from '../../codemods/secrets-to-env';
import * as made from '../support/secrets';
import { check, testFixtures, type Subject } from './fixtures.support';

const subject: Subject = { name: 'secrets-to-env', transform, rules: ['no-hardcoded-credentials', 'no-hardcoded-session-id'] };

testFixtures(subject);

// Made as the tests run, so that no file holds anything of their form.
const id = made.sessionId();
const other = made.sessionId(96, 12, 20);
const jwt = made.jwt({ tty: 'sfdc-core-token', tnk: 'core/prod' });
const key = made.privateKey();
const basic = btoa(`${made.clientId()}:${made.clientSecret()}`);
const ACCESS = 'process.env.SALESFORCE_ACCESS_TOKEN';

const migrated: Record<string, readonly [input: string, output: string, path?: string]> = {
  'a session id': [`const token = '${id}';\n`, `const token = ${ACCESS};\n`],
  'a JWT access token': [`const token = '${jwt}';\n`, `const token = ${ACCESS};\n`],
  'a session id in a header': [`const headers = { Authorization: 'Bearer ${id}' };\n`, `const headers = { Authorization: \`Bearer \${${ACCESS}}\` };\n`],
  'a session id in a header, typed': [`const headers = { Authorization: "Bearer ${id}" };\n`, `const headers = { Authorization: \`Bearer \${${ACCESS}}\` };\n`, 'src/a.ts'],
  'a session id in a template': [`const url = \`\${base}?sid=${id}\`;\r\n`, `const url = \`\${base}?sid=\${${ACCESS}}\`;\r\n`],
  'two sessions in one text': [`const xml = '<a>${id}</a><b>${other}</b>';\n`, `const xml = \`<a>\${${ACCESS}}</a><b>\${${ACCESS}_2}</b>\`;\n`],
  'two sessions that are called something': [
    `const source = { token: '${id}' };\nconst target = { token: '${other}' };\n`,
    'const source = { token: process.env.SALESFORCE_SOURCE_ACCESS_TOKEN };\nconst target = { token: process.env.SALESFORCE_TARGET_ACCESS_TOKEN };\n',
  ],
  'a session id in two pieces': [`const token = '${id.slice(0, 16)}' +\n  '${id.slice(16)}';\n`, `const token = ${ACCESS};\n`],
  'a private key': [`const salesforceKey = \`${key}\`;\n`, 'const salesforceKey = process.env.SALESFORCE_PRIVATE_KEY;\n'],
  'a refresh token': [`const token = '${made.refreshToken()}';\n`, 'const token = process.env.SALESFORCE_REFRESH_TOKEN;\n'],
  'an SFDX auth URL': [`const url = '${made.authUrl()}';\n`, 'const url = process.env.SFDX_AUTH_URL;\n'],
  'the credentials of a Basic header': [`const header = 'Basic ${basic}'; // salesforce\n`, 'const header = `Basic ${process.env.SALESFORCE_BASIC_AUTH}`; // salesforce\n'],
  'behind a line without a semicolon': [`let token\ntoken = '${id}'\n`, `let token\ntoken = ${ACCESS}\n`],
};

const marked: Record<string, readonly [input: string, path?: string]> = {
  'a key': [`const users = { '${id}': 'jane' };\n`],
  'an enum': [`enum Token { Dev = '${id}' }\n`, 'src/a.ts'],
  'a type': [`type Token = '${id}';\n`, 'src/a.ts'],
  'a tagged template': [`const query = gql\`${id}\`;\n`],
  'a text put together over several statements': [`let token = '${id.slice(0, 40)}';\ntoken += '${id.slice(40)}';\n`],
  'more than the token in one concatenation': [`const header = 'Bearer ' + '${id.slice(0, 40)}' + '${id.slice(40)}';\n`],
  'a text with escapes': [`const line = 'a\\n${id}';\n`],
};

describe('secrets of a form', () => {
  it.each(Object.entries(migrated))('%s is read from the environment', (_name, [input, output, path = 'src/a.js']) => check(subject, path, input, output, 'migrated'));

  it.each(Object.entries(marked))('%s is marked', (_name, [input, path = 'src/a.js']) => {
    const { output = '' } = transform({ path, source: input }, {});
    expect(output.replace(/\/\* sf-auth-todo\(.*?\*\/\n/g, '')).toBe(input);
    check(subject, path, input, output, 'marked');
  });

  it('in a comment is left, with what to do', () => {
    const input = `// curl -H 'Authorization: Bearer ${id}'\nrun();\n`;
    check(subject, 'src/a.js', input, input, 'left');
  });

  it('in a file of tests is left, by its path too', () => {
    const input = `const token = '${id}';\n`;
    for (const path of ['test/a.js', 'src/__tests__/a.js', 'src/a.spec.ts', 'spec\\fixtures\\a.js']) check(subject, path, input, input, 'left');
  });

  it('is named nowhere in what is said', () => {
    for (const [input, , path = 'src/a.js'] of Object.values(migrated)) {
      const { entries, env } = transform({ path, source: input }, {});
      for (const secret of [id, other, jwt, key, basic]) expect(JSON.stringify([entries, env])).not.toContain(secret);
    }
  });
});

describe('what it says of a secret', () => {
  const next = (input: string) => transform({ path: 'src/a.js', source: input }, {}).entries[0]!.next;

  it('that a session still ends, what renews one, and that the old one stays in the history', () => {
    expect(next(`const token = '${id}';`)).toMatch(/End its session.*history.*dies within hours.*authorize\(conn\).*salesforce\.fetch\(\)/);
  });

  it('how the old secret ends, and which variable to set', () => {
    expect(next(`const salesforceKey = \`${key}\`;`)).toMatch(/certificate.*history.*set SALESFORCE_PRIVATE_KEY/);
    expect(next(`const header = 'Basic ${basic}';`)).toMatch(/set SALESFORCE_BASIC_AUTH, in base64/);
  });

  it('lists each variable once', () => {
    expect(transform({ path: 'src/a.js', source: `const tokens = ['${id}', '${id}', '${other}'];` }, {}).env).toEqual(['SALESFORCE_ACCESS_TOKEN', 'SALESFORCE_ACCESS_TOKEN_2']);
  });

  it('lists no variable that it does not read', () => {
    const { output, env } = transform({ path: 'src/a.js', source: `const token = process.env[name] || '${id}';` }, {});
    expect(output).toBe('const token = process.env[name];');
    expect(env).toEqual([]);
  });
});
