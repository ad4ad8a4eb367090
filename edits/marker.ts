/** Comments that leave work for a person: `sf-auth-todo(<rule>): <text>` on the statement it is about. */
import type { Node, Source } from '../analysis/source';
import { isForNextLine } from './comments';
import type { Edit } from './edits';
import { indentAt, startsLine } from './lines';
import { firstTokenOf, listAround, startOf } from './statement';
import { detectStyle } from './style';
import type { Comment, Token } from './tokens';
import { nodesIn } from './walk';

/** What a marker says, and for which rule. */
export interface MarkerText {
  rule: string;
  text: string;
}

const MARKER = /^\s*sf-auth-todo\(([^()\s]+)\):\s*([\s\S]*?)\s*$/;

function parse(comment: Comment): MarkerText | undefined {
  const [, rule, text] = MARKER.exec(comment.value) ?? [];
  return rule === undefined || text === undefined ? undefined : { rule, text };
}

/** The statement or class member that a marker about `node` stands on. */
function anchorOf(node: Node): Node | undefined {
  for (let at: Node | undefined = node; at; at = at.parent) {
    if (listAround(at) || at.parent?.type === 'ClassBody') return at;
  }
  return undefined;
}

/** The comments before a statement that are about it: not those that end the line of what comes before. */
function commentsOn(source: Source, first: Token): Comment[] {
  const previous = source.getTokenBefore(first);
  return source
    .getCommentsBefore(first)
    .filter((comment) => comment.loc.start.line !== previous?.loc.end.line || comment.loc.end.line === first.loc.start.line);
}

/** Where a marker goes: above the instructions and the documentation that must stay next to the statement. */
function positionOf(source: Source, first: Token): number {
  let position = first.range[0];
  const comments = commentsOn(source, first);
  let line = first.loc.start.line;
  for (const comment of comments.toReversed()) {
    if (line - comment.loc.end.line > 1) break;
    const isDoc = comment.type === 'Block' && comment.value.startsWith('*');
    const opensLine = comment.loc.end.line === first.loc.start.line && startsLine(source.text, comment.range[0]);
    if (isForNextLine(comment) || isDoc || opensLine) position = comment.range[0];
    line = comment.loc.start.line;
  }
  return position;
}

/** The marker for `rule` that already stands on the statement of `node`. */
export function markerOf(source: Source, node: Node, rule: string): Comment | undefined {
  const anchor = anchorOf(node);
  return anchor && commentsOn(source, firstTokenOf(source, anchor)).find((comment) => parse(comment)?.rule === rule);
}

/**
 * Puts a marker above the statement (or class member) that holds `node`, or before it where other code shares its line.
 * Undefined when a marker for that rule stands there already, or when `node` is in no statement.
 */
export function markStatement(source: Source, node: Node, { rule, text }: MarkerText): Edit | undefined {
  const anchor = anchorOf(node);
  if (!anchor || markerOf(source, node, rule)) return undefined;
  const at = positionOf(source, firstTokenOf(source, anchor));
  const words = text.replaceAll('*/', '* /').replace(/\s+/g, ' ').trim();
  const comment = `/* sf-auth-todo(${rule}): ${words} */`;
  const ownLine = startsLine(source.text, at);
  return { range: [at, at], text: comment + (ownLine ? detectStyle(source).eol + indentAt(source.text, at) : ' ') };
}

/** What a marker can stand on, by the offset it starts at. */
function anchorsByStart(source: Source): Map<number, Node> {
  const anchors = new Map<number, Node>();
  for (const node of nodesIn(source, source.ast)) {
    if (anchorOf(node) === node && !anchors.has(startOf(node))) anchors.set(startOf(node), node);
  }
  return anchors;
}

/** Every marker in the file, with the statement or class member it stands on where there is one. */
export function markersIn(source: Source): Array<{ rule: string; text: string; comment: Comment; target?: Node }> {
  const found = source.getAllComments().flatMap((comment) => {
    const marker = parse(comment);
    return marker ? [{ ...marker, comment }] : [];
  });
  if (found.length === 0) return [];
  const anchors = anchorsByStart(source);
  return found.map((marker) => {
    const target = anchors.get(source.getTokenAfter(marker.comment)?.range[0] ?? -1);
    return target ? { ...marker, target } : marker;
  });
}
