/** Where a new import or require goes. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Node, Source } from '../analysis/source';
import { introduction } from './comments';
import type { Edit } from './edits';
import { indentAt, lineStart, skipBreakBack, startsLine } from './lines';
import type { ModuleKind } from './module-kind';
import { isInert, isModuleLoad } from './require';
import { continuesLine, endWithComments, firstTokenOf, lastTokenOf } from './statement';
import { detectStyle } from './style';

type Statement = TSESTree.ProgramStatement;

const isDirective = (statement: Statement): boolean => statement.type === 'ExpressionStatement' && typeof statement.directive === 'string';
const isImport = ({ type }: Statement): boolean => type === 'ImportDeclaration' || type === 'TSImportEqualsDeclaration';

/** The last statement of the first run of statements that load modules, unless code before it calls something. */
function lastOfHead(source: Source, kind: ModuleKind): Statement | undefined {
  const { body } = source.ast;
  const start = body.findIndex((statement) => isModuleLoad(source, statement));
  if (start < 0 || !body.slice(0, start).every((statement) => isInert(source, statement))) return undefined;
  const stop = body.findIndex((statement, index) => index > start && !isModuleLoad(source, statement));
  const head = body.slice(start, stop < 0 ? body.length : stop);
  return kind === 'import' ? head.findLast(isImport) : head.at(-1);
}

/** Inserts behind a statement and the comments that end its line. */
function insertBehind(source: Source, statement: Node, code: string): Edit {
  const last = lastTokenOf(source, statement);
  const next = source.getTokenAfter(last, { includeComments: true });
  const end = endWithComments(source, last);
  const sharesLine = end === last.range[1] && next?.loc.start.line === last.loc.end.line;
  if (sharesLine) return { range: [end, end], text: ` ${code.replace(/;?$/, ';')}` };
  return { range: [end, end], text: detectStyle(source).eol + indentAt(source.text, statement.range[0]) + code };
}

/** Inserts before a statement and the comments that introduce it, with a blank line between unless it loads modules, too. */
function insertBefore(source: Source, statement: Statement, code: string): Edit {
  const { text } = source;
  const { eol } = detectStyle(source);
  const first = firstTokenOf(source, statement);
  const anchor = (introduction(source, first)[0] ?? first).range[0];
  if (!startsLine(text, anchor)) return { range: [anchor, anchor], text: `${code.replace(/;?$/, ';')} ` };
  const blank = isModuleLoad(source, statement) ? '' : eol;
  const line = lineStart(text, anchor);
  if (line === 0) return { range: [0, 0], text: code + eol + blank };
  // At the end of the line above: an edit of the statement itself then never starts at the same offset.
  const at = skipBreakBack(text, line);
  return { range: [at, at], text: eol + code + blank };
}

/**
 * Inserts a statement that uses imported names, without its semicolon: behind the imports and requires that the file begins
 * with and behind `last`, whichever comes later, with an empty line between.
 */
export function insertBelowImports(source: Source, last: Statement, code: string): Edit {
  const head = lastOfHead(source, 'require');
  const { eol } = detectStyle(source);
  const edit = insertStatementBehind(source, head && head.range[1] > last.range[1] ? head : last, code);
  return edit.text.startsWith(eol) ? { ...edit, text: eol + edit.text } : edit;
}

/** Inserts a statement, without its semicolon, behind one that stands in a statement list. */
export function insertStatementBehind(source: Source, statement: Node, code: string): Edit {
  const next = source.getTokenAfter(lastTokenOf(source, statement));
  const isEnded = detectStyle(source).semicolons || (next !== null && continuesLine(next.value));
  return insertBehind(source, statement, code + (isEnded ? ';' : ''));
}

/** Inserts at the end of a file without statements: below its comments. */
function insertAtEnd(source: Source, code: string): Edit {
  const { text } = source;
  const { eol } = detectStyle(source);
  const at = text.length;
  const needsBreak = text !== '' && !text.endsWith('\n');
  return { range: [at, at], text: (needsBreak ? eol : '') + code + eol };
}

/**
 * The edit that puts a new import or require into the file: behind the imports and requires it begins with, else below
 * hashbang, header and directives. `code` is the statement without its semicolon.
 */
export function insertModuleLoad(source: Source, kind: ModuleKind, code: string): Edit {
  const { body } = source.ast;
  const head = lastOfHead(source, kind);
  const first = body.find((statement) => !isDirective(statement));
  const behind = head ?? (first ? undefined : body.findLast(isDirective));
  const next = behind ? source.getTokenAfter(lastTokenOf(source, behind)) : first && firstTokenOf(source, first);
  const needsSemicolon = detectStyle(source).semicolons || (next && continuesLine(next.value));
  const statement = code + (needsSemicolon ? ';' : '');
  if (behind) return insertBehind(source, behind, statement);
  return first ? insertBefore(source, first, statement) : insertAtEnd(source, statement);
}
