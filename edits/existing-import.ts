/** What a file already takes from a module: a name to use again, or a statement to extend. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Node, Source } from '../analysis/source';
import type { Edit } from './edits';
import { appendItem } from './list';
import { isShadowed } from './names';
import { addProperty } from './property';
import { isInert, isModuleLoad, requiredModule } from './require';
import { is } from './tokens';

/** `local`: the name is there already. `extend`: the edit that adds it under a local name. */
export type Existing = { local: string } | { extend: (local: string) => Edit };

interface Wanted {
  module: string;
  name: string;
}

const isType = (node: { importKind?: string | null }): boolean => node.importKind === 'type' || node.importKind === 'typeof';

/** A local name for the export or the namespace that `binding` holds, where it means the same throughout the file. */
function reuse(source: Source, binding: Node, suffix = ''): Existing | undefined {
  if (binding.type !== 'Identifier' || isShadowed(source, binding.name)) return undefined;
  const writes = source.scopeManager?.scopes
    .flatMap(({ variables }) => variables)
    .find(({ name, defs }) => name === binding.name && defs.length > 0)
    ?.references.filter((reference) => reference.isWrite() && !reference.init);
  return writes?.length ? undefined : { local: binding.name + suffix };
}

function extendImport(source: Source, declaration: TSESTree.ImportDeclaration, name: string): Existing | undefined {
  const { specifiers } = declaration;
  if (specifiers.some(({ type }) => type === 'ImportNamespaceSpecifier')) return undefined;
  const spell = (local: string): string => (local === name ? name : `${name} as ${local}`);
  const named = specifiers.filter(({ type }) => type === 'ImportSpecifier');
  const open = source.getFirstToken(declaration, { filter: (token) => is(token, '{') });
  if (open && open.range[0] < declaration.source.range[0]) {
    const close = source.getTokenAfter(named.at(-1) ?? open, { filter: (token) => is(token, '}') })!;
    return { extend: (local) => appendItem(source, { items: named, open, close }, spell(local), ' ') };
  }
  const [defaultImport] = specifiers;
  const at = defaultImport ? defaultImport.range[1] : declaration.source.range[0];
  return { extend: (local) => ({ range: [at, at], text: defaultImport ? `, { ${spell(local)} }` : `{ ${spell(local)} } from ` }) };
}

function fromImport(source: Source, declaration: TSESTree.ImportDeclaration, { module, name }: Wanted): Existing[] {
  if (declaration.source.value !== module || isType(declaration)) return [];
  const found = declaration.specifiers.map((specifier) => {
    if (specifier.type === 'ImportNamespaceSpecifier') return reuse(source, specifier.local, `.${name}`);
    if (specifier.type === 'ImportDefaultSpecifier' || isType(specifier)) return undefined;
    const imported = specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
    return imported === name ? reuse(source, specifier.local) : undefined;
  });
  return [...found, extendImport(source, declaration, name)].filter((existing) => existing !== undefined);
}

function fromPattern(source: Source, pattern: TSESTree.ObjectPattern, name: string): Existing[] {
  for (const property of pattern.properties) {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') continue;
    const local = property.key.name === name ? reuse(source, property.value) : undefined;
    if (local) return [local];
  }
  // One more name in the pattern would be one less in its rest element.
  if (pattern.properties.some(({ type }) => type === 'RestElement')) return [];
  return [{ extend: (local) => addProperty(source, pattern, local === name ? name : `${name}: ${local}`) }];
}

function fromRequire(source: Source, { id, init }: TSESTree.VariableDeclarator, { module, name }: Wanted): Existing[] {
  if (requiredModule(init) === module) {
    if (id.type === 'ObjectPattern') return fromPattern(source, id, name);
    const namespace = reuse(source, id, `.${name}`);
    return namespace ? [namespace] : [];
  }
  const isMember = init?.type === 'MemberExpression' && !init.computed && requiredModule(init.object) === module;
  const local = isMember && source.getText(init.property) === name ? reuse(source, id) : undefined;
  return local ? [local] : [];
}

function fromImportEquals(source: Source, node: TSESTree.TSImportEqualsDeclaration, { module, name }: Wanted): Existing[] {
  const reference = node.moduleReference;
  if (isType(node) || reference.type !== 'TSExternalModuleReference') return [];
  const isWanted = reference.expression.type === 'Literal' && reference.expression.value === module;
  const namespace = isWanted ? reuse(source, node.id, `.${name}`) : undefined;
  return namespace ? [namespace] : [];
}

/** The best of what the file has: a name to use again before a statement to extend. */
export function findExisting(source: Source, wanted: Wanted): Existing | undefined {
  const found: Existing[] = [];
  // A require binds when it is reached: behind code that calls something it may come too late.
  let calledBefore = false;
  for (const statement of source.ast.body) {
    if (statement.type === 'ImportDeclaration') found.push(...fromImport(source, statement, wanted));
    else if (statement.type === 'TSImportEqualsDeclaration') found.push(...fromImportEquals(source, statement, wanted));
    else if (statement.type === 'VariableDeclaration' && !calledBefore) {
      for (const declarator of statement.declarations) found.push(...fromRequire(source, declarator, wanted));
    }
    calledBefore ||= !isModuleLoad(source, statement) && !isInert(source, statement);
  }
  return found.find((existing) => 'local' in existing) ?? found[0];
}
