import { describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import { appendArgument, removeArgument, replaceArguments, replaceCallee } from '../../edits';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Source } from '../../analysis/source';
import { apply, checkAll, find } from './support';

const callOf = (source: Source): TSESTree.CallExpression | TSESTree.NewExpression =>
  find(source, (node): node is TSESTree.CallExpression | TSESTree.NewExpression => node.type === 'CallExpression' || node.type === 'NewExpression');

describe('appendArgument', () => {
  it.each([
    ['none', 'f();', 'f(x);'],
    ['none, over two lines', 'f(\n);', 'f(x);'],
    ['none, a comment', 'f(/* none */);', 'f(/* none */ x);'],
    ['none, a line comment', 'f( // none\n);', 'f( // none\n  x\n);'],
    ['one', 'f(a);', 'f(a, x);'],
    ['in parentheses', 'f((a));', 'f((a), x);'],
    ['a sequence', 'f((a, b));', 'f((a, b), x);'],
    ['spread', 'f(...a);', 'f(...a, x);'],
    ['trailing comma', 'f(a, b,);', 'f(a, b, x,);'],
    ['a comment behind the last', 'f(a /* why */);', 'f(a /* why */, x);'],
    ['a line comment behind the last', 'f(a // why\n);', 'f(a, x // why\n);'],
    ['its own line', 'f(\n  a,\n  b\n);', 'f(\n  a,\n  b,\n  x\n);'],
    ['its own line, trailing comma', 'f(\n  a,\n  b,\n);', 'f(\n  a,\n  b,\n  x,\n);'],
    ['its own line, comment', 'f(\n  a,\n  b // why\n);', 'f(\n  a,\n  b, // why\n  x\n);'],
    ['its own line, trailing comma, comment', 'f(\n  a,\n  b, // why\n);', 'f(\n  a,\n  b, // why\n  x,\n);'],
    ['its own line, dangling comment', 'f(\n  a\n  // b\n);', 'f(\n  a,\n  x\n  // b\n);'],
    ['aligned, closing on the line', 'f(a,\n  b);', 'f(a,\n  b,\n  x);'],
    ['two on one inner line', 'f(\n  a, b\n);', 'f(\n  a, b, x\n);'],
    ['a function last', 'f(a, function () {\n  b();\n});', 'f(a, function () {\n  b();\n}, x);'],
    ['comma first', 'f(\n    a\n  , b\n);', 'f(\n    a\n  , b\n  , x\n);'],
    ['a template with lines', 'f(`\n  a\n\t  b`);', 'f(`\n  a\n\t  b`, x);'],
    ['new', 'new A(a);', 'new A(a, x);'],
    ['new without parentheses', 'new A;', 'new A(x);'],
    ['new of a call without parentheses', 'new (a())', 'new (a())(x)'],
    ['optional call', 'a?.(b);', 'a?.(b, x);'],
    ['optional chain in parentheses', '(a?.b(c)).d;', '(a?.b(c, x)).d;'],
    ['callee in parentheses', '(a)(b);', '(a)(b, x);'],
  ])('%s', (name, before, after) => {
    // Tabs would rewrite a template's text; and a file without any indentation does not tell that it likes tabs.
    const withoutTabs = /template|none, a line comment/.test(name);
    checkAll(before, after, (source) => appendArgument(source, callOf(source), 'x'), (variant) => !withoutTabs || !/tabs/.test(variant.name));
  });

  it.each([
    ['type arguments', 'f<A>();', 'f<A>(x);'],
    ['type arguments that hold parentheses', 'f<(a: B) => C>(d);', 'f<(a: B) => C>(d, x);'],
    ['a cast', 'f(a as B);', 'f(a as B, x);'],
  ])('TypeScript: %s', (_name, before, after) => {
    expect(apply('/repo/a.ts', before, (source) => appendArgument(source, callOf(source), 'x'))).toBe(after);
  });

  it('Flow: a cast in parentheses', () => {
    const text = '// @flow\nf<T>((a: B));\n';
    expect(apply('/repo/a.js', text, (source) => appendArgument(source, callOf(source), 'x'))).toBe('// @flow\nf<T>((a: B), x);\n');
  });
});

