/** Puts a read of the environment in the place of a text. */
import { unwrap } from '../analysis/scope';
import type { Node, Source } from '../analysis/source';
import type { Edit } from './edits';
import { replaceNode, textOf } from './node';

/** Parents that want a text in this very place, and no expression. */
const WANT_TEXT = new Set(['TSLiteralType', 'TSEnumMember', 'ImportDeclaration', 'ExportAllDeclaration', 'ExportNamedDeclaration']);

/**
 * Replaces the part `range` of a literal, template or JSX text, or the whole of any expression, by `process.env.NAME`. Where the
 * text is what an environment read falls back to, only the read stays. Undefined where no expression can stand in its place.
 */
export function readFromEnvironment(source: Source, node: Node, range: readonly [number, number], name: string): Edit | undefined {
  const { parent } = node;
  if (!parent || WANT_TEXT.has(parent.type)) return undefined;
  if (parent.type === 'Property' && parent.key === node && !parent.computed) return undefined;
  const read = `process.env.${name}`;
  if (node.type === 'JSXText') return { range, text: `{${read}}` };
  const isWhole = range[0] === node.range[0] && range[1] === node.range[1];
  if (isWhole) {
    if (parent.type === 'JSXAttribute') return { range, text: `{${read}}` };
    if (parent.type === 'LogicalExpression' && parent.right === node && readsEnvironment(source, parent.left)) return replaceNode(source, parent, textOf(source, parent.left));
    return replaceNode(source, node, read);
  }
  if (node.type === 'TemplateLiteral') return { range, text: `\${${read}}` };
  return node.type === 'Literal' ? asTemplate(source, node, range, read) : undefined;
}

function readsEnvironment(source: Source, node: Node): boolean {
  return /^(?:process|import\.meta|Deno|Bun)\.env\b/.test(textOf(source, unwrap(node)));
}

/** `'Bearer …'` as `` `Bearer ${…}` ``, unless its text would read differently there. */
function asTemplate(source: Source, node: Node, range: readonly [number, number], read: string): Edit | undefined {
  const before = source.text.slice(node.range[0] + 1, range[0]);
  const after = source.text.slice(range[1], node.range[1] - 1);
  if (/[`\\]|\$\{/.test(before + after)) return undefined;
  const template = `\`${before}\${${read}}${after}\``;
  if (node.parent?.type === 'JSXAttribute') return { range: [...node.range], text: `{${template}}` };
  return replaceNode(source, node, template);
}
