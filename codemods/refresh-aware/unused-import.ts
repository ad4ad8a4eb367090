/** Drops the import of a package that nothing sends with any more. */
import type { Node } from '../../analysis/source';
import { edited, removeImportSpecifier, removeRequireBinding } from '../../edits';
import { sourceOf } from '../source';

/** Modules that do nothing but export what sends. */
const SENDERS = /^(?:node-fetch|cross-fetch|node-fetch-native|node-fetch-commonjs|undici|axios|request|postman-request|@cypress\/request|(?:node:)?https?|follow-redirects)$/;

export function dropUnusedSender(path: string, text: string, names: readonly string[]): string {
  const source = sourceOf(path, text);
  for (const { variables } of source.scopeManager?.scopes ?? []) {
    for (const { name, defs, references } of variables) {
      const [def] = defs;
      if (!def || defs.length > 1 || !names.includes(name) || references.some((reference) => !reference.init)) continue;
      const binding = def.name as Node;
      const from = def.parent?.type === 'ImportDeclaration' ? def.parent.source.value : requiredBy(def.node as Node);
      if (typeof from !== 'string' || !SENDERS.test(from)) continue;
      const edit = removeImportSpecifier(source, binding) ?? removeRequireBinding(source, binding);
      if (edit) return edited(source, [edit]);
    }
  }
  return text;
}

function requiredBy(declarator: Node): unknown {
  if (declarator.type !== 'VariableDeclarator') return undefined;
  let init: Node | null = declarator.init;
  while (init?.type === 'MemberExpression') init = init.object;
  const [argument] = init?.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.name === 'require' ? init.arguments : [];
  return argument?.type === 'Literal' ? argument.value : undefined;
}
