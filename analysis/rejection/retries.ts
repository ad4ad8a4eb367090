/** Code that renews a rejected token and tries again: whether that ends, and whether a new token can help at all. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { isSamePlace, parameterSlot } from '../objects';
import { responseInterceptors } from './interceptors';
import { positionsOfNodes } from '../positions';
import { fallingThrough, functionsAround, lastNameOf, looksForRejection, reactionsOf, within, type Reaction } from './reactions';
import { renewsIn } from './renewal';
import { addressesAround, mentionsSalesforce } from '../salesforce';
import { childrenOf, functionAround, functionName, isFunction, nameOf, unwrap, variableOf, type FunctionNode } from '../scope';
import type { Node } from '../source';
import { isRefreshing, isRenewing } from '../vocabulary/rejection';

export interface AuthRetry {
  kind: 'recursion' | 'interceptor' | 'loop' | 'incurable';
  /** The call that tries again; of an incurable error, the one that renews. */
  node: Node;
  /** What a new token does not cure. */
  error?: string;
}

const LOOPS = new Set(['WhileStatement', 'DoWhileStatement', 'ForStatement']);
/** Guards that end a retry by the clock. */
const CLOCK = /^(?:now|elapsed\w*|\w*since\w*|\w*deadline\w*|\w*timeout\w*|expires\w*)$/i;

