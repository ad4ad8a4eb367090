import { describe, expect, it } from 'vitest';
import type { Source } from '../../analysis/source';
import { removeDeclarator, removeImportSpecifier, removeRequireBinding } from '../../edits';
import type { TSESTree } from '@typescript-eslint/utils';
import { apply, checkAll, find, spelled } from './support';

const declaratorOf = (source: Source, name: string): TSESTree.VariableDeclarator =>
  find(source, (node): node is TSESTree.VariableDeclarator => node.type === 'VariableDeclarator' && source.getText(node.id) === name);

const dropX = (source: Source) => removeDeclarator(source, declaratorOf(source, 'x'));

/** The name that an import or a require binds. */
const bindingOf = (source: Source, name: string) => find(source, (node) => node.type === 'Identifier' && node.name === name);

describe('removeDeclarator', () => {
  it.each([
    ['the first of several', 'var x = 1, b = 2;\n', 'var b = 2;\n'],
    ['the middle', 'var a = 1, x = 2, c = 3;\n', 'var a = 1, c = 3;\n'],
    ['the last', 'var a = 1, x = 2;\n', 'var a = 1;\n'],
    ['the last, no semicolon', 'var a = 1, x = 2\nb()\n', 'var a = 1\nb()\n'],
    ['aligned lines: first', 'var x = 1,\n    b = 2;\n', 'var b = 2;\n'],
    ['aligned lines: middle', 'var a = 1,\n    x = 2, // X\n    c = 3;\n', 'var a = 1,\n    c = 3;\n'],
    ['aligned lines: last', 'var a = 1, // A\n    x = 2;\n', 'var a = 1; // A\n'],
    ['comma first', 'var a = 1\n  , x = 2\n  , c = 3;\n', 'var a = 1\n  , c = 3;\n'],
    ['a whole statement', 'a();\nconst x = 1;\nb();\n', 'a();\nb();\n'],
    ['a whole statement over lines', 'a();\nconst x = f(\n  1,\n);\nb();\n', 'a();\nb();\n'],
    ['with its comments', 'a();\n\n// X\n/* and */\nconst x = 1; // too\nb();\n', 'a();\n\nb();\n'],
    ['not a comment apart', 'a();\n// Part\n\nconst x = 1;\nb();\n', 'a();\n// Part\n\nb();\n'],
    ['not a comment on the line above', 'a(); // A\nconst x = 1;\nb();\n', 'a(); // A\nb();\n'],
    ['not an instruction for the file', 'a();\n/* eslint-disable no-console */\n// X\nconst x = 1;\nb();\n', 'a();\n/* eslint-disable no-console */\nb();\n'],
    ['an instruction for its line', 'a();\n// eslint-disable-next-line no-x\nconst x = 1;\nb();\n', 'a();\nb();\n'],
    ['no two blank lines', 'a();\n\nconst x = 1;\n\nb();\n', 'a();\n\nb();\n'],
    ['in a block', 'if (a) {\n  const x = 1;\n  b();\n}\n', 'if (a) {\n  b();\n}\n'],
    ['alone in a block', 'if (a) {\n  const x = 1;\n}\n', 'if (a) {\n}\n'],
    ['in a case', 'switch (a) {\n  case 1:\n    var x = 1;\n    b();\n}\n', 'switch (a) {\n  case 1:\n    b();\n}\n'],
    ['within a line', 'a(); const x = 1; b();\n', 'a(); b();\n'],
    ['at the end of a line', 'a(); const x = 1;\nb();\n', 'a();\nb();\n'],
    ['at the start of a line', 'a();\nconst x = 1; b();\n', 'a();\nb();\n'],
    ['in a block on one line', 'if (a) { const x = 1; }\n', 'if (a) { }\n'],
    ['at the end of the file', 'a();\nconst x = 1;', 'a();\n'],
    ['below a directive', "'use strict';\n// X\nvar x = 1;\na();\n", "'use strict';\na();\n"],
    ['no semicolons', 'const a = 1\nconst x = 2\nb()\n', 'const a = 1\nb()\n'],
    ['no semicolons: the guard of the next line stays', 'const a = 1\nconst x = 2\n;[a].map(b)\n', 'const a = 1\n;[a].map(b)\n'],
    ['no semicolons: a guard that becomes needed', 'const a = b\nvar x\n(function () {})()\n', 'const a = b\n;(function () {})()\n'],
    ['not in a loop head', 'for (var x = 1; ;) a();\n', 'for (var x = 1; ;) a();\n'],
    ['not in for-of', 'for (const x of a) b();\n', 'for (const x of a) b();\n'],
    ['not as a body', 'if (a) var x = 1;\n', 'if (a) var x = 1;\n'],
    ['not under a label', 'label: var x = 1;\n', 'label: var x = 1;\n'],
    ['templates around it', 'a(`\n  x\n\n\n`);\nconst x = 1;\nb(`\n\n  y`);\n', 'a(`\n  x\n\n\n`);\nb(`\n\n  y`);\n'],
  ])('%s', (name, before, after) => {
    checkAll(before, after, dropX, (variant) => !/template/.test(name) || !/tabs/.test(variant.name));
  });

  it('goes together with the removal of its neighbours', () => {
    checkAll('a();\n\n// X\nconst x = 1;\n// Y\nconst y = 2;\nb();\n', 'a();\n\nb();\n', (source) =>
      ['x', 'y'].map((name) => removeDeclarator(source, declaratorOf(source, name))!),
    );
  });

  it('does not take an export away', () => {
    expect(apply('/repo/a.js', 'export const x = 1;', dropX)).toBe('export const x = 1;');
  });

  it.each([
    ['a licence', '/* Copyright A */\nconst x = 1;\nb();\n', '/* Copyright A */\nb();\n'],
    ['any comment that opens the file', '// Syncs accounts.\nconst x = 1;\nb();\n', '// Syncs accounts.\nb();\n'],
    ['a header under a hashbang', '#!/usr/bin/env node\n// Syncs.\nconst x = 1;\nb();\n', '#!/usr/bin/env node\n// Syncs.\nb();\n'],
    ['a hashbang', '#!/usr/bin/env node\nconst x = 1;\nb();\n', '#!/usr/bin/env node\nb();\n'],
    ['a pragma', '// @flow\nconst x = 1;\nb();\n', '// @flow\nb();\n'],
    ['the header, but not the comment of the statement', '/* Header */\n\n// X\nconst x = 1;\nb();\n', '/* Header */\n\nb();\n'],
    ['no blank line at the top', 'const x = 1;\n\nb();\n', 'b();\n'],
  ])('keeps %s', (_name, before, after) => {
    expect(apply('/repo/a.js', before, dropX)).toBe(after);
    expect(apply('/repo/a.js', before.replaceAll('\n', '\r\n'), dropX)).toBe(after.replaceAll('\n', '\r\n'));
  });
});

