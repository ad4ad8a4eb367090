import { describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import { detectStyle, type Style } from '../../edits';

const DEFAULT: Style = { eol: '\n', quote: "'", semicolons: true, indent: '  ' };

describe('detectStyle', () => {
  it.each<[string, string, Partial<Style>, string?]>([
    ['nothing to go by', '', {}],
    ['CRLF', 'a();\r\nb();\r\n', { eol: '\r\n' }],
    ['mostly LF', 'a();\nb();\r\nc();\n', {}],
    ['double quotes', 'a("x"); b("y"); c(\'z\');', { quote: '"' }],
    ['strings that hold the other quote do not count', 'a("it\'s"); b("don\'t"); c(\'z\');', {}],
    ['JSX attributes do not count', "const a = <a b=\"c\" d=\"e\" />; f('x');", {}, 'a.jsx'],
    ['JSX attributes do not count in TSX', "const a = <a b=\"c\" d=\"e\" />; f('x');", {}, 'a.tsx'],
    ['no semicolons', "import a from 'a'\nconst b = a()\n\nexport default b\n", { semicolons: false }],
    ['no semicolons, with a guard', "const a = b()\n;[1].map(a)\n", { semicolons: false }],
    ['semicolons that loops need are none', "for (let i = 0; i < 2; i++) a(i)\nb()\n", { semicolons: false }],
    ['types', 'type A = string\nlet a: A\n', { semicolons: false }, 'a.ts'],
    ['tabs', 'function a() {\n\treturn {\n\t\tb: 1,\n\t};\n}\n', { indent: '\t' }],
    ['four spaces', 'class A {\n    b() {\n        c();\n    }\n}\n', { indent: '    ' }],
    ['template text is not indentation', 'function a() {\n  b(`\n        x {\n            y\n`);\n}\n', {}],
  ])('%s', (_name, text, expected, path = 'a.js') => {
    expect(detectStyle(buildSource(`/repo/${path}`, text))).toEqual({ ...DEFAULT, ...expected });
  });

  it('reads a file once', () => {
    const source = buildSource('/repo/a.js', 'a()');
    expect(detectStyle(source)).toBe(detectStyle(source));
  });
});
