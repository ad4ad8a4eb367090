import { describe, expect, it } from 'vitest';
import { leaksIn, urlLeaksIn } from '../../analysis';
import { modelOf } from '../../analysis/file';
import { buildSource } from '../../analysis/source';
import { tokensOf } from '../../analysis/tokens/reader';
import { isForeignName, isStandIn, perhapsSecretNamed, secretNamed } from '../../analysis/vocabulary/secrets';

/** What printing the argument of `show(…)` shows. */
function shown(code: string, scope: 'salesforce' | 'any' = 'salesforce') {
  const file = modelOf(buildSource('case.js', code));
  const call = file.all('CallExpression').find(({ callee }) => callee.type === 'Identifier' && callee.name === 'show')!;
  const secret = tokensOf(file, scope).secretIn(call.arguments[0]!);
  return secret && [secret.kind, secret.holder].filter(Boolean).join(' in ');
}

describe('names', () => {
  it.each([
    ['accessToken', 'access token'], ['SF_ACCESS_TOKEN', 'access token'], ['newRefreshToken', 'refresh token'], ['client-secret', 'client secret'], ['sfdcPassword', 'password'], ['jwtAssertion', 'JWT assertion'],
  ])('%s is a secret', (name, kind) => expect(secretNamed(name)).toBe(kind));

  it.each(['accessTokenUrl', 'hasAccessToken', 'maskedPassword', 'tokenLength', 'csrfToken', 'passwordField', 'token', ''])('%s is none', (name) => expect(secretNamed(name)).toBeUndefined());

  it('know weak ones, foreign ones and placeholders', () => {
    expect(['token', 'sid', 'myJwt', 'tokens', 'pageToken'].map(perhapsSecretNamed)).toEqual(['access token', 'session id', 'JWT assertion', undefined, undefined]);
    expect(['slackToken', 'DB_PASSWORD', 'salesforceDbPassword', 'accessToken'].map(isForeignName)).toEqual([true, true, false, false]);
    expect(['', '***', 'YOUR_TOKEN', '<token>', 'not set', 'password', 'hunter2'].map(isStandIn)).toEqual([true, true, true, true, true, true, false]);
  });
});

describe('TokenReader', () => {
  const JSFORCE = "const jsforce = require('jsforce'); const conn = new jsforce.Connection({});";

  it.each([
    ['a connection', `${JSFORCE} show(conn);`, 'access token in connection'],
    ['its OAuth2 client', `${JSFORCE} show(conn.oauth2);`, 'client secret in OAuth2 client'],
    ['a spread', `${JSFORCE} const a = { token: conn.accessToken }; show({ ...a, b: 1 });`, 'access token in object'],
    ['a list', `${JSFORCE} show(['x', conn.accessToken]);`, 'access token in object'],
    ['a function of the file', `${JSFORCE} const get = () => conn.accessToken; show(get());`, 'access token'],
    ['a token request in a chain', "show(fetch('https://login.salesforce.com/services/oauth2/token').then((r) => r.json()));", 'access token in token response'],
    ['what one branch gives', `${JSFORCE} show(verbose ? conn.accessToken : 'none');`, 'access token'],
  ])('finds %s', (_, code, expected) => expect(shown(code)).toBe(expected));

  it.each([
    ['the address of a connection', `${JSFORCE} show(conn.instanceUrl);`],
    ['a piece', `${JSFORCE} show(conn.accessToken.slice(0, 4));`],
    ['a comparison', `${JSFORCE} show(conn.accessToken === other);`],
    ['a masked value', `${JSFORCE} show(isReal ? '[masked]' : conn.accessToken);`],
    ['a cycle', `${JSFORCE} let a = b; let b = a; a = { ...a }; show(a);`],
    ['a replaced secret', `${JSFORCE} show({ ...{ accessToken: conn.accessToken }, accessToken: '***' });`],
  ])('is silent on %s', (_, code) => expect(shown(code)).toBeUndefined());

  it('reads any OAuth client where the scope says so', () => {
    const code = "const refreshToken = load(); show(refreshToken); fetch('https://auth.example.com/oauth/token');";
    expect(shown(code)).toBeUndefined();
    expect(shown(code, 'any')).toBe('refresh token');
  });
});

describe('leaks', () => {
  it('are found once for a call, in source order', () => {
    const source = buildSource('case.js', "const jsforce = require('jsforce'); const conn = new jsforce.Connection({});\nconsole.log(conn.accessToken, conn.refreshToken, conn);\nconsole.log(conn);");
    expect(leaksIn(source, 'salesforce').map(({ node }) => node.loc.start.line)).toEqual([2, 3]);
  });

  it('in URLs are found once, where the parameter meets its value', () => {
    const source = buildSource('case.js', "const conn = new (require('jsforce').Connection)({});\nconst url = `${conn.instanceUrl}/secur/frontdoor.jsp?sid=${conn.accessToken}`;\nopen(url + '&retURL=' + path);");
    expect(urlLeaksIn(source, 'salesforce').map(({ node, parameter }) => [node.loc.start.line, parameter])).toEqual([[2, 'sid']]);
  });
});

describe('leaksIn under scope any', () => {
  const leaks = (code: string) => leaksIn(buildSource('case.js', code), 'any').length;

  it('leaves an authorization server to hand out its tokens', () => {
    expect(leaks("export const answer = (res, accessToken) => res.json({ access_token: accessToken, token_type: 'Bearer' });")).toBe(0);
    expect(leaks('export const answer = (res, accessToken) => res.json({ access_token: accessToken });')).toBe(1);
    expect(leaks("import jsforce from 'jsforce';\nexport const answer = (res, accessToken) => res.json({ access_token: accessToken, token_type: 'Bearer' });")).toBe(1);
  });
});
