/** Evidence that a file, an address or a connection is Salesforce's, for the places that no import proves. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from './file';
import { headersSent } from './headers';
import { entriesOf } from './objects';
import { positionsOfNodes, type Positions } from './positions';
import { functionAround, functionName, isClass, nameOf, ownerOfThis, variableOf } from './scope';
import type { HttpCall } from './shapes';
import type { Node } from './source';
import { isLocalModule, jsforceFlavour } from './vocabulary/libraries';
import { tokensIn } from './vocabulary/token-shapes';

/** Salesforce's own hosts and paths. */
const ADDRESS = /(?:salesforce|force|cloudforce|database)\.com|\/services\/(?:oauth2|soap|data|async|apexrest)\//i;
const MENTION = /salesforce|jsforce|\bnforce|\bforcetk|\bsfd[cx]|force\.com|forcedotcom|(?:\b|_)sf_|sforce|\b(?:3MVG9|M01WRzl)/i;

/** Does the file name Salesforce at all, in code or in words, or hold the client id of an app of its (as it is, or in base64)? */
export function mentionsSalesforce(file: FileModel): boolean {
  let isMentioned = mentions.get(file);
  if (isMentioned === undefined) mentions.set(file, (isMentioned = MENTION.test(file.source.text)));
  return isMentioned;
}

const mentions = new WeakMap<FileModel, boolean>();

