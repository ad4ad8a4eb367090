/** What the HTTP libraries have in common: a function or an instance of one, called with a URL and an object of options. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { bearerIn, headersUnder } from '../headers';
import { propertyNodes } from '../objects';
import type { HttpCall } from '../shapes';
import type { Node } from '../source';
import type { Value } from '../values';

export interface HttpLibrary {
  readonly name: string;
  readonly modules: ReadonlySet<string>;
  /** What a file calls it that imports nothing: `axios` of a script tag. */
  readonly globals?: ReadonlySet<string>;
  /** Its functions and classes that make an instance with options of its own. */
  readonly makers?: ReadonlySet<string>;
  /** The types that its instances are declared with. */
  readonly types?: ReadonlySet<string>;
}

/** How a callee belongs to a library: `path` leads from the library or the instance to it. */
export interface Use {
  path: readonly string[];
  /** The call that made the instance, if this file shows it. */
  made?: TSESTree.CallExpression | TSESTree.NewExpression;
  onInstance: boolean;
}

/** Can a file have anything of a library in it? Asked before its calls are looked at one by one. */
export function isUsedIn(file: FileModel, library: HttpLibrary): boolean {
  if ([...file.modules].some((module) => library.modules.has(module))) return true;
  return [...(library.globals ?? [])].some((name) => file.source.text.includes(name));
}

/** Every call of a library and its instances; those that make an instance first, so that requests find it. */
export function usesOf(file: FileModel, library: HttpLibrary): { call: TSESTree.CallExpression; use: Use; makes: boolean }[] {
  if (!isUsedIn(file, library)) return [];
  const uses = file.all('CallExpression').flatMap((call) => {
    const use = useOf(file, call.callee, library);
    return use ? [{ call, use, makes: library.makers?.has(use.path.at(-1) ?? '') ?? false }] : [];
  });
  return [...uses.filter(({ makes }) => makes), ...uses.filter(({ makes }) => !makes)];
}

export function useOf(file: FileModel, callee: Node, library: HttpLibrary): Use | undefined {
  for (const value of file.values.of(callee)) {
    const use = useBehind(value, library, 0);
    if (use) return use;
  }
  return undefined;
}

function useBehind(value: Value, library: HttpLibrary, depth: number): Use | undefined {
  if (depth > 8) return undefined;
  switch (value.kind) {
    case 'module':
      return library.modules.has(value.module) ? { path: value.path, onInstance: false } : undefined;
    case 'global':
      return library.globals?.has(value.path[0]!) ? { path: value.path.slice(1), onInstance: false } : undefined;
    case 'member': {
      const of = useBehind(value.of, library, depth + 1);
      return of && { ...of, path: [...of.path, value.name] };
    }
    case 'result':
    case 'instance': {
      const of = useBehind(value.of, library, depth + 1);
      const last = of?.path.at(-1) ?? '';
      if (!of) return undefined;
      if (value.call && library.makers?.has(last)) return { path: [], made: value.call, onInstance: true };
      return !value.call && library.types?.has(last) ? { path: [], onInstance: true } : undefined;
    }
    default:
      return undefined;
  }
}

/** Remembers the calls that make instances, so that each request finds the one that sends it. */
export class Makers {
  private readonly made = new Map<Node, HttpCall>();

  add(made: HttpCall): HttpCall {
    this.made.set(made.call, made);
    return made;
  }

  /** What a request through an instance says of it. */
  of(call: TSESTree.CallExpression, use: Use): Pick<HttpCall, 'client' | 'madeBy'> {
    if (!use.onInstance) return {};
    const client = call.callee.type === 'MemberExpression' ? call.callee.object : call.callee;
    const madeBy = use.made && this.made.get(use.made);
    return { client, ...(madeBy && { madeBy }) };
  }
}

type Read = Pick<HttpCall, 'url' | 'query' | 'body' | 'options' | 'headers'>;

/** What an options object says: the URL, the query, the body and the headers, by the names that all libraries use. */
export function readOptions(file: FileModel, options: Node | undefined): Read {
  if (!options || options.type === 'SpreadElement' || options.type.includes('Function')) return { headers: [] };
  const first = (...names: string[]) => propertyNodes(file, options, ...names)[0];
  const url = first('url', 'uri', 'baseURL', 'baseUrl', 'prefixUrl', 'hostname', 'host');
  const query = first('params', 'qs', 'searchParams', 'query');
  const body = first('body', 'data', 'json', 'form', 'formData');
  return {
    options,
    headers: [...headersUnder(file, options, 'headers', 'requestHeaders'), ...bearerIn(file, options)],
    ...(url && { url }),
    ...(query && { query }),
    ...(body && { body }),
  };
}

/** `(url, options)`, `(url)` or `(options)`, whichever a call is written as. */
export function readUrlOrOptions(file: FileModel, call: TSESTree.CallExpression): Read {
  const [first, second] = [argumentAt(call, 0), argumentAt(call, 1)];
  if (!first) return { headers: [] };
  const isUrl = isOptions(file, first) === false || (second !== undefined && isOptions(file, second) === true);
  if (isUrl) return { ...readOptions(file, second), url: first };
  // An argument that nothing is known of may be either.
  return isOptions(file, first) ? readOptions(file, first) : { url: first, ...readOptions(file, first) };
}

/** An argument, unless a spread before it makes its place unknown. */
export function argumentAt(call: TSESTree.CallExpression | TSESTree.NewExpression, index: number): Node | undefined {
  return call.arguments.slice(0, index + 1).some((argument) => argument.type === 'SpreadElement') ? undefined : call.arguments[index];
}

/** The options at an index; behind a spread, the last argument. */
export function optionsAt(call: TSESTree.CallExpression, index: number): Node | undefined {
  const spread = call.arguments.findIndex((argument) => argument.type === 'SpreadElement');
  return spread >= 0 && spread <= index ? call.arguments.slice(spread + 1).at(-1) : call.arguments[index];
}

/** Is an expression an object of options rather than a URL or a callback? Undefined where nothing says. */
export function isOptions(file: FileModel, node: Node | undefined): boolean | undefined {
  if (!node) return undefined;
  const kinds = new Set(file.values.of(node).map((value) => value.kind));
  if (kinds.has('object')) return true;
  return kinds.has('literal') || kinds.has('text') || kinds.has('function') || kinds.has('env') ? false : undefined;
}
