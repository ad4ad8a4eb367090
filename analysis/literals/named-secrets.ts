/** Secrets that their name gives away: what a property, variable, field, default or form entry called so holds. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { literalsBehind } from '../pieces';
import { addressesAround, isSalesforceAddress, mentionsSalesforce } from '../salesforce';
import { nameOf, unwrap } from '../scope';
import { type Found, isSecretText, kindOfName, type NamedKind, namesAround, saysSalesforce, secretAt } from './secret';
import type { Scope } from '../settings';
import type { Node } from '../source';
import type { Value } from '../values';
import { jsforceFlavour, NFORCE, PUBSUB_CLIENTS } from '../vocabulary/libraries';
import { CLIENT_ID, isConsumerSecret, isOpaque, isSecurityToken } from '../vocabulary/token-shapes';

/** A name and what it is given: a property, a variable, a field, a default, a form's entry, the fallback of a read. */
interface Slot {
  kind: NamedKind;
  name: string;
  value: Node;
  /** What the name belongs to: where evidence is looked for. */
  holder: Node;
}

export function* namedSecrets(file: FileModel, scope: Scope): Iterable<Found> {
  const isOurs = mentionsSalesforce(file);
  if (!/secret|token|pass|pwd/i.test(file.source.text) || (scope !== 'any' && !isOurs)) return;
  let options: ReadonlySet<Node> | undefined;
  const isOption = (object: Node) => (options ??= salesforceOptions(file)).has(object);
  for (const slot of slots(file)) {
    for (const piece of literalsBehind(file, slot.value)) {
      if (!isSecretText(slot.kind, piece.text)) continue;
      if ((scope === 'any' && isSomebodys(slot, piece.text)) || (isOurs && isSalesforces(file, slot, piece.text, isOption))) yield secretAt(file, slot.kind, piece);
    }
  }
}

// ---- where secrets are kept ----

function slots(file: FileModel): Slot[] {
  const found: Slot[] = [];
  const slot = (name: string | undefined, value: Node | null | undefined, holder: Node) => {
    const kind = name === undefined || !value ? undefined : (kindOfName(name) ?? kindBeside(name, holder));
    if (kind) found.push({ kind, name: name!, value: defaultIn(value!), holder });
  };
  for (const node of file.properties.where((name) => kindOfName(name) ?? LITTLE_MEANING.has(name))) {
    if (node.parent.type === 'ObjectExpression') slot(nameOf(node), node.value, node);
    else if (node.value.type === 'AssignmentPattern') slot(nameOf(node), node.value.right, node);
  }
  for (const node of file.properties.named(...VALUE_NAMES)) if (node.parent.type === 'ObjectExpression') slot(nameOfValue(file, node), node.value, node);
  for (const node of file.all('VariableDeclarator')) slot(nameOfTarget(node.id), node.init, node);
  for (const node of file.all('PropertyDefinition')) slot(nameOf(node), node.value, node);
  for (const node of file.all('AssignmentExpression')) slot(nameOfTarget(node.left), node.right, node);
  for (const node of file.all('AssignmentPattern')) slot(nameOfTarget(node.left), node.right, node);
  for (const node of file.all('JSXAttribute')) {
    const value = node.value?.type === 'JSXExpressionContainer' ? (node.value.expression as Node) : node.value;
    slot(node.name.type === 'JSXIdentifier' ? node.name.name : undefined, value, node);
  }
  for (const node of file.all('LogicalExpression')) if (node.operator !== '&&') slot(nameOfRead(file, node.left), node.right, node);
  for (const node of file.all('ConditionalExpression')) slot(nameOfRead(file, node.consequent), node.alternate, node);
  for (const node of [...file.methodCalls.named(...NAMING_CALLS), ...file.functionCalls.named(...NAMING_CALLS)]) {
    const [name, value] = node.arguments;
    if (name?.type === 'Literal' && value) slot(String(name.value), value, node);
  }
  for (const node of file.all('ArrayExpression')) {
    const [name, value] = node.elements;
    if (node.elements.length === 2 && name?.type === 'Literal') slot(String(name.value), value, node);
  }
  return found;
}

/** The default in `z.string().min(8).default('…')`, or the value itself. */
function defaultIn(value: Node): Node {
  for (let call = value; call.type === 'CallExpression' && call.callee.type === 'MemberExpression'; call = call.callee.object) {
    if (nameOf(call.callee) === 'default' && call.arguments[0]) return call.arguments[0];
  }
  return value;
}

/** Functions that take a name and its value, or a name and its default. */
const NAMING_CALLS = ['append', 'set', 'field', 'get', 'getOr', 'env', 'getEnv', 'getenv', 'setItem', 'stub', 'stubEnv'];

