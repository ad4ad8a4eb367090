/** What each library's requests are sent through to become refresh-aware: the smallest change that does it. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel, HeldToken, HttpCall } from '../../analysis';
import { nameOf, unwrap, variableOf, wrapped } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { isRequireChain } from '../../edits';

/** Functions of the runtime that make a client refresh-aware. */
export type Wrapper = 'withAxios' | 'withGot' | 'withJsforce' | 'withRequest';

export type Sender =
  /** `fetch(…)` becomes `salesforce.fetch(…)`. */
  | { kind: 'fetch'; call: TSESTree.CallExpression }
  /** `new GraphQLClient(url, { fetch: salesforce.fetch })` */
  | { kind: 'fetch option'; options: TSESTree.ObjectExpression }
  /** What makes the client is wrapped: `withAxios(salesforce, axios.create(…))`. */
  | { kind: 'maker'; wrapper: Wrapper; made: Node }
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
      return isStreamed(sent.node) ? refuse('the answer is used as a stream', STREAM) : throughLibrary(file, sent, REQUEST);
    case 'got':
      return throughLibrary(file, sent, GOT);
    case 'graphql-request':
      return graphql(sent);
    default:
      return FETCHES.has(sent.library) ? fetched(file, sent) : refuse(`${sent.library} has no refresh-aware form`, SEND);
  }
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
  if (!binding) return refuse('the library is loaded in the middle of the code', `Load it at the top, and make it refresh-aware there: ${wrapper}(salesforce, …) of salesforce-auth-client`);
  return inPlace ? { kind: 'library', wrapper, binding } : { kind: 'copy', wrapper, binding, use };
}

const FETCHES = new Set(['fetch', 'node-fetch', 'cross-fetch', 'isomorphic-fetch', 'isomorphic-unfetch', 'whatwg-fetch', 'unfetch', 'undici', 'node-fetch-native', 'node-fetch-commonjs']);
/** What only these packages' options and answers have. */
const ONLY_THEIRS = ['agent', 'timeout', 'compress', 'size', 'follow', 'buffer', 'textConverted', 'raw', 'pipe'];

function fetched(file: FileModel, { library, call }: HttpCall): Sender | Refusal {
  if (call.type !== 'CallExpression') return refuse('it is sent in a way that is not known', SEND);
  const { callee } = call;
  if (library === 'undici' && nameOf(callee) !== 'fetch' && !(callee.type === 'Identifier' && callee.name === 'fetch')) {
    return refuse("it is sent with undici's own functions", 'Give them a dispatcher with undiciInterceptor(salesforce) of salesforce-auth-client');
  }
  const isGiven = file.values.of(callee).some((value) => value.kind !== 'global' && value.kind !== 'module' && value.kind !== 'result');
  if (isGiven) return refuse('the function that sends it is given by the caller', 'Give it salesforce.fetch of salesforce-auth-client');
  const own = library === 'fetch' ? undefined : ONLY_THEIRS.find((name) => usesName(file, name));
  if (own !== undefined) return refuse(`${own} is an option or method of ${library} that fetch() does not have`, SEND);
  return { kind: 'fetch', call };
}

function usesName(file: FileModel, name: string): boolean {
  return file.membersNamed(name).length > 0 || file.all('Property').some((property) => nameOf(property) === name && property.parent.type === 'ObjectExpression');
}

function graphql(sent: HttpCall): Sender | Refusal {
  const made = sent.madeBy ?? sent;
  const options = made.call.arguments[1];
  if (made.role === 'client' && made.call.type === 'NewExpression' && options?.type === 'ObjectExpression') return { kind: 'fetch option', options };
  return refuse('it is sent without a client of its own', 'Make a GraphQLClient with the option fetch: salesforce.fetch of salesforce-auth-client');
}

/** The name that a callee begins with: `axios` in `axios.get`. */
function rootOf(callee: Node): TSESTree.Identifier | undefined {
  let root = unwrap(callee);
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  return root.type === 'Identifier' ? root : undefined;
}

/** The name that an import or a require at the top of the file binds, where it is never bound again. */
function moduleBinding(file: FileModel, use: TSESTree.Identifier): TSESTree.Identifier | undefined {
  const variable = variableOf(file.source, use);
  const [def] = variable?.defs ?? [];
  if (!def || variable!.defs.length !== 1 || variable!.references.some((reference) => reference.isWrite() && !reference.init)) return undefined;
  if ((def.type as string) === 'ImportBinding') return def.name as TSESTree.Identifier;
  const declarator = def.node as Node;
  const isTop = declarator.type === 'VariableDeclarator' && declarator.parent.parent?.type === 'Program';
  return isTop && isRequireChain(file.source, declarator.init) ? (def.name as TSESTree.Identifier) : undefined;
}

const STANDARD_PROMISE = new Set(['then', 'catch', 'finally']);

/** Is what a call gives used as a stream, or as anything but a promise? */
function isStreamed(call: Node): boolean {
  const { parent } = wrapped(call);
  if (parent?.type === 'MemberExpression' && parent.object === wrapped(call)) return !STANDARD_PROMISE.has(nameOf(parent) ?? '');
  return parent?.type === 'VariableDeclarator' || parent?.type === 'AssignmentExpression';
}
