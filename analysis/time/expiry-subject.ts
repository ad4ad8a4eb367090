/** Whose expiry it is: that of a token which the code uses, or something else's. */
import type { TSESTree } from '@typescript-eslint/utils';
import { clockOf } from './clock';
import type { FileModel } from '../file';
import { callsOf } from '../flow';
import type { Term } from './quantity';
import { concernsUs } from '../relevance';
import { contains, functionAround, functionName, isClass, isFunction, nameOf, unwrap, variableOf } from '../scope';
import type { Node } from '../source';
import { CLAIMS, isBufferName, isDurationName, isExpiryName, isStartName, standardUnit, wordsOf } from '../vocabulary/time';

const TOKEN_WORDS = new Set(['token', 'tokens', 'accesstoken', 'access', 'oauth', 'oauth2', 'auth', 'bearer', 'jwt', 'credential', 'credentials', 'creds', 'authentication', 'authenticated', 'authorization']);
const TOKEN_ITSELF = new Set(['token', 'tokens', 'accesstoken', 'jwt', 'bearer']);
/** Tokens that no OAuth client renews, and other things that expire. */
const OTHER_SUBJECTS = new Set([
  'invite', 'invitation', 'activation', 'reset', 'verification', 'csrf', 'xsrf', 'nonce', 'otp', 'cookie', 'cookies', 'scratch', 'trial', 'certificate', 'cert', 'certs', 'license',
  'traceflag', 'signed', 'upload', 'jwks', 'jwk', 'card', 'challenge', 'verify', 'mfa', 'apikey', 'share', 'blacklist', 'revoked', 'coupon',
]);
/** What a moment's own name says it is instead; the function around may well retry, check or lock and renew a token. */
const OTHER_MOMENTS = new Set([
  'state', 'password', 'price', 'quote', 'rate', 'rates', 'limit', 'limits', 'bucket', 'quota', 'lock', 'retry', 'retries', 'backoff', 'code', 'codes', 'used', 'throttle', 'poll', 'polling', 'check', 'checked', 'pending', 'subscription', 'webhook', 'trace',
]);
/** Things that expire and are tokens only where more says so. */
const DATA = new Set(['cache', 'cached', 'entry', 'item', 'data', 'user', 'users', 'response', 'org', 'orgs', 'file', 'record', 'url', 'job', 'message', 'member', 'key', 'row', 'meta', 'metadata', 'value', 'store', 'hit', 'memo', 'result']);

/** How much of a branch or callback is read for words. */
export const LONGEST_BRANCH = 600;

const some = (words: readonly string[], set: ReadonlySet<string>) => words.some((word) => set.has(word));

export function saysToken(words: readonly string[]): boolean {
  return some(words, TOKEN_WORDS) && !saysOther(words);
}

function saysOther(words: readonly string[]): boolean {
  return some(words, OTHER_SUBJECTS) || some(words, OTHER_MOMENTS);
}

/** An expiry by its name, or by what the file stores there. */
export function isExpiry(term: Term): boolean {
  if (isExpiryName(term.words)) return true;
  return term.stored.some((one) => one.now === 1 && one.terms.some((inner) => inner.sign === 1 && standardUnit(inner.name)));
}

/** Is a moment or lifetime that of a token which the code uses? */
export function isTokens(file: FileModel, node: Node, term: Term): boolean {
  const object = objectOf(term.node);
  const path = [...term.words, ...namesIn(term.node)];
  const surroundings = wordsAround(node);
  if (saysOther(path) || some(surroundings, OTHER_SUBJECTS)) return false;
  // A buffer of unknown size says nothing of a token itself; the function that it is used in may.
  if (isBufferName(term.words)) return some(surroundings, TOKEN_WORDS);
  // `authServerMetadataTTL`: what is said of a server, not a token of it.
  if (path.includes('metadata') && !some(path, TOKEN_ITSELF)) return false;
  if (!isExpiryName(term.words) && !isDurationName(term.words) && !isStartName(term.words) && !isExpiry(term)) return false;
  if (some(path, TOKEN_WORDS)) return true;
  if (standardUnit(term.name) || (term.name === 'issued_at' && concernsUs(file.source.text))) return true;
  if (term.stored.some((one) => one.terms.some((inner) => standardUnit(inner.name)))) return true;
  if (hasTokenBeside(file, node, term, object) || isPassedAsTokens(file, term)) return true;
  if (some(path, DATA)) return isNamedForToken(node);
  if (CLAIMS.has(term.name) && object) return true;
  if (some(surroundings, TOKEN_WORDS)) return true;
  if (functionAround(node)?.params.some((param) => some(namesIn(param), TOKEN_WORDS))) return true;
  return some(wordsBeside(file, node), TOKEN_ITSELF) || isInTokenClass(file, node, object);
}

const PREPOSITIONS = new Set(['by', 'from', 'for', 'of', 'to', 'with']);

/** Is the nearest function with a name about a token itself, as `getAccessToken` is and `getUserByToken` is not? */
function isNamedForToken(node: Node): boolean {
  for (let fn = functionAround(node); fn; fn = functionAround(fn)) {
    const name = functionName(fn);
    if (name === undefined) continue;
    const words = wordsOf(name);
    return words.some((word, index) => TOKEN_ITSELF.has(word) && !PREPOSITIONS.has(words[index - 1] ?? ''));
  }
  return false;
}

/** Do the names themselves say token? An age alone is anything's. */
export function isCalledToken(node: Node, term: Term): boolean {
  return some([...term.words, ...namesIn(term.node), ...wordsAround(node)], TOKEN_ITSELF);
}

