/** What a component of Vue, Svelte or Astro is given: its parameters, though they stand at the top of the script. */
import type { TSESTree } from '@typescript-eslint/utils';
import { nameOf, unwrap, type Variable } from '../scope';
import type { Node } from '../source';

/** `$props()` (Svelte 5), `defineProps()` (Vue), which may stand in `withDefaults()`. */
const GIVES_PROPS = new Set(['$props', 'defineProps', 'withDefaults']);

/** Is a variable a component's property? */
export function isComponentProperty(variable: Variable): boolean {
  const { init, parent: declaration } = variable.defs[0]!.node as TSESTree.VariableDeclarator;
  if (init) return isProps(init);
  // Svelte 4's `export let token`. A module that exports a variable sets it, for nobody else can.
  const isExported = declaration.type === 'VariableDeclaration' && declaration.parent.type === 'ExportNamedDeclaration';
  return isExported && !variable.references.some((reference) => reference.isWrite());
}

function isProps(init: Node): boolean {
  const node = unwrap(init);
  if (node.type === 'CallExpression') return node.callee.type === 'Identifier' && GIVES_PROPS.has(node.callee.name);
  return node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === 'Astro' && nameOf(node) === 'props';
}
