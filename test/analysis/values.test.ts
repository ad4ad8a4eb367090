import { describe, expect, it } from 'vitest';
import { fileOf, valuesIn } from '../support/file';

function table(rows: [name: string, code: string, values: string[], path?: string][]): void {
  it.each(rows)('%s', (_name, code, values, path) => expect(valuesIn(code, path)).toEqual(values));
}

describe('sets of values', () => {
  table([
    ['a literal', `it = 'a';`, ['"a"']],
    ['numbers, null and undefined', `it = a ? 1 : b ? null : undefined;`, ['1', 'null', 'undefined']],
    ['both sides of or', `const x = process.env.X || 'a'; it = x;`, ['env.X', '"a"']],
    ['a reassigned variable', `let x = 'a'; if (y) x = 'b'; it = x;`, ['"a"', '"b"']],
    ['an empty start counts only alone', `let x = null; x = 'a'; it = x;`, ['"a"']],
    ['a variable that is never set', `let x; it = x;`, ['unknown']],
    ['a name that the file does not declare', `it = sforce.connection;`, ['global sforce.connection']],
    ['the global object by its names', `it = a ? window.sforce : globalThis.sforce;`, ['global sforce']],
    ['a sequence', `it = (a, 'b');`, ['"b"']],
    ['a regular expression', `it = /a/;`, ['unknown']],
  ]);

  it('stops at a dozen', () => {
    const literals = Array.from({ length: 30 }, (_, index) => `c${index} ? '${index}' :`).join(' ');
    expect(valuesIn(`it = ${literals} 'x';`)).toHaveLength(12);
  });
});

describe('the environment', () => {
  table([
    ['a variable', `it = process.env.SF_USER;`, ['env.SF_USER']],
    ['in brackets', `it = process.env['SF_USER'];`, ['env.SF_USER']],
    ['destructured', `const { SF_USER } = process.env; it = SF_USER;`, ['env.SF_USER']],
    ['destructured under another name, with a default', `const { SF_USER: user = 'x' } = process.env; it = user;`, ['env.SF_USER', '"x"']],
    ['destructured twice over', `const { env: { SF_USER } } = process; it = SF_USER;`, ['env.SF_USER']],
    ['in a variable', `const env = process.env; it = env.SF_USER;`, ['env.SF_USER']],
    ['a computed name in a constant', `const NAME = 'SF_USER'; it = process.env[NAME];`, ['env.SF_USER']],
    ['a computed name from elsewhere', `it = process.env[name];`, ['env.*']],
    ['imported', `import { env } from 'node:process'; it = env.SF_USER;`, ['env.SF_USER']],
    ['a process of the file', `const process = { env: { A: 'a' } }; it = process.env.A;`, ['"a"']],
  ]);
});

describe('texts', () => {
  table([
    ['a concatenation of constants', `const a = 'x'; it = a + 'y' + 1;`, ['"xy1"']],
    ['a concatenation with a hole', `it = 'x' + process.env.A + 'y';`, ['text("x" + env.A + "y")']],
    ['a template of constants', 'const a = "x"; it = `${a}y`;', ['"xy"']],
    ['a template with a hole', 'it = `x${process.env.A}y`;', ['text("x" + env.A + "y")']],
    ['a template of alternatives', 'const a = b ? "1" : "2"; it = `v${a}`;', ['"v1"', '"v2"']],
    ['an array joined', `it = ['a', 'b'].join('-');`, ['"a-b"']],
    ['an array joined with commas', `it = ['a', 'b'].join();`, ['"a,b"']],
    ['concat', `it = 'a'.concat('b');`, ['"ab"']],
    ['what only changes its looks', `it = String('a').trim();`, ['"a"']],
  ]);

  it('are given with holes as NUL', () => {
    const { file, it: node } = fileOf('it = `x${process.env.A}y`;');
    expect(file.values.strings(node)).toEqual(['x\0y']);
  });
});

