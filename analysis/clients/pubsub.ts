/**
 * salesforce-pubsub-api-client: `authType: 'username-password'` logs in through SOAP, and gets its token in `connect()` only
 * (5.5.2, `src/utils/auth.js`, `src/client.js`). Up to version 4 the environment says it: `SALESFORCE_AUTH_TYPE`.
 */
import type { FileModel } from '../file';
import { propertyNodes } from '../objects';
import { nameOf } from '../scope';
import type { Node } from '../source';
import type { Value } from '../values';
import { PUBSUB_CLIENTS } from '../vocabulary/libraries';
import type { Client } from './client';

const PUBSUB = 'salesforce-pubsub-api-client';

export const pubsub: Client = {
  name: PUBSUB,
  *logins(file) {
    if (!isUsedIn(file)) return;
    for (const { node, options } of choices(file, isUsernamePassword)) yield { kind: 'soap-login', library: PUBSUB, node, confidence: 'proof', ...credentials(file, options) };
    for (const write of file.all('AssignmentExpression')) {
      const isAuthType = file.values.of(write.left).some((value) => value.kind === 'env' && value.name === 'SALESFORCE_AUTH_TYPE');
      if (isAuthType && file.values.of(write.right).some(isUsernamePassword)) yield { kind: 'soap-login', library: PUBSUB, node: write, confidence: 'proof' };
    }
  },
};

function isUsedIn(file: FileModel): boolean {
  return [...file.modules].some((module) => PUBSUB_CLIENTS.has(module));
}

/** The places that choose a grant for programs without a user. */
export function unattendedClientsIn(file: FileModel): Node[] {
  if (!isUsedIn(file)) return [];
  return [...choices(file, isUnattended)].filter(({ options }) => !file.values.property(options, 'authType')?.some(isUsernamePassword)).map(({ node }) => node);
}

function* choices(file: FileModel, isMeant: (authType: Value) => boolean): Iterable<{ node: Node; options: Node }> {
  for (const made of file.all('NewExpression')) {
    const isClient = file.values.of(made.callee).some((value) => value.kind === 'module' && PUBSUB_CLIENTS.has(value.module));
    const options = made.arguments[0];
    if (isClient && options && file.values.property(options, 'authType')?.some(isMeant)) yield { node: propertyNamed(file, options, 'authType') ?? made, options };
  }
}

function isUnattended(value: Value): boolean {
  if (value.kind === 'literal') return value.value === 'oauth-jwt-bearer' || value.value === 'oauth-client-credentials';
  return value.kind === 'module' && ['OAUTH_JWT_BEARER', 'OAUTH_CLIENT_CREDENTIALS'].includes(value.path.at(-1) ?? '');
}

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
  const [username] = propertyNodes(file, options, 'username');
  const [password] = propertyNodes(file, options, 'password');
  return { ...(username && { username }), ...(password && { password }) };
}
