import { describe, expect, it } from 'vitest';
import { functionName, isClass, isFunction, nameOf, ownerOfThis, returnsOf, unwrap, variableOf } from '../../analysis/scope';
import { fileOf } from '../support/file';

describe('variableOf', () => {
  it('finds the innermost declaration', () => {
    const { file, it: node } = fileOf(`const a = 1; function f() { const a = 2; it = a; }`);
    const variable = node.type === 'Identifier' ? variableOf(file.source, node) : undefined;
    expect(variable?.defs[0]?.node.range?.[0]).toBe(file.source.text.indexOf('a = 2'));
  });

  it.each(['window', 'arguments'])('finds none for %s', (name) => {
    const { file, it: node } = fileOf(`function f() { it = ${name}; }`);
    expect(node.type === 'Identifier' && variableOf(file.source, node)).toBeUndefined();
  });
});

describe('nameOf', () => {
  it.each([
    ['a.b', 'b'],
    ["a['b']", 'b'],
    ['a[`b`]', 'b'],
    ['a[0]', '0'],
    ['a[b]', undefined],
    ['a[`${b}`]', undefined],
  ])('%s', (code, name) => expect(nameOf(fileOf(`it = ${code};`).it)).toBe(name));

  it('knows private names', () => {
    expect(nameOf(fileOf('class A { #a; m() { it = this.#a; } }').it)).toBe('#a');
  });
});

describe('ownerOfThis', () => {
  const owner = (code: string) => ownerOfThis(fileOf(code).it);
  it('is the class in a method, and in an arrow function in one', () => {
    expect(isClass(owner('class A { m() { it = this; } }'))).toBe(true);
    expect(isClass(owner('class A { m() { f(() => { it = this; }); } }'))).toBe(true);
  });
  it('is the function in an old-style one', () => {
    expect(isFunction(owner('function A() { it = this; }'))).toBe(true);
    expect(isFunction(owner('class A { m() { f(function () { it = this; }); } }'))).toBe(true);
  });
  it('is nothing at the top', () => expect(owner('it = this;')).toBeUndefined());
});

describe('casts and waits', () => {
  it('come off', () => {
    const { it: node } = fileOf('async function f() { it = (await (a as B))!; }', 'file.ts');
    expect(unwrap(node)).toMatchObject({ type: 'Identifier', name: 'a' });
  });
});

describe('functions', () => {
  it.each([
    ['it = function f() {};', 'f'],
    ['it = () => {};', 'it'],
  ])('%s is called %s', (code, name) => {
    const { it: node } = fileOf(code);
    expect(isFunction(node) && functionName(node)).toBe(name);
  });

  it('return what they return, and not what functions and classes in them do', () => {
    const { file, it: node } = fileOf('it = function () { if (a) return 1; (() => { return 2; })(); class B { m() { return 3; } } return 4; };');
    expect(isFunction(node) && returnsOf(file.source, node).map((one) => file.source.getText(one))).toEqual(['1', '4']);
  });

  it('return their expression', () => {
    const { file, it: node } = fileOf('it = () => a;');
    expect(isFunction(node) && returnsOf(file.source, node).map((one) => file.source.getText(one))).toEqual(['a']);
  });
});
