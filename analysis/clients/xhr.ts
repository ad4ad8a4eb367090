/** XMLHttpRequest: `open`, `setRequestHeader` and `send` on one object. The request is where it is opened. */
import type { MethodCall } from '../nodes';
import { isSamePlace } from '../objects';
import type { Header } from '../shapes';
import type { Client } from './client';

export const xhr: Client = {
  name: 'XMLHttpRequest',
  *requests(file) {
    const [sends, sets] = [file.methodCalls.named('send'), file.methodCalls.named('setRequestHeader')];
    for (const open of file.methodCalls.named('open')) {
      const on = (call: MethodCall) => isSamePlace(file, call.callee.object, open.callee.object);
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
