/**
 * A SOAP login that the program writes itself: an envelope, and the request that posts it. What reads the answer takes it
 * apart in its own way (regular expressions, XML parsers, faults by their text), so it stays, and only the request is replaced.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { requestsIn, type FileModel, type HttpCall, type Login } from '../../analysis';
import { credentialsIn } from '../../analysis/clients/soap-envelope';
import { entriesOf } from '../../analysis/objects';
import { childrenOf, contains, functionAround, isFunction, nameOf, ownerOfThis, unwrap, variableNamed, variableOf } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { detectStyle, indentOf, removeDeclarator, replaceArguments, replaceCallee, type Edit } from '../../edits';
import type { TransformOptions } from '../report';
import { argumentText, shorthand } from './client-login';
import { nameOfCallee } from './token-request-text';

/** The methods of the runtime's `soapLogin`. */
type Shape = 'fetch' | 'axios' | 'request';

export interface EnvelopeRequest {
  call: TSESTree.CallExpression;
  shape: Shape;
  url: Node;
  /** The expression for the user, or the text of one that the envelope spells out. */
  username: Node | string;
  /** How many arguments from the first on say what to send. A callback stays. */
  replaced: number;
  /** The variables that only held the envelope on its way into the request. */
  carriers: TSESTree.VariableDeclarator[];
}

/** What keeps a request from being replaced. */
export interface Blocked {
  because: string;
}

const blocked = (because: string): Blocked => ({ because });

/** Elements of a LoginResult that OAuth tells nothing of. */
const UNTOLD =
  /^(?:accessibilityMode|chatterExternal|currencySymbol|org(?:AttachmentFileSizeLimit|DefaultCurrency\w+|DisallowHtmlAttachments|HasPersonAccounts)|organization(?:MultiCurrency|Name)|profileId|roleId|sandbox|sessionSecondsValid|user(?:DefaultCurrencyIsoCode|Email|FullName|Language|Locale|Name|TimeZone|Type|UiSkin))$/;
/** Calls that make a text of a text, measure it or read a setting, and do nothing else. */
const HARMLESS = /^(?:byteLength|from|trim|trimStart|trimEnd|replace|replaceAll|join|concat|toString|String|stringify)$/;
const SETTINGS = /^get(?:OrThrow|Property)?$/;
const ESCAPES = /^(?:xml|html)?_?(?:[eE]sc(?:ape)?|[eE]ncode|[sS]anitize)(?![a-z])/;

/** Options of a client that do not change what comes back, nor which way it takes. Its timeouts are the runtime's then. */
const PLAIN: Readonly<Record<Shape, ReadonlySet<string>>> = {
  fetch: new Set(['method', 'headers', 'body', 'timeout', 'signal', 'redirect', 'cache', 'compress', 'keepalive', 'mode', 'credentials']),
  axios: new Set(['method', 'url', 'data', 'headers', 'timeout', 'signal', 'maxBodyLength', 'maxContentLength', 'maxRedirects', 'decompress']),
  request: new Set(['method', 'url', 'uri', 'body', 'headers', 'timeout', 'gzip', 'followRedirect', 'followAllRedirects']),
};

