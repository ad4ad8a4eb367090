/** The JWT that a client signs to get a token: what its `exp` is, and what else it is taken for. */
import type { TSESTree } from '@typescript-eslint/utils';
import { lifetimes } from '../clients/caches';
import { clockOf } from './clock';
import { calleeName } from '../calls';
import type { FileModel } from '../file';
import { isSalesforceAddress } from '../salesforce';
import { nameOf, returnsOf, unwrap, variableOf } from '../scope';
import type { Node } from '../source';
import type { Value } from '../values';
import { isExpiryName, isNowName, wordsOf } from '../vocabulary/time';

export interface AssertionFlaw {
  kind: 'milliseconds' | 'no-margin' | 'too-far' | 'reused' | 'no-expires-in';
  node: Node;
  /** How far ahead `exp` is, in seconds, for `too-far`. */
  seconds?: number;
}

/** Salesforce takes an assertion that is valid for minutes. */
const LONGEST_ASSERTION = 300;
const OTHER_CLAIMS = new Set(['iss', 'sub', 'aud', 'iat', 'jti', 'nbf', 'scope']);
const CLAIMS_NAMES = new Set(['claims', 'claim', 'payload', 'jwt', 'assertion']);
const TOKEN_PATH = /\/services\/oauth2\/token/;
const IN_WORDS = /^(\d+)\s*(m|min|mins|minutes?|h|hrs?|hours?|d|days?|s|secs?|seconds?)$/i;
const LENGTHS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Can a file hold a signed assertion or a token's answer? A cheap test, before any parse. */
export function concernsAssertions(text: string): boolean {
  return /\bexp\b|expires_?in|setExpirationTime/i.test(text);
}

