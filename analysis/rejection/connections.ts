/** Connections that are given a token and no way to renew it: jsforce, @salesforce/core. */
import type { TSESTree } from '@typescript-eslint/utils';
import { connectionFlavour } from '../clients/jsforce';
import type { FileModel } from '../file';
import { entriesOf, isSamePlace, propertyNodes } from '../objects';
import { usedAsConnection } from '../salesforce';
import { callOf, functionAround, isFunction, nameOf, variableOf, wrapped } from '../scope';
import type { Node } from '../source';
import { jsforceFlavour, RUNTIME_MODULE } from '../vocabulary/libraries';

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
/** Grants that give no refresh token, and some that may. */
const GRANTS_WITHOUT = new Set(['client_credentials', 'urn:ietf:params:oauth:grant-type:jwt-bearer']);
const OTHER_GRANTS = ['authorization_code', 'refresh_token', 'password'];

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
      if (connection && !isLoggedIn(file, object, call) && !isGivenToRuntime(file, object, call)) found.push(connection);
    } else if (method === 'authorize' && call.arguments[0] && isConnection(file, object)) {
      const grants = propertyNodes(file, call.arguments[0], 'grant_type').flatMap((grant) => file.values.strings(grant));
      // Only a connection that outlives the function it is authorised in meets the end of its token.
      if (grants.some((grant) => GRANTS_WITHOUT.has(grant)) && isShared(file, object, call) && !hasRenewal(file, madeAs(file, object)) && !isGivenToRuntime(file, object, call)) found.push({ node: call, kind: 'authorize' });
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
  const has = (name: string) => hasValue(file, options, name);
  // `oauth2: { oauth2: { … } }` is read as one without a client id.
  const isNested = propertyNodes(file, options, 'oauth2').some((oauth2) => propertyNodes(file, oauth2, 'oauth2').length > 0 && propertyNodes(file, oauth2, 'clientId').length === 0);
  return has('refreshFn') || (has('oauth2') && has('refreshToken') && !isNested);
}

function hasValue(file: FileModel, options: Node, name: string): boolean {
  return propertyNodes(file, options, name).some((value) => !isNothing(file, value));
}

function noteOn(file: FileModel, options: Node): string | undefined {
  const names = new Set(entriesOf(file, options).map(({ name }) => name));
  if (names.has('refreshToken') && names.has('oauth2') && hasValue(file, options, 'refreshToken')) return 'its oauth2 is nested one level too deep';
  if (names.has('refreshToken') && propertyNodes(file, options, 'refreshToken').every((value) => isNothing(file, value))) return 'its refreshToken is always empty';
  if (names.has('refreshToken')) return 'a refreshToken does nothing without oauth2';
  if (names.has('oauth2')) return 'oauth2 does nothing without a refreshToken';
  const nearly = [...names].find((name) => name !== undefined && /^o_?auth_?2?$/i.test(name));
  return nearly === undefined ? undefined : `${nearly} is not an option: it is spelt oauth2`;
}

function isNothing(file: FileModel, node: Node): boolean {
  return file.values.of(node).every((value) => value.kind === 'literal' && !value.value) || isNeverSet(file, node) || isOfGrantWithoutOne(file, node);
}

/** `let refreshToken;`, and no word of it after. */
function isNeverSet(file: FileModel, node: Node): boolean {
  const variable = node.type === 'Identifier' ? variableOf(file.source, node) : undefined;
  const declared = variable?.defs[0]?.node as Node | undefined;
  return variable?.defs.length === 1 && declared?.type === 'VariableDeclarator' && declared.init === null && declared.parent.type === 'VariableDeclaration' && !declared.parent.declare && variable.references.every((reference) => !reference.isWrite());
}

