/** A secret in the code: what it is, where it stands, and which texts are one. */
import type { FileModel } from '../file';
import type { Piece } from '../pieces';
import { nameOf } from '../scope';
import type { Node, Source } from '../source';
import { isPlaceholder } from '../vocabulary/placeholders';
import { isSample, type ShapeKind } from '../vocabulary/token-shapes';

export type NamedKind = 'client secret' | 'password' | 'security token' | 'access token' | 'refresh token';
export type SecretKind = ShapeKind | NamedKind;

/** A secret in the code. What it is worth stays out: its kind and length are all that a reader needs. */
export interface Secret {
  kind: SecretKind;
  /**
   * The literal, template or JSX text that it stands in, or the concatenation that puts it together. Undefined where no
   * expression can take its place: in a comment, or in pieces over several statements.
   */
  node: Node | undefined;
  /** The secret's own place: all of `node`, or the part of its text that is secret. */
  range: readonly [number, number];
  length: number;
  /** The same number for the same secret of a file, wherever it stands. */
  identity: number;
  /** Is it in base64 behind its user or client, as a Basic header has it? */
  encoded?: true;
}

/** A secret as it is found: what it is worth stays among those who look for it. */
export type Found = Omit<Secret, 'identity' | 'length'> & { value: string };

export function secretAt(file: FileModel, kind: SecretKind, { node, text }: Piece, value = text): Found {
  const range = rangeOf(file, node, text, value);
  const isWhole = range[0] === node.range[0] && range[1] === node.range[1];
  // A part of a text that is not written as it reads, and so not found in it: a read in its place would drop the rest.
  const isLost = isWhole && (text !== value || (node.type === 'TemplateLiteral' && node.expressions.length > 0));
  return { kind, node: isLost ? undefined : node, range, value };
}

/** The node that a secret stands in, wherever that is: what a marker about it is put on. */
export function placeOf(source: Source, { node, range }: Pick<Secret, 'node' | 'range'>): Node {
  return node ?? (source.getNodeByRangeIndex(range[0]) as Node | null) ?? source.ast;
}

/** Where a part of a node's text stands in the source; the whole node where it is all of it, or is not written as it reads. */
function rangeOf(file: FileModel, node: Node, text: string, value: string): readonly [number, number] {
  if (text === value && node.type === 'Literal') return node.range;
  if (node.type !== 'Literal' && node.type !== 'TemplateLiteral' && node.type !== 'JSXText') return node.range;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0 && text === value) return node.range;
  const index = file.source.text.slice(...node.range).indexOf(value);
  return index < 0 ? node.range : [node.range[0] + index, node.range[0] + index + value.length];
}

/** The name of the variable, property or field whose value a node is. */
export function nameAround(node: Node): string | undefined {
  const { parent } = node;
  if (parent?.type === 'VariableDeclarator') return parent.id.type === 'Identifier' ? parent.id.name : undefined;
  return parent?.type === 'Property' || parent?.type === 'PropertyDefinition' ? nameOf(parent) : undefined;
}

/** How names of secrets end, in lower case without separators. */
const NAME_ENDS: readonly (readonly [end: string, kind: NamedKind])[] = [
  ['clientsecret', 'client secret'],
  ['consumersecret', 'client secret'],
  ['securitytoken', 'security token'],
  ['refreshtoken', 'refresh token'],
  ['accesstoken', 'access token'],
  ['password', 'password'],
  ['passwd', 'password'],
  ['pwd', 'password'],
];

/** The last letter of all of them: most names end there. */
const LAST_LETTER = /[dnt][-_.\s]*$/i;

export function kindOfName(name: string): NamedKind | undefined {
  if (!LAST_LETTER.test(name)) return undefined;
  const plain = name.replace(/[-_.\s]/g, '').toLowerCase();
  return NAME_ENDS.find(([end]) => plain.endsWith(end))?.[1];
}

const SHORTEST = 4;

/** Could a text be such a secret, rather than what stands in its place? */
export function isSecretText(kind: NamedKind, text: string): boolean {
  if (text.length < SHORTEST || /[\s\0]/.test(text) || isPlaceholder(text) || isSample(text)) return false;
  // A path, an address, a selector or a key of translations, rather than a password.
  return kind !== 'password' || (text.length > 5 && !/^(?:\.{0,2}\/|https?:|#|\w+(?:\.[a-z]\w*)+$)/.test(text));
}

const SALESFORCE_NAME = /salesforce|sforce|sfdc|nforce|forcedotcom/i;
const SALESFORCE_PREFIX = /^(?:sf|SF)(?:[-_]|(?=[A-Z]))|_SF_/;

export function saysSalesforce(name: string | undefined): boolean {
  return name !== undefined && (SALESFORCE_NAME.test(name) || SALESFORCE_PREFIX.test(name));
}

/** What the objects, variables, calls, functions and classes around a node are called, innermost first. */
export function namesAround(node: Node): string[] {
  const names: (string | undefined)[] = [];
  for (let current: Node | undefined = node; current; current = current.parent) {
    switch (current.type) {
      case 'Property':
      case 'PropertyDefinition':
      case 'MethodDefinition':
        if (current !== node) names.push(nameOf(current));
        break;
      case 'VariableDeclarator':
        if (current.id.type === 'Identifier') names.push(current.id.name);
        break;
      case 'AssignmentExpression':
        names.push(...namesIn(current.left));
        break;
      case 'CallExpression':
      case 'NewExpression':
        names.push(...namesIn(current.callee));
        // `Object.assign(salesforce, { … })`
        if (current.callee.type === 'MemberExpression' && nameOf(current.callee) === 'assign' && current.arguments[0]) names.push(...namesIn(current.arguments[0]));
        break;
      case 'JSXOpeningElement':
        if (current.name.type === 'JSXIdentifier') names.push(current.name.name);
        break;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        names.push(current.id?.name);
        break;
    }
  }
  return names.filter((name) => name !== undefined);
}

/** `config`, `salesforce` and `password` of `config.salesforce.password`. */
function namesIn(target: Node): (string | undefined)[] {
  const names: (string | undefined)[] = [];
  let current = target;
  for (; current.type === 'MemberExpression'; current = current.object) names.unshift(nameOf(current));
  return current.type === 'Identifier' ? [current.name, ...names] : names;
}