/** Names that stand for Salesforce in code, where a word in a comment is not enough. */
const NAME = /salesforce|jsforce|sforce|forcetk|sfdc|force\.com|services\/(?:data|oauth2|soap|apexrest)\b|^[`'"]?sf(?:host|_)/i;

/** Does the code itself name Salesforce, in a name, a text or a pattern? Comments do not count. */
export function namesSalesforceInCode(file: FileModel): boolean {
  return file.source.ast.tokens?.some((token) => NAME.test(token.value.replaceAll('\\', ''))) ?? false;
}

export function isSalesforceAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** Members that jsforce connections have and other things called `conn` do not. */
const CONNECTION_MEMBERS = [
  'sobject', 'query', 'queryMore', 'queryAll', 'describeGlobal', 'describe', 'identity', 'streaming', 'bulk', 'bulk2', 'apex',
  'metadata', 'tooling', 'chatter', 'accessToken', 'instanceUrl', 'soap', 'analytics', 'requestPost', 'requestGet', 'userInfo', 'limits',
];
const CONNECTION_NAME = /conn(?:ection)?$|^(?:_?conn|sf|sfdc|salesforce|jsforce|force)|(?:salesforce|sfdc|force)(?:client|org)?$|^org$/i;
const USER_WORD = /user|usr|login|email|account/i;
const PASSWORD_WORD = /pass|pwd|pw\b|secret|token/i;

/** Does a call pass what `login(username, password)` takes, by the words in its arguments? */
export function looksLikeCredentials(file: FileModel, call: TSESTree.CallExpression): boolean {
  const [user, password] = call.arguments;
  if (!user || !password || call.arguments.length > 3) return false;
  if ([user, password].some((argument) => argument.type === 'ObjectExpression' || argument.type.includes('Function'))) return false;
  const text = (node: Node) => file.source.getText(node);
  return PASSWORD_WORD.test(text(password)) && (USER_WORD.test(text(user)) || !PASSWORD_WORD.test(text(user)));
}

/** Is an object of unknown origin used as a jsforce connection is, elsewhere in the file? */
export function usedAsConnection(file: FileModel, receiver: Node): boolean {
  const key = keyOf(receiver);
  if (key === undefined) return false;
  const variable = receiver.type === 'Identifier' ? variableOf(file.source, receiver) : undefined;
  return file.members.named(...CONNECTION_MEMBERS).some(({ object }) => keyOf(object) === key && (!variable || (object.type === 'Identifier' && variableOf(file.source, object) === variable)));
}

/** The last word of what an object is called: `conn` of `this.salesforce.conn`. */
export function keyOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return nameOf(node);
  if (node.type === 'TSNonNullExpression' || node.type === 'TSAsExpression' || node.type === 'ChainExpression') return keyOf(node.expression);
  return undefined;
}

/**
 * Could an object of unknown origin be a jsforce connection? True where the file has Salesforce in it, the object is
 * named or used like one, and nothing says that it is something else's.
 */
export function couldBeConnection(file: FileModel, receiver: Node): boolean {
  const key = keyOf(receiver);
  if (key === undefined || !mentionsSalesforce(file)) return false;
  if (usedAsConnection(file, receiver)) return true;
  const importsJsforce = [...file.modules].some((module) => jsforceFlavour(module));
  const fromOwnFile = file.values.of(receiver).some((value) => {
    const origin = value.kind === 'instance' || value.kind === 'result' ? value.of : value;
    return origin.kind === 'module' && isLocalModule(origin.module);
  });
  return CONNECTION_NAME.test(key) && (importsJsforce || fromOwnFile || /salesforce|sfdc|jsforce|^sf/i.test(key));
}

/** Do the literal addresses around a node say Salesforce, or somebody else? Undefined where there are none. */
export function addressesAround(file: FileModel, node: Node): boolean | undefined {
  let places = addressPlaces.get(file);
  if (!places) addressPlaces.set(file, (places = placesOfAddresses(file)));
  const around = functionAround(node) ?? file.source.ast;
  if (places.ours.isAnyIn(around)) return true;
  return places.foreign.isAnyIn(around) ? false : undefined;
}

const addressPlaces = new WeakMap<FileModel, { ours: Positions; foreign: Positions }>();

function placesOfAddresses(file: FileModel): { ours: Positions; foreign: Positions } {
  const ours: Node[] = [];
  const foreign: Node[] = [];
  for (const literal of [...file.all('Literal'), ...file.all('TemplateElement')]) {
    const text = literal.type === 'Literal' ? literal.value : literal.value.raw;
    if (typeof text !== 'string') continue;
    if (isSalesforceAddress(text)) ours.push(literal);
    else if (/^https?:\/\/[^/]*[a-z]/i.test(text) && !/localhost|127\.0\.0\.1|redirect|callback/i.test(text)) foreign.push(literal);
  }
  return { ours: positionsOfNodes(ours), foreign: positionsOfNodes(foreign) };
}

const OWN_HEADERS = new Set(['x-sfdc-session', 'sforce-call-options', 'sforce-query-options', 'sforce-auto-assign', 'x-sfdc-packageversion']);
/** Names that say whose address or token it is. */
const OWN_NAME = /instance_?ur[il]|instanceUr[il]|[sS]ales_?[fF]orce|sfdc|jsforce|sobject|soql|(?:^|[^a-z])sf(?:_|[A-Z])|force\.com/;
/** A path of Salesforce's at the start of a relative address. */
const OWN_PATH = /^\/?services\/(?:data|apexrest|async|soap|oauth2)\b/i;

/** Does a request go to Salesforce? Said by its address, by headers of Salesforce's own, or by what is around it. */
export function isSalesforceRequest(file: FileModel, request: HttpCall): boolean {
  if (headersSent(request).some(({ name }) => name !== undefined && OWN_HEADERS.has(name.toLowerCase()))) return true;
  const addresses = addressesOf(file, request);
  const texts = addresses.flatMap((address) => file.values.strings(address));
  if (texts.some((text) => isSalesforceAddress(text) || OWN_PATH.test(text))) return true;
  // A host that is written out, and not Salesforce's; a path of the own server.
  if (texts.some((text) => /^(?:https?:)?\/\/[^/\0$]*[a-z]/i.test(text))) return false;
  const isRelative = texts.some((text) => /^\/|localhost/.test(text)) && !request.madeBy && !request.client;
  if (isRelative) return false;
  if (addresses.some((address) => OWN_NAME.test(file.source.getText(address)))) return true;
  if (headersSent(request).some(({ value }) => /sales_?force|sfdc|jsforce|(?:^|[^A-Za-z])sf_?(?:Access)?Token/i.test(file.source.getText(value)))) return true;
  // A token of Salesforce's says so by its form, as it will by the variable that it moves to.
  if (headersSent(request).some(({ value }) => file.values.strings(value).some((text) => tokensIn(text, 'salesforce').length > 0))) return true;
  const said = addressesAround(file, request.node);
  if (said !== undefined) return said;
  for (let fn = functionAround(request.node); fn; fn = functionAround(fn)) if (/salesforce|sfdc|soql|sobject/i.test(functionName(fn) ?? '')) return true;
  const owner = ownerOfThis(request.node);
  return isClass(owner) && /salesforce|sfdc/i.test(owner.id?.name ?? '');
}

/** Everything that is part of a request's address: its URL, its host and path, and the base of the client that sends it. */
function addressesOf(file: FileModel, request: HttpCall): Node[] {
  const found: Node[] = request.url ? [request.url] : [];
  if (request.options) {
    for (const { name, value } of entriesOf(file, request.options)) if (name !== undefined && ADDRESS_OPTIONS.has(name)) found.push(value);
  }
  if (request.madeBy) found.push(...addressesOf(file, request.madeBy));
  return found;
}

const ADDRESS_OPTIONS = new Set(['url', 'uri', 'baseURL', 'baseUrl', 'prefixUrl', 'host', 'hostname', 'path']);
