/** Where the expiry of a token is compared with the present moment, and how long before it the token is renewed. */
import type { TSESTree } from '@typescript-eslint/utils';
import { type Clock, clockOf, type Slip } from './clock';
import type { FileModel } from './file';
import { isConstant, type Quantity, type Term } from './quantity';
import { concernsUs } from './relevance';
import { functionAround, functionName, isClass, isFunction, nameOf, unwrap } from './scope';
import type { Settings } from './settings';
import type { Node } from './source';
import { cacheLifetimes } from './clients/caches';
import { CLAIMS, isBufferName, isDurationName, isExpiryName, isStartName, standardUnit, type Unit, wordsOf } from './vocabulary/time';

/** A place that decides by a token's expiry, or stores one. */
export interface ExpiryCheck {
  kind: 'comparison' | 'store' | 'lifetime';
  node: Node;
  /** How long before its expiry the token counts as expired, in seconds; negative: after it. */
  buffer: number;
  /** Where a buffer can be put in, and in what form the present moment stands there. */
  now?: { node: Node; form: Unit | 'date' | 'moment' };
  /** Is the unit of the expiry known too? */
  certain: boolean;
}

/** Words without which a file decides nothing about an expiry. */
const SIGNS = /expir|\bexp\b|ttl|lifetime|lease_duration|issued_?at|valid_?(?:until|to|thru)|EX\b|created_?at/i;

/** Can a file hold anything about a token's expiry, for whom the settings watch? A cheap test, before any parse. */
export function concernsExpiry(text: string): boolean {
  return SIGNS.test(text);
}

/** Does a file belong to what the settings watch? */
export function isWatched(file: FileModel, { scope }: Pick<Settings, 'scope'>): boolean {
  return scope === 'any' || concernsUs(file.source.text);
}

const COMPARISONS = new Set(['<', '>', '<=', '>=']);
const COMPARING = new Set(['isAfter', 'isBefore', 'isSameOrAfter', 'isSameOrBefore']);
const AGAINST_NOW = new Set(['isPast', 'isFuture']);
const LONGEST_BRANCH = 600;

