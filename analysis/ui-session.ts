/** Sessions of a browser or a page that code borrows for the API: nobody can renew them, and they are the page user's own. */
import type { TSESTree } from '@typescript-eslint/utils';
import { type FileModel, modelOf } from './file';
import { callsOf } from './flow';
import { positionsOfNodes, type Positions } from './positions';
import { concernsUs } from './relevance';
import { keyOf, namesSalesforceInCode } from './salesforce';
import { functionAround, nameOf, variableOf, wrapped } from './scope';
import type { Node, Source } from './source';
import type { Value } from './values';
import { jsforceFlavour } from './vocabulary/libraries';

export interface UiSession {
  /**
   * `cookie`: the `sid` cookie; `page`: what Visualforce, the AJAX toolkit or an Apex method gives a page; `connection`: a
   * connection to the address of the page itself; `outbound`: the `sessionId` of an outbound message.
   */
  kind: 'cookie' | 'page' | 'connection' | 'outbound';
  /** The smallest node to blame. */
  node: Node;
}

const COULD_HOLD = /\bsid\b|session|notifications|\blocation\b/i;
const COOKIE_NAME = 'sid';
/** `sid` as a text that looks a cookie up has it: `sid`, `sid=`, `; sid=`, `(^|;\s*)sid=(.+?)`. */
const COOKIE_LOOKUP = /(?:^|[^\w$.-]|\\s\*?|\\b)sid(?:$|\\?=|\\b|\\s)/;
const COOKIE_MODULES = new Set(['js-cookie', 'universal-cookie', 'es-cookie', 'tiny-cookie', 'vue-cookies', 'browser-cookies', 'react-cookies']);
/** A merge field as a whole value, behind a scheme, or as a parameter; not one in a sentence or in the text of a page. */
const MERGE_FIELD = /^(?:[^\s<]*(?:sid|session_?id|token)=|(?:Bearer|OAuth)\s+)?\{!\s*(?:GETSESSIONID\(\s*\)|\$Api\.Session_?ID)\s*\}/i;
const APEX_SESSION = /^@salesforce\/apex\/.*session_?id$/i;
/** An Apex method as an Aura component asks for it. */
const AURA_SESSION = /^c\.(?:get|fetch|load)\w*session_?id$/i;
const PAGE_GLOBAL = '__sfdcSessionId';
const TOOLKIT_SESSION = 'sforce.connection.sessionId';
const HANDS_OVER = new Set(['Promise', 'chrome', 'browser']);
/** Fields that stand beside `sessionId` in an outbound message, and in no login answer. */
const OUTBOUND_FIELDS = new Set(['notification', 'actionid', 'organizationid', 'enterpriseurl', 'partnerurl']);

const known = new WeakMap<FileModel, readonly UiSession[]>();