function nameOfTarget(target: Node): string | undefined {
  return target.type === 'Identifier' ? target.name : target.type === 'MemberExpression' ? nameOf(target) : undefined;
}

/** The name of what an expression reads: an environment variable, a property, a setting that it asks for by name. */
function nameOfRead(file: FileModel, start: Node): string | undefined {
  const node = unwrap(start);
  if (readsEnvironment(file)) for (const value of file.values.of(node)) if (value.kind === 'env') return value.name;
  if (node.type === 'MemberExpression') return nameOf(node);
  const name = node.type === 'CallExpression' ? node.arguments[0] : undefined;
  return name?.type === 'Literal' && typeof name.value === 'string' ? name.value : undefined;
}

const environments = new WeakMap<FileModel, boolean>();

function readsEnvironment(file: FileModel): boolean {
  let reads = environments.get(file);
  if (reads === undefined) environments.set(file, (reads = /\benv\b/.test(file.source.text)));
  return reads;
}

/** Keys whose name says nothing of what they hold: that is said beside them, or above. */
const VALUE_NAMES = ['default', 'defaultValue', 'fallback', 'value'];

/** The name of `{ name: 'client_secret', value: … }`, of `clientSecret: { default: … }`, of `option('client-secret', { default: … })`. */
function nameOfValue(file: FileModel, property: TSESTree.Property): string | undefined {
  const object = property.parent as TSESTree.ObjectExpression;
  for (const key of ['env', 'name', 'key']) {
    const beside = object.properties.find((one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === key);
    if (beside?.value.type === 'Literal' && typeof beside.value.value === 'string') return beside.value.value;
  }
  const { parent } = object;
  if (parent?.type === 'CallExpression') return nameOfRead(file, parent);
  return parent?.type === 'Property' ? nameOf(parent) : undefined;
}

const LITTLE_MEANING = new Set(['token', 'userToken', 'secret']);

/** What a name of little meaning is by what stands beside it: the `token` of a password, the `secret` of a client's id. */
function kindBeside(name: string, holder: Node): NamedKind | undefined {
  const object = holder.parent;
  if (!LITTLE_MEANING.has(name) || object?.type !== 'ObjectExpression') return undefined;
  const names = object.properties.map((one) => (one.type === 'Property' ? nameOf(one) : undefined) ?? '');
  if (name !== 'secret') return names.some((one) => kindOfName(one) === 'password') ? 'security token' : undefined;
  return names.some((one) => /^(?:client|consumer)?_?(?:id|key)$/i.test(one)) ? 'client secret' : undefined;
}

// ---- whose they are ----

/** Is a text a secret of whatever OAuth server, by its name and its look? A password has none. */
function isSomebodys({ kind }: Slot, text: string): boolean {
  return kind !== 'password' && kind !== 'security token' && isOpaque(text);
}

/** Is a slot Salesforce's: by what takes it, by what stands beside it, by what it and the things around it are called? */
function isSalesforces(file: FileModel, slot: Slot, text: string, isOption: (object: Node) => boolean): boolean {
  // Salesforce's own tokens are known by their look.
  if (slot.kind === 'access token' || slot.kind === 'refresh token') return false;
  if (saysSalesforce(slot.name)) return true;
  const object = slot.holder.parent;
  if (object?.type === 'ObjectExpression') {
    if (isOption(object)) return true;
    const beside = addressesBeside(file, object) ?? addressesAbove(file, object);
    if (beside !== undefined) return beside;
    if (slot.kind === 'password' && object.properties.some((one) => kindOfName(nameOf(one) ?? '') === 'security token')) return true;
  }
  if (namesAround(slot.holder).some(saysSalesforce)) return true;
  if (isFormEntry(slot.holder)) return addressesAround(file, slot.holder) ?? false;
  if (slot.kind === 'password') return false;
  const hasShape = slot.kind === 'client secret' ? isConsumerSecret(text) : isSecurityToken(text);
  return hasShape && addressesAround(file, slot.holder) !== false;
}

function isFormEntry(holder: Node): boolean {
  return holder.type === 'CallExpression' && ['append', 'set', 'field'].includes(nameOfTarget(holder.callee) ?? '');
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

/** The same for the options that an object is one of: `{ client: { secret }, auth: { tokenHost } }`. */
function addressesAbove(file: FileModel, object: TSESTree.ObjectExpression): boolean | undefined {
  const { parent } = object;
  const isNested = parent?.type === 'Property' && NESTED.includes(nameOf(parent) ?? '') && parent.parent.type === 'ObjectExpression';
  return isNested ? addressesBeside(file, parent.parent as TSESTree.ObjectExpression) : undefined;
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
