/** Every node of a file by type, from a single walk. */
import { nameOf } from './scope';
import type { Node, Source } from './source';

/** Node types by their text: `'CallExpression'` rather than the enum, which would be an import at run time. */
type TypeName = `${Node['type']}`;
type NodeOf<T extends TypeName, N = Node> = N extends Node ? (`${N['type']}` extends T ? N : never) : never;

export class NodeIndex {
  private readonly byType = new Map<string, Node[]>();

  constructor(readonly source: Source) {
    const stack: Node[] = [source.ast];
    for (let node = stack.pop(); node; node = stack.pop()) {
      const list = this.byType.get(node.type);
      if (list) list.push(node);
      else this.byType.set(node.type, [node]);
      pushChildren(source, node, stack);
    }
  }

  /** Every node of a type, in source order. */
  all<T extends TypeName>(type: T): readonly NodeOf<T>[] {
    return (this.byType.get(type) ?? []) as unknown as NodeOf<T>[];
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

/** The children of a node, last first: a walk that every file pays for, so without the generator of `childrenOf`. */
function pushChildren(source: Source, node: Node, stack: Node[]): void {
  const keys = source.visitorKeys[node.type];
  for (let at = (keys?.length ?? 0) - 1; at >= 0; at--) {
    const value = (node as unknown as Record<string, unknown>)[keys![at]!];
    if (!Array.isArray(value)) {
      if (isNode(value)) stack.push(value);
      continue;
    }
    for (let index = value.length - 1; index >= 0; index--) if (isNode(value[index])) stack.push(value[index] as Node);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}
