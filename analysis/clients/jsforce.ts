/** jsforce 1.x to 3.x, @jsforce/jsforce-node and node-salesforce: connections, and what their `login` really does. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { couldBeConnection, looksLikeCredentials } from '../salesforce';
import { contains, isClass, nameOf } from '../scope';
import type { Confidence, Login } from '../shapes';
import type { Node } from '../source';
import { typesOf } from '../types';
import type { Value } from '../values';
import { DEFAULT_API_VERSION, isLocalModule, jsforceFlavour, type JsforceFlavour } from '../vocabulary/libraries';
import type { Client } from './client';

/** Methods that take a username and a password, and the grant that a name alone decides. */
const LOGIN_METHODS = new Map<string, 'soap-login' | 'password-grant' | 'either'>([
  ['login', 'either'],
  ['loginAsync', 'either'],
  ['loginBySoap', 'soap-login'],
  ['loginBySoapAsync', 'soap-login'],
  ['loginByOAuth2', 'password-grant'],
  ['loginByOAuth2Async', 'password-grant'],
]);

interface Receiver {
  confidence: Confidence;
  flavour?: JsforceFlavour;
  /** What each known construction of the connection was given; empty when none is in the file. */
  options: (Node | undefined)[];
}

export const jsforce: Client = {
  name: 'jsforce',
  *logins(file) {
    for (const method of LOGIN_METHODS.keys()) for (const call of file.methodCalls.named(method)) yield* connectionLogin(file, call, call.callee.object, method);
    for (const call of file.methodCalls.named('authenticate', 'authenticateAsync')) yield* oauth2Authenticate(file, call, call.callee.object);
    for (const call of file.functionCalls.where((name) => /log_?in|sign_?in|auth/i.test(name))) yield* aliasedLogin(file, call, call.callee);
  },
};

function* connectionLogin(file: FileModel, call: TSESTree.CallExpression, object: Node, method: string): Iterable<Login> {
  if (call.arguments.length === 0) return;
  const receiver = connectionBehind(file, call, object);
  if (receiver) yield login(file, call, receiver, method, object as TSESTree.Expression);
}

/** `const login = conn.login.bind(conn)`, `promisify(conn.login)`, `const { login } = conn`. */
function* aliasedLogin(file: FileModel, call: TSESTree.CallExpression, callee: TSESTree.Identifier): Iterable<Login> {
  if (call.arguments.length < 2) return;
  for (const value of file.values.of(callee)) {
    if (value.kind !== 'member' || !LOGIN_METHODS.has(value.name) || value.of.kind !== 'instance') continue;
    const flavour = connectionFlavour(value.of.of);
    if (!flavour) continue;
    yield login(file, call, { confidence: 'proof', flavour, options: [value.of.call?.arguments[0]] }, value.name, undefined);
    return;
  }
}

function login(file: FileModel, call: TSESTree.CallExpression, receiver: Receiver, method: string, connection: TSESTree.Expression | undefined): Login {
  const grant = LOGIN_METHODS.get(method)!;
  const chosen = grant === 'either' ? grantOf(file, call, receiver) : { kind: grant };
  const [username, password, callback] = call.arguments;
  const version = apiVersion(file, receiver);
  return {
    library: receiver.flavour ?? 'jsforce',
    node: call,
    call,
    confidence: receiver.confidence,
    ...chosen,
    ...(connection && { connection }),
    ...(username && { username }),
    ...(password && { password }),
    ...(callback && { callback }),
    ...(version !== undefined && { apiVersion: version }),
  };
}

// ---- is this object a connection? ----

function connectionBehind(file: FileModel, call: TSESTree.CallExpression, object: Node): Receiver | undefined {
  const options: (Node | undefined)[] = [];
  let flavour: JsforceFlavour | undefined;
  let traced = false;
  let open = false;
  for (const value of file.values.of(object)) {
    const refreshed = value.kind === 'parameter' ? madeWithRefresh(file, value) : undefined;
    const found = connectionFlavour(value.kind === 'instance' || value.kind === 'result' ? value.of : value.kind === 'this' && isClass(value.owner) ? { kind: 'class', node: value.owner } : refreshed?.of, file);
    if (found) {
      traced = true;
      flavour ??= found;
      const made = refreshed ?? value;
      if (made.kind === 'instance' && made.call) options.push(optionsArgument(file, made));
    } else if (isOpen(value)) {
      open = true;
    }
  }
  if (traced) return { confidence: 'proof', options, ...(flavour && { flavour }) };
  if (!open) return undefined;
  const types = typesOf(file.source, object);
  if (types.length > 0 && types[0]!.name !== '__type' && types[0]!.name !== 'any') {
    const typed = types.some(({ name, files }) => name === 'Connection' && files.some((path) => /[/\\](?:@jsforce[/\\]jsforce-node|jsforce|@types[/\\]jsforce|node-salesforce)[/\\]/.test(path)));
    return typed ? { confidence: 'proof', options } : undefined;
  }
  return looksLikeCredentials(file, call) && couldBeConnection(file, object) ? { confidence: 'evidence', options } : undefined;
}

