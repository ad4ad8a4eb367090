/** What the calls of dates do: the methods of Date, and moment, dayjs, luxon and date-fns. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Clock, Slip } from '../time/clock';
import type { FileModel } from '../file';
import { asNumber, inUnit, isConstant, negated, NOTHING, type Quantity } from '../time/quantity';
import { nameOf, unwrap } from '../scope';
import type { Node } from '../source';
import { NAMED_UNITS } from '../vocabulary/time';

/** Methods that hand a date on as it is. */
const AS_DATE = new Set(['toDate', 'utc', 'local', 'clone', 'toUTC', 'toLocal', 'toISOString', 'toJSON', 'toString', 'format', 'toISO', 'toJSDate', 'toUTCString', 'toISODate']);
const TO_MS = new Set(['getTime', 'valueOf', 'toMillis']);
const TO_S = new Set(['unix', 'toSeconds', 'toUnixInteger']);
const PLUS = new Set(['add', 'plus']);
const MINUS = new Set(['subtract', 'minus']);
const DATE_FNS = /^(add|sub)(Milliseconds|Seconds|Minutes|Hours|Days)$/;
const DATE_LIBRARIES = /^(?:moment(?:-timezone)?|dayjs|luxon)$/;
const SETTER = /^set(?:UTC)?(Milliseconds|Seconds|Minutes|Hours|Time)$/;
/** What a slip calls the units by their length. */
const SPELT: Readonly<Record<number, Slip['wanted']>> = { 1: 'ms', 1_000: 's', 60_000: 'minutes', 3_600_000: 'hours', 86_400_000: 'days' };
/** What turns a duration into a number: `asSeconds()`, `as('seconds')`, `.seconds`. */
const AS_UNIT = /^as(Milliseconds|Seconds|Minutes|Hours|Days)?$/;
const DIFFERENCES = new Set(['diff', 'diffNow']);
const DIFFERENCE = /^differenceIn(Milliseconds|Seconds|Minutes|Hours)$/;

const PRESENT: readonly Quantity[] = [{ ...NOTHING, now: 1, unit: 'ms', sure: true, date: true }];

const withLibrary = new WeakMap<FileModel, boolean>();

export function usesLibrary(file: FileModel): boolean {
  let uses = withLibrary.get(file);
  if (uses === undefined) withLibrary.set(file, (uses = [...file.modules].some((module) => DATE_LIBRARIES.test(module) || module.startsWith('date-fns'))));
  return uses;
}

/** What a setter such as `date.setSeconds(date.getSeconds() + amount)` adds to a date. */
export interface Change {
  amount: Node;
  unit: string;
  sign: 1 | -1;
}

/** What a call adds to the date that it is a method of; nothing where it sets the date anew. */
export function changesOf(call: TSESTree.CallExpression): Change[] {
  const unit = SETTER.exec(nameOf(call.callee) ?? '')?.[1]?.toLowerCase();
  const [sum] = call.arguments;
  if (unit === undefined || sum?.type !== 'BinaryExpression') return [];
  const added = addendsOf(sum, 1);
  if (!added.some(({ amount }) => isReading(amount))) return [];
  return added.filter(({ amount }) => !isReading(amount)).map((one) => ({ ...one, unit: unit === 'time' ? 'milliseconds' : unit }));
}

function addendsOf(node: Node, sign: 1 | -1): { amount: Node; sign: 1 | -1 }[] {
  if (node.type !== 'BinaryExpression' || (node.operator !== '+' && node.operator !== '-')) return [{ amount: node, sign }];
  return [...addendsOf(node.left as Node, sign), ...addendsOf(node.right, node.operator === '+' ? sign : sign === 1 ? -1 : 1)];
}

/** `date.getSeconds()` or `Date.now()`: what the amounts are added to. */
function isReading(node: Node): boolean {
  return node.type === 'CallExpression' && /^get|^now$/.test(nameOf(node.callee) ?? '');
}

