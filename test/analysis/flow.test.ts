import { describe, expect, it } from 'vitest';
import { receivers } from '../../analysis/flow';
import { fileOf } from '../support/file';

/** The calls that the value of `it = …` ends up in. */
const goesTo = (code: string) => {
  const { file, it: node } = fileOf(code);
  return receivers(file, node).map((call) => file.source.getText(call.callee));
};

describe('receivers', () => {
  it.each<[string, string, string[]]>([
    ['an argument', `send(it = 'a');`, ['send']],
    ['nowhere', `it = 'a';`, []],
    ['through the variable', `let it; it = 'a'; send(it);`, ['send']],
    ['through another variable', `let it; it = 'a'; const body = it; send(body);`, ['send']],
    ['in an object', `let it; it = 'a'; send({ options: { body: it } });`, ['send']],
    ['in a template, a concatenation and an array', 'let it; it = "a"; one(`${it}`); two("x" + it); three([it]);', ['one', 'two', 'three']],
    ['trimmed', `let it; it = 'a'; send(it.trim());`, ['send']],
    ['logged on the way', `let it; it = 'a'; console.log(it); send(it);`, ['send']],
    ['returned from a function', `function f() { let it; it = 'a'; return it; } send(f());`, ['send']],
    ['returned from a method', `class A { f() { let it; it = 'a'; return it; } g() { send(this.f()); } }`, ['send']],
    ['through a field', `class A { f() { let it; it = 'a'; this.body = it; } g() { send(this.body); } }`, ['send']],
    ['through an own object', `let it; it = 'a'; const options = {}; options.body = it; send(options);`, ['send']],
    ['not as the function itself', `let it; it = f; it();`, []],
    ['through a chain of assignments', `let it; const body = it = 'a'; send(body);`, ['send']],
    ['in a circle', `let it; let b; it = b; b = it;`, []],
  ])('%s', (_name, code, expected) => expect(goesTo(code)).toEqual(expected));
});
