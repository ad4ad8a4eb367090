/** Removes what only served to read a password that nothing uses any more. */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { childrenOf, nameOf } from '../analysis/scope';
import type { Node, Source } from '../analysis/source';
import { edited, removeDeclarator, removeImportSpecifier, removeProperty, type Edit } from '../edits';
import { sourceOf } from './source';

/** Calls that only read: dropping them with their unused result changes nothing else. */
const READERS = new Set(['get', 'trim', 'toString', 'getProperty', 'getOrThrow']);

/** The names that a node reads. */
export function namesIn(source: Source, node: Node): string[] {
  const names: string[] = [];
  const stack: Node[] = [node];
  for (let current = stack.pop(); current; current = stack.pop()) {
    if (current.type === 'Identifier') names.push(current.name);
    stack.push(...childrenOf(source, current));
  }
  return names;
}

/**
 * Drops the declarations of `names` that nothing reads in `text`, and then those that only these read.
 * One at a time, each on a fresh parse, so that no two removals can meet.
 */
export function removeDeadReads(path: string, text: string, names: Iterable<string>): string {
  const candidates = new Set(names);
  let current = text;
  for (;;) {
    const source = sourceOf(path, current);
    const dead = deadDeclaration(source, candidates);
    if (!dead) return current;
    for (const name of dead.reads) candidates.add(name);
    current = edited(source, [dead.edit]);
  }
}

function deadDeclaration(source: Source, candidates: ReadonlySet<string>): { edit: Edit; reads: string[] } | undefined {
  for (const scope of source.scopeManager?.scopes ?? []) {
    for (const variable of scope.variables) {
      if (!candidates.has(variable.name) || !isUnread(variable)) continue;
      const found = removalOf(source, variable.defs[0]!);
      if (found) return found;
    }
  }
  return undefined;
}

function isUnread(variable: TSESLint.Scope.Variable): boolean {
  return variable.defs.length === 1 && variable.references.every((reference) => reference.init && !reference.isRead());
}

function removalOf(source: Source, def: TSESLint.Scope.Definition): { edit: Edit; reads: string[] } | undefined {
  const name = def.name as Node;
  if ((def.type as string) === 'ImportBinding') {
    const declaration = def.parent as Node | undefined;
    // The last binding stays: dropping the whole import would drop what loading the module does.
    if (declaration?.type !== 'ImportDeclaration' || declaration.specifiers.length < 2) return undefined;
    const edit = removeImportSpecifier(source, def.node as Node);
    return edit && { edit, reads: [] };
  }
  const declarator = def.node as Node;
  if (declarator.type !== 'VariableDeclarator' || !declarator.init || declarator.parent.parent?.type.startsWith('Export')) return undefined;
  const reads = namesIn(source, declarator.init);
  if (declarator.id.type === 'Identifier') {
    const edit = isPureRead(declarator.init) ? removeDeclarator(source, declarator) : undefined;
    return edit && { edit, reads };
  }
  const property = propertyOf(name);
  if (!property || declarator.id.type !== 'ObjectPattern' || property.parent !== declarator.id) return undefined;
  // With a rest element the removed property would turn up in the rest.
  if (declarator.id.properties.some((one) => one.type === 'RestElement')) return undefined;
  if (declarator.id.properties.length > 1) {
    const edit = removeProperty(source, property);
    return edit && { edit, reads: [] };
  }
  const edit = isPureRead(declarator.init) || isJson(declarator.init) ? removeDeclarator(source, declarator) : undefined;
  return edit && { edit, reads };
}

function propertyOf(name: Node): TSESTree.Property | undefined {
  const holder = name.parent?.type === 'AssignmentPattern' ? name.parent.parent : name.parent;
  return holder?.type === 'Property' ? holder : undefined;
}

function isJson(init: Node): boolean {
  const argument = init.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.name === 'require' ? init.arguments[0] : undefined;
  return argument?.type === 'Literal' && String(argument.value).endsWith('.json');
}

/** Reading it has no effect of its own, so not reading it has none either. */
function isPureRead(node: Node): boolean {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
    case 'ThisExpression':
      return true;
    case 'MemberExpression':
      return isPureRead(node.object) && (!node.computed || isPureRead(node.property));
    case 'TemplateLiteral':
      return node.expressions.every(isPureRead);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return isPureRead(node.left) && isPureRead(node.right);
    case 'ObjectExpression':
      return node.properties.every((property) => property.type === 'Property' && !property.computed && isPureRead(property.value));
    case 'ConditionalExpression':
      return isPureRead(node.test) && isPureRead(node.consequent) && isPureRead(node.alternate);
    case 'UnaryExpression':
      return node.operator !== 'delete' && isPureRead(node.argument);
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
      return isPureRead(node.expression);
    case 'CallExpression':
      return node.callee.type === 'MemberExpression' && READERS.has(nameOf(node.callee) ?? '') && isPureRead(node.callee.object) && node.arguments.every(isPureRead);
    default:
      return false;
  }
}
