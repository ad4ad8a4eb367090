/** got and ky: `(url, options)`, their methods, and instances made with `extend` and `create`. */
import type { Client } from './client';
import { Makers, readOptions, readUrlOrOptions, usesOf, type HttpLibrary } from './http';

const LIBRARIES: readonly HttpLibrary[] = [
  { name: 'got', modules: new Set(['got', 'got-cjs', 'gh-got']), makers: new Set(['extend', 'create']), types: new Set(['Got', 'ExtendOptions']) },
  { name: 'ky', modules: new Set(['ky', 'ky-universal', 'ky/umd']), globals: new Set(['ky']), makers: new Set(['extend', 'create']), types: new Set(['KyInstance']) },
  { name: 'ofetch', modules: new Set(['ofetch', 'ohmyfetch']), globals: new Set(['$fetch']), makers: new Set(['create']), types: new Set(['$Fetch']) },
];
const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'stream', 'paginate', 'request', 'got', 'ofetch', '$fetch', 'raw', '']);

export const got: Client = {
  name: 'got',
  *requests(file) {
    for (const library of LIBRARIES) {
      const makers = new Makers();
      for (const { call, use, makes } of usesOf(file, library)) {
        const method = use.path.at(-1);
        if (makes) yield makers.add({ library: library.name, node: call, call, role: 'client', ...readOptions(file, call.arguments[0]), ...makers.of(call, use) });
        else if (method === undefined || METHODS.has(method)) yield { library: library.name, node: call, call, role: 'request', ...readUrlOrOptions(file, call), ...makers.of(call, use) };
      }
    }
  },
};
