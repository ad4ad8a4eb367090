/** Connections that are given a token and no way to renew it: jsforce, @salesforce/core. */
import type { TSESTree } from '@typescript-eslint/utils';
import { connectionFlavour } from './clients/jsforce';
import type { FileModel } from './file';
import { entriesOf, isSamePlace, propertyNodes } from './objects';
import { usedAsConnection } from './salesforce';
import { functionAround, isFunction, nameOf } from './scope';
import type { Node } from './source';
import { jsforceFlavour } from './vocabulary/libraries';

export interface TokenConnection {
  /** The call that makes the connection or gives it the token. */
  node: TSESTree.CallExpression | TSESTree.NewExpression;
  kind: 'connection' | 'initialize' | 'authorize' | 'AuthInfo';
  /** The token, where one is given. */
  token?: Node;
  /** What looks like a way to renew the token and is none. */
  note?: string;
}

const TOKENS = ['accessToken', 'sessionId'] as const;
const CANNOT_RENEW = /^(?:client_credentials|urn:ietf:params:oauth:grant-type:jwt-bearer)$/;

/** Every connection of a file that ends with the token it is given. */
export function tokenConnectionsIn(file: FileModel): TokenConnection[] {
  const found: TokenConnection[] = [];
  for (const made of file.all('NewExpression')) {
    // The browser's global jsforce runs on the session of the page it is in, which nothing can renew from there.
    const flavour = file.values.of(made.callee).map((value) => (value.kind === 'global' ? undefined : connectionFlavour(value, file))).find((one) => one !== undefined);
    const connection = flavour && bare(file, made, made.arguments[0], 'connection');
    if (connection && !isRenewedLater(file, made)) found.push(connection);
  }
  for (const call of file.all('CallExpression')) {
    if (call.callee.type !== 'MemberExpression') continue;
    const method = nameOf(call.callee);
    const object = call.callee.object;
    if (method === 'initialize' && isConnection(file, object)) {
      const connection = hasRenewal(file, madeAs(file, object)) ? undefined : bare(file, call, call.arguments[0], 'initialize');
      if (connection && !isLoggedIn(file, object)) found.push(connection);
    } else if (method === 'authorize' && call.arguments[0] && isConnection(file, object)) {
      const grants = propertyNodes(file, call.arguments[0], 'grant_type').flatMap((grant) => file.values.strings(grant));
      // Only a connection that outlives the function it is authorised in meets the end of its token.
      if (grants.some((grant) => CANNOT_RENEW.test(grant)) && isShared(file, object, call) && !hasRenewal(file, madeAs(file, object))) found.push({ node: call, kind: 'authorize' });
    } else if (method === 'create' && isAuthInfo(file, object)) {
      const given = call.arguments[0] && propertyNodes(file, call.arguments[0], 'accessTokenOptions')[0];
      const token = given && propertyNodes(file, given, 'accessToken')[0];
      if (token) found.push({ node: call, kind: 'AuthInfo', token });
    }
  }
  return found;
}

/** A connection whose options hold a token and nothing that can renew it; undefined where they may hold more than is shown. */
function bare(file: FileModel, node: TokenConnection['node'], options: Node | undefined, kind: TokenConnection['kind']): TokenConnection | undefined {
  if (!options || options.type === 'SpreadElement') return undefined;
  const shapes = file.values.of(options);
  if (!shapes.some((value) => value.kind === 'object') || shapes.some((value) => value.kind === 'object' && !file.values.isWhole(value.node))) return undefined;
  const token = propertyNodes(file, options, ...TOKENS)[0];
  if (!token || isNothing(file, token) || hasRenewal(file, options)) return undefined;
  const note = noteOn(file, options);
  return { node, kind, token, ...(note !== undefined && { note }) };
}

/** `refreshFn`, or `oauth2` together with a refresh token. */
function hasRenewal(file: FileModel, options: Node | undefined): boolean {
  if (!options) return false;
  const has = (name: string) => propertyNodes(file, options, name).some((value) => !isNothing(file, value));
  return has('refreshFn') || (has('oauth2') && has('refreshToken'));
}

