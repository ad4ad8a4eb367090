/** Tokens around a node, with the parentheses that wrap it. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Node, Source } from '../analysis/source';

export type Token = TSESTree.Token;
export type Comment = TSESTree.Comment;

/** Whether `token` is this punctuator (text of a JSX child can spell one, too). */
export const is = (token: Token | null | undefined, value: string): token is Token =>
  token?.type === 'Punctuator' && token.value === value;

/** The parenthesis that belongs to the syntax around `node` rather than to `node`: `if (node)`, `f(node)`. */
function syntaxParenthesis(source: Source, node: Node): Token | null | undefined {
  const { parent } = node;
  switch (parent?.type) {
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee === node ? undefined : argumentsOf(source, parent)?.open;
    case 'IfStatement':
    case 'WhileStatement':
    case 'SwitchStatement':
    case 'WithStatement':
    case 'ImportExpression':
      return source.getFirstToken(parent, 1);
    case 'DoWhileStatement':
      return source.getTokenAfter(parent.body, { filter: (token) => is(token, '(') });
    default:
      return undefined;
  }
}

/** First and last token of `node`, its wrapping parentheses included. */
export function outerTokens(source: Source, node: Node): [Token, Token] {
  // A chain adds no token of its own, but stands between its expression and the parentheses.
  const whole = node.parent?.type === 'ChainExpression' ? node.parent : node;
  const { parent } = whole;
  const foreign = syntaxParenthesis(source, whole);
  let first = source.getFirstToken(whole)!;
  let last = source.getLastToken(whole)!;
  const isParameter = parent && 'params' in parent && (parent.params as unknown[]).includes(whole);
  while (parent && !isParameter) {
    const before = source.getTokenBefore(first);
    const after = source.getTokenAfter(last);
    if (!is(before, '(') || !is(after, ')') || before === foreign || before.range[0] < parent.range[0]) break;
    first = before;
    last = after;
  }
  return [first, last];
}

/** The parentheses around a call's arguments; undefined for `new X`. */
export function argumentsOf(source: Source, call: TSESTree.CallExpression | TSESTree.NewExpression): { open: Token; close: Token } | undefined {
  const before = call.typeArguments ? source.getLastToken(call.typeArguments)! : outerTokens(source, call.callee)[1];
  let open = source.getTokenAfter(before);
  if (is(open, '?.')) open = source.getTokenAfter(open);
  if (!is(open, '(') || open.range[1] > call.range[1]) return undefined;
  return { open, close: source.getLastToken(call)! };
}
