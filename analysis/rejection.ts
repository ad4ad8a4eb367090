/**
 * Who handles a token that Salesforce rejects: code around a request, in the callers of its function, in a wrapper that it
 * goes through, or in the interceptors and hooks of its client.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from './file';
import { callsOf } from './flow';
import { entriesOf, isSamePlace } from './objects';
import { childrenOf, functionAround, functionName, isFunction, nameOf, returnsOf, unwrap, variableOf, type FunctionNode } from './scope';
import type { Settings } from './settings';
import type { HttpCall } from './shapes';
import type { Node } from './source';
import { isLocalModule } from './vocabulary/libraries';
import { isRenewing, REJECTION } from './vocabulary/rejection';

/**
 * - `renewed`: a new token is obtained (or the old one dropped) when it is rejected
 * - `retried`: the request is sent again with the token that was rejected
 * - `detected`: the rejection is recognised, and nothing renews the token
 * - `none`: nothing looks for it
 */
export type Handling = 'renewed' | 'retried' | 'detected' | 'none';

/** Code that runs when a request fails. */
export interface Reaction {
  /** What chose it: a test, a catch clause, a callback. */
  cause: Node;
  region: readonly Node[];
  /** Does it look for a rejected token, or does any failure lead here? */
  specific: boolean;
}

const DEEPEST = 4;
const NEGATIONS = new Set(['!==', '!=']);
const COMPARISONS = new Set(['===', '==', '!==', '!=']);
const LOOKUPS = new Set(['includes', 'indexOf', 'startsWith', 'match', 'search', 'has', 'test', 'some']);
const FAILURE_NAME = /^(?:e|ex|err|error|exception|reason|fault|res|resp|response|result|body|status|statusCode|code|message)$/i;

/** What becomes of a rejected token at a request or where a connection is made. */
export function handlingOf(file: FileModel, node: Node, settings: Settings, request?: HttpCall): Handling {
  const found = new Set<Handling>();
  around(file, node, settings, found, new Set(), 0);
  for (let inner = request?.through; inner; inner = inner.through) around(file, inner.call, settings, found, new Set(), 0);
  if (request && !found.has('renewed')) for (const reaction of clientReactions(file, request)) judge(file, reaction, found);
  return (['renewed', 'retried', 'detected'] as const).find((one) => found.has(one)) ?? 'none';
}

function around(file: FileModel, node: Node, settings: Settings, found: Set<Handling>, seen: Set<Node>, depth: number): void {
  if (depth > DEEPEST || seen.has(node) || found.has('renewed')) return;
  seen.add(node);
  if (isWrapped(file, node, settings)) return void found.add('renewed');
  for (const reaction of reactionsTo(file, node)) judge(file, reaction, found);
  for (let fn = functionAround(node); fn; fn = functionAround(fn)) {
    for (const call of callsOf(file, fn)) if (!within(call, fn)) around(file, call, settings, found, seen, depth + 1);
    for (const use of handedOver(file, fn)) if (!within(use, fn)) around(file, use, settings, found, seen, depth + 1);
  }
}

function judge(file: FileModel, reaction: Reaction, found: Set<Handling>): void {
  const renews = reaction.region.some((node) => renewsIn(file, node));
  if (renews) found.add('renewed');
  else if (reaction.specific) found.add(reaction.region.some((node) => sendsIn(file, node)) ? 'retried' : 'detected');
}

/** Functions given to others by name: `retry(load)`, `withToken(this.load)`. */
function handedOver(file: FileModel, fn: FunctionNode): Node[] {
  const name = functionName(fn);
  if (name === undefined) return [];
  return file.all('CallExpression').flatMap((call) => call.arguments.filter((argument) => lastNameOf(argument) === name && argument.type !== 'SpreadElement'));
}

// ---- reactions in the code around ----

/** The code that runs when what a node does fails, in the functions around it; siblings with names of their own are left out. */
export function reactionsTo(file: FileModel, node: Node): Reaction[] {
  let top: Node = node;
  for (let fn = functionAround(node); fn; fn = functionAround(fn)) top = fn;
  if (top === node) top = file.source.ast;
  return reactionsIn(file, top, node).filter((reaction) => isRelated(reaction, node));
}

/** Every reaction inside a node. With `except`, functions that have a name and do not hold it are skipped. */
export function reactionsIn(file: FileModel, top: Node, except?: Node, depth = 0): Reaction[] {
  const found: Reaction[] = [];
  const stack: Node[] = [top];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (except && node !== top && isFunction(node) && !within(except, node) && isSeparate(node)) continue;
    const reaction = reactionAt(file, node, depth);
    if (reaction) found.push(...reaction);
    stack.push(...childrenOf(file.source, node));
  }
  return found;
}

