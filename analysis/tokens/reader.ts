/** Which expressions are a secret of an OAuth login, and which hold one: what would stand in a log if they were printed. */
import type { TSESTree } from '@typescript-eslint/utils';
import { isPath } from '../calls';
import type { FileModel } from '../file';
import { piecesOf } from '../pieces';
import { contains, nameOf, propertyOf, unwrap, variableOf, type FunctionNode, type Variable } from '../scope';
import type { Settings } from '../settings';
import type { Node } from '../source';
import { perhapsSecretNamed, secretNamed } from '../vocabulary/secrets';
import { CallbackReader } from './callbacks';
import { CallReader } from './calls';
import { CarriedRequests } from './carried-requests';
import { connectionAt } from './connections';
import { asHolder, firstSecret, memberOf, type HeldSecret } from './holders';
import { SecretNames } from './names';
import { SESSION_MERGE_FIELD, Subject } from './subject';
import { SecretUses } from './uses';

type Scope = Settings['scope'];

const DEEPEST = 24;

export class TokenReader {
  private readonly known = new Map<Node, HeldSecret | undefined>();
  private readonly open = new Set<Node>();
  /** Found empty in the walk under way: without it, each member of a cycle walks the others again. */
  private readonly empty = new Set<Node>();
  private isCut = false;
  readonly subject: Subject;
  readonly names: SecretNames;
  private readonly calls: CallReader;
  readonly callbacks: CallbackReader;

  constructor(
    private readonly file: FileModel,
    scope: Scope,
  ) {
    this.subject = new Subject(file, scope);
    this.names = new SecretNames(file, this.subject);
    const requests = new CarriedRequests(file, this);
    this.calls = new CallReader(file, this.subject, this.names, requests, this);
    this.callbacks = new CallbackReader(file, this.subject, this.calls, requests, this);
  }

  /** What printing an expression shows; undefined when no secret is known to be in it. */
  secretIn(node: Node): HeldSecret | undefined {
    if (this.known.has(node)) return this.known.get(node);
    if (this.open.has(node) || this.empty.has(node) || this.open.size > DEEPEST) {
      this.isCut = true;
      return undefined;
    }
    const wasCut = this.isCut;
    this.isCut = false;
    this.open.add(node);
    const secret = this.read(node);
    this.open.delete(node);
    // An answer from inside a cycle depends on where the walk came from: only a complete one is kept.
    if (!this.isCut || secret || this.open.size === 0) this.known.set(node, secret);
    else this.empty.add(node);
    if (this.open.size === 0) this.empty.clear();
    this.isCut ||= wasCut;
    return secret;
  }

  /** What becomes of an expression in a text: of an object, `[object Object]` does. */
  secretInText(node: Node): HeldSecret | undefined {
    const secret = this.secretIn(node);
    return secret?.holder && !secret.isText ? undefined : secret;
  }

