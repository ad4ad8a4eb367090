/** A token request that the program sends itself: the fields of the password grant, wherever they are put together, and its URL. */
import type { TSESTree } from '@typescript-eslint/utils';
import { requestsIn, type FileModel, type HttpCall, type Login } from '../../analysis';
import { receivers } from '../../analysis/flow';
import { isSamePlace } from '../../analysis/objects';
import { contains, functionAround, nameOf, unwrap, variableOf } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { detectStyle, readFromEnvironment, removeProperties, removeStatement, replaceNode, textOf, type Edit } from '../../edits';
import { argumentText, shorthand } from './client-login';
import { expressionOf, formText, nameOfCallee, rewriteText, type FormText } from './token-request-text';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const GENERIC_HOST = /^https:\/\/(?:login|test)\.salesforce\.com(?=\/)/;

/** One field: its name as written, its value, and the property or the statement that sets it. */
interface Field {
  name: Node;
  value: Node;
  setBy: Node;
}

export interface TokenRequest {
  /** The fields where each is set by itself. */
  fields: ReadonlyMap<string, Field>;
  /** The text, where they stand in one. */
  form?: FormText;
  username: Node;
  password: Node;
  url: Node;
  /** Each request puts its fields together anew. An assertion is good for three minutes, a password was for years. */
  isMadeEachTime: boolean;
}

/** Undefined where the fields are not all plain to see, or the request that sends them is not. */
export function tokenRequest(file: FileModel, login: Login): TokenRequest | undefined {
  if (login.node.type !== 'Property' && !isPut(login.node)) return textRequest(file, login.node);
  const found = fieldsAround(file, login.node);
  const username = found?.fields.get('username')?.value;
  const password = found?.fields.get('password')?.value;
  const request = found && requestOf(file, found.body, login.node);
  if (!username || !password || !request?.url) return undefined;
  return { fields: found.fields, username, password, url: request.url, isMadeEachTime: isMadeFor(request.call, login.node) };
}

/** The same for fields in one text. The user has to be an expression: what a text spells out is no name of a variable. */
function textRequest(file: FileModel, node: Node): TokenRequest | undefined {
  const form = formText(file, node);
  const username = expressionOf(form?.fields.get('username'));
  const password = form?.fields.get('password')?.find((item) => typeof item !== 'string');
  const isAddress = form?.before.some((item) => typeof item === 'string' && item.includes('/services/oauth2/token'));
  const request = form && requestOf(file, form.node, node);
  const url = isAddress ? form?.node : request?.url;
  return form && username && password && request && url ? { fields: new Map(), form, username, password, url, isMadeEachTime: isMadeFor(request.call, node) } : undefined;
}

/** The fields that are set where `grant_type` is: in the same object, or one after the other on the same form. */
function fieldsAround(file: FileModel, node: Node): { fields: Map<string, Field>; body: Node } | undefined {
  const fields = new Map<string, Field>();
  const object = node.type === 'Property' ? node.parent : undefined;
  if (object?.type === 'ObjectExpression') {
    for (const property of object.properties) {
      const name = property.type === 'Property' && !property.computed ? nameOf(property) : undefined;
      if (name === undefined || fields.has(name)) return undefined;
      const { key, value } = property as TSESTree.Property;
      fields.set(name, { name: key, value, setBy: property });
    }
    return { fields, body: object };
  }
  const form = isPut(node) ? variableBehind(file, node.callee.object) : undefined;
  if (!isPut(node) || !form) return undefined;
  for (const call of file.all('CallExpression')) {
    if (!isPut(call) || !isSamePlace(file, call.callee.object, node.callee.object)) continue;
    const [name, value] = call.arguments;
    const key = name?.type === 'Literal' ? String(name.value) : undefined;
    if (!name || !value || key === undefined || fields.has(key) || call.arguments.length > 2 || call.parent.type !== 'ExpressionStatement') return undefined;
    fields.set(key, { name, value, setBy: call.parent });
  }
  return { fields, body: form };
}

type Put = TSESTree.CallExpression & { callee: TSESTree.MemberExpression };

/** `params.append(name, value)` */
function isPut(node: Node): node is Put {
  return node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && ['append', 'set'].includes(nameOf(node.callee) ?? '');
}

