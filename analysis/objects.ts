/** What an object holds by the time it is used: its literal, its spreads, and what the file puts into it afterwards. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from './file';
import { callsOf } from './flow';
import { isFunction, nameOf, ownerOfThis, returnsOf, unwrap, variableOf } from './scope';
import type { Node } from './source';
import { type Value, pathInPattern } from './values';

export interface Entry {
  /** Absent where the key is computed from something unknown. */
  name?: string;
  key: Node;
  value: Node;
}

/** Calls that give back an object made of their arguments' entries. */
const MERGES = new Set(['assign', 'merge', 'extend', 'defaults', 'defaultsDeep', 'freeze', 'seal', 'cloneDeep', 'clone', 'structuredClone', 'stringify', 'parse', 'fromEntries', 'entries']);
/** Constructors of things that keep pairs: their first argument says the first ones. */
const PAIRED = new Set(['Headers', 'Map', 'URLSearchParams', 'FormData', 'AxiosHeaders', 'HttpHeaders', 'Metadata', 'Request']);
/** Methods that put a pair in. */
const PUTS = new Set(['append', 'set', 'setHeader', 'setRequestHeader', 'setHeaders']);
const DEEPEST = 12;

/** Everything that an expression's object is known to hold, in no order that matters. */
export function entriesOf(file: FileModel, node: Node): Entry[] {
  const found = new Map<Node, Entry>();
  collect(file, node, found, new Set(), 0);
  return [...found.values()];
}

/** The expressions that an object's property can have been given. */
export function propertyNodes(file: FileModel, object: Node, ...names: readonly string[]): Node[] {
  const entries = entriesOf(file, object);
  for (const name of names) {
    const values = entries.filter((entry) => entry.name === name).map((entry) => entry.value);
    if (values.length > 0) return values;
  }
  return [];
}

/** What the object in a property holds: `entriesUnder(file, options, 'headers')`, filled in at once or step by step. */
export function entriesUnder(file: FileModel, object: Node, name: string): Entry[] {
  const found = new Map<Node, Entry>();
  for (const value of propertyNodes(file, object, name)) for (const one of entriesOf(file, value)) add(found, one);
  for (const place of placesOf(object)) {
    for (const put of putsByName(file, name)) {
      const into = unwrap(put.into);
      if (into.type === 'MemberExpression' && isSamePlace(file, into.object, place)) add(found, put);
    }
  }
  return [...found.values()];
}

/** An expression, and the variable that an object literal is the value of. */
function placesOf(object: Node): Node[] {
  const places = [unwrap(object)];
  const holder = places[0]!.parent;
  if (places[0]!.type === 'ObjectExpression' && holder?.type === 'VariableDeclarator') places.push(holder.id);
  return places;
}

function collect(file: FileModel, start: Node, found: Map<Node, Entry>, seen: Set<Node>, depth: number): void {
  const node = unwrap(start);
  if (seen.has(node) || depth > DEEPEST) return;
  seen.add(node);
  const next = (inner: Node | null | undefined) => {
    if (inner) collect(file, inner, found, seen, depth + 1);
  };
  switch (node.type) {
    case 'ObjectExpression':
      for (const property of node.properties) {
        if (property.type === 'SpreadElement') next(property.argument);
        else add(found, entry(file, property.key, nameOf(property), property.value));
      }
      return;
    case 'ArrayExpression':
      for (const pair of node.elements) {
        if (pair?.type !== 'ArrayExpression' || pair.elements.length !== 2) continue;
        const [key, value] = pair.elements;
        if (key && value) add(found, entry(file, key, undefined, value));
      }
      return;
    case 'ConditionalExpression':
      next(node.consequent);
      next(node.alternate);
      return;
    case 'LogicalExpression':
      if (node.operator !== '&&') next(node.left);
      next(node.right);
      return;
    case 'AssignmentExpression':
      next(node.right);
      return;
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      for (const returned of returnsOf(file.source, node)) next(returned);
      return;
    case 'NewExpression':
      if (node.callee.type === 'Identifier' && PAIRED.has(node.callee.name)) next(node.arguments[node.callee.name === 'Request' ? 1 : 0]);
      return;
    case 'CallExpression': {
      const name = node.callee.type === 'Identifier' ? node.callee.name : nameOf(node.callee);
      if (name !== undefined && MERGES.has(name)) {
        for (const argument of node.arguments) next(argument.type === 'SpreadElement' ? argument.argument : argument);
        return;
      }
      if (node.callee.type === 'MemberExpression' && (name === 'then' || PUTS.has(name ?? ''))) {
        // `new Headers().set(…)` and `headers.set(…)` of libraries that hand the object on.
        if (PUTS.has(name ?? '') && node.arguments.length === 2) add(found, entry(file, node.arguments[0]!, undefined, node.arguments[1]!));
        next(node.callee.object);
        return;
      }
      for (const value of file.values.of(node.callee)) {
        if (value.kind === 'function') for (const returned of returnsOf(file.source, value.node)) next(returned);
      }
      return;
    }
    case 'Identifier': {
      const variable = variableOf(file.source, node);
      for (const def of variable?.defs ?? []) {
        const declared = def.node as Node;
        if (declared.type === 'VariableDeclarator' && declared.id.type === 'Identifier') next(declared.init);
      }
      for (const reference of variable?.references ?? []) {
        const write = reference.identifier.parent as Node | undefined;
        if (reference.isWrite() && !reference.init && write?.type === 'AssignmentExpression' && write.left === reference.identifier) next(write.right);
      }
      // What callers in the file pass belongs to their calls.
      const slot = parameterSlot(file, node);
      if (!slot || callsOf(file, slot.of).length === 0) for (const value of file.values.of(node)) nextOfValue(value, next);
      for (const put of putsInto(file, node)) add(found, put);
      return;
    }
    case 'MemberExpression': {
      const name = nameOf(node);
      if (name !== undefined) {
        const inner = new Map<Node, Entry>();
        collect(file, node.object, inner, new Set(seen), depth + 1);
        for (const one of inner.values()) if (one.name === name) next(one.value);
      }
      for (const value of file.values.of(node)) nextOfValue(value, next);
      for (const put of putsInto(file, node)) add(found, put);
      return;
    }
  }
}

