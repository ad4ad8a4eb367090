/** Statements: the list they stand in, where they really end, and removing one with what belongs to it. */
import type { Node, Source } from '../analysis/source';
import { ownCommentsAbove } from './comments';
import type { Edit } from './edits';
import { endsLine, lineEnd, lineStart, skipBreak, skipBreakBack, skipSpacesBack, startsLine } from './lines';
import { takesSemicolon } from './style';
import { is, type Token } from './tokens';

/** The statements among which `node` stands; undefined when it stands in no statement list. */
export function listAround(node: Node): readonly Node[] | undefined {
  const { parent } = node;
  switch (parent?.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
    case 'TSModuleBlock':
      return parent.body;
    case 'SwitchCase':
      return parent.test === node ? undefined : parent.consequent;
    default:
      return undefined;
  }
}

/** The nearest enclosing statement (or `node` itself) that has a statement list around it; the program for the program. */
export function statementOf(node: Node): Node {
  let at = node;
  while (at.parent && !listAround(at)) at = at.parent;
  return at;
}

/** Where a statement starts, decorators included: some parsers leave those out of the range. */
export function startOf(node: Node): number {
  const own = 'decorators' in node && Array.isArray(node.decorators) ? (node.decorators as Node[]) : [];
  const inner = 'declaration' in node && node.declaration ? startOf(node.declaration as Node) : node.range[0];
  return Math.min(node.range[0], inner, ...own.map(({ range }) => range[0]));
}

/** First token of a statement, decorators included. */
export const firstTokenOf = (source: Source, statement: Node): Token => source.getTokenByRangeStart(startOf(statement))!;

/** Last token of a statement. In code without semicolons, a `;` that opens the next line guards that line and is not counted. */
export function lastTokenOf(source: Source, statement: Node): Token {
  const last = source.getLastToken(statement)!;
  const before = source.getTokenBefore(last);
  const guardsNextLine = is(last, ';') && before && before.range[0] >= statement.range[0] && before.loc.end.line < last.loc.start.line;
  return guardsNextLine ? before : last;
}

const CONTINUES = /^[([`/+-]/;

/** Whether text that starts like this would be read as a continuation of an unfinished line above it. */
export const continuesLine = (text: string): boolean => CONTINUES.test(text);

/** Whether the statement before this one ends without a semicolon, so that what comes next could be taken for its continuation. */
export function followsOpenLine(source: Source, statement: Node): boolean {
  const list = listAround(statement) ?? [];
  const previous = list[list.indexOf(statement) - 1];
  return previous !== undefined && takesSemicolon(previous) && !is(source.getLastToken(previous), ';');
}

/** Where the comments end that stand behind `token` with nothing else on the line; the end of `token` without such comments. */
export function endWithComments(source: Source, token: Token): number {
  const [text, end] = [source.text, token.range[1]];
  const comments = source.getCommentsAfter(token).filter(({ range }) => range[0] < lineEnd(text, end));
  const last = comments.at(-1);
  return last && last.loc.end.line === token.loc.end.line && endsLine(text, last.range[1]) ? last.range[1] : end;
}

/** The edit for a statement that shares its line with other code. */
function removeWithinLine(source: Source, start: number, last: Token, guard: string): Edit {
  const { text } = source;
  const end = last.range[1];
  if (endsLine(text, end)) return { range: [skipSpacesBack(text, start), end], text: guard };
  const next = source.getTokenAfter(last, { includeComments: true })!;
  return { range: [start, next.range[0]], text: guard };
}

/**
 * Removes a statement that stands in a statement list: with its line and the comments directly above when it has lines of
 * its own, else only its own characters.
 */
export function removeStatement(source: Source, statement: Node): Edit {
  const { text } = source;
  const first = firstTokenOf(source, statement);
  const last = lastTokenOf(source, statement);
  const start = first.range[0];
  const next = source.getTokenAfter(last);
  const guard = next && continuesLine(next.value) && followsOpenLine(source, statement) ? ';' : '';
  const end = endWithComments(source, last);
  if (!startsLine(text, start) || !endsLine(text, end)) return removeWithinLine(source, start, last, guard);

  const from = lineStart(text, (ownCommentsAbove(source, first)[0] ?? first).range[0]);
  let to = skipBreak(text, lineEnd(text, end));
  // Two blank lines in a row, or one at the top of the file, would be left behind.
  const blankAbove = from === 0 || startsLine(text, skipBreakBack(text, from));
  if (blankAbove && to < text.length && endsLine(text, to)) to = skipBreak(text, lineEnd(text, to));
  return { range: [from, to], text: guard };
}
