/** The OAuth username-password flow by hand: `grant_type=password` in a body, form or URL, whatever the HTTP client. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { addressesAround, mentionsSalesforce } from '../salesforce';
import { nameOf } from '../scope';
import type { Node } from '../source';
import type { Client } from './client';

const GRANT_NAME = /^grant_?type$/i;
/** What a program asks the token endpoint for, as a value of its own and in the middle of a text. */
interface Grants {
  value: RegExp;
  /** A form body, a query or a shell command; not the words in the middle of a sentence. */
  inText: RegExp;
}

const PASSWORD = grants('password');
const JWT_BEARER = 'urn(?::|%3[Aa])ietf(?::|%3[Aa])params(?::|%3[Aa])oauth(?::|%3[Aa])grant-type(?::|%3[Aa])jwt-bearer';
const UNATTENDED = grants(`client_credentials|${JWT_BEARER}`);
const ANY = grants(`password|client_credentials|refresh_token|authorization_code|${JWT_BEARER}`);

function grants(names: string): Grants {
  return { value: new RegExp(`^(?:${names})$`), inText: new RegExp(`(?:^|[?&"'])\\s*grant_type=(?:${names})(?=\\s*(?:$|[&"']))|\\bgrant_type=(?:${names})&`) };
}
/** Calls that look for a text in another. */
const LOOKS_FOR = new Set(['includes', 'indexOf', 'startsWith', 'endsWith']);

export const passwordGrant: Client = {
  name: 'OAuth token request',
  *logins(file) {
    if (!/grant_?type/i.test(file.source.text)) return;
    for (const { node, around } of choices(file, PASSWORD)) {
      if (!isSalesforce(file, around)) continue;
      yield { kind: 'password-grant', library: 'an OAuth token request', node, confidence: 'proof', ...credentials(around) };
    }
  },
};

/** The places that choose a grant for programs without a user, JWT bearer or client credentials, in a token request to Salesforce. */
export function unattendedGrantsIn(file: FileModel): Node[] {
  if (!/grant_?type/i.test(file.source.text)) return [];
  return [...choices(file, UNATTENDED)].filter(({ around }) => isSalesforce(file, around)).map(({ node }) => node);
}

/** The places that choose any grant in a token request to Salesforce. */
export function grantChoicesIn(file: FileModel): Choice[] {
  if (!/grant_?type/i.test(file.source.text)) return [];
  return [...choices(file, ANY)].filter(({ around }) => isSalesforce(file, around));
}

export interface Choice {
  /** The property, call, assignment, pair or text that names the grant. */
  node: Node;
  /** What holds the whole request's fields. */
  around: Node;
}

function* choices(file: FileModel, { value: grant, inText }: Grants): Iterable<Choice> {
  const isGrantName = (name: string) => GRANT_NAME.test(name);
  for (const property of file.properties.where(isGrantName)) {
    if (property.parent.type !== 'ObjectExpression') continue;
    if (file.values.strings(property.value).some((text) => grant.test(text))) yield { node: property, around: property.parent };
  }
  for (const call of file.methodCalls.named('append', 'set', 'field')) {
    const [name, value] = call.arguments;
    if (!name || !value) continue;
    if (file.values.strings(name).some((text) => GRANT_NAME.test(text)) && file.values.strings(value).some((text) => grant.test(text))) yield { node: call, around: call };
  }
  for (const assignment of file.memberWrites.where(isGrantName)) {
    if (file.values.strings(assignment.right).some((text) => grant.test(text))) yield { node: assignment, around: assignment };
  }
  for (const pair of file.all('ArrayExpression')) {
    const [name, value] = pair.elements;
    if (pair.elements.length !== 2 || !name || !value || pair.parent.type !== 'ArrayExpression') continue;
    if (file.values.strings(name).some((text) => GRANT_NAME.test(text)) && file.values.strings(value).some((text) => grant.test(text))) yield { node: pair, around: pair };
  }
  yield* choicesInText(file, inText);
}

/** The smallest piece of text that makes the choice: a literal, a template, or the concatenation that they add up to. */
function* choicesInText(file: FileModel, inText: RegExp): Iterable<Choice> {
  const wholes = new Map<Node, boolean>();
  for (const piece of [...file.all('Literal'), ...file.all('TemplateLiteral')]) {
    const texts = piece.type === 'Literal' ? [piece.value] : piece.quasis.map((quasi) => quasi.value.raw);
    if (!texts.some((text) => typeof text === 'string' && text.includes('grant_type='))) continue;
    const whole = concatenationAround(piece);
    const alone = texts.some((text) => typeof text === 'string' && inText.test(text));
    if (alone && !isLookedFor(piece)) yield { node: piece, around: piece };
    wholes.set(whole, alone || (wholes.get(whole) ?? false));
  }
  for (const [whole, found] of wholes) {
    if (!found && !isLookedFor(whole) && file.values.strings(whole).some((text) => inText.test(text))) yield { node: whole, around: whole };
  }
}

function concatenationAround(node: Node): Node {
  let current = node;
  while (current.parent?.type === 'BinaryExpression' && current.parent.operator === '+') current = current.parent;
  return current;
}

/** Is a text compared with another, or searched for in one? Then nothing is sent. */
function isLookedFor(node: Node): boolean {
  const { parent } = node;
  if (parent?.type === 'BinaryExpression') return parent.operator !== '+';
  if (parent?.type === 'SwitchCase') return true;
  return parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression' && LOOKS_FOR.has(nameOf(parent.callee) ?? '');
}

/** The request's own address decides; without one in sight, a file that is about Salesforce does. */
function isSalesforce(file: FileModel, node: Node): boolean {
  return addressesAround(file, node) ?? mentionsSalesforce(file);
}

function credentials(around: Node): { username?: Node; password?: Node } {
  if (around.type !== 'ObjectExpression') return {};
  const field = (name: string) => around.properties.find((one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === name)?.value;
  const username = field('username');
  const password = field('password');
  return { ...(username && { username }), ...(password && { password }) };
}
