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

/** Where types stand, which hold no code; texts they may hold: {@link NodeIndex.typeLiterals}. */
const TYPES = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);
const KEYS_OF_TYPES = new Set(['typeAnnotation', 'typeParameters', 'typeArguments', 'returnType', 'superTypeArguments', 'superTypeParameters', 'implements']);

export type MethodCall = NodeOf<'CallExpression'> & { callee: NodeOf<'MemberExpression'> };
export type FunctionCall = NodeOf<'CallExpression'> & { callee: NodeOf<'Identifier'> };
export type MemberWrite = NodeOf<'AssignmentExpression'> & { left: NodeOf<'MemberExpression'> };

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

  /** Those of them that stand in another node, itself included: they stand together, so a search finds the first. */
  allIn<T extends Kept>(type: T, top: Node): readonly NodeOf<T>[] {
    const nodes = this.all(type);
    const after = (position: number) => {
      let [low, high] = [0, nodes.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (nodes[middle]!.range[0] < position) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    // What begins where it does may be around it: `a().b()` is around `a()`.
    return nodes.slice(after(top.range[0]), after(top.range[1])).filter(({ range }) => range[1] <= top.range[1]);
  }

  /** Literals that are types, which are nothing's value: from a walk of their own, for those who look for texts wherever they stand. */
  typeLiterals(): readonly NodeOf<'Literal'>[] {
    const found: NodeOf<'Literal'>[] = [];
    const stack: Node[] = [this.source.ast];
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (node.type === 'TSLiteralType' && node.literal.type === 'Literal') found.push(node.literal);
      pushChildren(node, this.source.visitorKeys[node.type] ?? [], stack);
    }
    return found;
  }

  /** Every `x.name`. */
  get members(): ByName<NodeOf<'MemberExpression'>> {
    return (this.memberNames ??= new ByName(this.all('MemberExpression'), nameOf));
  }
  private memberNames: ByName<NodeOf<'MemberExpression'>> | undefined;

  /** Every `name: …` of objects and patterns. */
  get properties(): ByName<NodeOf<'Property'>> {
    return (this.propertyNames ??= new ByName(this.all('Property'), nameOf));
  }
  private propertyNames: ByName<NodeOf<'Property'>> | undefined;

  /** Every field of a class. */
  get fields(): ByName<NodeOf<'PropertyDefinition'>> {
    return (this.fieldNames ??= new ByName(this.all('PropertyDefinition'), nameOf));
  }
  private fieldNames: ByName<NodeOf<'PropertyDefinition'>> | undefined;

  /** Every `x.name = …`, with whatever operator. */
  get memberWrites(): ByName<MemberWrite> {
    return (this.writeNames ??= new ByName(this.all('AssignmentExpression').filter((write) => write.left.type === 'MemberExpression') as unknown as MemberWrite[], ({ left }) => nameOf(left)));
  }
  private writeNames: ByName<MemberWrite> | undefined;

  /** Every call `x.name(…)`. */
  get methodCalls(): ByName<MethodCall> {
    return (this.methodNames ??= new ByName(this.all('CallExpression').filter((call) => call.callee.type === 'MemberExpression') as MethodCall[], ({ callee }) => nameOf(callee)));
  }
  private methodNames: ByName<MethodCall> | undefined;

  /** Every call `name(…)`. */
  get functionCalls(): ByName<FunctionCall> {
    return (this.functionNames ??= new ByName(this.all('CallExpression').filter((call) => call.callee.type === 'Identifier') as FunctionCall[], ({ callee }) => callee.name));
  }
  private functionNames: ByName<FunctionCall> | undefined;
}

/** Nodes by a name of theirs: what asks for some names looks at those only, and what judges names does so once for each. */
export class ByName<T extends Node> {
  private readonly lists = new Map<string, T[]>();

  constructor(nodes: readonly T[], nameOf: (node: T) => string | undefined) {
    for (const node of nodes) {
      const name = nameOf(node);
      const list = name === undefined ? undefined : this.lists.get(name);
      if (list) list.push(node);
      else if (name !== undefined) this.lists.set(name, [node]);
    }
  }

  /** Those with one of some names, in source order. */
  named(...names: readonly string[]): readonly T[] {
    if (names.length === 1) return this.lists.get(names[0]!) ?? [];
    return names.flatMap((name) => this.lists.get(name) ?? []).sort((one, other) => one.range[0] - other.range[0]);
  }

  /** Those with a name that a test holds for, name by name. */
  where(holds: (name: string) => unknown): readonly T[] {
    return [...this.lists].flatMap(([name, nodes]) => (holds(name) ? nodes : []));
  }
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
