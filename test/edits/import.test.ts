import { describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import { applyEdits, ensureImport, type ImportRequest } from '../../edits';

const REQUEST: ImportRequest = { module: 'x', name: 'authorize', prefer: 'authorizeSalesforce' };

/** Ensures the import twice: the second time must find what the first one did. */
function ensure(path: string, text: string, request: ImportRequest): { text: string; local: string } {
  const first = ensureImport(buildSource(path, text), { ...request, path });
  const result = applyEdits(text, first.edits);
  const second = ensureImport(buildSource(path, result), { ...request, path });
  expect(second).toEqual({ edits: [], local: first.local });
  return { text: result, local: first.local };
}

type Row = [name: string, path: string, before: string, after: string, local?: string];

/** Every row in LF, CRLF and behind a byte-order mark. */
function check([, path, before, after, local = 'authorize']: Row, request = REQUEST): void {
  for (const write of [(text: string) => text, (text: string) => text.replaceAll('\n', '\r\n'), (text: string) => `\uFEFF${text}`]) {
    // One line alone does not tell its line ending.
    if (!before.includes('\n') && write('\n') === '\r\n') continue;
    expect(ensure(`/repo/${path}`, write(before), request)).toEqual({ text: write(after), local });
  }
}

describe('ensureImport adds', () => {
  it.each<Row>([
    ['an import behind imports', 'a.js', "import a from 'a';\nimport b from 'b';\n\na(b);\n", "import a from 'a';\nimport b from 'b';\nimport { authorize } from 'x';\n\na(b);\n"],
    ['an import behind an import over lines', 'a.ts', "import {\n  a,\n} from 'a'; // A\na();\n", "import {\n  a,\n} from 'a'; // A\nimport { authorize } from 'x';\na();\n"],
    ['an import, double quotes, no semicolons', 'a.js', 'import a from "a"\n\na("b")\n', 'import a from "a"\nimport { authorize } from "x"\n\na("b")\n'],
    ['a require behind requires', 'a.js', "'use strict';\n\nconst a = require('a');\n\na();\n", "'use strict';\n\nconst a = require('a');\nconst { authorize } = require('x');\n\na();\n"],
    ['a require, double quotes, no semicolons', 'a.js', 'const a = require("a")\na("b")\n', 'const a = require("a")\nconst { authorize } = require("x")\na("b")\n'],
    ['a require before the guard of the next line', 'a.js', "const a = require('a')\n;[a].map(b)\n", "const a = require('a')\nconst { authorize } = require('x')\n;[a].map(b)\n"],
    ['a require behind dotenv', 'a.js', "require('dotenv').config();\nconst a = require('a');\na();\n", "require('dotenv').config();\nconst a = require('a');\nconst { authorize } = require('x');\na();\n"],
    ['a require behind interop helpers', 'a.js', "const a = _interop(require('a'));\na();\n", "const a = _interop(require('a'));\nconst { authorize } = require('x');\na();\n"],
    ['a require behind constants', 'a.js', "const A = 1;\nconst a = require('a');\na();\n", "const A = 1;\nconst a = require('a');\nconst { authorize } = require('x');\na();\n"],
    ['a require before code that runs ahead of the others', 'a.js', "login();\nconst a = require('a');\n", "const { authorize } = require('x');\n\nlogin();\nconst a = require('a');\n"],
    ['a require before a chain that logs in', 'a.js', "const a = require('a');\nconst b = require('b').login();\n", "const a = require('a');\nconst { authorize } = require('x');\nconst b = require('b').login();\n"],
    ['a require on a shared line', 'a.js', "const a = require('a'); a();\nb();\n", "const a = require('a'); const { authorize } = require('x'); a();\nb();\n"],
    ['a var in a file of vars', 'a.js', "var a = require('a');\nvar { b } = a;\n", "var a = require('a');\nvar { authorize } = require('x');\nvar { b } = a;\n"],
    ['ES5 in an ES5 file', 'a.js', "var a = require('a');\na();\n", "var a = require('a');\nvar authorize = require('x').authorize;\na();\n"],
    ['ES5 below a hashbang and a directive', 'a.js', "#!/usr/bin/env node\n'use strict';\n\nvar a = b();\n", "#!/usr/bin/env node\n'use strict';\n\nvar authorize = require('x').authorize;\n\nvar a = b();\n"],
    ['an import beside import =', 'a.ts', "import a = require('a');\na();\n", "import a = require('a');\nimport { authorize } from 'x';\na();\n"],
    ['an import in a mixed file', 'a.js', "import a from 'a';\nconst b = require('b');\na(b);\n", "import a from 'a';\nimport { authorize } from 'x';\nconst b = require('b');\na(b);\n"],
    ['an import in a file that requires and exports', 'a.ts', "const b = require('b');\nexport const c = b();\n", "import { authorize } from 'x';\nconst b = require('b');\nexport const c = b();\n"],
    ['a require in TypeScript that only requires', 'a.ts', "const a = require('a');\na();\n", "const a = require('a');\nconst { authorize } = require('x');\na();\n"],
    ['an import behind type imports', 'a.ts', "import type { A } from 'a';\nlet a: A;\n", "import type { A } from 'a';\nimport { authorize } from 'x';\nlet a: A;\n"],
    ['an import in Flow', 'a.js', "// @flow\nimport type { A } from 'a';\nlet a: A;\n", "// @flow\nimport type { A } from 'a';\nimport { authorize } from 'x';\nlet a: A;\n"],
    ['a require in Flow', 'a.js', "// @flow\nlet a: string = b();\n", "// @flow\nconst { authorize } = require('x');\n\nlet a: string = b();\n"],
    ['an import where code awaits', 'a.js', 'await a();\nb();\n', "import { authorize } from 'x';\n\nawait a();\nb();\n"],
    ['an import for import.meta', 'a.js', 'a(() => import.meta.url);\nb();\n', "import { authorize } from 'x';\n\na(() => import.meta.url);\nb();\n"],
    ['a require for module.exports', 'a.ts', 'module.exports = a;\nb();\n', "const { authorize } = require('x');\n\nmodule.exports = a;\nb();\n"],
    ['nothing to go by: .js', 'a.js', 'a();\nb();\n', "const { authorize } = require('x');\n\na();\nb();\n"],
    ['nothing to go by: .cjs', 'a.cjs', 'a();\nb();\n', "const { authorize } = require('x');\n\na();\nb();\n"],
    ['nothing to go by: .mjs', 'a.mjs', 'a();\nb();\n', "import { authorize } from 'x';\n\na();\nb();\n"],
    ['nothing to go by: .ts', 'a.ts', 'a();\nb();\n', "import { authorize } from 'x';\n\na();\nb();\n"],
    ['nothing to go by: .tsx', 'a.tsx', 'a();\nb();\n', "import { authorize } from 'x';\n\na();\nb();\n"],
    ['nothing to go by: .mts', 'a.mts', 'a();\nb();\n', "import { authorize } from 'x';\n\na();\nb();\n"],
    ['nothing to go by: .cts', 'a.cts', 'a();\nb();\n', "import { authorize } from 'x';\n\na();\nb();\n"],
    ['to a hashbang', 'a.js', '#!/usr/bin/env node\na();\n', "#!/usr/bin/env node\nconst { authorize } = require('x');\n\na();\n"],
    ['to a hashbang in Flow', 'a.js', '#!/usr/bin/env node\n// @flow\nlet a: string = b();\n', "#!/usr/bin/env node\n// @flow\nconst { authorize } = require('x');\n\nlet a: string = b();\n"],
    ['below a pragma in a block', 'a.js', '/**\n * Says A.\n * @flow strict\n */\nlet a: string = b();\n', "/**\n * Says A.\n * @flow strict\n */\nconst { authorize } = require('x');\n\nlet a: string = b();\n"],
    ['to a hashbang and a licence', 'a.js', '#!/usr/bin/env node\n/* Copyright A */\na();\n', "#!/usr/bin/env node\n/* Copyright A */\nconst { authorize } = require('x');\n\na();\n"],
    ['below a header', 'a.js', '/**\n * @file A\n */\n\na();\n', "/**\n * @file A\n */\n\nconst { authorize } = require('x');\n\na();\n"],
    ['below a licence in lines', 'a.js', '// Copyright A\n// Use it well.\na();\n', "// Copyright A\n// Use it well.\nconst { authorize } = require('x');\n\na();\n"],
    ['below what switches rules off', 'a.js', '/* eslint-disable no-console */\n// Says A.\na();\n', "/* eslint-disable no-console */\nconst { authorize } = require('x');\n\n// Says A.\na();\n"],
    ['above the comments of the first statement', 'a.js', '/* Header */\n\n// Says A.\n// eslint-disable-next-line no-a\na();\n', "/* Header */\n\nconst { authorize } = require('x');\n\n// Says A.\n// eslint-disable-next-line no-a\na();\n"],
    ['between a directive and a comment', 'a.js', "'use strict'; // really\n// Says A.\na();\n", "'use strict'; // really\nconst { authorize } = require('x');\n\n// Says A.\na();\n"],
    ['below "use client"', 'a.tsx', '"use client";\n\nexport const a = b("c");\n', '"use client";\n\nimport { authorize } from "x";\n\nexport const a = b("c");\n'],
    ['to a directive alone', 'a.js', "'use strict';\n", "'use strict';\nconst { authorize } = require('x');\n"],
    ['to comments alone', 'a.js', '// A\n', "// A\nconst { authorize } = require('x');\n"],
    ['to a directive on a shared line', 'a.js', "'use strict'; a();\nb();\n", "'use strict'; const { authorize } = require('x'); a();\nb();\n"],
    ['a semicolon where the next line would go on', 'a.js', '(function () {\n  a()\n})()\nb()\n', "const { authorize } = require('x');\n\n(function () {\n  a()\n})()\nb()\n"],
    ['above a decorated class', 'a.ts', '// Says A.\n@a()\nexport class A {}\n', "import { authorize } from 'x';\n\n// Says A.\n@a()\nexport class A {}\n"],
    ['beside a type import of the module', 'a.ts', "import type { A } from 'x';\nlet a: A;\n", "import type { A } from 'x';\nimport { authorize } from 'x';\nlet a: A;\n"],
    ['beside a rest element', 'a.js', "const { a, ...b } = require('x');\na(b);\n", "const { a, ...b } = require('x');\nconst { authorize } = require('x');\na(b);\n"],
    ['at the head where the module is required too late', 'a.js', "const a = require('a');\na();\nconst x = require('x');\n", "const a = require('a');\nconst { authorize } = require('x');\na();\nconst x = require('x');\n"],
  ])('%s (%s)', (...row) => {
    check(row);
  });

  it('to an empty file', () => {
    expect(ensure('/repo/a.mjs', '', REQUEST)).toEqual({ text: "import { authorize } from 'x';\n", local: 'authorize' });
  });

  it('to a comment without an end of line', () => {
    expect(ensure('/repo/a.mjs', '// A', REQUEST)).toEqual({ text: "// A\nimport { authorize } from 'x';\n", local: 'authorize' });
  });

  it('by the path that the TypeScript parser was given', () => {
    expect(applyEdits('a()', ensureImport(buildSource('/repo/a.ts', 'a()'), REQUEST).edits)).toMatch(/^import /);
  });
});

describe('ensureImport extends', () => {
  it.each<Row>([
    ['named imports', 'a.js', "import { a } from 'x';\na();\n", "import { a, authorize } from 'x';\na();\n"],
    ['named imports, tight', 'a.js', "import {a} from 'x';\na();\n", "import {a, authorize} from 'x';\na();\n"],
    ['named imports over lines', 'a.ts', "import {\n  a,\n  b, // B\n} from 'x';\na();\n", "import {\n  a,\n  b, // B\n  authorize,\n} from 'x';\na();\n"],
    ['named imports with types', 'a.ts', "import { type A, a } from 'x';\na();\n", "import { type A, a, authorize } from 'x';\na();\n"],
    ['a default import', 'a.js', "import a from 'x';\na();\n", "import a, { authorize } from 'x';\na();\n"],
    ['a default beside names', 'a.js', "import a, { b } from 'x';\na();\n", "import a, { b, authorize } from 'x';\na();\n"],
    ['an import for its effects', 'a.js', "import 'x';\na();\n", "import { authorize } from 'x';\na();\n"],
    ['empty braces', 'a.js', "import {} from 'x';\na();\n", "import { authorize } from 'x';\na();\n"],
    ['a destructured require', 'a.js', "const { a } = require('x');\na();\n", "const { a, authorize } = require('x');\na();\n"],
    ['a destructured require over lines', 'a.js', "const {\n  a,\n} = require('x');\na();\n", "const {\n  a,\n  authorize,\n} = require('x');\na();\n"],
    ['with an alias', 'a.js', "import { a } from 'x';\na(authorize);\n", "import { a, authorize as authorizeSalesforce } from 'x';\na(authorize);\n", 'authorizeSalesforce'],
    ['with an alias in a require', 'a.js', "const { a } = require('x');\na(authorize);\n", "const { a, authorize: authorizeSalesforce } = require('x');\na(authorize);\n", 'authorizeSalesforce'],
    ['where a name of the same export is a type', 'a.ts', "import { type authorize } from 'x';\nlet a: typeof authorize;\n", "import { type authorize, authorize as authorizeSalesforce } from 'x';\nlet a: typeof authorize;\n", 'authorizeSalesforce'],
  ])('%s (%s)', (...row) => {
    check(row);
  });
});

describe('ensureImport uses', () => {
  it.each<[string, string, string, string]>([
    ['the import', 'a.js', "import { authorize } from 'x';", 'authorize'],
    ['its alias', 'a.js', "import { a, authorize as b } from 'x';", 'b'],
    ['a string name', 'a.js', "import { 'authorize' as b } from 'x';", 'b'],
    ['a namespace', 'a.js', "import * as ns from 'x';", 'ns.authorize'],
    ['a namespace beside a default', 'a.js', "import d, * as ns from 'x';", 'ns.authorize'],
    ['a required module', 'a.js', "const ns = require('x');", 'ns.authorize'],
    ['a required module behind others', 'a.js', "const a = require('a'), ns = require('x');", 'ns.authorize'],
    ['import =', 'a.ts', "import ns = require('x');", 'ns.authorize'],
    ['a destructured require', 'a.js', "const { authorize } = require('x');", 'authorize'],
    ['its alias', 'a.js', "const { authorize: b } = require('x');", 'b'],
    ['a member', 'a.js', "var b = require('x').authorize;", 'b'],
    ['a name before a namespace in another statement', 'a.js', "import { a } from 'x'; import * as ns from 'x';", 'ns.authorize'],
    ['a require in a module', 'a.js', "import a from 'a'; const { authorize } = require('x');", 'authorize'],
  ])('%s (%s): %s', (_name, path, text, local) => {
    expect(ensureImport(buildSource(`/repo/${path}`, text), REQUEST)).toEqual({ edits: [], local });
  });

  it.each<Row>([
    ['no name that means something else elsewhere', 'a.js', "import { authorize } from 'x';\nfunction a(authorize) {}\n", "import { authorize, authorize as authorizeSalesforce } from 'x';\nfunction a(authorize) {}\n", 'authorizeSalesforce'],
    ['no namespace that means something else elsewhere', 'a.js', "import * as ns from 'x';\nfunction a(ns) {}\n", "import * as ns from 'x';\nimport { authorize } from 'x';\nfunction a(ns) {}\n"],
    ['no module variable that changes', 'a.js', "let ns = require('x');\nns = a;\n", "let ns = require('x');\nconst { authorize } = require('x');\nns = a;\n"],
    ['no other export', 'a.js', "import { a as authorize } from 'x';\nauthorize();\n", "import { a as authorize, authorize as authorizeSalesforce } from 'x';\nauthorize();\n", 'authorizeSalesforce'],
    ['no re-export', 'a.js', "export { authorize } from 'x';\na();\n", "import { authorize } from 'x';\n\nexport { authorize } from 'x';\na();\n"],
  ])('%s (%s)', (...row) => {
    check(row);
  });
});

describe('ensureImport finds a free name', () => {
  it.each<[string, string, string]>([
    ['free', 'a();\n', 'authorize'],
    ['a property of that name is no binding', 'a.authorize({ authorize: 1 });\n', 'authorize'],
    ['a top-level function', 'function authorize() {}\n', 'authorizeSalesforce'],
    ['a variable in an inner scope', 'function a() { let authorize; }\n', 'authorizeSalesforce'],
    ['a parameter', 'a((authorize) => 1);\n', 'authorizeSalesforce'],
    ['a caught error', 'try {} catch (authorize) {}\n', 'authorizeSalesforce'],
    ['the name of a class expression', 'a(class authorize {});\n', 'authorizeSalesforce'],
    ['a global', 'authorize();\n', 'authorizeSalesforce'],
    ['an implicit global', 'authorize = 1;\n', 'authorizeSalesforce'],
    ['a JSX name', 'a(<authorize />);\n', 'authorizeSalesforce'],
    ['the preferred one, too', 'authorize(authorizeSalesforce);\n', 'authorize2'],
    ['and the next', 'authorize(authorizeSalesforce, authorize2);\n', 'authorize3'],
  ])('%s', (_name, text, local) => {
    for (const path of ['/repo/a.jsx', '/repo/a.tsx']) {
      expect(ensure(path, text, REQUEST).local).toBe(local);
      const alias = local === 'authorize' ? 'authorize' : `authorize(?: as|:) ${local}`;
      expect(ensure(path, text, REQUEST).text).toMatch(new RegExp(`\\{ ${alias} \\}`));
    }
  });

  it('minds type names', () => {
    expect(ensure('/repo/a.ts', 'interface authorize {}\nlet a: authorize;\n', REQUEST).local).toBe('authorizeSalesforce');
  });

  it('without a preferred name', () => {
    expect(ensure('/repo/a.js', 'authorize();\n', { module: 'x', name: 'authorize' }).local).toBe('authorize2');
  });

  it('spells an alias in ES5', () => {
    expect(ensure('/repo/a.js', 'var a = authorize();\n', REQUEST).text).toBe(
      "var authorizeSalesforce = require('x').authorize;\n\nvar a = authorize();\n",
    );
  });
});
