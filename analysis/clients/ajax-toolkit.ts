/** The AJAX toolkit: `sforce.connection.login(username, password)` in a page, and calls on the session that its code sets. */
import type { FileModel } from '../file';
import { nameOf } from '../scope';
import type { Node } from '../source';
import type { Client } from './client';

/** Its calls that send a request. */
const CALLS = [
  'query', 'queryAll', 'queryMore', 'search', 'retrieve', 'create', 'update', 'upsert', 'deleteIds', 'undelete', 'merge', 'process', 'convertLead', 'emptyRecycleBin', 'sendEmail',
  'describeGlobal', 'describeSObject', 'describeSObjects', 'describeLayout', 'describeTabs', 'getUserInfo', 'getUpdated', 'getDeleted', 'getServerTimestamp', 'execute',
];

export const ajaxToolkit: Client = {
  name: 'AJAX toolkit',
  *logins(file) {
    for (const call of file.methodCalls.named('login')) {
      if (!isToolkit(file, call.callee.object, 'connection')) continue;
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
  *sessionCalls(file) {
    if (!/\bsforce\b/.test(file.source.text)) return;
    // A page that sets none runs on its user's own session, which the page cannot renew.
    const sessions = sessionsOf(file);
    if (sessions.length === 0) return;
    for (const call of file.methodCalls.named(...CALLS)) {
      const part = nameOf(call.callee) === 'execute' ? 'apex' : 'connection';
      if (isToolkit(file, call.callee.object, part)) yield { library: 'AJAX toolkit', node: call, sessions };
    }
  },
};

function isToolkit(file: FileModel, object: Node, part: 'connection' | 'apex'): boolean {
  return file.values.of(object).some((value) => value.kind === 'global' && value.path.slice(-2).join('.') === `sforce.${part}`);
}

/** `sforce.connection.sessionId = …`, `.init(session, url)` and `.login(…)`. */
function sessionsOf(file: FileModel): Node[] {
  const members = ['sessionId', 'init', 'login'].flatMap((name) => file.members.named(name)).filter((member) => isToolkit(file, member.object, 'connection'));
  return members.flatMap(({ parent }, index): Node[] => {
    const isPlace = parent.type === 'AssignmentExpression' ? parent.left === members[index] : parent.type === 'CallExpression' && parent.callee === members[index];
    return isPlace ? [parent] : [];
  });
}
