/**
 * What an expression says about time, as a sum: so many times the present moment, what is read from elsewhere, a constant,
 * all in milliseconds or in seconds. Units come from the clocks, from standards, from conversions and from names that end in one.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from './file';
import { type FunctionNode, functionAround, nameOf, returnsOf, unwrap, type Variable, variableOf } from './scope';
import type { Node } from './source';
import { CLAIMS, isNowName, isTimeName, NAMED_UNITS, standardUnit, type Unit, unitOfName, wordsOf } from './vocabulary/time';

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

/** A place where the units do not fit. */
export interface Slip {
  readonly node: Node;
  readonly kind: 'sum' | 'date' | 'argument' | 'comparison' | 'uncalled';
  /** What is there, and what should be. */
  readonly found: Unit;
  readonly wanted: Unit;
  readonly terms: readonly Term[];
}

const NONE: Quantity = { now: 0, terms: [], constant: 0, unit: undefined, sure: false, date: false, fraction: false, slipped: false };
const MOST = 8;
const DEEPEST = 60;
const MOST_STORES = 12;
const MOST_TERMS = 6;

const ROUNDING = new Set(['floor', 'round', 'ceil', 'trunc', 'abs']);
const NUMERIC = new Set(['Number', 'parseInt', 'parseFloat', 'BigInt', 'String']);
/** Methods that hand a date on as it is, or as its milliseconds. */
const AS_DATE = new Set(['toDate', 'utc', 'local', 'clone', 'toUTC', 'toLocal', 'toISOString', 'toJSON', 'toString', 'format', 'toISO', 'toJSDate', 'toUTCString', 'toISODate']);
const TO_MS = new Set(['getTime', 'valueOf', 'toMillis']);
const TO_S = new Set(['unix', 'toSeconds', 'toUnixInteger']);
const PLUS = new Set(['add', 'plus']);
const MINUS = new Set(['subtract', 'minus']);
const DATE_FNS = /^(add|sub)(Milliseconds|Seconds|Minutes|Hours|Days)$/;
const DATE_LIBRARIES = /^(?:moment(?:-timezone)?|dayjs|luxon)$/;
const SETTER = /^set(?:UTC)?(Milliseconds|Seconds|Minutes|Hours)$/;
const DIFFERENCE = /^differenceIn(Milliseconds|Seconds|Minutes|Hours)$/;

export class Clock {
  /** Every place seen so far where the units do not fit. */
  readonly slips = new Map<Node, Slip>();
  private readonly known = new WeakMap<Node, readonly Quantity[]>();
  private readonly open = new Set<Node>();
  private stores: Map<string, Node[]> | undefined;
  private hasLibrary: boolean | undefined;

  constructor(private readonly file: FileModel) {}

  /** Everything that an expression can come to; empty where it is no sum of times. */
  of(node: Node): readonly Quantity[] {
    const known = this.known.get(node);
    if (known) return known;
    if (this.open.has(node) || this.open.size > DEEPEST) return [];
    this.open.add(node);
    let found: readonly Quantity[];
    try {
      found = this.evaluate(node).slice(0, MOST);
    } finally {
      this.open.delete(node);
    }
    // Kept inside a cycle too, where the answer leaves out what is still open: else one long cycle is walked without end.
    this.known.set(node, found);
    return found;
  }

  /** `left - right`, each alternative with each. Differing units are a slip of `node`'s. */
  difference(node: Node, left: Node, right: Node): readonly Quantity[] {
    return this.combine(node, this.of(left), this.of(right), -1, 'comparison');
  }

  /** The values that the file puts under a property name or storage key. */
  storesOf(name: string): readonly Node[] {
    if (!this.stores) {
      this.stores = new Map();
      const add = (key: string | undefined, value: Node | null | undefined) => {
        if (key === undefined || !value) return;
        const list = this.stores!.get(key);
        if (list) list.push(value);
        else this.stores!.set(key, [value]);
      };
      for (const write of this.file.all('AssignmentExpression')) {
        if (write.left.type === 'MemberExpression' && ['=', '??=', '||='].includes(write.operator)) add(nameOf(write.left), write.right);
      }
      for (const property of this.file.all('Property')) if (property.parent.type === 'ObjectExpression') add(nameOf(property), property.value);
      for (const field of this.file.all('PropertyDefinition')) add(nameOf(field), field.value);
      for (const parameter of this.file.all('TSParameterProperty')) {
        if (parameter.parameter.type === 'AssignmentPattern' && parameter.parameter.left.type === 'Identifier') add(parameter.parameter.left.name, parameter.parameter.right);
      }
      for (const call of this.file.all('CallExpression')) {
        if (call.callee.type !== 'MemberExpression') continue;
        const key = call.arguments[0];
        if ((nameOf(call.callee) === 'setItem' || nameOf(call.callee) === 'set') && key?.type === 'Literal') add(String(key.value), call.arguments[1]);
      }
    }
    return this.stores.get(name) ?? [];
  }

