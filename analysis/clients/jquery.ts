/** jQuery's `$.ajax`, with its headers in the settings or set on the request in `beforeSend`. */
import type { FileModel } from '../file';
import { propertyNodes } from '../objects';
import { contains } from '../scope';
import type { Header } from '../shapes';
import type { Node } from '../source';
import type { Client } from './client';
import { readUrlOrOptions } from './http';

const NAMES = new Set(['$', 'jQuery', 'j$', '$j', 'jq']);
const METHODS = ['ajax', 'get', 'post', 'getJSON'];

export const jquery: Client = {
  name: 'jQuery',
  *requests(file) {
    const calls = file.methodCalls.named(...METHODS).filter(({ callee: { object } }) => object.type === 'Identifier' && NAMES.has(object.name));
    // Cheerio's `$` sends nothing.
    if (calls.length === 0 || !/\.ajax\b|jquery/i.test(file.source.text)) return;
    for (const call of calls) {
      const given = readUrlOrOptions(file, call);
      const headers = given.options ? [...given.headers, ...beforeSend(file, given.options)] : given.headers;
      yield { library: 'jQuery', node: call, call, role: 'request', ...given, headers };
    }
  },
};

function beforeSend(file: FileModel, options: Node): Header[] {
  return propertyNodes(file, options, 'beforeSend').flatMap((node) =>
    file.values.of(node).flatMap((value) =>
      value.kind !== 'function' ? [] : file.methodCalls.named('setRequestHeader').flatMap((call): Header[] => {
        if (!contains(value.node, call)) return [];
        const [key, content] = call.arguments;
        const names = key ? file.values.strings(key) : [];
        return key && content ? [{ nameNode: key, value: content, ...(names.length === 1 && { name: names[0]! }) }] : [];
      }),
    ),
  );
}
