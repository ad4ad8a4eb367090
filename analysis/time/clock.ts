/**
 * What an expression says about time, as a sum: so many times the present moment, what is read from elsewhere, a constant,
 * all in milliseconds or in seconds. Units come from the clocks, from standards, from conversions and from names that end in one.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { type Change, changesOf, libraryCall, methodOfDate, moved, partOfDuration, usesLibrary } from '../clients/dates';
import type { FileModel } from '../file';
import { ByName, type MethodCall } from '../nodes';
import { alternatives, asNumber, isConstant, isPlain, namedUnit, negated, NOTHING, type Quantity, scaled, type Term } from './quantity';
import { concernsUs } from '../relevance';
import { contains, type FunctionNode, functionAround, nameOf, returnsOf, unwrap, type Variable, variableOf } from '../scope';
import type { Node } from '../source';
import { CLAIMS, isNowName, isTimeName, standardUnit, type Unit, unitOfName, wordsOf } from '../vocabulary/time';

/** A place where the units do not fit. */
export interface Slip {
  readonly node: Node;
  readonly kind: 'sum' | 'date' | 'argument' | 'comparison' | 'uncalled' | 'issuedAtText' | 'dateText';
  /** What is there, and what should be. */
  readonly found: Unit;
  readonly wanted: Unit | 'minutes' | 'hours' | 'days';
  readonly terms: readonly Term[];
}

const MOST = 8;
const DEEPEST = 60;
const MOST_STORES = 12;
const MOST_TERMS = 6;

/** A type that says otherwise. */
const ISSUED_AT_NUMBER = /\bissued_at\??:\s*(?:number|Date)\b/;
const ROUNDING = new Set(['floor', 'round', 'ceil', 'trunc', 'abs']);
const NUMERIC = new Set(['Number', 'parseInt', 'parseFloat', 'BigInt', 'String']);

interface Writes {
  writes: TSESTree.AssignmentExpression[];
  adjustments: TSESTree.AssignmentExpression[];
  changes: Change[];
}

export class Clock {
  /** Every place seen so far where the units do not fit. */
  readonly slips = new Map<Node, Slip>();
  private readonly known = new Map<Node, readonly Quantity[]>();
  private readonly open = new Set<Node>();
  private readonly writes = new Map<Variable, Writes>();
  private readonly stores = new Map<string, readonly Node[]>();