/** A function with a life of its own, rather than a callback written where it is used. */
function isSeparate(fn: FunctionNode): boolean {
  const holder = fn.parent;
  return fn.type === 'FunctionDeclaration' || holder?.type === 'VariableDeclarator' || holder?.type === 'MethodDefinition' || holder?.type === 'PropertyDefinition' ||
    holder?.type === 'AssignmentExpression';
}

function reactionAt(file: FileModel, node: Node, depth: number): Reaction[] | undefined {
  switch (node.type) {
    case 'IfStatement': {
      const specific = looksForRejection(file, node.test);
      if (!specific && !looksForFailure(file, node.test)) return undefined;
      return [{ cause: node.test, specific, region: isNegated(file, node.test) ? [...(node.alternate ? [node.alternate] : []), ...after(node)] : [node.consequent] }];
    }
    case 'ConditionalExpression':
      if (!looksForRejection(file, node.test)) return undefined;
      return [{ cause: node.test, specific: true, region: [isNegated(file, node.test) ? node.alternate : node.consequent] }];
    case 'LogicalExpression':
      if (node.operator !== '&&' || node.parent?.type !== 'ExpressionStatement' || !looksForRejection(file, node.left)) return undefined;
      return [{ cause: node.left, specific: true, region: [node.right] }];
    case 'SwitchCase':
      return node.test && isRejectionText(file, node.test) ? [{ cause: node.test, specific: true, region: fallingThrough(node) }] : undefined;
    case 'CatchClause':
      return [{ cause: node, specific: false, region: [node.body] }];
    case 'CallExpression': {
      const method = node.callee.type === 'MemberExpression' ? nameOf(node.callee) : undefined;
      const handler = method === 'catch' ? node.arguments[0] : method === 'then' ? node.arguments[1] : undefined;
      if (!handler) return undefined;
      return bodiesOf(file, handler).flatMap((body): Reaction[] => [{ cause: node, specific: false, region: [body] }, ...(depth > 0 || within(body, node) ? [] : reactionsIn(file, body, undefined, depth + 1))]);
    }
    default:
      return undefined;
  }
}

/** Is a reaction one to what a node does: after it, and not in the catch of something else? */
function isRelated({ cause, region }: Reaction, node: Node): boolean {
  if (region.some((part) => within(node, part))) return true;
  for (let current: Node | undefined = cause; current; current = current.parent) {
    if (current.type === 'CatchClause') {
      const attempt = current.parent as TSESTree.TryStatement;
      if (!within(node, attempt.block)) return within(node, current) && !within(node, cause);
      return true;
    }
    if (current.type === 'CallExpression' && current.callee.type === 'MemberExpression') {
      const method = nameOf(current.callee);
      if ((method === 'catch' || method === 'then') && within(node, current.callee.object)) return true;
      if (method === 'catch' && !within(node, current)) return isHeldIn(node, current.callee.object);
    }
  }
  // A loop brings what stands before back after.
  return cause.range[0] > node.range[0] || sharesLoop(cause, node);
}

/** `const sent = fetch(…); sent.catch(…)`. */
function isHeldIn(node: Node, receiver: Node): boolean {
  const holder = node.parent;
  let root = receiver;
  while (root.type === 'CallExpression' || root.type === 'MemberExpression') root = root.type === 'CallExpression' ? root.callee : root.object;
  return root.type === 'Identifier' && holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' && holder.id.name === root.name;
}

function sharesLoop(one: Node, other: Node): boolean {
  for (let current = one.parent; current && !isFunction(current); current = current.parent) {
    if (/^(?:While|DoWhile|For|ForIn|ForOf)Statement$/.test(current.type) && within(other, current)) return true;
  }
  return false;
}

function after(statement: Node): Node[] {
  const block = statement.parent;
  const siblings = block && 'body' in block && Array.isArray(block.body) ? (block.body as Node[]) : block?.type === 'SwitchCase' ? block.consequent : [];
  return siblings.slice(siblings.indexOf(statement as never) + 1);
}

/** What a case runs: its own statements, and those of the next cases until one ends. */
function fallingThrough(node: TSESTree.SwitchCase): Node[] {
  const { cases } = node.parent as TSESTree.SwitchStatement;
  for (const one of cases.slice(cases.indexOf(node))) if (one.consequent.length > 0) return one.consequent;
  return [];
}

// ---- tests ----

