/** What each library's requests are sent through to become refresh-aware: the smallest change that does it. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel, HeldToken, HttpCall } from '../../analysis';
import { propertyNodes } from '../../analysis/objects';
import { callOf, nameOf, unwrap, variableOf, wrapped } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { listAround } from '../../edits';
import { onlyTheirs } from './fetch-packages';
import { beyondSuperagent } from './superagent';

/** Functions of the runtime that make a client refresh-aware. */
export type Wrapper = 'withAxios' | 'withGot' | 'withJsforce' | 'withRequest' | 'withRequestRetry' | 'withSuperagent';

export type Sender =
  /** `fetch(…)` becomes `salesforce.fetch(…)`. */
  | { kind: 'fetch'; call: TSESTree.CallExpression }
  /** `new GraphQLClient(url, { fetch: salesforce.fetch })` */
  | { kind: 'fetch option'; options: TSESTree.ObjectExpression }
  /** What makes the client is wrapped: `withAxios(salesforce, axios.create(…))`. */
  | { kind: 'maker'; wrapper: Wrapper; made: Node }
  /** The connection gets it behind the statement that gives it a token: `withJsforce(salesforce, conn)`. */
  | { kind: 'behind'; wrapper: Wrapper; statement: Node; client: Node }
  /** The library itself is changed once, below its import: `withAxios(salesforce, axios)`. */
  | { kind: 'library'; wrapper: Wrapper; binding: TSESTree.Identifier }
  /** The library is wrapped once, below its import, and these calls use the result: `salesforceRequest(…)`. */
  | { kind: 'copy'; wrapper: Wrapper; binding: TSESTree.Identifier; use: TSESTree.Identifier };

export interface Refusal {
  reason: string;
  next: string;
}

/** How the requests of a place are to be sent, or why no way is safe. */
export function senderOf(file: FileModel, { request, connection, sessionCall }: HeldToken): Sender | Refusal {
  if (connection) {
    const given = connection.kind === 'initialize' || connection.kind === 'authorize' ? initialized(connection.node) : undefined;
    if (given) return given;
    if (connection.kind !== 'connection') return refuse(`the token is given to a connection by ${connection.kind}`, 'Call withJsforce(salesforce, conn) of salesforce-auth-client on the connection after it');
    return { kind: 'maker', wrapper: 'withJsforce', made: connection.node };
  }
  if (sessionCall?.library === 'nforce') return refuse('nforce sends it', 'Log the org in with withNforce(salesforce, org) of salesforce-auth-client and pass the oauth object that it resolves to');
  if (sessionCall) return refuse('it runs in a page, on the session of its user', 'Look for INVALID_SESSION_ID in the failure callback and send the user to log in again');
  if (!request) return refuse('it is sent in a way that is not known', SEND);
  const sent = request.through ?? request;
  switch (sent.library) {
    case 'axios':
      return throughLibrary(file, sent, AXIOS);
    case 'request':
      return requested(file, sent);
    case 'superagent': {
      const reason = beyondSuperagent(file, sent);
      return reason === undefined ? throughLibrary(file, sent, SUPERAGENT) : refuse(reason, SEND);
    }
    case 'got':
      return isOldGot(file, sent) ? refuse('require() gives got before version 12, which has no refresh-aware form', SEND) : throughLibrary(file, sent, GOT);
    case 'graphql-request':
      return graphql(sent);
    default:
      return FETCHES.has(sent.library) ? fetched(file, sent) : refuse(`${sent.library} has no refresh-aware form`, SEND);
  }
}

