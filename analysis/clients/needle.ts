/** needle: `needle(method, url, data, options)`, `needle.get(url, options)`, `needle.post(url, data, options)`. */
import type { Client } from './client';
import { argumentAt, readOptions, usesOf, type HttpLibrary } from './http';

const NEEDLE: HttpLibrary = { name: 'needle', modules: new Set(['needle']) };
/** Where each function takes its URL and its options. */
const PLACES = new Map<string | undefined, readonly [url: number, options: number]>([
  [undefined, [1, 3]], ['request', [1, 3]], ['get', [0, 1]], ['head', [0, 1]], ['post', [0, 2]], ['put', [0, 2]], ['patch', [0, 2]], ['delete', [0, 2]],
]);

export const needle: Client = {
  name: 'needle',
  *requests(file) {
    for (const { call, use } of usesOf(file, NEEDLE)) {
      const places = use.path.length < 2 ? PLACES.get(use.path[0]) : undefined;
      if (!places) continue;
      const url = argumentAt(call, places[0]);
      const body = places[1] - places[0] === 2 ? argumentAt(call, places[0] + 1) : undefined;
      yield { library: 'needle', node: call, call, role: 'request', ...readOptions(file, argumentAt(call, places[1])), ...(url && { url }), ...(body && { body }) };
    }
  },
};