/** Does a test look for a rejected token: a 401, `INVALID_SESSION_ID`, or their like? */
export function looksForRejection(file: FileModel, test: Node, depth = 0): boolean {
  return testsIn(file, test).some((node) => {
    switch (node.type) {
      case 'BinaryExpression':
        if (node.operator === 'instanceof') return /unauthori[sz]ed|auth\w*error|session\w*(?:expired|error)|tokenexpired/i.test(lastNameOf(node.right) ?? '');
        return COMPARISONS.has(node.operator) && (isRejectionText(file, node.right) || isRejectionText(file, node.left as Node)) && !isArrayTakenForObject(file, node);
      case 'CallExpression': {
        const name = node.callee.type === 'Identifier' ? node.callee.name : (nameOf(node.callee) ?? '');
        const parts = node.callee.type === 'MemberExpression' ? [node.callee.object, ...node.arguments] : node.arguments;
        if (LOOKUPS.has(name)) return parts.some((part) => isRejectionText(file, part));
        if (/expired|unauthori[sz]ed|auth\w*(?:error|fail)|(?:session|token)\w*(?:invalid|error|reject)|invalid\w*(?:session|token)|401/i.test(name)) {
          return node.arguments.some((argument) => FAILURE_NAME.test(lastNameOf(argument) ?? ''));
        }
        return depth < 2 && file.values.of(node.callee).some((value) => value.kind === 'function' && returnsOf(file.source, value.node).some((returned) => looksForRejection(file, returned, depth + 1)));
      }
      case 'Identifier': {
        const declared = depth < 2 ? (variableOf(file.source, node)?.defs[0]?.node as Node | undefined) : undefined;
        return declared?.type === 'VariableDeclarator' && declared.init != null && declared.id.type === 'Identifier' && looksForRejection(file, declared.init, depth + 1);
      }
      default:
        return false;
    }
  });
}

/** The nodes of a test, functions in it left out. */
function testsIn(file: FileModel, test: Node): Node[] {
  const found: Node[] = [];
  const stack: Node[] = [test];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isFunction(node) && node !== test) {
      // `errors.some((error) => error.errorCode === 'INVALID_SESSION_ID')`
      stack.push(...returnsOf(file.source, node));
      continue;
    }
    found.push(node);
    stack.push(...childrenOf(file.source, node));
  }
  return found;
}

function isRejectionText(file: FileModel, node: Node, depth = 0): boolean {
  // A table that holds itself, as bundles have them.
  if (depth > 5) return false;
  const inner = unwrap(node);
  if (inner.type === 'Literal' && 'regex' in inner) return REJECTION.test(inner.regex.pattern);
  if (inner.type === 'ArrayExpression') return inner.elements.some((element) => element !== null && isRejectionText(file, element, depth + 1));
  if (file.values.strings(inner).some((text) => text.length < 120 && REJECTION.test(text))) return true;
  if (inner.type === 'Identifier' || inner.type === 'MemberExpression') {
    if (/unauthori[sz]ed|invalid_?session|session_?expired/i.test(lastNameOf(inner) ?? '')) return true;
    return file.values.of(inner).some((value) => value.kind === 'array' && isRejectionText(file, value.node, depth + 1));
  }
  return false;
}

/** `data.errorCode` on a REST answer: Salesforce sends an array of errors, so the test never holds. */
function isArrayTakenForObject(file: FileModel, test: TSESTree.BinaryExpression): boolean {
  return [test.left as Node, test.right].some((side) => {
    const member = unwrap(side);
    if (member.type !== 'MemberExpression' || nameOf(member) !== 'errorCode') return false;
    const object = unwrap(member.object);
    if (object.type === 'MemberExpression') return nameOf(object) === 'data' || nameOf(object) === 'body';
    return object.type === 'Identifier' && file.values.of(object).some((value) => value.kind === 'result' && value.of.kind === 'member' && value.of.name === 'json');
  });
}

/** Does a test hold whenever a request failed: `!response.ok`, `if (err)`, `status !== 200`? */
function looksForFailure(file: FileModel, test: Node): boolean {
  const inner = unwrap(test);
  if (inner.type === 'Identifier') return /^(?:e|err|error)$/.test(inner.name);
  if (inner.type === 'UnaryExpression') return inner.operator === '!' && /^(?:ok|success|isSuccess\w*)$/.test(lastNameOf(inner.argument) ?? '');
  if (inner.type === 'LogicalExpression') return looksForFailure(file, inner.left) || looksForFailure(file, inner.right);
  return inner.type === 'BinaryExpression' && NEGATIONS.has(inner.operator) && file.values.strings(inner.right).includes('200');
}

