import type { Node, Source } from '../analysis/source';

/** The nodes directly below `node`. */
function* childrenOf(source: Source, node: Node): Generator<Node> {
  for (const key of source.visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === 'object' && 'type' in child) yield child as Node;
    }
  }
}

/** `node` and everything below it, parents first; a node for which `skip` holds is left out together with what it holds. */
export function* nodesIn(source: Source, node: Node, skip: (node: Node) => boolean = () => false): Generator<Node> {
  const stack = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (skip(next)) continue;
    yield next;
    stack.push(...childrenOf(source, next));
  }
}
