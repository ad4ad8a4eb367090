import type { TSESTree } from '@typescript-eslint/utils';
import type { Source } from '../analysis/source';
import type { Edit } from './edits';
import { removeItems } from './list';
import { listAround, removeStatement } from './statement';

/**
 * Removes one declarator of several, or the whole statement with its line and the comments directly above it (never the
 * file's header). Undefined where syntax needs the declaration (`for (var a;;)`, `if (x) var a`) or others do (`export`).
 */
export function removeDeclarator(source: Source, declarator: TSESTree.VariableDeclarator): Edit | undefined {
  const declaration = declarator.parent;
  if (!listAround(declaration)) return undefined;
  const items: readonly TSESTree.VariableDeclarator[] = declaration.declarations;
  if (items.length === 1) return removeStatement(source, declaration);
  const index = items.indexOf(declarator);
  return removeItems(source, { items, open: source.getFirstToken(declaration)! }, index, index + 1);
}