export function authRetriesIn(file: FileModel): AuthRetry[] {
  const found = new Map<Node, AuthRetry>();
  const add = (retry: AuthRetry) => {
    if (!found.has(retry.node)) found.set(retry.node, retry);
  };
  for (const reaction of reactionsOf(file)) {
    for (const part of reaction.region) {
      if (!renewsIn(file, part, { orKept: true })) continue;
      for (const retry of [...recursions(file, reaction, part), ...loops(file, reaction, part)]) add(retry);
    }
  }
  for (const retry of incurables(file)) add(retry);
  for (const interceptor of responseInterceptors(file)) {
    for (const value of interceptor.onFailure ? file.values.of(interceptor.onFailure) : []) {
      if (value.kind === 'function' && renewsIn(file, value.node.body, { orKept: true })) for (const retry of replays(file, value.node, interceptor.client)) add(retry);
    }
  }
  return [...found.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
}

// ---- recursion ----

/** The calls in a reaction that run the function around it again, itself or through one that it calls. */
function recursions(file: FileModel, { specific }: Reaction, part: Node): AuthRetry[] {
  const around = functionsAround(part).filter((fn) => functionName(fn) !== undefined);
  const calls = callsIn(file, part);
  return calls.flatMap((call): AuthRetry[] => {
    // Where any failure leads here, only a plain request for a new token says that this is about one.
    if (!specific && !calls.some((one) => one !== call && isRefreshing(lastNameOf(one.callee) ?? ''))) return [];
    if (isScheduled(call, part)) return [];
    for (const fn of around) {
      const steps = pathTo(file, call, fn);
      if (!steps) continue;
      const again = steps.at(-1)!;
      const isBounded = bounds(file, fn, call, steps.length === 1 ? again : undefined) || (steps.length > 1 && bounds(file, functionAround(again) ?? fn, again, again));
      if (!isBounded) return [{ kind: 'recursion', node: call }];
    }
    return [];
  });
}

/** `setTimeout(() => this.refresh(), delay)`: the next round, rather than a retry of this one. */
function isScheduled(call: Node, part: Node): boolean {
  for (let node = call.parent; node && node !== part; node = node.parent) if (node.type === 'CallExpression' && /^set(?:Timeout|Interval)$/.test(lastNameOf(node.callee) ?? '')) return true;
  return false;
}

/** The calls that lead from one to a function: itself, or one inside a function of the file that it calls. */
function pathTo(file: FileModel, call: TSESTree.CallExpression, fn: FunctionNode): TSESTree.CallExpression[] | undefined {
  if (reaches(file, call, fn)) return [call];
  for (const value of file.values.of(call.callee)) {
    if (value.kind !== 'function' || value.node === fn || within(call, value.node) || within(fn, value.node)) continue;
    const inner = callsIn(file, value.node.body).find((one) => reaches(file, one, fn));
    if (inner) return [call, inner];
  }
  return undefined;
}

function reaches(file: FileModel, call: TSESTree.CallExpression, fn: FunctionNode): boolean {
  const name = functionName(fn);
  if (lastNameOf(call.callee) !== name) return false;
  if (call.callee.type === 'MemberExpression') {
    const holder = fn.parent?.type;
    const isMethod = holder === 'MethodDefinition' || holder === 'Property' || holder === 'PropertyDefinition' || holder === 'AssignmentExpression';
    const object = unwrap(call.callee.object);
    return isMethod && (object.type === 'ThisExpression' || /^(?:self|that|_this|module|exports)$/.test(lastNameOf(object) ?? '') || file.values.of(call.callee).some((value) => value.kind === 'function' && value.node === fn));
  }
  return file.values.of(call.callee).some((value) => value.kind === 'function' && value.node === fn);
}

// ---- bounds ----

/**
 * Does something end the repetition of a call: a test on its way that reads what changes from one run to the next, be it a
 * parameter that the call passes on changed, a counter or flag kept outside the run, or the clock?
 */
function bounds(file: FileModel, fn: Node, call: Node, again: TSESTree.CallExpression | undefined): boolean {
  const guards = guardsOf(file, fn, call);
  // What a function of its own decides may well be the end: only a look at the failure is known not to be.
  if (guards.some((test) => !looksForRejection(file, test) && callsIn(file, test).some(mayDecide))) return true;
  const reads = guards.flatMap((test) => readsIn(file, test));
  return reads.some((read) => {
    if (CLOCK.test(lastNameOf(read) ?? '')) return true;
    const root = rootOf(read);
    const slot = root.type === 'Identifier' ? parameterSlot(file, root) : undefined;
    if (slot?.of === fn) {
      const passed = again && argumentAt(again, slot.index);
      // Left out, it starts from its default again.
      if (passed === 'unknown' || (passed && !isSameName(passed, root))) return true;
    }
    return changesIn(file, fn, read) || isMarkedIn(call, read);
  });
}

function mayDecide(call: TSESTree.CallExpression): boolean {
  const name = lastNameOf(call.callee) ?? '';
  const object = call.callee.type === 'MemberExpression' ? (lastNameOf(call.callee.object) ?? '') : '';
  return !/^is\w*Error$|^(?:includes|indexOf|startsWith|match|test|some|has|get|json|text|parse|keys|isArray|toLowerCase)$/.test(name) && !isRenewing(name, object);
}

function argumentAt(call: TSESTree.CallExpression, index: number): Node | 'unknown' | undefined {
  return call.arguments.slice(0, index + 1).some((argument) => argument.type === 'SpreadElement') ? 'unknown' : call.arguments[index];
}

/** `send({ ...config, isRetry: true })` behind a test of `config.isRetry`. */
function isMarkedIn(call: Node, read: Node): boolean {
  const name = read.type === 'MemberExpression' ? nameOf(read) : undefined;
  return name !== undefined && call.type === 'CallExpression' && call.arguments.some((argument) => argument.type === 'ObjectExpression' && argument.properties.some((property) => property.type === 'Property' && nameOf(property) === name));
}

function isSameName(passed: Node, name: Node): boolean {
  const inner = unwrap(passed);
  return inner.type === 'Identifier' && name.type === 'Identifier' && inner.name === name.name;
}

/** The tests that a call stands behind: those around it, and those before it that leave the function. */
function guardsOf(file: FileModel, fn: Node, call: Node): Node[] {
  const found: Node[] = [];
  for (let child = call, parent = call.parent; parent && parent !== fn; child = parent, parent = parent.parent) {
    if ((parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.test !== child) found.push(parent.test);
    else if (parent.type === 'LogicalExpression' && parent.right === child) found.push(parent.left);
    else if (LOOPS.has(parent.type) && (parent as TSESTree.WhileStatement).test) found.push((parent as TSESTree.WhileStatement).test);
    else if (parent.type === 'SwitchCase') found.push((parent.parent as TSESTree.SwitchStatement).discriminant);
  }
  const stack: Node[] = [fn];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'IfStatement' && node.range[1] <= call.range[0] && leaves(file, node.consequent)) found.push(node.test);
    stack.push(...childrenOf(file.source, node));
  }
  return found;
}

function leaves(file: FileModel, statement: Node): boolean {
  const stack: Node[] = [statement];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'ReturnStatement' || node.type === 'ThrowStatement' || node.type === 'BreakStatement') return true;
    if (!isFunction(node)) stack.push(...childrenOf(file.source, node));
  }
  return false;
}

