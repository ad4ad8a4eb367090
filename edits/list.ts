/** Lists with commas: arguments, properties, specifiers, declarators. Adds and removes items with their comma and comments. */
import type { Node, Source } from '../analysis/source';
import type { Edit } from './edits';
import { endsLine, indentAt, lineEnd, lineStart, skipBreak, skipSpacesBack, startsLine } from './lines';
import { detectStyle } from './style';
import { type Comment, is, outerTokens, type Token } from './tokens';

/** The nodes of a list, between the token that opens it and the one that closes it (declarators have none). */
export interface List {
  items: readonly Node[];
  open: Token;
  close?: Token;
}

/** One item's offsets. */
interface Extent {
  first: Token;
  last: Token;
  /** With the comments directly before it. */
  start: number;
  /** With the comments behind it on its line, before any comma. */
  end: number;
  comma: Token | undefined;
  /** With its comma, and the comments behind that on its line. */
  fullEnd: number;
}

const sameLine = (left: { loc: Token['loc'] }, right: { loc: Token['loc'] }): boolean => left.loc.end.line === right.loc.start.line;

/** Where the comments end that stand behind `token` on its line; with `lastOnLine`, only those that no code follows there. */
function endOfTrailing(source: Source, token: Token, lastOnLine: boolean): number {
  const next = source.getTokenAfter(token);
  let end = token.range[1];
  let previous: Token = token;
  for (const comment of source.getCommentsAfter(token)) {
    if (!sameLine(previous, comment) || (lastOnLine && next && sameLine(comment, next))) break;
    end = comment.range[1];
    previous = comment;
  }
  return end;
}

/** The comments before an item that are its own: not those that end the line above, not those that a blank line sets apart. */
function leading(source: Source, first: Token): Comment[] {
  const separator = source.getTokenBefore(first);
  const own: Comment[] = [];
  let below: Token = first;
  for (const comment of source.getCommentsBefore(first).toReversed()) {
    const endsLineAbove = separator && sameLine(separator, comment) && first.loc.start.line > comment.loc.end.line;
    if (endsLineAbove || below.loc.start.line - comment.loc.end.line > 1) break;
    own.unshift(comment);
    below = comment;
  }
  return own;
}

function extentOf(source: Source, node: Node): Extent {
  const [first, last] = outerTokens(source, node);
  const next = source.getTokenAfter(last);
  const comma = is(next, ',') ? next : undefined;
  return {
    first,
    last,
    start: (leading(source, first)[0] ?? first).range[0],
    end: endOfTrailing(source, last, false),
    comma,
    fullEnd: comma ? endOfTrailing(source, comma, true) : endOfTrailing(source, last, false),
  };
}

/** Whether the comma before this item opens its line. */
function hasCommaFirst(source: Source, { first }: Extent): boolean {
  const comma = source.getTokenBefore(first);
  return is(comma, ',') && sameLine(comma, first) && startsLine(source.text, comma.range[0]);
}

const remove = (start: number, end: number): Edit => ({ range: [start, end], text: '' });

function removeAll(source: Source, { open, close }: List, from: Extent, to: Extent): Edit {
  const comments = [...source.getCommentsAfter(open), ...(close ? source.getCommentsBefore(close) : [])];
  const foreign = comments.some(({ range }) => range[1] <= from.start || range[0] >= to.fullEnd);
  if (close && !foreign) return remove(open.range[1], close.range[0]);
  return removeLines(source.text, from.start, to.fullEnd) ?? remove(from.start, to.fullEnd);
}

/** The edit for something that has its lines to itself. */
function removeLines(text: string, start: number, end: number): Edit | undefined {
  if (!startsLine(text, start) || !endsLine(text, end)) return undefined;
  return remove(lineStart(text, start), skipBreak(text, lineEnd(text, end)));
}

function removeBefore(text: string, from: Extent, to: Extent, next: Extent, isFirst: boolean): Edit {
  const lines = removeLines(text, from.start, to.fullEnd);
  if (lines) return lines;
  if (!isFirst && endsLine(text, to.fullEnd)) return remove(skipSpacesBack(text, from.start), to.fullEnd);
  const between = text.slice(to.fullEnd, next.start).trim();
  return remove(from.start, between ? to.fullEnd : next.start);
}

