/**
 * soap-login-to-oauth: every client that logs in, in each way to load modules and to wait, with the bytes that come out; and its
 * twin, whose credentials are the caller's. Jsforce's own login() has fixtures as files (soap-login.test.ts).
 */
import { loginsIn } from '../../analysis';
import { buildSource } from '../../analysis/source';
import { transform } from '../../codemods/soap-login-to-oauth';
import { describeFixtures, type Fixture } from './codemod.support';

type Style = 'await' | 'then' | 'callback';

/** How a file loads `name` of `from`, and what it holds besides. */
interface Modules {
  extension: string;
  load(binding: string, from: string): string;
  /** The runtime's import, as the codemod writes it. */
  gained(name: string): string;
  /** Stands below the imports. */
  also?: string;
  /** The type of a value that the file says nothing else of. */
  any?: string;
  exported: string;
  end?: string;
}

const imported = (binding: string, from: string) => `import ${binding} from '${from}';\n`;
const required = (binding: string, from: string) => `const ${binding} = require('${from}');\n`;

const MODULES: Readonly<Record<string, Modules>> = {
  esm: { extension: 'mjs', load: imported, gained: (name) => imported(`{ ${name} }`, 'salesforce-auth-client'), exported: 'export ' },
  cjs: { extension: 'js', load: required, gained: (name) => required(`{ ${name} }`, 'salesforce-auth-client'), exported: '', end: '\nexports.connect = connect;\n' },
  mixed: {
    extension: 'js',
    load: (binding, from) => imported('{ hostname }', 'node:os') + HERE + required(binding, from),
    gained: (name) => imported(`{ ${name} }`, 'salesforce-auth-client'),
    also: 'export const host = hostname();\n',
    exported: 'export ',
  },
  ts: {
    extension: 'ts',
    load: imported,
    gained: (name) => imported(`{ ${name} }`, 'salesforce-auth-client'),
    also: 'export interface Account {\n  Id: string;\n}\n',
    any: ': any',
    exported: 'export ',
  },
  tsx: {
    extension: 'tsx',
    load: (binding, from) => imported('{ render, Text }', 'ink') + imported(binding, from),
    gained: (name) => imported(`{ ${name} }`, 'salesforce-auth-client'),
    also: 'export const show = (total: number): void => void render(<Text color="green">{total} accounts</Text>);\n',
    any: ': any',
    exported: 'export ',
  },
  flow: {
    extension: 'js',
    load: (binding, from) => `// @flow\n${imported(binding, from)}`,
    gained: (name) => imported(`{ ${name} }`, 'salesforce-auth-client'),
    also: 'export type Account = {| +Id: string |};\n',
    any: ': any',
    exported: 'export ',
  },
};

/** Where imports go in a file that requires the library below them. */
const HERE = '<here>';

interface Client {
  binding: string;
  from: string;
  /** Said in the marker. */
  rule: 'no-soap-login' | 'no-password-grant';
  gains: string;
  /** The login as it is, and as it becomes. */
  login(username: string, password: string): string;
  loginAsync?(username: string, password: string): string;
  becomes(username: string): string;
  /** The body of `connect`, around the login. */
  body: Partial<Record<Style, (login: string) => string>>;
}

const soap: Client = {
  binding: 'soap',
  from: 'soap',
  rule: 'no-soap-login',
  gains: 'authorize',
  login: (username, password) => `client.login({ username: ${username}, password: ${password} }`,
  loginAsync: (username, password) => `client.loginAsync({ username: ${username}, password: ${password} }`,
  becomes: (username) => `authorize(client, { username: ${username} }`,
  body: {
    await: (login) => `  const client = await soap.createClientAsync('./salesforce-partner.wsdl');\n  const [{ result }] = await ${login});\n  return result.sessionId;\n`,
    then: (login) =>
      `  return soap.createClientAsync('./salesforce-partner.wsdl').then((client) => {\n    return ${login}).then(([{ result }]) => result.sessionId);\n  });\n`,
    callback: (login) =>
      `  soap.createClient('./salesforce-partner.wsdl', (err, client) => {\n    if (err) return done(err);\n    ${login}, (failure, answer) => done(failure, answer && answer.result.sessionId));\n  });\n`,
  },
};

const nforce: Client = {
  binding: 'nforce',
  from: 'nforce',
  rule: 'no-password-grant',
  gains: 'authorize',
  login: (username, password) => `org.authenticate({ username: ${username}, password: ${password} }`,
  becomes: (username) => `authorize(org, { username: ${username} }`,
  body: {
    await: (login) => `${ORG}  const oauth = await ${login});\n  return oauth.access_token;\n`,
    then: (login) => `${ORG}  return ${login}).then((oauth) => oauth.access_token);\n`,
    callback: (login) => `${ORG}  ${login}, (err, oauth) => done(err, oauth && oauth.access_token));\n`,
  },
};

const ORG = "  const org = nforce.createConnection({ clientId: process.env.SF_CLIENT_ID, redirectUri: 'http://localhost/cb' });\n";

const authenticate: Client = {
  binding: '{ OAuth2 }',
  from: 'jsforce',
  rule: 'no-password-grant',
  gains: 'authorize',
  login: (username, password) => `oauth2.authenticate(${username}, ${password}`,
  becomes: (username) => `authorize(oauth2, { username: ${username} }`,
  body: {
    await: (login) => `${OAUTH2}  const token = await ${login});\n  return token.access_token;\n`,
    then: (login) => `${OAUTH2}  return ${login}).then((token) => token.access_token);\n`,
    callback: (login) => `${OAUTH2}  ${login}, (err, token) => done(err, token && token.access_token));\n`,
  },
};