/** Everything that is wrong about assertions and the life of what they get, in source order, one per place. */
export function assertionFlaws(file: FileModel): AssertionFlaw[] {
  const flaws = new Map<Node, AssertionFlaw>();
  const add = (flaw: AssertionFlaw | undefined) => flaw && !flaws.has(flaw.node) && flaws.set(flaw.node, flaw);
  for (const claims of claimsIn(file)) {
    add(flawOf(file, claims));
    for (const use of reusesOf(file, claims)) add({ kind: 'reused', node: use });
  }
  for (const flaw of signOptions(file)) add(flaw);
  for (const flaw of chainedTimes(file)) add(flaw);
  for (const { node } of expiresInReads(file)) add({ kind: 'no-expires-in', node });
  return [...flaws.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
}

interface Claims {
  /** The property or assignment that sets `exp`. */
  node: Node;
  exp: Node;
  object: TSESTree.ObjectExpression | undefined;
}

function* claimsIn(file: FileModel): Generator<Claims> {
  for (const property of file.properties.named('exp')) {
    const object = property.parent;
    if (object.type !== 'ObjectExpression') continue;
    const others = object.properties.some((one) => one.type === 'Property' && one !== property && OTHER_CLAIMS.has(nameOf(one) ?? ''));
    if (others || isSigned(file, object)) yield { node: property, exp: property.value, object };
  }
  for (const write of file.memberWrites.named('exp')) {
    if (write.operator !== '=') continue;
    const name = write.left.object.type === 'Identifier' ? write.left.object.name : (nameOf(write.left.object) ?? '');
    if (wordsOf(name).some((word) => CLAIMS_NAMES.has(word))) yield { node: write, exp: write.right, object: undefined };
  }
  for (const { arguments: [exp] } of file.methodCalls.named('setExpirationTime')) if (exp) yield { node: exp, exp, object: undefined };
}

const signedByFile = new WeakMap<FileModel, ReadonlySet<Node>>();

/** Is an object what a `sign(…)` gets, be it through a helper of this file? */
function isSigned(file: FileModel, object: Node): boolean {
  let signed = signedByFile.get(file);
  if (!signed) {
    const found = new Set<Node>();
    for (const call of file.all('CallExpression')) {
      const [claims] = call.arguments;
      if (!claims || claims.type === 'SpreadElement' || !/^(?:sign|encode)/.test(calleeName(call))) continue;
      for (const value of file.values.of(claims)) {
        if (value.kind === 'object') found.add(value.node);
        else if (value.kind === 'result' && value.of.kind === 'function') for (const returned of returnsOf(file.source, value.of.node)) found.add(unwrap(returned));
      }
    }
    signedByFile.set(file, (signed = found));
  }
  return signed.has(object);
}

function flawOf(file: FileModel, { node, exp, object }: Claims): AssertionFlaw | undefined {
  const values = clockOf(file).of(exp).filter((one) => one.now === 1 && one.sure && !one.date && !one.slipped);
  if (values.length === 0 || values.length !== clockOf(file).of(exp).length) return undefined;
  if (values.every((one) => one.unit === 'ms')) return { kind: 'milliseconds', node };
  if (!values.every((one) => one.unit === 's' && one.terms.length === 0)) return undefined;
  const ahead = values.map((one) => one.constant);
  if (ahead.every((one) => one <= 0)) return { kind: 'no-margin', node };
  const least = Math.min(...ahead);
  return least > LONGEST_ASSERTION && isForSalesforce(file, object) ? { kind: 'too-far', node, seconds: least } : undefined;
}

/** `jwt.sign(claims, key, { expiresIn })` */
function* signOptions(file: FileModel): Generator<AssertionFlaw> {
  for (const call of file.all('CallExpression')) {
    const [claims, , options] = call.arguments;
    if (!claims || !options || !/^sign/.test(calleeName(call)) || claims.type === 'SpreadElement') continue;
    for (const value of file.values.of(options)) {
      if (value.kind !== 'object') continue;
      const set = value.node.properties.find((one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === 'expiresIn');
      const object = file.values.of(claims).find((one) => one.kind === 'object');
      if (!set || !isForSalesforce(file, object?.kind === 'object' ? object.node : undefined, value.node)) continue;
      const lives = file.values.of(set.value).map(lifeOf);
      const seconds = Math.min(...lives.map((one) => one ?? 0));
      if (seconds > LONGEST_ASSERTION) yield { kind: 'too-far', node: set, seconds };
    }
  }
}

/** `new SignJWT(claims).setAudience(…).setExpirationTime('2h')` of jose */
function* chainedTimes(file: FileModel): Generator<AssertionFlaw> {
  for (const call of file.all('CallExpression')) {
    const [time] = call.arguments;
    if (!time || calleeName(call) !== 'setExpirationTime' || call.callee.type !== 'MemberExpression') continue;
    // A number there is a moment, which the clock reads.
    const lives = file.values.strings(time).flatMap((text) => lifeInWords(text) ?? []);
    if (lives.length === 0 || Math.min(...lives) <= LONGEST_ASSERTION || !chainOf(call).some((one) => calleeName(one) === 'setAudience' && one.arguments[0] && file.values.strings(one.arguments[0]).some(isSalesforceAddress))) continue;
    yield { kind: 'too-far', node: time, seconds: Math.min(...lives) };
  }
}

/** The calls that a call is chained with, before and after it. */
function chainOf(call: TSESTree.CallExpression): TSESTree.CallExpression[] {
  let last = call;
  while (last.parent.type === 'MemberExpression' && last.parent.object === last && last.parent.parent.type === 'CallExpression' && last.parent.parent.callee === last.parent) last = last.parent.parent;
  const chain: TSESTree.CallExpression[] = [];
  for (let one: Node = last; one.type === 'CallExpression'; one = one.callee.type === 'MemberExpression' ? one.callee.object : one.callee) chain.push(one);
  return chain;
}

function lifeOf(value: Value): number | undefined {
  if (value.kind !== 'literal') return undefined;
  return typeof value.value === 'number' ? value.value : lifeInWords(String(value.value));
}

function lifeInWords(text: string): number | undefined {
  const words = IN_WORDS.exec(text.trim());
  return words ? Number(words[1]) * LENGTHS[words[2]![0]!.toLowerCase()]! : undefined;
}

/** Only a literal audience proves it: other providers take an hour. */
function isForSalesforce(file: FileModel, ...objects: (TSESTree.ObjectExpression | undefined)[]): boolean {
  return objects.some((object) =>
    object?.properties.some((one) => one.type === 'Property' && /^aud(?:ience)?$/.test(nameOf(one) ?? '') && file.values.strings(one.value).some(isSalesforceAddress)),
  );
}

/** Where the `exp` of an assertion that is exchanged for a token stands for that token's expiry. */
function* reusesOf(file: FileModel, { exp, object }: Claims): Generator<Node> {
  if (!/jwt-bearer|assertion/.test(file.source.text)) return;
  const value = unwrap(exp);
  const variable = value.type === 'Identifier' ? variableOf(file.source, value) : undefined;
  const reads = (variable?.references ?? []).filter((one) => one.isRead() && one.identifier !== value).map((one) => one.identifier as Node);
  if (object) {
    for (const member of file.members.named('exp')) {
      if (file.values.of(member.object).some((one) => one.kind === 'object' && one.node === object)) reads.push(member);
    }
  }
  for (const read of reads) if (isTakenForExpiry(file, read)) yield read;
}

/** Is a value stored as an expiry, or compared with the present moment? Through sums, factors and dates. */
function isTakenForExpiry(file: FileModel, read: Node): boolean {
  let node = read;
  for (let parent = node.parent; parent; node = parent, parent = node.parent) {
    switch (parent.type) {
      case 'BinaryExpression': {
        if (!['<', '>', '<=', '>='].includes(parent.operator)) continue;
        const other = parent.left === node ? parent.right : (parent.left as Node);
        return clockOf(file).of(other).some((one) => one.now === 1);
      }
      case 'Property':
        return parent.value === node && parent.parent.type === 'ObjectExpression' && isExpiryKey(nameOf(parent));
      case 'AssignmentExpression':
        return parent.right === node && isExpiryKey(parent.left.type === 'Identifier' ? parent.left.name : nameOf(parent.left));
      case 'VariableDeclarator':
        return parent.id.type === 'Identifier' && parent.init === node && isExpiryKey(parent.id.name);
      case 'NewExpression':
      case 'ChainExpression':
      case 'TSNonNullExpression':
      case 'TSAsExpression':
        continue;
      default:
        return false;
    }
  }
  return false;
}

function isExpiryKey(name: string | undefined): boolean {
  const words = wordsOf(name ?? '');
  return name !== 'exp' && isExpiryName(words) && !isNowName(words);
}

/** Reads of `expires_in` from the answer of Salesforce's token endpoint, which never has it. */
function* expiresInReads(file: FileModel): Generator<{ node: Node; reads: readonly Node[] }> {
  if (!file.source.text.includes('expires_in') || !TOKEN_PATH.test(file.source.text)) return;
  const keeping = new Set([...lifetimes(file)].map(({ node }) => node));
  for (const member of file.members.named('expires_in')) {
    if (member.parent.type === 'AssignmentExpression' && member.parent.left === member) continue;
    if (isReckonedWith(member, keeping) && file.values.of(member.object).some((value) => isTokenAnswer(file, value, 0))) yield { node: member, reads: [member] };
  }
  for (const property of file.properties.named('expires_in')) {
    if (property.parent.type !== 'ObjectPattern') continue;
    const target = unwrap(property.value.type === 'AssignmentPattern' ? property.value.left : property.value);
    if (target.type !== 'Identifier') continue;
    const uses = variableOf(file.source, target)?.references ?? [];
    if (property.value.type === 'AssignmentPattern' || !uses.some((use) => isReckonedWith(use.identifier as Node, keeping))) continue;
    const values = file.values.of(target);
    if (values.some((value) => value.kind === 'member' && isTokenAnswer(file, value.of, 0))) yield { node: property, reads: uses.map((use) => use.identifier as Node) };
  }
}

const absentByFile = new WeakMap<FileModel, ReadonlySet<Node>>();

/** Every read of an `expires_in` that Salesforce never sends. */
export function absentLifetimes(file: FileModel): ReadonlySet<Node> {
  let absent = absentByFile.get(file);
  if (!absent) absentByFile.set(file, (absent = new Set([...expiresInReads(file)].flatMap(({ reads }) => reads))));
  return absent;
}

/** Does a sum depend on it, with nothing in its place where it is missing? */
function isReckonedWith(read: Node, keeping: ReadonlySet<Node>): boolean {
  let node = read;
  let reckoned = false;
  for (let parent = node.parent; parent; node = parent, parent = node.parent) {
    if (parent.type === 'BinaryExpression' || (parent.type === 'CallExpression' && parent.callee !== node && keeping.has(parent))) reckoned = true;
    else if (parent.type === 'LogicalExpression') return false;
    else if (parent.type === 'ConditionalExpression' || parent.type === 'IfStatement') return parent.test !== node && parent.type === 'IfStatement' && reckoned;
    else if (parent.type.endsWith('Statement') || parent.type === 'VariableDeclaration') break;
  }
  return reckoned;
}

function isTokenAnswer(file: FileModel, value: Value, depth: number): boolean {
  if (depth > 8) return false;
  if (value.kind === 'member') return isTokenAnswer(file, value.of, depth + 1);
  if (value.kind === 'parameter') {
    const call = value.of.parent;
    return call?.type === 'CallExpression' && call.callee !== value.of && asksForToken(file, call);
  }
  if (value.kind !== 'result') return false;
  return asksForToken(file, value.call) || isTokenAnswer(file, value.of, depth + 1);
}

function asksForToken(file: FileModel, call: TSESTree.CallExpression): boolean {
  return call.arguments.some((argument) => {
    if (argument.type === 'SpreadElement') return false;
    const texts = [...file.values.strings(argument), ...['url', 'uri', 'path'].flatMap((name) => (file.values.property(argument, name) ?? []).flatMap((one) => file.values.strings(one.node)))];
    return texts.some((text) => TOKEN_PATH.test(text));
  });
}
