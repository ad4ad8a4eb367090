/** Code that runs when a request fails: tests of its answer, catch clauses, rejection handlers; and what such a test looks for. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { contains, childrenOf, functionAround, isFunction, nameOf, returnsOf, unwrap, variableOf, type FunctionNode } from '../scope';
import type { Node } from '../source';
import { REJECTION } from '../vocabulary/rejection';

/** Code that runs when a request fails. */
export interface Reaction {
  /** What chose it: a test, a catch clause, a callback. */
  cause: Node;
  /** The call that its handler is given to, where that stands elsewhere. */
  at?: Node;
  region: readonly Node[];
  /** Does it look for a rejected token, or does any failure lead here? */
  specific: boolean;
}

const NEGATIONS = new Set(['!==', '!=']);
const COMPARISONS = new Set(['===', '==', '!==', '!=']);
const LOOKUPS = new Set(['includes', 'indexOf', 'startsWith', 'match', 'search', 'has', 'test', 'some']);
const STATUS_NAME = /^(?:status|status_?code|error_?code|code)$/i;
const REJECTION_MEMBER = /unauthori[sz]ed|(?:session|token)_?expired|(?:auth|token)_?(?:failed|invalid|rejected)/i;
const SAYS_REJECTED = new RegExp(`^(?:is_?)?(?:${REJECTION_MEMBER.source})$`, 'i');
/** What classes of errors, functions and constants that stand for a rejected token are called. */
const REJECTION_CLASS = /unauthori[sz]ed|auth\w*error|session\w*(?:expired|error)|tokenexpired/i;
const REJECTION_TEST = /expired|unauthori[sz]ed|auth\w*(?:error|fail)|(?:session|token)\w*(?:invalid|error|reject)|invalid\w*(?:session|token)|401/i;
const REJECTION_CONSTANT = /unauthori[sz]ed|unauthenticated|invalid_?session|session_?expired/i;
/** One of these words stands in every file that looks for one, unless a function that is called so does. */
const REJECTION_WORD = new RegExp([REJECTION, REJECTION_MEMBER, REJECTION_CLASS, REJECTION_CONSTANT].map(({ source }) => source).join('|'), 'i');
const FAILURE_NAMES = 'e|ex|err|error|exception|reason|fault|res|resp|response|result|body|status|statusCode|code|message';
const FAILURE_NAME = new RegExp(`^(?:${FAILURE_NAMES})$`, 'i');
/** `isExpired(error)`, declarations left out. */
const REJECTION_CALL = new RegExp(`(?:${REJECTION_TEST.source})\\w*(?<!function\\s+\\w*)\\s*(?:\\?\\.|<[^>]*>)?\\s*\\([^;{}]{0,300}?\\b(?:${FAILURE_NAMES})\\b(?!\\s*[.(\\[])`, 'i');

// ---- reactions in the code around ----

/** The code that runs when what a node does fails, in the functions around it; siblings with names of their own are left out. */
export function reactionsTo(file: FileModel, node: Node): Reaction[] {
  const functions = functionsAround(node);
  const top = functions.at(-1);
  const holders: Node[] = functions.filter(isSeparate);
  if (!top || !isSeparate(top)) holders.push(file.source.ast);
  const known = reactionsByHolder(file);
  return holders.flatMap((holder) => known.get(holder) ?? []).filter((reaction) => (!top || within(reaction.at ?? reaction.cause, top)) && isRelated(reaction, node));
}

const reactionsByFile = new WeakMap<FileModel, ReadonlyMap<Node, Reaction[]>>();

/** The reactions of a file by the function with a life of its own that they stand in, or by the program. */
function reactionsByHolder(file: FileModel): ReadonlyMap<Node, Reaction[]> {
  let known = reactionsByFile.get(file);
  if (known) return known;
  const found = new Map<Node, Reaction[]>();
  for (const reaction of reactionsOf(file)) {
    const holder = functionsAround(reaction.at ?? reaction.cause).find(isSeparate) ?? file.source.ast;
    const list = found.get(holder);
    if (list) list.push(reaction);
    else found.set(holder, [reaction]);
  }
  reactionsByFile.set(file, (known = found));
  return known;
}

const allReactions = new WeakMap<FileModel, readonly Reaction[]>();

/** Every reaction of a file. */
export function reactionsOf(file: FileModel): readonly Reaction[] {
  let reactions = allReactions.get(file);
  if (!reactions) {
    const nodes: Node[] = [
      ...file.all('IfStatement'), ...file.all('WhileStatement'), ...file.all('ConditionalExpression'), ...file.all('LogicalExpression'), ...file.all('SwitchCase'),
      ...file.all('CatchClause'), ...file.methodCalls.named('catch', 'then'),
    ];
    allReactions.set(file, (reactions = nodes.flatMap((node) => reactionAt(file, node, 0) ?? [])));
  }
  return reactions;
}

/** Every reaction inside a node. */
export function reactionsIn(file: FileModel, top: Node, depth = 0): Reaction[] {
  const found: Reaction[] = [];
  const stack: Node[] = [top];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const reactions = reactionAt(file, node, depth);
    if (reactions) found.push(...reactions);
    stack.push(...childrenOf(file.source, node));
  }
  return found;
}