/** The connection whose `refreshFn` has a parameter first: that is what it is called with. */
function madeWithRefresh(file: FileModel, { of: fn, node }: Extract<Value, { kind: 'parameter' }>): Extract<Value, { kind: 'instance' }> | undefined {
  const [first] = fn.params;
  if (!first || !contains(first, node)) return undefined;
  const property = fn.parent;
  if (property.type !== 'Property' || nameOf(property) !== 'refreshFn') return undefined;
  const made = property.parent.parent;
  const value = made?.type === 'NewExpression' ? file.values.of(made)[0] : undefined;
  return value?.kind === 'instance' ? value : undefined;
}

/** The trail ended without saying what the object is, so it may be a connection. */
function isOpen(value: Value): boolean {
  switch (value.kind) {
    case 'parameter':
    case 'unknown':
    case 'this':
      return true;
    case 'literal':
      return value.value === null || value.value === undefined;
    case 'module':
      return isLocalModule(value.module);
    case 'global':
      return value.path[0] !== 'jsforce' && value.path[0] !== 'sforce';
    case 'member':
      // A member of jsforce itself is known, and no connection: `jsforce.browser`.
      return value.of.kind !== 'module' || isLocalModule(value.of.module);
    case 'result':
    case 'instance':
      return isOpen(value.of) && value.of.kind !== 'literal';
    default:
      return false;
  }
}

/** The library that a constructor or factory belongs to, when what it makes is a jsforce connection. */
export function connectionFlavour(maker: Value | undefined, file?: FileModel, depth = 0): JsforceFlavour | undefined {
  if (maker?.kind === 'module') {
    const flavour = jsforceFlavour(maker.module);
    if (!flavour) return undefined;
    const last = maker.path.at(-1);
    const isDeepConnection = /\/connection$/.test(maker.module) && maker.path.length === 0;
    // `Connection.create()` is @salesforce/core's constructor.
    const isCreated = last === 'create' && maker.path.at(-2) === 'Connection';
    return last === 'Connection' || isCreated || isDeepConnection ? flavour : undefined;
  }
  if (maker?.kind === 'global') return maker.path.join('.') === 'jsforce.Connection' ? 'jsforce' : undefined;
  if (maker?.kind === 'class' && maker.node.superClass && file && depth < 5) {
    // A class with a `login` of its own decides itself what that does.
    if (maker.node.body.body.some((element) => nameOf(element) === 'login')) return undefined;
    for (const parent of file.values.of(maker.node.superClass)) {
      const found = connectionFlavour(parent, file, depth + 1);
      if (found) return found;
    }
  }
  return undefined;
}

function optionsArgument(file: FileModel, value: Extract<Value, { kind: 'instance' }>): Node | undefined {
  if (value.of.kind !== 'class') return value.call?.arguments[0];
  // A subclass hands its options to `super(…)`.
  const superCall = file.all('CallExpression').find((call) => call.callee.type === 'Super' && value.of.kind === 'class' && contains(value.of.node, call));
  return superCall?.arguments[0];
}

// ---- SOAP, or the password grant? ----

/**
 * `login` is the OAuth password grant when the connection has `oauth2` with both a client id and a client secret, and
 * SOAP otherwise (jsforce `src/connection.ts`, `login`). Ids at the top level of the options count in 1.x only.
 */
function grantOf(file: FileModel, call: TSESTree.CallExpression, receiver: Receiver): Pick<Login, 'kind' | 'note'> {
  const grants = receiver.options.map((options) => grantOfOptions(file, call, receiver, options));
  const soap = grants.find((grant) => grant.kind === 'soap-login');
  if (soap && grants.some((grant) => grant.kind === 'password-grant')) {
    return { kind: 'soap-login', note: 'the connection is built in several places, and in one of them with oauth2, which makes it the password grant' };
  }
  return soap ?? grants[0] ?? { kind: 'soap-login' };
}