function removeLast(source: Source, from: Extent, to: Extent): Edit {
  const { text } = source;
  if (to.comma) return removeLines(text, from.start, to.fullEnd) ?? remove(skipSpacesBack(text, from.start), to.fullEnd);
  // The comma before goes too, but not the comments between it and the item.
  const comma = source.getTokenBefore(from.first)!;
  const kept = text.slice(comma.range[1], from.start);
  const keepsLineComment = source.getCommentsBefore(from.first).findLast(({ range }) => range[1] <= from.start)?.type === 'Line';
  if (!keepsLineComment || endsLine(text, to.end)) return { range: [comma.range[0], to.end], text: kept.trimEnd() };
  // What follows on this line must not end up in the comment.
  const semicolon = source.getTokenAfter(to.last);
  if (is(semicolon, ';')) return { range: [comma.range[0], semicolon.range[1]], text: `;${kept.trimEnd()}` };
  return { range: [comma.range[0], to.end], text: kept };
}

/** Removes `items[from]` up to, not including, `items[to]`. */
export function removeItems(source: Source, list: List, from: number, to: number): Edit {
  const { items } = list;
  if (!(from >= 0 && from < to && to <= items.length)) throw new RangeError(`No items ${from} to ${to} in a list of ${items.length}`);
  const first = extentOf(source, items[from]!);
  const last = extentOf(source, items[to - 1]!);
  if (from === 0 && to === items.length) return removeAll(source, list, first, last);
  if (from > 0 && hasCommaFirst(source, first)) return remove(extentOf(source, items[from - 1]!).end, last.end);
  if (to < items.length) return removeBefore(source.text, first, last, extentOf(source, items[to]!), from === 0);
  return removeLast(source, first, last);
}

/** Adds an item behind `after`, an item of the list, in the layout of the list. */
function addAfter(source: Source, after: Node, text: string): Edit {
  const { eol } = detectStyle(source);
  const item = extentOf(source, after);
  const { last, end, comma, fullEnd } = item;
  const before = source.getTokenBefore(item.first)!;
  const newLine = eol + indentAt(source.text, item.first.range[0]);
  const ownLine = !sameLine(before, item.first);
  if (!comma && hasCommaFirst(source, item)) return { range: [end, end], text: `${newLine}, ${text}` };
  if (comma) {
    const at = ownLine ? fullEnd : comma.range[1];
    return { range: [at, at], text: `${ownLine ? newLine : ' '}${text},` };
  }
  if (ownLine) return { range: [last.range[1], end], text: `,${source.text.slice(last.range[1], end)}${newLine}${text}` };
  const lineComment = source.getCommentsAfter(last).some(({ type, range }) => type === 'Line' && range[1] <= end);
  const at = lineComment ? last.range[1] : end;
  return { range: [at, at], text: `, ${text}` };
}

/** Fills a list without items; `pad` is the space inside its brackets. */
function fill(source: Source, open: Token, close: Token, text: string, pad: string): Edit {
  const comment = source.getCommentsBefore(close).at(-1);
  if (!comment) return { range: [open.range[1], close.range[0]], text: pad + text + pad };
  const at = comment.range[1];
  if (sameLine(comment, close)) return { range: [at, close.range[0]], text: ` ${text}${pad}` };
  const { eol, indent } = detectStyle(source);
  return { range: [at, at], text: eol + indentAt(source.text, close.range[0]) + indent + text };
}

/** Adds an item at the end of a list. */
export function appendItem(source: Source, { items, open, close }: Required<List>, text: string, pad: string): Edit {
  const last = items.at(-1);
  return last ? addAfter(source, last, text) : fill(source, open, close, text, pad);
}

/** Adds an item before `next`, an item of the list, in the layout of the list. */
export function insertItem(source: Source, next: Node, text: string): Edit {
  const { first, start } = extentOf(source, next);
  const ownLine = startsLine(source.text, start);
  const separator = ownLine ? detectStyle(source).eol + indentAt(source.text, first.range[0]) : ' ';
  return { range: [start, start], text: `${text},${separator}` };
}