/** A function with a life of its own, rather than a callback written where it is used. */
function isSeparate(fn: FunctionNode): boolean {
  const holder = fn.parent;
  // `xhr.onload = function () { … }` is a callback too.
  if (holder?.type === 'AssignmentExpression' && /^on[a-z]/.test(lastNameOf(holder.left as Node) ?? '')) return false;
  return fn.type === 'FunctionDeclaration' || holder?.type === 'VariableDeclarator' || holder?.type === 'MethodDefinition' || holder?.type === 'PropertyDefinition' ||
    holder?.type === 'AssignmentExpression';
}

function reactionAt(file: FileModel, node: Node, depth: number): Reaction[] | undefined {
  switch (node.type) {
    case 'IfStatement': {
      const specific = looksForRejection(file, node.test);
      // `if (answer.ok) return answer;`: what follows is for the others.
      if (!specific && looksForSuccess(file, node.test)) return [{ cause: node.test, specific, region: [...(node.alternate ? [node.alternate] : []), ...(leaves(node.consequent) ? after(node) : [])] }];
      if (!specific && !looksForFailure(file, node.test)) return undefined;
      return [{ cause: node.test, specific, region: isNegated(file, node.test) ? [...(node.alternate ? [node.alternate] : []), ...after(node)] : [node.consequent] }];
    }
    case 'WhileStatement':
      return looksForRejection(file, node.test) && !isNegated(file, node.test) ? [{ cause: node.test, specific: true, region: [node.body] }] : undefined;
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
      return bodiesOf(file, handler).flatMap((body): Reaction[] => [{ cause: node, specific: false, region: [body] }, ...(depth > 0 || within(body, node) ? [] : reactionsIn(file, body, depth + 1).map((reaction) => ({ ...reaction, at: node })))]);
    }
    default:
      return undefined;
  }
}

