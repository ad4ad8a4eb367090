/** Who holds the token that a request sends: code that has just obtained it, or something that kept it from earlier. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { isComponentProperty } from './component-props';
import { callsOf } from '../flow';
import { functionAround, isClass, isFunction, nameOf, returnsOf, unwrap, variableOf, type FunctionNode, type Variable } from '../scope';
import { isJustBefore, isSetByCallBefore, outlives } from './set-before';
import type { Node } from '../source';
import { isLocalModule } from '../vocabulary/libraries';

export type Holder =
  | 'fresh'
  | 'module variable'
  | 'class field'
  | 'closure'
  | 'session'
  | 'database'
  | 'cache'
  | 'client'
  | 'state'
  | 'parameter'
  /** A parameter whose callers the file shows: what they pass is found as well. */
  | 'passed'
  | 'environment'
  | 'literal'
  | 'unknown';

/** Holders that keep a token while it may die, worst first. */
const KEPT: readonly Holder[] = ['literal', 'class field', 'module variable', 'closure', 'session', 'database', 'cache', 'state', 'client', 'environment'];

export function isKept(holder: Holder): boolean {
  return KEPT.includes(holder);
}

const SCHEME = /^(?:bearer|oauth|token|basic|session)?:?\s*$/i;
const STORAGE = new Set(['localStorage', 'sessionStorage', 'AsyncStorage', 'SecureStore', 'Cookies', 'Cookie']);
const INCOMING = /^(?:req|request|ctx|context|event|evt|args|params|props|input|msg|message|state|flags|query|body)$/;
const INCOMING_PARTS = new Set(['headers', 'body', 'query', 'params', 'queryStringParameters', 'payload']);
const CACHES = /cache|redis|memcache|^kv$|^store$|keyv/i;
const DATABASES = /^(?:db|database|prisma|knex|mongoose|pool|repo(?:sitory)?|collection|firestore|dynamo\w*|ddb|model)$|(?:repository|model|table|collection|dao)$/i;
const FINDS = /^(?:find(?:One|Unique|First|ById|ByPk|By\w*|All|Many)?|findOneBy\w*|getItem|query|select|get|hget|hgetall|fetchOne|load|read\w*)$/;
/** What reads the state of a web application: Redux, Zustand, React contexts. */
const READS_STATE = /^(?:getState|useSelector|useAppSelector|useContext|use\w*Store)$/;
/** Names of functions that make a token, and of those that hand one out which they may have had. */
const MAKES = /log_?in|sign_?in|auth(?:enticate|orize|$)|^auth|(?:fetch|request|create|generate|refresh|obtain|new|mint|exchange|acquire|issue|renew|sign|make|build|post|retrieve|perform|do)\w*(?:token|session|auth|access|jwt|cred|login|conn)|^(?:fetch|request|post|got|rp|axios|exec\w*|getToken)$/i;
const HANDS_OUT = /^(?:get|ensure|load|read|current|use|provide|resolve|fetchCached|with)\w*(?:token|session|auth|access|cred|connection)/i;
const DEEPEST = 12;

/** The holders of everything that is not fixed text in a header's value. */
function holdersOf(file: FileModel, value: Node, at: Node): Set<Holder> {
  const found = new Set<Holder>();
  new Trail(file, at, found).follow(value, 0);
  return found;
}

/** The one holder to name: what keeps the token if anything does. */
export function holderOf(file: FileModel, value: Node, at: Node): Holder {
  return worstOf(holdersOf(file, value, at));
}

/** The holder of what a request sends: to its function, a token that it is passed is its caller's, however new. */
export function senderHolderOf(file: FileModel, value: Node, at: Node): Holder {
  const found = holdersOf(file, value, at);
  const holder = worstOf(found);
  return holder === 'fresh' && found.has('passed') ? 'parameter' : holder;
}

function worstOf(found: ReadonlySet<Holder>): Holder {
  // A value that is obtained when the kept one is missing is a kept one.
  return KEPT.find((one) => one !== 'environment' && one !== 'literal' && found.has(one)) ?? (['parameter', 'literal', 'environment', 'fresh'] as const).find((one) => found.has(one)) ?? 'unknown';
}

