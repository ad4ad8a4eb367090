/** `require` calls, and the statements at the top of a file that only load modules. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Node, Source } from '../analysis/source';
import { nodesIn } from './walk';

const FUNCTIONS = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
const RUNS = /^(?:CallExpression|NewExpression|TaggedTemplateExpression|AwaitExpression|ImportExpression|YieldExpression)$/;

/** Whether `node`, when reached, calls nothing: it cannot use a binding that comes later. */
export function isInert(source: Source, node: Node): boolean {
  for (const inner of nodesIn(source, node, ({ type }) => FUNCTIONS.test(type))) if (RUNS.test(inner.type)) return false;
  return true;
}

/** The module that `require('module')` names; undefined for anything else. */
export function requiredModule(node: Node | null | undefined): string | undefined {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') return undefined;
  const [argument] = node.arguments;
  return node.arguments.length === 1 && argument?.type === 'Literal' && typeof argument.value === 'string' ? argument.value : undefined;
}

/** Whether this is a `require` with what is commonly hung on one: `.name`, `.config()`, `('name')`, an interop helper around it. */
export function isRequireChain(source: Source, node: Node | null | undefined): boolean {
  switch (node?.type) {
    case 'MemberExpression':
      return isRequireChain(source, node.object);
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return isRequireChain(source, node.expression);
    case 'CallExpression': {
      if (requiredModule(node) !== undefined) return true;
      const [argument] = node.arguments;
      if (node.callee.type === 'Identifier') return node.arguments.length === 1 && isRequireChain(source, argument);
      // A call that logs in or makes a client is a place where an edit may use the new binding.
      const usesBinding = node.callee.type === 'MemberExpression' && /^(?:login|auth|create$|defaults$|extend$)/i.test(source.getText(node.callee.property));
      return !usesBinding && node.arguments.length < 2 && (!argument || isInert(source, argument)) && isRequireChain(source, node.callee);
    }
    default:
      return false;
  }
}

/** Whether a top-level statement does nothing but load modules. */
export function isModuleLoad(source: Source, statement: TSESTree.ProgramStatement): boolean {
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'TSImportEqualsDeclaration':
      return true;
    case 'ExpressionStatement':
      return isRequireChain(source, statement.expression);
    case 'VariableDeclaration':
      return (
        statement.declarations.some(({ init }) => isRequireChain(source, init)) &&
        statement.declarations.every(({ init }) => !init || isRequireChain(source, init) || isInert(source, init))
      );
    default:
      return false;
  }
}