function nextOfValue(value: Value, next: (node: Node) => void): void {
  if (value.kind === 'object' || value.kind === 'array') next(value.node);
  else if (value.kind === 'instance' && value.call) next(value.call);
  else if (value.kind === 'result') next(value.call);
}

function add(found: Map<Node, Entry>, one: Entry): void {
  found.set(one.key, one);
}

function entry(file: FileModel, key: Node, name: string | undefined, value: Node): Entry {
  const names = name === undefined ? file.values.strings(key) : [name];
  return { key, value, ...(names.length === 1 && !names[0]!.includes('\0') && { name: names[0]! }) };
}

// ---- what a file puts into an object after making it ----

interface Put extends Entry {
  into: Node;
}

const putsByFile = new WeakMap<FileModel, ReadonlyMap<string, readonly Put[]>>();

function putsByName(file: FileModel, name: string): readonly Put[] {
  let puts = putsByFile.get(file);
  if (!puts) putsByFile.set(file, (puts = collectPuts(file)));
  return puts.get(name) ?? [];
}

function putsInto(file: FileModel, object: Node): readonly Put[] {
  const key = lastName(object);
  return key === undefined ? [] : putsByName(file, key).filter((put) => isSamePlace(file, put.into, object));
}

function collectPuts(file: FileModel): ReadonlyMap<string, readonly Put[]> {
  const puts = new Map<string, Put[]>();
  const put = (into: Node, one: Entry) => {
    const key = lastName(into);
    if (key === undefined) return;
    const list = puts.get(key);
    if (list) list.push({ ...one, into });
    else puts.set(key, [{ ...one, into }]);
  };
  for (const write of file.all('AssignmentExpression')) {
    if (write.left.type === 'MemberExpression') put(write.left.object, entry(file, write.left.property, nameOf(write.left), write.right));
  }
  for (const call of file.all('CallExpression')) {
    if (call.callee.type !== 'MemberExpression') continue;
    const [first, second] = call.arguments;
    const method = nameOf(call.callee);
    if (first && second && call.arguments.length === 2 && PUTS.has(method ?? '')) put(call.callee.object, entry(file, first, undefined, second));
    else if (method === 'assign' && first && call.callee.object.type === 'Identifier' && call.callee.object.name === 'Object') {
      for (const source of call.arguments.slice(1)) for (const one of source.type === 'ObjectExpression' ? entriesOf(file, source) : []) put(first, one);
    }
  }
  return puts;
}

function lastName(node: Node): string | undefined {
  const inner = unwrap(node);
  return inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? nameOf(inner) : undefined;
}

/** Do two expressions name the same variable or the same field of the same object? */
export function isSamePlace(file: FileModel, one: Node, other: Node): boolean {
  const [a, b] = [unwrap(one), unwrap(other)];
  if (a.type === 'Identifier' && b.type === 'Identifier') return a.name === b.name && variableOf(file.source, a) === variableOf(file.source, b);
  if (a.type === 'ThisExpression' && b.type === 'ThisExpression') return ownerOfThis(a) === ownerOfThis(b);
  if (a.type !== 'MemberExpression' || b.type !== 'MemberExpression') return false;
  const name = nameOf(a);
  return name !== undefined && name === nameOf(b) && isSamePlace(file, a.object, b.object);
}

// ---- parameters ----

/** A parameter as the calls of its function fill it: which argument, and the property of it where a pattern takes one. */
export interface ParameterSlot {
  of: Node;
  index: number;
  key?: string;
}

/** The parameter that an identifier reads; undefined when it is anything else. */
export function parameterSlot(file: FileModel, node: Node): ParameterSlot | undefined {
  const identifier = unwrap(node);
  if (identifier.type !== 'Identifier') return undefined;
  const def = variableOf(file.source, identifier)?.defs.find((one) => (one.type as string) === 'Parameter');
  const fn = def?.node as Node | undefined;
  if (!def || !isFunction(fn)) return undefined;
  const name = def.name as TSESTree.Identifier;
  const index = fn.params.findIndex((param) => param.range[0] <= name.range[0] && name.range[1] <= param.range[1]);
  const param = fn.params[index];
  if (!param || param.type === 'RestElement') return undefined;
  const pattern = param.type === 'TSParameterProperty' ? param.parameter : param;
  const keys = pathInPattern(pattern, name)?.keys ?? [];
  if (keys.length === 0) return { of: fn, index };
  return keys.length === 1 && keys[0] !== undefined ? { of: fn, index, key: keys[0] } : undefined;
}