/** The variables and members that a test reads; a name that stands for another test brings that one's. */
function readsIn(file: FileModel, test: Node, depth = 0): Node[] {
  const found: Node[] = [];
  const stack: Node[] = [test];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'MemberExpression') {
      found.push(node);
      stack.push(node.object);
      continue;
    }
    if (node.type === 'Identifier') {
      found.push(node);
      const declared = variableOf(file.source, node)?.defs[0]?.node as Node | undefined;
      if (depth < 2 && declared?.type === 'VariableDeclarator' && declared.init && declared.id.type === 'Identifier' && /^(?:Binary|Logical|Unary)Expression$/.test(declared.init.type)) {
        found.push(...readsIn(file, declared.init, depth + 1));
      }
      continue;
    }
    stack.push(...childrenOf(file.source, node));
  }
  return found;
}

function rootOf(node: Node): Node {
  let current = unwrap(node);
  while (current.type === 'MemberExpression') current = unwrap(current.object);
  return current;
}

/** Is a place written in a function, or in one that it calls by name, and kept beyond a single run of it? */
function changesIn(file: FileModel, fn: Node, place: Node): boolean {
  const inner = unwrap(place);
  if (inner.type === 'Identifier') {
    const declared = variableOf(file.source, inner)?.defs[0];
    const declarator = declared?.node as Node | undefined;
    // `const { retry } = options; … options.retry = true`
    if (declarator?.type === 'VariableDeclarator' && declarator.id.type === 'ObjectPattern' && declarator.init) {
      const { init } = declarator;
      return file.allIn('AssignmentExpression', fn).some(({ left }) => left.type === 'MemberExpression' && nameOf(left) === inner.name && isSamePlace(file, left.object, init));
    }
    if (!declared || (within(declared.node as Node, fn) && (declared.type as string) !== 'Parameter')) return false;
  } else if (inner.type !== 'MemberExpression') return false;
  const isIt = (target: Node) => isSamePlace(file, target, inner);
  return file.allIn('UpdateExpression', fn).some(({ argument }) => isIt(argument)) || file.allIn('AssignmentExpression', fn).some(({ left }) => isIt(left as Node));
}

// ---- loops ----

function loops(file: FileModel, { cause }: Reaction, part: Node): AuthRetry[] {
  for (let loop = cause.parent; loop && !isFunction(loop); loop = loop.parent) {
    if (!LOOPS.has(loop.type)) continue;
    const { test } = loop as TSESTree.WhileStatement;
    if (!mayGoRoundForever(file, loop, test, part) || leavesLoop(part)) return [];
    // Every place that changes inside the loop counts here, also one of the function's own; of the loop's own test, a counter.
    const isChanged = (read: Node, isSet: boolean) => {
      const isIt = (target: Node) => isSamePlace(file, target, read);
      return file.allIn('UpdateExpression', loop).some(({ argument }) => isIt(argument)) ||
        file.allIn('AssignmentExpression', loop).some(({ left, operator, right }) => (operator !== '=' || (isSet && unwrap(right).type === 'Literal')) && isIt(left as Node));
    };
    const isCounted = (test != null && readsIn(file, test).some((read) => isChanged(read, false))) ||
      [...guardsOf(file, loop, part), cause].some((guard) => guard !== test && readsIn(file, guard).some((read) => isChanged(read, true)));
    const renewing = callsIn(file, part).find((call) => renewsIn(file, call, { orKept: true }));
    return isCounted || !renewing ? [] : [{ kind: 'loop', node: renewing }];
  }
  return [];
}

/** Does a loop go round after a reaction whatever happens: no test, one that holds while the token is refused, a flag that the reaction leaves alone? */
function mayGoRoundForever(file: FileModel, loop: Node, test: Node | null | undefined, part: Node): boolean {
  if (!test) return true;
  const inner = unwrap(test);
  if (inner.type === 'Literal') return Boolean(inner.value);
  if (looksForRejection(file, inner)) return true;
  const flag = inner.type === 'UnaryExpression' && inner.operator === '!' ? unwrap(inner.argument) : undefined;
  const writes = flag?.type === 'Identifier' ? (variableOf(file.source, flag)?.references.filter((reference) => reference.isWrite() && within(reference.identifier as Node, loop)) ?? []) : [];
  return writes.length > 0 && writes.every((reference) => !within(reference.identifier as Node, part) && reference.writeExpr?.type === 'Literal');
}

