/** Authorization headers that no server can read, or that carry something other than a token. */
import type { TSESTree } from '@typescript-eslint/utils';
import { connectionFlavour } from './clients/jsforce';
import { type FileModel, modelOf } from './file';
import { concernsUs } from './relevance';
import { addressesAround, keyOf, mentionsSalesforce } from './salesforce';
import { nameOf, unwrap, variableOf, type Variable } from './scope';
import type { Settings } from './settings';
import type { Node, Source } from './source';
import { distance } from './spelling';
import type { Value } from './values';
import { rememberNames } from './remember';

export type HeaderDefect =
  | 'misspeltName'
  /** `Authentication`, which is no header of HTTP. */
  | 'wrongName'
  | 'misspeltScheme'
  | 'missingSpace'
  /** Something other than one space between scheme and token: a colon, a plus sign, two spaces, a quote. */
  | 'strayText'
  /** `Bearer Bearer …`. */
  | 'doubledScheme'
  /** `'Bearer ${token}'` in quotes that fill nothing in. */
  | 'notFilledIn'
  /** The value is `undefined` or `null` whatever happens. */
  | 'noToken'
  /** A token without a scheme. */
  | 'noScheme'
  /** An address stands where the token should. */
  | 'urlForToken'
  /** `Basic` with an access token. */
  | 'basicWithToken'
  /** `X-SFDC-Session: Bearer …`. */
  | 'schemeInSessionHeader'
  /** `OAuth <token>`: it works, and REST documents `Bearer`. */
  | 'oldScheme';

export interface HeaderFault {
  defect: HeaderDefect;
  /** The smallest node to blame. */
  node: Node;
  /** The header is sent to Salesforce, as far as the code around it says. */
  isSalesforce: boolean;
  /** It stands where headers stand, so that nothing else can depend on how it is written. */
  isCertain: boolean;
  /** Changes the defect and nothing else. */
  edit?: { range: readonly [number, number]; text: string };
}

interface HeaderPlace {
  name: string;
  nameNode: Node;
  value: Node;
  /** It stands among headers, or is set by a call that sets headers. */
  isCertain: boolean;
}

const NAME = 'authorization';
const SESSION_NAME = 'x-sfdc-session';
const WRONG_NAME = 'authentication';
/** Words of which a file with such a header holds one: a misspelt name stands beside a scheme, and the other way round. */
const COULD_HOLD = /authori[sz]|x-sfdc-session|bearer|\bbasic\b|\boauth\b/i;
const SETTERS = ['set', 'append', 'setHeader', 'setRequestHeader', 'header', 'addHeader', 'setDefaultHeader', 'appendHeader', 'add'];
const HEADER_HOLDERS = /headers?$|^common$|^(?:get|post|put|patch|delete)$/i;

