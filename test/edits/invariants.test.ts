/** What must hold for every edit anywhere: the result parses, and nothing changed but what the edit is about. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildSource, type Node, type Source } from '../../analysis/source';
import * as kit from '../../edits';
import { nodesIn } from '../../edits/walk';
import type { Edits } from './support';

const ROOTS = ['../../edits', '../../node_modules/jsforce-1/lib', '../../node_modules/node-salesforce/lib', '../../node_modules/request/lib'];
const FILES = ROOTS.map((root) => fileURLToPath(new URL(root, import.meta.url))).flatMap((root) =>
  readdirSync(root).filter((name) => /\.[jt]s$/.test(name)).map((name) => join(root, name)),
).filter((_, index) => index % 6 === 0);

type Bag = Record<string, number>;

function count(source: Source, node: Node, sign = 1, bag: Bag = {}): Bag {
  for (const { type } of nodesIn(source, node)) bag[type] = (bag[type] ?? 0) + sign;
  return bag;
}

const nonZero = (bag: Bag): Bag => Object.fromEntries(Object.entries(bag).filter(([, number]) => number !== 0));

/** At most `number` of the nodes of these types, spread over the file. */
function some<K extends Node['type']>(nodes: readonly Node[], number: number, ...types: `${K}`[]): Array<Extract<Node, { type: K }>> {
  const fitting = nodes.filter(({ type }) => (types as string[]).includes(type));
  const step = Math.max(1, Math.floor(fitting.length / number));
  return fitting.filter((_, index) => index % step === 0).slice(0, number) as Array<Extract<Node, { type: K }>>;
}

describe.each(FILES)('%s', (path) => {
  const source = buildSource(path, readFileSync(path, 'utf8'));
  const nodes = [...nodesIn(source, source.ast)];

  /** Applies an edit; the tree must then hold what it held before, less `removed`, plus `added`. */
  function check(edits: Edits, removed: readonly Node[], added: Bag = {}): Source | undefined {
    if (!edits) return undefined;
    const result = buildSource(path, kit.applyEdits(source.text, Array.isArray(edits) ? edits : [edits as kit.Edit]));
    const expected = { ...count(source, source.ast) };
    for (const node of removed) count(source, node, -1, expected);
    for (const [type, number] of Object.entries(added)) expected[type] = (expected[type] ?? 0) + number;
    expect(nonZero(count(result, result.ast))).toEqual(nonZero(expected));
    if (removed.length === 0) expect(result.getAllComments().length).toBeGreaterThanOrEqual(source.getAllComments().length);
    return result;
  }

  it('calls', () => {
    for (const call of some(nodes, 2, 'CallExpression', 'NewExpression')) {
      check(kit.appendArgument(source, call, 'x'), [], { Identifier: 1 });
      check(kit.wrapExpression(source, call, 'x(', ')'), [], { Identifier: 1, CallExpression: 1 });
      check(kit.replaceCallee(source, call, 'x'), [call.callee], { Identifier: 1 });
      call.arguments.forEach((argument, index) => check(kit.removeArgument(source, call, index), [argument]));
    }
  });

  it('objects', () => {
    for (const object of some(nodes, 2, 'ObjectExpression', 'ObjectPattern')) {
      check(kit.addProperty(source, object, 'x'), [], { Property: 1, Identifier: 2 });
      for (const property of object.properties.slice(0, 3)) check(kit.removeProperty(source, property), [property]);
    }
  });

  it('declarations', () => {
    for (const declarator of some(nodes, 4, 'VariableDeclarator')) {
      const whole = declarator.parent.declarations.length === 1;
      check(kit.removeDeclarator(source, declarator), [whole ? declarator.parent : declarator]);
    }
    for (const specifier of some(nodes, 2, 'ImportSpecifier')) {
      const whole = specifier.parent.type === 'ImportDeclaration' && specifier.parent.specifiers.length === 1;
      check(kit.removeImportSpecifier(source, specifier), [whole ? specifier.parent : specifier]);
    }
  });

  it('markers', () => {
    for (const node of some(nodes, 3, 'Identifier')) {
      const marked = check(kit.markStatement(source, node, { rule: 'r', text: 'why' }), []);
      expect(marked && kit.markersIn(marked)).toMatchObject([{ rule: 'r', text: 'why', target: expect.anything() }]);
    }
  });

  it('imports', () => {
    const request = { module: 'no-such-module', name: 'x', path };
    const { edits, local } = kit.ensureImport(source, request);
    const result = buildSource(path, kit.applyEdits(source.text, edits));
    expect(kit.ensureImport(result, request)).toEqual({ edits: [], local });
    expect(result.getAllComments()).toHaveLength(source.getAllComments().length);
  });
});
