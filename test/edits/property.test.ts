import { describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import type { Source } from '../../analysis/source';
import { addProperty, removeProperty } from '../../edits';
import type { TSESTree } from '@typescript-eslint/utils';
import { apply, checkAll, find } from './support';

const objectOf = (source: Source): TSESTree.ObjectExpression | TSESTree.ObjectPattern =>
  find(source, (node): node is TSESTree.ObjectExpression | TSESTree.ObjectPattern => /^Object(?:Expression|Pattern)$/.test(node.type));

const removeAt = (index: number) => (source: Source) => removeProperty(source, objectOf(source).properties[index]!);

describe('removeProperty', () => {
  it.each<[string, string, number, string]>([
    ['the only one', 'f({ a: 1 });', 0, 'f({});'],
    ['the only one, on its line', 'f({\n  a: 1,\n});', 0, 'f({});'],
    ['the only one, below a comment on the object', 'f({ // options\n  a: 1,\n});', 0, 'f({ // options\n});'],
    ['the first', 'f({ a: 1, b: 2 });', 0, 'f({ b: 2 });'],
    ['the first, tight', 'f({a: 1, b: 2});', 0, 'f({b: 2});'],
    ['the middle', 'f({ a: 1, b: 2, c: 3 });', 1, 'f({ a: 1, c: 3 });'],
    ['the last', 'f({ a: 1, b: 2 });', 1, 'f({ a: 1 });'],
    ['the last, trailing comma', 'f({ a: 1, b: 2, });', 1, 'f({ a: 1, });'],
    ['a line', 'f({\n  a: 1,\n  b: 2,\n  c: 3\n});', 1, 'f({\n  a: 1,\n  c: 3\n});'],
    ['the last line', 'f({\n  a: 1,\n  b: 2\n});', 1, 'f({\n  a: 1\n});'],
    ['the last line, trailing comma', 'f({\n  a: 1,\n  b: 2,\n});', 1, 'f({\n  a: 1,\n});'],
    ['with its comments', 'f({\n  a: 1, // A\n  // B\n  /* B too */ b: 2, // B, too\n  // C\n  c: 3,\n});', 1, 'f({\n  a: 1, // A\n  // C\n  c: 3,\n});'],
    ['with its documentation', 'f({\n  /**\n   * A\n   */\n  a: 1,\n  b: 2,\n});', 0, 'f({\n  b: 2,\n});'],
    ['not a section heading', 'f({\n  a: 1,\n\n  // --- section ---\n\n  b: 2,\n  c: 3,\n});', 1, 'f({\n  a: 1,\n\n  // --- section ---\n\n  c: 3,\n});'],
    ['the last, below a comment on the line above', 'f({\n  a: 1, // A\n  b: 2 // B\n});', 1, 'f({\n  a: 1 // A\n});'],
    ['not the comment at the end of the object', 'f({\n  a: 1,\n  b: 2\n  // end\n});', 1, 'f({\n  a: 1\n  // end\n});'],
    ['several lines', 'f({\n  a: {\n    b: 1,\n  },\n  c: 2,\n});', 0, 'f({\n  c: 2,\n});'],
    ['two on a line', 'f({\n  a: 1, b: 2,\n  c: 3,\n});', 1, 'f({\n  a: 1,\n  c: 3,\n});'],
    ['the first of two on a line', 'f({\n  a: 1, b: 2,\n  c: 3,\n});', 0, 'f({\n  b: 2,\n  c: 3,\n});'],
    ['comma first', 'f({\n    a: 1\n  , b: 2\n  , c: 3\n});', 1, 'f({\n    a: 1\n  , c: 3\n});'],
    ['a spread', 'f({ ...a, b });', 0, 'f({ b });'],
    ['a method', 'f({\n  a() {\n    b();\n  },\n  c,\n});', 0, 'f({\n  c,\n});'],
    ['a pattern', 'const { a, b } = c;', 0, 'const { b } = c;'],
    ['a pattern with defaults', 'const { a, b = 1 } = c;', 1, 'const { a } = c;'],
    ['the last of a pattern', 'const { a } = b;', 0, 'const {} = b;'],
    ['a rest element', 'const { a, ...b } = c;', 1, 'const { a } = c;'],
    ['what a rest element would collect, not', 'const { a, ...b } = c;', 0, 'const { a, ...b } = c;'],
    ['one before a parenthesised value', 'f({ a: 1, b: (2) });', 1, 'f({ a: 1 });'],
  ])('%s', (_name, before, index, after) => {
    checkAll(before, after, removeAt(index));
  });

  it('leaves a template beside it as it is', () => {
    const text = 'f({\n  a: 1,\n  b: `\n\r\n\t<x>  \n  ${y}`,\n});';
    expect(apply('/repo/a.js', text, removeAt(0))).toBe(text.replace('  a: 1,\n', ''));
  });

  it('keeps the type of a pattern', () => {
    expect(apply('/repo/a.ts', 'const { a, b }: { b: C; a: D } = e;', removeAt(1))).toBe('const { a }: { b: C; a: D } = e;');
  });

  it('gives nothing for what is in no object', () => {
    const source = buildSource('/repo/a.js', 'a');
    expect(removeProperty(source, source.ast)).toBeUndefined();
  });
});

describe('addProperty', () => {
  it.each([
    ['empty', 'f({});', 'f({ x: 1 });'],
    ['empty, over lines', 'f({\n});', 'f({ x: 1 });'],
    ['empty, a comment', 'f({ /* none */ });', 'f({ /* none */ x: 1 });'],
    ['a line comment', 'if (a) {\n  f({\n    // none\n  });\n}', 'if (a) {\n  f({\n    // none\n    x: 1\n  });\n}'],
    ['one', 'f({ a: 1 });', 'f({ a: 1, x: 1 });'],
    ['tight', 'f({a: 1});', 'f({a: 1, x: 1});'],
    ['trailing comma', 'f({ a: 1, });', 'f({ a: 1, x: 1, });'],
    ['lines', 'f({\n  a: 1\n});', 'f({\n  a: 1,\n  x: 1\n});'],
    ['lines, trailing comma, comment', 'f({\n  a: 1, // A\n});', 'f({\n  a: 1, // A\n  x: 1,\n});'],
    ['lines, comment', 'f({\n  a: 1 // A\n});', 'f({\n  a: 1, // A\n  x: 1\n});'],
    ['comma first', 'f({\n    a: 1\n  , b: 2\n});', 'f({\n    a: 1\n  , b: 2\n  , x: 1\n});'],
    ['before a rest element', 'const { a, ...b } = c;', 'const { a, x: y, ...b } = c;'],
    ['before a rest element on its line', 'const {\n  a,\n  ...b\n} = c;', 'const {\n  a,\n  x: y,\n  ...b\n} = c;'],
  ])('%s', (name, before, after) => {
    checkAll(before, after, (source) => addProperty(source, objectOf(source), /rest/.test(name) ? 'x: y' : 'x: 1'));
  });

  it('finds the end of a pattern with a type', () => {
    expect(apply('/repo/a.ts', 'function f({ a }: { a: B }) {}', (source) => addProperty(source, objectOf(source), 'x'))).toBe(
      'function f({ a, x }: { a: B }) {}',
    );
  });
});
