/** Names to variables, functions to their calls and returns: what ESLint's scopes say, without ESLint's helpers. */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { Node, Source } from './source';

export type Variable = TSESLint.Scope.Variable;
export type FunctionNode =
  | TSESTree.FunctionDeclaration
  | TSESTree.FunctionExpression
  | TSESTree.ArrowFunctionExpression;
export type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

export function isFunction(node: Node | undefined | null): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  );
}

export function isClass(node: Node | undefined | null): node is ClassNode {
  return node?.type === 'ClassDeclaration' || node?.type === 'ClassExpression';
}

const resolved = new WeakMap<TSESTree.Program, Map<Node, Variable | undefined>>();

/** The variable that an identifier names; undefined for globals that no scope declares. */
export function variableOf(source: Source, identifier: TSESTree.Identifier | TSESTree.JSXIdentifier): Variable | undefined {
  let known = resolved.get(source.ast);
  if (!known) resolved.set(source.ast, (known = new Map()));
  const variable = known.get(identifier);
  if (variable || known.has(identifier)) return variable;
  const found = lookUp(source, identifier);
  known.set(identifier, found);
  return found;
}

function lookUp(source: Source, identifier: TSESTree.Identifier | TSESTree.JSXIdentifier): Variable | undefined {
  return variableNamed(source, identifier.name, identifier);
}

/** The variable that a name would mean at a node. */
export function variableNamed(source: Source, name: string, at: Node): Variable | undefined {
  let scope: TSESLint.Scope.Scope | null = null;
  for (let node: Node | undefined = at; node && !scope; node = node.parent) {
    scope = source.scopeManager?.acquire(node, true) ?? null;
  }
  for (; scope; scope = scope.upper) {
    const variable = scope.set.get(name);
    if (variable && variable.defs.length > 0) return variable;
  }
  return undefined;
}

/** The nearest function around a node. */
export function functionAround(node: Node): FunctionNode | undefined {
  for (let current = node.parent; current; current = current.parent) if (isFunction(current)) return current;
  return undefined;
}

/** Whose `this` a node sees: a class, an old-style function, or undefined at the top of the file. */
export function ownerOfThis(node: Node): ClassNode | FunctionNode | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (isClass(current)) return current;
    if (isFunction(current) && current.type !== 'ArrowFunctionExpression') {
      const holder = current.parent;
      if (holder?.type === 'MethodDefinition') continue;
      return current;
    }
  }
  return undefined;
}

/** The name of `object.name`, `object['name']`, `{ name: … }` or a class member; undefined when computed. */
export function nameOf(node: Node): string | undefined {
  const key = node.type === 'MemberExpression' ? node.property : (node as { key?: Node }).key;
  if (!key) return undefined;
  if (key.type === 'Identifier') return (node as { computed?: boolean }).computed ? undefined : key.name;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Literal') return String(key.value);
  if (key.type === 'TemplateLiteral' && key.quasis.length === 1) return key.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** The property of an object literal with a name. */
export function propertyOf(object: TSESTree.ObjectExpression, name: string): TSESTree.Property | undefined {
  return object.properties.find((one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === name);
}

/** The name a function goes by: its own, or that of the variable or property it is the value of. */
export function functionName(node: FunctionNode): string | undefined {
  if (node.id) return node.id.name;
  const parent = node.parent;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'Property' || parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition') return nameOf(parent);
  if (parent?.type === 'AssignmentExpression') {
    return parent.left.type === 'Identifier' ? parent.left.name : nameOf(parent.left);
  }
  return undefined;
}

const WRAPPERS = new Set([
  'TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression', 'TSTypeAssertion', 'TSInstantiationExpression',
  'ChainExpression', 'TypeCastExpression', 'AwaitExpression',
]);

/** The expression inside casts, `!`, optional chains and `await`. */
export function unwrap(node: Node): Node {
  let current = node;
  while (WRAPPERS.has(current.type)) current = 'argument' in current ? (current.argument as Node) : (current as { expression: Node }).expression;
  return current;
}

/** The outermost cast, `!`, optional chain or `await` around an expression. */
export function wrapped(node: Node): Node {
  let current = node;
  while (current.parent && WRAPPERS.has(current.parent.type)) current = current.parent;
  return current;
}

/** The call that an expression is the callee of, through casts, `await` and optional chains. */
export function callOf(node: Node): TSESTree.CallExpression | undefined {
  const outer = wrapped(node);
  return outer.parent?.type === 'CallExpression' && outer.parent.callee === outer ? outer.parent : undefined;
}

const returns = new WeakMap<FunctionNode, readonly Node[]>();

/** The expressions that a function returns. */
export function returnsOf(source: Source, fn: FunctionNode): readonly Node[] {
  let found = returns.get(fn);
  if (!found) returns.set(fn, (found = collectReturns(source, fn)));
  return found;
}

function collectReturns(source: Source, fn: FunctionNode): Node[] {
  if (fn.body.type !== 'BlockStatement') return [fn.body];
  const found: Node[] = [];
  const stack: Node[] = [fn.body];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'ReturnStatement') {
      if (node.argument) found.push(node.argument);
      continue;
    }
    if (isFunction(node) || isClass(node)) continue;
    for (const child of childrenOf(source, node)) stack.push(child);
  }
  return found.reverse();
}

/** The child nodes of a node, in source order. */
export function childrenOf(source: Source, node: Node): Node[] {
  const children: Node[] = [];
  for (const key of source.visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) {
      for (const child of value) if (isNode(child)) children.push(child);
    } else if (isNode(value)) {
      children.push(value);
    }
  }
  return children;
}

function isNode(value: unknown): value is Node {
  return typeof (value as { type?: unknown } | null | undefined)?.type === 'string';
}

/** Does a node hold another, or is it the same? */
export function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}