/** The constructors and functions of moment, dayjs, luxon and date-fns. */
export function libraryCall(clock: Clock, node: TSESTree.CallExpression, argument: Node | undefined): readonly Quantity[] | undefined {
  if (!usesLibrary(clock.file)) return undefined;
  for (const value of clock.file.values.of(node.callee)) {
    if (value.kind !== 'module') continue;
    const name = value.path.at(-1) ?? '';
    if (DATE_LIBRARIES.test(value.module)) {
      if (name === '' || name === 'utc' || name === 'tz' || name === 'moment') return argument ? clock.asDate(node, argument, 'ms') : [{ ...NOTHING, now: 1, unit: 'ms', sure: true, date: true }];
      if (name === 'duration' && argument) return durationOf(clock, node, argument);
      if (name === 'now') return [{ ...NOTHING, now: 1, unit: 'ms', sure: true, date: value.module === 'luxon' }];
      if ((name === 'unix' || name === 'fromSeconds') && argument) return clock.asDate(node, argument, 's');
      if (name === 'fromMillis' && argument) return clock.asDate(node, argument, 'ms');
      if ((name === 'fromISO' || name === 'fromJSDate') && argument) return clock.of(argument).map((one) => ({ ...one, unit: 'ms', sure: true, date: true }));
    }
    if (value.module === 'date-fns' || value.module.startsWith('date-fns/')) {
      const fn = name || value.module.replace(/^.*\//, '');
      return dateFns(clock, fn, node, argument);
    }
  }
  return undefined;
}

function dateFns(clock: Clock, name: string, node: TSESTree.CallExpression, argument: Node | undefined): readonly Quantity[] {
  const second = node.arguments[1];
  if (!argument) return [];
  const date = () => clock.asDate(node, argument, 'ms');
  if (name === 'fromUnixTime') return clock.asDate(node, argument, 's');
  if (name === 'getUnixTime') return date().map((one) => inUnit(one, 's'));
  if (name === 'getTime') return date().map(asNumber);
  if (name === 'parseISO' || name === 'toDate') return date();
  const change = DATE_FNS.exec(name);
  if (change && second) return moved(clock, node, date(), second, change[2]!.toLowerCase(), change[1] === 'add' ? 1 : -1);
  if ((name === 'add' || name === 'sub') && second) return moved(clock, node, date(), second, undefined, name === 'add' ? 1 : -1);
  const difference = DIFFERENCE.exec(name);
  if (difference && second) return differenceIn(clock, node, date(), clock.of(second), difference[1]!.toLowerCase());
  return [];
}

export function methodOfDate(clock: Clock, node: TSESTree.CallExpression, name: string, object: Node, argument: Node | undefined): readonly Quantity[] | undefined {
  const known = TO_MS.has(name) || TO_S.has(name) || AS_DATE.has(name) || PLUS.has(name) || MINUS.has(name) || DIFFERENCES.has(name) || SETTER.test(name) || AS_UNIT.test(name);
  if (!known) return undefined;
  const receiver = clock.of(object);
  if (receiver.length === 0) return undefined;
  if (TO_MS.has(name)) return receiver.map((one) => ({ ...asNumber(one), unit: 'ms', sure: true }));
  if (TO_S.has(name)) return receiver.map((one) => inUnit(one, 's'));
  if (AS_DATE.has(name)) return receiver;
  // A setter hands on the milliseconds of the date that it has changed.
  if (SETTER.test(name)) return receiver.map((one) => ({ ...asNumber(one), unit: 'ms', sure: true }));
  const asUnit = AS_UNIT.exec(name);
  if (asUnit) return inNamedUnit(receiver, asUnit[1]?.toLowerCase() ?? (argument && clock.file.values.strings(argument)[0]) ?? '');
  if (PLUS.has(name) || MINUS.has(name)) {
    if (!argument) return undefined;
    const second = node.arguments[1];
    const unit = second ? clock.file.values.strings(second)[0] : undefined;
    // moment took the unit first once: `add('seconds', 30)`.
    const first = second && clock.file.values.strings(argument)[0];
    if (second && first !== undefined && NAMED_UNITS.has(first)) return moved(clock, node, receiver, second, first, PLUS.has(name) ? 1 : -1);
    return moved(clock, node, receiver, argument, second ? (unit ?? '') : undefined, PLUS.has(name) ? 1 : -1);
  }
  const [other, unit] = name === 'diffNow' ? [undefined, argument] : [argument, node.arguments[1]];
  if (DIFFERENCES.has(name) && (other || name === 'diffNow')) {
    return differenceIn(clock, node, receiver, other ? clock.of(other) : PRESENT, (unit && clock.file.values.strings(unit)[0]) ?? 'milliseconds');
  }
  return undefined;
}

/** A date moved by an amount in a unit that is called by name, or by an object of such amounts. */
export function moved(clock: Clock, node: Node, dates: readonly Quantity[], amount: Node, unit: string | undefined, sign: 1 | -1): readonly Quantity[] {
  if (unit === undefined) {
    let found = dates;
    for (const value of clock.file.values.of(amount)) {
      if (value.kind !== 'object') return clock.of(amount).length > 0 ? moved(clock, node, dates, amount, 'milliseconds', sign) : [];
      for (const property of value.node.properties) {
        if (property.type === 'Property') found = moved(clock, node, found, property.value, nameOf(property) ?? '', sign);
      }
    }
    return found;
  }
  const length = NAMED_UNITS.get(unit);
  if (length === undefined) return [];
  const wanted = SPELT[length]!;
  const amounts = clock.of(amount);
  const wrong = amounts.filter((one) => one.sure && one.unit !== undefined && one.unit !== wanted && !isConstant(one));
  if (wrong.length > 0 && wrong.length === amounts.length) clock.slips.set(amount, { node: amount, kind: 'argument', found: wrong[0]!.unit!, wanted, terms: wrong[0]!.terms });
  return dates.flatMap((date) =>
    amounts.map((one): Quantity => {
      const signed = sign === 1 ? one : negated(one);
      return { ...date, terms: [...date.terms, ...signed.terms], constant: date.constant + signed.constant * length, fraction: date.fraction || one.fraction, slipped: date.slipped || wrong.includes(one) };
    }),
  );
}

function differenceIn(clock: Clock, node: Node, left: readonly Quantity[], right: readonly Quantity[], unit: string): readonly Quantity[] {
  return inNamedUnit(clock.combine(node, left, right, -1, 'sum'), unit);
}

/** Milliseconds as a number of units that are called by name; a number in that unit stays as it is. */
function inNamedUnit(found: readonly Quantity[], unit: string): readonly Quantity[] {
  const length = NAMED_UNITS.get(unit);
  if (length === undefined) return [];
  return found.map((one) => (length === 1 || one.unit !== 'ms' ? one : length === 1_000 ? inUnit(one, 's') : { ...one, unit: undefined, sure: false, date: false, constant: one.constant / length }));
}

/** `moment.duration(amount, unit)` */
function durationOf(clock: Clock, node: TSESTree.CallExpression, amount: Node): readonly Quantity[] {
  const unit = node.arguments[1];
  const length = unit ? NAMED_UNITS.get(clock.file.values.strings(unit)[0] ?? '') : 1;
  if (length === undefined) return [];
  return clock.of(amount).map((one) => (one.unit === 'ms' && length === 1 ? one : { ...one, constant: one.constant * length, unit: 'ms', sure: true }));
}

/** `end.diff(start, 'seconds').seconds`: the part of a luxon duration that is all of it. */
export function partOfDuration(clock: Clock, node: TSESTree.MemberExpression): readonly Quantity[] | undefined {
  const object = unwrap(node.object);
  if (object.type !== 'CallExpression' || !DIFFERENCES.has(nameOf(object.callee) ?? '') || !NAMED_UNITS.has(nameOf(node) ?? '')) return undefined;
  return clock.of(object);
}
