/** nforce and nforce8: `org.authenticate({ username, password })` is the OAuth password grant. */
import type { FileModel } from '../file';
import { nameOf } from '../scope';
import type { Node } from '../source';
import type { Value } from '../values';
import { isLocalModule, NFORCE } from '../vocabulary/libraries';
import type { Client } from './client';

export const nforce: Client = {
  name: 'nforce',
  *logins(file) {
    for (const call of file.all('CallExpression')) {
      if (call.callee.type !== 'MemberExpression' || nameOf(call.callee) !== 'authenticate') continue;
      const org = orgBehind(file, call.callee.object);
      if (!org) continue;
      const [options] = call.arguments;
      const given = (name: string) => (options ? file.values.property(options, name)?.[0]?.node : undefined);
      // A code or a SAML assertion is another grant; what the call leaves out, the connection fills in.
      if (given('code') || given('assertion')) continue;
      const property = (name: string) => given(name) ?? (org.options && file.values.property(org.options, name)?.[0]?.node);
      const username = property('username');
      const password = property('password');
      if (!username || !password) continue;
      yield { kind: 'password-grant', library: 'nforce', node: call, call, confidence: org.confidence, username, password };
    }
  },
};

function orgBehind(file: FileModel, object: Node): { confidence: 'proof' | 'evidence'; options: Node | undefined } | undefined {
  for (const value of file.values.of(object)) {
    if (value.kind === 'result' && isCreateConnection(value.of)) return { confidence: 'proof', options: value.call.arguments[0] };
    const origin = value.kind === 'result' ? value.of : value;
    const unknown = origin.kind === 'parameter' || (origin.kind === 'module' && isLocalModule(origin.module)) || origin.kind === 'member';
    if (unknown && /\bnforce8?\b/.test(file.source.text)) return { confidence: 'evidence', options: undefined };
  }
  return undefined;
}

export function isCreateConnection(value: Value): boolean {
  return value.kind === 'module' && NFORCE.has(value.module) && value.path.at(-1) === 'createConnection';
}
