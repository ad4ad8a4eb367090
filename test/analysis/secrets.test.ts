import { describe, expect, it } from 'vitest';
import { secretsIn } from '../../analysis';
import type { Scope } from '../../analysis/settings';
import { buildSource } from '../../analysis/source';
import { password, refreshToken, securityToken, sessionId } from '../support/secrets';

const found = (code: string, scope: Scope = 'salesforce') => {
  const source = buildSource('case.js', code);
  return secretsIn(source, scope).map(({ kind, range, length }) => ({ kind, text: source.text.slice(...range), length }));
};

describe('secretsIn', () => {
  it('lists what it finds in source order, one per place, with the length of the secret and not of the code', () => {
    const [id, refresh, pass, token] = [sessionId(), refreshToken(), password(), securityToken()];
    const code = `
      const jsforce = require('jsforce');
      const conn = new jsforce.Connection({ accessToken: '${id}', refreshToken: '${refresh}' });
      const password = '${pass}', securityToken = '${token}';
      conn.login('jane', password + securityToken);
      conn.login('joe', password + securityToken);
    `;
    expect(found(code)).toEqual([
      { kind: 'session id', text: `'${id}'`, length: id.length },
      { kind: 'refresh token', text: `'${refresh}'`, length: refresh.length },
      { kind: 'password', text: `'${pass}'`, length: pass.length },
      { kind: 'security token', text: `'${token}'`, length: token.length },
    ]);
  });

  it('points at the secret within a text that has more in it', () => {
    const id = sessionId();
    expect(found(`call("Bearer ${id}", \`a\${b} ${id}\`);`).map(({ text }) => text)).toEqual([id, id]);
  });

  it('finds nothing in a file that has nothing to do with Salesforce', () => {
    expect(found(`client.login('jane', '${password()}'); const clientSecret = '${refreshToken().slice(4, 68)}';`)).toEqual([]);
  });

  it('answers the same when asked again', () => {
    const source = buildSource('case.js', `const token = '${sessionId()}';`);
    expect(secretsIn(source, 'any')).toBe(secretsIn(source, 'any'));
  });
});
