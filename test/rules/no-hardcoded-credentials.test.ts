import { describe } from 'vitest';
import rule from '../../rules/no-hardcoded-credentials';
import { testTable } from '../support/rule-table';
import * as made from '../support/secrets';
import { type SecretCase, testSecretRule } from '../support/secret-cases';

const password = made.password();
const token = made.securityToken();
const secret = made.clientSecret();
const digits = made.oldClientSecret();
const refresh = made.refreshToken();
const url = made.authUrl();
const key = made.privateKey();
const clientId = made.clientId();
const oldKey = key.replace('\n', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B2C3D4E5F\n\n');
const basic = btoa(`${clientId}:${secret}`);

const PASSWORD = { messageId: 'password', kind: 'password', length: password.length, variable: 'SALESFORCE_PASSWORD' };
const TOKEN = { messageId: 'password', kind: 'security token', length: token.length, variable: 'SALESFORCE_SECURITY_TOKEN' };
const SECRET = { messageId: 'clientSecret', kind: 'client secret', length: secret.length, variable: 'SALESFORCE_CLIENT_SECRET' };
const DIGITS = { ...SECRET, length: digits.length };
const REFRESH = { messageId: 'refreshToken', kind: 'refresh token', length: refresh.length, variable: 'SALESFORCE_REFRESH_TOKEN' };
const URL_ = { messageId: 'refreshToken', kind: 'SFDX auth URL', length: url.length, variable: 'SFDX_AUTH_URL' };
const KEY = { messageId: 'privateKey', kind: 'private key', length: key.length, variable: 'SALESFORCE_PRIVATE_KEY' };

const CONNECTION = `const jsforce = require('jsforce');\nconst conn = new jsforce.Connection({});`;

const passwords: SecretCase[] = [
  { name: 'password: an argument of login', code: `${CONNECTION}\nconn.login('jane@acme.example', ⟦'${password}'⟧);`, found: PASSWORD },
  {
    name: 'password: a constant that login takes',
    code: `const secretWord = ⟦'${password}'⟧;\n${CONNECTION}\nconn.login(user, secretWord, done);`,
    found: PASSWORD,
  },
  {
    name: 'password: with a security token from the environment',
    code: `${CONNECTION}\nconn.login(user, ⟦'${password}'⟧ + process.env.SF_TOKEN);`,
    found: PASSWORD,
  },
  {
    name: 'password: and security token, two adjacent literals',
    code: `${CONNECTION}\nconn.login(user, ⟦'${password}' + '${token}'⟧);`,
    found: { ...PASSWORD, length: password.length + token.length },
  },
  {
    name: 'security token: a constant beside the password',
    code: `${CONNECTION}\nconst password = process.env.SF_PASSWORD;\nconst securityToken = ⟦'${token}'⟧;\nconn.login(user, password + securityToken);`,
    found: TOKEN,
  },
  {
    name: 'password: in a template with the token',
    code: `${CONNECTION}\nconn.login(user, \`⟦${password}⟧\${process.env.SF_TOKEN}\`);`,
    after: `${CONNECTION}\nconn.login(user, \`\${process.env.SALESFORCE_PASSWORD}\${process.env.SF_TOKEN}\`);`,
    found: PASSWORD,
  },
  {
    name: 'password: what the environment falls back to',
    code: `${CONNECTION}\nconn.login(user, process.env.SF_PASSWORD || ⟦'${password}'⟧);`,
    after: `${CONNECTION}\nconn.login(user, process.env.SF_PASSWORD);`,
    found: { ...PASSWORD, variable: 'SF_PASSWORD' },
  },
  {
    name: 'password: a default of a parameter of the login',
    code: `${CONNECTION}\nfunction start(user, password = ⟦'${password}'⟧) {\n  return conn.login(user, password);\n}`,
    found: PASSWORD,
  },
  {
    name: 'password: nforce',
    code: `const nforce = require('nforce');\nconst org = nforce.createConnection({ clientId, clientSecret });\norg.authenticate({ username, password: ⟦'${password}'⟧ });`,
    found: PASSWORD,
  },
  {
    name: 'security token: nforce',
    code: `const nforce = require('nforce');\nconst org = nforce.createConnection({ clientId, clientSecret });\norg.authenticate({ username, password, securityToken: ⟦'${token}'⟧ });`,
    found: TOKEN,
  },
  {
    name: 'security token: pub-sub client',
    code: `import Client from 'salesforce-pubsub-api-client';\nnew Client({ authType: 'username-password', loginUrl, username, password, userToken });\nconst config = { securityToken: ⟦'${token}'⟧ };`,
    found: TOKEN,
  },
  {
    name: 'security token: called token, beside the password',
    code: `module.exports = { sfdc: { username: 'jane', password: process.env.SF_PASSWORD, token: ⟦'${token}'⟧ } };`,
    found: TOKEN,
  },
  {
    name: 'password: in a request for a token',
    code: `fetch('https://login.salesforce.com/services/oauth2/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'password', username, password: ⟦'${password}'⟧ }) });`,
    found: PASSWORD,
  },
  {
    name: 'password: in a form body',
    code: `const body = \`grant_type=password&username=\${user}&password=⟦${password}⟧\`;\npost('https://login.salesforce.com/services/oauth2/token', body);`,
    after: `const body = \`grant_type=password&username=\${user}&password=\${process.env.SALESFORCE_PASSWORD}\`;\npost('https://login.salesforce.com/services/oauth2/token', body);`,
    found: PASSWORD,
  },
  {
    name: 'password: in a login envelope',
    code: `
      const xml = \`<soapenv:Body xmlns:urn="urn:partner.soap.sforce.com"><urn:login>
        <urn:username>jane</urn:username><urn:password>⟦${password}⟧</urn:password>
      </urn:login></soapenv:Body>\`;
    `,
    after: `
      const xml = \`<soapenv:Body xmlns:urn="urn:partner.soap.sforce.com"><urn:login>
        <urn:username>jane</urn:username><urn:password>\${process.env.SALESFORCE_PASSWORD}</urn:password>
      </urn:login></soapenv:Body>\`;
    `,
    found: PASSWORD,
  },
  { name: 'password: a setting called so', code: `const SF_PASSWORD = ⟦'${password}'⟧;\nexport const salesforce = SF_PASSWORD;`, found: PASSWORD },
  { name: 'password: settings called so', code: `module.exports = { salesforce: { username: 'jane', password: ⟦'${password}'⟧ } };`, found: PASSWORD },
  {
    name: 'password: beside the login address',
    code: `export const config = { url: 'https://test.salesforce.com', username: 'jane', password: ⟦'${password}'⟧ };`,
    found: PASSWORD,
  },
  {
    name: 'password: beside options with the login address',
    code: `this.dev = { oauth2: { loginUrl: 'https://test.salesforce.com' }, username: 'jane', password: ⟦'${password}'⟧ };`,
    found: PASSWORD,
  },
];

const elsewhere: SecretCase[] = [
  {
    name: 'password: in a concatenated login envelope',
    code: `const xml = '<n1:login xmlns:n1="urn:partner.soap.sforce.com"><n1:username>' + user + '</n1:username><n1:password>' + ⟦'${password}'⟧ + '</n1:password></n1:login>';`,
    found: PASSWORD,
  },
  {
    name: 'password: in a login envelope over several statements',
    code: `
      let xml = '<n1:login xmlns:n1="urn:partner.soap.sforce.com">';
      xml += '<n1:password>⟦${password}⟧</n1:password>';
      xml += '</n1:login>';
    `,
    after: `
      let xml = '<n1:login xmlns:n1="urn:partner.soap.sforce.com">';
      xml += \`<n1:password>\${process.env.SALESFORCE_PASSWORD}</n1:password>\`;
      xml += '</n1:login>';
    `,
    found: PASSWORD,
  },
  {
    name: 'password: in the lines of a login envelope',
    code: `const xml = ['<n1:login xmlns:n1="urn:partner.soap.sforce.com">', '<n1:password><![CDATA[⟦${password}⟧]]></n1:password>', '</n1:login>'].join('');`,
    after: `const xml = ['<n1:login xmlns:n1="urn:partner.soap.sforce.com">', \`<n1:password><![CDATA[\${process.env.SALESFORCE_PASSWORD}]]></n1:password>\`, '</n1:login>'].join('');`,
    found: PASSWORD,
  },
  {
    name: 'password: beside blanks in a login envelope',
    code: `const xml = \`<urn:login xmlns:urn="urn:partner.soap.sforce.com"><urn:password> ⟦${password}⟧ </urn:password></urn:login>\`;`,
    after: `const xml = \`<urn:login xmlns:urn="urn:partner.soap.sforce.com"><urn:password> \${process.env.SALESFORCE_PASSWORD} </urn:password></urn:login>\`;`,
    found: PASSWORD,
  },
  { name: 'password: a field of a form', code: `form.append('password', ⟦'${password}'⟧);\npost('https://login.salesforce.com/services/oauth2/token', form);`, found: PASSWORD },
  { name: 'password: assigned to settings called so', code: `config.salesforce.password = ⟦'${password}'⟧;`, found: PASSWORD },
  { name: 'password: assigned by Object.assign', code: `Object.assign(salesforce, { password: ⟦'${password}'⟧ });`, found: PASSWORD },
  { name: 'password: a default of the environment, renamed', code: `const { SF_PASSWORD: secretWord = ⟦'${password}'⟧ } = process.env;`, after: 'const { SF_PASSWORD: secretWord } = process.env;', found: { ...PASSWORD, variable: 'SF_PASSWORD' } },
  { name: 'password: a default of the environment by a choice', code: `const value = process.env.SF_PASSWORD ? process.env.SF_PASSWORD : ⟦'${password}'⟧;`, found: PASSWORD },
  { name: 'password: a default of a setting', code: `const value = config.get('salesforce.password', ⟦'${password}'⟧);`, found: PASSWORD },
  { name: 'password: a default of a schema', code: `const schema = z.object({ SF_PASSWORD: z.string().min(8).default(⟦'${password}'⟧) });`, found: PASSWORD },
  { name: 'password: a default of an option', code: `convict({ salesforce: { password: { env: 'SF_PASSWORD', default: ⟦'${password}'⟧ } } });`, found: PASSWORD },
  { name: 'client secret: a default of a bundled environment', lang: 'ts', code: `const secret = import.meta.env.VITE_SF_CLIENT_SECRET ?? ⟦'${secret}'⟧;`, after: `const secret = import.meta.env.VITE_SF_CLIENT_SECRET;`, found: SECRET },
  {
    name: 'client secret: what this call of the function that reads the environment is given',
    code: `const env = (key, fallback) => process.env[key] ?? fallback;\nexport const mode = env('MODE', 'local');\nexport const salesforce = { clientSecret: env('SF_CLIENT_SECRET', ⟦'${secret}'⟧) };`,
    found: SECRET,
  },
  { name: 'client secret: a name and its value', code: `const salesforce = [{ name: 'client_secret', value: ⟦'${secret}'⟧ }];`, found: SECRET },
  { name: 'client secret: beside an id, in options with the login address', code: `new ClientCredentials({ client: { id, secret: ⟦'${secret}'⟧ }, auth: { tokenHost: 'https://login.salesforce.com' } });`, found: SECRET },
  { name: 'client secret: a strategy of passport', code: `const { Strategy } = require('passport-forcedotcom');\nnew Strategy({ clientID, clientSecret: ⟦'${digits}'⟧ }, done);`, found: DIGITS },
  {
    name: 'client secret: in JSON',
    code: `const salesforce = JSON.parse('{"client_secret": "⟦${secret}⟧"}');`,
    after: `const salesforce = JSON.parse(\`{"client_secret": "\${process.env.SALESFORCE_CLIENT_SECRET}"}\`);`,
    found: SECRET,
  },
  {
    name: 'client secret: in the credentials of a Basic header',
    code: `const header = 'Basic ⟦${basic}⟧';`,
    after: `const header = \`Basic \${process.env.SALESFORCE_BASIC_AUTH}\`;`,
    found: { ...SECRET, length: basic.length, variable: 'SALESFORCE_BASIC_AUTH' },
  },
  {
    name: 'client secret: about to be the credentials of a Basic header',
    code: `const header = 'Basic ' + btoa('${clientId}:⟦${secret}⟧');`,
    after: `const header = 'Basic ' + btoa(\`${clientId}:\${process.env.SALESFORCE_CLIENT_SECRET}\`);`,
    found: SECRET,
  },
  { name: 'private key with the header lines of old', code: `const salesforceKey = ⟦\`${oldKey}\`⟧;`, found: { ...KEY, length: oldKey.length } },
  { name: 'private key of many concatenated lines', code: `// Salesforce JWT\nconst key = ⟦${key.replaceAll(/[A-Za-z0-9]{8}(?!.*-)/g, '$&|').split('|').map((piece) => JSON.stringify(piece)).join(' + ')}⟧;`, found: KEY },
];

const clientSecrets: SecretCase[] = [
  { name: 'client secret: jsforce', code: `import { OAuth2 } from 'jsforce';\nnew OAuth2({ clientId, clientSecret: ⟦'${secret}'⟧ });`, found: SECRET },
  { name: 'client secret: a number, as older apps have', code: `import { OAuth2 } from 'jsforce';\nnew OAuth2({ clientId, clientSecret: ⟦'${digits}'⟧ });`, found: DIGITS },
  {
    name: 'client secret: of any form where a library takes it',
    code: `import { Connection } from 'jsforce';\nconst options = { oauth2: { clientId, clientSecret: ⟦'${password}'⟧ } };\nnew Connection(options);`,
    found: { ...SECRET, length: password.length },
  },
  {
    name: 'client secret: the value on the line after the key',
    code: `
      const options = {
        loginUrl: 'https://login.salesforce.com',
        clientSecret:
          ⟦'${secret}'⟧,
      };
    `,
    found: SECRET,
  },
  { name: 'client secret: beside a client id of Salesforce', code: `const salesforce = require('./app');\nexport default { clientId: '${clientId}', clientSecret: ⟦'${password}'⟧ };`, found: { ...SECRET, length: password.length } },
  { name: 'client secret: a field of a form', code: `const params = new URLSearchParams();\nparams.append('client_secret', ⟦'${secret}'⟧);\nfetch('https://login.salesforce.com/services/oauth2/token', { body: params });`, found: SECRET },
  { name: 'client secret: a member', code: `form.client_secret = ⟦'${secret}'⟧;\nrequest.post('https://login.salesforce.com/services/oauth2/token', { form });`, found: SECRET },
  { name: 'client secret: a pair', code: `const body = new URLSearchParams([['client_secret', ⟦'${secret}'⟧]]);\nfetch('https://login.salesforce.com/services/oauth2/token', { body });`, found: SECRET },
  {
    name: 'client secret: in a URL',
    code: `fetch('https://login.salesforce.com/services/oauth2/token?client_secret=⟦${secret}⟧&code=' + code);`,
    after: 'fetch(`https://login.salesforce.com/services/oauth2/token?client_secret=${process.env.SALESFORCE_CLIENT_SECRET}&code=` + code);',
    found: SECRET,
  },
  {
    name: 'client secret: a constant in a body',
    code: `const KEY = ⟦'${password}'⟧;\nconst body = 'grant_type=refresh_token&client_secret=' + KEY;\npost('https://login.salesforce.com/services/oauth2/token', body);`,
    found: { ...SECRET, length: password.length },
  },
  { name: 'client secret: the fallback of an environment read', code: `const value = process.env.SALESFORCE_CLIENT_SECRET ?? ⟦'${password}'⟧;`, after: 'const value = process.env.SALESFORCE_CLIENT_SECRET;', found: { ...SECRET, length: password.length } },
  { name: 'client secret: a field', lang: 'ts', code: `class Salesforce { private readonly consumerSecret: string = ⟦'${secret}'⟧; }`, found: SECRET },
  { name: 'client secret: JSX', lang: 'jsx', code: `const app = <Salesforce clientSecret=⟦"${secret}"⟧ />;`, after: 'const app = <Salesforce clientSecret={process.env.SALESFORCE_CLIENT_SECRET} />;', found: SECRET },
];

const tokens: SecretCase[] = [
  { name: 'refresh token', code: `conn.initialize({ refreshToken: ⟦'${refresh}'⟧ });`, found: REFRESH },
  { name: 'refresh token in two pieces', code: `const token = ⟦'${refresh.slice(0, 40)}' + '${refresh.slice(40)}'⟧;`, found: REFRESH },
  { name: 'SFDX auth URL, reported once', code: `const SALESFORCE_URL = ⟦'${url}'⟧;`, found: URL_ },
  { name: 'SFDX auth URL that the environment is given, which no read of it can stand for', code: `process.env.SALESFORCE_URL = ⟦'${url}'⟧;`, after: null, found: URL_ },
  { name: 'private key in a template', code: `const salesforceKey = ⟦\`${key}\`⟧;`, found: KEY },
  { name: 'private key with escaped line breaks', code: `const salesforceKey = ⟦'${key.replaceAll('\n', '\\n')}'⟧;`, found: KEY },
  { name: 'private key as joined lines', code: `// Salesforce JWT\nconst key = ⟦[${key.split('\n').map((line) => `'${line}'`).join(', ')}].join('\\n')⟧;`, found: KEY },
];

const innocent: SecretCase[] = [
  {
    name: 'what other calls of the function that reads the environment are given',
    code: `const env = (key, fallback) => process.env[key] ?? fallback;\nexport const mode = env('MODE', 'local');\nexport const salesforce = { clientSecret: env('SF_CLIENT_SECRET', '') };`,
  },
  ...['YOUR_PASSWORD', 'your-password-here', 'xxx', '<password>', 'password', 'changeme', 'secret', '{{password}}', '', '${SF_PASSWORD}', 'pass123', 'mypassword', '********', 'PasswordAndSecurityToken'].map(
    (text): SecretCase => ({ name: `placeholder: ${text || 'nothing'}`, code: `${CONNECTION}\nconn.login(user, '${text}');` }),
  ),
  { name: 'a placeholder of a client secret', code: `import { OAuth2 } from 'jsforce';\nnew OAuth2({ clientId, clientSecret: 'YOUR_CLIENT_SECRET' });` },
  { name: "the documentation's client secret", code: `import { OAuth2 } from 'jsforce';\nnew OAuth2({ clientId, clientSecret: '${['19552799', '25675241571'].join('')}' });` },
  { name: 'a client id alone', code: `import { OAuth2 } from 'jsforce';\nnew OAuth2({ clientId: '${clientId}', clientSecret: process.env.SF_CLIENT_SECRET });` },
  { name: "another vendor's client secret", code: `const google = { tokenUrl: 'https://oauth2.googleapis.com/token', clientSecret: '${password}' };\nconst salesforce = {};` },
  { name: "another vendor's, with the form of one of Salesforce's", code: `const salesforce = {};\nconst other = { issuer: 'https://idp.example.com', clientSecret: '${secret}' };` },
  { name: "a database's password in a file about Salesforce", code: `import jsforce from 'jsforce';\nconst pool = createPool({ host: 'db', user: 'app', password: '${password}' });` },
  { name: 'a label', code: `const salesforceLabels = { password: 'Your Salesforce password', forgotPassword: 'Forgot it?', newPassword: 'labels.new.password' };` },
  { name: "another vendor's Basic header", code: `const salesforce = fetch('https://api.other.example/v1', { headers: { Authorization: 'Basic ${btoa(`jane:${password}`)}' } });` },
  { name: "another vendor's form", code: `form.append('password', '${password}');\npost('https://other.example/token', form); // not salesforce` },
  { name: "another vendor's JSON", code: `const other = JSON.parse('{"password": "${password}"}'); // not salesforce` },
  { name: 'an element of a page', code: `const salesforcePage = '<label><password>${password}</password></label>';` },
  { name: 'letters that say what they stand for', code: `const salesforce = { password: 'naclpass' };` },
  { name: 'a default of something else', code: `const salesforce = { limit: { default: '${password}' }, other: z.string().default('${password}') };` },
  { name: 'the name of a setting', code: `const sf = { passwordVar: 'SF_PASSWORD', SF_PASSWORD: 'SF_PASSWORD' };` },
  { name: 'a type', lang: 'ts', code: `interface Salesforce { password: 'hashed-value'; clientSecret: string }` },
  { name: 'a comparison', code: `if (salesforce.password === '${password}') fail();` },
  { name: 'a refresh token cut short', code: `const refreshToken = '${refresh.slice(0, 30)}';` },
  { name: "the documentation's refresh token", code: `const refreshToken = '${['5Aep8614iLM', 'Dq661ePDmPE'].join('.')}${refresh.slice(24)}';` },
  { name: 'an auth URL with names in it', code: `process.env.SALESFORCE_URL = 'force://CLIENT_ID:CLIENT_SECRET:REFRESH_TOKEN@acme.my.salesforce.com';` },
  { name: 'an auth URL that is put together', code: 'const url = `force://${clientId}:${clientSecret}:${refreshToken}@${host}`;' },
  { name: 'the first line of a key', code: `if (salesforceKey.startsWith('-----BEGIN RSA PRIVATE KEY-----')) use(salesforceKey);` },
  { name: 'a key with a hole', code: `const salesforceKey = \`-----BEGIN RSA PRIVATE KEY-----\n{{key}}\n-----END RSA PRIVATE KEY-----\`;` },
  { name: 'a key in a file about something else', code: `const key = \`${key}\`; // force://` },
  { name: 'a public key', code: `const salesforceKey = \`${key.replaceAll('RSA PRIVATE', 'PUBLIC')}\`;` },
  { name: 'a login of something else', code: `const imap = new Imap({});\nimap.login('jane', '${password}'); // not salesforce` },
];

describe('no-hardcoded-credentials', () => testSecretRule(rule, [...passwords, ...elsewhere, ...clientSecrets, ...tokens, ...innocent], [password, token, secret, digits, refresh, url, key]));

const anyScope = { 'salesforce-auth': { scope: 'any' } };
const opaque = made.noise(40, 12);

describe('no-hardcoded-credentials in the scope any', () => {
  testTable(rule, {
    valid: [
      { name: 'a client secret, unasked', code: `const clientSecret = '${opaque}';` },
      { name: 'words', settings: anyScope, code: `const options = { clientSecret: 'the-secret-of-our-client', refreshToken: 'refresh-token-2' };` },
      { name: 'the secret of something that has no id', settings: anyScope, code: `sign(payload, { secret: '${opaque}' });` },
      { name: 'a password, which has no form', settings: anyScope, code: `createPool({ user: 'app', password: '${password}' });` },
      { name: 'words in a Basic header', settings: anyScope, code: `const header = 'Basic ${btoa('hello:there')}';` },
      { name: 'what is no Basic header', settings: anyScope, code: `const header = 'Basic authentication';` },
    ],
    invalid: [
      { name: 'a client secret', settings: anyScope, ids: ['clientSecret'], code: `const options = { clientSecret: ⟦'${opaque}'⟧ };`, suggestions: ['const options = { clientSecret: process.env.OAUTH_CLIENT_SECRET };'] },
      { name: 'a secret beside an id', settings: anyScope, ids: ['clientSecret'], code: `const client = { id: 'app', secret: ⟦'${opaque}'⟧ };`, suggestions: [`const client = { id: 'app', secret: process.env.OAUTH_CLIENT_SECRET };`] },
      { name: 'a refresh token', settings: anyScope, ids: ['refreshToken'], code: `const refresh_token = ⟦'${opaque}'⟧;`, suggestions: ['const refresh_token = process.env.OAUTH_REFRESH_TOKEN;'] },
      { name: 'a private key', settings: anyScope, ids: ['privateKey'], code: `const key = ⟦\`${key}\`⟧;`, suggestions: ['const key = process.env.OAUTH_PRIVATE_KEY;'] },
      { name: 'a Basic header', settings: anyScope, ids: ['password'], code: `const header = 'Basic ⟦${btoa(`jane:${password}`)}⟧';`, suggestions: ['const header = `Basic ${process.env.OAUTH_BASIC_AUTH}`;'] },
      { name: 'a token request', settings: anyScope, ids: ['password'], code: `fetch('https://other.example/token', { body: 'grant_type=password&username=jane&password=⟦${password}⟧' });`, suggestions: [`fetch('https://other.example/token', { body: \`grant_type=password&username=jane&password=\${process.env.OAUTH_PASSWORD}\` });`] },
    ],
  });
});