  private read(node: Node): HeldSecret | undefined {
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'string' && SESSION_MERGE_FIELD.test(node.value) ? { kind: 'session id', isTraced: true } : undefined;
      case 'TemplateLiteral':
        return this.inText(piecesOf(this.file, node));
      case 'BinaryExpression':
        return node.operator === '+' ? this.inText(piecesOf(this.file, node)) : undefined;
      case 'ConditionalExpression':
        if (isMask(node.consequent) || isMask(node.alternate)) return undefined;
        return this.secretIn(node.consequent) ?? this.secretIn(node.alternate);
      case 'LogicalExpression':
        return (node.operator === '&&' ? undefined : this.secretIn(node.left)) ?? this.secretIn(node.right);
      case 'AssignmentExpression':
        return this.secretIn(node.right);
      case 'SequenceExpression':
        return this.secretIn(node.expressions.at(-1)!);
      case 'ObjectExpression':
        return this.inObject(node);
      case 'ArrayExpression':
        return asHolder(firstSecret(node.elements, (element) => element && this.secretIn(element)));
      case 'SpreadElement':
        return this.secretIn(node.argument);
      case 'YieldExpression':
        return node.argument ? this.secretIn(node.argument) : undefined;
      case 'Identifier':
        return this.ofIdentifier(node);
      case 'MemberExpression':
        return this.ofMember(node);
      case 'CallExpression':
        return this.calls.ofCall(node);
      case 'NewExpression':
        return this.calls.ofNew(node);
      default: {
        const inner = unwrap(node);
        return inner === node ? undefined : this.secretIn(inner);
      }
    }
  }

  // ---- texts and objects ----

  private inText(pieces: readonly (string | Node)[]): HeldSecret | undefined {
    let before = '';
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        before += piece;
        continue;
      }
      const secret = this.secretInText(piece) ?? this.names.byLabel(piece, before);
      if (secret) return secret.holder ? { ...secret, isText: true } : secret;
      before = '';
    }
    return undefined;
  }

  private inObject(object: TSESTree.ObjectExpression): HeldSecret | undefined {
    for (const [index, property] of object.properties.entries()) {
      if (property.type === 'SpreadElement') {
        const secret = this.secretIn(property.argument);
        if (!secret) continue;
        const isCovered = object.properties.slice(index + 1).some((later) => later.type === 'Property' && (secretNamed(nameOf(later) ?? '') ?? perhapsSecretNamed(nameOf(later) ?? '')) !== undefined);
        if (!isCovered) return { ...secret, holder: secret.holder ?? 'object', isText: false };
        continue;
      }
      const secret = this.secretIn(property.value) ?? this.names.byKey(nameOf(property), property.value);
      if (secret) return { kind: secret.kind, holder: 'object', ...(secret.isTraced && { isTraced: true }) };
    }
    return undefined;
  }

  // ---- names ----

  private ofIdentifier(node: TSESTree.Identifier): HeldSecret | undefined {
    const variable = variableOf(this.file.source, node);
    if (!variable) return node.name === '__sfdcSessionId' ? { kind: 'session id', isTraced: true } : this.names.byName(node.name, node);
    const connection = connectionAt(this.file, node);
    if (connection) return connection;
    if (this.uses.isCleaned(node)) return undefined;
    const traced = this.traced(variable, node);
    if (traced.found) return traced.found;
    const named = this.names.byName(node.name, node);
    if (named && !traced.isElse) return named;
    return this.names.madeAs(node, traced.given) ?? this.byUse(node);
  }

  /** What a variable was given; `isElse` when all of it is known to be no secret. */
  private traced(variable: Variable, node: TSESTree.Identifier): { found?: HeldSecret; isElse: boolean; given: readonly Node[] } {
    const given: Node[] = [];
    let isOpen = false;
    for (const def of variable.defs) {
      const declared = def.node as Node;
      switch (def.type as string) {
        case 'Variable': {
          const { id, init } = declared as TSESTree.VariableDeclarator;
          if (!init) {
            isOpen = true;
          } else if (id.type === 'Identifier') {
            given.push(init);
          } else {
            const found = this.throughPattern(id, this.secretIn(init), def.name as TSESTree.Identifier, init);
            if (found) return { found, isElse: false, given };
            isOpen = true;
          }
          break;
        }
        case 'Parameter': {
          const found = this.ofParameter(declared as FunctionNode, def.name as TSESTree.Identifier);
          if (found) return { found, isElse: false, given };
          isOpen = true;
          break;
        }
        case 'CatchClause': {
          const error = this.callbacks.caughtBy(declared as TSESTree.CatchClause);
          return { isElse: error === undefined, given, ...(error && { found: error }) };
        }
        case 'FunctionName':
        case 'ClassName':
          return { isElse: true, given };
        default:
          isOpen = true;
      }
    }
    for (const reference of variable.references) {
      if (!reference.isWrite() || reference.init || !reference.writeExpr) continue;
      const target = (reference.identifier as Node).parent;
      if (target?.type === 'AssignmentExpression' && target.left === reference.identifier) given.push(target.right);
      else isOpen = true;
    }
    const found = firstSecret(given, (value) => this.secretIn(value));
    if (found) return { found, isElse: false, given };
    // Its own name stands for values that show nothing of themselves; a length, a flag or a cut is known to be harmless.
    const isElse = !isOpen && given.length > 0 && !given.some((value) => this.names.isOpaque(value) || isEmptyStart(value));
    return { isElse: isElse || (node.name.length > 0 && this.file.values.of(node).every((value) => value.kind === 'function')), given };
  }

  /** `const { data: { access_token } } = response`. */
  private throughPattern(pattern: Node, secret: HeldSecret | undefined, name: TSESTree.Identifier, init?: Node): HeldSecret | undefined {
    const keys = keysInPattern(pattern, name);
    if (!keys) return undefined;
    if (keys.length === 0) return secret;
    if (init && !secret && keys.length === 1 && keys[0] !== undefined) {
      const shown = this.shownProperty(init, keys[0]);
      if (shown) return shown;
    }
    let current = secret;
    for (const key of keys) {
      if (key === undefined) return asHolder(current);
      current = (current && memberOf(current, key)) ?? this.names.byName(key, name);
      if (!current) return undefined;
    }
    return current;
  }

  private shownProperty(object: Node, name: string): HeldSecret | undefined {
    for (const value of this.file.values.of(object)) {
      if (value.kind !== 'object') continue;
      const property = propertyOf(value.node, name);
      const found = property && (this.secretIn(property.value) ?? this.names.byKey(name, property.value));
      if (found) return found;
    }
    return undefined;
  }

  /** A name that proves nothing, or none: what the rest of the file does with it. */
  private byUse(node: Node): HeldSecret | undefined {
    if (!this.subject.isConcerned) return undefined;
    const kind = this.uses.secretAt(node);
    if (kind) return { kind };
    const held = this.uses.heldAt(node);
    return held && !this.names.isForeignPlace(node) ? { ...held, holder: 'object' } : undefined;
  }

  private get uses(): SecretUses {
    this.fileUses ??= new SecretUses(this.file, this.names);
    return this.fileUses;
  }
  private fileUses: SecretUses | undefined;

  // ---- parameters ----

  private ofParameter(fn: FunctionNode, name: TSESTree.Identifier): HeldSecret | undefined {
    const index = fn.params.findIndex((param) => contains(param, name));
    const param = fn.params[index] as Node | undefined;
    if (!param) return undefined;
    const given = this.callbacks.passedTo(fn, index);
    if (given) return this.throughPattern(param.type === 'AssignmentPattern' ? param.left : param, given, name);
    return param.type === 'AssignmentPattern' && param.left.type === 'Identifier' ? this.secretIn(param.right) : undefined;
  }

  // ---- members ----

  private ofMember(node: TSESTree.MemberExpression): HeldSecret | undefined {
    const name = nameOf(node);
    if (name === undefined || /^\d+$/.test(name)) {
      const whole = this.secretIn(node.object);
      return whole?.isTraced && (!whole.holder || whole.isText) ? whole : undefined;
    }
    if (isPath(node, 'sforce', 'connection', 'sessionId')) return { kind: 'session id', isTraced: true };
    if (isPath(node, 'sforce', 'connection')) return { kind: 'session id', holder: 'connection', isTraced: true };
    if (isPath(node, 'process', 'env')) return this.environment;
    if (name === 'length') return undefined;
    const connection = connectionAt(this.file, node);
    if (connection) return connection;
    const object = this.secretIn(node.object);
    if (object?.holder && object.holder !== 'object') {
      const inner = memberOf(object, name);
      if (inner || object.isTraced) return inner;
    }
    const written = this.fieldValue(node, name);
    if (written.found) return written.found;
    const shown = this.shownProperty(node.object, name);
    if (shown) return shown;
    if (!written.isElse) {
      const named = this.names.isForeignPath(node) ? undefined : this.names.byName(name, node);
      if (named && this.names.isOpaque(node)) return named;
    }
    return this.byUse(node);
  }

  /** The whole environment, in a file that reads a secret from it. */
  private get environment(): HeldSecret | undefined {
    if (this.wholeEnvironment === undefined) {
      const reads = this.file.all('MemberExpression').filter(({ object }) => isPath(object, 'process', 'env'));
      const secret = firstSecret(reads, (read) => this.names.byName(nameOf(read) ?? '', read));
      this.wholeEnvironment = secret ? { ...secret, holder: 'environment' } : null;
    }
    return this.wholeEnvironment ?? undefined;
  }
  private wholeEnvironment: HeldSecret | null | undefined;

  /** What the file writes into `this.name`. */
  private fieldValue(node: TSESTree.MemberExpression, name: string): { found?: HeldSecret; isElse: boolean } {
    if (node.object.type !== 'ThisExpression') return { isElse: false };
    const values = this.uses.writtenTo(name);
    const found = firstSecret(values, (value) => this.secretIn(value));
    if (found) return { found, isElse: false };
    return { isElse: values.length > 0 && !values.some((value) => this.names.isOpaque(value) || isEmptyStart(value)) };
  }

}