/** Modules of the `request` family that call back. Those with promises answer each in its own way. */
const REQUEST_MODULES = new Set(['request', 'postman-request', '@cypress/request']);
const RESPONSE_OF_NODE_FETCH = /\.(?:buffer|textConverted)\(|\.body\.(?:pipe|on)\b/;

export function envelopeRequest(file: FileModel, { call, envelope }: Login): EnvelopeRequest | Blocked {
  if (!call || !envelope) return blocked('this file does not show what sends this login envelope');
  const request = requestsIn(file.source).find((one) => one.call === call);
  if (!request?.url || request.role !== 'request' || request.through) return blocked('the login envelope goes through code that is not plainly fetch, axios or request');
  if (request.client || request.madeBy) return blocked('the login envelope goes through an instance with settings of its own');
  const shape = shapeOf(file, call, request);
  if (!shape || call.optional) return blocked('the login envelope goes through code that is not plainly fetch, axios or request');
  const callback = shape === 'request' ? callbackOf(file, call) : undefined;
  if (shape === 'request' && !callback) return blocked('the answer to this login envelope is not taken by a callback');

  const body = callback ? call.arguments.slice(0, -1) : call.arguments;
  if (!isPlain(file, call, shape, request)) return blocked('this login request has options of its own, or ones that the file does not show');
  if (!isPost(file, request, call)) return blocked('the file does not show that this login request is a POST');
  const carriers = carriersOf(file, envelope, call);
  if (!carriers) return blocked('the login envelope is put together in steps, or used for more than this request');
  if ([...body, ...carriers].some((node) => !isHarmless(file, node, request.url!))) return blocked('what this login request is made of is got by calls');

  const text = file.source.getText(envelope);
  if (/LoginScopeHeader/.test(text)) return blocked('the login envelope has a LoginScopeHeader: its user is one of a portal or a site');
  const untold = untoldElement(file);
  if (untold) return blocked(`this file reads ${untold} of the login's answer, which OAuth does not tell`);
  const user = credentialsIn(file, envelope).username;
  if (user === undefined) return blocked('the user in the login envelope is not one plain expression');
  const username = typeof user === 'string' ? user : unescaped(user);
  // What a text is made into for XML is no name of a user.
  if (typeof username !== 'string' && isCall(username)) return blocked('the user in the login envelope is not one plain expression');
  const moved = typeof username === 'string' ? [request.url] : [request.url, username];
  const isMovable = (node: Node) => contains(call, node) || meansTheSame(file, node, call);
  if (!moved.every(isMovable)) return blocked('the user or the URL of this login request may be another one where it is sent');
  return { call, shape, url: request.url, username, replaced: body.length, carriers };
}

function shapeOf(file: FileModel, call: TSESTree.CallExpression, request: HttpCall): Shape | undefined {
  const [value, ...others] = file.values.of(call.callee);
  if (others.length > 0) return undefined;
  const module = value?.kind === 'module' ? value.module : undefined;
  switch (request.library) {
    case 'axios':
      return module === 'axios' && isPlainMethod(call, ['post', 'request', 'axios']) ? 'axios' : undefined;
    case 'request':
      return module !== undefined && REQUEST_MODULES.has(module) ? 'request' : undefined;
    case 'fetch':
      return value?.kind === 'global' ? 'fetch' : undefined;
    case 'node-fetch':
    case 'cross-fetch':
    case 'node-fetch-native':
    case 'isomorphic-fetch':
      return RESPONSE_OF_NODE_FETCH.test(file.source.text) ? undefined : 'fetch';
    default:
      return undefined;
  }
}

function isPlainMethod(call: TSESTree.CallExpression, names: readonly string[]): boolean {
  return call.callee.type === 'Identifier' || names.includes(nameOf(call.callee) ?? '');
}

function callbackOf(file: FileModel, call: TSESTree.CallExpression): Node | undefined {
  const last = call.arguments.at(-1);
  const isCallback = last && file.values.of(last).every((value) => value.kind === 'function' || (value.kind === 'parameter' && /^(?:cb|callback|done|next)$/i.test(value.name)));
  return isCallback && call.arguments.length > 1 && call.parent.type !== 'MemberExpression' ? last : undefined;
}

/** Are all options plain to see, and none that changes what comes back? */
function isPlain(file: FileModel, call: TSESTree.CallExpression, shape: Shape, { options, url }: HttpCall): boolean {
  if (call.arguments.some((argument) => argument.type === 'SpreadElement')) return false;
  const [first] = call.arguments;
  if (!options) return shape === 'axios' && first === url;
  if (first !== url && first !== options) return false;
  const [value, ...others] = file.values.of(options);
  if (value?.kind !== 'object' || others.length > 0) return false;
  const { properties } = value.node;
  if (properties.some((property) => property.type !== 'Property' || property.computed)) return false;
  // What is set on the object later counts too.
  return entriesOf(file, options).every(({ name }) => name !== undefined && PLAIN[shape].has(name));
}

function isPost(file: FileModel, { options }: HttpCall, call: TSESTree.CallExpression): boolean {
  if (/^post$/i.test(nameOf(call.callee) ?? '')) return true;
  const methods = options ? entriesOf(file, options).filter(({ name }) => name === 'method') : [];
  return methods.length === 1 && file.values.strings(methods[0]!.value).every((method) => /^post$/i.test(method));
}

/** The variables that lead from the envelope to the request; undefined where it leads anywhere else too. */
function carriersOf(file: FileModel, envelope: Node, call: TSESTree.CallExpression): TSESTree.VariableDeclarator[] | undefined {
  const found = new Set<TSESTree.VariableDeclarator>();
  const stack: Node[] = [envelope];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const holder = holderOf(node, call);
    if (!holder) return undefined;
    if (holder === call || found.has(holder as TSESTree.VariableDeclarator)) continue;
    const declarator = holder as TSESTree.VariableDeclarator;
    const variable = variableOf(file.source, declarator.id as TSESTree.Identifier);
    if (!variable || variable.defs.length > 1 || variable.references.some((reference) => reference.isWrite() && !reference.init)) return undefined;
    found.add(declarator);
    stack.push(...variable.references.filter((reference) => reference.isRead()).map((reference) => reference.identifier as Node));
  }
  const carriers = [...found];
  const declarations = new Set(carriers.map(({ parent }) => parent));
  const areRemovable = carriers.every((declarator) => removeDeclarator(file.source, declarator) !== undefined);
  return areRemovable && declarations.size === carriers.length ? carriers : undefined;
}

