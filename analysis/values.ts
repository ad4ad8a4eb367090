/**
 * What an expression is worth: a set of possible values, each traced as far back as one file allows.
 * Where the trail ends, the value says what it ended at (a parameter, a module, the result of a call), never a guess.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { annotatedTypes } from './annotations';
import type { NodeIndex } from './nodes';
import {
  contains,
  type ClassNode,
  type FunctionNode,
  type Variable,
  functionAround,
  isClass,
  isFunction,
  nameOf,
  ownerOfThis,
  returnsOf,
  unwrap,
  variableOf,
} from './scope';
import type { Node, Source } from './source';

export type Value =
  | { kind: 'literal'; value: string | number | boolean | bigint | null | undefined; node: Node }
  /** A concatenation or template: fixed text and what stands in between. */
  | { kind: 'text'; parts: readonly (string | Value)[]; node: Node }
  | { kind: 'env'; name: string | undefined; node: Node }
  /** Something out of a module: `path` leads from the module to it; `default` steps are left out. */
  | { kind: 'module'; module: string; path: readonly string[]; node: Node }
  /** Something that the file does not declare, such as `sforce.connection`. */
  | { kind: 'global'; path: readonly string[]; node: Node }
  /** `new X(…)`, or whatever is declared with the type X (then without `call`). */
  | { kind: 'instance'; of: Value; call?: TSESTree.NewExpression; node: Node }
  /** What a call of something unknown gives back. */
  | { kind: 'result'; of: Value; call: TSESTree.CallExpression; node: Node }
  /** A property of something whose shape is unknown. */
  | { kind: 'member'; of: Value; name: string; node: Node }
  | { kind: 'object'; node: TSESTree.ObjectExpression }
  | { kind: 'array'; node: TSESTree.ArrayExpression }
  | { kind: 'function'; node: FunctionNode }
  | { kind: 'class'; node: ClassNode }
  /** `this` of a class, of an old-style function, or of the file. */
  | { kind: 'this'; owner: ClassNode | FunctionNode | undefined; node: Node }
  | { kind: 'parameter'; of: FunctionNode; name: string; node: Node }
  | { kind: 'unknown'; node: Node };

/** Above this many alternatives a set says nothing any more. */
const MOST_VALUES = 12;
const DEEPEST = 40;
/** `text = text.replace(…)`, many times over, reads all the others from each: what takes longer than this to trace is unknown. */
const MOST_STEPS = 3_000;
/** After a walk as long as this, what it met on its way is not looked at again: bundled code is one large cycle. */
const MANY_STEPS = 300;

/** Calls that hand their argument or receiver on unchanged as far as its origin goes. */
const PASS_ARGUMENT = new Set([
  'String', 'decodeURIComponent', 'encodeURIComponent', 'promisify', 'freeze', 'resolve', 'parse', 'stringify',
  'from', 'unescape', 'promisifyAll', 'callbackify', 'atob', 'btoa', 'structuredClone',
]);
const PASS_RECEIVER = new Set(['trim', 'toString', 'bind', 'trimEnd', 'trimStart', 'replace', 'toLowerCase', 'slice', 'then', 'catch', 'finally']);
const INTEROP = /^_*(?:interopRequire\w*|import(?:Default|Star)|interopDefault\w*|interopNamespace|toESM)$/i;

export class Values {
  private readonly known = new Map<Node, readonly Value[]>();
  /** Expressions under way, with their depth. */
  private readonly open = new Map<Node, number>();
  /** Answers of the walk under way: without them a cycle is walked again from each of its members. */
  private readonly provisional = new Map<Node, readonly Value[]>();
  /** How often a walk came back to where it was already, and the least depth it came back to. */
  private cycles = 0;
  private returnedTo = Infinity;
  private readonly spreading = new Set<Node>();
  /** Expressions looked at in the walk under way. */
  private steps = 0;
  private readonly members = new Map<ClassNode, Map<string, (TSESTree.ClassElement | TSESTree.Identifier)[]>>();

