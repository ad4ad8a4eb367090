/**
 * Secrets of Salesforce that stand in the code. Tokens are known by their look wherever they stand; passwords, security tokens and
 * client secrets by what they are given to or called, where that is Salesforce's.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from './file';
import { assembled, literalPieces, literalsBehind, partsOf, type Piece } from './pieces';
import { addressesAround, isSalesforceAddress, mentionsSalesforce } from './salesforce';
import { nameOf } from './scope';
import type { Login } from './shapes';
import type { Node } from './source';
import type { Value } from './values';
import { isPlaceholder } from './vocabulary/placeholders';
import { CLIENT_ID, isConsumerSecret, isSample, isSecurityToken, mayHoldToken, type ShapeKind, tokensIn } from './vocabulary/token-shapes';
import { jsforceFlavour, NFORCE, PUBSUB_CLIENTS } from './vocabulary/libraries';

export type NamedKind = 'client secret' | 'password' | 'security token';
export type SecretKind = ShapeKind | NamedKind;

/** A secret in the code. What it is worth stays out: its kind and length are all that a reader needs. */
export interface Secret {
  kind: SecretKind;
  /** The literal, template or JSX text that it stands in, or the concatenation that puts it together. */
  node: Node;
  /** The secret's own place: all of `node`, or the part of its text that is secret. */
  range: readonly [number, number];
  length: number;
}

/** Every secret in a file, in source order, one per place. */
export function findSecrets(file: FileModel, logins: readonly Login[]): Secret[] {
  const found: Secret[] = [];
  const add = (secret: Secret) => {
    const isKnown = found.some(({ range }) => secret.range[0] < range[1] && range[0] < secret.range[1]);
    if (!isKnown) found.push(secret);
  };
  for (const secret of tokens(file)) add(secret);
  for (const secret of loginPasswords(file, logins)) add(secret);
  for (const secret of namedSecrets(file)) add(secret);
  return found.sort((a, b) => a.range[0] - b.range[0]);
}

function secretAt(file: FileModel, kind: SecretKind, { node, text }: Piece, value = text): Secret {
  return { kind, node, range: placeOf(file, node, text, value), length: value.length };
}

/** Where a part of a node's text stands in the source; the whole node where it is all of it, or is not written as it reads. */
function placeOf(file: FileModel, node: Node, text: string, value: string): readonly [number, number] {
  if (text === value && node.type === 'Literal') return node.range;
  if (node.type !== 'Literal' && node.type !== 'TemplateLiteral' && node.type !== 'JSXText') return node.range;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0 && text === value) return node.range;
  const index = file.source.text.slice(...node.range).indexOf(value);
  return index < 0 ? node.range : [node.range[0] + index, node.range[0] + index + value.length];
}

// ---- by their look ----

function* tokens(file: FileModel): Iterable<Secret> {
  if (!mayHoldToken(file.source.text)) return;
  const whole: string[] = [];
  for (const piece of literalPieces(file)) {
    for (const { kind, value } of tokensIn(piece.text)) {
      if (kind === 'private key' && !mentionsSalesforce(file)) continue;
      whole.push(value);
      yield secretAt(file, kind, piece, value);
    }
  }
  for (const node of assembled(file)) {
    for (const text of file.values.strings(node)) {
      for (const { kind, value } of tokensIn(text)) {
        if (kind === 'private key' && !mentionsSalesforce(file)) continue;
        // What stands in one piece is reported there, however often it is passed on.
        if (whole.some((known) => value.includes(known))) continue;
        whole.push(value);
        yield { kind, node, range: node.range, length: value.length };
      }
    }
  }
}

// ---- by what they are given to ----

function* loginPasswords(file: FileModel, logins: readonly Login[]): Iterable<Secret> {
  for (const { password } of logins) {
    if (!password) continue;
    for (const piece of literalsBehind(file, password)) {
      if (piece.text.length < SHORTEST || isPlaceholder(piece.text) || isSample(piece.text)) continue;
      yield secretAt(file, namedKind(nameAround(piece.node) ?? '') ?? 'password', piece);
    }
  }
}

/** The name of the variable, property or field whose value a node is. */
function nameAround(node: Node): string | undefined {
  const { parent } = node;
  if (parent?.type === 'VariableDeclarator') return parent.id.type === 'Identifier' ? parent.id.name : undefined;
  return parent?.type === 'Property' || parent?.type === 'PropertyDefinition' ? nameOf(parent) : undefined;
}

// ---- by their name ----

const SHORTEST = 4;
/** How names of secrets end, in lower case without separators. */
const NAME_ENDS: readonly (readonly [end: string, kind: NamedKind])[] = [
  ['clientsecret', 'client secret'],
  ['consumersecret', 'client secret'],
  ['securitytoken', 'security token'],
  ['password', 'password'],
  ['passwd', 'password'],
  ['pwd', 'password'],
];

function namedKind(name: string): NamedKind | undefined {
  const plain = name.replace(/[-_.\s]/g, '').toLowerCase();
  return NAME_ENDS.find(([end]) => plain.endsWith(end))?.[1];
}