class Trail {
  private readonly seen = new Set<Node>();

  constructor(
    private readonly file: FileModel,
    /** Where the token is used. */
    private readonly at: Node,
    private readonly found: Set<Holder>,
  ) {}

  follow(start: Node, depth: number): void {
    const node = unwrap(start);
    if (this.seen.has(node) || depth > DEEPEST) return;
    this.seen.add(node);
    const next = (inner: Node) => this.follow(inner, depth + 1);
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'string' && !SCHEME.test(node.value) && node.value.length > 15) this.found.add('literal');
        return;
      case 'TemplateLiteral':
        if (node.quasis.some((quasi) => quasi.value.raw.length > 40)) this.found.add('literal');
        node.expressions.forEach(next);
        return;
      case 'BinaryExpression':
        next(node.left as Node);
        next(node.right);
        return;
      case 'LogicalExpression':
        next(node.left);
        next(node.right);
        return;
      case 'ConditionalExpression':
        next(node.consequent);
        next(node.alternate);
        return;
      case 'AssignmentExpression':
        next(node.right);
        return;
      case 'ArrayExpression':
        for (const element of node.elements) if (element) next(element);
        return;
      case 'SpreadElement':
        next(node.argument);
        return;
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        for (const returned of returnsOf(this.file.source, node)) next(returned);
        return;
      case 'ObjectExpression':
        for (const property of node.properties) {
          if (property.type === 'SpreadElement') next(property.argument);
          else if (/token|session|sid|auth/i.test(nameOf(property) ?? '')) next(property.value);
        }
        return;
      case 'ThisExpression':
        this.found.add('class field');
        return;
      case 'Identifier':
        return this.identifier(node, depth);
      case 'MemberExpression':
        return this.member(node, depth);
      case 'CallExpression':
        return this.call(node, depth);
      case 'NewExpression':
        // `new URLSearchParams(…).get('token')` and the like: what it is made from.
        for (const argument of node.arguments) next(argument);
        return;
    }
  }

  // ---- names ----

  private identifier(node: TSESTree.Identifier, depth: number): void {
    const variable = variableOf(this.file.source, node);
    if (!variable) return void this.found.add(STORAGE.has(node.name) ? 'session' : 'unknown');
    const def = variable.defs[0]!;
    switch (def.type as string) {
      case 'Parameter':
        return this.parameter(def.node as FunctionNode, def.name as TSESTree.Identifier, depth);
      case 'ImportBinding':
        return void this.found.add('module variable');
      case 'Variable':
        return this.variable(variable, depth);
      default:
        return void this.found.add('unknown');
    }
  }

  private variable(variable: Variable, depth: number): void {
    if (isComponentProperty(variable)) return void this.found.add('parameter');
    const declarator = variable.defs[0]!.node as TSESTree.VariableDeclarator;
    const home = moduleFunction(functionAround(declarator));
    const writes = variable.references.filter((reference) => reference.isWrite() && reference.writeExpr);
    const assigned = writes.map((reference) => reference.writeExpr as Node);
    if (home !== undefined && !outlives(home, this.at)) {
      if (assigned.length === 0) this.found.add('unknown');
      for (const value of assigned) this.follow(value, depth + 1);
      return;
    }
    // Set in the very run that uses it, unless on a condition.
    if (writes.some((reference) => isJustBefore(reference.identifier as Node, this.at))) {
      for (const reference of writes) if (isJustBefore(reference.identifier as Node, this.at)) this.follow(reference.writeExpr as Node, depth + 1);
      return;
    }
    if (home === undefined && moduleFunction(functionAround(this.at)) === undefined) {
      for (const value of assigned) this.follow(value, depth + 1);
      return;
    }
    const kept = new Set<Holder>();
    for (const value of assigned) new Trail(this.file, value, kept).follow(value, depth + 1);
    const fixed = [...kept].filter((one) => one !== 'unknown' && one !== 'passed');
    // A constant says where it is from; what is set at run time is the variable's.
    if (home === undefined && fixed.length > 0 && fixed.every((one) => one === 'literal' || one === 'environment')) for (const one of fixed) this.found.add(one);
    else this.found.add(home === undefined ? 'module variable' : 'closure');
  }

  private parameter(fn: FunctionNode, name: TSESTree.Identifier, depth: number): void {
    const index = fn.params.findIndex((param) => param.range[0] <= name.range[0] && name.range[1] <= param.range[1]);
    const holder = fn.parent;
    if (holder?.type === 'CallExpression') {
      if (holder.callee === fn) {
        const argument = holder.arguments[index];
        if (argument) this.follow(argument, depth + 1);
        return;
      }
      const method = holder.callee.type === 'MemberExpression' ? nameOf(holder.callee) : undefined;
      if (method === 'then' && holder.callee.type === 'MemberExpression') return this.follow(holder.callee.object, depth + 1);
      // The callback of a call: what that call gives.
      const isCallback = fn.params.length > 1 || /log_?in|auth|token|session/i.test(method ?? (holder.callee.type === 'Identifier' ? holder.callee.name : ''));
      if (isCallback && !INCOMING.test(name.name) && method !== 'use') return this.called(holder, depth);
      return void this.found.add('parameter');
    }
    const calls = callsOf(this.file, fn);
    const passed = fn.type === 'FunctionDeclaration' || holder?.type === 'VariableDeclarator' ? calls.map((call) => call.arguments[index]) : [];
    const isOpen = passed.length === 0 || passed.some((argument) => !argument || argument.type === 'SpreadElement') || isExported(this.file, fn);
    if (isOpen || INCOMING.test(name.name)) return void this.found.add('parameter');
    this.found.add('passed');
    for (const argument of passed) new Trail(this.file, argument!, this.found).follow(argument!, depth + 1);
  }

  // ---- members ----

  private member(node: TSESTree.MemberExpression, depth: number): void {
    const path = pathOf(node);
    const root = path.root;
    if (root.type === 'ThisExpression') {
      // `this.req.session.token`
      if (path.names.slice(1).some(isSessionName)) return void this.found.add('session');
      return this.field(node, path.names, depth);
    }
    if (root.type === 'Identifier') {
      const names = [root.name, ...path.names];
      if (names[0] === 'process' && names[1] === 'env') return void this.found.add('environment');
      if (names.some(isSessionName)) return void this.found.add('session');
      if (STORAGE.has(root.name)) return void this.found.add('session');
      if (INCOMING.test(root.name) || path.names.some((name) => INCOMING_PARTS.has(name ?? ''))) {
        if (isParameter(this.file, root)) return void this.found.add('parameter');
      }
      const known = this.file.values.of(node);
      if (known.length > 0 && known.every((value) => value.kind === 'env')) return void this.found.add('environment');
    }
    // `state.token` of an object at the top of the file: what is written to it later.
    this.follow(node.object, depth + 1);
  }

  private field(node: TSESTree.MemberExpression, names: readonly (string | undefined)[], depth: number): void {
    const [name] = names;
    for (const value of this.file.values.of(node)) {
      // A getter that asks for the token each time.
      if (value.kind === 'env') return void this.found.add('environment');
    }
    for (const member of this.file.members.named(name ?? '')) {
      const write = member.parent;
      if (write.type !== 'AssignmentExpression' || write.left !== member || member.object.type !== 'ThisExpression') continue;
      if (isJustBefore(member, this.at)) {
        const given = unwrap(write.right);
        if (names.length > 1 && given.type === 'Identifier' && isSessionName(given.name) && isParameter(this.file, given)) return void this.found.add('session');
        return this.follow(given, depth + 1);
      }
      if (isSetByCallBefore(this.file, member, this.at)) return void this.found.add('fresh');
    }
    this.found.add('class field');
  }

  // ---- calls ----

  private call(node: TSESTree.CallExpression, depth: number): void {
    const { callee } = node;
    const name = callee.type === 'Identifier' ? callee.name : (nameOf(callee) ?? '');
    if (READS_STATE.test(name)) return void this.found.add('state');
    if (callee.type === 'MemberExpression') {
      const object = lastName(callee.object);
      if (STORAGE.has(object) || name === 'cookie' || object === 'session') return void this.found.add('session');
      if (CACHES.test(object) && FINDS.test(name)) return void this.found.add('cache');
      if (DATABASES.test(object) && FINDS.test(name)) return void this.found.add('database');
      if (/^(?:then|catch|finally|trim|toString|replace|split|slice|substring|at|pop|shift|json|text|bind)$/.test(name)) {
        const before = this.found.size;
        if (name === 'then') {
          const [done] = node.arguments;
          const fn = done && unwrap(done);
          // `login().then((body) => body.access_token)`
          if (isFunction(fn)) for (const returned of returnsOf(this.file.source, fn)) this.follow(returned, depth + 1);
        }
        if (name !== 'then' || this.found.size === before) this.follow(callee.object, depth + 1);
        return;
      }
    }
    if (callee.type === 'Identifier' && /^(?:String|decodeURIComponent|encodeURIComponent)$/.test(name) && node.arguments[0]) return this.follow(node.arguments[0], depth + 1);
    this.called(node, depth);
  }

  /** What a call gives: what its function returns, where the file has it; else what its name says. */
  private called(node: TSESTree.CallExpression, depth: number): void {
    const { callee } = node;
    const name = callee.type === 'Identifier' ? callee.name : (nameOf(callee) ?? '');
    const inner = new Set<Holder>();
    for (const value of this.file.values.of(callee)) {
      if (value.kind === 'function') {
        for (const returned of returnsOf(this.file.source, value.node)) new Trail(this.file, returned, inner).follow(returned, depth + 1);
        if (value.node.params.some((param) => param.type === 'Identifier' && inner.has('parameter'))) {
          // It hands an argument on: whose that is, the arguments say.
          inner.delete('parameter');
          for (const argument of node.arguments) this.follow(argument, depth + 1);
        }
        if (inner.size === 0) inner.add('fresh');
      } else if (value.kind === 'module') {
        const isOwn = isLocalModule(value.module);
        const exported = value.path.at(-1) ?? name;
        inner.add(!isOwn || MAKES.test(exported) || !HANDS_OUT.test(exported) ? 'fresh' : 'cache');
      } else if (isClass((value as { node: Node }).node)) {
        inner.add('unknown');
      } else {
        inner.add(MAKES.test(name) || !HANDS_OUT.test(name) ? 'fresh' : 'cache');
      }
    }
    for (const one of inner) this.found.add(one === 'unknown' ? 'fresh' : one);
  }
}

