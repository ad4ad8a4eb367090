/** What the whole file does with a name: whether it is used as a secret, whether secrets are kept in it, what is written into it. */
import { calleeName, rootName } from '../calls';
import type { FileModel } from '../file';
import { isClass, nameOf, unwrap, variableOf, wrapped, type Variable } from '../scope';
import type { Node } from '../source';
import { isForeignName, secretNamed, type SecretKind } from '../vocabulary/secrets';
import type { SecretNames } from './names';

/** Names of objects that a password in them was put into on purpose. */
const SETTINGS_NAME = /config|conf$|opt(?:ion)?s?$|cred|setting|auth|env|secret|param|body|login|payload|form|data|args|props/i;
const BEARER = /\b(?:Bearer|OAuth)\s+$/;
/** Roots that hold everything, and so say nothing. */
const NEVER_HOLDERS = new Set(['this', 'req', 'request', 'res', 'event', 'ctx', 'context', 'window', 'process', 'process.env', 'module', 'exports', 'module.exports', 'global:process', 'global:process.env', 'global:module', 'global:window', 'global:exports', 'global:module.exports']);
/** Kinds that say nothing of the object they stand in. */
const SAY_NOTHING = new Set<SecretKind>(['session id', 'frontdoor URL', 'private key']);

export class SecretUses {
  private readonly ids = new Map<Variable, number>();
  private readonly secrets = new Map<string, SecretKind>();
  private readonly holders = new Map<string, SecretKind>();
  private readonly texts = new Set<string>();
  private readonly cleaned = new Set<string>();
  private readonly fields = new Map<string, Node[]>();

  constructor(
    private readonly file: FileModel,
    private readonly names: SecretNames,
  ) {
    this.collectCleaned();
    this.collectHolders();
    this.collectSecrets();
    this.collectFields();
  }

  /** The secret that a name is used as: behind `Bearer`, or as the value of `access_token`. */
  secretAt(node: Node): SecretKind | undefined {
    const key = this.keyOf(node);
    return key === undefined ? undefined : this.secrets.get(key);
  }

  /** The secret that is read from an object somewhere; `isText` where the object is parsed from it first. */
  heldAt(node: Node): { kind: SecretKind; isText: boolean } | undefined {
    const key = this.keyOf(node);
    const kind = key === undefined ? undefined : this.holders.get(key);
    return kind && { kind, isText: this.texts.has(key!) };
  }

  /** Does the file delete the secrets of an object? */
  isCleaned(node: Node): boolean {
    const key = this.cleaned.size > 0 ? this.keyOf(node) : undefined;
    return key !== undefined && this.cleaned.has(key);
  }

  /** What the file writes into `this.name`. */
  writtenTo(field: string): readonly Node[] {
    return this.fields.get(field) ?? [];
  }

  private collectCleaned(): void {
    for (const removal of this.file.all('UnaryExpression')) {
      if (removal.operator !== 'delete' || removal.argument.type !== 'MemberExpression' || !secretNamed(nameOf(removal.argument) ?? '')) continue;
      for (let current: Node = removal.argument.object; ; current = current.object) {
        const key = this.keyOf(current);
        if (key !== undefined) this.cleaned.add(key);
        if (current.type !== 'MemberExpression') break;
      }
    }
  }

  private collectHolders(): void {
    for (const member of this.file.members.where((name) => secretNamed(name) && !isForeignName(name))) {
      const kind = secretNamed(nameOf(member)!)!;
      if (SAY_NOTHING.has(kind) || isCallee(member) || this.names.isForeignPath(member)) continue;
      if (kind === 'Authorization header' && /\breq(?:uest)?\b/.test(rootName(member) ?? '')) continue;
      this.hold(member.object, kind);
    }
    for (const pattern of this.file.all('ObjectPattern')) {
      const init = pattern.parent.type === 'VariableDeclarator' ? pattern.parent.init : undefined;
      if (!init) continue;
      for (const property of pattern.properties) {
        const kind = property.type === 'Property' ? secretNamed(nameOf(property) ?? '') : undefined;
        if (kind && kind !== 'session id') this.hold(init, kind);
      }
    }
  }