const OAUTH2 = '  const oauth2 = new OAuth2({ clientId: process.env.SF_CLIENT_ID });\n';

/** A password grant that the program sends itself: `send` its fields. */
function tokenRequest(binding: string, from: string, body: Client['body']): Client {
  const fields = (grant: string, rest: string) => `{\n    grant_type: '${grant}',\n${rest}  }`;
  const own = (username: string, password: string) =>
    fields('password', `    client_id: process.env.SF_CLIENT_ID,\n    client_secret: process.env.SF_CLIENT_SECRET,\n    username: ${username},\n    password: ${password},\n`);
  return {
    binding,
    from,
    rule: 'no-password-grant',
    gains: 'jwtBearerAssertion',
    login: own,
    becomes: (username) => fields('urn:ietf:params:oauth:grant-type:jwt-bearer', `    assertion: jwtBearerAssertion({ username: ${username} }),\n`),
    body,
  };
}

const URL_BEFORE = "'https://login.salesforce.com/services/oauth2/token'";
const URL_AFTER = '`${process.env.SALESFORCE_LOGIN_URL}/services/oauth2/token`';

const axios = tokenRequest('axios', 'axios', {
  await: (fields) => `  const form = new URLSearchParams(${fields});\n  const answer = await axios.post(${URL_BEFORE}, form);\n  return answer.data.access_token;\n`,
  then: (fields) => `  const form = new URLSearchParams(${fields});\n  return axios.post(${URL_BEFORE}, form).then((answer) => answer.data.access_token);\n`,
});

const nodeFetch = tokenRequest('fetch', 'node-fetch', {
  await: (fields) => `  const body = new URLSearchParams(${fields});\n  const answer = await fetch(${URL_BEFORE}, { method: 'POST', body });\n  return answer.json();\n`,
  then: (fields) => `  const body = new URLSearchParams(${fields});\n  return fetch(${URL_BEFORE}, { method: 'POST', body }).then((answer) => answer.json());\n`,
});

const request = tokenRequest('request', 'request', {
  callback: (fields) => `  const form = ${fields};\n  request.post(${URL_BEFORE}, { form }, (err, answer) => done(err, answer && answer.body));\n`,
});

const https = tokenRequest('{ request }', 'node:https', {
  callback: (fields) =>
    `  const form = new URLSearchParams(${fields});\n  request(${URL_BEFORE}, { method: 'POST' }, (answer) => done(null, answer)).end(form.toString());\n`,
});

const CLIENTS: Readonly<Record<string, Client>> = { soap, nforce, 'oauth2.authenticate': authenticate, axios, 'node-fetch': nodeFetch, request, https };

/** The whole file. */
function file(modules: Modules, client: Client, style: Style, parameters: readonly string[], login: string, gained: string): string {
  const { any = '', also, exported, end = '' } = modules;
  const typed = [...parameters, ...(style === 'callback' ? ['done'] : [])].map((name) => name + any).join(', ');
  const loaded = modules.load(client.binding, client.from);
  const head = loaded.includes(HERE) ? loaded.replace(HERE, gained) : loaded + gained;
  const body = client.body[style]!(login);
  const isAsync = style === 'await' ? 'async ' : '';
  return `${head}\n${also ? `${also}\n` : ''}${exported}${isAsync}function connect(${typed}) {\n${body}}\n${end}`;
}

const fixtures = Object.entries(CLIENTS).flatMap(([name, client]) =>
  Object.entries(MODULES).flatMap(([form, modules]) =>
    (Object.keys(client.body) as Style[]).flatMap((style): Fixture[] => {
      const login = style === 'callback' ? client.login : (client.loginAsync ?? client.login);
      const path = `src/${form}-${style}.${modules.extension}`;
      const title = `${name}, ${form}, ${style}`;
      const withLogin = (username: string, password: string, parameters: string[]) => file(modules, client, style, parameters, login(username, password), '');
      const input = withLogin('process.env.SF_USERNAME', 'process.env.SF_PASSWORD', []);
      const output = file(modules, client, style, [], client.becomes('process.env.SF_USERNAME'), modules.gained(client.gains)).replace(URL_BEFORE, URL_AFTER);
      const twin = withLogin('username', 'password', ['username', 'password']);
      return [
        { name: title, group: 'migrated', path, input, output, options: {} },
        { name: title, group: 'marked', path, input: twin, output: marked(twin, client, login('username', 'password')), options: {} },
      ];
    }),
  ),
);

/** With the marker above the statement that logs in. */
function marked(text: string, { rule }: Client, login: string): string {
  const start = text.lastIndexOf('\n', text.indexOf(login)) + 1;
  const indent = /^ */.exec(text.slice(start))![0];
  const marker =
    `/* sf-auth-todo(${rule}): the credentials come from the caller. Decide whose identity this is. The application's own: authorize(conn, { username }) from salesforce-auth-client. ` +
    "A customer's or a user's: let them grant access through OAuth instead of handing over a password. */";
  return `${text.slice(0, start)}${indent}${marker}\n${text.slice(start)}`;
}

describeFixtures({
  name: 'soap-login-to-oauth',
  transform,
  fixtures,
  states: { migrated: 'migrated', marked: 'marked' },
  rules: ['no-soap-login', 'no-password-grant'],
  found: ({ path }, input) => loginsIn(buildSource(path, input)).length,
});
