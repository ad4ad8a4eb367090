/** jQuery's `$.ajax`, with its headers in the settings or set on the request in `beforeSend`. */
import type { FileModel } from '../file';
import { propertyNodes } from '../objects';
import { nameOf } from '../scope';
import type { Header } from '../shapes';
import type { Node } from '../source';
import type { Client } from './client';
import { readUrlOrOptions } from './http';

const NAMES = new Set(['$', 'jQuery', 'j$', '$j', 'jq']);
const METHODS = new Set(['ajax', 'get', 'post', 'getJSON']);

export const jquery: Client = {
  name: 'jQuery',
  *requests(file) {
    if (!/\.ajax\b|jquery/i.test(file.source.text)) return;
    for (const call of file.all('CallExpression')) {
      const { callee } = call;
      if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || !NAMES.has(callee.object.name)) continue;
      if (!METHODS.has(nameOf(callee) ?? '')) continue;
      const given = readUrlOrOptions(file, call);
      const headers = given.options ? [...given.headers, ...beforeSend(file, given.options)] : given.headers;
      yield { library: 'jQuery', node: call, call, role: 'request', ...given, headers };
    }
  },
};

function beforeSend(file: FileModel, options: Node): Header[] {
  return propertyNodes(file, options, 'beforeSend').flatMap((node) =>
    file.values.of(node).flatMap((value) =>
      value.kind !== 'function' ? [] : file.all('CallExpression').flatMap((call): Header[] => {
        if (call.range[0] < value.node.range[0] || call.range[1] > value.node.range[1] || nameOf(call.callee) !== 'setRequestHeader') return [];
        const [key, content] = call.arguments;
        const names = key ? file.values.strings(key) : [];
        return key && content ? [{ nameNode: key, value: content, ...(names.length === 1 && { name: names[0]! }) }] : [];
      }),
    ),
  );
}