// ---- small helpers ----

function isSessionName(name: string | undefined): boolean {
  return name === 'session' || name === 'cookies';
}

function pathOf(node: Node): { root: Node; names: (string | undefined)[] } {
  const names: (string | undefined)[] = [];
  let current = unwrap(node);
  while (current.type === 'MemberExpression') {
    names.unshift(nameOf(current));
    current = unwrap(current.object);
  }
  return { root: current, names };
}

function lastName(node: Node): string {
  const inner = unwrap(node);
  return (inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? nameOf(inner) : undefined) ?? '';
}

/** A function, unless it is called where it is written to hold a module: then the file's own level. */
function moduleFunction(fn: FunctionNode | undefined): FunctionNode | undefined {
  return fn && !fn.async && fn.parent?.type === 'CallExpression' && fn.parent.callee === fn && functionAround(fn) === undefined ? undefined : fn;
}

function isParameter(file: FileModel, node: TSESTree.Identifier): boolean {
  return variableOf(file.source, node)?.defs.some((def) => (def.type as string) === 'Parameter') ?? false;
}

function isExported(file: FileModel, fn: FunctionNode): boolean {
  const holder = fn.parent;
  const identifier = fn.type === 'FunctionDeclaration' ? fn.id : holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? holder.id : undefined;
  if (!identifier) return true;
  const statement = fn.type === 'FunctionDeclaration' ? fn : holder?.parent;
  if (statement?.parent?.type.startsWith('Export')) return true;
  // `module.exports = { load }`, `export { load }`, `exports.load = load`.
  return (
    variableOf(file.source, identifier)?.references.some((reference) => {
      const use = reference.identifier.parent as Node | undefined;
      return !reference.init && !(use?.type === 'CallExpression' && use.callee === reference.identifier);
    }) ?? true
  );
}