/** Every decision by a token's expiry in a file, in source order. */
export function expiryChecks(file: FileModel): ExpiryCheck[] {
  const clock = clockOf(file);
  const found: ExpiryCheck[] = [];
  const stores = new Map<Node, ExpiryCheck>();
  for (const { node, left, right } of comparisons(file)) {
    const alternatives = right ? clock.difference(node, left, right) : clock.of(left).map((one) => ({ ...one, now: one.now - 1, unit: 'ms' as const, sure: true }));
    const read = alternatives.flatMap((one) => expiryIn(file, node, one) ?? []);
    if (read.length === 0 || read.some((one) => one.slipped)) continue;
    const buffer = Math.max(...read.map((one) => one.buffer));
    const now = right && nowSide(clock, left, right);
    const other = now && (now.node === left ? right : left);
    const certain = other !== undefined && clock.of(other).length > 0 && clock.of(other).every((one) => one.sure && one.unit !== undefined);
    found.push({ kind: 'comparison', node, buffer, certain, ...(now && { now }) });
    for (const term of read.flatMap((one) => one.terms)) {
      for (const store of clock.storesOf(term.name)) {
        const small = Math.max(...clock.of(store).map((one) => bufferStored(one, 0) ?? -Infinity));
        if (small > 0 && Number.isFinite(small)) stores.set(store, { kind: 'store', node: store, buffer: Math.max(small, buffer), certain: true });
      }
    }
  }
  for (const { node, ttl, key } of cacheLifetimes(file)) {
    const lifetimes = clock.of(ttl).filter((one) => one.now === 0 && one.terms.some((term) => standardUnit(term.name)));
    if (lifetimes.length === 0 || lifetimes.some((one) => one.slipped) || !key.some((part) => saysToken(wordsOf(file.source.getText(part))))) continue;
    found.push({ kind: 'lifetime', node, buffer: Math.max(...lifetimes.map((one) => bufferIn(one) ?? Infinity)), certain: false });
  }
  return [...found, ...stores.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
}

/** The places where seconds and milliseconds of a token's expiry are mixed, in source order. */
export function unitSlips(file: FileModel): Slip[] {
  const clock = clockOf(file);
  for (const { node, left, right } of comparisons(file)) if (right) clock.difference(node, left, right);
  for (const sum of file.all('BinaryExpression')) if (sum.operator === '+' || sum.operator === '-') clock.of(sum);
  for (const made of file.all('NewExpression')) clock.of(made);
  for (const call of file.all('CallExpression')) if (isDateCall(call)) clock.of(call);
  const slips = [...clock.slips.values()];
  for (const { ttl, unit } of cacheLifetimes(file)) {
    const lifetimes = clock.of(ttl);
    const wrong = lifetimes.filter((one) => one.sure && one.unit !== undefined && one.unit !== unit && !one.slipped && !isConstant(one) && one.now === 0);
    if (wrong.length > 0 && wrong.length === lifetimes.length) slips.push({ node: ttl, kind: 'argument', found: wrong[0]!.unit!, wanted: unit, terms: wrong[0]!.terms });
  }
  return slips.filter((slip) => slip.terms.some((term) => isTokens(file, slip.node, term))).sort((a, b) => a.node.range[0] - b.node.range[0]);
}

/** Calls of a date library that take an amount or a number with a unit. */
function isDateCall(call: TSESTree.CallExpression): boolean {
  return call.arguments.length > 0 && /^(?:add|sub|plus|minus|moment|dayjs|unix|from)/.test(nameOfCallee(call.callee));
}

// ---- what is compared ----

function* comparisons(file: FileModel): Generator<{ node: Node; left: Node; right: Node | undefined }> {
  for (const node of file.all('BinaryExpression')) if (COMPARISONS.has(node.operator)) yield { node, left: node.left as Node, right: node.right };
  for (const node of file.all('CallExpression')) {
    const callee = unwrap(node.callee);
    const name = nameOfCallee(callee);
    const [first, second] = node.arguments;
    if (COMPARING.has(name) && first) {
      if (second && second.type !== 'Literal') yield { node, left: first, right: second };
      else if (callee.type === 'MemberExpression') yield { node, left: callee.object, right: first };
    } else if (AGAINST_NOW.has(name) && first && !second) {
      yield { node, left: first, right: undefined };
    }
  }
}

interface Reading {
  buffer: number;
  terms: readonly Term[];
  slipped: boolean;
}

/** The expiry in a difference, if it is a token's expiry less the present moment. */
function expiryIn(file: FileModel, node: Node, difference: Quantity): Reading | undefined {
  if (difference.now !== 1 && difference.now !== -1) return undefined;
  const turn = difference.now === 1 ? -1 : 1;
  const added = difference.terms.filter((term) => term.sign === turn);
  const taken = difference.terms.filter((term) => term.sign !== turn);
  const constant = difference.constant * turn;
  const expiry = added.find((term) => isExpiry(term));
  const start = added.find((term) => isStartName(term.words));
  const lifetime = added.find((term) => isDurationName(term.words));
  const main = expiry ?? (start && (lifetime || constant > 0) ? start : lifetime && added.length === 1 && standardUnit(lifetime.name) ? lifetime : undefined);
  if (!main || added.some((term) => term !== main && term !== lifetime && !isBufferName(term.words))) return undefined;
  if (!added.some((term) => isTokens(file, node, term)) || isRefused(file, node) || isAsserted(node)) return undefined;
  const read = (buffer: number): Reading => ({ buffer, terms: added, slipped: difference.slipped });
  if (difference.fraction || taken.length > 0) return read(Infinity);
  if (added.some((term) => isBufferName(term.words) && term !== main)) return read(-1);
  if (!expiry && !lifetime) return isNominal(constant, difference.unit) && isCalledToken(node, main) ? read(0) : undefined;
  const stored = main.stored.length > 0 ? storedBuffer(main, 0) : 0;
  return read(inSeconds(-constant, difference.unit) + (stored ?? 0) + (lifetime && lifetime !== main ? (storedBuffer(lifetime, 0) ?? 0) : 0));
}

/** An expiry by its name, or by what the file stores there. */
function isExpiry(term: Term): boolean {
  if (isExpiryName(term.words)) return true;
  return term.stored.some((one) => one.now === 1 && one.terms.some((inner) => inner.sign === 1 && standardUnit(inner.name)));
}

/** What the stores of a value take off its lifetime, in seconds: the most that one of them does; Infinity where that is unknown. */
function storedBuffer(term: Term, depth: number): number | undefined {
  const found = term.stored.map((one) => ({ buffer: bufferStored(one, depth), guessed: one.terms.length === 0 }));
  const known = found.filter((one) => !one.guessed && one.buffer !== undefined);
  const buffers = (known.length > 0 ? known : found).flatMap((one) => one.buffer ?? []);
  return buffers.length > 0 ? Math.max(...buffers) : undefined;
}

function bufferStored(quantity: Quantity, depth: number): number | undefined {
  if (depth > 3) return undefined;
  if (quantity.now === 1 && quantity.terms.length === 0) {
    // A lifetime that the code only assumes: whole hours are the provider's figure, anything else may have its margin in it.
    if (quantity.constant <= 0) return undefined;
    return isNominal(quantity.constant, quantity.unit) ? 0 : Infinity;
  }
  const own = bufferIn(quantity);
  if (own === undefined || !Number.isFinite(own)) return own;
  const inner = quantity.terms.map((term) => storedBuffer(term, depth + 1) ?? 0);
  return own + Math.max(0, ...inner);
}

/** What a sum takes off the lifetime or expiry in it, in seconds. */
function bufferIn(quantity: Quantity): number | undefined {
  if (quantity.slipped) return 0;
  if (quantity.fraction || quantity.terms.some((term) => term.sign === -1)) return Infinity;
  if (quantity.terms.length === 0) return undefined;
  return inSeconds(-quantity.constant, quantity.unit);
}

function inSeconds(amount: number, unit: Unit | undefined): number {
  if (amount === 0) return 0;
  // Without a unit, only its sign is known.
  return unit === 's' ? amount : unit === 'ms' ? amount / 1_000 : amount > 0 ? Infinity : -1;
}

function isNominal(lifetime: number, unit: Unit | undefined): boolean {
  const seconds = unit === 'ms' ? lifetime / 1_000 : lifetime;
  return seconds > 0 && seconds % 3_600 === 0;
}

/** The side of a comparison that is the present moment and nothing else. */
function nowSide(clock: Clock, left: Node, right: Node): ExpiryCheck['now'] {
  for (const side of [left, right]) {
    const values = clock.of(side);
    const [value] = values;
    if (values.length !== 1 || value!.now !== 1 || value!.terms.length > 0 || value!.constant !== 0 || !value!.sure || !value!.unit) continue;
    const inner = unwrap(side);
    if (!value!.date) return { node: side, form: value!.unit };
    if (inner.type === 'NewExpression') return { node: side, form: 'date' };
    if (inner.type === 'CallExpression' && /^(?:moment|dayjs)$/.test(inner.callee.type === 'Identifier' ? inner.callee.name : '')) return { node: side, form: 'moment' };
  }
  return undefined;
}

// ---- whose expiry it is ----

const TOKEN_WORDS = new Set(['token', 'tokens', 'accesstoken', 'access', 'oauth', 'oauth2', 'auth', 'bearer', 'jwt', 'credential', 'credentials', 'creds', 'authentication', 'authorization']);
const TOKEN_ITSELF = new Set(['token', 'tokens', 'accesstoken', 'jwt', 'bearer']);
/** Tokens and expiries that no OAuth client renews. */
const OTHERS = new Set([
  'invite', 'invitation', 'reset', 'verification', 'csrf', 'xsrf', 'nonce', 'state', 'otp', 'password', 'cookie', 'cookies', 'scratch', 'trial', 'certificate', 'cert', 'certs', 'license',
  'trace', 'traceflag', 'subscription', 'webhook', 'price', 'quote', 'rate', 'limit', 'lock', 'signed', 'upload', 'retry', 'retries', 'backoff', 'jwks', 'jwk', 'card', 'challenge', 'verify', 'code', 'codes', 'mfa', 'apikey', 'share', 'blacklist', 'revoked', 'used', 'coupon', 'throttle', 'poll', 'polling', 'check', 'checked', 'pending',
]);
/** Things that expire and are tokens only where more says so. */
const DATA = new Set(['cache', 'cached', 'entry', 'item', 'data', 'user', 'users', 'response', 'org', 'orgs', 'file', 'record', 'url', 'job', 'message', 'member', 'key', 'row', 'meta', 'metadata', 'value', 'store', 'hit', 'memo', 'result']);

const some = (words: readonly string[], set: ReadonlySet<string>) => words.some((word) => set.has(word));

function saysToken(words: readonly string[]): boolean {
  return some(words, TOKEN_WORDS) && !some(words, OTHERS);
}

/** Is a moment or lifetime that of a token which the code uses? */
function isTokens(file: FileModel, node: Node, term: Term): boolean {
  const object = objectOf(term.node);
  const path = [...term.words, ...namesIn(term.node)];
  const surroundings = wordsAround(node);
  if (some(path, OTHERS) || some(surroundings, OTHERS)) return false;
  if (!isExpiryName(term.words) && !isDurationName(term.words) && !isStartName(term.words) && !isExpiry(term)) return false;
  if (some(path, TOKEN_WORDS)) return true;
  if (standardUnit(term.name)) return true;
  if (term.stored.some((one) => one.terms.some((inner) => standardUnit(inner.name)))) return true;
  if (hasTokenBeside(file, node, term, object)) return true;
  if (some(path, DATA)) return false;
  if (CLAIMS.has(term.name) && object) return true;
  if (some(surroundings, TOKEN_WORDS)) return true;
  if (functionAround(node)?.params.some((param) => some(namesIn(param), TOKEN_WORDS))) return true;
  return some(wordsBeside(file, node), TOKEN_ITSELF) || isInTokenClass(file, node, object);
}

/** Do the names themselves say token? An age alone is anything's. */
function isCalledToken(node: Node, term: Term): boolean {
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
  if (!object || object.type === 'ThisExpression') return false;
  const text = file.source.getText(object);
  const around = functionAround(node);
  return tokenMembers(file).some((member) => (!around || contains(around, member)) && file.source.getText(member.object) === text);
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
  return tokenMembers(file).some((member) => member.object.type === 'ThisExpression' && contains(around, member));
}

const membersByFile = new WeakMap<FileModel, readonly TSESTree.MemberExpression[]>();

/** Every `x.token`, `x.accessToken` and the like in a file. */
function tokenMembers(file: FileModel): readonly TSESTree.MemberExpression[] {
  let members = membersByFile.get(file);
  if (!members) membersByFile.set(file, (members = file.all('MemberExpression').filter((member) => some(wordsOf(nameOf(member) ?? ''), TOKEN_ITSELF))));
  return members;
}

/**
 * Does an expired token only end in a refusal (an error, a 401 answer)? Then somebody else's token is checked, and a margin
 * would refuse one that is valid.
 */
function isRefused(file: FileModel, node: Node): boolean {
  const condition = conditionOf(node);
  const { parent } = condition;
  if (parent?.type !== 'IfStatement' || parent.test !== condition) return false;
  const text = file.source.getText(parent.consequent).slice(0, LONGEST_BRANCH);
  return REFUSAL.test(text) && !RENEWAL.test(text);
}
const REFUSAL = /\bthrow\b|\breject\(|\bnext\(|status(?:Code)?\b\W{0,3}\(?\s*\d{3}|sendStatus|unauthori[sz]ed/i;
const RENEWAL = /refresh|renew|log_?in|authenticate\(|(?:get|fetch|request|acquire)\w*token/i;

function isAsserted(node: Node): boolean {
  const call = conditionOf(node).parent;
  return call?.type === 'CallExpression' && /^(?:assert|expect|should|ok|equal|isTrue|t$)/.test(nameOfCallee(call.callee));
}

function nameOfCallee(callee: Node): string {
  return callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? (nameOf(callee) ?? '') : '';
}

function conditionOf(node: Node): Node {
  let current = node;
  while (current.parent && (current.parent.type === 'LogicalExpression' || current.parent.type === 'UnaryExpression')) current = current.parent;
  return current;
}

/** What the functions and classes around a place are called, and what those without a name are passed to (`tokens.some(…)`). */
function wordsAround(node: Node): readonly string[] {
  const words: string[] = [];
  for (let current = node.parent; current; current = current.parent) {
    if (isClass(current)) words.push(...wordsOf(current.id?.name ?? ''));
    if (!isFunction(current)) continue;
    const { parent } = current;
    if (parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression') words.push(...namesIn(parent.callee));
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

function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}
