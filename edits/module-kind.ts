import type { Node, Source } from '../analysis/source';
import { is } from './tokens';
import { nodesIn } from './walk';

/** How a file takes in modules. */
export type ModuleKind = 'import' | 'require';

const MODULE_SYNTAX = /^(?:Import|Export|TSImportEquals|TSExportAssignment|TSNamespaceExport)/;

/** The path that the TypeScript parser was given; other parsers keep none. */
function pathOf(source: Source): string {
  const file = source.parserServices?.esTreeNodeToTSNodeMap?.get(source.ast) as { fileName?: string } | undefined;
  return file?.fileName ?? '';
}

function usesCommonJs({ ast: { tokens } }: Source): boolean {
  return tokens.some(({ type, value }, index) => {
    if (type !== 'Identifier' || is(tokens[index - 1], '.')) return false;
    if (value === 'require') return is(tokens[index + 1], '(');
    return (value === 'exports' || (value === 'module' && tokens[index + 2]?.value === 'exports')) && is(tokens[index + 1], '.');
  });
}

/** Only a module may await outside of functions or ask for `import.meta`. */
function isModuleByUse(source: Source): boolean {
  const isFunction = (node: Node): boolean => /Function/.test(node.type);
  for (const { type } of nodesIn(source, source.ast, isFunction)) if (type === 'AwaitExpression') return true;
  for (const { type } of nodesIn(source, source.ast)) if (type === 'MetaProperty' && /\bimport\s*\.\s*meta\b/.test(source.text)) return true;
  return false;
}

/** Whether a new module is imported or required here: what the file's name demands, else what the file does, else what its kind of file mostly does. */
export function moduleKind(source: Source, path = pathOf(source)): ModuleKind {
  if (/\.m[jt]s$/.test(path)) return 'import';
  if (path.endsWith('.cjs')) return 'require';
  if (source.ast.body.some(({ type }) => MODULE_SYNTAX.test(type)) || isModuleByUse(source)) return 'import';
  if (usesCommonJs(source)) return 'require';
  return /\.c?tsx?$/.test(path) ? 'import' : 'require';
}
