/** What a comment belongs to: the file, the next line, or the statement below it. */
import type { Source } from '../analysis/source';
import { endsLine, startsLine } from './lines';
import type { Comment, Token } from './tokens';

const NEXT_LINE =
  /^[\s*]*(?:prettier-ignore|(?:eslint|oxlint)-disable-next-line|tslint:disable-next-line|@ts-(?:ignore|expect-error)|biome-ignore|deno-lint-ignore(?!-file)|(?:istanbul|c8|v8) ignore|\$Flow|noinspection)/;

// On any line: documentation blocks hold pragmas, too.
const PRAGMA =
  /^[\s*]*(?:(?:eslint|oxlint)-(?:disable|enable|env)(?!-(?:next-)?line)|js[hl]int\b|tslint:(?!disable-next-line)|@(?:flow|noflow|ts-check|ts-nocheck|jsx|jest-|vitest-|format|generated|prettier|babel)|deno-lint-ignore-file|biome-ignore-all|\/\s*<(?:reference|amd)|#(?:end)?region|vim?:|-\*-)/m;

/** ESLint reads these in block comments only. */
const BLOCK_PRAGMA = /^[\s*]*(?:eslint|globals?|exported)\s/;

const LICENCE = /^!|copyright|\(c\)|licen[cs]e|SPDX|@preserve|all rights reserved|@file|@overview|@author/i;

/** A tool's instruction for the line below: nothing may come between. */
export const isForNextLine = (comment: Comment): boolean => NEXT_LINE.test(comment.value);

/** A tool's instruction for the whole file or a stretch of it: no statement owns it. */
const isPragma = (comment: Comment): boolean =>
  PRAGMA.test(comment.value) || (comment.type === 'Block' && BLOCK_PRAGMA.test(comment.value));

const isLicence = (comment: Comment): boolean => LICENCE.test(comment.value);

const isHashbang = (source: Source, comment: Comment): boolean => comment.range[0] === 0 && source.text.startsWith('#!');

/** How many lines lie between the end of one thing and the start of the next; 1 when they touch. */
const lineGap = (above: { loc: Comment['loc'] }, below: { loc: Comment['loc'] }): number => below.loc.start.line - above.loc.end.line;

/** The comments on their own lines that touch `token` from above, nearest last. */
function touching(source: Source, token: Token): Comment[] {
  const group: Comment[] = [];
  let below: { loc: Comment['loc'] } = token;
  for (const comment of source.getCommentsBefore(token).toReversed()) {
    const alone = startsLine(source.text, comment.range[0]) && endsLine(source.text, comment.range[1]);
    if (isHashbang(source, comment) || lineGap(comment, below) !== 1 || !alone) break;
    group.unshift(comment);
    below = comment;
  }
  return group;
}

/** Whether nothing but a hashbang stands before `offset`. */
const opensFile = (source: Source, offset: number): boolean => source.text.slice(0, offset).replace(/^#!.*/, '').trim() === '';

/** Comments that go when the statement that starts with `token` goes. What opens the file is its header, whatever it says, and stays. */
export function ownCommentsAbove(source: Source, token: Token): Comment[] {
  const group = touching(source, token);
  const own = group.slice(group.findLastIndex((comment) => isPragma(comment)) + 1);
  return group[0] && opensFile(source, group[0].range[0]) ? [] : own;
}

/** Comments that introduce the file's first statement, which starts with `token`, as opposed to the header above them. */
export function introduction(source: Source, token: Token): Comment[] {
  const group = touching(source, token);
  let header = group.findLastIndex((comment) => isPragma(comment));
  if (group[0] && opensFile(source, group[0].range[0])) {
    let licence = group.findLastIndex((comment) => isLicence(comment));
    // A licence in line comments goes on to the end of their run.
    while (licence >= 0 && group[licence]!.type === 'Line' && group[licence + 1]?.type === 'Line' && !isForNextLine(group[licence + 1]!)) licence++;
    header = Math.max(header, licence);
  }
  return group.slice(header + 1);
}
