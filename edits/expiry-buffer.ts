/** Lets a token count as expired some time before it is. */
import type { TSESTree } from '@typescript-eslint/utils';
import { unwrap } from '../analysis/scope';
import type { Node, Source } from '../analysis/source';
import type { ExpiryCheck } from '../analysis/time/expiry';
import type { Edit } from './edits';
import { replaceNode, textOf } from './node';
import { detectStyle } from './style';

/** Expressions that `+` binds no tighter than. */
const SIMPLE = /^(?:Identifier|MemberExpression|CallExpression|ChainExpression|UnaryExpression|AwaitExpression|TSNonNullExpression)$/;

/** Moves the present moment ahead where a check holds it, in the unit that stands there; undefined where it holds none. */
export function moveNowAhead(source: Source, { now }: Pick<ExpiryCheck, 'now'>, seconds: number): Edit | undefined {
  if (!now) return undefined;
  const ms = withSeparators(seconds * 1_000);
  const { quote } = detectStyle(source);
  const inner = unwrap(now.node);
  if (now.form === 'date') return replaceNode(source, inner, `new Date(Date.now() + ${ms})`);
  if (now.form === 'moment') return replaceNode(source, inner, `${textOf(source, inner)}.add(${seconds}, ${quote}seconds${quote})`);
  const sum = `${asOperand(source, now.node)} + ${now.form === 'ms' ? ms : seconds}`;
  return replaceNode(source, now.node, isOperand(now.node) ? `(${sum})` : sum);
}

function asOperand(source: Source, node: Node): string {
  const text = textOf(source, node);
  const isProduct = node.type === 'BinaryExpression' && /^[*/+-]$/.test(node.operator);
  return isProduct || SIMPLE.test(node.type) ? text : `(${text})`;
}

/** Does it stand in a sum, as in `expiry - Date.now()`? */
function isOperand({ parent }: Node): boolean {
  return parent?.type === 'BinaryExpression' && /^[+-]$/.test(parent.operator);
}

/** Raises the buffer of a comparison where it is one number written there; undefined where it is not, or belongs to more. */
export function raiseBuffer(source: Source, { kind, node, buffer }: ExpiryCheck, seconds: number): Edit | undefined {
  if (kind !== 'comparison' || node.type !== 'BinaryExpression') return undefined;
  const numbers = [...numbersIn(node.left as Node), ...numbersIn(node.right)].filter(({ value }) => value !== 0);
  const [number] = numbers;
  if (!number || numbers.length > 1) return undefined;
  // The unit is the comparison's: the buffer in seconds tells it.
  if (number.value === buffer * 1_000) return replaceNode(source, number, withSeparators(seconds * 1_000));
  return number.value === buffer ? replaceNode(source, number, String(seconds)) : undefined;
}

/** The numbers that an expression adds or takes off as they stand. */
function* numbersIn(node: Node): Generator<TSESTree.NumberLiteral> {
  if (node.type === 'Literal' && typeof node.value === 'number') yield node as TSESTree.NumberLiteral;
  if (node.type !== 'BinaryExpression' || !/^[+-]$/.test(node.operator)) return;
  yield* numbersIn(node.left as Node);
  yield* numbersIn(node.right);
}

function withSeparators(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, '_');
}