  private readonly source: Source;

  constructor(private readonly file: NodeIndex) {
    this.source = file.source;
  }

  /** Everything an expression can be worth. Never empty from outside: at worst one `unknown`. */
  of(node: Node): readonly Value[] {
    const known = this.known.get(node);
    if (known) return known;
    const plain = plainValue(node);
    if (plain) {
      const values = [plain];
      this.known.set(node, values);
      return values;
    }
    const again = this.open.get(node);
    if (again !== undefined) {
      // A cycle (`x = x || y`) adds nothing to the set that its other members do not.
      this.cycles += 1;
      this.returnedTo = Math.min(this.returnedTo, again);
      return [];
    }
    const provisional = this.provisional.get(node);
    if (provisional) {
      if (provisional.length === 0) this.cycles += 1;
      this.returnedTo = 0;
      return provisional;
    }
    const depth = this.open.size;
    if (depth === 0) this.steps = 0;
    if (depth > DEEPEST || ++this.steps > MOST_STEPS) {
      this.returnedTo = 0;
      return [{ kind: 'unknown', node }];
    }
    const outside = this.returnedTo;
    this.returnedTo = Infinity;
    this.open.set(node, depth);
    let found: readonly Value[];
    try {
      found = this.settled(() => this.evaluate(node), { kind: 'unknown', node });
    } finally {
      this.open.delete(node);
    }
    const values = limited(found.length > 0 || depth > 0 ? found : [{ kind: 'unknown', node }]);
    // Inside a cycle the answer depends on where the walk came from: it holds for this walk, and only a complete one is kept.
    const isComplete = depth === 0 || (this.returnedTo >= depth && values.length > 0);
    if (isComplete) this.known.set(node, values);
    else this.provisional.set(node, values);
    this.returnedTo = isComplete ? outside : Math.min(outside, this.returnedTo);
    if (depth === 0) this.closeWalk();
    return values;
  }

  private closeWalk(): void {
    if (this.steps > MANY_STEPS) {
      for (const [met, values] of this.provisional) this.known.set(met, limited([{ kind: 'unknown', node: met }, ...values]));
    }
    this.provisional.clear();
  }

  /** What `find` finds; `otherwise` where that is nothing, unless the walk only came back to where it was: then nothing it is. */
  private settled(find: () => readonly Value[], otherwise: Value): readonly Value[] {
    const before = this.cycles;
    const found = find();
    return found.length > 0 || this.cycles > before ? found : [otherwise];
  }

  /** The texts an expression can be, holes left out as NUL; numbers as text. */
  strings(node: Node): string[] {
    return this.of(node).flatMap((value) => {
      if (value.kind === 'literal') return value.value === null || value.value === undefined ? [] : [String(value.value)];
      if (value.kind === 'text') return [value.parts.map((part) => (typeof part === 'string' ? part : '\0')).join('')];
      return [];
    });
  }

  /** What the object literals behind an expression give a property; undefined where none of them shows it. */
  property(object: Node, name: string): readonly Value[] | undefined {
    const found = this.of(object).flatMap((value) => (value.kind === 'object' ? this.shown(value.node, name) : []));
    return found.length > 0 ? found : undefined;
  }

  /** Does an object literal show all its properties? Not with a spread of something unknown, or a computed name. */
  isWhole(object: TSESTree.ObjectExpression): boolean {
    return object.properties.every((property) =>
      property.type === 'SpreadElement'
        ? this.of(property.argument).every((value) => (value.kind === 'object' ? value.node !== object && this.isWhole(value.node) : value.kind === 'literal'))
        : nameOf(property) !== undefined,
    );
  }

  /** What the file gives a property of an object literal: in the literal, and by writing to it later. */
  private shown(object: TSESTree.ObjectExpression, name: string): readonly Value[] {
    return substantial([...this.inLiteral(object, name), ...this.written({ kind: 'object', node: object }, name)]);
  }

