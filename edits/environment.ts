/** Puts reads of the environment in the place of texts. */
import type { TSESTree } from '@typescript-eslint/utils';
import { nameOf, unwrap } from '../analysis/scope';
import type { Node, Source } from '../analysis/source';
import type { Edit } from './edits';
import { outerRange, replaceNode, textOf } from './node';

/** Parents that want a text in this very place, and no expression. */
const WANT_TEXT = new Set(['TSLiteralType', 'TSEnumMember', 'ImportDeclaration', 'ExportAllDeclaration', 'ExportNamedDeclaration', 'ImportAttribute', 'TaggedTemplateExpression']);

/** A part of a text, and the environment variable that takes its place. */
export interface Read {
  range: readonly [number, number];
  name: string;
}

/**
 * Replaces parts of a literal, template or JSX text, or the whole of any expression, by `process.env.NAME`. Where the text is
 * what an environment read falls back to, only the read stays. With `typed`, a read that stands alone is `process.env.NAME!`: a
 * string, as the text was. Undefined where no expression can stand in its place.
 */
export function readFromEnvironment(source: Source, node: Node, reads: readonly Read[], { typed = false }: { typed?: boolean } = {}): Edit[] | undefined {
  const { parent } = node;
  if (!parent || WANT_TEXT.has(parent.type)) return undefined;
  if ('key' in parent && parent.key === node && !('computed' in parent && parent.computed)) return undefined;
  if ((parent.type === 'TSAsExpression' || parent.type === 'TSTypeAssertion') && isConst(parent.typeAnnotation)) return undefined;
  if (isGivenToEnvironment(source, node)) return undefined;
  const [{ range, name }] = reads as [Read];
  if (node.type === 'JSXText') return reads.map((one) => ({ range: one.range, text: `{process.env.${one.name}}` }));
  const isWhole = range[0] === node.range[0] && range[1] === node.range[1];
  const read = `process.env.${name}`;
  if (isWhole && parent.type === 'JSXAttribute') return [{ range, text: `{${read}${typed ? '!' : ''}}` }];
  if (isWhole) return [withoutFallback(source, node, typed) ?? replaceNode(source, node, typed ? `${read}!` : read)];
  if (node.type === 'TemplateLiteral') return reads.map((one) => ({ range: one.range, text: `\${process.env.${one.name}}` }));
  return node.type === 'Literal' ? asTemplate(source, node, reads) : undefined;
}

/** `process.env.NAME = '…'`: a read of what is not set yet would set it to the text `undefined`. */
export function isGivenToEnvironment(source: Source, { parent }: Node): boolean {
  return parent?.type === 'AssignmentExpression' && readsEnvironment(source, parent.left);
}

function isConst(type: TSESTree.TypeNode): boolean {
  return type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'const';
}

/** The edit that takes `|| '…'` or `= '…'` off a read of the environment. */
function withoutFallback(source: Source, node: Node, typed: boolean): Edit | undefined {
  const { parent } = node;
  if (parent?.type === 'LogicalExpression' && parent.right === node && readsEnvironment(source, parent.left)) {
    return { range: [outerRange(source, parent.left)[1], parent.range[1]], text: typed ? '!' : '' };
  }
  if (parent?.type !== 'AssignmentPattern' || parent.parent.type !== 'Property') return undefined;
  const declarator = parent.parent.parent.parent;
  const isRead = declarator?.type === 'VariableDeclarator' && declarator.init && textOf(source, declarator.init) === 'process.env' && nameOf(parent.parent) !== undefined;
  // A name bound by a pattern has nowhere to put the `!`.
  return isRead && !typed ? { range: [parent.left.range[1], parent.range[1]], text: '' } : undefined;
}

function readsEnvironment(source: Source, node: Node): boolean {
  return /^(?:process|import\.meta|Deno|Bun)\.env\b/.test(textOf(source, unwrap(node)));
}

/** `'Bearer …'` as `` `Bearer ${…}` ``, unless its text would read differently there. */
function asTemplate(source: Source, node: Node, reads: readonly Read[]): Edit[] | undefined {
  let text = '';
  let done = node.range[0] + 1;
  for (const { range, name } of reads) {
    const before = source.text.slice(done, range[0]);
    if (/[`\\]|\$\{/.test(before)) return undefined;
    text += `${before}\${process.env.${name}}`;
    done = range[1];
  }
  const after = source.text.slice(done, node.range[1] - 1);
  if (/[`\\]|\$\{/.test(after)) return undefined;
  const template = `\`${text}${after}\``;
  if (node.parent?.type === 'JSXAttribute') return [{ range: [...node.range], text: `{${template}}` }];
  return [replaceNode(source, node, template)];
}
