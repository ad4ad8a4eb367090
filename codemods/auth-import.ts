/** Where rewritten code gets its tokens: `salesforce` of the runtime, or a team's own SalesforceAuth. */
import { dirname, relative, resolve, sep } from 'node:path';
import type { Source } from '../analysis/source';
import { RUNTIME_MODULE } from '../analysis/vocabulary/libraries';
import { ensureImport, type Edit } from '../edits';
import type { TransformOptions } from './report';

/** The export that holds it, in the runtime and by default in a team's own module. */
const AUTH_EXPORT = 'salesforce';

/** Makes it available in the file at `path`; `local` is the expression to call. */
export function ensureAuth(source: Source, path: string, options: TransformOptions): { edits: Edit[]; local: string } {
  return ensureImport(source, { ...authSource(path, options), prefer: 'salesforceAuth', path });
}

/** The module that the file at `path` gets it from, and its name there. */
export function authSource(path: string, { authModule, authExport = AUTH_EXPORT }: TransformOptions): { module: string; name: string } {
  return { module: authModule === undefined ? RUNTIME_MODULE : specifierFrom(path, authModule), name: authExport };
}

/** A module of the project as a file names it: `--auth-module` is relative to the working directory, a specifier to its file. */
function specifierFrom(path: string, authModule: string): string {
  if (!/^\.{0,2}\//.test(authModule)) return authModule;
  const target = relative(dirname(resolve(path)), resolve(authModule)).split(sep).join('/');
  return target.startsWith('.') ? target : `./${target}`;
}