/** `conn.initialize({ … })` or `await conn.authorize({ … })` as a statement of its own, on a connection that has a name. */
function initialized(call: Node): Sender | undefined {
  const isAwaited = call.parent?.type === 'AwaitExpression';
  const isAuthorized = call.type === 'CallExpression' && nameOf(call.callee) === 'authorize';
  if (isAuthorized !== isAwaited) return undefined;
  const parent = isAwaited ? call.parent?.parent : call.parent;
  if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression' || call.callee.optional || parent?.type !== 'ExpressionStatement' || !listAround(parent)) return undefined;
  let root: Node = call.callee.object;
  while (root.type === 'MemberExpression' && !root.computed && !root.optional) root = root.object;
  return root.type === 'Identifier' || root.type === 'ThisExpression' ? { kind: 'behind', wrapper: 'withJsforce', statement: parent, client: call.callee.object } : undefined;
}

const SEND = 'Send it with salesforce.fetch() of salesforce-auth-client, which takes what fetch() takes and needs no Authorization header';
const STREAM = 'Stream it with salesforce.fetch() of salesforce-auth-client: the body of its answer is a stream';

const refuse = (reason: string, next: string): Refusal => ({ reason, next });

interface Library {
  wrapper: Wrapper;
  modules: ReadonlySet<string>;
  /** Does the wrapper change the library itself, so that its calls stay as they are? */
  inPlace: boolean;
}

const AXIOS: Library = { wrapper: 'withAxios', modules: new Set(['axios']), inPlace: true };
const GOT: Library = { wrapper: 'withGot', modules: new Set(['got', 'got-cjs']), inPlace: false };
const REQUEST: Library = {
  wrapper: 'withRequest',
  modules: new Set(['request', 'request-promise', 'request-promise-native', 'request-promise-any', '@cypress/request', 'postman-request']),
  inPlace: false,
};
/** It sends through request, and again by rules of its own: the token comes in below them. */
const REQUEST_RETRY: Library = { wrapper: 'withRequestRetry', modules: new Set(['requestretry']), inPlace: true };
const SUPERAGENT: Library = { wrapper: 'withSuperagent', modules: new Set(['superagent']), inPlace: false };

/** A client that the file makes is wrapped where it is made; the library's own functions, below the import. */
function throughLibrary(file: FileModel, sent: HttpCall, { wrapper, modules, inPlace }: Library): Sender | Refusal {
  if (sent.role === 'client') return { kind: 'maker', wrapper, made: sent.node };
  if (sent.madeBy) return { kind: 'maker', wrapper, made: sent.madeBy.node };
  const elsewhere = refuse('the client that sends it is made elsewhere', `Make that client refresh-aware where it is made: ${wrapper}(salesforce, client) of salesforce-auth-client`);
  if (sent.client) return elsewhere;
  const use = rootOf(sent.call.callee);
  const isTheirs = use && file.values.of(use).some((value) => value.kind === 'module' && modules.has(value.module));
  if (!use || !isTheirs) return elsewhere;
  const binding = moduleBinding(file, use);
  if (!binding) return refuse('the library is not loaded as a whole at the top of the file', `Load it there, and make it refresh-aware: ${wrapper}(salesforce, …) of salesforce-auth-client`);
  return inPlace ? { kind: 'library', wrapper, binding } : { kind: 'copy', wrapper, binding, use };
}

