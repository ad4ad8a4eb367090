/** nforce and nforce8: `org.authenticate({ username, password })` is the OAuth password grant; calls renew a session with `autoRefresh` only. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { isSamePlace, propertyNodes } from '../objects';
import { keyOf } from '../salesforce';
import { callOf } from '../scope';
import type { Confidence } from '../shapes';
import type { Node } from '../source';
import type { Value } from '../values';
import { isLocalModule, NFORCE } from '../vocabulary/libraries';
import type { Client } from './client';

/** Methods that send a request on a session (nforce `index.js`). */
const CALLS = [
  'query', 'queryAll', 'search', 'insert', 'update', 'upsert', 'delete', 'getRecord', 'getBody', 'getAttachmentBody', 'getDocumentBody', 'getContentVersionBody',
  'getContentVersionData', 'getUrl', 'putUrl', 'postUrl', 'deleteUrl', 'apexRest', 'getIdentity', 'getResources', 'getSObjects', 'getMetadata', 'getDescribe', 'getLimits',
  'getPasswordStatus', 'updatePassword',
];

export const nforce: Client = {
  name: 'nforce',
  *logins(file) {
    for (const call of file.methodCalls.named('authenticate')) {
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
      const { library, confidence } = org;
      yield { kind: 'password-grant', library, node: call, call, confidence, username, password, connection: call.callee.object };
    }
  },
  *sessionCalls(file) {
    if (![...file.modules].some((module) => NFORCE.has(module))) return;
    for (const call of file.methodCalls.named(...CALLS)) {
      const { object } = call.callee;
      const options = orgBehind(file, object)?.options;
      if (!options || mayRenew(file, options)) continue;
      const token = sessionGiven(file, call);
      if (token) yield { library: 'nforce', node: call, token, sessions: [] };
      // Without one, only the single-user mode finds the session: the last that the connection was given.
      else if (!file.values.property(options, 'mode')?.some(isMulti)) yield { library: 'nforce', node: call, sessions: sessionsOf(file, object, options) };
    }
  },
};

/** Has a connection `autoRefresh`, or options that may say so? */
function mayRenew(file: FileModel, options: Node): boolean {
  const shapes = file.values.of(options);
  if (shapes.some((value) => value.kind !== 'object' || !file.values.isWhole(value.node))) return true;
  return file.values.property(options, 'autoRefresh')?.some((value) => value.kind !== 'literal' || Boolean(value.value)) ?? false;
}

function isMulti(value: Value): boolean {
  return value.kind === 'literal' && String(value.value).toLowerCase() === 'multi';
}

/** `{ oauth }` of the options; in versions before 1.0 the second argument. */
function sessionGiven(file: FileModel, call: TSESTree.CallExpression): Node | undefined {
  const [options, second] = call.arguments;
  const given = options && propertyNodes(file, options, 'oauth')[0];
  return given ?? (second && /oauth/i.test(keyOf(second) ?? '') ? second : undefined);
}

/** `org.authenticate(…)`, `org.oauth = …`, `org.setOAuth(…)`, and `oauth` in the options. */
function sessionsOf(file: FileModel, org: Node, options: Node): Node[] {
  const places = ['authenticate', 'setOAuth', 'refreshToken', 'oauth'].flatMap((name) => file.members.named(name)).filter((member) => isSamePlace(file, member.object, org));
  return [...places.flatMap((member): Node[] => {
    const parent: Node | undefined = member.parent;
    if (parent?.type === 'AssignmentExpression') return parent.left === member ? [parent] : [];
    return callOf(member) ? [callOf(member)!] : [];
  }), ...propertyNodes(file, options, 'oauth')];
}

interface Org {
  library: 'nforce' | 'nforce8';
  confidence: Confidence;
  options: Node | undefined;
}

function orgBehind(file: FileModel, object: Node): Org | undefined {
  for (const value of file.values.of(object)) {
    if (value.kind === 'result' && isCreateConnection(value.of)) {
      const library = value.of.kind === 'module' && value.of.module === 'nforce8' ? 'nforce8' : 'nforce';
      return { library, confidence: 'proof', options: value.call.arguments[0] };
    }
    const origin = value.kind === 'result' ? value.of : value;
    const unknown = origin.kind === 'parameter' || (origin.kind === 'module' && isLocalModule(origin.module)) || origin.kind === 'member';
    if (!unknown || !/\bnforce8?\b/.test(file.source.text)) continue;
    const library = /\bnforce8\b/.test(file.source.text) ? 'nforce8' : 'nforce';
    // Of a copy of the library, or a module around it, the options are those that it is given.
    const isMade = value.kind === 'result' && origin.kind === 'module' && origin.path.at(-1) === 'createConnection';
    if (!isMade) return { library, confidence: 'evidence', options: undefined };
    const options = value.call.arguments[0];
    const has = (name: string) => options !== undefined && file.values.property(options, name) !== undefined;
    // The two that nforce insists on: who gives them makes a connection of nforce.
    return { library, confidence: has('clientId') && has('redirectUri') ? 'proof' : 'evidence', options };
  }
  return undefined;
}

export function isCreateConnection(value: Value): boolean {
  return value.kind === 'module' && NFORCE.has(value.module) && value.path.at(-1) === 'createConnection';
}
