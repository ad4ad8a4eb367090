/** How a file is written, so that inserted code looks like its neighbours. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Node, Source } from '../analysis/source';
import { indentAt, startsLine } from './lines';
import { is } from './tokens';
import { nodesIn } from './walk';

/** What inserted code keeps to; `indent` is one unit: a tab or some spaces. */
export interface Style {
  eol: '\n' | '\r\n';
  quote: "'" | '"';
  semicolons: boolean;
  indent: string;
}

const TERMINATED = new Set([
  'ExpressionStatement', 'VariableDeclaration', 'ReturnStatement', 'ThrowStatement', 'BreakStatement', 'ContinueStatement',
  'DebuggerStatement', 'DoWhileStatement', 'ImportDeclaration', 'ExportAllDeclaration', 'TSImportEqualsDeclaration',
  'TSExportAssignment', 'TSTypeAliasDeclaration', 'TypeAlias',
]);

/** Whether this statement is one that a semicolon ends. */
export function takesSemicolon(node: Node): boolean {
  if (node.type === 'ExportNamedDeclaration') return !node.declaration || takesSemicolon(node.declaration);
  if (node.type === 'ExportDefaultDeclaration') return !/^(?:Function|Class|TSInterface)Declaration$/.test(node.declaration.type);
  if (node.type === 'VariableDeclaration' && node.parent && /^For/.test(node.parent.type)) return (node.parent as { body?: Node }).body === node;
  return TERMINATED.has(node.type);
}

function detectEol(text: string): Style['eol'] {
  const crlf = text.split('\r\n').length - 1;
  const all = text.split('\n').length - 1;
  return crlf * 2 > all ? '\r\n' : '\n';
}

function detectQuote(source: Source): Style['quote'] {
  let double = 0;
  for (const [index, { type, value }] of source.ast.tokens.entries()) {
    // A string that holds the other quote was free of choice, and JSX attributes have a convention of their own.
    if (type !== 'String' || /['"]/.test(value.slice(1, -1))) continue;
    if (is(source.ast.tokens[index - 1], '=') && source.ast.tokens[index - 2]?.type === 'JSXIdentifier') continue;
    double += value.startsWith('"') ? 1 : -1;
  }
  return double > 0 ? '"' : "'";
}

function detectSemicolons(source: Source, nodes: readonly Node[]): boolean {
  let balance = 0;
  for (const node of nodes) {
    if (!takesSemicolon(node)) continue;
    const last = source.getLastToken(node);
    const before = last && source.getTokenBefore(last);
    // A semicolon at the start of a line guards that line; it does not end the statement before it.
    const ended = is(last, ';') && before?.loc.end.line === last.loc.start.line;
    balance += ended ? 1 : -1;
  }
  return balance >= 0;
}

/** The first thing inside a block, where a block opens a level of indentation. */
function firstInside(node: Node): Node | null | undefined {
  switch (node.type) {
    case 'BlockStatement':
    case 'StaticBlock':
    case 'ClassBody':
    case 'TSModuleBlock':
      return node.body[0];
    case 'ObjectExpression':
      return node.properties[0];
    case 'ArrayExpression':
      return node.elements[0];
    default:
      return undefined;
  }
}

function detectIndent(source: Source, nodes: readonly Node[]): string {
  const votes = new Map<string, number>();
  for (const node of nodes) {
    const inner = firstInside(node);
    if (!inner || !startsLine(source.text, inner.range[0])) continue;
    const outside = indentAt(source.text, node.range[0]);
    const inside = indentAt(source.text, inner.range[0]);
    const unit = inside.startsWith(outside) ? inside.slice(outside.length) : '';
    if (unit === '\t' || /^ {1,8}$/.test(unit)) votes.set(unit, (votes.get(unit) ?? 0) + 1);
  }
  const [winner] = [...votes].sort((a, b) => b[1] - a[1]);
  return winner?.[0] ?? '  ';
}

const cache = new WeakMap<TSESTree.Program, Style>();

/** The style that most of the file keeps to. Without evidence: LF, single quotes, semicolons, two spaces. */
export function detectStyle(source: Source): Style {
  let style = cache.get(source.ast);
  if (!style) {
    const nodes = [...nodesIn(source, source.ast)];
    style = {
      eol: detectEol(source.text),
      quote: detectQuote(source),
      semicolons: detectSemicolons(source, nodes),
      indent: detectIndent(source, nodes),
    };
    cache.set(source.ast, style);
  }
  return style;
}