/** Every borrowed browser or page session of a file, in source order, one per place it comes from. */
export function uiSessionsIn(source: Source): readonly UiSession[] {
  if (!COULD_HOLD.test(source.text) || !concernsUs(source.text)) return [];
  const file = modelOf(source);
  let found = known.get(file);
  if (!found) {
    const byStart = new Map<number, UiSession>();
    for (const one of [...cookies(file), ...pages(file), ...connections(file), ...outbound(file)]) if (!byStart.has(one.node.range[0])) byStart.set(one.node.range[0], one);
    found = [...byStart.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
    known.set(file, found);
  }
  return found;
}

// ---- the sid cookie ----

function* cookies(file: FileModel): Iterable<UiSession> {
  if (!/\bsid\b/.test(file.source.text)) return;
  const nodes = [...extensionCookies(file), ...searchedCookies(file), ...documentCookies(file)];
  // Other sites have a cookie of that name too.
  if (nodes.length > 0 && namesSalesforceInCode(file)) for (const node of nodes) yield { kind: 'cookie', node };
}

/** `chrome.cookies.get({ name: 'sid' })`, `browser.cookies.getAll(…)`, and the cookie libraries of pages. */
function* extensionCookies(file: FileModel): Iterable<Node> {
  const fromLibrary = [...file.modules].some((module) => COOKIE_MODULES.has(module));
  for (const call of file.methodCalls.named('get', 'getAll')) {
    const [first] = call.arguments;
    if (!first || !(fromLibrary || /^(?:cookies|cookieStore)$/.test(keyOf(call.callee.object) ?? ''))) continue;
    const named = file.values.property(first, 'name');
    const isSid = named ? named.some((value) => value.kind === 'literal' && value.value === COOKIE_NAME) : file.values.strings(first).includes(COOKIE_NAME);
    if (isSid && file.values.of(call.callee).some((value) => (named ? isExtensionCookies(value) : isCookieLibrary(value)))) yield call;
  }
}

function isExtensionCookies(value: Value): boolean {
  return (value.kind === 'global' || value.kind === 'module') && value.path.at(-2) === 'cookies';
}

function isCookieLibrary(value: Value): boolean {
  if (value.kind === 'global') return value.path.at(-2) === 'cookieStore';
  const origin = value.kind === 'member' && value.of.kind === 'instance' ? value.of.of : value;
  return origin.kind === 'module' && COOKIE_MODULES.has(origin.module);
}

/** All cookies of a site, by an extension (`chrome.cookies.getAll`) or a browser under control (`page.cookies`), among which `sid` is looked for. */
function* searchedCookies(file: FileModel): Iterable<Node> {
  const searches = positionsOfNodes(file.all('BinaryExpression').filter(isNameTest));
  for (const call of file.methodCalls.named('getAll', 'cookies')) {
    const method = nameOf(call.callee);
    const isAll = method === 'getAll' && keyOf(call.callee.object) === 'cookies' && !file.values.property(call.arguments[0] ?? call, 'name')?.length;
    if ((isAll || (method === 'cookies' && /^(?:page|context|browserContext)$/.test(keyOf(call.callee.object) ?? ''))) && searches.isAnyIn(functionAround(call) ?? file.source.ast)) yield call;
  }
}

/** `cookie.name === 'sid'`. */
function isNameTest({ operator, left, right }: TSESTree.BinaryExpression): boolean {
  return /^===?$/.test(operator) && left.type === 'MemberExpression' && nameOf(left) === 'name' && right.type === 'Literal' && right.value === COOKIE_NAME;
}

/** `document.cookie`, where the code around it or the caller of a helper looks for `sid` in it. */
function* documentCookies(file: FileModel): Iterable<Node> {
  const lookups = positionsOfNodes([...lookupTexts(file), ...file.members.named(COOKIE_NAME).filter(({ object }) => /cookie/i.test(keyOf(object) ?? ''))]);
  for (const member of file.members.named('cookie')) {
    if (keyOf(member.object) !== 'document' || isWritten(member)) continue;
    if (!file.values.of(member).some((value) => value.kind === 'global' && value.path.at(-2) === 'document')) continue;
    const around = functionAround(member);
    if (lookups.isAnyIn(around ?? statementAround(member)) || (!around && isReadLater(file, member, lookups))) {
      yield member;
    } else if (around) {
      for (const call of callsOf(file, around)) if (call.arguments.some((argument) => file.values.strings(argument).some(isLookup))) yield call;
    }
  }
}

function isLookup(text: string): boolean {
  return text.length < 80 && COOKIE_LOOKUP.test(text);
}

function isWritten(node: Node): boolean {
  const outer = wrapped(node);
  return outer.parent?.type === 'AssignmentExpression' && outer.parent.left === outer;
}

function statementAround(node: Node): Node {
  let current = node;
  while (current.parent && !/Statement$|Declaration$|^Program$/.test(current.type)) current = current.parent;
  return current;
}

/** The texts and patterns of a file that look the cookie up. */
function* lookupTexts(file: FileModel): Iterable<Node> {
  for (const literal of file.all('Literal')) {
    const text = 'regex' in literal ? literal.regex.pattern : literal.value;
    if (typeof text === 'string' && isLookup(text)) yield literal;
  }
  for (const quasi of file.all('TemplateElement')) if (isLookup(quasi.value.raw)) yield quasi;
}

/** At the top of a file: `const cookies = parse(document.cookie);`, then `cookies.sid`. */
function isReadLater(file: FileModel, member: Node, lookups: Positions): boolean {
  const statement = statementAround(member);
  if (statement.type !== 'VariableDeclaration') return false;
  return statement.declarations.some(({ id }) => id.type === 'Identifier' && (variableOf(file.source, id)?.references ?? []).some(({ identifier }) => lookups.isAnyIn(statementAround(identifier as Node))));
}

// ---- what a page is given ----

function* pages(file: FileModel): Iterable<UiSession> {
  for (const literal of file.all('Literal')) {
    if (typeof literal.value === 'string' && MERGE_FIELD.test(literal.value) && !isCompared(literal)) yield { kind: 'page', node: literal };
  }
  for (const template of file.all('TemplateLiteral')) {
    if (MERGE_FIELD.test(template.quasis[0]!.value.raw) && !isCompared(template)) yield { kind: 'page', node: template };
  }
  for (const declaration of file.all('ImportDeclaration')) {
    if (APEX_SESSION.test(declaration.source.value)) yield { kind: 'page', node: declaration };
  }
  for (const call of file.methodCalls.named('get')) {
    const [name] = call.arguments;
    if (name?.type === 'Literal' && typeof name.value === 'string' && AURA_SESSION.test(name.value)) yield { kind: 'page', node: call };
  }
  yield* globals(file);
}

/** Reads of `__sfdcSessionId` and `sforce.connection.sessionId`, unless the file itself sets them: then that is the place. */
function* globals(file: FileModel): Iterable<UiSession> {
  if (!/\bsforce\??\.connection\b|__sfdcSessionId/.test(file.source.text)) return;
  const reads: { path: string; node: Node }[] = [];
  const written = new Set<string>();
  const names = file.all('Identifier').filter((node) => node.name === PAGE_GLOBAL && !(node.parent.type === 'MemberExpression' && node.parent.property === node));
  for (const node of [...names, ...file.members.named(PAGE_GLOBAL, 'sessionId')]) {
    // What is written is named by its words: its value is what the file writes there.
    if (isWritten(node)) {
      written.add(file.source.getText(node).replace(/^(?:window|self|globalThis)\./, ''));
      continue;
    }
    const value = node.type === 'Identifier' && variableOf(file.source, node) ? undefined : file.values.of(node).find((one) => one.kind === 'global');
    const path = value?.kind === 'global' ? value.path.join('.') : '';
    if ((path === PAGE_GLOBAL || path === TOOLKIT_SESSION) && !isTested(node)) reads.push({ path, node });
  }
  for (const { path, node } of reads) if (!written.has(path) && !isLoggedIn(file, path)) yield { kind: 'page', node };
}

/** After `sforce.connection.login` the toolkit's session is that login's. */
function isLoggedIn(file: FileModel, path: string): boolean {
  return path === TOOLKIT_SESSION && file.methodCalls.named('login').length > 0;
}

function isCompared(node: Node): boolean {
  const { parent } = node;
  return (parent?.type === 'BinaryExpression' && parent.operator !== '+') || parent?.type === 'SwitchCase';
}

function isTested(node: Node): boolean {
  const outer = wrapped(node);
  const { parent } = outer;
  if (isCompared(outer) || parent?.type === 'UnaryExpression') return true;
  if (parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression' && nameOf(parent.callee) === 'isArray') return true;
  return (parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') && parent.test === outer;
}

// ---- connections to the page's own address ----

/** `new jsforce.Connection({ instanceUrl: location.origin, accessToken })`: on Salesforce's own page, with the page's session. */
function* connections(file: FileModel): Iterable<UiSession> {
  if (!/\blocation\b/.test(file.source.text)) return;
  const usesJsforce = [...file.modules].some((module) => jsforceFlavour(module));
  for (const made of file.all('NewExpression')) {
    const [options] = made.arguments;
    if (!options || !(usesJsforce || keyOf(made.callee) === 'Connection') || !file.values.of(made.callee).some(isConnectionClass)) continue;
    const given = (...names: string[]) => names.flatMap((name) => file.values.property(options, name) ?? []);
    if (!given('accessToken', 'sessionId').some(isHandedOver)) continue;
    if (given('instanceUrl', 'instanceURL', 'serverUrl').some(isPageAddress)) yield { kind: 'connection', node: made };
  }
}

function isConnectionClass(value: Value): boolean {
  if (value.kind === 'module') return jsforceFlavour(value.module) !== undefined && value.path.at(-1) === 'Connection';
  return value.kind === 'global' && value.path.join('.') === 'jsforce.Connection';
}

/** A token handed over by another part of a browser extension, or by whoever calls: not one that the file itself obtains or reads. */
function isHandedOver(value: Value): boolean {
  switch (value.kind) {
    case 'member':
    case 'result':
    case 'instance':
      return isHandedOver(value.of);
    case 'global':
      return HANDS_OVER.has(value.path[0]!) && !value.path.includes('cookies');
    default:
      return value.kind === 'parameter' || value.kind === 'module' || value.kind === 'unknown';
  }
}

function isPageAddress(value: Value): boolean {
  if (value.kind === 'global') return isLocation(value);
  return value.kind === 'text' && value.parts.length === 2 && typeof value.parts[0] === 'string' && /^https?:\/\/$/.test(value.parts[0]) && typeof value.parts[1] === 'object' && isLocation(value.parts[1]);
}

function isLocation(value: Value): boolean {
  return value.kind === 'global' && value.path.at(-2) === 'location' && ['origin', 'host', 'hostname'].includes(value.path.at(-1)!);
}

// ---- outbound messages ----

/** `body.notifications.sessionId`, once for each way to write it, in a listener of outbound messages, whatever the case of its XML parser. */
function* outbound(file: FileModel): Iterable<UiSession> {
  if (!/notifications/i.test(file.source.text)) return;
  const isOutbound = file.members.where((name) => OUTBOUND_FIELDS.has(name.toLowerCase())).length > 0 || /outbound/i.test(file.source.text);
  if (!isOutbound) return;
  const seen = new Set<string>();
  for (const member of file.members.where((name) => bareName(name) === 'sessionid')) {
    if (isWritten(member) || isTested(member)) continue;
    const text = file.source.getText(member);
    if (seen.has(text) || !file.values.of(member).some(comesFromNotifications)) continue;
    seen.add(text);
    yield { kind: 'outbound', node: member };
  }
  for (const pattern of file.all('ObjectPattern')) {
    for (const property of pattern.properties) {
      if (property.type !== 'Property' || bareName(nameOf(property)) !== 'sessionid' || property.value.type !== 'Identifier') continue;
      if (file.values.of(property.value).some(comesFromNotifications)) yield { kind: 'outbound', node: property };
    }
  }
}

function comesFromNotifications(value: Value): boolean {
  let at = value;
  for (; at.kind === 'member'; at = at.of) if (bareName(at.name) === 'notifications') return true;
  return at.kind === 'global' && at.path.some((step) => bareName(step) === 'notifications');
}

/** A name without its XML prefix and its case. */
function bareName(name: string | undefined): string | undefined {
  return name?.slice(name.lastIndexOf(':') + 1).toLowerCase();
}
