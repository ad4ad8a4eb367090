/** Dropping the binding of an import or a require that nothing uses any more. */
import type { Node, Source } from '../analysis/source';
import { removeDeclarator } from './declaration';
import type { Edit } from './edits';
import { removeItems } from './list';
import { removeProperty } from './property';
import { isRequireChain } from './require';
import { listAround, removeStatement } from './statement';
import { is } from './tokens';

/**
 * Removes an import's binding: a specifier (or the name it binds), or TypeScript's `import x = require()`. The last one takes
 * the whole statement with it. Undefined for anything else: an import without bindings is there for its effects.
 */
export function removeImportSpecifier(source: Source, node: Node): Edit | undefined {
  const specifier = node.type === 'Identifier' && node.parent ? node.parent : node;
  if (specifier.type === 'TSImportEqualsDeclaration') return listAround(specifier) && removeStatement(source, specifier);
  const declaration = specifier.parent;
  if (declaration?.type !== 'ImportDeclaration') return undefined;
  const { specifiers } = declaration;
  const index = (specifiers as Node[]).indexOf(specifier);
  if (index < 0) return undefined;
  if (specifiers.length === 1) return removeStatement(source, declaration);

  const named = specifiers.filter(({ type }) => type === 'ImportSpecifier');
  if (specifier.type === 'ImportDefaultSpecifier') {
    const next = source.getTokenAfter(source.getTokenAfter(specifier)!)!;
    return { range: [specifier.range[0], next.range[0]], text: '' };
  }
  if (specifier.type === 'ImportSpecifier' && named.length > 1) {
    const open = source.getTokenBefore(named[0]!)!;
    const close = source.getTokenAfter(named.at(-1)!, { filter: (token) => is(token, '}') })!;
    const position = (named as Node[]).indexOf(specifier);
    return removeItems(source, { items: named, open, close }, position, position + 1);
  }
  // What is left is the default import: the comma and all that follows it goes.
  const last = source.getTokenBefore(declaration.source, { skip: 1 })!;
  return { range: [specifiers[0]!.range[1], last.range[1]], text: '' };
}

/**
 * Removes a binding of a `require`: a declarator, a property of its pattern, or the name either binds. The last one takes the
 * whole statement with it. Undefined for anything else.
 */
export function removeRequireBinding(source: Source, node: Node): Edit | undefined {
  let binding = node;
  while (binding.parent && (binding.type === 'Identifier' || binding.type === 'AssignmentPattern')) binding = binding.parent;
  const declarator = binding.type === 'Property' ? binding.parent.parent : binding;
  if (declarator?.type !== 'VariableDeclarator' || !isRequireChain(source, declarator.init)) return undefined;
  const { id } = declarator;
  if (binding.type === 'Property' && id.type === 'ObjectPattern' && id.properties.length > 1) return removeProperty(source, binding);
  return removeDeclarator(source, declarator);
}