function noteOn(file: FileModel, options: Node): string | undefined {
  const names = new Set(entriesOf(file, options).map(({ name }) => name));
  if (names.has('refreshToken') && propertyNodes(file, options, 'refreshToken').every((value) => isNothing(file, value))) return 'its refreshToken is always empty';
  if (names.has('refreshToken')) return 'a refreshToken does nothing without oauth2';
  if (names.has('oauth2')) return 'oauth2 does nothing without a refreshToken';
  const nearly = [...names].find((name) => name !== undefined && /^o_?auth_?2?$/i.test(name));
  return nearly === undefined ? undefined : `${nearly} is not an option: it is spelt oauth2`;
}

function isNothing(file: FileModel, node: Node): boolean {
  return file.values.of(node).every((value) => value.kind === 'literal' && !value.value);
}

function isConnection(file: FileModel, object: Node): boolean {
  return file.values.of(object).some((value) => value.kind === 'instance' && connectionFlavour(value.of, file) !== undefined) ||
    ([...file.modules].some((module) => jsforceFlavour(module)) && usedAsConnection(file, object));
}

function isAuthInfo(file: FileModel, object: Node): boolean {
  return file.values.of(object).some((value) => value.kind === 'module' && jsforceFlavour(value.module) === '@salesforce/core' && value.path.at(-1) === 'AuthInfo');
}

function madeAs(file: FileModel, object: Node): Node | undefined {
  for (const value of file.values.of(object)) if (value.kind === 'instance' && value.call?.arguments[0]) return value.call.arguments[0];
  return undefined;
}

/** The variable or field that a connection is kept in. */
function holderOf(made: Node): Node | undefined {
  const parent = made.parent;
  if (parent?.type === 'VariableDeclarator') return parent.id;
  return parent?.type === 'AssignmentExpression' ? parent.left : undefined;
}

/** Is the connection given a way to renew after it is made: `conn.login(…)`, `conn.oauth2 = …`, `conn.refreshToken = …`? */
function isRenewedLater(file: FileModel, made: Node): boolean {
  const holder = holderOf(made);
  if (!holder) return false;
  const writes = file.all('AssignmentExpression').some(({ left }) => left.type === 'MemberExpression' && /^(?:refreshFn|refreshToken|oauth2|_refreshDelegate)$/.test(nameOf(left) ?? '') && isSamePlace(file, left.object, holder));
  return writes || isLoggedIn(file, holder);
}

function isLoggedIn(file: FileModel, holder: Node): boolean {
  return file.all('CallExpression').some(({ callee }) => callee.type === 'MemberExpression' && /^login/.test(nameOf(callee) ?? '') && isSamePlace(file, callee.object, holder));
}

/** Does a connection outlive the function that authorises it: a field, a variable further out, a value that is returned? */
function isShared(file: FileModel, object: Node, call: Node): boolean {
  if (object.type === 'MemberExpression') return true;
  if (object.type !== 'Identifier') return false;
  const inside = functionAround(call);
  if (!inside) return file.source.text.includes('export') && isExportedName(file, object.name);
  for (const value of file.values.of(object)) {
    if (value.kind === 'instance' && value.call) return functionAround(value.call) !== inside && !isCallbackOf(inside, functionAround(value.call));
  }
  return false;
}

/** Is a function a callback written inside another, and so part of its run? */
function isCallbackOf(inner: Node, outer: Node | undefined): boolean {
  for (let fn: Node | undefined = inner; isFunction(fn) && fn.parent?.type === 'CallExpression'; ) {
    const next: Node | undefined = functionAround(fn);
    if (next === outer && outer !== undefined) return true;
    fn = next;
  }
  return false;
}

function isExportedName(file: FileModel, name: string): boolean {
  return file.all('ExportNamedDeclaration').some((statement) => file.source.getText(statement.declaration ?? statement).includes(name)) ||
    file.all('AssignmentExpression').some(({ left, right }) => /exports/.test(file.source.getText(left as never)) && file.source.getText(right as never).includes(name));
}