  private hold(object: Node, kind: SecretKind): void {
    let current = unwrap(object);
    if (current.type === 'CallExpression' && calleeName(current) === 'parse' && current.arguments[0]) {
      const key = this.keyOf(current.arguments[0]);
      if (key !== undefined) {
        this.holders.set(key, kind);
        this.texts.add(key);
      }
      return;
    }
    for (let depth = 0; depth < 3; depth++) {
      const key = this.keyOf(current);
      if (key === undefined || NEVER_HOLDERS.has(key.replace(/^.*?#\d+:/, ''))) return;
      if (kind === 'password' && !SETTINGS_NAME.test(key)) return;
      if (!this.holders.has(key)) this.holders.set(key, kind);
      if (current.type !== 'MemberExpression') return;
      current = unwrap(current.object);
    }
  }

  private collectSecrets(): void {
    for (const property of this.file.properties.where((name) => secretNamed(name) && !isForeignName(name))) {
      if (property.parent.type === 'ObjectExpression') this.mean(property.value, secretNamed(nameOf(property)!)!);
    }
    for (const template of this.file.all('TemplateLiteral')) {
      template.expressions.forEach((expression, index) => {
        if (BEARER.test(template.quasis[index]?.value.raw ?? '')) this.mean(expression, 'access token');
      });
    }
    for (const sum of this.file.all('BinaryExpression')) {
      if (sum.operator === '+' && sum.left.type === 'Literal' && typeof sum.left.value === 'string' && BEARER.test(sum.left.value)) this.mean(sum.right, 'access token');
    }
    for (const { left, right } of this.file.memberWrites.where(secretNamed)) this.mean(right, secretNamed(nameOf(left)!)!);
  }

  private mean(node: Node, kind: SecretKind): void {
    const key = this.names.weak(node) ? this.keyOf(node) : undefined;
    if (key !== undefined && !this.secrets.has(key)) this.secrets.set(key, kind);
  }

  private collectFields(): void {
    const add = (name: string | undefined, value: Node) => {
      if (name === undefined) return;
      const values = this.fields.get(name);
      if (values) values.push(value);
      else this.fields.set(name, [value]);
    };
    for (const { left, right } of this.file.all('AssignmentExpression')) {
      if (left.type === 'MemberExpression' && left.object.type === 'ThisExpression') add(nameOf(left), right);
    }
    for (const field of this.file.all('PropertyDefinition')) if (field.value && isClass(field.parent.parent)) add(nameOf(field), field.value);
  }

  /** One name for everything that is the same place: a variable, `this.x`, `config.auth`, the session of any request. */
  private keyOf(node: Node): string | undefined {
    const inner = unwrap(node);
    if (inner.type === 'ThisExpression') return 'this';
    if (inner.type === 'Identifier') {
      const variable = variableOf(this.file.source, inner);
      if (!variable) return `global:${inner.name}`;
      let id = this.ids.get(variable);
      if (id === undefined) this.ids.set(variable, (id = this.ids.size));
      return `#${id}:${inner.name}`;
    }
    if (inner.type !== 'MemberExpression') return undefined;
    const name = nameOf(inner);
    if (name === undefined) return undefined;
    // Every handler has a `req` of its own, and they share one session.
    if (name === 'session' && inner.object.type === 'Identifier' && /^(?:req|request|ctx)$/.test(inner.object.name)) return 'request.session';
    const object = this.keyOf(inner.object);
    return object === undefined ? undefined : `${object}.${name}`;
  }
}

function isCallee(member: Node): boolean {
  const outer = wrapped(member);
  return outer.parent?.type === 'CallExpression' && outer.parent.callee === outer;
}
