import { describe, expect, it } from 'vitest';
import { applyEdits, type Edit } from '../../edits';

const edit = (start: number, end: number, text: string): Edit => ({ range: [start, end], text });

describe('applyEdits', () => {
  it.each<[string, string, Edit[], string]>([
    ['nothing', 'abc', [], 'abc'],
    ['any order', 'abcdef', [edit(4, 5, 'E'), edit(0, 1, 'A')], 'AbcdEf'],
    ['identical edits once', 'abc', [edit(1, 2, 'B'), edit(1, 2, 'B'), edit(0, 0, '!'), edit(0, 0, '!')], '!aBc'],
    ['insertions at one offset in order', 'abc', [edit(1, 1, 'x'), edit(1, 1, 'y')], 'axybc'],
    ['an insertion before a replacement that starts there', 'abc', [edit(1, 2, 'B'), edit(1, 1, 'x')], 'axBc'],
    ['an insertion where a replacement ends', 'abc', [edit(2, 2, 'x'), edit(1, 2, 'B')], 'aBxc'],
    ['neighbours', 'abc', [edit(1, 2, ''), edit(0, 1, 'A')], 'Ac'],
    ['the end', 'abc', [edit(3, 3, 'd')], 'abcd'],
    ['offsets behind a byte-order mark', '\uFEFFabc', [edit(0, 1, 'A')], '\uFEFFAbc'],
  ])('%s', (_name, text, edits, expected) => {
    expect(applyEdits(text, edits)).toBe(expected);
  });

  it('leaves the given array as it was', () => {
    const edits = [edit(2, 3, 'C'), edit(0, 1, 'A')];
    applyEdits('abc', edits);
    expect(edits[0]).toEqual(edit(2, 3, 'C'));
  });

  it.each<[string, Edit[], RegExp]>([
    ['overlapping replacements', [edit(0, 2, 'x'), edit(1, 3, 'y')], /\[0, 2\].*\[1, 3\].*overlap/],
    ['two texts for one range', [edit(0, 2, 'x'), edit(0, 2, 'y')], /\[0, 2\].*\[0, 2\].*overlap/],
    ['an insertion inside a replacement', [edit(0, 3, 'x'), edit(1, 1, 'y')], /\[0, 3\].*\[1, 1\].*overlap/],
    ['a range outside the text', [edit(2, 9, 'x')], /\[2, 9\] lies outside/],
    ['a range backwards', [edit(2, 1, 'x')], /\[2, 1\] lies outside/],
  ])('throws on %s and shows no text', (_name, edits, message) => {
    expect(() => applyEdits('secret', edits)).toThrow(message);
    expect(() => applyEdits('secret', edits)).not.toThrow(/secret/);
  });
});