/** What a variable that is given a value once is given. */
function variableBehind(file: FileModel, node: Node): Node | undefined {
  const variable = node.type === 'Identifier' ? variableOf(file.source, node) : undefined;
  const declarator = variable?.defs.length === 1 ? (variable.defs[0]!.node as Node) : undefined;
  const isWrittenOnce = variable?.references.every((reference) => reference.init || !reference.isWrite());
  return isWrittenOnce && declarator?.type === 'VariableDeclarator' ? (declarator.init ?? undefined) : undefined;
}

/** Are the fields put together in the function that sends them? What a promise is made with runs along with the function around it. */
function isMadeFor(call: Node, fields: Node): boolean {
  let fn = functionAround(call);
  while (fn?.parent.type === 'NewExpression' && nameOfCallee(fn.parent.callee) === 'Promise') fn = functionAround(fn);
  return fn === undefined || contains(fn, fields);
}

/** The one request that sends the fields; else the one token request of the same function. */
function requestOf(file: FileModel, body: Node, at: Node): HttpCall | undefined {
  const requests = requestsIn(file.source).filter((request) => request.role === 'request' && request.url && !request.through);
  const calls = receivers(file, body);
  const sending = requests.filter(({ call }) => call.type === 'CallExpression' && calls.includes(call));
  if (sending.length > 0) return sending.length === 1 ? sending[0] : undefined;
  const near = requests.filter(({ call, url }) => functionAround(call) === functionAround(at) && /\/services\/oauth2\/token/.test(textOf(file.source, url!)));
  return near.length === 1 ? near[0] : undefined;
}

// ---- the edits ----

/** What goes with each grant. */
export const DROPPED = { 'jwt-bearer': ['password', 'client_id', 'client_secret'], 'client-credentials': ['username', 'password'] } as const;

/** The request with JWT bearer for the same user: the assertion names and proves the app. `assertion` is the local name of the runtime's function. */
export function toJwtBearer(file: FileModel, request: TokenRequest, assertion: string): Edit[] {
  const { source } = file;
  const { fields, username } = request;
  const url = myDomain(file, request.url);
  // The server wants its own name in the assertion: that of the environment, or the one that the request goes to.
  const loginUrl = url ? undefined : loginUrlText(file, request.url, username);
  const user = argumentText(file, username);
  const options = [shorthand('username', user), ...(loginUrl ? [shorthand('loginUrl', loginUrl)] : [])];
  const value = `${assertion}({ ${options.join(', ')} })`;
  if (request.form) {
    const others = keptFields(file, request.form, [...DROPPED['jwt-bearer'], 'username']);
    return textEdits(file, request, [['grant_type', encodeURIComponent(JWT_BEARER)], ['assertion', '', value], ...others]);
  }
  const { name, setBy } = fields.get('username')!;
  const quote = name.type === 'Literal' ? name.raw[0]! : '';
  const key = `${quote}assertion${quote}`;
  const put: Edit[] =
    setBy.type === 'Property' ? [{ range: [...setBy.range], text: `${key}: ${value}` }] : [replaceNode(source, name, key), replaceNode(source, username, value)];
  return [grantEdit(file, fields, JWT_BEARER), ...put, ...without(file, fields, DROPPED['jwt-bearer']), ...(url ?? [])];
}

/** The values that only the password grant had a use for. */
export function unreadFields({ fields, form }: TokenRequest, names: readonly string[]): Node[] {
  if (form) return names.flatMap((name) => form.fields.get(name) ?? []).filter((item) => typeof item !== 'string');
  return names.flatMap((name) => (fields.has(name) ? [fields.get(name)!.value] : []));
}

/** The request with client credentials, which names the app and nobody else. */
export function toClientCredentials(file: FileModel, request: TokenRequest): Edit[] {
  const { fields, url, form } = request;
  if (form) return textEdits(file, request, [['grant_type', 'client_credentials'], ...keptFields(file, form, DROPPED['client-credentials'])]);
  return [grantEdit(file, fields, 'client_credentials'), ...without(file, fields, DROPPED['client-credentials']), ...(myDomain(file, url) ?? [])];
}

type TextField = readonly [name: string, text: string, code?: string];