/** The request or the variable whose value a node is part of. */
function holderOf(node: Node, call: TSESTree.CallExpression): Node | undefined {
  for (let current = node; current.parent; current = current.parent) {
    const parent: Node = current.parent;
    if (parent === call) return current === call.callee ? undefined : call;
    if (parent.type === 'VariableDeclarator') return parent.id.type === 'Identifier' && parent.init === current ? parent : undefined;
    if (parent.type === 'CallExpression' && !isTextCall(parent)) return undefined;
    if (isFunction(parent) || /Statement$|^(?:Assignment|Await|Yield|Conditional|Logical)Expression$|^New/.test(parent.type)) return undefined;
  }
  return undefined;
}

/** Does leaving a node out leave nothing out but texts? What says where to is taken over. */
function isHarmless(file: FileModel, start: Node, url: Node): boolean {
  const stack: Node[] = [start.type === 'VariableDeclarator' ? start.init! : start];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node === url) continue;
    if (isFunction(node) || /^(?:New|Await|Yield|Assignment|Update)Expression$/.test(node.type)) return false;
    if (node.type === 'CallExpression' && !isTextCall(node) && !isSetting(node) && !isTimeout(node)) return false;
    stack.push(...childrenOf(file.source, node));
  }
  return true;
}

function isTextCall({ callee }: TSESTree.CallExpression): boolean {
  const name = nameOfCallee(callee) ?? '';
  return HARMLESS.test(name) || ESCAPES.test(name);
}

/** `config.get('name')` */
function isSetting({ callee, arguments: [name, ...others] }: TSESTree.CallExpression): boolean {
  return callee.type === 'MemberExpression' && SETTINGS.test(nameOf(callee) ?? '') && name?.type === 'Literal' && others.length === 0;
}

/** `AbortSignal.timeout(ms)` */
function isTimeout({ callee }: TSESTree.CallExpression): boolean {
  return callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'AbortSignal';
}

/** What stands for user and password in the envelope. */
export function envelopeCredentials(file: FileModel, { envelope }: Login): Node[] {
  if (!envelope) return [];
  const { username, password } = credentialsIn(file, envelope);
  return [...(username && typeof username !== 'string' ? [username] : []), ...password].map(unescaped);
}

/** `escapeXml(username)` stands for the username. */
function unescaped(node: Node): Node {
  const inner = unwrap(node);
  if (inner.type !== 'CallExpression' || inner.arguments.length !== 1 || !ESCAPES.test(nameOfCallee(inner.callee) ?? '')) return node;
  return inner.arguments[0]!;
}

