/** What code does about a rejected token: obtain a new one, drop the old one, or only send again. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { isSamePlace } from '../objects';
import { functionsAround, lastNameOf, looksElsewhere, within } from './reactions';
import { childrenOf, functionName, nameOf, returnsOf, unwrap, variableOf, type FunctionNode } from '../scope';
import type { Node } from '../source';
import { isRenewing, isSendingUser, LOGIN_PAGE } from '../vocabulary/rejection';

export interface Asked {
  /** How many functions lie between the code and the question. */
  depth?: number;
  /** Does a call count that may hand out the kept token again: `getToken()` with `if (token) return token`? */
  orKept?: boolean;
}

/** Does some code obtain a new token, drop the old one, or send its user to log in again? */
export function renewsIn(file: FileModel, top: Node, { depth = 0, orKept = false }: Asked = {}): boolean {
  let known = renewing.get(file);
  if (!known) renewing.set(file, (known = Array.from({ length: 2 * (DEEPEST + 1) }, () => new Map<Node, boolean>())));
  const answers = known[2 * depth + Number(orKept)]!;
  let answer = answers.get(top);
  if (answer === undefined) {
    // What comes back to itself adds nothing.
    answers.set(top, false);
    answers.set(top, (answer = findRenewal(file, top, { depth, orKept })));
  }
  return answer;
}

const DEEPEST = 2;
/** What is known of each piece of code, by the question. */
const renewing = new WeakMap<FileModel, Map<Node, boolean>[]>();

function findRenewal(file: FileModel, top: Node, asked: Required<Asked>): boolean {
  const stack: Node[] = [top];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'CallExpression') {
      if (!asked.orKept && handsOutKept(file, node)) continue;
      if (renews(file, node, asked)) return true;
    }
    if (node.type === 'AssignmentExpression' && dropsToken(file, node, asked.orKept)) return true;
    if (node.type === 'UnaryExpression' && node.operator === 'delete' && TOKEN_NAME.test(lastNameOf(node.argument) ?? '')) return true;
    // A renewal on a 403 or a timeout is none of a rejected token.
    if (node.type === 'IfStatement' && looksElsewhere(file, node.test)) {
      if (node.alternate) stack.push(node.alternate);
      continue;
    }
    stack.push(...childrenOf(file.source, node));
  }
  return false;
}

/** `window.location = …`, `location.href = …` */
const PAGE_NAME = /^(?:href|location)$/;
const TOKEN_NAME = /token|session|auth|conn|access|cache|cred|sid$|login|client/i;

function dropsToken(file: FileModel, write: TSESTree.AssignmentExpression, orKept: boolean): boolean {
  const name = lastNameOf(write.left as Node) ?? '';
  if (PAGE_NAME.test(name)) return isLoginPage(file, write.right);
  if (!TOKEN_NAME.test(name) || /error|message|status/i.test(name)) return false;
  const given = unwrap(write.right);
  if (given.type === 'CallExpression') return orKept || !handsOutKept(file, given);
  return file.values.of(given).every((value) => value.kind === 'literal' && !value.value);
}

function renews(file: FileModel, call: TSESTree.CallExpression, { depth, orKept }: Required<Asked>): boolean {
  const name = call.callee.type === 'Identifier' ? call.callee.name : (nameOf(call.callee) ?? '');
  const object = call.callee.type === 'MemberExpression' ? (lastNameOf(call.callee.object) ?? '') : '';
  if (isRenewing(name, object)) return true;
  if (isSendingUser(name, object)) return call.arguments.some((argument) => isLoginPage(file, argument, name === 'redirect'));
  const [first] = call.arguments;
  // A request to an address that hands out tokens.
  if (first && /^(?:fetch|get|post|request|axios|rp|got|put)$/i.test(name) && file.values.strings(first).some((text) => /token|refresh|log-?in|oauth|\/auth/i.test(text))) return true;
  if (name === 'resolve' || name === 'reject') return false;
  return depth < DEEPEST && file.values.of(call.callee).some((value) => value.kind === 'function' && !within(call, value.node) && renewsIn(file, value.node.body, { depth: depth + 1, orKept }));
}