  private inLiteral(object: TSESTree.ObjectExpression, name: string): readonly Value[] {
    // `state = { ...state, … }` spreads itself.
    if (this.spreading.has(object)) return [];
    this.spreading.add(object);
    try {
      return this.inProperties(object, name);
    } finally {
      this.spreading.delete(object);
    }
  }

  private inProperties(object: TSESTree.ObjectExpression, name: string): readonly Value[] {
    for (const property of [...object.properties].reverse()) {
      if (property.type === 'SpreadElement') {
        const spread = this.property(property.argument, name);
        if (spread) return spread;
      } else if (nameOf(property) === name) {
        return this.of(property.value);
      }
    }
    return [];
  }

  private evaluate(node: Node): readonly Value[] {
    switch (node.type) {
      case 'TemplateLiteral':
        return this.template(node);
      case 'Identifier':
        return this.identifier(node);
      case 'Super': {
        const owner = ownerOfThis(node);
        if (isClass(owner) && owner.superClass) return this.of(owner.superClass).map((of) => ({ kind: 'instance', of, node }));
        return [{ kind: 'unknown', node }];
      }
      case 'MemberExpression':
        return this.member(node);
      case 'LogicalExpression':
        return [...this.of(node.left), ...this.of(node.right)];
      case 'ConditionalExpression':
        return [...this.of(node.consequent), ...this.of(node.alternate)];
      case 'AssignmentExpression':
        return this.of(node.right);
      case 'SequenceExpression':
        return this.of(node.expressions.at(-1)!);
      case 'BinaryExpression':
        return node.operator === '+' ? this.concatenation(node, node.left as Node, node.right) : [{ kind: 'unknown', node }];
      case 'CallExpression':
        return this.call(node);
      case 'NewExpression':
        return this.of(node.callee).map((of) => ({ kind: 'instance', of, call: node, node }));
      case 'ImportExpression':
        return this.module(node.source, node);
      case 'YieldExpression':
        // Compiled async functions await through `yield`.
        return node.argument ? this.of(node.argument) : [{ kind: 'unknown', node }];
      default: {
        const inner = unwrap(node);
        return inner === node ? [{ kind: 'unknown', node }] : this.of(inner);
      }
    }
  }

  private module(source: Node | undefined, node: Node): readonly Value[] {
    const name = source?.type === 'Literal' && typeof source.value === 'string' ? source.value : undefined;
    return name === undefined ? [{ kind: 'unknown', node }] : [{ kind: 'module', module: name, path: [], node }];
  }

  private template(node: TSESTree.TemplateLiteral): readonly Value[] {
    let alternatives: (string | Value)[][] = [[]];
    node.quasis.forEach((quasi, index) => {
      alternatives = alternatives.map((parts) => [...parts, quasi.value.cooked ?? quasi.value.raw]);
      const hole = node.expressions[index];
      if (hole) alternatives = product(alternatives, this.of(hole));
    });
    return alternatives.map((parts) => textValue(parts, node));
  }

  private concatenation(node: Node, left: Node, right: Node): readonly Value[] {
    return product(product([[]], this.of(left)), this.of(right)).map((parts) => textValue(parts, node));
  }

  // ---- names ----

  private identifier(node: TSESTree.Identifier): readonly Value[] {
    const variable = variableOf(this.source, node);
    if (!variable) {
      if (node.name === 'undefined') return [{ kind: 'literal', value: undefined, node }];
      return [{ kind: 'global', path: [node.name], node }];
    }
    // Every read of a variable is worth the same: it is looked at once, where it is declared. What is imported names its use.
    const declared = variable.defs[0]?.name as Node | undefined;
    if (declared && declared !== node && declared.type === 'Identifier' && variable.defs.every((def) => (def.type as string) !== 'ImportBinding')) return this.of(declared);
    return this.settled(() => substantial(this.assigned(variable, node)), { kind: 'unknown', node });
  }

