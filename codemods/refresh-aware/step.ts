/** Taking the token out of superagent's chains, where a header is a call of its own: `.set('Authorization', …)`. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel, Header } from '../../analysis';
import { nameOf, variableOf } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import type { Edit } from '../../edits';

/** The step of a request that sets this header and nothing else. */
export function stepOf({ nameNode, scheme }: Header, calls: ReadonlySet<Node>): TSESTree.CallExpression | undefined {
  // `.auth(token, { type: 'bearer' })`
  if (scheme !== undefined && nameNode.type === 'CallExpression') return nameNode;
  const { parent } = nameNode;
  const object = parent?.type === 'Property' && parent.parent.type === 'ObjectExpression' && parent.parent.properties.length === 1 ? parent.parent : undefined;
  const step = object?.parent ?? parent;
  const isStep = step?.type === 'CallExpression' && calls.has(step) && nameOf(step.callee) === 'set' && step.arguments[0] === (object ?? nameNode);
  return isStep ? step : undefined;
}

/** Is it called on a variable, for nothing but what it does: `req.set('Authorization', …);`? */
export function isStatement({ callee, parent }: TSESTree.CallExpression): boolean {
  return callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && parent.type === 'ExpressionStatement';
}

/** Takes a step out of its chain, unless a comment would go with it. */
export function removeStep(file: FileModel, { callee, range }: TSESTree.CallExpression): Edit | undefined {
  if (callee.type !== 'MemberExpression' || callee.optional) return undefined;
  const [from, to] = [callee.object.range[1], range[1]];
  const isCommented = file.source.getAllComments().some((comment) => from <= comment.range[0] && comment.range[1] <= to);
  return isCommented ? undefined : { range: [from, to], text: '' };
}

/** Is the variable of such a statement where a request, or the agent that sends it, was put when it was made? */
export function holdsRequest(file: FileModel, { callee }: TSESTree.CallExpression, calls: ReadonlySet<Node>): boolean {
  const object = callee.type === 'MemberExpression' ? callee.object : undefined;
  const declared = object?.type === 'Identifier' ? (variableOf(file.source, object)?.defs[0]?.node as Node | undefined) : undefined;
  let at: Node | null = declared?.type === 'VariableDeclarator' ? declared.init : null;
  while (at?.type === 'CallExpression' && !calls.has(at)) at = at.callee.type === 'MemberExpression' ? at.callee.object : null;
  return at !== null && calls.has(at);
}