function isCall(node: Node): boolean {
  return node.type === 'CallExpression' && !isSetting(node) && !/^(?:trim|toString|String)$/.test(nameOfCallee(node.callee) ?? '');
}

/** The first element that the file reads and OAuth does not tell. */
function untoldElement(file: FileModel): string | undefined {
  const names: (string | undefined)[] = [];
  for (const node of file.all('Literal')) {
    names.push(...elementsIn(node.raw));
    // `element(xml, 'userEmail')`; the kind of an org is called so too.
    if (node.value !== 'sandbox') names.push(String(node.value));
  }
  for (const { quasis } of file.all('TemplateLiteral')) for (const quasi of quasis) names.push(...elementsIn(quasi.value.raw));
  for (const member of file.all('MemberExpression')) names.push(nameOf(member));
  for (const { properties } of file.all('ObjectPattern')) for (const property of properties) if (property.type === 'Property') names.push(nameOf(property));
  return names.find((name) => name !== undefined && UNTOLD.test(name));
}

/** `<name` and `name>`, in a text or in a regular expression. */
function elementsIn(text: string): string[] {
  return [...text.matchAll(/<(?:[\w-]+:)?(\w+)|(\w+)>/g)].map(([, opened, closed]) => (opened ?? closed)!);
}

/** Does an expression give the same where it is moved to, which is later? */
function meansTheSame(file: FileModel, start: Node, at: Node): boolean {
  const stack: Node[] = [start];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'ThisExpression' && ownerOfThis(node) !== ownerOfThis(at)) return false;
    const isDone = isFunction(node) || (node.type === 'CallExpression' && !isSetting(node)) || node.type === 'AwaitExpression';
    if (isDone && functionAround(node) !== functionAround(at)) return false;
    if (node.type === 'Identifier' && !isPropertyName(node)) {
      const variable = variableOf(file.source, node);
      if (variable !== variableNamed(file.source, node.name, at)) return false;
      const writes = variable?.references.filter((reference) => reference.isWrite() && !reference.init) ?? [];
      if (writes.length > 0) return false;
    }
    stack.push(...childrenOf(file.source, node));
  }
  return true;
}

function isPropertyName({ parent, ...node }: TSESTree.Identifier): boolean {
  if (parent.type === 'MemberExpression') return !parent.computed && parent.property.range[0] === node.range[0];
  return parent.type === 'Property' && !parent.computed && !parent.shorthand && parent.key.range[0] === node.range[0];
}

// ---- the edits ----

/** `soapLogin.fetch(url, { username })` in place of the request. `soapLogin` and `auth` are local names. */
export function toSoapLogin(file: FileModel, request: EnvelopeRequest, { soapLogin, auth }: { soapLogin: string; auth: string | undefined }, { flow }: TransformOptions): Edit[] {
  const { source } = file;
  const { call, shape, url, username, replaced, carriers } = request;
  const { quote, eol } = detectStyle(source);
  const user = typeof username === 'string' ? quote + username + quote : argumentText(file, username);
  const [first] = call.arguments;
  const opening = first && source.getTokenBefore(first);
  const between = opening && opening.loc.end.line < first.loc.start.line ? `,${eol}${indentOf(source, first)}` : ', ';
  const who = auth ? shorthand('auth', auth) : flow === 'client-credentials' ? `flow: ${quote}client-credentials${quote}` : shorthand('username', user);
  return [
    replaceCallee(source, call, `${soapLogin}.${shape}`),
    replaceArguments(source, call, 0, replaced, `${argumentText(file, url)}${between}{ ${who} }`),
    ...carriers.flatMap((declarator) => removeDeclarator(source, declarator) ?? []),
  ];
}

/** What only the envelope and its request had a use for. */
export function unreadNodes({ call, carriers, replaced }: EnvelopeRequest): Node[] {
  return [call.callee, ...call.arguments.slice(0, replaced), ...carriers.map(({ init }) => init!)];
}
