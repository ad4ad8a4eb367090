/** A sum of times, with its unit: what {@link Clock} reads expressions as, and how such sums are reckoned with. */
import type { Node } from '../source';
import { type Unit, unitOfName } from '../vocabulary/time';

/** Something read from elsewhere: a field, a parameter, a property of an answer. */
export interface Term {
  readonly sign: 1 | -1;
  readonly node: Node;
  readonly name: string;
  readonly words: readonly string[];
  /** What the file puts there at another moment. */
  readonly stored: readonly Quantity[];
}

export interface Quantity {
  /** How often the present moment is in the sum: 1, 0 or -1. */
  readonly now: number;
  readonly terms: readonly Term[];
  readonly constant: number;
  readonly unit: Unit | undefined;
  /** Is the unit known, rather than concluded from a factor of 1000? */
  readonly sure: boolean;
  /** A Date or what a library has in its place, rather than a number. */
  readonly date: boolean;
  /** A part of a lifetime is taken, as in `expires_in * 0.9`. */
  readonly fraction: boolean;
  /** Two units are mixed in it, so that its value means nothing. */
  readonly slipped: boolean;
}

export const NOTHING: Quantity = { now: 0, terms: [], constant: 0, unit: undefined, sure: false, date: false, fraction: false, slipped: false };

/** Nothing but a number. */
export function isConstant(quantity: Quantity): boolean {
  return quantity.now === 0 && quantity.terms.length === 0;
}

export function isPlain(quantity: Quantity): boolean {
  return isConstant(quantity) && !quantity.slipped;
}

export function negated(quantity: Quantity): Quantity {
  return {
    ...quantity,
    now: -quantity.now,
    constant: -quantity.constant,
    terms: quantity.terms.map((term) => ({ ...term, sign: term.sign === 1 ? -1 : 1 })),
  };
}

export function asNumber(quantity: Quantity): Quantity {
  return quantity.date ? { ...quantity, date: false } : quantity;
}

/** A date as a number in a unit. */
export function inUnit(quantity: Quantity, unit: Unit): Quantity {
  return { ...quantity, constant: quantity.constant / 1_000, unit, sure: true, date: false };
}

/** `x * factor`: 1000 turns seconds into milliseconds, a fraction takes a part, anything else leaves the unit open. */
export function scaled(quantity: Quantity, factor: number, by: Quantity): Quantity {
  const constant = quantity.constant * factor;
  if (isConstant(quantity)) {
    const unit = quantity.unit ?? by.unit;
    const converted = factor === 1_000 && quantity.unit === 's' ? 'ms' : factor === 1 / 1_000 && quantity.unit === 'ms' ? 's' : unit;
    return { ...quantity, constant, unit: converted, sure: converted !== undefined && (quantity.sure || by.sure) };
  }
  const base = { ...quantity, constant, date: false };
  if (factor === 1_000) {
    if (quantity.unit === 's') return { ...base, unit: 'ms' };
    return quantity.unit === undefined ? { ...base, unit: 'ms', sure: false } : { ...base, unit: undefined, sure: false };
  }
  if (factor === 1 / 1_000) {
    if (quantity.unit === 'ms') return { ...base, unit: 's' };
    return quantity.unit === undefined ? { ...base, unit: 's', sure: false } : { ...base, unit: undefined, sure: false };
  }
  // `* 900` is nine tenths and the conversion in one.
  if (factor > 500 && factor < 1_000 && (quantity.unit === 's' || quantity.unit === undefined)) return { ...base, unit: 'ms', sure: quantity.unit === 's' && quantity.sure, fraction: true };
  if (factor > 0 && factor < 1 && factor !== 1 / 60 && factor !== 1 / 60_000) return { ...base, fraction: true };
  if (quantity.unit === undefined) {
    if (factor === 60 || factor === 3_600 || factor === 86_400) return { ...base, unit: 's', sure: false };
    if (factor % 60_000 === 0) return { ...base, unit: 'ms', sure: false };
  }
  return { ...base, unit: undefined, sure: false };
}

/** A constant without a unit takes that of its name. */
export function namedUnit(quantity: Quantity, words: readonly string[]): Quantity {
  if (quantity.unit !== undefined || !isConstant(quantity)) return quantity;
  const unit = unitOfName(words);
  return unit === undefined ? quantity : { ...quantity, unit, sure: true };
}

/** `x || 0`: the nothing that stands in for a missing value is no alternative to it. */
export function alternatives(found: readonly Quantity[]): readonly Quantity[] {
  const real = found.filter((one) => !isConstant(one) || one.constant !== 0);
  return real.length > 0 ? real : found;
}