/** Is a token kept in the same object: stored together, or read from it near by? */
function hasTokenBeside(file: FileModel, node: Node, term: Term, object: Node | undefined): boolean {
  for (const value of clockOf(file).storesOf(term.name)) {
    const { parent } = value;
    if (parent?.type === 'Property' && parent.parent.type === 'ObjectExpression') {
      if (parent.parent.properties.some((one) => one !== parent && one.type === 'Property' && some(wordsOf(nameOf(one) ?? ''), TOKEN_ITSELF))) return true;
    }
  }
  if (term.node.type === 'CallExpression') return !some(term.words, DATA) && storesToken(file);
  if (!object || object.type === 'ThisExpression') return false;
  const around = functionAround(node);
  return (tokenMembers(file).get(file.source.getText(object)) ?? []).some((member) => !around || contains(around, member));
}

const MOST_CALLS = 20;

/** Is it a parameter that a call in this file fills with a token's expiry: `isExpired(token.expiresAt)`? */
function isPassedAsTokens(file: FileModel, { node }: Term): boolean {
  const variable = node.type === 'Identifier' ? variableOf(file.source, node) : undefined;
  const fn = variable?.defs.find((def) => (def.type as string) === 'Parameter')?.node as Node | undefined;
  if (!isFunction(fn)) return false;
  const place = fn.params.findIndex((param) => (param.type === 'AssignmentPattern' ? param.left : param) === variable!.defs[0]!.name);
  return callsOf(file, fn).slice(0, MOST_CALLS).some((call) => place >= 0 && call.arguments[place] && saysToken(namesIn(call.arguments[place])));
}

const storingFiles = new WeakMap<FileModel, boolean>();

/** Does the file keep a token in the browser's storage? */
function storesToken(file: FileModel): boolean {
  let stores = storingFiles.get(file);
  if (stores === undefined) {
    stores = file.methodCalls.named('getItem', 'setItem').some(({ arguments: [key] }) => key?.type === 'Literal' && saysToken(wordsOf(String(key.value))));
    storingFiles.set(file, stores);
  }
  return stores;
}

/** The words of the condition that a comparison is part of, and of what follows from it. */
function wordsBeside(file: FileModel, node: Node): readonly string[] {
  const condition = conditionOf(node);
  const words = [...namesIn(condition)];
  const { parent } = condition;
  if (parent?.type === 'IfStatement' && parent.test === condition) words.push(...wordsOf(file.source.getText(parent.consequent).slice(0, LONGEST_BRANCH)));
  return words;
}

function isInTokenClass(file: FileModel, node: Node, object: Node | undefined): boolean {
  if (object?.type !== 'ThisExpression') return false;
  let owner: Node | undefined = node;
  while (owner && !isClass(owner)) owner = owner.parent;
  if (!owner) return false;
  const around = owner;
  return (tokenMembers(file).get('this') ?? []).some((member) => contains(around, member));
}

const membersByFile = new WeakMap<FileModel, ReadonlyMap<string, TSESTree.MemberExpression[]>>();

/** Every `x.token`, `x.accessToken` and the like in a file, by the text of `x`. */
function tokenMembers(file: FileModel): ReadonlyMap<string, TSESTree.MemberExpression[]> {
  const known = membersByFile.get(file);
  if (known) return known;
  const members = new Map<string, TSESTree.MemberExpression[]>();
  for (const member of file.members.where((name) => some(wordsOf(name), TOKEN_ITSELF))) {
    const text = file.source.getText(member.object);
    const list = members.get(text);
    if (list) list.push(member);
    else members.set(text, [member]);
  }
  membersByFile.set(file, members);
  return members;
}

/** What the functions and classes around a place are called, and what those without a name are passed to (`tokens.some(…)`). */
function wordsAround(node: Node): readonly string[] {
  const words: string[] = [];
  for (let current = node.parent; current; current = current.parent) {
    if (isClass(current)) words.push(...wordsOf(current.id?.name ?? ''));
    if (!isFunction(current)) continue;
    const { parent } = current;
    if (parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression') words.push(...namesIn(parent.callee));
    else if (parent?.type === 'AssignmentExpression') words.push(...namesIn(parent.left));
    else words.push(...wordsOf(functionName(current) ?? ''));
  }
  return words;
}

function objectOf(node: Node): Node | undefined {
  const inner = unwrap(node);
  return inner.type === 'MemberExpression' ? unwrap(inner.object) : undefined;
}

/** The words of every name in an expression. */
function namesIn(node: Node): string[] {
  const words: string[] = [];
  const stack: Node[] = [node];
  for (let current = stack.pop(); current; current = stack.pop()) {
    if (current.type === 'Identifier') words.push(...wordsOf(current.name));
    else if (current.type === 'PrivateIdentifier') words.push(...wordsOf(current.name));
    else if (current.type === 'Literal' && typeof current.value === 'string') words.push(...wordsOf(current.value));
    for (const key of ['object', 'property', 'left', 'right', 'argument', 'callee', 'expression', 'test', 'parameter'] as const) {
      const child = (current as unknown as Record<string, unknown>)[key];
      if (child && typeof child === 'object' && 'type' in child) stack.push(child as Node);
    }
    if ('arguments' in current) stack.push(...current.arguments);
  }
  return words;
}

export function nameOfCallee(callee: Node): string {
  return callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? (nameOf(callee) ?? '') : '';
}

export function conditionOf(node: Node): Node {
  let current = node;
  while (current.parent && (current.parent.type === 'LogicalExpression' || current.parent.type === 'UnaryExpression')) current = current.parent;
  return current;
}

