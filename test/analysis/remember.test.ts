import { describe, expect, it } from 'vitest';
import { rememberNames } from '../../analysis/remember';

describe('a function of names', () => {
  it('is asked once for each', () => {
    const asked: string[] = [];
    const length = rememberNames((name) => asked.push(name) && name.length);
    expect(['token', 'sid', 'token', 'sid'].map(length)).toEqual([5, 3, 5, 3]);
    expect(asked).toEqual(['token', 'sid']);
  });

  it('is asked once where it has no answer', () => {
    let times = 0;
    const none = rememberNames((): undefined => void times++);
    expect([none('token'), none('token')]).toEqual([undefined, undefined]);
    expect(times).toBe(1);
  });

  it.each(['__proto__', 'constructor', 'toString', ''])('knows %j for a name like any other', (name) => {
    const same = rememberNames((one) => `the name ${one}`);
    expect([same(name), same(name)]).toEqual([`the name ${name}`, `the name ${name}`]);
  });

  it('goes on answering when it has met more names than it keeps', () => {
    const same = rememberNames((one) => one.length);
    for (let index = 0; index < 50_000; index++) expect(same(`name${index}`)).toBe(`name${index}`.length);
  });
});
