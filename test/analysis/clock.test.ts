import { describe, expect, it } from 'vitest';
import { clockOf } from '../../analysis/time/clock';
import { modelOf } from '../../analysis/file';
import { buildSource } from '../../analysis/source';

/** What the last declared `it` of a code comes to: now, constant, unit, and the names of what is read. */
function worth(code: string): string[] {
  const file = modelOf(buildSource('case.js', code));
  const declared = file.all('VariableDeclarator').filter((one) => one.id.type === 'Identifier' && one.id.name === 'it').at(-1)!;
  return clockOf(file)
    .of(declared.init!)
    .map((one) => [...(one.now ? [`${one.now} now`] : []), ...one.terms.map((term) => `${term.sign === 1 ? '+' : '-'}${term.name}`), String(one.constant), one.unit ?? '?'].join(' '));
}

describe('what an expression says about time', () => {
  it.each([
    ['Date.now()', '1 now 0 ms'],
    ['new Date().getTime()', '1 now 0 ms'],
    ['+new Date()', '1 now 0 ms'],
    ['new Date().valueOf() / 1000', '1 now 0 s'],
    ['Math.floor(Date.now() / 1000) + 300', '1 now 300 s'],
    ['process.hrtime()[0]', '1 now 0 s'],
    ['performance.now()', '1 now 0 ms'],
    ['Math.trunc(Date.now() / 1e3)', '1 now 0 s'],
    ['~~(Date.now() / 1000)', '1 now 0 s'],
    ['60 * 60 * 1000', '3600000 ?'],
    ['t.expires_in', '+expires_in 0 s'],
    ['t.expires_in * 1000', '+expires_in 0 ms'],
    ['(t.expires_in - 60) * 1000', '+expires_in -60000 ms'],
    ['parseInt(t.expires_in, 10)', '+expires_in 0 s'],
    ['Date.now() + t.expires_in * 1000', '1 now +expires_in 0 ms'],
    ['t.expiresAt - Date.now()', '-1 now +expiresAt 0 ms'],
    ['Math.max(t.expiresAt - Date.now() - 60000, 0)', '-1 now +expiresAt -60000 ms'],
    ['t.tokenTtlSeconds', '+tokenTtlSeconds 0 s'],
    ['jwtDecode(t).exp', '+exp 0 s'],
    ['t.exp', '+exp 0 ?'],
    ['Date.parse(t.expires)', '+expires 0 ms'],
    ['t.expires_in ? Date.now() + t.expires_in * 1000 : null', '1 now +expires_in 0 ms'],
    ['nowInSeconds()', '1 now 0 s'],
  ])('%s', (code, expected) => {
    expect(worth(`const it = ${code};`)).toEqual([expected]);
  });

  it.each([
    ["const moment = require('moment'); const it = moment().unix();", '1 now 0 s'],
    ["const moment = require('moment'); const it = moment().add(5, 'minutes').valueOf();", '1 now 300000 ms'],
    ["const moment = require('moment'); const it = moment(t.expiry).diff(moment(), 'seconds');", '-1 now +expiry 0 s'],
    ["const dayjs = require('dayjs'); const it = dayjs().subtract(10, 'second');", '1 now -10000 ms'],
    ["import { DateTime } from 'luxon'; const it = DateTime.now().plus({ minutes: 2 }).toSeconds();", '1 now 120 s'],
    ["import { addSeconds } from 'date-fns'; const it = addSeconds(new Date(), 90);", '1 now 90000 ms'],
    ["import { getUnixTime } from 'date-fns'; const it = getUnixTime(new Date());", '1 now 0 s'],
  ])('%s', (code, expected) => {
    expect(worth(code)).toEqual([expected]);
  });

  it('follows constants, helpers, fields and changed variables', () => {
    expect(worth('const MIN = 60; const it = 5 * MIN;')).toEqual(['300 ?']);
    expect(worth('const nowSec = () => Math.floor(Date.now() / 1000); const it = nowSec() + 60;')).toEqual(['1 now 60 s']);
    expect(worth('class A { bufferMs = 30000; f() { const it = Date.now() + this.bufferMs; } }')).toEqual(['1 now 30000 ms']);
    expect(worth('function f(t) { let expiry = t.expires_in; expiry -= 60; const it = expiry; }')).toEqual(['+expires_in -60 s']);
    expect(worth('function f(t) { const d = new Date(); d.setSeconds(d.getSeconds() + t.expires_in); const it = d; }')).toEqual(['1 now +expires_in 0 ms']);
  });

  it('takes a moment worked out elsewhere for one of the past', () => {
    expect(worth('let expiry; function keep(t) { expiry = Date.now() + t.expires_in * 1000; } function f() { const it = expiry; }')).toEqual(['+expiry 0 ms']);
  });

  it('ends on values that need each other', () => {
    expect(worth('let a = b; var b = a; const it = a;').length).toBeLessThanOrEqual(1);
    const fields = Array.from({ length: 40 }, (_, index) => `x.expiry${index} = x.expiry${(index + 1) % 40} + y.expiry${(index + 7) % 40};`).join('\n');
    const started = performance.now();
    worth(`function f(x, y) { ${fields} const it = x.expiry0; }`);
    const functions = Array.from({ length: 24 }, (_, index) => `function f${index}(date) { ${[1, 5, 7, 11].map((step) => `f${(index + step) % 24}(date || last);`).join(' ')} return date; }`).join('\n');
    worth(`${functions}\nfunction g(last) { const it = f0(last); }`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