/** Is a reaction one to what a node does: after it, and not in the catch of something else? */
function isRelated({ cause: written, at, region }: Reaction, node: Node): boolean {
  if (region.some((part) => within(node, part))) return true;
  const cause = at ?? written;
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
export function fallingThrough(node: TSESTree.SwitchCase): Node[] {
  const { cases } = node.parent as TSESTree.SwitchStatement;
  for (const one of cases.slice(cases.indexOf(node))) if (one.consequent.length > 0) return one.consequent;
  return [];
}

// ---- tests ----

/** Does a test look for a rejected token: a 401, `INVALID_SESSION_ID`, or their like? */
export function looksForRejection(file: FileModel, test: Node, depth = 0): boolean {
  const signs = rejectionSigns(file);
  if (!signs.isAny) return false;
  const answers = signs.answers[depth]!;
  let answer = answers.get(test);
  if (answer === undefined) answers.set(test, (answer = readTest(file, test, depth)));
  return answer;
}

const DEEPEST_TEST = 2;

interface RejectionSigns {
  words: boolean;
  /** Words, or a call that a test may ask. */
  isAny: boolean;
  /** What is known of each test, by how many names lie between it and the question. */
  answers: readonly Map<Node, boolean>[];
}

const signsByFile = new WeakMap<FileModel, RejectionSigns>();

/** Has a file any word of a rejected token at all? In most it saves the reading of every test. */
function rejectionSigns(file: FileModel): RejectionSigns {
  let signs = signsByFile.get(file);
  if (!signs) {
    const { text } = file.source;
    const words = REJECTION_WORD.test(text);
    signsByFile.set(file, (signs = { words, isAny: words || REJECTION_CALL.test(text), answers: Array.from({ length: DEEPEST_TEST + 1 }, () => new Map<Node, boolean>()) }));
  }
  return signs;
}

function readTest(file: FileModel, test: Node, depth: number): boolean {
  return testsIn(file, test).some((node) => {
    switch (node.type) {
      case 'BinaryExpression':
        if (node.operator === 'instanceof') return REJECTION_CLASS.test(lastNameOf(node.right) ?? '');
        return COMPARISONS.has(node.operator) && (isRejectionText(file, node.right) || isRejectionText(file, node.left as Node)) && !isArrayTakenForObject(file, node);
      case 'CallExpression': {
        const name = node.callee.type === 'Identifier' ? node.callee.name : (nameOf(node.callee) ?? '');
        const parts = node.callee.type === 'MemberExpression' ? [node.callee.object, ...node.arguments] : node.arguments;
        if (LOOKUPS.has(name)) return parts.some((part) => isRejectionText(file, part));
        if (REJECTION_TEST.test(name)) {
          return node.arguments.some((argument) => FAILURE_NAME.test(lastNameOf(argument) ?? ''));
        }
        return depth < DEEPEST_TEST && file.values.of(node.callee).some((value) => value.kind === 'function' && returnsOf(file.source, value.node).some((returned) => looksForRejection(file, returned, depth + 1)));
      }
      case 'Identifier': {
        const declared = depth < DEEPEST_TEST ? (variableOf(file.source, node)?.defs[0]?.node as Node | undefined) : undefined;
        return declared?.type === 'VariableDeclarator' && declared.init != null && declared.id.type === 'Identifier' && looksForRejection(file, declared.init, depth + 1);
      }
      case 'MemberExpression':
        // `if (error.unauthorized)`; a part of a longer path says nothing by itself.
        return SAYS_REJECTED.test(nameOf(node) ?? '') && node.parent?.type !== 'MemberExpression';
      default:
        return false;
    }
  });
}

/** Does a test hold for other failures only: a 403, a timeout, an `errorCode` that is never there? */
export function looksElsewhere(file: FileModel, test: Node): boolean {
  const inner = unwrap(test);
  if (looksForRejection(file, inner)) return false;
  if (inner.type === 'LogicalExpression') {
    const sides = [inner.left, inner.right].map((side) => looksElsewhere(file, side));
    return inner.operator === '&&' ? sides.includes(true) : !sides.includes(false);
  }
  if (inner.type === 'BinaryExpression') {
    if (inner.operator !== '===' && inner.operator !== '==') return false;
    const sides = [inner.left as Node, inner.right];
    return sides.some((side) => STATUS_NAME.test(lastNameOf(side) ?? '')) && sides.some((side) => file.values.strings(side).length > 0);
  }
  if (inner.type !== 'CallExpression' || inner.callee.type !== 'MemberExpression' || !LOOKUPS.has(nameOf(inner.callee) ?? '')) return false;
  return inner.arguments.some((argument) => STATUS_NAME.test(lastNameOf(argument) ?? '')) || STATUS_NAME.test(lastNameOf(inner.callee.object) ?? '');
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
  if (depth > 5 || !rejectionSigns(file).words) return false;
  const inner = unwrap(node);
  if (inner.type === 'Literal' && 'regex' in inner) return REJECTION.test(inner.regex.pattern);
  if (inner.type === 'ArrayExpression') return inner.elements.some((element) => element !== null && isRejectionText(file, element, depth + 1));
  if (file.values.strings(inner).some((text) => text.length < 120 && REJECTION.test(text))) return true;
  if (inner.type === 'Identifier' || inner.type === 'MemberExpression') {
    if (REJECTION_CONSTANT.test(lastNameOf(inner) ?? '')) return true;
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

/** Does a test hold whenever a request failed: `!response.ok`, `if (err)`, `status !== 200`, `status >= 400`? */
function looksForFailure(file: FileModel, test: Node): boolean {
  const inner = unwrap(test);
  if (inner.type === 'Identifier') return /^(?:e|err|error)$/.test(inner.name);
  if (inner.type === 'UnaryExpression') return inner.operator === '!' && SUCCESS_NAME.test(lastNameOf(inner.argument) ?? '');
  if (inner.type === 'LogicalExpression') return looksForFailure(file, inner.left) || looksForFailure(file, inner.right);
  if (inner.type !== 'BinaryExpression') return false;
  if (NEGATIONS.has(inner.operator)) {
    return inner.right.type === 'Literal' ? String(inner.right.value) === '200' : STATUS_NAME.test(lastNameOf(inner.left as Node) ?? '') && file.values.strings(inner.right).includes('200');
  }
  return (inner.operator === '>' || inner.operator === '>=') && STATUS_NAME.test(lastNameOf(inner.left as Node) ?? '') && file.values.strings(inner.right).some((text) => /^(?:299|300|399|400)$/.test(text));
}

const SUCCESS_NAME = /^(?:ok|success|isSuccess\w*)$/;

function looksForSuccess(file: FileModel, test: Node): boolean {
  const inner = unwrap(test);
  if (inner.type !== 'BinaryExpression') return inner.type === 'MemberExpression' && nameOf(inner) === 'ok';
  return (inner.operator === '===' || inner.operator === '==') && STATUS_NAME.test(lastNameOf(inner.left as Node) ?? '') && file.values.strings(inner.right).includes('200');
}

/** Does a statement end its function's run? */
function leaves(statement: Node): boolean {
  const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : statement;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

function isNegated(file: FileModel, test: Node): boolean {
  const inner = unwrap(test);
  if (inner.type === 'UnaryExpression') return inner.operator === '!' && looksForRejection(file, inner.argument);
  if (inner.type === 'LogicalExpression') return [inner.left, inner.right].some((side) => looksForRejection(file, side) && isNegated(file, side));
  return inner.type === 'BinaryExpression' && NEGATIONS.has(inner.operator) && looksForRejection(file, inner);
}

// ---- small helpers ----

export function bodiesOf(file: FileModel, handler: Node): Node[] {
  return file.values.of(handler).flatMap((value) => (value.kind === 'function' ? [value.node.body] : []));
}

export function within(inner: Node, outer: Node): boolean {
  return contains(outer, inner);
}

/** `d` of `a.b.d` and of `d`. */
export function lastNameOf(node: Node): string | undefined {
  const inner = unwrap(node);
  return inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? nameOf(inner) : undefined;
}

export function functionsAround(node: Node): FunctionNode[] {
  const found: FunctionNode[] = [];
  for (let fn = functionAround(node); fn; fn = functionAround(fn)) found.push(fn);
  return found;
}