/** A name and what it is given: a property, a variable, a field, a default, a form's entry, the fallback of an environment read. */
interface Slot {
  kind: NamedKind;
  name: string;
  value: Node;
  /** What the name belongs to: where evidence is looked for. */
  holder: Node;
}

function* namedSecrets(file: FileModel): Iterable<Secret> {
  if (!/secret|token|pass|pwd/i.test(file.source.text) || !mentionsSalesforce(file)) return;
  const options = salesforceOptions(file);
  for (const slot of slots(file)) {
    for (const piece of literalsBehind(file, slot.value)) {
      if (isSecretText(slot.kind, piece.text) && isSalesforces(file, slot, piece.text, options)) yield secretAt(file, slot.kind, piece);
    }
  }
  yield* secretsInTexts(file);
}

function* slots(file: FileModel): Iterable<Slot> {
  const slot = function* (name: string | undefined, value: Node | null | undefined, holder: Node): Iterable<Slot> {
    const kind = name === undefined || !value ? undefined : (namedKind(name) ?? (isTokenOfPassword(name, holder) ? 'security token' : undefined));
    if (kind) yield { kind, name: name!, value: value!, holder };
  };
  const nameOfTarget = (target: Node) => (target.type === 'Identifier' ? target.name : target.type === 'MemberExpression' ? nameOf(target) : undefined);
  for (const node of file.all('Property')) if (node.parent.type === 'ObjectExpression') yield* slot(nameOf(node), node.value, node);
  for (const node of file.all('VariableDeclarator')) yield* slot(nameOfTarget(node.id), node.init, node);
  for (const node of file.all('PropertyDefinition')) yield* slot(nameOf(node), node.value, node);
  for (const node of file.all('AssignmentExpression')) yield* slot(nameOfTarget(node.left), node.right, node);
  for (const node of file.all('AssignmentPattern')) yield* slot(nameOfTarget(node.left), node.right, node);
  for (const node of file.all('JSXAttribute')) {
    const value = node.value?.type === 'JSXExpressionContainer' ? (node.value.expression as Node) : node.value;
    yield* slot(node.name.type === 'JSXIdentifier' ? node.name.name : undefined, value, node);
  }
  for (const node of file.all('LogicalExpression')) {
    for (const value of file.values.of(node.left)) if (value.kind === 'env') yield* slot(value.name, node.right, node);
  }
  for (const node of file.all('CallExpression')) {
    const [name, value] = node.arguments;
    if (name?.type !== 'Literal' || !value || node.callee.type !== 'MemberExpression') continue;
    if (['append', 'set', 'field'].includes(nameOf(node.callee) ?? '')) yield* slot(String(name.value), value, node);
  }
  for (const node of file.all('ArrayExpression')) {
    const [name, value] = node.elements;
    if (node.elements.length === 2 && name?.type === 'Literal') yield* slot(String(name.value), value, node);
  }
}

/** A `token` beside a password is the security token that goes with it. */
function isTokenOfPassword(name: string, holder: Node): boolean {
  if (name !== 'token' && name !== 'userToken') return false;
  return holder.parent?.type === 'ObjectExpression' && holder.parent.properties.some((one) => namedKind(nameOf(one) ?? '') === 'password');
}