/** Is a page one where its user logs in? What is not written out may be. */
function isLoginPage(file: FileModel, page: Node, orUnknown = true): boolean {
  if (page.type === 'Literal' && typeof page.value === 'number') return false;
  const texts = file.values.strings(page);
  return texts.some((text) => LOGIN_PAGE.test(text)) || (orUnknown && (texts.length === 0 || texts.some((text) => text.startsWith('\0'))));
}

/** Does some code send its user to any other page? Of a rejected token, that is a way to a new login. */
export function sendsAwayIn(file: FileModel, top: Node): boolean {
  const stack: Node[] = [top];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'CallExpression' && isSendingUser(lastNameOf(node.callee) ?? '', node.callee.type === 'MemberExpression' ? (lastNameOf(node.callee.object) ?? '') : '')) return true;
    if (node.type === 'AssignmentExpression' && PAGE_NAME.test(lastNameOf(node.left as Node) ?? '')) return true;
    stack.push(...childrenOf(file.source, node));
  }
  return false;
}

/** Is a call one of an own function that gives back the token it has: `if (token) return token`, `return token ??= await login()`? */
function handsOutKept(file: FileModel, call: TSESTree.CallExpression): boolean {
  if (call.arguments.length > 0) return false;
  const functions = file.values.of(call.callee).flatMap((value) => (value.kind === 'function' ? [value.node] : []));
  return functions.length > 0 && functions.every((fn) => returnsKept(file, fn));
}

const keptByFunction = new WeakMap<Node, boolean>();

function returnsKept(file: FileModel, fn: FunctionNode): boolean {
  let answer = keptByFunction.get(fn);
  if (answer === undefined) keptByFunction.set(fn, (answer = returnsOf(file.source, fn).some((returned) => isGuardedReturn(file, returned, fn) || isFilledWhenEmpty(file, returned, fn))));
  return answer;
}

/** `if (token) return token` and `if (token && !isOld()) return token`. */
function isGuardedReturn(file: FileModel, returned: Node, fn: FunctionNode): boolean {
  const value = unwrap(returned);
  if (!isKeptPlace(file, value, fn)) return false;
  let guard: Node | undefined = returned.parent;
  while (guard && guard !== fn && guard.type !== 'IfStatement') guard = guard.parent;
  return guard?.type === 'IfStatement' && within(returned, guard.consequent) && conjuncts(guard.test).some((part) => isSamePlace(file, part, value));
}

/** `return token ??= await login()`, `return token || (token = await login())`. */
function isFilledWhenEmpty(file: FileModel, returned: Node, fn: FunctionNode): boolean {
  const value = unwrap(returned);
  if (value.type === 'AssignmentExpression') return (value.operator === '??=' || value.operator === '||=') && isKeptPlace(file, value.left as Node, fn);
  if (value.type !== 'LogicalExpression' || value.operator === '&&') return false;
  const other = unwrap(value.right);
  return isKeptPlace(file, unwrap(value.left), fn) && other.type === 'AssignmentExpression' && isSamePlace(file, other.left as Node, value.left);
}

function conjuncts(test: Node): Node[] {
  const inner = unwrap(test);
  return inner.type === 'LogicalExpression' && inner.operator === '&&' ? [...conjuncts(inner.left), ...conjuncts(inner.right)] : [inner];
}

/** A variable or field that lives on after a function. */
function isKeptPlace(file: FileModel, node: Node, fn: FunctionNode): boolean {
  let root = node;
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  if (root.type === 'ThisExpression') return node !== root;
  const declared = root.type === 'Identifier' ? variableOf(file.source, root)?.defs[0] : undefined;
  return declared !== undefined && (declared.type as string) === 'Variable' && !within(declared.node as Node, fn);
}

/** Does some code send anything: call what looks like a request, or the function that it stands in? */
export function sendsIn(file: FileModel, top: Node): boolean {
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
