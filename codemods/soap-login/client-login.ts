/** The call by which a client logs itself in: which arguments hold the credentials, and what else served only them. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel, Login } from '../../analysis';
import { nameOf, propertyOf, variableOf } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { textOf } from '../../edits';

/** What to rewrite. */
export interface ClientLogin {
  call: TSESTree.CallExpression;
  client: TSESTree.Expression;
  /** How many arguments from the first on are the credentials. The others stay. */
  credentials: number;
  /** Who logs in, as text that says so at the call; undefined where the credentials say so themselves, once they hold no password. */
  username: string | undefined;
  /** An object to take the password out of: the credentials, or what the client was made with. */
  holder?: TSESTree.ObjectExpression;
  /** Nodes that nothing reads any more. */
  unread: Node[];
}

/** What `authenticate()` and `login()` read of their options. */
export const SECRETS: readonly string[] = ['password', 'securityToken'];
const KNOWN = new Set(['username', ...SECRETS]);

/** Undefined where the arguments are not the plain ones. */
export function clientLogin(file: FileModel, login: Login): ClientLogin | undefined {
  const { call, connection: client, username, password } = login;
  if (!call || !client || !username || !password || call.arguments.some((argument) => argument.type === 'SpreadElement')) return undefined;
  const [first] = call.arguments;
  const base = { call, client };
  if (!takesObject(login)) {
    if (call.arguments.length > 3 || call.arguments.length < 2) return undefined;
    return { ...base, credentials: 2, username: argumentText(file, first!), unread: [password, username] };
  }
  if (!first || (call.arguments.length === 1 && isCallback(file, first))) {
    const holder = file.values.of(client).map((value) => (value.kind === 'result' ? value.call.arguments[0] : undefined)).find((node) => node?.type === 'ObjectExpression');
    return { ...base, credentials: 0, username: `${argumentText(file, client)}.username`, unread: [], ...(holder && withoutPassword(holder)) };
  }
  const [value, ...others] = file.values.of(first);
  if (call.arguments.length > 2 || others.length > 0 || value?.kind !== 'object') return undefined;
  const { node: object } = value;
  if (!propertyOf(object, 'username') || !propertyOf(object, 'password') || !onlyCredentials(object)) return undefined;
  if (first === object || isReadOnce(file, first)) return { ...base, credentials: 1, username: undefined, ...withoutPassword(object) };
  // Options that the program reads elsewhere too say at the call who they are for.
  return first.type === 'Identifier' ? { ...base, credentials: 1, username: `${first.name}.username`, unread: [] } : undefined;
}

function withoutPassword(holder: TSESTree.ObjectExpression): Pick<ClientLogin, 'holder' | 'unread'> {
  return { holder, unread: [holder] };
}

/** Is a variable read in one place only? */
export function isReadOnce(file: FileModel, node: Node): boolean {
  const references = node.type === 'Identifier' ? variableOf(file.source, node)?.references : undefined;
  return references?.filter((reference) => reference.isRead()).length === 1;
}

/** nforce and the soap package take `{ username, password }`. */
function takesObject({ library }: Login): boolean {
  return library === 'nforce' || library === 'node-soap';
}

function isCallback(file: FileModel, node: Node): boolean {
  return file.values.of(node).every((value) => value.kind === 'function' || (value.kind === 'parameter' && /^(?:cb|callback|done|next)$/i.test(value.name)));
}

function onlyCredentials(object: TSESTree.ObjectExpression): boolean {
  return object.properties.every((property) => property.type === 'Property' && KNOWN.has(nameOf(property) ?? ''));
}

/** An expression's text as it may stand in an argument list. */
export function argumentText(file: FileModel, node: Node): string {
  const text = textOf(file.source, node);
  return node.type === 'SequenceExpression' ? `(${text})` : text;
}

/** `{ username }` where the value has that very name. */
export function shorthand(name: string, value: string): string {
  return name === value ? name : `${name}: ${value}`;
}
