import { describe } from 'vitest';
import rule from '../../rules/valid-authorization-header';
import { testTable } from '../support/rule-table';

const ANY = { 'salesforce-auth': { scope: 'any' } };
const SF = `// Salesforce\n`;

describe('valid-authorization-header', () => {
  testTable(rule, {
    valid: [
      { name: 'as it should be', code: `${SF}const headers = { Authorization: 'Bearer ' + token, authorization: \`Bearer \${token}\` };` },
      { name: 'lower and upper case', code: `${SF}const a = { authorization: \`bearer \${token}\` };\nconst b = { AUTHORIZATION: 'BEARER ' + token };` },
      { name: 'the space as a piece of its own', code: `${SF}const headers = { Authorization: 'Bearer' + ' ' + token };\nconst other = { Authorization: 'Bearer' + separator + token };` },
      { name: 'the scheme from elsewhere', code: `${SF}const headers = { Authorization: \`\${scheme} \${token}\` };` },
      { name: 'a token that may hold the scheme', code: `${SF}const headers = { Authorization: token };\nconst cached = { Authorization: cache.accessToken };` },
      { name: 'the space with the token, both or neither', code: `${SF}const headers = { Authorization: 'Bearer' + (token ? ' ' + token : '') };` },
      { name: 'other schemes', code: `${SF}const a = { Authorization: \`token \${t}\` };\nconst b = { Authorization: \`SSWS \${t}\` };\nconst c = { Authorization: \`Hawk id="\${t}"\` };\nconst d = { Authorization: \`Reader \${t}\` };` },
      { name: 'Basic with an id and a secret', code: `${SF}const headers = { Authorization: 'Basic ' + Buffer.from(id + ':' + secret).toString('base64') };` },
      { name: 'Basic with a colon that is encoded', code: `${SF}const key = a && b ? 'Basic ' + Buffer.from('' + ':' + b).toString('base64') : '';\nconst headers = { Authorization: key };` },
      { name: 'OAuth outside the strict preset', code: `${SF}const headers = { Authorization: 'OAuth ' + token };` },
      { name: 'OAuth for streaming', options: { oauthScheme: false }, code: `${SF}faye.setHeader('Authorization', 'OAuth ' + token);` },
      { name: 'X-SFDC-Session with the bare token', code: `const headers = { 'X-SFDC-Session': token };` },
      { name: 'near names that are others', code: `${SF}const headers = { 'X-Authorization': 'Bearer ' + token, authorized: true, authorizations: list };` },
      { name: 'an English word outside headers', code: `${SF}const form = { authorisation: 'Given by ' + name };` },
      { name: 'Authentication for another server', settings: ANY, code: `fetch('https://api.acme.example', { headers: { Authentication: 'Bearer ' + token } });` },
      { name: 'text that another tool fills in', code: `${SF}const server = { headers: { Authorization: 'Bearer \${API_TOKEN}' } };` },
      { name: 'a token set later', code: `${SF}let token = null;\nexport const use = (value) => { token = value; };\nexport const headers = () => ({ Authorization: 'Bearer ' + token });` },
      { name: 'a token in an object that is filled later', code: `${SF}const state = { token: null };\nstate.token = login();\nconst headers = { Authorization: \`Bearer \${state.token}\` };` },
      { name: 'an endpoint is not in the header', code: `${SF}fetch(process.env.TOKEN_URL, { headers: { Authorization: \`Bearer \${process.env.ACCESS_TOKEN}\` } });` },
      { name: "somebody else's header", code: `${SF}fetch('https://api.acme.example/v1', { headers: { Authorization: 'Bearer' + token } });` },
      { name: 'a bare token for another server', settings: ANY, code: `async function f() { const r = await post(); return fetch('https://api.acme.example', { headers: { Authorization: r.access_token } }); }` },
    ],
    invalid: [
      { name: 'no space, concatenated', ids: ['missingSpace'], code: `${SF}const headers = { Authorization: ⟦'Bearer' + token⟧ };`, output: `${SF}const headers = { Authorization: 'Bearer ' + token };` },
      { name: 'no space, in a template', ids: ['missingSpace'], code: `${SF}const headers = { Authorization: ⟦\`Bearer\${token}\`⟧ };`, output: `${SF}const headers = { Authorization: \`Bearer \${token}\` };` },
      { name: 'no space, by a setter', ids: ['missingSpace'], code: `${SF}xhr.setRequestHeader('Authorization', ⟦'OAuth' + token⟧);`, output: `${SF}xhr.setRequestHeader('Authorization', 'OAuth ' + token);` },
      { name: 'no space, in a variable', ids: ['missingSpace'], code: `${SF}const value = ⟦'Bearer' + token⟧;\nconst headers = { Authorization: value };`, output: `${SF}const value = 'Bearer ' + token;\nconst headers = { Authorization: value };` },
      { name: 'no space, in one of two', ids: ['missingSpace'], code: `${SF}const headers = new Headers({ Authorization: token ? ⟦'Bearer' + token⟧ : '' });`, output: `${SF}const headers = new Headers({ Authorization: token ? 'Bearer ' + token : '' });` },
      {
        name: 'no space, for any server: nothing is fixed unasked',
        ids: ['missingSpace'],
        settings: ANY,
        code: `axios.defaults.headers.common['Authorization'] = ⟦'Bearer' + localStorage.getItem('token')⟧;`,
        suggestions: [`axios.defaults.headers.common['Authorization'] = 'Bearer ' + localStorage.getItem('token');`],
      },
      { name: 'a colon', ids: ['strayText'], code: `${SF}request.headers['Authorization'] = ⟦\`Bearer: \${token}\`⟧;`, suggestions: [`${SF}request.headers['Authorization'] = \`Bearer \${token}\`;`] },
      { name: 'a colon before a token that starts out empty', ids: ['strayText'], code: `${SF}class Config {\n  static accessToken = '';\n  headers() {\n    return { Authorization: ⟦\`Bearer: \${Config.accessToken}\`⟧ };\n  }\n}`, suggestions: [`${SF}class Config {\n  static accessToken = '';\n  headers() {\n    return { Authorization: \`Bearer \${Config.accessToken}\` };\n  }\n}`] },
      { name: 'two spaces', ids: ['strayText'], code: `${SF}headers.append('Authorization', ⟦'Bearer  ' + token⟧);`, suggestions: [`${SF}headers.append('Authorization', 'Bearer ' + token);`] },
      { name: 'a plus sign in a template', ids: ['strayText'], code: `${SF}headers.set('authorization', ⟦\`Bearer + \${token}\`⟧);`, suggestions: [`${SF}headers.set('authorization', \`Bearer \${token}\`);`] },
      { name: 'the scheme twice', ids: ['doubledScheme'], code: `${SF}const value = 'Bearer ' + token;\nconst headers = { Authorization: ⟦\`Bearer \${value}\`⟧ };` },
      { name: 'a misspelt name', ids: ['misspeltName'], code: `${SF}const headers = { ⟦Authorisation⟧: 'Bearer ' + token };`, output: `${SF}const headers = { Authorization: 'Bearer ' + token };` },
      { name: 'a misspelt name in quotes', ids: ['misspeltName'], code: `${SF}xhr.setRequestHeader(⟦'Authorizaton'⟧, 'Bearer ' + token);`, output: `${SF}xhr.setRequestHeader('Authorization', 'Bearer ' + token);` },
      { name: 'a misspelt name in lower case', ids: ['misspeltName'], code: `${SF}headers[⟦'autorization'⟧] = \`Bearer \${token}\`;`, output: `${SF}headers['authorization'] = \`Bearer \${token}\`;` },
      { name: 'a misspelt scheme', ids: ['misspeltScheme'], code: `${SF}const headers = { Authorization: ⟦'Barer ' + token⟧ };`, output: `${SF}const headers = { Authorization: 'Bearer ' + token };` },
      { name: 'a scheme with two letters swapped', ids: ['misspeltScheme'], code: `${SF}const headers = { Authorization: ⟦\`Baerer \${token}\`⟧ };`, output: `${SF}const headers = { Authorization: \`Bearer \${token}\` };` },
      { name: 'name and scheme', ids: ['misspeltName', 'misspeltScheme'], code: `${SF}const headers = { ⟦Authorizaton⟧: ⟦'Beare ' + token⟧ };`, output: `${SF}const headers = { Authorization: 'Bearer ' + token };` },
      { name: 'Authentication', ids: ['wrongName'], code: `fetch('https://acme.my.salesforce.com/services/data', { headers: { ⟦Authentication⟧: 'Bearer ' + token } });`, suggestions: [`fetch('https://acme.my.salesforce.com/services/data', { headers: { Authorization: 'Bearer ' + token } });`] },
      { name: 'a template in quotes', ids: ['notFilledIn'], code: `${SF}const call = (token) => fetch(url, { headers: { Authorization: ⟦'Bearer \${token}'⟧ } });` },
      { name: 'a concatenation in quotes', ids: ['notFilledIn'], code: `${SF}const call = (token) => fetch(url, { headers: { Authorization: ⟦'Bearer + token'⟧ } });` },
      { name: 'a token that is never set', ids: ['noToken'], code: `${SF}export function call() {\n  let token = null;\n  return fetch(url, { headers: { Authorization: ⟦'Bearer ' + token⟧ } });\n}` },
      { name: 'a bare token of the response', ids: ['noScheme'], code: `${SF}const response = requestToken();\nconst headers = { Authorization: ⟦response.access_token⟧ };` },
      { name: 'the address for the token', ids: ['urlForToken'], code: `${SF}const headers = { authorization: ⟦\`Bearer \${process.env.TOKEN_URL}\`⟧ };` },
      { name: 'the address as text', ids: ['urlForToken'], settings: ANY, code: `const URL = 'https://id.acme.example/token';\nconst headers = { authorization: ⟦\`Bearer \${URL}\`⟧ };` },
      { name: 'Basic with an access token', ids: ['basicWithToken'], code: `${SF}const headers = { Authorization: ⟦'Basic ' + response.access_token⟧ };` },
      { name: 'X-SFDC-Session with a scheme', ids: ['schemeInSessionHeader'], code: `const headers = { 'X-SFDC-Session': ⟦'Bearer ' + token⟧ };\nsalesforce(headers);`, suggestions: [`const headers = { 'X-SFDC-Session': '' + token };\nsalesforce(headers);`] },
      { name: 'OAuth in the strict preset', ids: ['oldScheme'], options: { oauthScheme: false }, code: `${SF}const headers = { Authorization: ⟦'OAuth ' + token⟧ };`, suggestions: [`${SF}const headers = { Authorization: 'Bearer ' + token };`] },
      { name: 'in TypeScript', lang: 'ts', ids: ['missingSpace'], code: `${SF}const headers: HeadersInit = { Authorization: ⟦\`Bearer\${token as string}\`⟧ };`, output: `${SF}const headers: HeadersInit = { Authorization: \`Bearer \${token as string}\` };` },
      { name: 'as a pair', ids: ['missingSpace'], code: `${SF}const headers = new Headers([['Authorization', ⟦'Bearer' + token⟧]]);`, suggestions: [`${SF}const headers = new Headers([['Authorization', 'Bearer ' + token]]);`] },
    ],
  });
});
