import { describe, expect, it } from 'vitest';
import { modelOf } from '../../analysis/file';
import { buildSource } from '../../analysis/source';

describe('the nodes inside another', () => {
  const code = 'before(); const again = async () => { login().then(send(one)); }; after();';
  const file = modelOf(buildSource('case.js', code));
  const textOf = (node: never) => file.source.getText(node);
  const called = (text: string) => file.all('CallExpression').find((call) => textOf(call as never) === text)!;

  it('are it, and what stands in it', () => {
    expect(file.allIn('CallExpression', called('login().then(send(one))')).map((call) => textOf(call as never))).toEqual(['login().then(send(one))', 'login()', 'send(one)']);
  });

  it('are not what is around it and begins where it does', () => {
    expect(file.allIn('CallExpression', called('login()')).map((call) => textOf(call as never))).toEqual(['login()']);
  });
});
