/** XMLHttpRequest: `open`, `setRequestHeader` and `send` on one object. The request is where it is opened. */
import type { TSESTree } from '@typescript-eslint/utils';
import { isSamePlace } from '../objects';
import { nameOf } from '../scope';
import type { Header } from '../shapes';
import type { Client } from './client';

type Method = TSESTree.CallExpression & { callee: TSESTree.MemberExpression };

export const xhr: Client = {
  name: 'XMLHttpRequest',
  *requests(file) {
    if (!/XMLHttpRequest|setRequestHeader/.test(file.source.text)) return;
    const methods = file.all('CallExpression').filter((call): call is Method => call.callee.type === 'MemberExpression');
    const named = (name: string) => methods.filter((call) => nameOf(call.callee) === name);
    const [sends, sets] = [named('send'), named('setRequestHeader')];
    for (const open of named('open')) {
      const on = (call: Method) => isSamePlace(file, call.callee.object, open.callee.object);
      const isXhr = file.values.of(open.callee.object).some((value) => value.kind === 'instance' && value.of.kind === 'global' && value.of.path[0] === 'XMLHttpRequest');
      const own = sets.filter(on);
      if (!isXhr && own.length === 0) continue;
      const [, url] = open.arguments;
      const body = sends.find(on)?.arguments[0];
      const headers = own.flatMap((call): Header[] => {
        const [key, value] = call.arguments;
        const names = key ? file.values.strings(key) : [];
        return key && value ? [{ nameNode: key, value, ...(names.length === 1 && { name: names[0]! }) }] : [];
      });
      yield { library: 'XMLHttpRequest', node: open, call: open, role: 'request', headers, ...(url && { url }), ...(body && { body }) };
    }
  },
};