function isNegated(file: FileModel, test: Node): boolean {
  const inner = unwrap(test);
  if (inner.type === 'UnaryExpression') return inner.operator === '!' && looksForRejection(file, inner.argument);
  if (inner.type === 'LogicalExpression') return [inner.left, inner.right].some((side) => looksForRejection(file, side) && isNegated(file, side));
  return inner.type === 'BinaryExpression' && NEGATIONS.has(inner.operator) && looksForRejection(file, inner);
}

// ---- what a reaction does ----

/** Does some code obtain a new token, drop the old one, or send its user to log in again? */
export function renewsIn(file: FileModel, top: Node, depth = 0): boolean {
  let known = renewing.get(file);
  if (!known) renewing.set(file, (known = [new Map(), new Map(), new Map()]));
  let answer = known[depth]!.get(top);
  if (answer === undefined) {
    // What comes back to itself adds nothing.
    known[depth]!.set(top, false);
    known[depth]!.set(top, (answer = findRenewal(file, top, depth)));
  }
  return answer;
}

/** What is known of each piece of code, by how many functions lie between it and the question. */
const renewing = new WeakMap<FileModel, Map<Node, boolean>[]>();

function findRenewal(file: FileModel, top: Node, depth: number): boolean {
  const stack: Node[] = [top];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'CallExpression' && renews(file, node, depth)) return true;
    if (node.type === 'AssignmentExpression' && dropsToken(file, node)) return true;
    if (node.type === 'UnaryExpression' && node.operator === 'delete' && TOKEN_NAME.test(lastNameOf(node.argument) ?? '')) return true;
    stack.push(...childrenOf(file.source, node));
  }
  return false;
}

const TOKEN_NAME = /token|session|auth|conn|access|cache|cred|sid$|login|client/i;

function dropsToken(file: FileModel, write: TSESTree.AssignmentExpression): boolean {
  const name = lastNameOf(write.left as Node) ?? '';
  if (/^(?:href|location)$/.test(name)) return true;
  if (!TOKEN_NAME.test(name) || /error|message|status/i.test(name)) return false;
  return file.values.of(write.right).every((value) => value.kind === 'literal' && !value.value) || unwrap(write.right).type === 'CallExpression';
}

function renews(file: FileModel, call: TSESTree.CallExpression, depth: number): boolean {
  const name = call.callee.type === 'Identifier' ? call.callee.name : (nameOf(call.callee) ?? '');
  const object = call.callee.type === 'MemberExpression' ? (lastNameOf(call.callee.object) ?? '') : '';
  if (isRenewing(name, object)) return true;
  const [first] = call.arguments;
  // A request to an address that hands out tokens.
  if (first && /^(?:fetch|get|post|request|axios|rp|got|put)$/i.test(name) && file.values.strings(first).some((text) => /token|refresh|log-?in|oauth|\/auth/i.test(text))) return true;
  if (name === 'resolve' || name === 'reject') return false;
  return depth < 2 && file.values.of(call.callee).some((value) => value.kind === 'function' && !within(call, value.node) && renewsIn(file, value.node.body, depth + 1));
}

/** Does some code send anything: call what looks like a request, or the function that it stands in? */
function sendsIn(file: FileModel, top: Node): boolean {
  const stack: Node[] = [top];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'ContinueStatement') return true;
    if (node.type === 'CallExpression') {
      const name = node.callee.type === 'Identifier' ? node.callee.name : (nameOf(node.callee) ?? '');
      if (/fetch|request|axios|retry|^got$|^rp$/i.test(name)) return true;
      if (functionsAround(node).some((fn) => functionName(fn) === name)) return true;
    }
    stack.push(...childrenOf(file.source, node));
  }
  return false;
}

function functionsAround(node: Node): FunctionNode[] {
  const found: FunctionNode[] = [];
  for (let fn = functionAround(node); fn; fn = functionAround(fn)) found.push(fn);
  return found;
}

// ---- wrappers ----

const WRAPPER_NAME = /refresh|reauth|re_?login|with_?(?:auth|token|session|conn|retry|salesforce|sf)|retry|401|expir/i;

/** Is a node inside a function, or in the arguments, that goes to something which handles the rejection? */
function isWrapped(file: FileModel, node: Node, settings: Settings): boolean {
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (parent.type !== 'CallExpression' || parent.callee === child) continue;
    const name = lastNameOf(parent.callee) ?? '';
    if (settings.wrappers.includes(name)) return true;
    if (!isFunction(unwrap(child)) && child !== node) continue;
    for (const value of file.values.of(parent.callee)) {
      if (value.kind === 'module' && settings.authModules.includes(value.module)) return true;
      // Another file's: its name is all there is, and enough to keep silent.
      if (value.kind === 'module' && isLocalModule(value.module) && WRAPPER_NAME.test(value.path.at(-1) ?? name)) return true;
      if (value.kind === 'function' && !within(node, value.node) && value.node.params.length > 0) {
        const reactions = reactionsIn(file, value.node);
        if (reactions.some((reaction) => reaction.region.some((part) => renewsIn(file, part)))) return true;
      }
    }
  }
  return false;
}

