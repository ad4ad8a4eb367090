/** A node's own text, and replacing it. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Node, Source } from '../analysis/source';
import type { Edit } from './edits';
import { indentAt } from './lines';
import { continuesLine, followsOpenLine, statementOf } from './statement';
import { outerTokens } from './tokens';

/** Leading white space of the line that `node` starts on. */
export function indentOf(source: Source, node: Node): string {
  return indentAt(source.text, node.range[0]);
}

/** From the first to behind the last character of `node`, its wrapping parentheses included. */
export function outerRange(source: Source, node: Node): [number, number] {
  const [first, last] = outerTokens(source, node);
  return [first.range[0], last.range[1]];
}

/** The text of `node`; with `parentheses`, the ones wrapped around it too. */
export function textOf(source: Source, node: Node, { parentheses = false }: { parentheses?: boolean } = {}): string {
  return source.text.slice(...(parentheses ? outerRange(source, node) : node.range));
}

/** `key: ` where `node` is the value of a shorthand property, which only a name can be. */
function shorthandKey(node: Node): string {
  const value = node.parent?.type === 'AssignmentPattern' && node.parent.left === node ? node.parent : node;
  const property = value.parent;
  if (property?.type !== 'Property' || !property.shorthand) return '';
  return `${(property.key as TSESTree.Identifier).name}: `;
}

/** Replacement text that keeps its meaning at `offset`, the start of `node`: shorthand spelled out, an unfinished line above closed. */
export function startingAt(source: Source, node: Node, offset: number, text: string): string {
  const statement = statementOf(node);
  const opens = statement.type === 'ExpressionStatement' && statement.range[0] === offset;
  const guard = opens && continuesLine(text) && followsOpenLine(source, statement) ? ';' : '';
  return guard + shorthandKey(node) + text;
}

/** Replaces the text of `node`, inside any parentheses around it. */
export function replaceNode(source: Source, node: Node, text: string): Edit {
  return { range: [...node.range], text: startingAt(source, node, node.range[0], text) };
}