  private evaluate(node: Node): readonly Quantity[] {
    switch (node.type) {
      case 'Literal': {
        const value = typeof node.value === 'string' && node.value.trim() !== '' ? Number(node.value) : node.value;
        if (typeof value === 'bigint') return [{ ...NONE, constant: Number(value) }];
        return typeof value === 'number' && Number.isFinite(value) ? [{ ...NONE, constant: value }] : [];
      }
      case 'UnaryExpression':
        if (node.operator === '-') return this.of(node.argument).map(negated);
        return node.operator === '+' || node.operator === '~' ? this.of(node.argument).map(asNumber) : [];
      case 'BinaryExpression':
        return this.binary(node);
      case 'LogicalExpression':
        return alternatives([...this.of(node.left), ...this.of(node.right)]);
      case 'ConditionalExpression':
        return alternatives([...this.of(node.consequent), ...this.of(node.alternate)]);
      case 'AssignmentExpression':
        return node.operator === '=' ? this.of(node.right) : [];
      case 'TemplateLiteral':
        return node.expressions.length === 1 && node.quasis.every((quasi) => quasi.value.raw === '') ? this.of(node.expressions[0]!) : [];
      case 'NewExpression':
        return node.callee.type === 'Identifier' && node.callee.name === 'Date' ? this.newDate(node) : [];
      case 'Identifier':
        return this.identifier(node);
      case 'MemberExpression':
        return this.member(node);
      case 'CallExpression':
        return this.call(node);
      default: {
        const inner = unwrap(node);
        return inner === node ? [] : this.of(inner);
      }
    }
  }

  // ---- sums and factors ----

  private binary(node: TSESTree.BinaryExpression): readonly Quantity[] {
    const left = this.of(node.left as Node);
    const right = this.of(node.right);
    switch (node.operator) {
      case '+':
      case '-':
        this.checkUncalled(node);
        if (this.slips.get(node)?.kind === 'uncalled') return [];
        if (node.operator === '+' && (isTextual(node.left as Node) || isTextual(node.right))) return [];
        return this.combine(node, left, right, node.operator === '+' ? 1 : -1, 'sum');
      case '*':
        return left.flatMap((one) => right.flatMap((other) => (isPlain(other) ? [scaled(one, other.constant, other)] : isPlain(one) ? [scaled(other, one.constant, one)] : [])));
      case '/':
        return left.flatMap((one) => right.flatMap((other) => (isPlain(other) && other.constant !== 0 ? [scaled(one, 1 / other.constant, other)] : [])));
      case '|':
      case '>>':
      case '>>>':
        return left.map(asNumber);
      default:
        return [];
    }
  }

  private combine(node: Node, left: readonly Quantity[], right: readonly Quantity[], sign: 1 | -1, kind: Slip['kind']): readonly Quantity[] {
    const found: Quantity[] = [];
    let clashes = 0;
    let pairs = 0;
    let clash: Slip | undefined;
    for (const one of left) {
      for (const other of right) {
        if (one.terms.length + other.terms.length > MOST_TERMS) continue;
        const b = sign === 1 ? other : negated(other);
        const clashing = one.unit !== undefined && other.unit !== undefined && one.unit !== other.unit && one.sure && other.sure;
        pairs++;
        if (clashing) {
          clashes++;
          // The clock is what the other side has to fit.
          const clock = one.now !== 0 || (other.now === 0 && one.date) ? one : other.now !== 0 ? other : one;
          clash ??= { node, kind, found: (clock === one ? other : one).unit!, wanted: clock.unit!, terms: [...one.terms, ...b.terms] };
        }
        const known = one.unit !== undefined && (one.sure || other.unit === undefined || !other.sure) ? one : other.unit !== undefined ? other : one;
        found.push({
          now: one.now + b.now,
          terms: [...one.terms, ...b.terms],
          constant: one.constant + b.constant,
          unit: known.unit,
          sure: known.sure,
          date: false,
          fraction: one.fraction || b.fraction,
          slipped: one.slipped || b.slipped || clashing,
        });
      }
    }
    // Where one alternative fits, which of them comes is not known.
    if (clash && clashes === pairs && !found.some((one) => one.slipped && (left.some((l) => l.slipped) || right.some((r) => r.slipped)))) this.slips.set(node, clash);
    return found.slice(0, MOST);
  }

