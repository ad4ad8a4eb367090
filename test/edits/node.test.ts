import { describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import { indentOf, replaceNode, statementOf, textOf, wrapExpression } from '../../edits';
import { apply, checkAll, ofType, spelled } from './support';

describe('textOf', () => {
  it.each([
    ['f((a))', 'a', '(a)'],
    ['f(a)', 'a', 'a'],
    ['f(a, (b))', 'b', '(b)'],
    ['if ((a)) b', 'a', '(a)'],
    ['if (a) b', 'a', 'a'],
    ['while (a) b', 'a', 'a'],
    ['do b; while (a)', 'a', 'a'],
    ['do b; while ((a))', 'a', '(a)'],
    ['switch (a) {}', 'a', 'a'],
    ['import(a)', 'a', 'a'],
    ['new (a)(b)', 'a', '(a)'],
    ['((a)).b', 'a', '((a))'],
    ['(a) => b', 'a', 'a'],
    ['c = (a) => (b)', 'b', '(b)'],
    ['(a?.b).c', 'a?.b', '(a?.b)'],
    ['(a, b)', 'a', 'a'],
    ['for (const x of (a)) b', 'a', '(a)'],
  ])('%s: %s', (text, spelling, expected) => {
    const source = buildSource('/repo/a.js', text);
    const node = spelled(source, spelling);
    expect(textOf(source, node)).toBe(spelling);
    expect(textOf(source, node, { parentheses: true })).toBe(expected);
  });
});

describe('indentOf', () => {
  it.each([
    ['{\n    a();\n}', 'a', '    '],
    ['{\n\t\ta();\n}', 'a', '\t\t'],
    ['{\r\n  b(a);\r\n}', 'a', '  '],
    ['a', 'a', ''],
  ])('%j', (text, spelling, expected) => {
    const source = buildSource('/repo/a.js', text);
    expect(indentOf(source, spelled(source, spelling))).toBe(expected);
  });
});

describe('replaceNode', () => {
  it.each([
    ['an expression', 'f(a.b, c);', 'a.b', 'f(x, c);'],
    ['inside parentheses', 'f((a));', 'a', 'f((x));'],
    ['inside a template', 'f(`\n  ${a}\n\tb`);', 'a', 'f(`\n  ${x}\n\tb`);'],
  ])('%s', (_name, before, spelling, after) => {
    checkAll(before, after, (source) => replaceNode(source, spelled(source, spelling), 'x'), ({ name }) => !/tabs/.test(name));
  });

  it.each([
    ['a shorthand value', 'f({ a });', 'f({ a: x });'],
    ['a shorthand value among others', 'f({ b: 1, a, c });', 'f({ b: 1, a: x, c });'],
  ])('%s', (_name, before, after) => {
    checkAll(before, after, (source) => {
      const property = ofType(source, 'ObjectExpression').properties.find((candidate) => candidate.type === 'Property' && candidate.shorthand);
      return property?.type === 'Property' ? replaceNode(source, property.value, 'x') : undefined;
    });
  });

  it('spells out a shorthand target with a default', () => {
    checkAll('const { a = 1 } = b;', 'const { a: x = 1 } = b;', (source) => replaceNode(source, ofType(source, 'AssignmentPattern').left, 'x'));
  });
});

describe('wrapExpression', () => {
  it.each([
    ['a call', 'g(f(a));', 'f(a)', 'g(w(f(a), 1));'],
    ['with its parentheses', '(await a).b;', 'await a', 'w((await a), 1).b;'],
    ['a sequence without parentheses', 'for (a, b; ;) c();', 'a, b', 'for (w((a, b), 1); ;) c();'],
    ['an arrow function body', 'c = () => ({});', '{}', 'c = () => w(({}), 1);'],
    ['a chain', 'g(a?.b);', 'a?.b', 'g(w(a?.b, 1));'],
    ['over lines', 'g(\n  f(\n    a,\n  ),\n);', 'f(\n    a,\n  )', 'g(\n  w(f(\n    a,\n  ), 1),\n);'],
  ])('%s', (_name, before, spelling, after) => {
    const only = ({ name }: { name: string }): boolean => !spelling.includes('\n') || !/tabs|CRLF/.test(name);
    checkAll(before, after, (source) => wrapExpression(source, spelled(source, spelling), 'w(', ', 1)'), only);
  });

  it('spells out a shorthand value', () => {
    checkAll('f({ a });', 'f({ a: w(a) });', (source) => {
      const [property] = ofType(source, 'ObjectExpression').properties;
      return property?.type === 'Property' ? wrapExpression(source, property.value, 'w(', ')') : undefined;
    });
  });
});

describe('statementOf', () => {
  it.each([
    ['a; f(x); b', 'f(x);'],
    ['if (a) f(x); else g()', 'if (a) f(x); else g()'],
    ['if (a) b; else if (c) f(x)', 'if (a) b; else if (c) f(x)'],
    ['if (a) { f(x); }', 'f(x);'],
    ['const g = () => f(x);', 'const g = () => f(x);'],
    ['const g = () => { return f(x) }', 'return f(x)'],
    ['switch (a) { case 1: f(x); }', 'f(x);'],
    ['switch (a) { case x: b; }', 'switch (a) { case x: b; }'],
    ['export const a = f(x);', 'export const a = f(x);'],
    ['class A { static { f(x); } }', 'f(x);'],
    ['class A { b = f(x); }', 'class A { b = f(x); }'],
    ['function g(a = f(x)) {}', 'function g(a = f(x)) {}'],
    ['label: f(x);', 'label: f(x);'],
    ['`${(() => { f(x); })()}`', 'f(x);'],
  ])('%s', (text, expected) => {
    for (const path of ['/repo/a.js', '/repo/a.ts']) {
      const source = buildSource(path, text);
      expect(source.getText(statementOf(spelled(source, 'x')))).toBe(expected);
    }
  });

  it('works in a namespace, and gives the program for itself', () => {
    const source = buildSource('/repo/a.ts', 'namespace A { f(x); }');
    expect(source.getText(statementOf(spelled(source, 'x')))).toBe('f(x);');
    expect(statementOf(source.ast)).toBe(source.ast);
    expect(apply('/repo/a.ts', 'a', () => undefined)).toBe('a');
  });
});
