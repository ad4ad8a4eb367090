/** Where rewritten code gets its tokens: `salesforce` of the runtime, or a team's own SalesforceAuth. */
import { dirname, relative, resolve, sep } from 'node:path';
import type { Source } from '../analysis/source';
import { RUNTIME_MODULE } from '../analysis/vocabulary/libraries';
import { ensureImport, type Edit } from '../edits';
import type { TransformOptions } from './report';

/** The export that holds it, in the runtime and by default in a team's own module. */
export const AUTH_EXPORT = 'salesforce';

/** Makes it available in the file at `path`; `local` is the expression to call. */
export function ensureAuth(source: Source, path: string, { authModule, authExport = AUTH_EXPORT }: TransformOptions): { edits: Edit[]; local: string } {
  const module = authModule === undefined ? RUNTIME_MODULE : specifierFrom(path, authModule);
  return ensureImport(source, { module, name: authExport, prefer: 'salesforceAuth', path });
}

/** A module of the project as a file names it: `--auth-module` is relative to the working directory, a specifier to its file. */
function specifierFrom(path: string, authModule: string): string {
  if (!/^\.{0,2}\//.test(authModule)) return authModule;
  const target = relative(dirname(resolve(path)), resolve(authModule)).split(sep).join('/');
  return target.startsWith('.') ? target : `./${target}`;
}