const SCHEME = /^([A-Za-z][A-Za-z0-9-]*)/;
const SCHEMES = ['bearer', 'basic', 'oauth'];
/** One word and what stands between it and the token. */
const BEFORE_TOKEN = /^\s*([A-Za-z]+)([^A-Za-z0-9]*)$/;
/** `Bearer + ` in a template, quotes, braces. */
const STRAY = /^[\s+:;,.='"<{([$`]*$/;
const URL_NAME = /(?:^|_|[a-z])(?:URL|URI|ENDPOINT)$|(?:^|[a-z_])(?:Url|Uri|Endpoint)$|_(?:url|uri|endpoint)$/;
/** Clients of the Streaming API, which the `OAuth` scheme is documented for. */
const STREAMING = /cometd|\bfaye/i;
const TOKEN_NAME = /access_?token|bearer_?token|^instance_?token$/i;

const known = new WeakMap<FileModel, readonly HeaderFault[]>();

/** Every faulty Authorization header of a file, in source order. Outside scope `any`, only those sent to Salesforce. */
export function headerFaultsIn(source: Source, scope: Settings['scope']): readonly HeaderFault[] {
  if (!COULD_HOLD.test(source.text) || (scope === 'salesforce' && !concernsUs(source.text))) return [];
  const file = modelOf(source);
  let found = known.get(file);
  if (!found) {
    const byStart = new Map<number, HeaderFault>();
    for (const place of headers(file)) for (const fault of faultsOf(file, place)) if (!byStart.has(fault.node.range[0])) byStart.set(fault.node.range[0], fault);
    found = [...byStart.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
    known.set(file, found);
  }
  return scope === 'any' ? found : found.filter((fault) => fault.isSalesforce);
}

// ---- where headers are set ----

function* headers(file: FileModel): Iterable<HeaderPlace> {
  for (const property of [...file.properties.where(couldBeName), ...file.all('Property').filter((one) => one.computed && nameOf(one) === undefined)]) {
    if (property.parent.type !== 'ObjectExpression') continue;
    const name = property.computed ? textOf(file, property.key) : nameOf(property);
    if (name !== undefined && couldBeName(name)) yield { name, nameNode: property.key, value: property.value, isCertain: isAmongHeaders(property.parent) };
  }
  for (const assignment of file.all('AssignmentExpression')) {
    if (assignment.left.type !== 'MemberExpression' || assignment.operator !== '=') continue;
    const name = nameOf(assignment.left) ?? textOf(file, assignment.left.property);
    if (name !== undefined && couldBeName(name)) {
      yield { name, nameNode: assignment.left.property, value: assignment.right, isCertain: HEADER_HOLDERS.test(keyOf(assignment.left.object) ?? '') };
    }
  }
  for (const call of file.methodCalls.named(...SETTERS)) {
    const [first, value] = call.arguments;
    if (!first || !value) continue;
    const name = textOf(file, first);
    if (name !== undefined && couldBeName(name)) yield { name, nameNode: first, value, isCertain: true };
  }
  for (const pair of file.all('ArrayExpression')) {
    const [first, value] = pair.elements;
    if (pair.elements.length !== 2 || !first || !value || first.type !== 'Literal' || typeof first.value !== 'string') continue;
    if (couldBeName(first.value)) yield { name: first.value, nameNode: first, value, isCertain: false };
  }
}

/** The one text that a name can be. A variable is followed only if it is called like one that holds such a name. */
function textOf(file: FileModel, node: Node): string | undefined {
  if (node.type !== 'Literal' && node.type !== 'TemplateLiteral' && !/auth|header|session/i.test(keyOf(node) ?? '')) return undefined;
  const texts = file.values.strings(node);
  return texts.length === 1 ? texts[0] : undefined;
}

const couldBeName: (name: string) => boolean = rememberNames((name) => {
  const lower = name.toLowerCase();
  return lower === NAME || lower === SESSION_NAME || lower === WRONG_NAME || isMisspelt(lower, NAME, 2);
});

/** `X-Authorization` and `_authorization` are other names, and no slips of the pen. */
function isMisspelt(word: string, right: string, most: number): boolean {
  if (word === right || Math.abs(word.length - right.length) > most || !/^[a-z]+$/.test(word)) return false;
  return distance(word, right) <= most;
}

/** `Header` and `Reader` are words of their own. */
function isMisspeltBearer(word: string): boolean {
  return isMisspelt(word, 'bearer', word.startsWith('b') ? 2 : 1);
}

function isScheme(word: string): boolean {
  return SCHEMES.includes(word.toLowerCase()) || isMisspeltBearer(word.toLowerCase());
}

function isAmongHeaders(object: TSESTree.ObjectExpression): boolean {
  const { parent } = object;
  if (parent.type === 'Property') return HEADER_HOLDERS.test(nameOf(parent) ?? '');
  if (parent.type === 'VariableDeclarator') return HEADER_HOLDERS.test(keyOf(parent.id) ?? '');
  if (parent.type === 'AssignmentExpression') return HEADER_HOLDERS.test(keyOf(parent.left) ?? '');
  return parent.type === 'NewExpression' && /headers$/i.test(keyOf(parent.callee) ?? '');
}

// ---- what is wrong with them ----

function* faultsOf(file: FileModel, place: HeaderPlace): Iterable<HeaderFault> {
  const lower = place.name.toLowerCase();
  const isSalesforce = lower === SESSION_NAME || (addressesAround(file, place.value) ?? mentionsSalesforce(file));
  const fault = (defect: HeaderDefect, node: Node, edit?: HeaderFault['edit']): HeaderFault => ({ defect, node, isSalesforce, isCertain: place.isCertain, ...(edit && { edit }) });
  const values = file.values.of(place.value);
  if (lower === SESSION_NAME) {
    const spoilt = values.find((value) => /^\s*(?:bearer|oauth)\s/i.test(textBefore(value) ?? ''));
    if (spoilt) yield fault('schemeInSessionHeader', spoilt.node, withoutScheme(file, spoilt));
    return;
  }
  // A property of another object may be called nearly so too, or exactly so: what it is worth tells.
  const hasScheme = values.some((value) => isScheme(SCHEME.exec(textBefore(value)?.trimStart() ?? '')?.[1] ?? ''));
  if (lower === WRONG_NAME) {
    if (isSalesforce && place.isCertain && hasScheme) yield fault('wrongName', place.nameNode, renamed(place.nameNode, place.name));
    return;
  }
  if (lower !== NAME) {
    if (!hasScheme && !(place.isCertain && values.some(isToken))) return;
    yield fault('misspeltName', place.nameNode, renamed(place.nameNode, place.name));
  }
  for (const value of values) {
    const found = faultOfValue(file, value, place, isSalesforce, values);
    if (found) yield fault(found.defect, found.node ?? value.node, found.edit);
  }
}

type Found = Pick<HeaderFault, 'defect' | 'edit'> & { node?: Node };

function faultOfValue(file: FileModel, value: Value, place: HeaderPlace, isSalesforce: boolean, all: readonly Value[]): Found | undefined {
  const before = textBefore(value);
  if (before === undefined) return isSalesforce && place.isCertain ? bare(file, value) : undefined;
  const hole = value.kind === 'text' ? value.parts[1] : undefined;
  const token = typeof hole === 'object' ? hole : undefined;
  const [, word, between = ''] = BEFORE_TOKEN.exec(before) ?? [];
  if (token && isNeverSet(file, value.node)) return { defect: 'noToken' };

  // A token that starts out empty (`accessToken = ''`) leaves the fixed text alone.
  if ((token || (value.kind === 'literal' && hasHole(value.node))) && word !== undefined) {
    const scheme = word.toLowerCase();
    const isWhole = value.kind === 'text' && value.parts.length === 2;
    if (scheme === 'bearer' || scheme === 'basic' || scheme === 'oauth') {
      // With more behind the hole it may be the separator itself.
      if (between === '') return isWhole ? { defect: 'missingSpace', ...withEdit(afterScheme(file, value, word, 0)) } : undefined;
      // What stands in another piece may be encoded on its way here: `Basic ${Buffer.from(':' + key)}`.
      const isOnePiece = startOf(file, value, word + between) !== undefined;
      if (between !== ' ' && isOnePiece && STRAY.test(between) && !isWrapper(between, value)) return { defect: 'strayText', ...withEdit(afterScheme(file, value, word, between.length)) };
    } else if (/^ +$/.test(between)) {
      if (isMisspeltBearer(scheme)) return { defect: 'misspeltScheme', ...withEdit(schemeEdit(file, value, word, 'Bearer')) };
    }
    if (token && between === ' ' && scheme === 'bearer' && isUrl(token)) return { defect: 'urlForToken' };
    if (token && between === ' ' && scheme === 'basic' && isSalesforce && isToken(token)) return { defect: 'basicWithToken' };
    if (between === ' ' && scheme === 'oauth' && isSalesforce && !STREAMING.test(file.source.text)) return { defect: 'oldScheme', ...withEdit(schemeEdit(file, value, word, 'Bearer')) };
  }
  if (/^\s*bearer\s+bearer\s/i.test(before) && all.every((one) => /^\s*bearer\s+bearer\s/i.test(textBefore(one) ?? ''))) return { defect: 'doubledScheme' };
  if (value.kind === 'literal') return whole(file, value.node, before);
  return undefined;
}

/** A header that is one fixed text. */
function whole(file: FileModel, node: Node, text: string): Found | undefined {
  if (/^\s*bearer\s+(?:undefined|null)$/i.test(text)) return isWritten(file, node) ? { defect: 'noToken' } : undefined;
  if (/^\s*bearer\s+(?:https?:)?\/\//i.test(text)) return { defect: 'urlForToken' };
  const name = /^\s*(?:bearer|oauth|basic)\s*\$\{\s*([A-Za-z_$][\w$]*)[^}]*\}\s*$/i.exec(text)?.[1] ?? /^\s*(?:bearer|oauth)\s*\+\s*([A-Za-z_$][\w$]*)[\w$.]*$/i.exec(text)?.[1];
  // Tools that fill such texts in themselves do it with names of their own; a variable in scope is what the author meant.
  return name !== undefined && node.type === 'Literal' && isInScope(file, node, name) ? { defect: 'notFilledIn' } : undefined;
}

/** Does a text that reads `Bearer undefined` come from a value that nothing in the file ever sets? */
function isWritten(file: FileModel, node: Node): boolean {
  return holesOf(node).some((hole) => (hole.type === 'Literal' ? hole.value === null : isUnset(file, hole, (reference) => reference.isWrite() && !reference.init)));
}

/** `let token;`, and no assignment to it anywhere. */
function isNeverSet(file: FileModel, node: Node): boolean {
  return holesOf(node).some((hole) => hole.type === 'Identifier' && variableOf(file.source, hole) !== undefined && isUnset(file, hole, (reference) => reference.isWrite()));
}

function holesOf(node: Node): Node[] {
  return (node.type === 'TemplateLiteral' ? node.expressions : node.type === 'BinaryExpression' ? [node.right] : []).map(unwrap);
}

function isUnset(file: FileModel, hole: Node, isSet: (reference: Variable['references'][number]) => boolean): boolean {
  if (hole.type !== 'Identifier') return false;
  const variable = variableOf(file.source, hole);
  if (!variable) return hole.name === 'undefined';
  // A variable that a script shares with others can be set by them; so can one that is only declared here, and the property of a component.
  const isOwn = variable.scope.type !== 'global' && variable.defs.every((def) => (def.type as string) === 'Variable' && isPrivate(def.parent as TSESTree.VariableDeclaration));
  return isOwn && !variable.references.some(isSet);
}

function isPrivate(declaration: TSESTree.VariableDeclaration): boolean {
  return !declaration.declare && declaration.parent.type !== 'ExportNamedDeclaration';
}

function isInScope(file: FileModel, node: Node, name: string): boolean {
  for (let at: Node | undefined = node; at; at = at.parent) {
    const scope = file.source.scopeManager?.acquire(at, true);
    for (let current = scope ?? null; current; current = current.upper) if (current.set.get(name)?.defs.length) return true;
    if (scope) return false;
  }
  return false;
}

/** A token where scheme and token should be: the token of a response or of a connection, and nothing in front. */
function bare(file: FileModel, value: Value): Found | undefined {
  return isResponseToken(value) || isConnectionToken(file, value) ? { defect: 'noScheme' } : undefined;
}

function hasHole(node: Node): boolean {
  return node.type === 'BinaryExpression' || (node.type === 'TemplateLiteral' && node.expressions.length > 0);
}

/** The fixed text that a value begins with; undefined where it begins with something unknown. */
function textBefore(value: Value): string | undefined {
  if (value.kind === 'literal') return typeof value.value === 'string' ? value.value : undefined;
  const first = value.kind === 'text' ? value.parts[0] : undefined;
  return typeof first === 'string' ? first : undefined;
}

/** `Bearer "${token}"`: what opens before the token and closes behind it is a format of its own for all we know. */
function isWrapper(between: string, value: Value): boolean {
  const last = value.kind === 'text' ? value.parts.at(-1) : undefined;
  return /^ ['"]$/.test(between) && typeof last === 'string';
}

function isUrl(value: Value): boolean {
  return URL_NAME.test(calledBy(value));
}

function isToken(value: Value): boolean {
  return TOKEN_NAME.test(calledBy(value));
}

/** The name under which something of unknown worth is read; empty where it has none. */
function calledBy(value: Value): string {
  switch (value.kind) {
    case 'env':
    case 'member':
    case 'parameter':
      return value.name ?? '';
    case 'module':
    case 'global':
      return value.path.at(-1) ?? '';
    default:
      return '';
  }
}

/** `access_token` of what a token request answered; what a cache or a caller calls so may hold the scheme as well. */
function isResponseToken(value: Value): boolean {
  if (value.kind !== 'member' || value.name !== 'access_token') return false;
  for (let at: Value = value.of; ; at = at.of) {
    if (at.kind === 'result') return true;
    if (at.kind !== 'member') return false;
  }
}

/** `conn.accessToken` of jsforce, which never holds the scheme. */
function isConnectionToken(file: FileModel, value: Value): boolean {
  return value.kind === 'member' && value.name === 'accessToken' && value.of.kind === 'instance' && connectionFlavour(value.of.of, file) !== undefined;
}

// ---- edits ----

function withEdit(edit: HeaderFault['edit']): { edit?: NonNullable<HeaderFault['edit']> } {
  return edit ? { edit } : {};
}

function renamed(node: Node, name: string): HeaderFault['edit'] {
  const right = name === name.toLowerCase() ? NAME : name === name.toUpperCase() ? NAME.toUpperCase() : 'Authorization';
  if (node.type === 'Identifier' && node.name === name) return { range: node.range, text: right };
  if (node.type === 'Literal' && node.value === name) return { range: [node.range[0] + 1, node.range[1] - 1], text: right };
  return undefined;
}

/** Where the fixed text at the start of a value stands in the source: only if it stands there in one piece, as it is. */
function startOf(file: FileModel, value: Value, text: string): number | undefined {
  let node: Node = value.node;
  while (node.type === 'BinaryExpression') node = node.left as Node;
  const inside = node.range[0] + 1;
  if ((node.type !== 'Literal' && node.type !== 'TemplateLiteral') || !file.source.text.startsWith(text, inside)) return undefined;
  return inside;
}

/** Replaces what stands between scheme and token by one space. */
function afterScheme(file: FileModel, value: Value, word: string, length: number): HeaderFault['edit'] {
  const start = startOf(file, value, word);
  return start === undefined ? undefined : { range: [start + word.length, start + word.length + length], text: ' ' };
}

function schemeEdit(file: FileModel, value: Value, word: string, right: string): HeaderFault['edit'] {
  const start = startOf(file, value, word);
  return start === undefined ? undefined : { range: [start, start + word.length], text: right };
}

function withoutScheme(file: FileModel, value: Value): HeaderFault['edit'] {
  const [text] = /^(?:bearer|oauth)\s+/i.exec(textBefore(value) ?? '') ?? [];
  const start = text === undefined ? undefined : startOf(file, value, text);
  return start === undefined || text === undefined ? undefined : { range: [start, start + text.length], text: '' };
}
