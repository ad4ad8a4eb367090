/** Where the code of a file runs. */
import type { FileModel } from './file';

const BROWSER_MODULES = /^(?:react-dom|react|vue|@angular\/core|svelte|preact|lwc)(?:$|\/)/;
const BROWSER_GLOBALS = new Set(['window', 'document', 'localStorage', 'sessionStorage', 'chrome']);

/** Does the code of a file run in a page or a browser's extension, where no key or secret may be kept and there is no environment? */
export function runsInBrowser(file: FileModel): boolean {
  if ([...file.modules].some((module) => BROWSER_MODULES.test(module))) return true;
  return file.all('MemberExpression').some(
    (member) => member.object.type === 'Identifier' && BROWSER_GLOBALS.has(member.object.name) && file.values.of(member.object).some((value) => value.kind === 'global'),
  );
}
