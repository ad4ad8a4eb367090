/** The nodes of a file by type, from a single walk. */
import { nameOf } from './scope';
import type { Node, Source } from './source';

type NodeOf<T, N = Node> = N extends Node ? (`${N['type']}` extends T ? N : never) : never;

/** What the analysis asks for by its type. Every file with a word of Salesforce's pays for the walk, so it keeps nothing else. */
const KEPT = [
  'ArrayExpression', 'AssignmentExpression', 'AssignmentPattern', 'BinaryExpression', 'CallExpression', 'CatchClause', 'ConditionalExpression', 'Identifier', 'IfStatement',
  'ImportDeclaration', 'ImportExpression', 'JSXAttribute', 'JSXText', 'Literal', 'LogicalExpression', 'MemberExpression', 'NewExpression', 'ObjectExpression', 'ObjectPattern',
  'Property', 'PropertyDefinition', 'SwitchCase', 'TemplateElement', 'TemplateLiteral', 'ThrowStatement', 'TSExternalModuleReference', 'TSParameterProperty', 'UnaryExpression',
  'UpdateExpression', 'VariableDeclarator', 'WhileStatement',
] as const;
type Kept = (typeof KEPT)[number];

/** Where types stand, which hold no code. */
const TYPES = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);
const KEYS_OF_TYPES = new Set(['typeAnnotation', 'typeParameters', 'typeArguments', 'returnType', 'superTypeArguments', 'superTypeParameters', 'implements']);

export type MethodCall = NodeOf<'CallExpression'> & { callee: NodeOf<'MemberExpression'> };
export type FunctionCall = NodeOf<'CallExpression'> & { callee: NodeOf<'Identifier'> };

interface OfType {
  /** Undefined where nobody asks for that type. */
  nodes: Node[] | undefined;
  keys: readonly string[];
}

export class NodeIndex {
  private readonly byType = new Map<string, OfType>();

  constructor(readonly source: Source) {
    const keys = codeKeys(source.visitorKeys);
    for (const type of KEPT) this.byType.set(type, { nodes: [], keys: keys.get(type) ?? [] });
    const stack: Node[] = [source.ast];
    for (let node = stack.pop(); node; node = stack.pop()) {
      let known = this.byType.get(node.type);
      if (!known) this.byType.set(node.type, (known = { nodes: undefined, keys: keys.get(node.type) ?? [] }));
      known.nodes?.push(node);
      pushChildren(node, known.keys, stack);
    }
  }

  /** Every node of a type, in source order. */
  all<T extends Kept>(type: T): readonly NodeOf<T>[] {
    return this.byType.get(type)!.nodes as unknown as NodeOf<T>[];
  }

  /** Every `x.name` of the file, in source order. */
  membersNamed(name: string): readonly NodeOf<'MemberExpression'>[] {
    if (!this.byName) {
      this.byName = new Map();
      for (const member of this.all('MemberExpression')) add(this.byName, nameOf(member), member);
    }
    return this.byName.get(name) ?? [];
  }
  private byName: Map<string, NodeOf<'MemberExpression'>[]> | undefined;

  /** Every call of a method with one of these names, in source order. */
  methodCalls(...names: string[]): readonly MethodCall[] {
    const lists = names.flatMap((name) => this.callsByName.methods.get(name) ?? []);
    return names.length > 1 ? lists.sort((one, other) => one.range[0] - other.range[0]) : lists;
  }

  /** The calls of each function by its name, `name(…)`. */
  get functionCalls(): ReadonlyMap<string, readonly FunctionCall[]> {
    return this.callsByName.functions;
  }

  private get callsByName(): { methods: ReadonlyMap<string, MethodCall[]>; functions: ReadonlyMap<string, FunctionCall[]> } {
    if (!this.calls) {
      const methods = new Map<string, MethodCall[]>();
      const functions = new Map<string, FunctionCall[]>();
      for (const call of this.all('CallExpression')) {
        if (call.callee.type === 'Identifier') add(functions, call.callee.name, call as FunctionCall);
        else if (call.callee.type === 'MemberExpression') add(methods, nameOf(call.callee), call as MethodCall);
      }
      this.calls = { methods, functions };
    }
    return this.calls;
  }
  private calls: NodeIndex['callsByName'] | undefined;
}

function add<T>(lists: Map<string, T[]>, name: string | undefined, item: T): void {
  if (name === undefined) return;
  const list = lists.get(name);
  if (list) list.push(item);
  else lists.set(name, [item]);
}

const codeKeysOf = new WeakMap<Source['visitorKeys'], ReadonlyMap<string, readonly string[]>>();

/** The keys under which a parser's nodes have code; one parser's are the same for every file. */
function codeKeys(visitorKeys: Source['visitorKeys']): ReadonlyMap<string, readonly string[]> {
  let keys = codeKeysOf.get(visitorKeys);
  if (!keys) {
    keys = new Map(Object.entries(visitorKeys).map(([type, all]) => [type, TYPES.has(type) ? [] : (all ?? []).filter((key) => !KEYS_OF_TYPES.has(key))]));
    codeKeysOf.set(visitorKeys, keys);
  }
  return keys;
}

/** The children of a node, last first; makes no list of them, as `childrenOf` does. */
function pushChildren(node: Node, keys: readonly string[], stack: Node[]): void {
  const record = node as unknown as Record<string, Node | (Node | null)[] | null | undefined>;
  for (let at = keys.length - 1; at >= 0; at--) {
    const value = record[keys[at]!];
    if (!value) continue;
    if (!Array.isArray(value)) {
      stack.push(value);
      continue;
    }
    for (let index = value.length - 1; index >= 0; index--) if (value[index]) stack.push(value[index]!);
  }
}