function grantOfOptions(file: FileModel, call: TSESTree.CallExpression, receiver: Receiver, options: Node | undefined): Pick<Login, 'kind' | 'note'> {
  if (!options) return { kind: 'soap-login' };
  const oauth2 = file.values.property(options, 'oauth2');
  if (oauth2?.some(isPresent)) {
    if (receiver.flavour === 'node-salesforce') return { kind: 'password-grant' };
    const shapes = oauth2.filter(isPresent).map((value) => idsOf(file, value));
    if (shapes.includes('both')) return { kind: 'password-grant' };
    if (shapes.includes('unknown')) return { kind: 'password-grant', note: 'its oauth2 options come from elsewhere; with a client id and secret in them this is the password grant' };
    return { kind: 'soap-login', note: shapes.includes('id only') ? 'oauth2 has a clientId and no clientSecret, so this is still SOAP' : 'oauth2 names no clientId and clientSecret, so this is still SOAP' };
  }
  for (const value of file.values.of(options)) {
    if (value.kind !== 'object' || idsOf(file, value) !== 'both') continue;
    // Callbacks died with 1.x, so code that passes one runs on it.
    if (call.arguments.length > 2 && receiver.flavour === 'jsforce') return { kind: 'password-grant' };
    return { kind: 'soap-login', note: 'clientId and clientSecret outside oauth2 count in jsforce 1.x only; on later versions this is SOAP' };
  }
  return { kind: 'soap-login' };
}

function isPresent(value: Value): boolean {
  return value.kind !== 'literal' || Boolean(value.value);
}

/** Which of the two ids an `oauth2` value carries: an object, `new OAuth2({…})`, or something from elsewhere. */
function idsOf(file: FileModel, value: Value): 'both' | 'id only' | 'neither' | 'unknown' {
  if (value.kind === 'instance') {
    const argument = value.call?.arguments[0];
    if (!argument) return 'unknown';
    const inner = file.values.of(argument).map((one) => idsOf(file, one));
    return inner.find((ids) => ids === 'both') ?? inner[0] ?? 'unknown';
  }
  if (value.kind !== 'object') return 'unknown';
  const has = (name: string) => file.values.property(value.node, name)?.some(isPresent) ?? false;
  if (has('clientId') && has('clientSecret')) return 'both';
  if (!file.values.isWhole(value.node)) return 'unknown';
  return has('clientId') ? 'id only' : 'neither';
}

function apiVersion(file: FileModel, receiver: Receiver): number | undefined {
  const numbers = receiver.options.flatMap((options) => versionsIn(file, receiver.flavour, options));
  return numbers.length > 0 && numbers.every((number) => number === numbers[0]) && Number.isFinite(numbers[0]) ? numbers[0] : undefined;
}

/** The API versions that one construction can mean; NaN where it takes one from elsewhere, none where any will do. */
function versionsIn(file: FileModel, flavour: JsforceFlavour | undefined, options: Node | undefined): number[] {
  const given = options && file.values.property(options, 'version');
  if (given) return given.map((value) => (value.kind === 'literal' ? Number.parseFloat(String(value.value)) : NaN));
  const byDefault = flavour && DEFAULT_API_VERSION[flavour];
  if (byDefault === undefined) return [];
  const isShown = !options || file.values.of(options).every((value) => value.kind === 'object' && file.values.isWhole(value.node));
  return [isShown ? byDefault : NaN];
}

// ---- oauth2.authenticate(username, password) ----

function* oauth2Authenticate(file: FileModel, call: TSESTree.CallExpression, object: Node): Iterable<Login> {
  const [username, password, callback] = call.arguments;
  if (!username || !password || username.type === 'ObjectExpression' || password.type.includes('Function')) return;
  for (const value of file.values.of(object)) {
    const isOAuth2 = value.kind === 'instance' && value.of.kind === 'module' && jsforceFlavour(value.of.module) !== undefined && value.of.path.at(-1) === 'OAuth2';
    const ofConnection = value.kind === 'member' && value.name === 'oauth2' && value.of.kind === 'instance' && connectionFlavour(value.of.of, file) !== undefined;
    if (!isOAuth2 && !ofConnection) continue;
    yield { kind: 'password-grant', library: 'jsforce', node: call, call, confidence: 'proof', username, password, connection: object as TSESTree.Expression, ...(callback && { callback }) };
    return;
  }
}
