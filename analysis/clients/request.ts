/** request and those who took its shape over: request-promise(-native), requestretry, co-request, `request.defaults`. */
import type { Client } from './client';
import { Makers, readOptions, readUrlOrOptions, usesOf, type HttpLibrary } from './http';

const REQUEST: HttpLibrary = {
  name: 'request',
  modules: new Set([
    'request', 'request-promise', 'request-promise-native', 'request-promise-any', 'requestretry', 'co-request', 'postman-request', '@cypress/request',
    'teeny-request', 'promise-request-retry', '@cypress/request-promise', 'request-promise-cache',
  ]),
  makers: new Set(['defaults']),
};
const METHODS = new Set(['', 'request', 'get', 'post', 'put', 'patch', 'del', 'delete', 'head', 'options']);

export const request: Client = {
  name: 'request',
  *requests(file) {
    const makers = new Makers();
    for (const { call, use, makes } of usesOf(file, REQUEST)) {
      const [method = '', ...rest] = use.path.map((name) => name.replace(/Async$/, ''));
      if (rest.length > 0) continue;
      if (makes) yield makers.add({ library: 'request', node: call, call, role: 'client', ...readOptions(file, call.arguments[0]), ...makers.of(call, use) });
      else if (METHODS.has(method)) yield { library: 'request', node: call, call, role: 'request', ...readUrlOrOptions(file, call), ...makers.of(call, use) };
    }
  },
};
