/** salesforce-pubsub-api-client: `authType: 'username-password'` logs in through SOAP. */
import type { FileModel } from '../file';
import { nameOf } from '../scope';
import type { Node } from '../source';
import type { Value } from '../values';
import { PUBSUB_CLIENTS } from '../vocabulary/libraries';
import type { Client } from './client';

export const pubsub: Client = {
  name: 'salesforce-pubsub-api-client',
  *logins(file) {
    for (const made of file.all('NewExpression')) {
      const isClient = file.values.of(made.callee).some((value) => value.kind === 'module' && PUBSUB_CLIENTS.has(value.module));
      const options = made.arguments[0];
      if (!isClient || !options) continue;
      const chosen = file.values.property(options, 'authType')?.find(isUsernamePassword);
      if (!chosen) continue;
      const node = propertyNamed(file, options, 'authType') ?? made;
      yield { kind: 'soap-login', library: 'salesforce-pubsub-api-client', node, confidence: 'proof', ...credentials(file, options) };
    }
  },
};

function isUsernamePassword(value: Value): boolean {
  if (value.kind === 'literal') return value.value === 'username-password';
  return value.kind === 'module' && value.path.at(-1) === 'USERNAME_PASSWORD';
}

function propertyNamed(file: FileModel, object: Node, name: string): Node | undefined {
  for (const value of file.values.of(object)) {
    if (value.kind !== 'object') continue;
    const property = value.node.properties.find((one) => one.type === 'Property' && nameOf(one) === name);
    if (property) return property;
  }
  return undefined;
}

function credentials(file: FileModel, options: Node): { username?: Node; password?: Node } {
  const username = file.values.property(options, 'username')?.[0]?.node;
  const password = file.values.property(options, 'password')?.[0]?.node;
  return { ...(username && { username }), ...(password && { password }) };
}
