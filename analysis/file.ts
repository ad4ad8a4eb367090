/** One file as the clients read it: every node by type, from a single walk, and what its expressions are worth. */
import type { TSESTree } from '@typescript-eslint/utils';
import { childrenOf } from './scope';
import type { Node, Source } from './source';
import { Values } from './values';

/** Node types by their text: `'CallExpression'` rather than the enum, which would be an import at run time. */
type TypeName = `${Node['type']}`;
type NodeOf<T extends TypeName, N = Node> = N extends Node ? (`${N['type']}` extends T ? N : never) : never;

export class FileModel {
  readonly values: Values;
  private readonly byType = new Map<string, Node[]>();

  constructor(readonly source: Source) {
    const stack: Node[] = [source.ast];
    for (let node = stack.pop(); node; node = stack.pop()) {
      const list = this.byType.get(node.type);
      if (list) list.push(node);
      else this.byType.set(node.type, [node]);
      stack.push(...[...childrenOf(source, node)].reverse());
    }
    this.values = new Values(source, this);
  }

  /** Every node of a type, in source order. */
  all<T extends TypeName>(type: T): readonly NodeOf<T>[] {
    return (this.byType.get(type) ?? []) as unknown as NodeOf<T>[];
  }

  /** The module names that the file imports or requires with a literal. */
  get modules(): ReadonlySet<string> {
    this.moduleNames ??= this.collectModules();
    return this.moduleNames;
  }
  private moduleNames: ReadonlySet<string> | undefined;

  private collectModules(): ReadonlySet<string> {
    const names = new Set<string>();
    const add = (node: Node | undefined) => {
      if (node?.type === 'Literal' && typeof node.value === 'string') names.add(node.value);
    };
    for (const node of this.all('ImportDeclaration')) add(node.source);
    for (const node of this.all('ImportExpression')) add(node.source);
    for (const node of this.all('TSExternalModuleReference')) add(node.expression);
    for (const node of this.all('CallExpression')) {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(node.arguments[0]);
    }
    return names;
  }
}

const models = new WeakMap<TSESTree.Program, FileModel>();

/**
 * The model of a file, made on first use. Kept by the tree and not by `source`, which some hosts reuse for every file.
 */
export function modelOf(source: Source): FileModel {
  let model = models.get(source.ast);
  if (!model) models.set(source.ast, (model = new FileModel(source)));
  return model;
}