/** `answer.refresh_token` where every grant of the file gives none. */
function isOfGrantWithoutOne(file: FileModel, node: Node): boolean {
  const isAnswer = file.values.of(node).every((value) => value.kind === 'member' && value.name === 'refresh_token' && value.of.kind !== 'parameter');
  if (!isAnswer) return false;
  const isNamed = (grant: string) => file.all('Literal').some(({ value }) => value === grant) || file.all('TemplateElement').some(({ value }) => value.raw.includes(`grant_type=${grant}`));
  return [...GRANTS_WITHOUT].some(isNamed) && !OTHER_GRANTS.some(isNamed);
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
  const isWritten = ['refreshFn', 'refreshToken', 'oauth2', '_refreshDelegate'].some((name) =>
    file.members.named(name).some((member) => member.parent.type === 'AssignmentExpression' && member.parent.left === member && isSamePlace(file, member.object, holder) && !isInOtherBranch(member, made)));
  return isWritten || isLoggedIn(file, holder, made);
}

function isLoggedIn(file: FileModel, holder: Node, made: Node): boolean {
  return ['login', 'loginBySoap', 'loginByOAuth2', 'loginAsync'].some((name) =>
    file.members.named(name).some((member) => callOf(member) !== undefined && isSamePlace(file, member.object, holder) && !isInOtherBranch(member, made)));
}

/** `withJsforce(auth, conn)` of the runtime, after the connection was given its token. */
function isGivenToRuntime(file: FileModel, object: Node, call: Node): boolean {
  if (!file.modules.has(RUNTIME_MODULE)) return false;
  return file.all('CallExpression').some((wrap) =>
    wrap.range[0] > call.range[1] && wrap.arguments.some((argument) => isSamePlace(file, argument, object)) &&
    file.values.of(wrap.callee).some((value) => value.kind === 'module' && value.module === RUNTIME_MODULE));
}

/** Do two nodes stand in the two branches of one `if`, so that no run comes to both? */
function isInOtherBranch(one: Node, other: Node): boolean {
  for (let child = one, parent = one.parent; parent; child = parent, parent = parent.parent) {
    if (parent.type !== 'IfStatement' || parent.test === child || !parent.alternate) continue;
    const across = parent.consequent === child ? parent.alternate : parent.consequent;
    if (across.range[0] <= other.range[0] && other.range[1] <= across.range[1]) return true;
  }
  return false;
}

/** Does a connection outlive the function that authorises it: a field, a variable further out, a value that is returned or kept? */
function isShared(file: FileModel, object: Node, call: Node): boolean {
  if (object.type === 'MemberExpression') return true;
  if (object.type !== 'Identifier') return false;
  const variable = variableOf(file.source, object);
  const declared = variable?.defs[0];
  const inside = functionAround(call);
  if (!variable || !declared || (declared.type as string) !== 'Variable') return false;
  const home = functionAround(declared.node as Node);
  if (inside && home !== inside) return !isCallbackOf(inside, home);
  if ((declared.node.parent as Node | undefined)?.parent?.type === 'ExportNamedDeclaration') return true;
  // At the top of the file: what its functions use. In a function: what leaves it.
  if (!inside && variable.references.some(({ identifier }) => isFunctionOfItsOwn(functionAround(identifier as Node)))) return true;
  return variable.references.some((reference) => reference.isRead() && isGivenAway(reference.identifier as Node));
}

function isFunctionOfItsOwn(fn: Node | undefined): boolean {
  return fn !== undefined && fn.parent?.type !== 'CallExpression';
}

/** `return conn`, `cached = conn`, `this.conn = conn`, `export { conn }`, `module.exports = { conn }`. */
function isGivenAway(read: Node): boolean {
  let node = wrapped(read);
  if (node.parent?.type === 'Property' && node.parent.value === node && node.parent.parent.type === 'ObjectExpression') node = wrapped(node.parent.parent);
  const { parent } = node;
  return parent?.type === 'ReturnStatement' || parent?.type === 'ExportSpecifier' || parent?.type === 'ExportDefaultDeclaration' || (parent?.type === 'AssignmentExpression' && parent.right === node);
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