describe('removeImportSpecifier', () => {
  it.each([
    ['the last', "import x from 'a';\nb();\n", 'b();\n'],
    ['the last, named', "import { x } from 'a';\nb();\n", 'b();\n'],
    ['the last, a namespace', "import * as x from 'a';\nb();\n", 'b();\n'],
    ['one of several', "import { a, x, b } from 'a';\n", "import { a, b } from 'a';\n"],
    ['an alias', "import { a, b as x } from 'a';\n", "import { a } from 'a';\n"],
    ['lines', "import {\n  a,\n  x, // X\n} from 'a';\n", "import {\n  a,\n} from 'a';\n"],
    ['a default beside names', "import x, { a } from 'a';\n", "import { a } from 'a';\n"],
    ['a default beside a namespace', "import x, * as a from 'a';\n", "import * as a from 'a';\n"],
    ['the only name beside a default', "import a, { x } from 'a';\n", "import a from 'a';\n"],
    ['a namespace beside a default', "import a, * as x from 'a';\n", "import a from 'a';\n"],
    ['one of several beside a default', "import a, { x, b } from 'a';\n", "import a, { b } from 'a';\n"],
  ])('%s', (_name, before, after) => {
    for (const path of ['/repo/a.js', '/repo/a.ts']) {
      for (const crlf of [false, true]) {
        const write = (text: string) => (crlf ? text.replaceAll('\n', '\r\n') : text);
        const drop = (source: Source) => {
          const specifier = find(source, (node) => /^Import.*Specifier$/.test(node.type) && (node as TSESTree.ImportClause).local.name === 'x');
          return removeImportSpecifier(source, specifier);
        };
        expect(apply(path, write(before), drop)).toBe(write(after));
      }
    }
  });

  it('takes the name for the specifier, and import = too', () => {
    expect(apply('/repo/a.ts', "import { x } from 'a';\nb();\n", (source) => removeImportSpecifier(source, bindingOf(source, 'x')))).toBe('b();\n');
    expect(apply('/repo/a.ts', "import x = require('a');\nb();\n", (source) => removeImportSpecifier(source, bindingOf(source, 'x')))).toBe('b();\n');
  });

  it.each(["import 'a';\n", "import {} from 'a';\n", 'const x = 1;\n'])('leaves %j', (text) => {
    expect(apply('/repo/a.js', text, (source) => removeImportSpecifier(source, source.ast.body[0]!))).toBe(text);
  });
});

describe('removeRequireBinding', () => {
  it.each([
    ['a name', "const x = require('a');\nb();\n", 'b();\n'],
    ['a member', "var x = require('a').b;\nb();\n", 'b();\n'],
    ['one of several declarators', "var a = require('a'), x = require('b');\n", "var a = require('a');\n"],
    ['one of several names', "const { a, x } = require('a');\n", "const { a } = require('a');\n"],
    ['an alias', "const { a, b: x } = require('a');\n", "const { a } = require('a');\n"],
    ['a default', "const { a, x = 1 } = require('a');\n", "const { a } = require('a');\n"],
    ['the last name', "const { x } = require('a');\nb();\n", 'b();\n'],
    ['not what a rest element would collect', "const { x, ...a } = require('a');\n", "const { x, ...a } = require('a');\n"],
    ['not another value', 'const x = f();\n', 'const x = f();\n'],
  ])('%s', (_name, before, after) => {
    checkAll(before, after, (source) => removeRequireBinding(source, bindingOf(source, 'x')), ({ head }) => !head);
  });

  it('takes a declarator or a property', () => {
    expect(apply('/repo/a.js', "var x = require('a');\nb();\n", (source) => removeRequireBinding(source, declaratorOf(source, 'x')))).toBe('b();\n');
    expect(apply('/repo/a.js', "var { x, y } = require('a');\n", (source) => removeRequireBinding(source, spelled(source, 'x')))).toBe(
      "var { y } = require('a');\n",
    );
  });
});
