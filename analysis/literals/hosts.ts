/** Hosts of one org written into the code, and what they are used for. */
import type { TSESTree } from '@typescript-eslint/utils';
import { type FileModel, modelOf } from '../file';
import { concernsUs } from '../relevance';
import { nameOf, unwrap, variableOf } from '../scope';
import type { Node, Source } from '../source';
import { isTest } from '../tests';
import { hostKind, type HostKind } from '../vocabulary/hosts';
import { LOGIN_ELEMENT } from '../vocabulary/soap';

export interface InstanceHost {
  host: HostKind;
  /** What its address is for: requests to the API, or (reported by nobody unless it is a Lightning host) logins. */
  use: 'api' | 'login';
  /** The literal. */
  node: TSESTree.Literal | TSESTree.TemplateLiteral;
}

const COULD_HOLD = /(?:salesforce|cloudforce|\.force)\.com/i;
const ADDRESS = /^\s*(?:https?:)?\/\/([^/?#:\s\0]+)(?::\d+)?(?=[/?#\s\0]|$)([^\0]*)/i;
const API_PATH = /^\/services\/(?!oauth2\b|auth\b)\w/;
const LOGIN_PATH = /^\/(?:services\/(?:oauth2|auth)\b|\.well-known\/|id\/)/;
const SOAP_PATH = /^\/services\/Soap\/[uc]\//i;

/** Names of what requests are sent to, with their case and their underscores taken away. */
const API_NAMES = new Set([
  'instanceurl', 'instance', 'baseurl', 'apiurl', 'apibase', 'apibaseurl', 'apihost', 'baseuri', 'rooturl', 'resturl', 'restendpoint', 'apiendpoint', 'serverurl',
  'serviceurl', 'endpoint', 'endpointurl', 'proxyurl', 'sfinstanceurl', 'salesforceinstanceurl', 'sfdcinstanceurl', 'sfbaseurl', 'salesforcebaseurl', 'sfapiurl',
  'salesforceapiurl', 'instancehost', 'sfinstance', 'salesforceinstance', 'salesforceapibase', 'graphqlurl', 'graphqlendpoint',
]);
const LOGIN_NAMES = /login|auth|token|audience|^aud$|^iss(?:uer)?$|mydomain/;
const HOST_NAMES = new Set(['host', 'hostname']);
const LOOKS_FOR = new Set(['includes', 'indexOf', 'startsWith', 'endsWith', 'replace', 'replaceAll', 'split', 'match', 'test']);

const known = new WeakMap<FileModel, readonly InstanceHost[]>();

/** Every literal host of one org that a file sends API requests to, and every Lightning host that it logs in at. */
export function instanceHostsIn(source: Source): readonly InstanceHost[] {
  if (!COULD_HOLD.test(source.text) || !concernsUs(source.text)) return [];
  const file = modelOf(source);
  let found = known.get(file);
  // The hosts in tests are fixtures.
  if (!found) known.set(file, (found = isTest(file) ? [] : [...hosts(file)].sort((a, b) => a.node.range[0] - b.node.range[0])));
  return found;
}

function* hosts(file: FileModel): Iterable<InstanceHost> {
  for (const node of [...file.all('Literal'), ...file.all('TemplateLiteral')]) {
    const text = node.type === 'Literal' ? node.value : node.quasis.map((quasi) => quasi.value.cooked ?? '').join('\0');
    if (typeof text !== 'string' || !COULD_HOLD.test(text) || isLookedFor(node)) continue;
    const [, name, path = ''] = ADDRESS.exec(text) ?? [];
    const use = name === undefined ? useAsHost(file, node, text) : useOf(file, node, path);
    const host = use && hostKind(name ?? text);
    // A My Domain is the right place to log in at.
    if (host && (use === 'api' || host === 'lightning')) yield { host, use, node };
  }
}

/** What an address is for, by its path; where it has none, by what is put behind it and by its name. */
function useOf(file: FileModel, node: Node, path: string): InstanceHost['use'] | undefined {
  if (LOGIN_PATH.test(path) || (SOAP_PATH.test(path) && LOGIN_ELEMENT.test(file.source.text))) return 'login';
  if (API_PATH.test(path)) return 'api';
  if (path.length > 1) return undefined;
  const holder = holderOf(node);
  const paths = pathsBehind(file, node, holder);
  if (paths.some((one) => API_PATH.test(one))) return 'api';
  if (paths.some((one) => LOGIN_PATH.test(one))) return 'login';
  const key = plain(holder && nameOfHolder(holder));
  if (LOGIN_NAMES.test(key)) return 'login';
  return API_NAMES.has(key) ? 'api' : undefined;
}

/** `{ hostname: 'na1.salesforce.com', path }` of an https request; `https://${host}/services/data`. */
function useAsHost(file: FileModel, node: Node, text: string): InstanceHost['use'] | undefined {
  if (!/^[\w.-]+$/.test(text)) return undefined;
  const holder = holderOf(node);
  if (pathsBehind(file, node, holder).some((path) => API_PATH.test(path))) return 'api';
  if (holder?.type !== 'Property' || !HOST_NAMES.has(nameOf(holder) ?? '') || holder.parent.type !== 'ObjectExpression') return undefined;
  const paths = (file.values.property(holder.parent, 'path') ?? []).flatMap((value) => file.values.strings(value.node));
  if (paths.some((path) => LOGIN_PATH.test(path))) return 'login';
  return file.values.property(holder.parent, 'path') ? 'api' : undefined;
}

/** The variable, field, property or parameter that a literal ends up in, through defaults and choices. */
function holderOf(node: Node): Node | undefined {
  let current = node;
  for (let { parent } = current; parent; { parent } = current) {
    const isChoice = parent.type === 'LogicalExpression' || (parent.type === 'ConditionalExpression' && parent.test !== current);
    if (!isChoice && unwrap(parent) === parent) return ['VariableDeclarator', 'Property', 'PropertyDefinition', 'AssignmentExpression', 'AssignmentPattern'].includes(parent.type) ? parent : undefined;
    current = parent;
  }
  return undefined;
}

function nameOfHolder(holder: Node): string | undefined {
  const target = holder.type === 'VariableDeclarator' ? holder.id : holder.type === 'AssignmentExpression' || holder.type === 'AssignmentPattern' ? holder.left : holder;
  return target.type === 'Identifier' ? target.name : nameOf(target);
}

/** `SF_BASE_URL` and `sfBaseUrl` are one name. */
function plain(name: string | undefined): string {
  return (name ?? '').replaceAll('_', '').toLowerCase();
}

/** The paths that the file puts behind an address: behind the literal itself, or behind whatever holds it. */
function pathsBehind(file: FileModel, node: Node, holder: Node | undefined): string[] {
  const uses = [node, ...(holder ? readsOf(file, holder) : [])];
  return uses.flatMap((use) => {
    const text = textAround(use);
    if (text === use) return pathBeside(use);
    return file.values.strings(text).flatMap((one) => ADDRESS.exec(one)?.[2] ?? one.match(/\/services\/[^\s\0]*/)?.[0] ?? []);
  });
}

/** The path of `new URL(path, base)`. */
function pathBeside(base: Node): string[] {
  const { parent } = base;
  if (parent?.type !== 'NewExpression' || parent.callee.type !== 'Identifier' || parent.callee.name !== 'URL' || parent.arguments[1] !== base) return [];
  const [path] = parent.arguments;
  if (path?.type === 'TemplateLiteral') return [path.quasis[0]!.value.raw];
  return path?.type === 'Literal' && typeof path.value === 'string' ? [path.value] : [];
}

function readsOf(file: FileModel, holder: Node): readonly Node[] {
  const target = holder.type === 'VariableDeclarator' ? holder.id : holder.type === 'AssignmentExpression' || holder.type === 'AssignmentPattern' ? holder.left : undefined;
  if (target?.type === 'Identifier') {
    return (variableOf(file.source, target)?.references ?? []).filter((one) => one.isRead()).map((one) => one.identifier as Node);
  }
  const name = nameOfHolder(holder);
  return name === undefined ? [] : file.members.named(name);
}

/** The concatenation or template that a piece of text is part of. */
function textAround(node: Node): Node {
  let current = node;
  for (let { parent } = current; parent; { parent } = current) {
    const isPart = (parent.type === 'BinaryExpression' && parent.operator === '+') || parent.type === 'TemplateLiteral' || parent.type === 'LogicalExpression';
    if (!isPart) break;
    current = parent;
  }
  return current;
}

/** Is a text compared with another, searched for, or cut off? Then nothing is sent to it. */
function isLookedFor(node: Node): boolean {
  const { parent } = node;
  if (parent?.type === 'BinaryExpression') return parent.operator !== '+';
  if (parent?.type === 'SwitchCase' || parent?.type === 'ImportDeclaration') return true;
  return parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression' && LOOKS_FOR.has(nameOf(parent.callee) ?? '');
}
