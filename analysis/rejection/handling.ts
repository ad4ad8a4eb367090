/**
 * Who handles a token that Salesforce rejects: code around a request, in the callers of its function, in a wrapper that it
 * goes through, or in the interceptors and hooks of its client.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { callsOf, receivers } from '../flow';
import { acceptsEveryStatus, clientReactions, optionReactions } from './interceptors';
import { isSamePlace, propertyNodes } from '../objects';
import { bodiesOf, functionsAround, lastNameOf, reactionsIn, reactionsTo, within, type Reaction } from './reactions';
import { renewsIn, sendsAwayIn, sendsIn } from './renewal';
import { callOf, functionAround, functionName, isFunction, nameOf, unwrap, variableOf, wrapped, type FunctionNode } from '../scope';
import type { Settings } from '../settings';
import type { HttpCall } from '../shapes';
import type { Node } from '../source';
import type { Value } from '../values';
import { isLocalModule, RUNTIME_MODULE } from '../vocabulary/libraries';

/**
 * - `renewed`: a new token is obtained (or the old one dropped) when it is rejected
 * - `retried`: the request is sent again with the token that was rejected
 * - `detected`: the rejection is recognised, and nothing renews the token
 * - `none`: nothing looks for it
 */
export type Handling = 'renewed' | 'retried' | 'detected' | 'none';

const DEEPEST = 4;

/** What becomes of a rejected token at a request, or where a connection is made and used. */
export function handlingOf(file: FileModel, node: Node, settings: Settings, request?: HttpCall): Handling {
  const search: Search = { file, settings, found: new Set(), seen: new Set(), ...(request && acceptsEveryStatus(file, request) && { neverThrows: node }) };
  around(search, node, 0);
  for (let inner = request?.through; inner; inner = inner.through) around({ ...search, seen: new Set() }, inner.call, 0);
  if (request && isSentByWrapper(file, request, settings)) search.found.add('renewed');
  if (request) for (const reactions of clientReactions(file, request)) judgeAll(search, reactions);
  else for (const use of usesOf(file, node)) around(search, use, 1);
  return (['renewed', 'retried', 'detected'] as const).find((one) => search.found.has(one)) ?? 'none';
}

interface Search {
  file: FileModel;
  settings: Settings;
  found: Set<Handling>;
  seen: Set<Node>;
  /** A request that does not reject, whatever the status. */
  neverThrows?: Node;
}

function around(search: Search, node: Node, depth: number): void {
  const { file, settings, found, seen } = search;
  if (depth > DEEPEST || seen.has(node) || found.has('renewed')) return;
  seen.add(node);
  if (isWrapped(file, node, settings)) return void found.add('renewed');
  judgeAll(search, reactionsTo(file, node).filter((reaction) => search.neverThrows !== node || !isOnThrow(reaction, node)));
  judgeAll(search, answerReactions(file, node));
  for (const fn of functionsAround(node)) {
    for (const call of callsOf(file, fn)) if (!within(call, fn)) around(search, call, depth + 1);
    for (const use of handedOver(file, fn)) if (!within(use, fn)) around(search, use, depth + 1);
  }
}

function judgeAll({ file, found }: Search, reactions: readonly Reaction[]): void {
  let judged = judgedLists.get(reactions);
  if (!judged) judgedLists.set(reactions, (judged = judge(file, reactions)));
  for (const one of judged) found.add(one);
}

/** What is known of lists that many requests share. */
const judgedLists = new WeakMap<readonly Reaction[], ReadonlySet<Handling>>();

function judge(file: FileModel, reactions: readonly Reaction[]): Set<Handling> {
  const found = new Set<Handling>();
  for (const { region, specific } of reactions) {
    if (isRenewal(file, { region }) || (specific && region.some((node) => sendsAwayIn(file, node)))) return found.add('renewed');
    if (specific) found.add(region.some((node) => sendsIn(file, node)) ? 'retried' : 'detected');
  }
  return found;
}

/** Does only what a request throws lead to a reaction: the catch of its own function? */
function isOnThrow({ cause }: Reaction, node: Node): boolean {
  for (let current: Node | undefined = cause; current; current = current.parent) {
    if (current.type === 'CatchClause') return within(node, (current.parent as TSESTree.TryStatement).block) && functionAround(current) === functionAround(node);
  }
  return false;
}

// ---- where the answer goes ----

/** The reactions of functions that a request hands its answer to: callbacks by name, `.then(check)`, `check(await fetch(…))`. */
function answerReactions(file: FileModel, node: Node): Reaction[] {
  if (node.type !== 'CallExpression') return [];
  const found = node.arguments.flatMap((argument) => (argument.type === 'SpreadElement' ? [] : [...testsOf(file, argument), ...(argument.type === 'ObjectExpression' ? optionReactions(file, argument) : [])]));
  let last: TSESTree.CallExpression = node;
  for (let step = stepAfter(last); step; step = stepAfter(last)) {
    for (const argument of step.arguments) found.push(...testsOf(file, argument));
    const handler = step.arguments[0];
    if (handler && FAILURE_STEPS.has(nameOf(step.callee) ?? '')) for (const region of bodiesOf(file, handler)) found.push({ cause: step, specific: false, region: [region] });
    last = step;
  }
  for (const receiver of receivers(file, last)) found.push(...testsOf(file, receiver.callee).filter(({ specific }) => specific));
  return found;
}

/** Steps of a chain, other than `catch`, whose handler runs when the request fails. */
const FAILURE_STEPS = new Set(['fail', 'error', 'catchError', 'badRequest', 'unauthorized']);