describe('removeArgument', () => {
  it.each<[string, string, number, string]>([
    ['the only one', 'f(a);', 0, 'f();'],
    ['the only one, with all around it', 'f(\n  // user\n  a, // why\n);', 0, 'f();'],
    ['in parentheses', 'f((a), b);', 0, 'f(b);'],
    ['the first', 'f(a, b);', 0, 'f(b);'],
    ['the first, with its comment', 'f(/* user */ a, /* password */ b);', 0, 'f(/* password */ b);'],
    ['the first, the rest below', 'f(a,\n  b);', 0, 'f(b);'],
    ['the middle', 'f(a, b, c);', 1, 'f(a, c);'],
    ['the middle, the rest below', 'f(a, b,\n  c);', 1, 'f(a,\n  c);'],
    ['the last', 'f(a, b);', 1, 'f(a);'],
    ['the last, with its comment', 'f(a, /* b */ b /* too */);', 1, 'f(a);'],
    ['the last, trailing comma', 'f(a, b,);', 1, 'f(a,);'],
    ['a line of its own', 'f(\n  a,\n  b,\n  c\n);', 1, 'f(\n  a,\n  c\n);'],
    ['a line of its own with comments', 'f(\n  a, // A\n  // B\n  b, // too\n  c // C\n);', 1, 'f(\n  a, // A\n  c // C\n);'],
    ['the last line', 'f(\n  a, // A\n  b // B\n);', 1, 'f(\n  a // A\n);'],
    ['the last line, trailing comma', 'f(\n  a, // A\n  b, // B\n);', 1, 'f(\n  a, // A\n);'],
    ['behind a line comment that must not swallow the rest', 'f(a, // A\n  b);', 1, 'f(a // A\n  );'],
    ['comma first', 'f(\n    a\n  , b\n  , c\n);', 1, 'f(\n    a\n  , c\n);'],
    ['comma first, the last', 'f(\n    a // A\n  , b // B\n);', 1, 'f(\n    a // A\n);'],
    ['new', 'new A(a, b);', 0, 'new A(b);'],
  ])('%s', (_name, before, index, after) => {
    checkAll(before, after, (source) => removeArgument(source, callOf(source), index));
  });

  it('throws when there is none', () => {
    const source = buildSource('/repo/a.js', 'f(a)');
    expect(() => removeArgument(source, callOf(source), 1)).toThrow(RangeError);
  });
});

describe('replaceArguments', () => {
  it.each<[string, string, number, number, string, string]>([
    ['all', 'f(a, b);', 0, 2, 'x', 'f(x);'],
    ['a run', 'f(a, b, c);', 0, 2, 'x', 'f(x, c);'],
    ['several for one', 'f(a, b);', 1, 2, 'x, y', 'f(a, x, y);'],
    ['parentheses with the argument', 'f((a), (b), c);', 0, 2, 'x', 'f(x, c);'],
    ['comments outside of the run', 'f(/* in */ a, b /* out */, /* c */ c);', 0, 2, 'x', 'f(/* in */ x /* out */, /* c */ c);'],
    ['lines', 'f(\n  a, // A\n  b, // B\n  c\n);', 1, 2, 'x', 'f(\n  a, // A\n  x, // B\n  c\n);'],
    ['an empty run before one', 'f(a, b);', 1, 1, 'x', 'f(a, x, b);'],
    ['an empty run before one on its own line', 'f(\n  a,\n  b\n);', 1, 1, 'x', 'f(\n  a,\n  x,\n  b\n);'],
    ['an empty run at the end', 'f(a);', 1, 1, 'x', 'f(a, x);'],
    ['empty text', 'f(a, b, c);', 0, 2, '', 'f(c);'],
    ['empty text for a run of lines', 'f(\n  a,\n  b,\n  c\n);', 0, 2, '', 'f(\n  c\n);'],
  ])('%s', (_name, before, from, to, text, after) => {
    checkAll(before, after, (source) => replaceArguments(source, callOf(source), from, to, text));
  });

  it.each([[-1, 1], [1, 0], [0, 3]])('throws for %i to %i of two', (from, to) => {
    const source = buildSource('/repo/a.js', 'f(a, b)');
    expect(() => replaceArguments(source, callOf(source), from, to, 'x')).toThrow(RangeError);
  });
});

describe('replaceCallee', () => {
  it.each([
    ['a name', 'f(a);', 'x(a);'],
    ['a member', 'conn.login(a);', 'x(a);'],
    ['in parentheses', '(0, a.b)(c);', 'x(c);'],
    ['an optional call', 'a.b?.(c);', 'x?.(c);'],
    ['over lines', 'a\n  .b(\n    c // C\n  );', 'x(\n    c // C\n  );'],
    ['new', 'new a.B(c);', 'new x(c);'],
  ])('%s', (_name, before, after) => {
    checkAll(before, after, (source) => replaceCallee(source, callOf(source), 'x'));
  });

  it('keeps type arguments', () => {
    expect(apply('/repo/a.ts', 'a.b<C>(d)', (source) => replaceCallee(source, callOf(source), 'x'))).toBe('x<C>(d)');
  });

  it('closes an unfinished line above text that would continue it', () => {
    checkAll('var a = b\nf(c)\n', 'var a = b\n;(x || y)(c)\n', (source) => replaceCallee(source, callOf(source), '(x || y)'));
  });
});
