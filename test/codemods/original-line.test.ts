import { describe, expect, it } from 'vitest';
import { originalLines } from '../../codemods/cli/original-line';

const text = (lines: string) => lines.split(' ').join('\n');
const mapped = (before: string, after: string) => after.split(' ').map((_, index) => originalLines(text(before), text(after))(index + 1));

describe('a line of a rewritten text comes from', () => {
  it.each<[string, string, string, number[]]>([
    ['the same one, where nothing changed', 'a b c', 'a b c', [1, 2, 3]],
    ['the one it follows, where it was added', 'a b c', 'a x b c', [1, 1, 2, 3]],
    ['the one it follows, where several were', 'a b', 'a x y b', [1, 1, 1, 2]],
    ['the one behind those that were taken out', 'a b c d', 'a d', [1, 4]],
    ['the one in its place, where it was changed', 'a b c', 'a x c', [1, 2, 3]],
    ['its own, behind an import and a changed call', 'i a call b call', 'i n a CALL b CALL', [1, 1, 2, 3, 4, 5]],
    ['the first, where all before it is new', 'a', 'x y a', [1, 1, 1]],
    ['the last, where all behind it is new', 'a', 'a x', [1, 1]],
  ])('%s', (_name, before, after, lines) => {
    expect(mapped(before, after)).toEqual(lines);
  });
});
