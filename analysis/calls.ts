/** The names in chains of members and calls. */
import type { TSESTree } from '@typescript-eslint/utils';
import { nameOf, unwrap } from './scope';
import type { Node } from './source';

/** The name of the function or method that a call calls; empty when computed. */
export function calleeName(call: TSESTree.CallExpression): string {
  return lastName(unwrap(call.callee));
}

/** The name of an identifier or of a member; empty where there is none. */
export function lastName(node: Node): string {
  return node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? (nameOf(node) ?? '') : '';
}

/** The name that a chain of members and calls starts with. */
export function rootName(node: Node): string | undefined {
  let current = unwrap(node);
  for (;;) {
    if (current.type === 'MemberExpression') current = unwrap(current.object);
    else if (current.type === 'CallExpression') current = unwrap(current.callee);
    else return current.type === 'Identifier' ? current.name : current.type === 'ThisExpression' ? 'this' : undefined;
  }
}

/** Is an expression this very path, such as `process.env`? */
export function isPath(node: Node, ...path: string[]): boolean {
  let current = unwrap(node);
  for (let index = path.length - 1; index > 0; index--) {
    if (current.type !== 'MemberExpression' || nameOf(current) !== path[index]) return false;
    current = unwrap(current.object);
  }
  return current.type === 'Identifier' && current.name === path[0];
}
