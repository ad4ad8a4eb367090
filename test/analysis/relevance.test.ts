import { describe, expect, it } from 'vitest';
import { isBundle, concernsUs, loginsIn } from '../../analysis';
import { buildSource } from '../../analysis/source';
import { loginCases } from '../rules/cases';
import { readMarks } from '../support/cases';

describe('concernsUs', () => {
  it('lets through every text with a finding', () => {
    const reported = loginCases.filter(({ code }) => /[⟦⟪]/.test(code));
    expect(reported.length).toBeGreaterThan(100);
    expect(reported.filter(({ code }) => !concernsUs(readMarks(code).code)).map(({ name }) => name)).toEqual([]);
  });

  it.each(['conn.login(user, pass)', "import { login } from './auth'", 'class A extends Connection {}', 'const transformed = 1;', 'performance.now()', 'transform_', "'asf'", 'asfdc = 1', '// the self org', 'mysfhost', 'reforcetk', 'xnforce', 'sessionid', 'distance_url'])('stops %j', (text) => {
    expect(concernsUs(text)).toBe(false);
    expect(loginsIn(buildSource('file.js', text))).toEqual([]);
  });

  it.each(["require('jsforce')", 'https://login.salesforce.com', 'nforce8', 'process.env.SF_USER', 'SFDC', '/services/Soap/u/60.0', '/services/oauth2/token', '// sf-auth-todo(x): y', 'MY_SF_USER', "exec('sf')", 'sf org display', 'sfHost', 'nforce', 'forcetk', 'sforce', 'getSessionId', '{!$Api.Session_ID}', 'instanceUrl', 'frontdoor.jsp', 'forcedotcom'])('lets %j through', (text) =>
    expect(concernsUs(text)).toBe(true),
  );
});

describe('a bundle', () => {
  const line = `const salesforce = '${'x'.repeat(80)}';\n`;
  it.each([
    ['a large file with lines as people write them', line.repeat(8_000), false],
    ['a small file on one line', line.repeat(1_000).replaceAll('\n', ' '), false],
    ['a large file on one line', line.repeat(2_500).replaceAll('\n', ' '), true],
    ['a file of more than 2 MB', line.repeat(25_000), true],
  ])('%s', (_, text, expected) => expect(isBundle(text)).toBe(expected));
});