  /** `Date.now + 60`: the function itself, as text. */
  private checkUncalled(node: TSESTree.BinaryExpression): void {
    const other = (side: Node) => this.of(side === node.left ? node.right : (node.left as Node));
    for (const side of [node.left as Node, node.right]) {
      if (side.type === 'MemberExpression' && isGlobal(this.file, side, 'Date', 'now')) {
        this.slips.set(node, { node: side, kind: 'uncalled', found: 'ms', wanted: 'ms', terms: other(side).flatMap((one) => one.terms) });
      }
    }
  }

  private newDate(node: TSESTree.NewExpression): readonly Quantity[] {
    const [first] = node.arguments;
    if (!first) return [{ ...NONE, now: 1, unit: 'ms', sure: true, date: true }];
    if (node.arguments.length > 1 || first.type === 'SpreadElement') return [];
    return this.asDate(node, first, 'ms');
  }

  /** A date out of a number that has to be in a unit. */
  private asDate(node: Node, argument: Node, wanted: Unit): readonly Quantity[] {
    const values = this.of(argument).filter((one) => !isConstant(one));
    const wrong = values.filter((one) => !one.date && one.sure && one.unit !== undefined && one.unit !== wanted && !one.slipped);
    if (wrong.length > 0 && wrong.length === values.length) this.slips.set(node, { node, kind: 'date', found: wrong[0]!.unit!, wanted, terms: wrong[0]!.terms });
    return values.map((one) => {
      const slipped = one.slipped || wrong.includes(one);
      const ms = wanted === 's' && !one.date ? { ...one, constant: one.constant * 1_000 } : one;
      return { ...ms, unit: 'ms', sure: true, date: true, slipped };
    });
  }

  // ---- names ----

  private identifier(node: TSESTree.Identifier): readonly Quantity[] {
    const variable = variableOf(this.file.source, node);
    if (!variable) return [];
    const words = wordsOf(node.name);
    const found = this.variable(variable, node, words);
    if (found.length > 0) return found.map((one) => namedUnit(one, words));
    return [this.term(node, node.name, words, [])];
  }

  private variable(variable: Variable, node: TSESTree.Identifier, words: readonly string[]): readonly Quantity[] {
    const here = functionAround(node);
    const values: { value: Node; local: boolean }[] = [];
    const adjustments: TSESTree.AssignmentExpression[] = [];
    let opaque = false;
    for (const def of variable.defs) {
      const declared = def.node as Node;
      if (declared.type === 'VariableDeclarator' && declared.id.type === 'Identifier') {
        if (declared.init) values.push({ value: declared.init, local: functionAround(declared) === here });
      } else if ((def.type as string) === 'Parameter' || declared.type === 'VariableDeclarator') {
        const pattern = this.throughPattern(node, words);
        if (pattern.some((one) => isConstant(one))) return alternatives(pattern);
        opaque = true;
        if (pattern.length > 0 && variable.references.filter((one) => one.isWrite() && !one.init).length === 0) return pattern;
      } else {
        opaque = true;
      }
    }
    const declaredHere = variable.defs.some((def) => functionAround(def.name as Node) === here);
    for (const reference of variable.references) {
      const write = reference.identifier.parent as Node | undefined;
      if (!reference.isWrite() || reference.init || write?.type !== 'AssignmentExpression' || write.left !== reference.identifier) continue;
      if (write.operator === '+=' || write.operator === '-=') adjustments.push(write);
      else if (!contains(write, node)) values.push({ value: write.right, local: declaredHere && write.range[0] < node.range[0] });
    }
    const bases = values.filter(({ value }) => !contains(value, node)).flatMap(({ value, local }) => this.of(value).map((quantity) => ({ quantity, local })));
    const constants = bases.filter(({ quantity }) => isConstant(quantity));
    const moving = bases.filter(({ quantity }) => !isConstant(quantity));
    // A moment worked out elsewhere was another moment.
    const elsewhere = moving.filter(({ quantity, local }) => quantity.now !== 0 && !local);
    if (elsewhere.length > 0) return [this.term(node, node.name, words, elsewhere.map(({ quantity }) => quantity))];
    let found: Quantity[] = moving.length > 0 ? moving.map(({ quantity }) => quantity) : opaque ? [] : constants.map(({ quantity }) => quantity);
    for (const { amount, unit } of this.settersOf(variable)) if (found.length > 0) found = [...this.moved(amount, found, amount, unit, 1)];
    for (const adjustment of adjustments) {
      if (found.length === 0) break;
      found = [...this.combine(adjustment, found, this.of(adjustment.right), adjustment.operator === '+=' ? 1 : -1, 'sum')];
    }
    return found;
  }

