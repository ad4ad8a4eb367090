import type { Node, Source } from '../analysis/source';
import type { Edit } from './edits';
import { outerRange, startingAt } from './node';

/**
 * Puts `before` and `after` around an expression and its parentheses; a bare sequence (`a, b`) gets parentheses first.
 * Nested wraps that end at one offset with one text would merge in `applyEdits`: apply them one after the other.
 */
export function wrapExpression(source: Source, node: Node, before: string, after: string): Edit[] {
  const [start, end] = outerRange(source, node);
  const bare = node.type === 'SequenceExpression' && start === node.range[0];
  return [
    { range: [start, start], text: startingAt(source, node, start, bare ? `${before}(` : before) },
    { range: [end, end], text: bare ? `)${after}` : after },
  ];
}