function testsOf(file: FileModel, handler: Node): Reaction[] {
  return bodiesOf(file, handler).flatMap((body) => reactionsIn(file, body));
}

function stepAfter(call: TSESTree.CallExpression): TSESTree.CallExpression | undefined {
  const member = wrapped(call).parent;
  return member?.type === 'MemberExpression' && member.object === wrapped(call) ? callOf(member) : undefined;
}

const MOST_USES = 60;

/** The uses of what a node makes, and of what the function that returns it gives its callers: `conn.query(…)`. */
function usesOf(file: FileModel, made: Node): Node[] {
  const found: Node[] = [];
  const makers: Node[] = [made];
  for (let index = 0; index < makers.length && index < MOST_USES; index++) {
    const outer = wrapped(makers[index]!);
    const holder = outer.parent;
    const target = holder?.type === 'VariableDeclarator' ? holder.id : holder?.type === 'AssignmentExpression' ? holder.left : undefined;
    if (target?.type === 'Identifier') {
      for (const reference of variableOf(file.source, target)?.references ?? []) if (reference.isRead()) found.push(reference.identifier as Node);
    } else if (target?.type === 'MemberExpression') {
      found.push(...file.members.named(nameOf(target) ?? '').filter((member) => member !== target && isSamePlace(file, member, target)));
    }
    const returned = [outer, ...found].some((one) => wrapped(one).parent?.type === 'ReturnStatement' || (wrapped(one).parent as TSESTree.ArrowFunctionExpression | undefined)?.body === wrapped(one));
    const fn = functionAround(makers[index]!);
    if (returned && fn) for (const call of callsOf(file, fn)) if (!makers.includes(call)) makers.push(call);
  }
  return found.slice(0, MOST_USES);
}

// ---- functions given to others ----

const handedByFile = new WeakMap<FileModel, ReadonlyMap<string, Node[]>>();

/** Functions given to others by name: `retry(load)`, `withToken(this.load)`. */
function handedOver(file: FileModel, fn: FunctionNode): readonly Node[] {
  let known = handedByFile.get(file);
  if (!known) {
    const byName = new Map<string, Node[]>();
    for (const call of file.all('CallExpression')) {
      for (const argument of call.arguments) {
        const name = argument.type === 'SpreadElement' ? undefined : lastNameOf(argument);
        const list = name === undefined ? undefined : byName.get(name);
        if (list) list.push(argument);
        else if (name !== undefined) byName.set(name, [argument]);
      }
    }
    handedByFile.set(file, (known = byName));
  }
  return known.get(functionName(fn) ?? '') ?? [];
}

// ---- wrappers ----

const WRAPPER_NAME = /refresh|reauth|re_?login|with_?(?:auth|token|session|conn|retry|salesforce|sf)|retry|401|expir/i;

/** Is a node inside a function, or in the arguments, that goes to something which handles the rejection? */
function isWrapped(file: FileModel, node: Node, settings: Settings): boolean {
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (parent.type !== 'CallExpression' || parent.callee === child) continue;
    if (settings.wrappers.includes(lastNameOf(parent.callee) ?? '')) return true;
    const isWork = isFunction(unwrap(child));
    if (!isWork && child !== node) continue;
    // The runtime handles what it is given, and runs no work for others: its callbacks are on their own.
    if (isWork && file.values.of(parent.callee).some((value) => isOf(value, RUNTIME_MODULE))) continue;
    if (handles(file, parent.callee, settings, node)) return true;
    // `retry(() => fetch(…), { onFailedAttempt: renew })`
    if (parent.arguments.some((argument) => argument !== child && argument.type === 'ObjectExpression' && optionReactions(file, argument).some((reaction) => isRenewal(file, reaction)))) return true;
  }
  return false;
}

/** Is a request sent with a function of the team's that handles the rejection: `new GraphQLClient(url, { fetch: withRefresh })`? */
function isSentByWrapper(file: FileModel, request: HttpCall, settings: Settings): boolean {
  return [request.options, request.madeBy?.options].some((options) => options && propertyNodes(file, options, 'fetch').some((sender) => handles(file, sender, settings, request.node)));
}

/** Does a function that is given work to do handle its rejection? */
function handles(file: FileModel, callee: Node, settings: Settings, node: Node): boolean {
  const name = lastNameOf(callee) ?? '';
  if (settings.wrappers.includes(name)) return true;
  return file.values.of(callee).some((value) => {
    if (value.kind === 'function') return !within(node, value.node) && value.node.params.length > 0 && reactionsIn(file, value.node).some((reaction) => isRenewal(file, reaction));
    if ([RUNTIME_MODULE, ...settings.authModules].some((module) => isOf(value, module))) return true;
    const origin = originOf(value);
    // Another file's: its name is all there is, and enough to keep silent.
    const isElsewhere = origin.kind === 'module' ? isLocalModule(origin.module) : origin.kind === 'parameter' || origin.kind === 'this' || origin.kind === 'unknown';
    return isElsewhere && WRAPPER_NAME.test(value.kind === 'module' ? (value.path.at(-1) ?? name) : name);
  });
}

function isOf(value: Value, module: string): boolean {
  const origin = originOf(value);
  return origin.kind === 'module' && origin.module === module;
}

/** What a member, a result or an instance comes from in the end. */
function originOf(value: Value): Value {
  let origin = value;
  for (let depth = 0; depth < 8 && (origin.kind === 'member' || origin.kind === 'result' || origin.kind === 'instance'); depth++) origin = origin.of;
  return origin;
}

function isRenewal(file: FileModel, { region }: Pick<Reaction, 'region'>): boolean {
  return region.some((part) => renewsIn(file, part));
}
