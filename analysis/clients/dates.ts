/** What the calls of dates do: the methods of Date, and moment, dayjs, luxon and date-fns. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Clock } from '../clock';
import type { FileModel } from '../file';
import { asNumber, inUnit, isConstant, negated, NOTHING, type Quantity } from '../quantity';
import { nameOf, type Variable } from '../scope';
import type { Node } from '../source';
import { NAMED_UNITS, type Unit } from '../vocabulary/time';

/** Methods that hand a date on as it is. */
const AS_DATE = new Set(['toDate', 'utc', 'local', 'clone', 'toUTC', 'toLocal', 'toISOString', 'toJSON', 'toString', 'format', 'toISO', 'toJSDate', 'toUTCString', 'toISODate']);
const TO_MS = new Set(['getTime', 'valueOf', 'toMillis']);
const TO_S = new Set(['unix', 'toSeconds', 'toUnixInteger']);
const PLUS = new Set(['add', 'plus']);
const MINUS = new Set(['subtract', 'minus']);
const DATE_FNS = /^(add|sub)(Milliseconds|Seconds|Minutes|Hours|Days)$/;
const DATE_LIBRARIES = /^(?:moment(?:-timezone)?|dayjs|luxon)$/;
const SETTER = /^set(?:UTC)?(Milliseconds|Seconds|Minutes|Hours)$/;
const DIFFERENCE = /^differenceIn(Milliseconds|Seconds|Minutes|Hours)$/;

const withLibrary = new WeakMap<FileModel, boolean>();

function usesLibrary(file: FileModel): boolean {
  let uses = withLibrary.get(file);
  if (uses === undefined) withLibrary.set(file, (uses = [...file.modules].some((module) => DATE_LIBRARIES.test(module) || module.startsWith('date-fns'))));
  return uses;
}

/** What `date.setSeconds(date.getSeconds() + amount)` and its like add to a date. */
export function settersOf(variable: Variable): { amount: Node; unit: string }[] {
  return variable.references.flatMap((reference) => {
    const member = reference.identifier.parent as Node | undefined;
    const call = member?.parent;
    const setter = member?.type === 'MemberExpression' && member.object === reference.identifier ? SETTER.exec(nameOf(member) ?? '') : undefined;
    const sum = call?.type === 'CallExpression' && call.callee === member ? call.arguments[0] : undefined;
    if (!setter || sum?.type !== 'BinaryExpression' || sum.operator !== '+') return [];
    const amount = [sum.left as Node, sum.right].find((side) => side.type !== 'CallExpression' || !(nameOf(side.callee) ?? '').startsWith('get'));
    return amount ? [{ amount, unit: setter[1]!.toLowerCase() }] : [];
  });
}

/** The constructors and functions of moment, dayjs, luxon and date-fns. */
export function libraryCall(clock: Clock, node: TSESTree.CallExpression, argument: Node | undefined): readonly Quantity[] | undefined {
  if (!usesLibrary(clock.file)) return undefined;
  for (const value of clock.file.values.of(node.callee)) {
    if (value.kind !== 'module') continue;
    const name = value.path.at(-1) ?? '';
    if (DATE_LIBRARIES.test(value.module)) {
      if (name === '' || name === 'utc' || name === 'tz' || name === 'moment') return argument ? clock.asDate(node, argument, 'ms') : [{ ...NOTHING, now: 1, unit: 'ms', sure: true, date: true }];
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
  const known = TO_MS.has(name) || TO_S.has(name) || AS_DATE.has(name) || PLUS.has(name) || MINUS.has(name) || name === 'diff';
  if (!known) return undefined;
  const receiver = clock.of(object);
  if (receiver.length === 0) return undefined;
  if (TO_MS.has(name)) return receiver.map((one) => ({ ...asNumber(one), unit: 'ms', sure: true }));
  if (TO_S.has(name)) return receiver.map((one) => inUnit(one, 's'));
  if (AS_DATE.has(name)) return receiver;
  if (PLUS.has(name) || MINUS.has(name)) {
    if (!argument) return undefined;
    const second = node.arguments[1];
    const unit = second ? clock.file.values.strings(second)[0] : undefined;
    return moved(clock, node, receiver, argument, second ? (unit ?? '') : undefined, PLUS.has(name) ? 1 : -1);
  }
  if (name === 'diff' && argument) {
    const second = node.arguments[1];
    return differenceIn(clock, node, receiver, clock.of(argument), (second && clock.file.values.strings(second)[0]) ?? 'milliseconds');
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
  const wanted: Unit | undefined = length === 1 ? 'ms' : length === 1_000 ? 's' : undefined;
  const amounts = clock.of(amount);
  const wrong = amounts.filter((one) => wanted !== undefined && one.sure && one.unit !== undefined && one.unit !== wanted && !isConstant(one));
  if (wrong.length > 0 && wrong.length === amounts.length) clock.slips.set(amount, { node: amount, kind: 'argument', found: wrong[0]!.unit!, wanted: wanted!, terms: wrong[0]!.terms });
  return dates.flatMap((date) =>
    amounts.map((one): Quantity => {
      const signed = sign === 1 ? one : negated(one);
      return { ...date, terms: [...date.terms, ...signed.terms], constant: date.constant + signed.constant * length, fraction: date.fraction || one.fraction, slipped: date.slipped || wrong.includes(one) };
    }),
  );
}

function differenceIn(clock: Clock, node: Node, left: readonly Quantity[], right: readonly Quantity[], unit: string): readonly Quantity[] {
  const length = NAMED_UNITS.get(unit);
  if (length === undefined) return [];
  return clock.combine(node, left, right, -1, 'sum').map((one) => (length === 1 ? one : length === 1_000 ? inUnit(one, 's') : { ...one, unit: undefined, sure: false, constant: one.constant / length }));
}