  /** What `date.setSeconds(date.getSeconds() + amount)` and its like add to a date. */
  private settersOf(variable: Variable): { amount: Node; unit: string }[] {
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

  /** A parameter or a destructured name: its own name, that of the property it comes from, its defaults, what this file passes. */
  private throughPattern(node: TSESTree.Identifier, words: readonly string[]): readonly Quantity[] {
    if (!isTimeName(words)) return [this.term(node, node.name, words, [])];
    const found: Quantity[] = [];
    for (const value of this.file.values.of(node)) {
      if (value.kind === 'parameter') {
        const key = keyInPattern(value.node) ?? node.name;
        found.push(this.term(node, key, wordsOf(key), []));
      } else if (value.kind === 'member') found.push(this.term(node, value.name || node.name, wordsOf(value.name || node.name), this.storedUnder(value.name), isDecoded(this.file, value.of.node)));
      else if (value.node !== node) found.push(...this.of(value.node));
    }
    return found;
  }

  private member(node: TSESTree.MemberExpression): readonly Quantity[] {
    if (node.object.type === 'CallExpression' && isGlobal(this.file, node.object.callee, 'process', 'hrtime')) {
      return node.object.arguments.length === 0 && nameOf(node) === '0' ? [{ ...NONE, now: 1, unit: 's', sure: true }] : [];
    }
    const name = nameOf(node) ?? this.file.values.strings(node.property)[0];
    if (name === undefined) return [];
    const words = wordsOf(name);
    const stored = this.storedUnder(name);
    const constants = stored.filter(isConstant);
    // A constant in a field is that constant; a moment is one of the past.
    if (constants.length > 0 && constants.length === stored.length && !isMomentName(words)) return constants.map((one) => namedUnit(one, words));
    const inner = stored.filter((one) => !isConstant(one));
    return [this.term(node, name, words, inner, isDecoded(this.file, node.object))];
  }

  private storedUnder(name: string): readonly Quantity[] {
    return isTimeName(wordsOf(name)) ? this.storesOf(name).slice(0, MOST_STORES).flatMap((value) => this.of(value)) : [];
  }

  private term(node: Node, name: string, words: readonly string[], stored: readonly Quantity[], decoded = false): Quantity {
    const kept = stored.filter((one) => !isConstant(one));
    const units = new Set(kept.filter((one) => one.unit !== undefined && !one.slipped).map((one) => one.unit!));
    if (kept.length === 0 && isNowName(words)) {
      const unit = unitOfName(words) ?? (words.includes('unix') || words.includes('epoch') ? 's' : undefined);
      return { ...NONE, now: 1, unit, sure: unit !== undefined };
    }
    const byStore = units.size === 1 && kept.every((one) => one.slipped || one.unit !== undefined) ? [...units][0] : undefined;
    const byName = kept.length > 0 ? undefined : (standardUnit(name) ?? unitOfName(words) ?? (decoded && CLAIMS.has(name) ? 's' : undefined));
    const unit = byStore ?? byName;
    return {
      ...NONE,
      terms: [{ sign: 1, node, name, words, stored: kept }],
      unit,
      sure: unit !== undefined && (byStore === undefined || kept.every((one) => one.sure || one.slipped)),
      date: kept.length > 0 && kept.every((one) => one.date),
    };
  }

  // ---- calls ----

  private call(node: TSESTree.CallExpression): readonly Quantity[] {
    const callee = unwrap(node.callee);
    const first = node.arguments[0];
    const argument = first?.type === 'SpreadElement' ? undefined : first;
    const now = (unit: Unit, date = false): readonly Quantity[] => [{ ...NONE, now: 1, unit, sure: true, date }];
    if (isGlobal(this.file, callee, 'Date', 'now') || isGlobal(this.file, callee, 'performance', 'now')) return now('ms');
    if (isGlobal(this.file, callee, 'process', 'uptime')) return now('s');
    if (isGlobal(this.file, callee, 'Date', 'parse') && argument) return this.of(argument).map((one) => ({ ...one, unit: 'ms', sure: true, date: false }));
    if (callee.type === 'Identifier' && NUMERIC.has(callee.name) && argument) return this.of(argument).map(asNumber);

    const library = this.libraryCall(node, argument);
    if (library) return library;

    if (callee.type === 'MemberExpression') {
      const name = nameOf(callee) ?? '';
      if (callee.object.type === 'Identifier' && callee.object.name === 'Math') return this.math(name, node);
      if (callee.object.type === 'Identifier' && callee.object.name === 'Number' && argument) return this.of(argument).map(asNumber);
      const receiver = this.methodOfDate(node, name, callee.object, argument);
      if (receiver) return receiver;
      if ((name === 'getItem' || name === 'get') && argument?.type === 'Literal') {
        const key = String(argument.value);
        return [this.term(node, key, wordsOf(key), this.storedUnder(key))];
      }
    }
    return this.helper(node, callee);
  }

  private math(name: string, node: TSESTree.CallExpression): readonly Quantity[] {
    const values = node.arguments.map((one) => this.of(one));
    if (ROUNDING.has(name)) return (values[0] ?? []).map(asNumber);
    if (name !== 'max' && name !== 'min') return [];
    // `Math.max(left, 0)`: the bound is no value of its own.
    const moving = values.flat().filter((one) => !isConstant(one));
    if (moving.length > 0) return moving.map(asNumber);
    const constants = values.flat().map((one) => one.constant);
    return constants.length > 0 ? [{ ...NONE, constant: Math[name](...constants) }] : [];
  }

  /** The constructors and functions of moment, dayjs, luxon and date-fns. */
  private libraryCall(node: TSESTree.CallExpression, argument: Node | undefined): readonly Quantity[] | undefined {
    this.hasLibrary ??= [...this.file.modules].some((module) => DATE_LIBRARIES.test(module) || module.startsWith('date-fns'));
    if (!this.hasLibrary) return undefined;
    for (const value of this.file.values.of(node.callee)) {
      if (value.kind !== 'module') continue;
      const name = value.path.at(-1) ?? '';
      if (DATE_LIBRARIES.test(value.module)) {
        if (name === '' || name === 'utc' || name === 'tz' || name === 'moment') return argument ? this.asDate(node, argument, 'ms') : [{ ...NONE, now: 1, unit: 'ms', sure: true, date: true }];
        if (name === 'now') return [{ ...NONE, now: 1, unit: 'ms', sure: true, date: value.module === 'luxon' }];
        if ((name === 'unix' || name === 'fromSeconds') && argument) return this.asDate(node, argument, 's');
        if (name === 'fromMillis' && argument) return this.asDate(node, argument, 'ms');
        if ((name === 'fromISO' || name === 'fromJSDate') && argument) return this.of(argument).map((one) => ({ ...one, unit: 'ms', sure: true, date: true }));
      }
      if (value.module === 'date-fns' || value.module.startsWith('date-fns/')) {
        const fn = name || value.module.replace(/^.*\//, '');
        return this.dateFns(fn, node, argument);
      }
    }
    return undefined;
  }

  private dateFns(name: string, node: TSESTree.CallExpression, argument: Node | undefined): readonly Quantity[] {
    const second = node.arguments[1];
    if (!argument) return [];
    const date = () => this.asDate(node, argument, 'ms');
    if (name === 'fromUnixTime') return this.asDate(node, argument, 's');
    if (name === 'getUnixTime') return date().map((one) => inUnit(one, 's'));
    if (name === 'getTime') return date().map(asNumber);
    if (name === 'parseISO' || name === 'toDate') return date();
    const moved = DATE_FNS.exec(name);
    if (moved && second) return this.moved(node, date(), second, moved[2]!.toLowerCase(), moved[1] === 'add' ? 1 : -1);
    if ((name === 'add' || name === 'sub') && second) return this.moved(node, date(), second, undefined, name === 'add' ? 1 : -1);
    const difference = DIFFERENCE.exec(name);
    if (difference && second) return this.differenceIn(node, date(), this.of(second), difference[1]!.toLowerCase());
    return [];
  }

  private methodOfDate(node: TSESTree.CallExpression, name: string, object: Node, argument: Node | undefined): readonly Quantity[] | undefined {
    const known = TO_MS.has(name) || TO_S.has(name) || AS_DATE.has(name) || PLUS.has(name) || MINUS.has(name) || name === 'diff';
    if (!known) return undefined;
    const receiver = this.of(object);
    if (receiver.length === 0) return undefined;
    if (TO_MS.has(name)) return receiver.map((one) => ({ ...asNumber(one), unit: 'ms', sure: true }));
    if (TO_S.has(name)) return receiver.map((one) => inUnit(one, 's'));
    if (AS_DATE.has(name)) return receiver;
    if (PLUS.has(name) || MINUS.has(name)) {
      if (!argument) return undefined;
      const second = node.arguments[1];
      const unit = second ? this.file.values.strings(second)[0] : undefined;
      return this.moved(node, receiver, argument, second ? (unit ?? '') : undefined, PLUS.has(name) ? 1 : -1);
    }
    if (name === 'diff' && argument) {
      const second = node.arguments[1];
      return this.differenceIn(node, receiver, this.of(argument), (second && this.file.values.strings(second)[0]) ?? 'milliseconds');
    }
    return undefined;
  }

  /** A date moved by an amount in a unit that is called by name, or by an object of such amounts. */
  private moved(node: Node, dates: readonly Quantity[], amount: Node, unit: string | undefined, sign: 1 | -1): readonly Quantity[] {
    if (unit === undefined) {
      let found = dates;
      for (const value of this.file.values.of(amount)) {
        if (value.kind !== 'object') return this.of(amount).length > 0 ? this.moved(node, dates, amount, 'milliseconds', sign) : [];
        for (const property of value.node.properties) {
          if (property.type === 'Property') found = this.moved(node, found, property.value, nameOf(property) ?? '', sign);
        }
      }
      return found;
    }
    const length = NAMED_UNITS.get(unit);
    if (length === undefined) return [];
    const wanted: Unit | undefined = length === 1 ? 'ms' : length === 1_000 ? 's' : undefined;
    const amounts = this.of(amount);
    const wrong = amounts.filter((one) => wanted !== undefined && one.sure && one.unit !== undefined && one.unit !== wanted && !isConstant(one));
    if (wrong.length > 0 && wrong.length === amounts.length) this.slips.set(amount, { node: amount, kind: 'argument', found: wrong[0]!.unit!, wanted: wanted!, terms: wrong[0]!.terms });
    return dates.flatMap((date) =>
      amounts.map((one): Quantity => {
        const signed = sign === 1 ? one : negated(one);
        return { ...date, terms: [...date.terms, ...signed.terms], constant: date.constant + signed.constant * length, fraction: date.fraction || one.fraction, slipped: date.slipped || wrong.includes(one) };
      }),
    );
  }

  private differenceIn(node: Node, left: readonly Quantity[], right: readonly Quantity[], unit: string): readonly Quantity[] {
    const length = NAMED_UNITS.get(unit);
    if (length === undefined) return [];
    return this.combine(node, left, right, -1, 'sum').map((one) => (length === 1 ? one : length === 1_000 ? inUnit(one, 's') : { ...one, unit: undefined, sure: false, constant: one.constant / length }));
  }

  /** What a helper of this file returns; a helper of another one is the present moment if it is called so. */
  private helper(node: TSESTree.CallExpression, callee: Node): readonly Quantity[] {
    const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? (nameOf(callee) ?? '') : '';
    const words = wordsOf(name);
    if (!isTimeName(words)) return [];
    const found = this.file.values.of(callee).flatMap((value) => (value.kind === 'function' ? this.returned(value.node) : []));
    if (found.length > 0) return alternatives(found);
    if (isNowName(words)) return [this.term(node, name, words, [])];
    return isMomentName(words) ? [this.term(node, name, words, [])] : [];
  }

  private returned(fn: FunctionNode): readonly Quantity[] {
    return returnsOf(this.file.source, fn).flatMap((value) => this.of(value));
  }
}

const clocks = new WeakMap<FileModel, Clock>();

/** The clock of a file, made on first use. */
export function clockOf(file: FileModel): Clock {
  let clock = clocks.get(file);
  if (!clock) clocks.set(file, (clock = new Clock(file)));
  return clock;
}

/** Nothing but a number. */
export function isConstant(quantity: Quantity): boolean {
  return quantity.now === 0 && quantity.terms.length === 0;
}

function isPlain(quantity: Quantity): boolean {
  return isConstant(quantity) && !quantity.slipped;
}

function isMomentName(words: readonly string[]): boolean {
  return words.some((word) => word.startsWith('expir')) || words.includes('exp');
}

function negated(quantity: Quantity): Quantity {
  return {
    ...quantity,
    now: -quantity.now,
    constant: -quantity.constant,
    terms: quantity.terms.map((term) => ({ ...term, sign: term.sign === 1 ? -1 : 1 })),
  };
}

function asNumber(quantity: Quantity): Quantity {
  return quantity.date ? { ...quantity, date: false } : quantity;
}

/** A date as a number in a unit. */
function inUnit(quantity: Quantity, unit: Unit): Quantity {
  return { ...quantity, constant: quantity.constant / 1_000, unit, sure: true, date: false };
}

/** `x * factor`: 1000 turns seconds into milliseconds, a fraction takes a part, anything else leaves the unit open. */
function scaled(quantity: Quantity, factor: number, by: Quantity): Quantity {
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
  if (factor > 0 && factor < 1 && factor !== 1 / 60 && factor !== 1 / 60_000) return { ...base, fraction: true };
  if (quantity.unit === undefined) {
    if (factor === 60 || factor === 3_600 || factor === 86_400) return { ...base, unit: 's', sure: false };
    if (factor % 60_000 === 0) return { ...base, unit: 'ms', sure: false };
  }
  return { ...base, unit: undefined, sure: false };
}

/** A constant without a unit takes that of its name. */
function namedUnit(quantity: Quantity, words: readonly string[]): Quantity {
  if (quantity.unit !== undefined || !isConstant(quantity)) return quantity;
  const unit = unitOfName(words);
  return unit === undefined ? quantity : { ...quantity, unit, sure: true };
}

/** `x || 0`: the nothing that stands in for a missing value is no alternative to it. */
function alternatives(found: readonly Quantity[]): readonly Quantity[] {
  const real = found.filter((one) => !isConstant(one) || one.constant !== 0);
  return real.length > 0 ? real : found;
}

/** A text that numbers are added to, and so no sum. */
function isTextual(node: Node): boolean {
  if (node.type === 'Literal') return typeof node.value === 'string';
  return node.type === 'BinaryExpression' && node.operator === '+' && (isTextual(node.left as Node) || isTextual(node.right));
}

function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}

/** The property that a name in a parameter's pattern stands for: `expires_in` of `({ expires_in: lifetime })`. */
function keyInPattern(identifier: Node): string | undefined {
  const value = identifier.parent?.type === 'AssignmentPattern' ? identifier.parent : identifier;
  return value.parent?.type === 'Property' && value.parent.value === value ? nameOf(value.parent) : undefined;
}

function isGlobal(file: FileModel, node: Node, object: string, name: string): boolean {
  if (node.type !== 'MemberExpression' || nameOf(node) !== name || node.object.type !== 'Identifier') return false;
  return node.object.name === object && !variableOf(file.source, node.object);
}

const DECODED_NAMES = new Set(['decoded', 'payload', 'claims', 'jwt', 'content']);
const DECODERS = /decode|verify|parse/i;

/** Is it the content of a JWT, whose moments are in seconds? */
function isDecoded(file: FileModel, object: Node): boolean {
  const inner = unwrap(object);
  const called = (node: Node) => node.type === 'CallExpression' && DECODERS.test(node.callee.type === 'Identifier' ? node.callee.name : (nameOf(node.callee) ?? ''));
  if (called(inner) || file.values.of(inner).some((value) => called(unwrap(value.node)))) return true;
  const name = inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? nameOf(inner) : undefined;
  return name !== undefined && wordsOf(name).some((word) => DECODED_NAMES.has(word));
}