/** What `request` has and its refresh-aware form has not. */
function requested(file: FileModel, sent: HttpCall): Sender | Refusal {
  if (isOfRequestRetry(file, sent)) return retried(file, sent);
  if (![...file.modules].some((module) => REQUEST.modules.has(module))) return refuse('it sends its requests again by rules of its own', SEND);
  if ([...file.modules].some((module) => /^request-promise[\w-]*\/errors$/.test(module))) return refuse('its errors are told apart by their classes, which a refresh-aware client does not have', SEND);
  if (sent.options && propertyNodes(file, sent.options, 'transform').length > 0) return refuse('transform is an option that a refresh-aware client does not have', SEND);
  const method = ownMethod(sent.node);
  if (method !== undefined && !STREAM_METHODS.has(method)) {
    return refuse(`${method}() is a method of the library's own promises`, 'Use then(), catch() and finally() alone, and wrap the library: withRequest(salesforce, request) of salesforce-auth-client');
  }
  const givesPromise = [...file.modules].some((module) => module.startsWith('request-promise'));
  const isUsed = wrapped(sent.node).parent?.type !== 'ExpressionStatement';
  if (method !== undefined || (!givesPromise && isUsed && !hasCallback(file, sent))) return refuse('the answer is used as a stream', STREAM);
  if (REQUEST_ONLY.has(nameOf(sent.call.callee) ?? '')) return refuse(`${nameOf(sent.call.callee)}() is a method that a refresh-aware client does not have`, SEND);
  if (!sent.madeBy) return throughLibrary(file, sent, REQUEST);
  // request builds the defaults around what it is given: it is wrapped before they are.
  let made = sent.madeBy;
  while (made.madeBy) made = made.madeBy;
  const library = made.call.callee.type === 'MemberExpression' ? made.call.callee.object : undefined;
  if (!library || !isOnlyCalled(file, sent.madeBy.node) || !isOnlyCalled(file, made.node)) {
    return refuse('its client may be used as a stream elsewhere', 'Make it refresh-aware where no stream is needed: withRequest(salesforce, request).defaults({ … }) of salesforce-auth-client');
  }
  return { kind: 'maker', wrapper: REQUEST.wrapper, made: library };
}

function isOfRequestRetry(file: FileModel, sent: HttpCall): boolean {
  let made = sent;
  while (made.madeBy) made = made.madeBy;
  return file.values.of(made.call.callee).some((value) => value.kind === 'module' && REQUEST_RETRY.modules.has(value.module));
}

/** The library goes on as it is, so that only what asks for the stream below it is lost. */
function retried(file: FileModel, sent: HttpCall): Sender | Refusal {
  const { parent } = wrapped(sent.node);
  const held = parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? (variableOf(file.source, parent.id)?.references ?? []) : [];
  const uses = [ownMethod(sent.node), ...held.map(({ identifier }) => (identifier.parent?.type === 'MemberExpression' ? nameOf(identifier.parent as Node) : undefined))];
  return uses.some((name) => name !== undefined && STREAM_METHODS.has(name)) ? refuse('the answer is used as a stream', STREAM) : throughLibrary(file, sent, REQUEST_RETRY);
}

const REQUEST_ONLY = new Set(['options', 'request']);

/** Is a client kept in a variable that this file calls, and that goes nowhere else? */
function isOnlyCalled(file: FileModel, made: Node): boolean {
  const { parent } = wrapped(made);
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier' || parent.parent.parent?.type === 'ExportNamedDeclaration') return false;
  return (variableOf(file.source, parent.id)?.references ?? []).every((reference) => {
    const use = reference.identifier as Node;
    return reference.init || callOf(use.parent?.type === 'MemberExpression' ? use.parent : use) !== undefined;
  });
}

function hasCallback(file: FileModel, { call }: HttpCall): boolean {
  const last = call.arguments.at(-1);
  return call.arguments.length > 1 && last !== undefined && last.type !== 'ObjectExpression' && file.values.of(last).every(({ kind }) => kind !== 'object' && kind !== 'text' && kind !== 'literal');
}

/** got is an ES module from version 12 on: what `require` gives as a function is older. */
function isOldGot(file: FileModel, { call, madeBy }: HttpCall): boolean {
  const root = rootOf((madeBy?.call ?? call).callee);
  const declared = root && (variableOf(file.source, root)?.defs[0]?.node as Node | undefined);
  return declared?.type === 'VariableDeclarator' && declared.init?.type === 'CallExpression' && isRequired(declared.init);
}

