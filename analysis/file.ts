/** One file as the clients read it: its nodes by type, what its expressions are worth, and what it imports. */
import type { TSESTree } from '@typescript-eslint/utils';
import { NodeIndex } from './nodes';
import type { Node, Source } from './source';
import { Values } from './values';

export class FileModel extends NodeIndex {
  readonly values: Values = new Values(this);

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
