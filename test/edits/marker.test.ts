import { describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import type { Source } from '../../analysis/source';
import { applyEdits, ensureImport, markersIn, markerOf, markStatement } from '../../edits';
import { apply, checkAll, find } from './support';

const M = '/* sf-auth-todo(no-soap-login): why */';
const MARKER = { rule: 'no-soap-login', text: 'why' };

const target = (source: Source) => find(source, (node) => node.type === 'Identifier' && node.name === 'x');
const mark = (source: Source) => markStatement(source, target(source), MARKER);

describe('markStatement', () => {
  it.each([
    ['a statement', 'a();\nf(x);\n', `a();\n${M}\nf(x);\n`],
    ['indented', 'if (a) {\n  f(x);\n}\n', `if (a) {\n  ${M}\n  f(x);\n}\n`],
    ['the middle of a line', 'a(); f(x); b();\n', `a(); ${M} f(x); b();\n`],
    ['a block on one line', 'if (a) { f(x); }\n', `if (a) { ${M} f(x); }\n`],
    ['over lines', 'f(\n  a,\n  x,\n);\n', `${M}\nf(\n  a,\n  x,\n);\n`],
    ['without braces', 'if (a)\n  f(x);\n', `${M}\nif (a)\n  f(x);\n`],
    ['else if', 'if (a) {\n  b();\n} else if (c) f(x);\n', `${M}\nif (a) {\n  b();\n} else if (c) f(x);\n`],
    ['an arrow function with an expression', 'const a = () => f(x);\n', `${M}\nconst a = () => f(x);\n`],
    ['a case', 'switch (a) {\n  case 1:\n    f(x);\n}\n', `switch (a) {\n  case 1:\n    ${M}\n    f(x);\n}\n`],
    ['a case on one line', 'switch (a) {\n  case 1: f(x);\n}\n', `switch (a) {\n  case 1: ${M} f(x);\n}\n`],
    ['a class field', 'class A {\n  a = 1;\n  b = f(x);\n}\n', `class A {\n  a = 1;\n  ${M}\n  b = f(x);\n}\n`],
    ['a method', 'class A {\n  b(c = x) {}\n}\n', `class A {\n  ${M}\n  b(c = x) {}\n}\n`],
    ['in a method', 'class A {\n  b() {\n    f(x);\n  }\n}\n', `class A {\n  b() {\n    ${M}\n    f(x);\n  }\n}\n`],
    ['an object method', 'a({\n  b: () => f(x),\n});\n', `${M}\na({\n  b: () => f(x),\n});\n`],
    ['below a comment', '// Logs in.\nf(x);\n', `// Logs in.\n${M}\nf(x);\n`],
    ['above documentation', 'a();\n/** Logs in. */\nfunction b(c = x) {}\n', `a();\n${M}\n/** Logs in. */\nfunction b(c = x) {}\n`],
    ['above prettier-ignore', 'a();\n// prettier-ignore\nf(x);\n', `a();\n${M}\n// prettier-ignore\nf(x);\n`],
    ['above what silences a rule', 'a();\n// eslint-disable-next-line no-a\nf(x);\n', `a();\n${M}\n// eslint-disable-next-line no-a\nf(x);\n`],
    ['above what silences TypeScript', '{\n  // Logs in.\n  // @ts-expect-error\n  // more\n  f(x);\n}\n', `{\n  // Logs in.\n  ${M}\n  // @ts-expect-error\n  // more\n  f(x);\n}\n`],
    ['above a stack of them', 'a();\n// @ts-ignore\n// prettier-ignore\nf(x);\n', `a();\n${M}\n// @ts-ignore\n// prettier-ignore\nf(x);\n`],
    ['above a comment on the line', 'a();\n/* istanbul ignore next */ f(x);\n', `a();\n${M}\n/* istanbul ignore next */ f(x);\n`],
    ['not on the comment of the line above', 'a(); // eslint-disable-next-line\nf(x);\n', `a(); // eslint-disable-next-line\n${M}\nf(x);\n`],
    ['outside of a template', 'a();\nb(`\n  ${f(x)}\n\t`);\n', `a();\n${M}\nb(\`\n  \${f(x)}\n\t\`);\n`],
    ['in code inside a template', 'b(`\n${(() => { f(x); })()}`);\n', `b(\`\n\${(() => { ${M} f(x); })()}\`);\n`],
    ['beside a marker for another rule', '/* sf-auth-todo(other): why */\nf(x);\n', `/* sf-auth-todo(other): why */\n${M}\nf(x);\n`],
    ['no semicolons', 'a()\nf(x)\n', `a()\n${M}\nf(x)\n`],
    ['a return that must stay in one piece', 'function a() {\n  return f(x);\n}\n', `function a() {\n  ${M}\n  return f(x);\n}\n`],
  ])('%s', (name, before, after) => {
    const only = (variant: { name: string }): boolean => !/template/.test(name) || !/tabs/.test(variant.name);
    checkAll(before, after, mark, only);
    // The second time changes nothing.
    checkAll(after, after, mark, only);
  });

  it.each([
    ['an export', 'a.ts', 'a();\nexport const b = f(x);\n', `a();\n${M}\nexport const b = f(x);\n`],
    ['a default export', 'a.js', 'a();\nexport default f(x);\n', `a();\n${M}\nexport default f(x);\n`],
    ['decorators before export', 'a.ts', 'a();\n@b(x)\nexport class A {}\n', `a();\n${M}\n@b(x)\nexport class A {}\n`],
    ['decorators after export', 'a.ts', 'a();\nexport @b(x) class A {}\n', `a();\n${M}\nexport @b(x) class A {}\n`],
    ['a decorated member', 'a.ts', 'class A {\n  @b()\n  c = f(x);\n}\n', `class A {\n  ${M}\n  @b()\n  c = f(x);\n}\n`],
    ['decorators in Flow', 'a.js', '// @flow\na();\n@b(x)\nexport class A {}\n', `// @flow\na();\n${M}\n@b(x)\nexport class A {}\n`],
    ['JSX', 'a.jsx', 'const A = () => (\n  <a b={f(x)}>\n    text\n  </a>\n);\n', `${M}\nconst A = () => (\n  <a b={f(x)}>\n    text\n  </a>\n);\n`],
    ['JSX in TSX', 'a.tsx', 'const A = () => (\n  <a>\n    {f(x)}\n  </a>\n);\n', `${M}\nconst A = () => (\n  <a>\n    {f(x)}\n  </a>\n);\n`],
    ['a namespace', 'a.ts', 'namespace A {\n  f(x);\n}\n', `namespace A {\n  ${M}\n  f(x);\n}\n`],
  ])('%s (%s)', (_name, path, before, after) => {
    for (const write of [(text: string) => text, (text: string) => text.replaceAll('\n', '\r\n')]) {
      expect(apply(`/repo/${path}`, write(before), mark)).toBe(write(after));
      expect(apply(`/repo/${path}`, write(after), mark)).toBe(write(after));
    }
  });

  it.each([
    ['the end of a comment', 'a */ b', 'a * / b'],
    ['line breaks', ' a\r\n  b\u2028c\n', 'a b c'],
  ])('defuses %s', (_name, text, expected) => {
    const result = apply('/repo/a.js', 'f(x);', (source) => markStatement(source, target(source), { rule: 'r', text }));
    expect(result).toBe(`/* sf-auth-todo(r): ${expected} */\nf(x);`);
    expect(apply('/repo/a.js', result, (source) => markStatement(source, target(source), { rule: 'r', text }))).toBe(result);
  });

  it('gives nothing for the program', () => {
    const source = buildSource('/repo/a.js', 'a');
    expect(markStatement(source, source.ast, MARKER)).toBeUndefined();
    expect(markerOf(source, source.ast, 'r')).toBeUndefined();
  });

  it('goes with an import above the same statement', () => {
    for (const [before, head] of [
      ["'use strict';\nf(x);\n", "'use strict';\nconst { y } = require('y');\n\n"],
      ['f(x);\n', "const { y } = require('y');\n\n"],
    ] as const) {
      const source = buildSource('/repo/a.js', before);
      const { edits } = ensureImport(source, { module: 'y', name: 'y' });
      expect(applyEdits(before, [...edits, mark(source)!])).toBe(`${head}${M}\nf(x);\n`);
    }
  });
});

describe('markersIn', () => {
  const read = (path: string, text: string) => {
    const source = buildSource(path, text);
    return markersIn(source).map(({ rule, text: words, target: node }) => [rule, words, node && source.getText(node)]);
  };

  it.each<[string, string, unknown]>([
    ['none', '// sf-auth: nothing\nf();', []],
    ['on a statement', '/* sf-auth-todo(r): a: b (c) */\nf();', [['r', 'a: b (c)', 'f();']]],
    ['through other comments', '/* sf-auth-todo(r): a */\n// b\nf();', [['r', 'a', 'f();']]],
    ['two on one', '/* sf-auth-todo(r): a */\n/* sf-auth-todo(s): b */\nf();', [['r', 'a', 'f();'], ['s', 'b', 'f();']]],
    ['in a line comment', '// sf-auth-todo(r): a\nf();', [['r', 'a', 'f();']]],
    ['on a member', 'class A {\n  /* sf-auth-todo(r): a */\n  b = 1;\n}', [['r', 'a', 'b = 1;']]],
    ['on an outer statement', '/* sf-auth-todo(r): a */\nif (a) b();', [['r', 'a', 'if (a) b();']]],
    ['at the end of a block', '{\n  a();\n  /* sf-auth-todo(r): a */\n}', [['r', 'a', undefined]]],
    ['at the end of the file', 'a();\n/* sf-auth-todo(r): a */', [['r', 'a', undefined]]],
    ['inside an expression', 'f(/* sf-auth-todo(r): a */ b);', [['r', 'a', undefined]]],
    ['in text', 'f("/* sf-auth-todo(r): a */", `/* sf-auth-todo(r): a */`);', []],
    ['wrapped over lines', '/*\n sf-auth-todo(r): a\n b\n*/\nf();', [['r', 'a\n b', 'f();']]],
  ])('%s', (_name, text, expected) => {
    expect(read('/repo/a.js', text)).toEqual(expected);
    expect(read('/repo/a.ts', text)).toEqual(expected);
  });

  it('finds the statement below decorators', () => {
    expect(read('/repo/a.ts', '/* sf-auth-todo(r): a */\n@b()\nexport class A {}')).toMatchObject([['r', 'a', expect.stringContaining('class A')]]);
  });
});

describe('markerOf', () => {
  it('finds the marker of that rule on the statement', () => {
    const source = buildSource('/repo/a.js', `/* sf-auth-todo(other): b */\n${M}\nf(x);`);
    expect(markerOf(source, target(source), 'no-soap-login')?.value).toContain('why');
    expect(markerOf(source, target(source), 'other')?.value).toContain('b');
    expect(markerOf(source, target(source), 'third')).toBeUndefined();
  });

  it('does not take the marker of an outer statement', () => {
    const source = buildSource('/repo/a.js', `${M}\nif (a) {\n  f(x);\n}`);
    expect(markerOf(source, target(source), 'no-soap-login')).toBeUndefined();
  });
});