const FETCHES = new Set(['fetch', 'node-fetch', 'cross-fetch', 'isomorphic-fetch', 'isomorphic-unfetch', 'whatwg-fetch', 'unfetch', 'undici', 'node-fetch-native', 'node-fetch-commonjs']);
function fetched(file: FileModel, { library, call, body }: HttpCall): Sender | Refusal {
  if (call.type !== 'CallExpression') return refuse('it is sent in a way that is not known', SEND);
  const { callee } = call;
  if (library === 'undici' && nameOf(callee) !== 'fetch' && !(callee.type === 'Identifier' && callee.name === 'fetch')) {
    return refuse("it is sent with undici's own functions", 'Give them a dispatcher with undiciInterceptor(salesforce) of salesforce-auth-client');
  }
  const isGiven = file.values.of(callee).some((value) => value.kind !== 'global' && value.kind !== 'module' && value.kind !== 'result');
  if (isGiven) return refuse('the function that sends it is given by the caller', 'Give it salesforce.fetch of salesforce-auth-client');
  // What a package put in the place of fetch() is that package's.
  const theirs = [...file.modules].find((module) => FETCHES.has(module.replace(/\/.*/, '')));
  const own = theirs && onlyTheirs(file, theirs, body);
  return own === undefined ? { kind: 'fetch', call } : refuse(`${own} is something of ${theirs} that fetch() does not have`, SEND);
}

function graphql(sent: HttpCall): Sender | Refusal {
  const made = sent.madeBy ?? sent;
  const options = made.call.arguments[1];
  const sendsItself = options?.type === 'ObjectExpression' && options.properties.some((property) => property.type === 'SpreadElement' || nameOf(property) === 'fetch');
  if (sendsItself) return refuse('its client may have a fetch of its own', 'Let that function send with salesforce.fetch() of salesforce-auth-client');
  if (made.role === 'client' && made.call.type === 'NewExpression' && options?.type === 'ObjectExpression') return { kind: 'fetch option', options };
  return refuse('it is sent without a client of its own', 'Make a GraphQLClient with the option fetch: salesforce.fetch of salesforce-auth-client');
}

/** The name that a callee begins with: `axios` in `axios.get`. */
function rootOf(callee: Node): TSESTree.Identifier | undefined {
  let root = unwrap(callee);
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  return root.type === 'Identifier' ? root : undefined;
}

/** The name that stands for the library itself, where an import or a require at the top of the file binds it and nothing else does. */
function moduleBinding(file: FileModel, use: TSESTree.Identifier): TSESTree.Identifier | undefined {
  const variable = variableOf(file.source, use);
  const [def] = variable?.defs ?? [];
  if (!def || variable!.defs.length !== 1 || variable!.references.some((reference) => reference.isWrite() && !reference.init)) return undefined;
  // Of a namespace, the library is a member.
  if (use.parent.type === 'MemberExpression' && nameOf(use.parent) === 'default') return undefined;
  if (!file.values.of(use).every((value) => value.kind === 'module' && value.path.length === 0)) return undefined;
  if ((def.type as string) === 'ImportBinding') return def.name as TSESTree.Identifier;
  const declarator = def.node as Node;
  const isTop = declarator.type === 'VariableDeclarator' && declarator.parent.parent?.type === 'Program';
  return isTop && isRequired(declarator.init) ? (def.name as TSESTree.Identifier) : undefined;
}

/** `require('axios')`, `require('axios').default` */
function isRequired(init: Node | null): boolean {
  const call = init?.type === 'MemberExpression' && nameOf(init) === 'default' ? init.object : init;
  return call?.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === 'require';
}

const STANDARD_PROMISE = new Set(['then', 'catch', 'finally']);
const STREAM_METHODS = new Set(['pipe', 'on', 'once', 'form', 'auth', 'abort', 'pause', 'resume', 'setHeader']);

/** The first method in the chain after a call that a promise of the language does not have. */
function ownMethod(call: Node): string | undefined {
  let current = wrapped(call);
  for (let member = current.parent; member?.type === 'MemberExpression' && member.object === current; member = current.parent) {
    const name = nameOf(member) ?? '';
    const step = callOf(member);
    // `.catch(StatusCodeError, handle)` of bluebird.
    if (!STANDARD_PROMISE.has(name) || !step || (name === 'catch' && step.arguments.length > 1)) return name;
    current = wrapped(step);
  }
  return undefined;
}