const readers = new WeakMap<FileModel, Map<Scope, TokenReader>>();

/** The reader of a file's secrets, made on first use. */
export function tokensOf(file: FileModel, scope: Scope): TokenReader {
  let byScope = readers.get(file);
  if (!byScope) readers.set(file, (byScope = new Map()));
  let reader = byScope.get(scope);
  if (!reader) byScope.set(scope, (reader = new TokenReader(file, scope)));
  return reader;
}

/** `real ? '[hidden]' : shown` decides itself what may be seen. */
function isMask(node: Node): boolean {
  return node.type === 'Literal' && typeof node.value === 'string' && /mask|redact|hidden|\*{3}/i.test(node.value);
}

function isEmptyStart(node: Node): boolean {
  return (node.type === 'Literal' && (node.value === null || node.value === '')) || (node.type === 'Identifier' && node.name === 'undefined');
}

function keysInPattern(pattern: Node, name: TSESTree.Identifier): (string | undefined)[] | undefined {
  if (pattern.type === 'Identifier') return pattern.name === name.name ? [] : undefined;
  if (pattern.type === 'AssignmentPattern') return keysInPattern(pattern.left, name);
  if (pattern.type === 'ArrayPattern') return contains(pattern, name) ? [undefined] : undefined;
  if (pattern.type !== 'ObjectPattern') return undefined;
  for (const property of pattern.properties) {
    if (!contains(property, name)) continue;
    // `const { password, ...rest } = config` takes the secret out.
    if (property.type === 'RestElement') return pattern.properties.some((one) => one.type === 'Property' && secretNamed(nameOf(one) ?? '')) ? undefined : [undefined];
    const inner = keysInPattern(property.value, name);
    if (inner) return [nameOf(property), ...inner];
  }
  return undefined;
}
