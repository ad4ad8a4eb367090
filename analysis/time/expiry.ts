/** Where the expiry of a token is compared with the present moment, and how long before it the token is renewed. */
import type { TSESTree } from '@typescript-eslint/utils';
import { absentLifetimes } from './assertion';
import { type Clock, clockOf, type Slip } from './clock';
import { conditionOf, isCalledToken, isExpiry, isTokens, LONGEST_BRANCH, nameOfCallee, saysToken } from './expiry-subject';
import type { FileModel } from '../file';
import { isConstant, type Quantity, type Term } from './quantity';
import { nameOf, unwrap, variableOf } from '../scope';
import type { Node } from '../source';
import { type Lifetime, lifetimes } from '../clients/caches';
import { rememberText } from '../remember';
import { isBufferName, isDurationName, isStartName, standardUnit, type Unit, wordsOf } from '../vocabulary/time';

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

/** The shortest buffer that is enough, in seconds: for the network, a queue, and clocks that differ. */
export const MIN_BUFFER = 60;

/** Words without which a file decides nothing about an expiry. */
const SIGNS = /expir|\bexp\b|ttl|lifetime|lease_duration|issued_?at|valid_?(?:until|to|thru)|created_?at/i;
/** Redis' own, in either case where it is a text; most words that end so are none. */
const REDIS_SIGN = /\bEX\b|['"`]ex['"`]/;

/** Can a file hold anything about a token's expiry? A cheap test, before any parse. */
export const concernsExpiry: (text: string) => boolean = rememberText((text) => SIGNS.test(text) || REDIS_SIGN.test(text));

const COMPARISONS = new Set(['<', '>', '<=', '>=']);
const COMPARING = new Set(['isAfter', 'isBefore', 'isSameOrAfter', 'isSameOrBefore']);
const AGAINST_NOW = new Set(['isPast', 'isFuture']);

/** Every decision by a token's expiry in a file, in source order. */
export function expiryChecks(file: FileModel): ExpiryCheck[] {
  const clock = clockOf(file);
  const found: ExpiryCheck[] = [];
  const stores = new Map<Node, ExpiryCheck>();
  const absent = absentLifetimes(file);
  for (const { node, left, right } of comparisons(file)) {
    const alternatives = right ? clock.difference(node, left, right) : clock.of(left).map((one) => ({ ...one, now: one.now - 1, unit: 'ms' as const, sure: true }));
    const read = alternatives.flatMap((one) => expiryIn(file, node, one) ?? []);
    if (read.length === 0 || read.some((one) => one.slipped || isAbsent(one.terms, absent))) continue;
    const buffer = Math.max(...read.map((one) => one.buffer));
    const now = right && nowIn(clock, [left, right]);
    const other = now && (now.node === left ? right : now.node === right ? left : undefined);
    const certain = other !== undefined && clock.of(other).length > 0 && clock.of(other).every((one) => one.sure && one.unit !== undefined);
    found.push({ kind: 'comparison', node, buffer, certain, ...(now && { now }) });
    for (const term of read.flatMap((one) => one.terms)) {
      for (const store of clock.storesOf(term.name)) {
        const small = Math.max(...clock.of(store).map((one) => bufferStored(one, 0) ?? -Infinity));
        if (small > 0 && Number.isFinite(small)) stores.set(store, { kind: 'store', node: store, buffer: Math.max(small, buffer), certain: true });
      }
    }
  }
  for (const lifetime of lifetimes(file)) {
    const buffer = keptFor(file, lifetime);
    if (buffer !== undefined) found.push({ kind: 'lifetime', node: lifetime.node, buffer, certain: false });
  }
  return [...found, ...stores.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
}

/** Is it worked out from a lifetime that no answer has? That is the other rule's to say. */
function isAbsent(terms: readonly Term[], absent: ReadonlySet<Node>): boolean {
  return terms.some((term) => absent.has(term.node) || (term.stored.length > 0 && term.stored.every((one) => one.terms.some((inner) => absent.has(inner.node)))));
}

/** How long before its expiry a cache forgets a token, or a timer renews it. */
function keptFor(file: FileModel, { kind, node, ttl, unit, what }: Lifetime): number | undefined {
  const concerns = kind === 'cache' ? what.some((part) => saysToken(wordsOf(file.source.getText(part).slice(0, LONGEST_BRANCH)))) : kind === 'timer' && what.some((callback) => isRenewal(file, callback));
  if (!concerns) return undefined;
  const found = clockOf(file).of(ttl);
  const absent = absentLifetimes(file);
  // In another unit than the library's it is the other rule's to say.
  if (found.some((one) => one.slipped || (one.sure && one.unit !== unit) || one.terms.some((term) => absent.has(term.node)))) return undefined;
  const buffers = found.flatMap((one) => (one.now === 0 ? (one.terms.some((term) => standardUnit(term.name)) ? (bufferIn(one) ?? Infinity) : []) : kind === 'timer' ? (expiryIn(file, node, one)?.buffer ?? []) : []));
  return buffers.length > 0 ? Math.max(...buffers) : undefined;
}

/** The places where seconds and milliseconds of a token's expiry are mixed, in source order. */
export function unitSlips(file: FileModel): Slip[] {
  const clock = clockOf(file);
  for (const { node, left, right } of comparisons(file)) if (right) clock.difference(node, left, right);
  for (const sum of file.all('BinaryExpression')) if (sum.operator === '+' || sum.operator === '-') clock.of(sum);
  for (const made of file.all('NewExpression')) clock.of(made);
  for (const call of file.all('CallExpression')) if (isDateCall(call)) clock.of(call);
  for (const write of file.all('AssignmentExpression')) if (write.operator === '+=' || write.operator === '-=') clock.of(write.left as Node);
  const slips = [...clock.slips.values(), ...assumedInSeconds(file)];
  for (const { ttl, unit } of lifetimes(file)) {
    const found = clock.of(ttl);
    // What is left until a moment is a length of time as well.
    const wrong = found.filter((one) => one.sure && one.unit !== undefined && one.unit !== unit && !one.slipped && !isConstant(one) && one.now <= 0);
    if (wrong.length > 0 && wrong.length === found.length) slips.push({ node: ttl, kind: 'argument', found: wrong[0]!.unit!, wanted: unit, terms: wrong[0]!.terms });
  }
  const absent = absentLifetimes(file);
  return slips.filter((slip) => slip.terms.some((term) => isTokens(file, slip.node, term)) && !isAbsent(slip.terms, absent)).sort((a, b) => a.node.range[0] - b.node.range[0]);
}

/** `expiresAt = Date.now() + 7200`: a lifetime of an hour or two in seconds, which in milliseconds no token has. */
function assumedInSeconds(file: FileModel): Slip[] {
  const clock = clockOf(file);
  const found = new Map<Node, Slip>();
  for (const { node, left, right } of comparisons(file)) {
    const terms = (right ? clock.difference(node, left, right) : []).flatMap((one) => expiryIn(file, node, one)?.terms ?? []);
    for (const term of terms) {
      for (const store of storesOf(file, clock, term)) {
        const isSeconds = clock.of(store).some(({ now, terms: added, constant, unit, sure }) => now === 1 && added.length === 0 && unit === 'ms' && sure && LIFETIMES_IN_SECONDS.has(constant));
        if (isSeconds) found.set(store, { node: store, kind: 'sum', found: 's', wanted: 'ms', terms: [term] });
      }
    }
  }
  return [...found.values()];
}

function storesOf(file: FileModel, clock: Clock, { node, name }: Term): readonly Node[] {
  const variable = node.type === 'Identifier' ? variableOf(file.source, node) : undefined;
  return variable ? variable.references.flatMap(({ writeExpr }) => (writeExpr ? [writeExpr as Node] : [])) : clock.storesOf(name);
}

/** From a quarter of an hour to a day. */
const LIFETIMES_IN_SECONDS = new Set([900, 1_800, 3_600, 5_400, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 86_400]);

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
    } else if (COMPARING.has(name) && callee.type === 'MemberExpression') {
      // `moment(expiry).isBefore()`: the present moment is what is left out.
      yield { node, left: callee.object, right: undefined };
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
  if (!added.some((term) => isTokens(file, node, term)) || isRefused(file, node) || isOnlyShown(node) || isAsserted(node)) return undefined;
  const read = (buffer: number): Reading => ({ buffer, terms: added, slipped: difference.slipped });
  if (difference.fraction || taken.length > 0) return read(Infinity);
  if (added.some((term) => isBufferName(term.words) && term !== main)) return read(-1);
  if (!expiry && !lifetime) return isNominal(constant, difference.unit) && isCalledToken(node, main) ? read(0) : undefined;
  const stored = main.stored.length > 0 ? storedBuffer(main, 0) : 0;
  return read(inSeconds(-constant, difference.unit) + (stored ?? 0) + (lifetime && lifetime !== main ? (storedBuffer(lifetime, 0) ?? 0) : 0));
}

/** What the stores of a value take off its lifetime, in seconds: the most that one of them does; Infinity where that is unknown. */
function storedBuffer(term: Term, depth: number): number | undefined {
  const found = term.stored.map((one) => ({ buffer: bufferStored(one, depth), sent: one.terms.some((inner) => standardUnit(inner.name)), guessed: one.terms.length === 0 }));
  // Beside a lifetime that the provider sends, one that the code assumes is a stand-in; beside a parameter it is what callers mean.
  const sent = found.some((one) => one.sent);
  const known = found.filter((one) => one.buffer !== undefined && !(one.guessed && sent));
  const buffers = known.flatMap((one) => one.buffer ?? []);
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

/** Where a comparison holds the present moment and nothing else: one of its sides, or a part of a difference there. */
function nowIn(clock: Clock, sides: readonly Node[]): ExpiryCheck['now'] {
  for (const side of sides) {
    const values = clock.of(side);
    const [value] = values;
    const inner = unwrap(side);
    if (inner.type === 'BinaryExpression' && (inner.operator === '-' || inner.operator === '+') && value && (value.terms.length > 0 || value.constant !== 0)) {
      const found = nowIn(clock, [inner.left as Node, inner.right]);
      if (found) return found;
    }
    if (values.length !== 1 || value!.now !== 1 || value!.terms.length > 0 || value!.constant !== 0 || !value!.sure || !value!.unit) continue;
    if (!value!.date) return { node: side, form: value!.unit };
    if (inner.type === 'NewExpression') return { node: side, form: 'date' };
    if (inner.type === 'CallExpression' && /^(?:moment|dayjs)$/.test(inner.callee.type === 'Identifier' ? inner.callee.name : '')) return { node: side, form: 'moment' };
  }
  return undefined;
}

// ---- what follows from it ----

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
const REFUSAL = /\bthrow\b|\breject\(|\bnext\(|status(?:Code)?\b\W{0,3}\(?\s*\d{3}|sendStatus|\w401\(|unauthori[sz]ed/i;
/** Does a timer call what renews a token, rather than what ends the user's session? */
function isRenewal(file: FileModel, callback: Node): boolean {
  const text = file.source.text.slice(callback.range[0], Math.min(callback.range[1], callback.range[0] + LONGEST_BRANCH));
  return TIMED_RENEWAL.test(text) && !SESSION_END.test(text);
}
const TIMED_RENEWAL = /refresh|renew|re_?auth|(?:get|fetch|request|acquire)\w*token/i;
const SESSION_END = /log_?out|sign_?out|location|redirect|navigate/i;

/** Is the state of a token only told, in a log or on a console, whatever it is? */
function isOnlyShown(node: Node): boolean {
  const condition = conditionOf(node);
  const { parent } = condition;
  if (parent?.type !== 'IfStatement' || parent.test !== condition) return false;
  const branches: Node[] = [];
  for (let branch: Node | null = parent; branch; branch = branch.type === 'IfStatement' ? branch.alternate : null) branches.push(branch.type === 'IfStatement' ? branch.consequent : branch);
  const statements = branches.flatMap((branch): readonly Node[] => (branch.type === 'BlockStatement' ? branch.body : [branch]));
  return statements.length > 0 && statements.every((one) => one.type === 'ExpressionStatement' && one.expression.type === 'CallExpression' && one.expression.callee.type === 'MemberExpression' && LOGS.test(nameOfRoot(one.expression.callee)));
}
const LOGS = /^(?:console|log|logger|winston|debug)$/i;

function nameOfRoot(member: TSESTree.MemberExpression): string {
  const { object } = member;
  return object.type === 'Identifier' ? object.name : object.type === 'MemberExpression' ? (nameOf(object) ?? '') : '';
}

const RENEWAL = /refresh|renew|log_?in|authenticate\(|(?:get|fetch|request|acquire)\w*token/i;

function isAsserted(node: Node): boolean {
  const call = conditionOf(node).parent;
  return call?.type === 'CallExpression' && /^(?:assert|expect|should|ok|equal|isTrue|t$)/.test(nameOfCallee(call.callee));
}

