/** Properties of object expressions and object patterns. */
import type { TSESTree } from '@typescript-eslint/utils';
import { nameOf } from '../analysis/scope';
import type { Node, Source } from '../analysis/source';
import type { Edit } from './edits';
import { appendItem, insertItem, type List, removeItems } from './list';
import { is } from './tokens';

type ObjectNode = TSESTree.ObjectExpression | TSESTree.ObjectPattern;

/** The rest element that collects what the other properties of a pattern leave. */
const restOf = (object: ObjectNode): Node | undefined =>
  object.type === 'ObjectPattern' ? object.properties.find(({ type }) => type === 'RestElement') : undefined;

function listOf(source: Source, object: ObjectNode): Required<List> {
  const open = source.getFirstToken(object)!;
  // The last token is not the brace where the pattern carries a type.
  const last = object.properties.at(-1);
  const close = source.getTokenAfter(last ?? open, { filter: (token) => is(token, '}') })!;
  return { items: object.properties, open, close };
}

/**
 * Removes a property with its comma, its comments, and its line when it has one to itself. Undefined when it is in no
 * object, or when a rest element beside it would start to collect it.
 */
export function removeProperty(source: Source, property: Node): Edit | undefined {
  const object = property.parent;
  if (object?.type !== 'ObjectExpression' && object?.type !== 'ObjectPattern') return undefined;
  const rest = restOf(object);
  if (rest && rest !== property) return undefined;
  const index = (object.properties as Node[]).indexOf(property);
  return removeItems(source, listOf(source, object), index, index + 1);
}

/** Removes the properties of these names, each run of neighbours in one edit. */
export function removeProperties(source: Source, object: TSESTree.ObjectExpression, names: readonly string[]): Edit[] {
  const isMeant = (node: Node | undefined): boolean => node?.type === 'Property' && names.includes(nameOf(node) ?? '');
  const { properties } = object;
  return properties.flatMap((property, from) => {
    if (!isMeant(property) || isMeant(properties[from - 1])) return [];
    let to = from + 1;
    while (isMeant(properties[to])) to++;
    return [removeItems(source, listOf(source, object), from, to)];
  });
}

/** Adds a property at the end, or before the rest element of a pattern. */
export function addProperty(source: Source, object: ObjectNode, text: string): Edit {
  const rest = restOf(object);
  return rest ? insertItem(source, rest, text) : appendItem(source, listOf(source, object), text, ' ');
}

/** Adds a property before another of its object, in the layout of the object. */
export function addPropertyBefore(source: Source, next: TSESTree.Property, text: string): Edit {
  return insertItem(source, next, text);
}
