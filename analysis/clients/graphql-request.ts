/** graphql-request: `new GraphQLClient(url, { headers })` and `request(url, query, variables, headers)`. */
import { headerOf, headersIn } from '../headers';
import { entriesOf } from '../objects';
import type { Client } from './client';
import { argumentAt, isOptions, isUsedIn, Makers, readOptions, useOf, usesOf, type HttpLibrary } from './http';

const GRAPHQL: HttpLibrary = { name: 'graphql-request', modules: new Set(['graphql-request']), makers: new Set(['GraphQLClient']), types: new Set(['GraphQLClient']) };

export const graphqlRequest: Client = {
  name: 'graphql-request',
  *requests(file) {
    if (!isUsedIn(file, GRAPHQL)) return;
    const makers = new Makers();
    for (const made of file.all('NewExpression')) {
      if (useOf(file, made.callee, GRAPHQL)?.path.at(-1) !== 'GraphQLClient') continue;
      const url = argumentAt(made, 0);
      const given = readOptions(file, argumentAt(made, 1));
      const target = made.parent?.type === 'VariableDeclarator' ? made.parent.id : made.parent?.type === 'AssignmentExpression' ? made.parent.left : undefined;
      // `client.setHeader(name, value)` puts a pair in, as it does in an object of headers.
      const set = target && target.type !== 'ObjectPattern' ? entriesOf(file, target).filter(({ key }) => key.parent?.type === 'CallExpression') : [];
      const headers = [...given.headers, ...set.map(headerOf)];
      yield makers.add({ library: 'graphql-request', node: made, call: made, role: 'client', ...given, ...(url && { url }), headers });
    }
    for (const { call, use } of usesOf(file, GRAPHQL)) {
      const method = use.path.at(-1);
      if (method !== 'request' && method !== 'rawRequest' && method !== 'batchRequests') continue;
      const sent = { library: 'graphql-request', node: call, call, role: 'request', ...makers.of(call, use) } as const;
      const first = argumentAt(call, 0);
      const last = call.arguments[use.onInstance ? 2 : 3];
      if (first && isOptions(file, first) === true) yield { ...sent, ...readOptions(file, first) };
      else yield { ...sent, headers: last ? headersIn(file, last) : [], ...(!use.onInstance && first && { url: first }), ...(use.onInstance && sent.madeBy?.url && { url: sent.madeBy.url }) };
    }
  },
};