describe('objects', () => {
  table([
    ['a property', `const o = { a: 'x' }; it = o.a;`, ['"x"']],
    ['a property of a property', `const o = { a: { b: 'x' } }; it = o.a.b;`, ['"x"']],
    ['the last of two', `const o = { a: 'x', a: 'y' }; it = o.a;`, ['"y"']],
    ['a spread', `const o = { ...{ a: 'x' }, b: 1 }; it = o.a;`, ['"x"']],
    ['over a spread', `const o = { ...{ a: 'x' }, a: 'y' }; it = o.a;`, ['"y"']],
    ['destructured', `const { a: { b } } = { a: { b: 'x' } }; it = b;`, ['"x"']],
    ['written to later', `const o = {}; o.a = 'x'; it = o.a;`, ['"x"']],
    ['written to another object', `const o = {}; const p = {}; p.a = 'x'; it = o.a;`, ['object.a']],
    ['a property that nothing shows', `it = { a: 1 }.b;`, ['object.b']],
    ['a rest', `const { a, ...rest } = { a: 1, b: 2 }; it = rest;`, ['unknown']],
    ['written to exports', `exports.a = 'x'; it = exports.a;`, ['"x"']],
    ["a method's this", `const o = { a: 'x', m() { it = this.a; } };`, ['"x"']],
  ]);

  it.each([
    ['a plain literal', `it = { a: 1 };`, true],
    ['a spread of one', `const o = { a: 1 }; it = { ...o };`, true],
    ['a spread of something else', `it = { ...o };`, false],
    ['a computed name', `it = { [a]: 1 };`, false],
  ])('%s shows all there is: %s', (_name, code, whole) => {
    const { file, it: node } = fileOf(code);
    expect(file.values.of(node).map((value) => value.kind === 'object' && file.values.isWhole(value.node))).toEqual([whole]);
  });

  it('give a property only where a literal shows it', () => {
    const { file, it: node } = fileOf(`const o = b ? { a: 'x' } : unknown; it = o;`);
    expect(file.values.property(node, 'a')).toMatchObject([{ kind: 'literal', value: 'x' }]);
    expect(file.values.property(node, 'b')).toBeUndefined();
  });
});

describe('modules', () => {
  table([
    ['required', `const a = require('m'); it = a.b;`, ['m#b']],
    ['required and destructured', `const { b: c } = require('m'); it = c;`, ['m#b']],
    ['a default import', `import a from 'm'; it = a;`, ['m']],
    ['a named import', `import { b as c } from 'm'; it = c;`, ['m#b']],
    ['a namespace import', `import * as a from 'm'; it = a.b.c;`, ['m#b#c']],
    ['default by name', `import { default as a } from 'm'; it = a.b;`, ['m#b']],
    ['import equals', `import a = require('m'); it = a.b;`, ['m#b'], 'file.ts'],
    ['a dynamic import', `async function f() { const { b } = await import('m'); it = b; }`, ['m#b']],
    ['through an interop helper', `const a = _interopRequireDefault(require('m')); it = a.default.b;`, ['m#b']],
    ['a computed require', `it = require(name);`, ['unknown']],
    ['a require of the file', `function require(x) { return 'a'; } it = require('m');`, ['m']],
  ]);
});

describe('calls and instances', () => {
  table([
    ['an instance', `const { A } = require('m'); it = new A();`, ['new m#A']],
    ['what a function of the file returns', `function f() { if (a) return 'x'; return 'y'; } it = f();`, ['"x"', '"y"']],
    ['not what a function in it returns', `function f() { const g = () => 'x'; return 'y'; } it = f();`, ['"y"']],
    ['an arrow function', `const f = () => 'x'; it = f();`, ['"x"']],
    ['a call of something else', `it = require('m').f();`, ['m#f()']],
    ['awaited', `async function g() { const f = async () => 'x'; it = await f(); }`, ['"x"']],
    ['a promisified import', `const { promisify } = require('util'); it = promisify(require('m').f);`, ['m#f']],
    ['an annotated variable', `import { A } from 'm'; declare let a: A; it = a;`, ['new m#A'], 'file.ts'],
    ['an annotated variable, qualified', `import * as m from 'm'; declare let a: m.A | undefined; it = a;`, ['new m#A'], 'file.ts'],
    ['an annotated promise', `import { A } from 'm'; declare let a: Promise<A>; it = a;`, ['new m#A'], 'file.ts'],
    ['an annotation of the file itself', `interface A {} declare let a: A; it = a;`, ['unknown'], 'file.ts'],
    ['a Flow annotation', `// @flow\nimport { A } from 'm';\nexport function f(a: ?A) { it = a; }`, ['new m#A']],
  ]);
});

