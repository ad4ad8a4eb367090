/** What packages that export a fetch have, and fetch() has not: code that uses it goes on needing the package. */
import type { FileModel } from '../../analysis';
import { unwrap } from '../../analysis/scope';
import type { Node } from '../../analysis/source';

/** Options and methods. */
const MEMBERS = ['agent', 'timeout', 'compress', 'size', 'follow', 'buffer', 'textConverted', 'raw', 'pipe', 'dispatcher', 'FetchError', 'AbortError'];
/** Classes and types that fetch() knows as something else. */
const EXPORTS = new Set(['Response', 'Request', 'RequestInit', 'RequestInfo', 'HeadersInit', 'HeaderInit', 'BodyInit', 'FetchError', 'AbortError', 'FormData', 'Blob', 'File', 'Body']);
const BODIES = /^(?:form-data|formdata-node|(?:node:)?stream)$/;
const INCOMING = /^(?:req|request|ctx|event|options?|opts|init|config|params|args)$/;

/** What a file uses of the package; undefined where the global fetch() does as well. `body`: what a request sends. */
export function onlyTheirs(file: FileModel, module: string, body: Node | undefined): string | undefined {
  if (body && ([...file.modules].some((one) => BODIES.test(one)) || usesName(file, 'createReadStream'))) return 'a stream or form as body';
  if (module !== 'undici' && readsBody(file)) return "the answer's body, a stream of Node,";
  return MEMBERS.find((name) => usesName(file, name)) ?? usedExport(file, module);
}

function usesName(file: FileModel, name: string): boolean {
  return file.members.named(name).length > 0 || file.properties.named(name).some(({ parent }) => parent.type === 'ObjectExpression');
}

function readsBody(file: FileModel): boolean {
  return file.members.named('body').some((member) => {
    const object = unwrap(member.object);
    if (object.type === 'Identifier' && INCOMING.test(object.name)) return false;
    return file.values.of(object).some(({ kind }) => kind === 'result' || kind === 'parameter');
  });
}

function usedExport(file: FileModel, module: string): string | undefined {
  for (const { variables } of file.source.scopeManager?.scopes ?? []) {
    for (const { defs, references } of variables) {
      const specifier = defs[0]?.node as Node | undefined;
      if (specifier?.type !== 'ImportSpecifier' || specifier.parent.source?.value !== module || references.length === 0) continue;
      const name = specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
      if (EXPORTS.has(name)) return name;
    }
  }
  return undefined;
}
