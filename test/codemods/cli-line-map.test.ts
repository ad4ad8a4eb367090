import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineMap } from '../../codemods/cli/line-map';

describe('lineMap', () => {
  it('follows lines past what was put in, taken out and changed', () => {
    const map = lineMap('a\nb\nc\nd\ne', 'import\na\nB\nc\ne');
    expect([1, 2, 3, 4, 5].map(map)).toEqual([2, 3, 4, 4, 5]);
  });

  it('is the identity on equal texts, and minds no line ending', () => {
    expect(lineMap('a\nb', 'a\nb')(2)).toBe(2);
    expect(lineMap('a\r\nb\r\n', 'x\na\nb\n')(2)).toBe(3);
  });

  it('stays inside the new text and never turns back', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (from, to) => {
        const map = lineMap(from.join('\n'), to.join('\n'));
        const mapped = from.map((_, index) => map(index + 1));
        expect(mapped.every((line) => line >= 1 && line <= to.length)).toBe(true);
        expect(mapped).toEqual([...mapped].sort((a, b) => a - b));
      }),
    );
  });

  it('finds every line that only moved down', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.array(fc.constantFrom('x', 'y'), { maxLength: 4 }), fc.nat(11), (from, added, position) => {
        const at = Math.min(position, from.length);
        const map = lineMap(from.join('\n'), [...from.slice(0, at), ...added, ...from.slice(at)].join('\n'));
        for (let index = 0; index < from.length; index++) expect(map(index + 1)).toBe(index < at ? index + 1 : index + added.length + 1);
      }),
    );
  });
});
