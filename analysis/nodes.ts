/** Every node of a file by type, from a single walk. */
import { isNode, nameOf } from './scope';
import type { Node, Source } from './source';

/** Node types by their text: `'CallExpression'` rather than the enum, which would be an import at run time. */
type TypeName = `${Node['type']}`;
type NodeOf<T extends TypeName, N = Node> = N extends Node ? (`${N['type']}` extends T ? N : never) : never;

export class NodeIndex {
  private readonly byType = new Map<string, { nodes: Node[]; keys: readonly string[] }>();

  constructor(readonly source: Source) {
    const stack: Node[] = [source.ast];
    for (let node = stack.pop(); node; node = stack.pop()) {
      let known = this.byType.get(node.type);
      if (!known) this.byType.set(node.type, (known = { nodes: [], keys: source.visitorKeys[node.type] ?? [] }));
      known.nodes.push(node);
      pushChildren(node, known.keys, stack);
    }
  }

  /** Every node of a type, in source order. */
  all<T extends TypeName>(type: T): readonly NodeOf<T>[] {
    return (this.byType.get(type)?.nodes ?? []) as unknown as NodeOf<T>[];
  }

  /** Every `x.name` of the file, in source order. */
  membersNamed(name: string): readonly NodeOf<'MemberExpression'>[] {
    if (!this.byName) {
      this.byName = new Map();
      for (const member of this.all('MemberExpression')) {
        const written = nameOf(member);
        if (written === undefined) continue;
        const list = this.byName.get(written);
        if (list) list.push(member);
        else this.byName.set(written, [member]);
      }
    }
    return this.byName.get(name) ?? [];
  }
  private byName: Map<string, NodeOf<'MemberExpression'>[]> | undefined;
}

/** The children of a node, last first: every file pays for this walk, so it makes no list of them as `childrenOf` does. */
function pushChildren(node: Node, keys: readonly string[], stack: Node[]): void {
  for (let at = keys.length - 1; at >= 0; at--) {
    const value = (node as unknown as Record<string, unknown>)[keys[at]!];
    if (!Array.isArray(value)) {
      if (isNode(value)) stack.push(value);
      continue;
    }
    for (let index = value.length - 1; index >= 0; index--) if (isNode(value[index])) stack.push(value[index] as Node);
  }
}
