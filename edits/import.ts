/** Making an export of a module available in a file. */
import type { Source } from '../analysis/source';
import type { Edit } from './edits';
import { findExisting } from './existing-import';
import { insertModuleLoad } from './import-position';
import { moduleKind } from './module-kind';
import { freeName } from './names';
import { detectStyle } from './style';
import { nodesIn } from './walk';

/** Which export of which module is needed. */
export interface ImportRequest {
  module: string;
  /** The exported name. */
  name: string;
  /** The local name to try when `name` is taken. */
  prefer?: string;
  /** The file's path; its extension decides where the code itself leaves import or require open. */
  path?: string;
}

const ES2015 =
  /^(?:ArrowFunctionExpression|Template|Class|ObjectPattern|ArrayPattern|SpreadElement|RestElement|AssignmentPattern|ForOf|AwaitExpression|YieldExpression)/;

/** The keyword for a new declaration, and whether the file may destructure. */
export function declarationStyle(source: Source): { keyword: 'const' | 'var'; destructures: boolean } {
  let hasVar = false;
  let isModern = false;
  for (const node of nodesIn(source, source.ast)) {
    if (node.type === 'VariableDeclaration') {
      if (node.kind !== 'var') return { keyword: 'const', destructures: true };
      hasVar = true;
    }
    isModern ||= ES2015.test(node.type) || (node.type === 'Property' && (node.shorthand || node.method || node.computed));
  }
  return { keyword: hasVar ? 'var' : 'const', destructures: isModern || !hasVar };
}

function requireStatement(source: Source, name: string, local: string, module: string): string {
  const { keyword, destructures } = declarationStyle(source);
  if (!destructures) return `${keyword} ${local} = require(${module}).${name}`;
  return `${keyword} { ${local === name ? name : `${name}: ${local}`} } = require(${module})`;
}

/**
 * Makes an export available under a local name: uses what the file has, extends an import or require of the same module, or
 * adds one. `local` is an expression: `ns.name` where the file holds the module as a namespace. In a file that starts with
 * code, put these edits before those of the first statement: both insert at offset 0.
 */
export function ensureImport(source: Source, { module, name, prefer, path }: ImportRequest): { edits: Edit[]; local: string } {
  const existing = findExisting(source, { module, name });
  if (existing && 'local' in existing) return { edits: [], local: existing.local };
  const local = freeName(source, name, prefer);
  if (existing) return { edits: [existing.extend(local)], local };
  const { quote } = detectStyle(source);
  const kind = moduleKind(source, path);
  const quoted = quote + module + quote;
  const code =
    kind === 'import'
      ? `import { ${local === name ? name : `${name} as ${local}`} } from ${quoted}`
      : requireStatement(source, name, local, quoted);
  return { edits: [insertModuleLoad(source, kind, code)], local };
}
