/** Is something set in the very run that uses it: before, on no condition of its own, in a function that runs just then? */
import type { FileModel } from '../file';
import { callsOf } from '../flow';
import { functionsAround } from './reactions';
import { callOf, childrenOf, functionAround, isFunction, nameOf, wrapped, type FunctionNode } from '../scope';
import type { Node } from '../source';

/** Writes that happen only when nothing is there. */
const LOGICAL_WRITES = new Set(['??=', '||=', '&&=']);

/** Is a session that a client keeps set in the very run that leads to its use? */
export function isSetBefore(file: FileModel, places: readonly Node[], at: Node): boolean {
  const around = functionsAround(at);
  if (around.length === 0) return true;
  const seen = new Set<Node>();
  const leading = [...places];
  for (let place = leading.pop(); place && seen.size < 100; place = leading.pop()) {
    if (seen.has(place)) continue;
    seen.add(place);
    if (isJustBefore(place, at) || isFollowedBy(place, at)) return true;
    const setter = functionAround(place);
    if (setter && !around.includes(setter) && !isConditional(place, setter) && !returnsEarly(file, setter, place)) leading.push(...callsOf(file, setter));
  }
  return false;
}

/** Does a use stand in a callback of a call, or in a later step of its chain: `login(() => use())`, `login().then(() => use())`? */
function isFollowedBy(call: Node, at: Node): boolean {
  let last = wrapped(call);
  for (let member = last.parent; member?.type === 'MemberExpression' && member.object === last; member = last.parent) {
    const step = callOf(member);
    if (!step) break;
    last = wrapped(step);
  }
  return last.range[0] <= at.range[0] && at.range[1] <= last.range[1];
}

/** Does a variable of this function live on after it, in a function that the function hands out? */
export function outlives(home: FunctionNode, at: Node): boolean {
  for (let fn = functionAround(at); fn && fn !== home; fn = functionAround(fn)) {
    const holder = fn.parent;
    if (holder?.type === 'ReturnStatement' || (holder?.type === 'ArrowFunctionExpression' && holder.body === fn)) return true;
    if (holder?.type === 'Property' && holder.parent?.parent?.type === 'ReturnStatement') return true;
    if (holder?.type === 'CallExpression' && holder.callee.type === 'MemberExpression' && /^(?:on|once|addEventListener|get|post|put|patch|use|all|subscribe|schedule)$/.test(nameOf(holder.callee) ?? '') && holder.arguments.length > 1) return true;
    if (holder?.type === 'CallExpression' && holder.callee.type === 'Identifier' && holder.callee.name === 'setInterval') return true;
  }
  return false;
}

/** Is a place in the same run as the use, before it and on no condition of its own? */
export function isJustBefore(place: Node, at: Node): boolean {
  const fn = functionAround(at);
  if (!fn || place.range[0] > at.range[0]) return false;
  const own = functionAround(place);
  if (own !== fn && (!own || !functionsAround(at).includes(own))) return false;
  if (own !== undefined && own !== fn && outlives(own, at)) return false;
  for (let current = place.parent; current && current !== own; current = current.parent) {
    if (current.type === 'AssignmentExpression' && LOGICAL_WRITES.has(current.operator)) return false;
    const isChoice = current.type === 'IfStatement' || current.type === 'ConditionalExpression' || current.type === 'LogicalExpression' || current.type === 'SwitchCase';
    if (isChoice && !(current.range[0] <= at.range[0] && at.range[1] <= current.range[1])) return false;
  }
  return own !== undefined;
}

/** `await this.login()` before the use, where `login` sets the field on no condition. */
export function isSetByCallBefore(file: FileModel, write: Node, at: Node): boolean {
  const setter = functionAround(write);
  if (!setter || setter === functionAround(at) || isConditional(write, setter) || returnsEarly(file, setter, write)) return false;
  return callsOf(file, setter).some((call) => isJustBefore(call, at));
}

// ---- small helpers ----

function isConditional(node: Node, inside: Node): boolean {
  for (let current = node.parent; current && current !== inside; current = current.parent) {
    if (current.type === 'IfStatement' || current.type === 'ConditionalExpression' || current.type === 'LogicalExpression') return true;
  }
  return false;
}

/** Can a function return before it comes to a node: `if (this.token) return this.token`? */
function returnsEarly(file: FileModel, fn: FunctionNode, node: Node): boolean {
  const stack: Node[] = [fn.body];
  for (let current = stack.pop(); current; current = stack.pop()) {
    if (current.type === 'ReturnStatement' && current.range[1] < node.range[0]) return true;
    // What starts behind the node holds nothing before it.
    if (isFunction(current) || current.range[0] >= node.range[0]) continue;
    stack.push(...childrenOf(file.source, current));
  }
  return false;
}