// ---- interceptors and hooks ----

/** The reactions in the interceptors, hooks and retry options of the client that sends a request. */
export function clientReactions(file: FileModel, request: HttpCall): Reaction[] {
  const found: Reaction[] = [];
  const take = (handler: Node, cause: Node) => {
    for (const body of bodiesOf(file, handler)) found.push({ cause, specific: false, region: [body] }, ...reactionsIn(file, body));
  };
  for (const { call, onFailure } of responseInterceptors(file)) {
    if (onFailure && isOfClient(file, call, request) && !acceptsEveryStatus(file, request)) take(onFailure, call);
    else if (isOfClient(file, call, request) && call.arguments[0]) take(call.arguments[0], call);
  }
  for (const options of [request.options, request.madeBy?.options]) {
    if (!options) continue;
    for (const entry of entriesOf(file, options)) {
      if (entry.name === 'retry' || entry.name === 'hooks') for (const hook of hooksIn(file, entry.value)) take(hook, entry.key);
    }
  }
  // axios-auth-refresh: `createAuthRefreshInterceptor(instance, refresh)`.
  for (const call of file.all('CallExpression')) {
    const [client, refresh] = call.arguments;
    if (!client || !refresh || !/refresh/i.test(lastNameOf(call.callee) ?? '')) continue;
    if (request.client && isSamePlace(file, client, request.client)) found.push({ cause: call, specific: true, region: [call] });
  }
  return found;
}

/** `validateStatus` that lets every status pass, so that nothing ever rejects. */
function acceptsEveryStatus(file: FileModel, request: HttpCall): boolean {
  return [request.options, request.madeBy?.options].some((options) =>
    options && entriesOf(file, options).some(({ name, value }) => name === 'validateStatus' && file.values.of(value).some((one) =>
      one.kind === 'function' && returnsOf(file.source, one.node).every((returned) => returned.type === 'Literal' && returned.value === true))));
}

/** The functions in `hooks: { afterResponse: [ … ] }`. */
function hooksIn(file: FileModel, hooks: Node): Node[] {
  return entriesOf(file, hooks)
    .filter(({ name }) => name === 'afterResponse' || name === 'beforeRetry' || name === 'beforeError')
    .flatMap(({ value }) => file.values.of(value).flatMap((one): Node[] => (one.kind === 'array' ? one.node.elements.filter((element): element is TSESTree.Expression => element !== null && element.type !== 'SpreadElement') : one.kind === 'function' ? [one.node] : [])));
}

export interface Interceptor {
  call: TSESTree.CallExpression;
  /** The client, as written. */
  client: Node;
  onFailure?: Node;
}

/** Every `client.interceptors.response.use(…)` of a file. */
export function responseInterceptors(file: FileModel): Interceptor[] {
  return file.all('CallExpression').flatMap((call): Interceptor[] => {
    const { callee } = call;
    if (callee.type !== 'MemberExpression' || nameOf(callee) !== 'use') return [];
    const response = unwrap(callee.object);
    if (response.type !== 'MemberExpression' || nameOf(response) !== 'response') return [];
    const interceptors = unwrap(response.object);
    if (interceptors.type !== 'MemberExpression' || nameOf(interceptors) !== 'interceptors') return [];
    const onFailure = call.arguments[1];
    return [{ call, client: interceptors.object, ...(onFailure && { onFailure }) }];
  });
}

function isOfClient(file: FileModel, interceptor: TSESTree.CallExpression, request: HttpCall): boolean {
  const { client } = responseInterceptors(file).find(({ call }) => call === interceptor)!;
  const made = request.madeBy?.call;
  const behind = file.values.of(client);
  if (made) return behind.some((value) => (value.kind === 'result' || value.kind === 'instance') && value.call === made);
  if (request.client) return isSamePlace(file, client, request.client);
  return behind.some((value) => value.kind === 'module' || value.kind === 'global');
}

// ---- small helpers ----

function bodiesOf(file: FileModel, handler: Node): Node[] {
  return file.values.of(handler).flatMap((value) => (value.kind === 'function' ? [value.node.body] : []));
}

export function within(inner: Node, outer: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}

/** `d` of `a.b.d` and of `d`. */
export function lastNameOf(node: Node): string | undefined {
  const inner = unwrap(node);
  return inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? nameOf(inner) : undefined;
}