  constructor(readonly file: FileModel) {}

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
    if (this.isUncalled(node, left, right)) return [];
    return this.combine(node, this.of(left), this.of(right), -1, 'comparison');
  }

  /** The values that the file puts under a property name or storage key. */
  storesOf(name: string): readonly Node[] {
    let stores = this.stores.get(name);
    if (!stores) this.stores.set(name, (stores = this.collectStores(name)));
    return stores;
  }

  private collectStores(name: string): readonly Node[] {
    const { file } = this;
    return [
      ...file.memberWrites.named(name).flatMap(({ operator, right }) => (['=', '??=', '||='].includes(operator) ? [right] : [])),
      ...file.properties.named(name).flatMap(({ parent, value }) => (parent.type === 'ObjectExpression' ? [value] : [])),
      ...file.fields.named(name).flatMap(({ value }) => value ?? []),
      ...this.parameterFields.named(name).map(({ parameter }) => (parameter as TSESTree.AssignmentPattern).right),
      ...this.keptUnderKeys.named(name).flatMap(({ arguments: [, value] }) => value ?? []),
    ];
  }

  /** `constructor(private expiresAt = 0)` */
  private get parameterFields(): ByName<TSESTree.TSParameterProperty> {
    return (this.parameters ??= new ByName(this.file.all('TSParameterProperty'), ({ parameter }) => (parameter.type === 'AssignmentPattern' && parameter.left.type === 'Identifier' ? parameter.left.name : undefined)));
  }
  private parameters: ByName<TSESTree.TSParameterProperty> | undefined;

  /** `localStorage.setItem('expires_at', value)`, `cache.set('expires_at', value)` */
  private get keptUnderKeys(): ByName<MethodCall> {
    return (this.keyed ??= new ByName(this.file.methodCalls.named('setItem', 'set'), ({ arguments: [key] }) => (key?.type === 'Literal' ? String(key.value) : undefined)));
  }
  private keyed: ByName<MethodCall> | undefined;

  /** What methods change about the date in a property, as `x.expiresAt.setSeconds(…)` does. */
  private changesOfField(name: string): readonly Change[] {
    return this.file.members.named(name).flatMap((member) => {
      const { parent } = member;
      const isReceiver = parent.type === 'MemberExpression' && parent.object === member && parent.parent.type === 'CallExpression' && parent.parent.callee === parent;
      return isReceiver ? changesOf(parent.parent as TSESTree.CallExpression) : [];
    });
  }

  private evaluate(node: Node): readonly Quantity[] {
    switch (node.type) {
      case 'Literal': {
        const value = typeof node.value === 'string' && node.value.trim() !== '' ? Number(node.value) : node.value;
        if (typeof value === 'bigint') return [{ ...NOTHING, constant: Number(value) }];
        return typeof value === 'number' && Number.isFinite(value) ? [{ ...NOTHING, constant: value }] : [];
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
        if (this.isUncalled(node, node.left as Node, node.right)) return [];
        if (node.operator === '+' && this.isText(node, left, right)) return [];
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

  /** The sum or difference of two, each alternative with each. */
  combine(node: Node, left: readonly Quantity[], right: readonly Quantity[], sign: 1 | -1, kind: Slip['kind']): readonly Quantity[] {
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
  private isUncalled(node: Node, left: Node, right: Node): boolean {
    const [side, other] = isGlobal(this.file, left, 'Date', 'now') ? [left, right] : [right, left];
    if (!isGlobal(this.file, side, 'Date', 'now')) return false;
    this.slips.set(node, { node: side, kind: 'uncalled', found: 'ms', wanted: 'ms', terms: this.of(other).flatMap((one) => one.terms) });
    return true;
  }

  /** A `+` that puts texts behind each other: next to a literal text, a Date, or what Salesforce sends as text. */
  private isText(node: TSESTree.BinaryExpression, left: readonly Quantity[], right: readonly Quantity[]): boolean {
    if (isTextual(node.left as Node) || isTextual(node.right)) return true;
    for (const [side, own, others] of [[node.left as Node, left, right], [node.right, right, left]] as const) {
      const number = others.length > 0 && others.every((one) => !one.date);
      if (!number) continue;
      const isDate = own.length > 0 && own.every((one) => one.date && one.now === 1) && !usesLibrary(this.file);
      if (!isDate && !this.isIssuedAt(side, own)) continue;
      this.slips.set(node, { node, kind: isDate ? 'dateText' : 'issuedAtText', found: 'ms', wanted: 'ms', terms: [...own, ...others].flatMap((one) => one.terms) });
      return true;
    }
    return false;
  }

  /** `issued_at` as a Salesforce answer has it: a text of milliseconds, that nothing has made a number yet. */
  private isIssuedAt(side: Node, own: readonly Quantity[]): boolean {
    const term = own.length === 1 ? own[0]!.terms[0] : undefined;
    return term?.name === 'issued_at' && own[0]!.terms.length === 1 && term.stored.length === 0 && term.node === unwrap(side) && concernsUs(this.file.source.text) && !ISSUED_AT_NUMBER.test(this.file.source.text);
  }

  private newDate(node: TSESTree.NewExpression): readonly Quantity[] {
    const [first] = node.arguments;
    if (!first) return [{ ...NOTHING, now: 1, unit: 'ms', sure: true, date: true }];
    if (node.arguments.length > 1 || first.type === 'SpreadElement') return [];
    return this.asDate(node, first, 'ms');
  }

  /** A date out of a number that has to be in a unit. */
  asDate(node: Node, argument: Node, wanted: Unit): readonly Quantity[] {
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
    return [this.term(node, node.name, words, [], standardUnit(node.name))];
  }

  private variable(variable: Variable, node: TSESTree.Identifier, words: readonly string[]): readonly Quantity[] {
    const here = functionAround(node);
    const values: { value: Node; local: boolean }[] = [];
    let opaque = false;
    for (const def of variable.defs) {
      const declared = def.node as Node;
      if (declared.type === 'VariableDeclarator' && declared.id.type === 'Identifier') {
        if (declared.init) values.push({ value: declared.init, local: functionAround(declared) === here });
      } else if ((def.type as string) === 'Parameter' || declared.type === 'VariableDeclarator') {
        const pattern = this.throughPattern(node, words);
        // A default of nothing leaves the amount to the caller.
        if (pattern.some((one) => isConstant(one) && (one.constant !== 0 || declared.type === 'VariableDeclarator'))) return alternatives(pattern);
        if (pattern.some(isConstant)) return [this.term(node, node.name, words, [], standardUnit(node.name))];
        opaque = true;
        if (pattern.length > 0 && !variable.references.some((one) => one.isWrite() && !one.init)) return pattern;
      } else {
        opaque = true;
      }
    }
    const declaredHere = variable.defs.some((def) => functionAround(def.name as Node) === here);
    const { writes, adjustments, changes } = this.writesOf(variable);
    for (const write of writes) if (!contains(write, node)) values.push({ value: write.right, local: declaredHere && write.range[0] < node.range[0] });
    const bases = values.filter(({ value }) => !contains(value, node)).flatMap(({ value, local }) => this.of(value).map((quantity) => ({ quantity, local })));
    const constants = bases.filter(({ quantity }) => isConstant(quantity));
    const moving = bases.filter(({ quantity }) => !isConstant(quantity));
    // A moment worked out elsewhere was another moment.
    const elsewhere = moving.filter(({ quantity, local }) => quantity.now !== 0 && !local);
    if (elsewhere.length > 0) return [this.term(node, node.name, words, elsewhere.map(({ quantity }) => quantity), standardUnit(node.name))];
    let found: Quantity[] = moving.length > 0 ? moving.map(({ quantity }) => quantity) : opaque ? [] : constants.map(({ quantity }) => quantity);
    if (found.length > 0) found = [...this.changed(found, changes)];
    for (const adjustment of adjustments) {
      if (found.length === 0) break;
      found = [...this.combine(adjustment, found, this.of(adjustment.right), adjustment.operator === '+=' ? 1 : -1, 'sum')];
    }
    return found;
  }

  /** What is assigned to a variable, taken off or added to it, and what setters change about its date. */
  private writesOf(variable: Variable): Writes {
    let found = this.writes.get(variable);
    if (!found) {
      found = { writes: [], adjustments: [], changes: [] };
      for (const reference of variable.references) {
        const { parent } = reference.identifier as Node;
        if (parent?.type === 'AssignmentExpression' && parent.left === reference.identifier) {
          if (parent.operator === '+=' || parent.operator === '-=') found.adjustments.push(parent);
          else found.writes.push(parent);
        } else if (parent?.type === 'MemberExpression' && parent.object === reference.identifier && parent.parent.type === 'CallExpression' && parent.parent.callee === parent) {
          found.changes.push(...changesOf(parent.parent));
        }
      }
      this.writes.set(variable, found);
    }
    return found;
  }

  private changed(dates: readonly Quantity[], changes: readonly Change[]): readonly Quantity[] {
    return changes.slice(0, MOST_STORES).reduce((found, { amount, unit, sign }) => moved(this, amount, found, amount, unit, sign), dates);
  }

  /** A parameter or a destructured name: its own name, that of the property it comes from, its defaults, what this file passes. */
  private throughPattern(node: TSESTree.Identifier, words: readonly string[]): readonly Quantity[] {
    if (!isTimeName(words)) return [this.term(node, node.name, words, [], standardUnit(node.name))];
    const found: Quantity[] = [];
    for (const value of this.file.values.of(node)) {
      if (value.kind === 'parameter') {
        const key = keyInPattern(value.node) ?? node.name;
        found.push(this.term(node, key, wordsOf(key), [], standardUnit(key)));
      } else if (value.kind === 'member') found.push(this.term(node, value.name || node.name, wordsOf(value.name || node.name), this.storedUnder(value.name), this.unitIn(value.of.node, value.name)));
      else if (value.node !== node) found.push(...this.of(value.node));
    }
    return found;
  }

  private member(node: TSESTree.MemberExpression): readonly Quantity[] {
    if (node.object.type === 'CallExpression' && isGlobal(this.file, node.object.callee, 'process', 'hrtime')) {
      return node.object.arguments.length === 0 && nameOf(node) === '0' ? [{ ...NOTHING, now: 1, unit: 's', sure: true }] : [];
    }
    const part = partOfDuration(this, node);
    if (part) return part;
    const name = nameOf(node) ?? this.file.values.strings(node.property)[0];
    if (name === undefined) return [];
    const words = wordsOf(name);
    const stored = this.storedUnder(name);
    const constants = stored.filter(isConstant);
    // A constant in a field is that constant; a moment is one of the past.
    if (constants.length > 0 && constants.length === stored.length && !isMomentName(words)) return constants.map((one) => namedUnit(one, words));
    const inner = stored.filter((one) => !isConstant(one));
    return [this.term(node, name, words, inner, this.unitIn(node.object, name))];
  }

  /** The unit that a standard or Salesforce gives a property. */
  private unitIn(object: Node, name: string): Unit | undefined {
    if (name === 'issued_at' && concernsUs(this.file.source.text)) return 'ms';
    return standardUnit(name) ?? (CLAIMS.has(name) && isDecoded(this.file, object) ? 's' : undefined);
  }

  private storedUnder(name: string): readonly Quantity[] {
    if (!isTimeName(wordsOf(name))) return [];
    const stored = this.storesOf(name).slice(0, MOST_STORES).flatMap((value) => this.of(value));
    return this.changed(stored, this.changesOfField(name));
  }

  private term(node: Node, name: string, words: readonly string[], stored: readonly Quantity[], standard: Unit | undefined): Quantity {
    const kept = stored.filter((one) => !isConstant(one));
    const units = new Set(kept.filter((one) => one.unit !== undefined && !one.slipped).map((one) => one.unit!));
    if (kept.length === 0 && isNowName(words)) {
      const unit = unitOfName(words) ?? (words.includes('unix') || words.includes('epoch') ? 's' : undefined);
      return { ...NOTHING, now: 1, unit, sure: unit !== undefined };
    }
    const byStore = units.size === 1 && kept.every((one) => one.slipped || one.unit !== undefined) ? [...units][0] : undefined;
    const byName = kept.length > 0 ? undefined : (standard ?? unitOfName(words));
    const unit = byStore ?? byName;
    return {
      ...NOTHING,
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
    const now = (unit: Unit, date = false): readonly Quantity[] => [{ ...NOTHING, now: 1, unit, sure: true, date }];
    if (isGlobal(this.file, callee, 'Date', 'now') || isGlobal(this.file, callee, 'performance', 'now')) return now('ms');
    if (isGlobal(this.file, callee, 'process', 'uptime')) return now('s');
    if (isGlobal(this.file, callee, 'Date', 'parse') && argument) return this.of(argument).map((one) => ({ ...one, unit: 'ms', sure: true, date: false }));
    if (callee.type === 'Identifier' && NUMERIC.has(callee.name) && argument) return this.of(argument).map(asNumber);

    const library = libraryCall(this, node, argument);
    if (library) return library;

    if (callee.type === 'MemberExpression') {
      const name = nameOf(callee) ?? '';
      if (callee.object.type === 'Identifier' && callee.object.name === 'Math') return this.math(name, node);
      if (callee.object.type === 'Identifier' && (callee.object.name === 'Number' || (callee.object.name === 'JSON' && /^(?:parse|stringify)$/.test(name))) && argument) return this.of(argument).map(asNumber);
      const receiver = methodOfDate(this, node, name, callee.object, argument);
      if (receiver) return receiver;
      if ((name === 'getItem' || name === 'get') && argument?.type === 'Literal') {
        const key = String(argument.value);
        // What is kept under the name of a lifetime is often the moment worked out from it.
        return [this.term(node, key, wordsOf(key), this.storedUnder(key), undefined)];
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
    return constants.length > 0 ? [{ ...NOTHING, constant: Math[name](...constants) }] : [];
  }

  /** What a helper of this file returns; a helper of another one is the present moment if it is called so. */
  private helper(node: TSESTree.CallExpression, callee: Node): readonly Quantity[] {
    const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? (nameOf(callee) ?? '') : '';
    const words = wordsOf(name);
    if (!isTimeName(words)) return [];
    const found = this.file.values.of(callee).flatMap((value) => (value.kind === 'function' ? this.returned(value.node) : []));
    if (found.length > 0) return alternatives(found);
    if (isNowName(words)) return [this.term(node, name, words, [], standardUnit(name))];
    return isMomentName(words) ? [this.term(node, name, words, [], standardUnit(name))] : [];
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

function isMomentName(words: readonly string[]): boolean {
  return words.some((word) => word.startsWith('expir')) || words.includes('exp');
}

/** A text that numbers are added to, and so no sum. */
function isTextual(node: Node): boolean {
  if (node.type === 'Literal') return typeof node.value === 'string';
  return node.type === 'BinaryExpression' && node.operator === '+' && (isTextual(node.left as Node) || isTextual(node.right));
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
