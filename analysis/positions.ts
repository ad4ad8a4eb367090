/** Where something stands in a file, so that any node can be asked for it without reading its text again and again. */
import type { Node } from './source';

type Range = readonly [number, number];

export class Positions {
  /** Ranges in source order, none of which overlap. */
  constructor(private readonly ranges: readonly Range[]) {}

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  /** Does one of them stand inside a node? */
  isAnyIn(node: Node): boolean {
    const [from, to] = node.range;
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ranges[middle]![0] < from) low = middle + 1;
      else high = middle;
    }
    const found = this.ranges[low];
    return found !== undefined && found[1] <= to;
  }
}

/** The matches of a pattern with the flag `g`. */
export function positionsOf(text: string, pattern: RegExp): Positions {
  return new Positions(Array.from(text.matchAll(pattern), (match) => [match.index, match.index + match[0].length]));
}

/** Nodes of which none contains another. */
export function positionsOfNodes(nodes: readonly Node[]): Positions {
  return new Positions(nodes.map(({ range }) => range).sort(([one], [other]) => one - other));
}