  /** Everything that the file gives a variable. */
  private assigned(variable: Variable, node: Node): readonly Value[] {
    const found: Value[] = [];
    for (const def of variable.defs) {
      const declared = def.node as Node;
      switch (def.type as string) {
        case 'ImportBinding':
          found.push(...this.imported(declared, def.parent as Node | undefined, node));
          break;
        case 'FunctionName':
          if (isFunction(declared)) found.push({ kind: 'function', node: declared });
          break;
        case 'ClassName':
          if (isClass(declared)) found.push({ kind: 'class', node: declared });
          break;
        case 'Parameter':
          found.push(...this.parameter(declared as FunctionNode, def.name as TSESTree.Identifier));
          break;
        case 'Variable': {
          const declarator = declared as TSESTree.VariableDeclarator;
          if (declarator.init) found.push(...this.throughPattern(declarator.id, declarator.init, def.name as TSESTree.Identifier));
          else found.push(...this.declaredType(declarator.id));
          break;
        }
      }
    }
    for (const reference of variable.references) {
      if (!reference.isWrite() || reference.init || !reference.writeExpr) continue;
      const assignment = assignmentOf(reference.identifier as Node);
      if (assignment?.operator === '+=') continue;
      if (assignment) found.push(...this.throughPattern(assignment.left, assignment.right, reference.identifier as TSESTree.Identifier));
    }
    return found;
  }

  private imported(specifier: Node, declaration: Node | undefined, node: Node): readonly Value[] {
    if (specifier.type === 'TSImportEqualsDeclaration') {
      const reference = specifier.moduleReference;
      return reference.type === 'TSExternalModuleReference' ? this.module(reference.expression, node) : this.of(reference);
    }
    if (declaration?.type !== 'ImportDeclaration') return [{ kind: 'unknown', node }];
    const path = specifier.type === 'ImportSpecifier' ? [nameOfImported(specifier)].filter((name) => name !== 'default') : [];
    return [{ kind: 'module', module: declaration.source.value, path, node }];
  }

  /** The value that a pattern such as `{ a: { b = 1 } }` gives to one of its names. */
  private throughPattern(pattern: Node, init: Node, name: TSESTree.Identifier): readonly Value[] {
    const steps = pathInPattern(pattern, name);
    if (!steps) return [{ kind: 'unknown', node: name }];
    let values = this.of(init);
    for (const step of steps.keys) {
      values = step === undefined
        ? [{ kind: 'unknown', node: name }]
        : values.flatMap((value) => this.memberOf(value, step, name));
    }
    return steps.fallback ? [...values, ...this.of(steps.fallback)] : values;
  }

  /** A parameter is what the file's own calls pass, when they are all there are; else it is the caller's. */
  private parameter(fn: FunctionNode, name: TSESTree.Identifier): readonly Value[] {
    const index = fn.params.findIndex((param) => contains(param, name));
    let param = fn.params[index] as Node | undefined;
    if (param?.type === 'TSParameterProperty') param = param.parameter as Node;
    const own: Value = { kind: 'parameter', of: fn, name: name.name, node: name };
    if (!param || param.type === 'RestElement') return [own];
    const typed = this.declaredType(param.type === 'AssignmentPattern' ? param.left : param);
    if (typed.length > 0) return typed;
    const passed = this.argumentsOf(fn, index);
    const pattern = param.type === 'AssignmentPattern' ? param.left : param;
    if (!passed) {
      const fallback = param.type === 'AssignmentPattern' && pattern.type === 'Identifier' ? param.right : pathInPattern(pattern, name)?.fallback;
      return fallback ? [own, ...this.of(fallback)] : [own];
    }
    const found = passed.flatMap((argument) => (argument ? this.throughPattern(pattern, argument, name) : []));
    if (param.type === 'AssignmentPattern') found.push(...this.of(param.right));
    return found.length > 0 ? found : [own];
  }