/** The other fields as they are. */
function keptFields(file: FileModel, { fields }: FormText, dropped: readonly string[]): TextField[] {
  return [...fields].flatMap(([name, items]): TextField[] => {
    if (name === 'grant_type' || dropped.includes(name)) return [];
    const [text, code] = typeof items[0] === 'string' ? [items[0], items[1]] : ['', items[0]];
    return [code && typeof code !== 'string' ? [name, text, textOf(file.source, code, { parentheses: true })] : [name, text]];
  });
}

function textEdits(file: FileModel, { form, url }: TokenRequest, fields: readonly TextField[]): Edit[] {
  const text = form!.before[0];
  const host = typeof text === 'string' && !namesBothHosts(file) ? GENERIC_HOST.exec(text)?.[0] : undefined;
  const other = url === form!.node ? [] : (myDomain(file, url) ?? []);
  return [rewriteText(file, form!, fields, host ? { text: host, code: 'process.env.SALESFORCE_LOGIN_URL' } : undefined), ...other];
}

function grantEdit(file: FileModel, fields: TokenRequest['fields'], grant: string): Edit {
  const { quote } = detectStyle(file.source);
  const { value } = [...fields].find(([name]) => /^grant_?type$/i.test(name))![1];
  const written = value.type === 'Literal' ? value.raw[0]! : quote;
  return replaceNode(file.source, value, `${written}${grant}${written}`);
}

function without(file: FileModel, fields: TokenRequest['fields'], names: readonly string[]): Edit[] {
  const [first] = fields.values();
  const object = first?.setBy.parent;
  if (object?.type === 'ObjectExpression') return removeProperties(file.source, object, names);
  return names.flatMap((name) => (fields.has(name) ? [removeStatement(file.source, fields.get(name)!.setBy)] : []));
}

/** External Client Apps are found at the org's own host only. https://github.com/n8n-io/n8n/issues/28990 */
function myDomain(file: FileModel, url: Node): Edit[] | undefined {
  const literal = addressLiteral(file, unwrap(url));
  const text = literal && textOf(file.source, literal).slice(1);
  const host = text && GENERIC_HOST.exec(text)?.[0];
  if (!literal || !host) return undefined;
  if (namesBothHosts(file)) return undefined;
  const start = literal.range[0] + 1;
  return readFromEnvironment(file.source, literal, [{ range: [start, start + host.length], name: 'SALESFORCE_LOGIN_URL' }]);
}

/** A file that logs in to production and to a sandbox says itself which is which. */
export function namesBothHosts({ source: { text } }: FileModel): boolean {
  return text.includes('//login.salesforce.com') && text.includes('//test.salesforce.com');
}

/** The text of the address itself, or of the constant of the file that holds it and nothing else. */
function addressLiteral(file: FileModel, url: Node): Node | undefined {
  if (url.type === 'Literal' || url.type === 'TemplateLiteral') return url;
  if (url.type === 'BinaryExpression') return addressLiteral(file, url.left);
  const [value, ...others] = file.values.of(url);
  return others.length === 0 && value?.kind === 'literal' && /\/services\/oauth2\/token/.test(String(value.value)) ? value.node : undefined;
}

/** An expression for where the request goes that can be read where the user is. */
function loginUrlText(file: FileModel, url: Node, at: Node): string | undefined {
  const literal = addressLiteral(file, unwrap(url));
  const host = literal && GENERIC_HOST.exec(textOf(file.source, literal).slice(1))?.[0];
  const { quote } = detectStyle(file.source);
  if (host) return quote + host + quote;
  let inner = unwrap(url);
  while (inner.type === 'BinaryExpression') inner = unwrap(inner.left);
  if (inner.type === 'TemplateLiteral' && inner.quasis[0]!.value.raw === '' && inner.expressions[0]) inner = unwrap(inner.expressions[0]);
  let root = inner;
  while (root.type === 'MemberExpression' && !root.computed) root = root.object;
  if (root.type === 'ThisExpression') return functionAround(inner) === functionAround(at) ? textOf(file.source, inner) : undefined;
  if (root.type !== 'Identifier') return undefined;
  const variable = variableOf(file.source, root);
  const isVisible = !variable || (variable.defs.every(({ name }) => name.range[0] < at.range[0]) && contains(variable.scope.block, at));
  return isVisible ? textOf(file.source, inner) : undefined;
}