function isSecretText(kind: NamedKind, text: string): boolean {
  if (text.length < SHORTEST || /\s/.test(text) || isPlaceholder(text) || isSample(text)) return false;
  // A path, an address, a selector or a key of translations, rather than a password.
  return kind !== 'password' || (text.length > 5 && !/^(?:\.{0,2}\/|https?:|#|\w+(?:\.[a-z]\w*)+$)/.test(text));
}

const SALESFORCE_NAME = /salesforce|sforce|sfdc|nforce/i;
const SALESFORCE_PREFIX = /^(?:sf|SF)(?:[-_]|(?=[A-Z]))|_SF_/;

function saysSalesforce(name: string | undefined): boolean {
  return name !== undefined && (SALESFORCE_NAME.test(name) || SALESFORCE_PREFIX.test(name));
}

/** Is a slot Salesforce's: by what takes it, by what stands beside it, by what it and the things around it are called? */
function isSalesforces(file: FileModel, slot: Slot, text: string, options: ReadonlySet<Node>): boolean {
  if (saysSalesforce(slot.name)) return true;
  const object = slot.holder.parent;
  if (object?.type === 'ObjectExpression') {
    if (options.has(object)) return true;
    const beside = addressesBeside(file, object);
    if (beside !== undefined) return beside;
    if (slot.kind === 'password' && object.properties.some((one) => namedKind(nameOf(one) ?? '') === 'security token')) return true;
  }
  if (namesAround(slot.holder).some(saysSalesforce)) return true;
  if (slot.kind === 'password') return false;
  const hasShape = slot.kind === 'client secret' ? isConsumerSecret(text) : isSecurityToken(text);
  return hasShape && addressesAround(file, slot.holder) !== false;
}

/**
 * Do the addresses and client ids in an object, or in the options inside it, say Salesforce, or somebody else? Undefined where
 * there are none.
 */
function addressesBeside(file: FileModel, object: TSESTree.ObjectExpression, isInside = false): boolean | undefined {
  let foreign = false;
  for (const property of object.properties) {
    if (property.type !== 'Property') continue;
    for (const value of file.values.of(property.value)) {
      if (value.kind === 'object' && !isInside && addressesBeside(file, value.node, true)) return true;
      if (value.kind !== 'literal' || typeof value.value !== 'string') continue;
      if (isSalesforceAddress(value.value) || value.value.startsWith(CLIENT_ID)) return true;
      if (/^https?:\/\/[^/]*[a-z]/i.test(value.value) && !/localhost|127\.0\.0\.1/.test(value.value) && !/redirect|callback/i.test(nameOf(property) ?? '')) foreign = true;
    }
  }
  return foreign ? false : undefined;
}

/** What the objects, variables, calls, functions and classes around a node are called, innermost first. */
function namesAround(node: Node): string[] {
  const names: (string | undefined)[] = [];
  for (let current = node.parent as Node | undefined; current; current = current.parent) {
    switch (current.type) {
      case 'Property':
      case 'PropertyDefinition':
      case 'MethodDefinition':
        names.push(nameOf(current));
        break;
      case 'VariableDeclarator':
        if (current.id.type === 'Identifier') names.push(current.id.name);
        break;
      case 'AssignmentExpression':
        names.push(current.left.type === 'Identifier' ? current.left.name : nameOf(current.left));
        break;
      case 'CallExpression':
      case 'NewExpression':
        names.push(current.callee.type === 'Identifier' ? current.callee.name : nameOf(current.callee));
        break;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        names.push(current.id?.name);
        break;
    }
  }
  return names.filter((name) => name !== undefined);
}

/** Option keys that hold further options of the same library. */
const NESTED = ['oauth2', 'client', 'auth'];

/** The object literals that a Salesforce library is given, with the options inside them. */
function salesforceOptions(file: FileModel): ReadonlySet<Node> {
  const objects = new Set<Node>();
  const collect = (values: readonly Value[]) => {
    for (const value of values) {
      if (value.kind !== 'object' || objects.has(value.node)) continue;
      objects.add(value.node);
      for (const name of NESTED) collect(file.values.property(value.node, name) ?? []);
    }
  };
  for (const call of [...file.all('NewExpression'), ...file.all('CallExpression')]) {
    if (call.arguments.length === 0 || !file.values.of(call.callee).some(isOfLibrary)) continue;
    for (const argument of call.arguments) collect(file.values.of(argument));
  }
  return objects;
}

function isOfLibrary(value: Value): boolean {
  if (value.kind === 'module') return isLibrary(value.module);
  if (value.kind === 'member' || value.kind === 'result' || value.kind === 'instance') return isOfLibrary(value.of);
  return value.kind === 'global' && (value.path[0] === 'jsforce' || value.path[0] === 'sforce');
}

function isLibrary(module: string): boolean {
  return jsforceFlavour(module) !== undefined || NFORCE.has(module) || PUBSUB_CLIENTS.has(module) || /jsforce|salesforce|forcedotcom|sfdc/i.test(module);
}

// ---- in forms, queries and envelopes ----

/** What stands before a secret in a form, a query, a shell command or an envelope. */
const FIELD = /(?:^|[?&\s"'])(client_secret|password|security_?token)=([^&\s"'<]*)|<(?:[\w-]+:)?(password)>([^<]*)/gi;
const FIELD_OPEN = /(?:(?:^|[?&\s"'])(client_secret|password|security_?token)=|<(?:[\w-]+:)?(password)>\s*)$/i;
const IS_REQUEST = /grant_type=|soap\.sforce\.com|<(?:[\w-]+:)?login[\s>]/;

function* secretsInTexts(file: FileModel): Iterable<Secret> {
  const alone = [...file.all('Literal')].filter((node) => typeof node.value === 'string' && node.parent.type !== 'BinaryExpression');
  for (const node of [...alone, ...file.all('TemplateLiteral').filter((one) => one.expressions.length === 0), ...assembled(file)]) {
    const written = file.source.getText(node);
    if (!/(?:secret|password|token)(?:=|>)/i.test(written) || !isRequest(file, node, written)) continue;
    let before = '';
    for (const part of partsOf(node)) {
      if ('text' in part) {
        for (const [, field, value, element, content] of part.text.matchAll(FIELD)) {
          const kind = namedKind(field ?? element ?? '');
          const text = value ?? content ?? '';
          if (kind && isSecretText(kind, text)) yield secretAt(file, kind, part, text);
        }
        before = part.text;
      } else {
        const [, field, element] = FIELD_OPEN.exec(before) ?? [];
        const kind = namedKind(field ?? element ?? '');
        if (kind) for (const piece of literalsBehind(file, part)) if (isSecretText(kind, piece.text)) yield secretAt(file, kind, piece);
        before = '';
      }
    }
  }
}

/** Is a text sent to Salesforce: a token request or a login envelope, where no address says otherwise? */
function isRequest(file: FileModel, node: Node, text: string): boolean {
  if (isSalesforceAddress(text)) return true;
  return IS_REQUEST.test(text) && addressesAround(file, node) !== false;
}