/** Does a reaction end in a return, a throw or a break, so that the loop does not come round? */
function leavesLoop(part: Node): boolean {
  const last = part.type === 'BlockStatement' ? part.body.at(-1) : part;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement' || last?.type === 'BreakStatement';
}

// ---- interceptors ----

/** The calls in an interceptor that send the request again through the client that the interceptor stands on. */
function replays(file: FileModel, handler: FunctionNode, client: Node): AuthRetry[] {
  const isClient = (callee: Node): boolean => {
    const inner = unwrap(callee);
    if (isSamePlace(file, inner, client)) return true;
    return inner.type === 'MemberExpression' && nameOf(inner) === 'request' && isSamePlace(file, inner.object, client);
  };
  return callsIn(file, handler.body).flatMap((call): AuthRetry[] => {
    if (!isClient(call.callee) || bounds(file, handler, call, undefined) || ejects(file, handler)) return [];
    return [{ kind: 'interceptor', node: call }];
  });
}

function ejects(file: FileModel, handler: Node): boolean {
  return callsIn(file, handler).some((call) => call.callee.type === 'MemberExpression' && nameOf(call.callee) === 'eject');
}

// ---- errors that a new token does not cure ----

/** Every refresh of a file on an error that stays. */
function incurables(file: FileModel): AuthRetry[] {
  if (![...INCURABLE].some((error) => file.source.text.includes(error))) return [];
  const errors = positionsOfNodes(file.all('Literal').filter(({ value }) => INCURABLE.has(String(value))));
  if (errors.isEmpty) return [];
  const choices: { test: Node; region: readonly Node[] }[] = [
    ...file.all('IfStatement').map(({ test, consequent }) => ({ test, region: [consequent] })),
    ...file.all('ConditionalExpression').map(({ test, consequent }) => ({ test, region: [consequent] })),
    ...file.all('LogicalExpression').flatMap(({ operator, left, right }) => (operator === '&&' ? [{ test: left, region: [right] }] : [])),
    ...file.all('SwitchCase').flatMap((node) => (node.test ? [{ test: node.test, region: fallingThrough(node) }] : [])),
  ];
  return choices.flatMap(({ test, region }) => (errors.isAnyIn(test) ? (curesNothing(file, test, region) ?? []) : []));
}

const INCURABLE = new Set(['REQUEST_LIMIT_EXCEEDED', 'invalid_grant', '403']);

/** A refresh on an error that stays: a limit, a refused grant, a permission that is missing. */
function curesNothing(file: FileModel, test: Node, region: readonly Node[]): AuthRetry | undefined {
  const texts = comparedTexts(file, test);
  const error = texts.find((text) => text === 'REQUEST_LIMIT_EXCEEDED' || text === 'invalid_grant') ?? (texts.includes('403') && !isNarrowed(file, test) ? '403' : undefined);
  if (error === undefined || !mentionsSalesforce(file) || addressesAround(file, test) === false) return undefined;
  const renewing = region.flatMap((part) => callsIn(file, part)).find((call) => isRefreshing(lastNameOf(call.callee) ?? ''));
  return renewing && { kind: 'incurable', node: renewing, error };
}

/** Is a 403 looked at more closely: `status === 403 && text === 'Bad_OAuth_Token'`? */
function isNarrowed(file: FileModel, test: Node): boolean {
  const literal = file.all('Literal').find((one) => within(one, test) && String(one.value) === '403');
  for (let child: Node = literal ?? test; child !== test && child.parent; child = child.parent) {
    const { parent } = child;
    if (parent.type !== 'LogicalExpression' || parent.operator !== '&&') continue;
    const other = unwrap(parent.left === child ? parent.right : parent.left);
    if (other.type === 'BinaryExpression' || other.type === 'CallExpression') return true;
  }
  return false;
}

function comparedTexts(file: FileModel, test: Node): string[] {
  const found: string[] = [];
  const stack: Node[] = [test];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'Literal') found.push(String(node.value));
    // `status !== 403` is about the others.
    const isNegated = (node.type === 'BinaryExpression' && (node.operator === '!==' || node.operator === '!=')) || (node.type === 'UnaryExpression' && node.operator === '!');
    if (!isFunction(node) && !isNegated) stack.push(...childrenOf(file.source, node));
  }
  return found;
}

// ---- small helpers ----

function callsIn(file: FileModel, top: Node): readonly TSESTree.CallExpression[] {
  return file.allIn('CallExpression', top);
}
