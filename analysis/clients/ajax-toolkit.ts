/** The AJAX toolkit: `sforce.connection.login(username, password)` in a page. */
import { nameOf } from '../scope';
import type { Client } from './client';

export const ajaxToolkit: Client = {
  name: 'AJAX toolkit',
  *logins(file) {
    for (const call of file.all('CallExpression')) {
      if (call.callee.type !== 'MemberExpression' || nameOf(call.callee) !== 'login') continue;
      const isToolkit = file.values.of(call.callee.object).some((value) => value.kind === 'global' && value.path.slice(-2).join('.') === 'sforce.connection');
      if (!isToolkit) continue;
      const [username, password, callback] = call.arguments;
      yield {
        kind: 'soap-login',
        library: 'the AJAX toolkit',
        node: call,
        call,
        confidence: 'proof',
        ...(username && { username }),
        ...(password && { password }),
        ...(callback && { callback }),
      };
    }
  },
};