  /** What every call of a function passes at an index; undefined when others than this file may call it. */
  private argumentsOf(fn: FunctionNode, index: number): (Node | undefined)[] | undefined {
    const holder = fn.parent;
    if (holder?.type === 'CallExpression' && holder.callee === fn) return [holder.arguments[index]];
    if (holder?.type === 'CallExpression' && holder.arguments[0] === fn && index === 0) {
      const { callee } = holder;
      if (callee.type === 'MemberExpression' && nameOf(callee) === 'then') return [callee.object];
    }
    let identifier: TSESTree.Identifier | null = null;
    if (fn.type === 'FunctionDeclaration') identifier = fn.id;
    else if (holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier') identifier = holder.id;
    const variable = identifier && variableOf(this.source, identifier);
    if (!variable || identifier?.parent?.parent?.type.startsWith('Export') || holder?.type.startsWith('Export')) return undefined;
    const passed: (Node | undefined)[] = [];
    for (const reference of variable.references) {
      if (reference.init) continue;
      const use = reference.identifier.parent as Node | undefined;
      if (use?.type !== 'CallExpression' || use.callee !== reference.identifier) return undefined;
      if (use.arguments.some((argument) => argument.type === 'SpreadElement')) return undefined;
      passed.push(use.arguments[index]);
    }
    return passed.length > 0 ? passed : undefined;
  }

  /** An instance of the type that a declaration is annotated with, where that type comes out of a module. */
  private declaredType(declared: Node): readonly Value[] {
    return annotatedTypes(declared).flatMap(({ name, path }) =>
      this.of(name).flatMap((of): readonly Value[] => {
        if (of.kind === 'module') return [{ kind: 'instance', of: { ...of, path: [...of.path, ...path] }, node: declared }];
        if (of.kind === 'class') return [{ kind: 'instance', of, node: declared }];
        return [];
      }),
    );
  }

  // ---- members ----

  private member(node: TSESTree.MemberExpression): readonly Value[] {
    const name = nameOf(node) ?? this.computedName(node);
    const objects = this.of(node.object);
    if (name === undefined) {
      return objects.map((of) => (isProcessEnv(of) ? { kind: 'env', name: undefined, node } : { kind: 'member', of, name: '', node }));
    }
    return objects.flatMap((value) => this.memberOf(value, name, node));
  }

  private computedName(node: TSESTree.MemberExpression): string | undefined {
    const names = this.strings(node.property);
    return names.length === 1 && !names[0]?.includes('\0') ? names[0] : undefined;
  }

  private memberOf(value: Value, name: string, node: Node): readonly Value[] {
    switch (value.kind) {
      case 'module':
        if (isProcessEnv(value)) return [{ kind: 'env', name, node }];
        return [{ ...value, path: name === 'default' ? value.path : [...value.path, name], node }];
      case 'global':
        if (isProcessEnv(value)) return [{ kind: 'env', name, node }];
        return this.globalMember(value, name, node);
      case 'object':
        return this.settled(() => this.shown(value.node, name), { kind: 'member', of: value, name, node });
      case 'instance': {
        const of = value.of;
        if (of.kind === 'class' || of.kind === 'function') return this.settled(() => this.field(of.node, name), { kind: 'member', of: value, name, node });
        return [{ kind: 'member', of: value, name, node }];
      }
      case 'class':
        return this.settled(() => this.field(value.node, name), { kind: 'member', of: value, name, node });
      case 'function':
        return this.settled(() => this.written(value, name), { kind: 'member', of: value, name, node });
      case 'this':
        return this.settled(() => this.field(value.owner, name), { kind: 'member', of: value, name, node });
      case 'literal':
        return [{ kind: 'unknown', node }];
      default:
        return [{ kind: 'member', of: value, name, node }];
    }
  }

  /** What the file writes there; where it writes it from itself (`window.a = window.a || {}`), what was there before too. */
  private globalMember(of: Extract<Value, { kind: 'global' }>, name: string, node: Node): readonly Value[] {
    const before = this.cycles;
    const written = this.written(of, name);
    if (written.length > 0 && this.cycles === before) return written;
    return [{ kind: 'global', path: isGlobalObject(of) ? [name] : [...of.path, name], node }, ...written];
  }

  /** What a class, an old-style constructor or an object's method keeps in a field: its initial value, assignments, or its declared type. */
  private field(owner: ClassNode | FunctionNode | undefined, name: string): readonly Value[] {
    const found: Value[] = [];
    let typed: readonly Value[] = [];
    if (isClass(owner)) {
      for (const element of this.membersOf(owner).get(name) ?? []) {
        if (element.type === 'Identifier') {
          found.push(...this.parameter(functionAround(element)!, element));
          continue;
        }
        // An overload is a signature only.
        if (element.type === 'MethodDefinition' && element.kind === 'method' && element.value.body) return [{ kind: 'function', node: element.value as FunctionNode }];
        if (element.type === 'MethodDefinition' && element.kind === 'get' && element.value.body) {
          found.push(...returnsOf(this.source, element.value as FunctionNode).flatMap((value) => this.of(value)));
        }
        if (element.type === 'PropertyDefinition') {
          if (element.value) found.push(...this.of(element.value));
          typed = this.declaredType(element);
        }
      }
    }
    const object = isFunction(owner) ? objectOfMethod(owner) : undefined;
    if (object) found.push(...this.inLiteral(object, name), ...this.written({ kind: 'object', node: object }, name));
    if (owner) found.push(...this.written({ kind: 'this', owner, node: owner }, name));
    if (isClass(owner)) found.push(...this.written({ kind: 'class', node: owner }, name));
    if (typed.length > 0 && found.every(isEmpty)) return typed;
    return substantial(found);
  }

  /** The members of a class by name, those that its constructor's parameters declare among them. */
  private membersOf(owner: ClassNode): ReadonlyMap<string, readonly (TSESTree.ClassElement | TSESTree.Identifier)[]> {
    let members = this.members.get(owner);
    if (members) return members;
    this.members.set(owner, (members = new Map()));
    const add = (name: string | undefined, member: TSESTree.ClassElement | TSESTree.Identifier) => {
      if (name !== undefined) members!.set(name, [...(members!.get(name) ?? []), member]);
    };
    for (const element of owner.body.body) {
      add(nameOf(element), element);
      if (element.type !== 'MethodDefinition' || element.kind !== 'constructor') continue;
      for (const param of element.value.params) {
        if (param.type !== 'TSParameterProperty') continue;
        const inner = param.parameter.type === 'AssignmentPattern' ? param.parameter.left : param.parameter;
        if (inner.type === 'Identifier') add(inner.name, inner);
      }
    }
    return members;
  }

  /** What the file assigns to a property of something, wherever it does. */
  private written(of: Value, name: string): readonly Value[] {
    return this.file.memberWrites.named(name).flatMap(({ operator, left, right }) => (operator !== '+=' && this.of(left.object).some((value) => isSame(value, of)) ? this.of(right) : []));
  }

  // ---- calls ----

  private call(node: TSESTree.CallExpression): readonly Value[] {
    const { callee } = node;
    const first = node.arguments[0];
    if (callee.type === 'Identifier') {
      if (callee.name === 'require' && first) return this.module(first, node);
      if (first && (INTEROP.test(callee.name) || (PASS_ARGUMENT.has(callee.name) && !variableOf(this.source, callee)))) return this.of(first);
    }
    if (callee.type === 'MemberExpression') {
      const name = nameOf(callee) ?? '';
      if (name === 'assign' && node.arguments.length > 0) {
        return node.arguments.flatMap((argument) => (argument.type === 'SpreadElement' ? [] : this.of(argument)));
      }
      if (name === 'join' && callee.object.type === 'ArrayExpression') return this.joined(node, callee.object);
      if (name === 'concat' && first && first.type !== 'SpreadElement') return this.concatenation(node, callee.object, first);
      if (first && PASS_ARGUMENT.has(name) && callee.object.type === 'Identifier') return this.of(first);
      if (PASS_RECEIVER.has(name)) return this.of(callee.object);
    }
    return this.of(callee).flatMap((of): readonly Value[] => {
      // `promisify(f)` of an import is what `util.promisify(f)` is.
      if (first && of.kind === 'module' && callee.type === 'Identifier' && PASS_ARGUMENT.has(of.path.at(-1) ?? '')) return this.of(first);
      if (of.kind !== 'function') return [{ kind: 'result', of, call: node, node }];
      return this.settled(() => returnsOf(this.source, of.node).flatMap((value) => this.of(value)), { kind: 'result', of, call: node, node });
    });
  }

  private joined(node: TSESTree.CallExpression, array: TSESTree.ArrayExpression): readonly Value[] {
    const separators = node.arguments[0] ? this.strings(node.arguments[0]) : [','];
    if (separators.length !== 1) return [{ kind: 'unknown', node }];
    let alternatives: (string | Value)[][] = [[]];
    array.elements.forEach((element, index) => {
      if (index > 0) alternatives = alternatives.map((parts) => [...parts, separators[0]!]);
      if (element && element.type !== 'SpreadElement') alternatives = product(alternatives, this.of(element));
    });
    return alternatives.map((parts) => textValue(parts, node));
  }
}

/** What an expression is by itself, whatever is around it: most of what is asked for, and no walk to begin. */
function plainValue(node: Node): Value | undefined {
  switch (node.type) {
    case 'Literal':
      return 'regex' in node ? { kind: 'unknown', node } : { kind: 'literal', value: node.value as string, node };
    case 'ThisExpression':
      return { kind: 'this', owner: ownerOfThis(node), node };
    case 'ObjectExpression':
      return { kind: 'object', node };
    case 'ArrayExpression':
      return { kind: 'array', node };
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration':
      return { kind: 'function', node };
    case 'ClassExpression':
    case 'ClassDeclaration':
      return { kind: 'class', node };
    default:
      return undefined;
  }
}

/** `let conn = null; … conn = new Connection()`: the empty start is no candidate where a real value follows. */
function substantial(values: readonly Value[]): readonly Value[] {
  const real = values.filter((value) => !isEmpty(value));
  return real.length > 0 ? real : values;
}

function isEmpty(value: Value): boolean {
  return value.kind === 'literal' && (value.value === null || value.value === undefined);
}

/** Are two values one thing, so that what is written to one can be read from the other? */
function isSame(one: Value, other: Value): boolean {
  if (one.kind === 'this') return other.kind === 'this' && sameOwner(one.owner, other.owner);
  if (one.kind === 'global') return other.kind === 'global' && one.path.join('.') === other.path.join('.');
  return one.kind === other.kind && (one.kind === 'object' || one.kind === 'class' || one.kind === 'function') && one.node === other.node;
}

function limited(values: readonly Value[]): readonly Value[] {
  return values.length > MOST_VALUES ? values.slice(0, MOST_VALUES) : values;
}

function product(left: (string | Value)[][], right: readonly Value[]): (string | Value)[][] {
  return left.flatMap((parts) => right.map((value) => [...parts, value])).slice(0, MOST_VALUES);
}

function textValue(parts: readonly (string | Value)[], node: Node): Value {
  const flat: (string | Value)[] = [];
  const add = (part: string | Value) => {
    if (part === '') return;
    const last = flat.at(-1);
    if (typeof part === 'string' && typeof last === 'string') flat[flat.length - 1] = last + part;
    else flat.push(part);
  };
  for (const part of parts) {
    if (typeof part === 'string') add(part);
    else if (part.kind === 'literal') add(String(part.value));
    else if (part.kind === 'text') part.parts.forEach(add);
    else add(part);
  }
  if (flat.length === 0) return { kind: 'literal', value: '', node };
  return flat.length === 1 && typeof flat[0] === 'string' ? { kind: 'literal', value: flat[0], node } : { kind: 'text', parts: flat, node };
}

function isGlobalObject(value: Extract<Value, { kind: 'global' }>): boolean {
  return value.path.length === 1 && ['window', 'globalThis', 'self', 'global'].includes(value.path[0]!);
}

function isProcessEnv(value: Value): boolean {
  if (value.kind === 'global') {
    const path = value.path.join('.');
    return path === 'process.env' || path === 'Deno.env' || path === 'Bun.env';
  }
  return value.kind === 'module' && /^(?:node:)?process$/.test(value.module) && value.path.join('.') === 'env';
}

function nameOfImported(specifier: TSESTree.ImportSpecifier): string {
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : String((specifier.imported as TSESTree.StringLiteral).value);
}

function sameOwner(one: ClassNode | FunctionNode | undefined, other: ClassNode | FunctionNode | undefined): boolean {
  if (one === other) return true;
  if (isFunction(one) && isFunction(other) && objectOfMethod(one) !== undefined && objectOfMethod(one) === objectOfMethod(other)) return true;
  // Old-style classes spread over `function X() {}` and `X.prototype.y = function () {}`: one `this` for all of them.
  return isFunction(one) && isFunction(other) && prototypeOwner(one) !== undefined && prototypeOwner(one) === prototypeOwner(other);
}

/** The object literal that a function is a method of. */
function objectOfMethod(fn: FunctionNode): TSESTree.ObjectExpression | undefined {
  const property = fn.parent;
  return property?.type === 'Property' && property.value === fn && property.parent.type === 'ObjectExpression' ? property.parent : undefined;
}

function prototypeOwner(fn: FunctionNode): string | undefined {
  const object = objectOfMethod(fn)?.parent;
  if (object?.type === 'AssignmentExpression') {
    // `X.prototype = { y() {} }`
    const { left } = object;
    if (left.type === 'MemberExpression' && nameOf(left) === 'prototype' && left.object.type === 'Identifier') return left.object.name;
  }
  const left = fn.parent?.type === 'AssignmentExpression' ? fn.parent.left : undefined;
  if (left?.type === 'MemberExpression' && left.object.type === 'MemberExpression' && nameOf(left.object) === 'prototype') {
    return left.object.object.type === 'Identifier' ? left.object.object.name : undefined;
  }
  if (fn.id) return fn.id.name;
  // `const X = module.exports = function () {}`
  let holder = fn.parent as Node | undefined;
  while (holder?.type === 'AssignmentExpression') {
    if (holder.left.type === 'Identifier') return holder.left.name;
    holder = holder.parent;
  }
  return holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? holder.id.name : undefined;
}

function assignmentOf(identifier: Node): TSESTree.AssignmentExpression | undefined {
  for (let node = identifier.parent; node; node = node.parent) {
    if (node.type === 'AssignmentExpression') return contains(node.left, identifier) ? node : undefined;
    if (!/Pattern$|^Property$|^RestElement$/.test(node.type)) return undefined;
  }
  return undefined;
}

/** The property names that lead through a pattern to one of its identifiers; undefined steps are computed or rest. */
export function pathInPattern(pattern: Node, name: TSESTree.Identifier): { keys: (string | undefined)[]; fallback?: Node } | undefined {
  const target = unwrap(pattern);
  if (target.type === 'Identifier') return target.name === name.name ? { keys: [] } : undefined;
  if (target.type === 'AssignmentPattern') {
    const inner = pathInPattern(target.left, name);
    return inner && { fallback: target.right, ...inner };
  }
  if (target.type === 'ObjectPattern') {
    for (const property of target.properties) {
      if (!contains(property, name)) continue;
      if (property.type === 'RestElement') return { keys: [undefined] };
      const inner = pathInPattern(property.value, name);
      if (inner) return { ...inner, keys: [nameOf(property), ...inner.keys] };
    }
  }
  if (target.type === 'ArrayPattern') return contains(target, name) ? { keys: [undefined] } : undefined;
  return undefined;
}
