import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { buildSource, ParseError } from '../../analysis/source';

const first = (path: string, text: string) => buildSource(path, text).ast.body[0]?.type;

describe('buildSource', () => {
  it.each([
    ['a module', 'a.js', "import a from 'a';", 'ImportDeclaration'],
    ['a script with a return at the top', 'a.js', 'return 1;', 'ReturnStatement'],
    ['sloppy code', 'a.js', 'with (a) {}', 'WithStatement'],
    ['CommonJS', 'a.cjs', "const a = require('a');", 'VariableDeclaration'],
    ['JSX', 'a.jsx', 'a(<b />);', 'ExpressionStatement'],
    ['TypeScript', 'a.ts', 'type A = string;', 'TSTypeAliasDeclaration'],
    ['TypeScript modules', 'a.mts', 'enum A {}', 'TSEnumDeclaration'],
    ['TypeScript: a cast in angle brackets', 'a.ts', '<A>b;', 'ExpressionStatement'],
    ['TypeScript: JSX', 'a.tsx', 'a(<b />);', 'ExpressionStatement'],
    ['types in a .js file', 'a.js', 'interface A {}', 'TSInterfaceDeclaration'],
    ['Flow', 'a.js', '// @flow\ntype A = {| b: ?string |};', 'TypeAlias'],
    ['Flow without its comment', 'a.js', 'opaque type A: string = string;', 'OpaqueType'],
    ['nothing', 'a.js', '', undefined],
    ['a hashbang', 'a.js', '#!/usr/bin/env node\na();', 'ExpressionStatement'],
  ])('reads %s', (_name, path, text, type) => expect(first(path, text)).toBe(type));

  it('keeps a byte-order mark out of the text and the positions', () => {
    const source = buildSource('a.js', '\uFEFFlogin();');
    expect([source.text, source.hasBOM, source.ast.body[0]?.range]).toEqual(['login();', true, [0, 8]]);
  });

  it('sets parents, so that no walk has to come first', () => {
    const { ast } = buildSource('a.js', 'a.b();');
    const statement = ast.body[0] as unknown as { parent: unknown; expression: { parent: unknown } };
    expect(statement.parent).toBe(ast);
    expect(statement.expression.parent).toBe(statement);
  });

  it.each([
    ['the options of import()', 'a.js', "import(a, { with: b });", ['a', 'b']],
    ['import() behind a comment', 'a.js', 'import /* a */ (a, b);', ['a', 'b']],
    ['JSX', 'a.jsx', '<A b={c} {...d}>{e}</A>;', ['c', 'd', 'e']],
    ['a static block', 'a.js', 'class A { static { b(); } }', ['b']],
    ['a re-export', 'a.js', "export * as a from 'b';", []],
    ['import attributes', 'a.js', "import a from './a.json' with { type: 'json' };", []],
    ['patterns', 'a.js', 'const { a = b, [c]: [d] } = e;', ['a', 'a', 'b', 'c', 'd', 'e']],
    ['a global of the language', 'a.ts', 'new Map<string, Date>();', ['Map', 'Date']],
  ])('has what code refers to: %s', (_name, path, text, names) => {
    const references = buildSource(path, text).scopeManager!.scopes.flatMap((scope) => scope.references);
    expect(references.map(({ identifier }) => identifier.name).sort()).toEqual([...names].sort());
  });

  it.each(['a.js', 'a.ts'])('takes no global of the language for declared: %s', (path) => {
    const { scopes } = buildSource(path, 'new Map();').scopeManager!;
    expect(scopes[0]!.through.map(({ identifier }) => identifier.name)).toEqual(['Map']);
  });

  it.each(['a.js', 'a.ts', 'a.cjs', 'a.tsx'])('quotes no source when no parser reads %s', (path) => {
    const text = "const ok = 1;\nconst password = 'hunter2' hunter3;\n";
    let error: unknown;
    try {
      buildSource(path, text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ParseError);
    const { message, attempts, stack } = error as ParseError;
    expect(message).toContain(`${path} could not be parsed`);
    expect(message).toContain('line 2');
    expect([message, stack, ...attempts].join()).not.toMatch(/hunter|password/);
    expect(new Set(attempts).size).toBe(attempts.length);
  });

  it('does not call it a syntax error when a parser fails on its own', () => {
    const deep = `a(${'['.repeat(20_000)}${']'.repeat(20_000)});`;
    expect(() => buildSource('a.ts', deep)).toThrow(/typescript-estree: failed with RangeError, not on the code/);
  });
});

describe('the TypeScript that comes with us', () => {
  it('is one that the parser in the package can call', () => {
    const { peerDependencies } = createRequire(import.meta.url)('@typescript-eslint/parser/package.json') as typeof packageJson & { peerDependencies: { typescript: string } };
    expect(packageJson.dependencies.typescript).toBe(peerDependencies.typescript);
  });
});
