/** Node's own `http` and `https`, and follow-redirects, which stands in for both. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { headerOf } from '../headers';
import { entriesOf } from '../objects';
import { callOf, nameOf, variableOf } from '../scope';
import type { Header } from '../shapes';
import type { Node } from '../source';
import type { Client } from './client';
import { readUrlOrOptions, usesOf, type HttpLibrary } from './http';

const HTTPS: HttpLibrary = { name: 'https', modules: new Set(['http', 'https', 'node:http', 'node:https', 'follow-redirects', 'http2', 'node:http2']) };

export const https: Client = {
  name: 'https',
  *requests(file) {
    for (const { call, use } of usesOf(file, HTTPS)) {
      const method = use.path.at(-1);
      if (method !== 'request' && method !== 'get') continue;
      const given = readUrlOrOptions(file, call);
      const [body, headers] = written(file, call);
      yield { library: 'https', node: call, call, role: 'request', ...given, ...(body && { body }), headers: [...given.headers, ...headers] };
    }
  },
};

/** What is written to the request once it is made: `req.write(body)`, `req.end(body)`, `req.setHeader(name, value)`. */
function written(file: FileModel, call: TSESTree.CallExpression): [body: Node | undefined, headers: Header[]] {
  const holder = call.parent;
  const target = holder?.type === 'VariableDeclarator' ? holder.id : holder?.type === 'AssignmentExpression' ? holder.left : undefined;
  if (target?.type !== 'Identifier') return [undefined, []];
  const variable = variableOf(file.source, target);
  const headers = entriesOf(file, target)
    .filter(({ key }) => key.parent?.type === 'CallExpression')
    .map(headerOf);
  for (const { identifier } of variable?.references ?? []) {
    const member = identifier.parent as Node | undefined;
    if (member?.type !== 'MemberExpression' || !['write', 'end'].includes(nameOf(member) ?? '')) continue;
    const body = callOf(member)?.arguments[0];
    if (body) return [body, headers];
  }
  return [undefined, headers];
}