describe('parameters', () => {
  table([
    ['of an exported function are the caller\'s', `export function f(a) { it = a; }`, ['parameter a']],
    ['of a function that is passed on', `function f(a) { it = a; } g(f);`, ['parameter a']],
    ['of a function that only the file calls', `function f(a) { it = a; } f('x'); f(process.env.A);`, ['"x"', 'env.A']],
    ['destructured', `function f({ a }) { it = a; } f({ a: 'x' });`, ['"x"']],
    ['with a default and no caller', `export function f(a = 'x') { it = a; }`, ['parameter a', '"x"']],
    ['with a default in a pattern', `export function f({ a = 'x' } = {}) { it = a; }`, ['parameter a', '"x"']],
    ['called with a spread', `function f(a) { it = a; } f(...list);`, ['parameter a']],
    ['rest', `function f(...a) { it = a; } f('x');`, ['parameter a']],
    ['of a function called on the spot', `(function (a) { it = a; })('x');`, ['"x"']],
    ['of a then', `require('m').f().then((a) => { it = a; });`, ['m#f()']],
  ]);
});

describe('fields', () => {
  table([
    ['a class field', `class A { a = 'x'; m() { it = this.a; } }`, ['"x"']],
    ['a private field', `class A { #a = 'x'; m() { it = this.#a; } }`, ['"x"']],
    ['set in the constructor', `class A { constructor() { this.a = 'x'; } m() { it = this.a; } }`, ['"x"']],
    ['set in another method, through an arrow function', `class A { n() { later(() => { this.a = 'x'; }); } m() { it = this.a; } }`, ['"x"']],
    ['set in another class', `class B { n() { this.a = 'x'; } } class A { m() { it = this.a; } }`, ['this.a']],
    ['through an alias of this', `class A { a = 'x'; m() { const self = this; return () => { it = self.a; }; } }`, ['"x"']],
    ['out of a getter', `class A { get a() { return 'x'; } m() { it = this.a; } }`, ['"x"']],
    ['typed only', `import { B } from 'm'; class A { private a: B; m() { it = this.a; } }`, ['new m#B'], 'file.ts'],
    ['a parameter property', `import { B } from 'm'; class A { constructor(private a: B) {} m() { it = this.a; } }`, ['new m#B'], 'file.ts'],
    ['static', `class A { static a = 'x'; } it = A.a;`, ['"x"']],
    ['written to a class', `class A {} A.a = 'x'; it = A.a;`, ['"x"']],
    ['of an instance', `class A { a = 'x'; } it = new A().a;`, ['"x"']],
    ['of an old-style class', `function A() { this.a = 'x'; } A.prototype.m = function () { it = this.a; };`, ['"x"']],
    ['of an old-style class with one object as prototype', `function A() { this.a = 'x'; } A.prototype = { m: function () { it = this.a; } };`, ['"x"']],
    ['of another old-style class', `function B() { this.a = 'x'; } function A() {} A.prototype.m = function () { it = this.a; };`, ['this.a']],
  ]);
});

describe('cycles end', () => {
  table([
    ['a variable that is itself', `let x = x || 'a'; it = x;`, ['"a"']],
    ['two variables that are each other', `let a = b; let b = a || 'x'; it = a;`, ['"x"']],
    ['a function that calls itself', `function f(n) { return n ? f(n - 1) : 'x'; } it = f(3);`, ['"x"']],
    ['a function that passes its parameter on', `function f(a) { it = a; f(a); } f('x');`, ['"x"']],
    ['a field of itself', `class A { m() { this.a = this.a || 'x'; it = this.a; } }`, ['"x"']],
    ['an object that spreads itself', `let o = {}; o = { ...o, a: 'x' }; it = o.a;`, ['object.a', '"x"']],
    ['a global of itself', `window.a = window.a || {}; it = window.a;`, ['global a', 'object']],
  ]);

  it('however deep the nesting', () => {
    expect(valuesIn(`it = ${"'a' + (".repeat(300)}'b'${')'.repeat(300)};`).length).toBeGreaterThan(0);
  });
});

describe('a variable rewritten many times from itself', () => {
  it('is given up on, not walked forever', () => {
    const rewrites = Array.from({ length: 30 }, (_, index) => `text = text.replace('${index}', other) + text;`).join('\n');
    const { file, it: node } = fileOf(`let text = process.env.A;\n${rewrites}\nit = text;`);
    expect(file.values.of(node).length).toBeGreaterThan(0);
  });
});
