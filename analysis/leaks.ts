/** Where secrets get out: what is logged, answered, thrown or shown, and what is put into a URL. */
import type { TSESTree } from '@typescript-eslint/utils';
import { modelOf, type FileModel } from './file';
import { addressesAround, isSalesforceAddress } from './salesforce';
import { isFunction, nameOf, unwrap, variableOf } from './scope';
import type { Settings } from './settings';
import type { Node, Source } from './source';
import { calleeName, piecesOf, rootName, tokensOf, type HeldSecret, type TokenReader } from './tokens';
import { isPlaceholder, perhapsSecretNamed, SECRET_PARAMETERS, secretNamed, type SecretKind } from './vocabulary/secrets';

export type Outlet = 'log' | 'response' | 'error' | 'screen' | 'chat';

/** A secret that is written where others read it. */
export interface Leak {
  outlet: Outlet;
  /** The call or construction that writes it. */
  node: Node;
  secret: HeldSecret;
}

/** A secret in a URL or its query string. */
export interface UrlLeak {
  /** The text, property or call that puts it there. */
  node: Node;
  kind: SecretKind;
  parameter: string;
}

type Scope = Settings['scope'];

const SECRET_WORD = /token|secret|passw|pwd|session|\bsid\b|jwt|authoriz|conn|oauth|assertion|private_?key|frontdoor|cookie|interceptors|process\.env\b|\b(?:user|org)[: ]display|org[: ]open/i;

/** Can a text hold a leak at all? A cheap test for files that are not known to be about Salesforce. */
export function mayLeak(text: string): boolean {
  return SECRET_WORD.test(text);
}

// ---- logs, answers, errors ----

/** Every place of a file that writes a secret to a log, an HTTP answer, an error, the screen or a chat. */
export function leaksIn(source: Source, scope: Scope): Leak[] {
  const file = modelOf(source);
  const reader = tokensOf(file, scope);
  const leaks: Leak[] = [];
  const add = (outlet: Outlet, node: Node, written: readonly Node[], asText: boolean) => {
    for (const one of written) {
      const secret = asText ? reader.secretInText(one) : reader.secretIn(one);
      if (!secret || isRuledOut(reader, node, secret)) continue;
      leaks.push({ outlet, node, secret });
      return;
    }
  };
  for (const call of file.all('CallExpression')) {
    const sink = sinkOf(file, call);
    if (sink) add(sink.outlet, call, sink.written ?? call.arguments, sink.asText ?? isOwn(file, call));
  }
  for (const made of file.all('NewExpression')) {
    const name = made.callee.type === 'Identifier' ? made.callee.name : (nameOf(made.callee) ?? '');
    if (/(?:Error|Exception)$/.test(name)) add('error', made, made.arguments, true);
  }
  for (const thrown of file.all('ThrowStatement')) {
    if (thrown.argument.type === 'TemplateLiteral' || thrown.argument.type === 'BinaryExpression') add('error', thrown, [thrown.argument], true);
  }
  for (const assignment of file.all('AssignmentExpression')) {
    if (assignment.left.type === 'MemberExpression' && nameOf(assignment.left) === 'body' && /^(?:ctx|res|response)$/.test(rootName(assignment.left) ?? '')) add('response', assignment, [assignment.right], false);
  }
  for (const object of file.all('ObjectExpression')) {
    const body = propertyOf(object, 'body');
    // What a Lambda function or an Azure function answers with.
    if (body && propertyOf(object, 'statusCode')) add('response', object, [body.value], false);
  }
  return leaks.sort((a, b) => a.node.range[0] - b.node.range[0]);
}

interface Sink {
  outlet: Outlet;
  /** The arguments that are written; all of them when left out. */
  written?: readonly Node[];
  /** What is written is made a text first, as `alert(object)` does. */
  asText?: boolean;
}

const CONSOLE = new Set(['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'group', 'groupCollapsed', 'assert']);
const LOG_METHODS = new Set([
  'log', 'info', 'warn', 'warning', 'error', 'debug', 'trace', 'verbose', 'silly', 'fatal', 'notice', 'http', 'success', 'logJson', 'styledJSON', 'styledJson', 'styledObject', 'styledHeader', 'setOutput',
  'logToStderr', 'appendLine', 'addLog', 'write', 'logInfo', 'logDebug', 'logError', 'table', 'succeed',
]);
const LOGGER = /log(?:ger|ging|s)?$|^(?:winston|pino|bunyan|log4js|ux|cli|signale|consola|core|outputChannel|spinner|nebulaLogger)$|^log\b|logger$/i;
const BARE_LOGS = new Set(['log', 'logger', 'debug', 'dbg', 'print', 'println', 'trace', 'logDebug', 'logInfo', 'logError', 'debugLog', 'writeLog', 'logMessage', 'consoleLog']);
const ANSWERS = new Set(['send', 'json', 'jsonp', 'render', 'end', 'write', 'status', 'sendStatus', 'type', 'code']);
const WRITES_ANSWER = new Set(['send', 'json', 'jsonp', 'render', 'end', 'write']);
const ANSWER_NAME = /^(?:res|resp|response|reply|rep|_res|httpRes|NextResponse|Response)$/;
const REPLIES = new Set(['reply', 'replyPrivate', 'say', 'sendMessage', 'endDialog', 'sendText', 'sendActivity', 'postMessage', 'postEphemeral', 'whisper']);
const CHAT_NAME = /^(?:bot|message|msg|ctx|context|convo|chat|session|turnContext|slack|dc|step|telegram|rtm)$/i;
const ALERTS = new Set(['alert', 'toast', 'showToast', 'showInformationMessage', 'showErrorMessage', 'showWarningMessage', 'notify']);

function sinkOf(file: FileModel, call: TSESTree.CallExpression): Sink | undefined {
  const callee = unwrap(call.callee);
  if (callee.type === 'Identifier') {
    const { name } = callee;
    if (ALERTS.has(name)) return { outlet: 'screen', asText: name === 'alert' };
    if (name === 'say' || name === 'respond') return { outlet: 'chat' };
    return BARE_LOGS.has(name) || isMadeByDebug(file, callee) ? { outlet: 'log' } : undefined;
  }
  if (callee.type !== 'MemberExpression') return undefined;
  const method = nameOf(callee) ?? '';
  const receiver = unwrap(callee.object);
  const root = rootName(receiver) ?? '';
  if (root === 'console') return CONSOLE.has(method) ? { outlet: 'log' } : undefined;
  if (ALERTS.has(method) && (root === 'window' || root === 'vscode' || root === 'toast')) return { outlet: 'screen', asText: true };
  if (root === 'toast' || (root === 'document' && /^write(?:ln)?$/.test(method))) return { outlet: 'screen', asText: root === 'document' };
  const last = receiver.type === 'MemberExpression' ? (nameOf(receiver) ?? '') : receiver.type === 'CallExpression' ? calleeName(receiver) : root;
  if (method === 'write' && (last === 'stdout' || last === 'stderr')) return { outlet: 'log', asText: true };
  if (LOG_METHODS.has(method)) {
    if (LOGGER.test(last)) return { outlet: 'log' };
    if (/^log(?:Json|ToStderr|Info|Debug|Error)?$/.test(method) && /^(?:this|ux|cli|context|ctx|vorpal|logger|Logger|Meteor|cds)$/.test(last)) return { outlet: 'log' };
    if (/^(?:debug|styledJSON|styledObject|warn)$/.test(method) && last === 'this') return { outlet: 'log' };
    if (/^(?:info|warn|error|verbose)$/.test(method) && /^log$/.test(last)) return { outlet: 'log' };
  }
  if (WRITES_ANSWER.has(method) && isAnswer(receiver)) return { outlet: 'response', ...(method === 'render' && { written: call.arguments.slice(1) }) };
  if (REPLIES.has(method) && CHAT_NAME.test(last)) return { outlet: 'chat' };
  return undefined;
}

/** A logger that the file makes itself: what it does with an object shows in its own body. */
function isOwn(file: FileModel, call: TSESTree.CallExpression): boolean {
  return call.callee.type === 'Identifier' && file.values.of(call.callee).some((value) => value.kind === 'function');
}

/** `res`, `res.status(200)`, `this.res`. */
function isAnswer(node: Node): boolean {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return ANSWER_NAME.test(inner.name);
  if (inner.type === 'MemberExpression') return ANSWER_NAME.test(nameOf(inner) ?? '');
  return inner.type === 'CallExpression' && ANSWERS.has(calleeName(inner)) && inner.callee.type === 'MemberExpression' && isAnswer(inner.callee.object);
}

function isMadeByDebug(file: FileModel, callee: TSESTree.Identifier): boolean {
  return file.values.of(callee).some((value) => value.kind === 'result' && value.of.kind === 'module' && value.of.module === 'debug');
}

// ---- branches on which the secret is not there ----

function isRuledOut(reader: TokenReader, node: Node, secret: HeldSecret): boolean {
  for (let child: Node = node, parent = node.parent; parent && !isFunction(parent); child = parent, parent = parent.parent) {
    if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') {
      if (parent.consequent === child && saysAbsent(reader, parent.test, secret)) return true;
      if (parent.alternate === child && saysPresent(reader, parent.test, secret)) return true;
    }
    if (parent.type === 'LogicalExpression' && parent.right === child) {
      if (parent.operator === '&&' ? saysAbsent(reader, parent.left, secret) : saysPresent(reader, parent.left, secret)) return true;
    }
    if (parent.type === 'BlockStatement') {
      const before = parent.body.slice(0, parent.body.indexOf(child as TSESTree.Statement));
      if (before.some((one) => one.type === 'IfStatement' && leaves(one.consequent) && saysPresent(reader, one.test, secret))) return true;
    }
  }
  return false;
}

function leaves(statement: Node): boolean {
  const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : statement;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement' || last?.type === 'ContinueStatement';
}

const FAILURES = /^(?:err|error|errors|errorCode|error_description|fault|exception|stderr|isError|hasError|failed)$/i;
const ANSWER_STATUS = /^(?:status|statusCode|httpStatus|code)$/;

function saysAbsent(reader: TokenReader, test: Node, secret: HeldSecret): boolean {
  const inner = unwrap(test);
  switch (inner.type) {
    case 'LogicalExpression':
      return saysAbsent(reader, inner.left, secret) || saysAbsent(reader, inner.right, secret);
    case 'UnaryExpression':
      return inner.operator === '!' && saysPresent(reader, inner.argument, secret);
    case 'BinaryExpression': {
      const { operator, left, right } = inner;
      if (/^[!=]==?$/.test(operator)) {
        const isNothing = (node: Node) => (node.type === 'Literal' && (node.value === null || node.value === '')) || (node.type === 'Identifier' && node.name === 'undefined');
        if (operator.startsWith('=') && isNothing(right)) return isThe(reader, left as Node, secret);
        if (operator.startsWith('!') && isNothing(right)) return isFailure(left as Node, secret);
      }
      return isAnswerLike(secret) && isStatus(left as Node) && (operator.startsWith('!=') || operator.startsWith('>'));
    }
    default:
      return isFailure(inner, secret);
  }
}

function saysPresent(reader: TokenReader, test: Node, secret: HeldSecret): boolean {
  const inner = unwrap(test);
  if (inner.type === 'LogicalExpression') return saysPresent(reader, inner.left, secret) || saysPresent(reader, inner.right, secret);
  if (inner.type === 'UnaryExpression') return inner.operator === '!' && isFailure(unwrap(inner.argument), secret);
  if (inner.type === 'BinaryExpression') {
    const isStatusTest = isAnswerLike(secret) && isStatus(inner.left as Node);
    return (isStatusTest && (inner.operator.startsWith('==') || inner.operator.startsWith('<'))) || (inner.operator.startsWith('!=') && isThe(reader, inner.left as Node, secret));
  }
  if (isAnswerLike(secret) && /^(?:ok|success|isSuccess)$/.test(lastName(inner))) return true;
  return isThe(reader, inner, secret);
}

/** Is a node the secret itself, the same one by its kind? */
function isThe(reader: TokenReader, node: Node, secret: HeldSecret): boolean {
  const found = reader.secretIn(node);
  const kind = found && !found.holder ? found.kind : (secretNamed(lastName(unwrap(node))) ?? perhapsSecretNamed(lastName(unwrap(node))));
  return kind === secret.kind || (isAnswerLike(secret) && kind !== undefined);
}

function isFailure(node: Node, secret: HeldSecret): boolean {
  return isAnswerLike(secret) && FAILURES.test(lastName(node));
}

function isStatus(node: Node): boolean {
  return ANSWER_STATUS.test(lastName(unwrap(node)));
}

function isAnswerLike({ holder }: HeldSecret): boolean {
  return holder === 'token response' || holder === 'HTTP response' || holder === 'object' || holder === 'command output';
}

function lastName(node: Node): string {
  return node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? (nameOf(node) ?? '') : '';
}

// ---- URLs ----

const IN_ADDRESS = /[?&#]([\w.-]+)=$/;
const WRITTEN_OUT = /[?&]([\w.-]+)=([^&#\s\0]{6,})/g;
const ADDRESS_NAME = /ur[li]|href|link|path|location|redirect|endpoint|querystring|qs$/i;
/** Options of HTTP clients that become the query string; `params` and `query` only beside an address or a method. */
const QUERY_OPTIONS = new Map([['qs', true], ['searchParams', true], ['params', false], ['query', false]]);
const BESIDE_QUERY = ['url', 'uri', 'method', 'headers', 'baseURL'];
const SENDS_OPTIONS = /^(?:axios|http|\$http|client|api|request|rest|got|ky|instance)/i;

/** Every place of a file that puts a secret into a URL. */
export function urlLeaksIn(source: Source, scope: Scope): UrlLeak[] {
  const file = modelOf(source);
  const reader = tokensOf(file, scope);
  if (!reader.isConcerned) return [];
  const finder = new UrlLeaks(file, reader, scope);
  return [...finder.texts(), ...finder.options(), ...finder.calls()].sort((a, b) => a.node.range[0] - b.node.range[0]);
}

class UrlLeaks {
  private readonly found = new Map<Node, { kind: SecretKind; parameter: string } | undefined>();

  constructor(
    private readonly file: FileModel,
    private readonly reader: TokenReader,
    private readonly scope: Scope,
  ) {}

  *texts(): Iterable<UrlLeak> {
    const { file } = this;
    for (const node of [...file.all('TemplateLiteral'), ...file.all('BinaryExpression'), ...file.all('Literal')]) {
      if (node.type === 'Literal' && (typeof node.value !== 'string' || !node.value.includes('='))) continue;
      if (node.type === 'BinaryExpression' && node.operator !== '+') continue;
      if (isPartOfText(node) || this.isWrittenElsewhere(node)) continue;
      const leak = this.inText(node);
      if (leak) yield { node, ...leak };
    }
  }

  /** What is logged with a token in it is a leak of the log, and no request. */
  private isWrittenElsewhere(node: Node): boolean {
    const parent = node.parent;
    if (parent?.type === 'NewExpression') return /Error$|^RegExp$/.test(parent.callee.type === 'Identifier' ? parent.callee.name : '');
    if (parent?.type !== 'CallExpression' || parent.callee === node) return false;
    const name = calleeName(parent);
    return sinkOf(this.file, parent) !== undefined || /^(?:includes|indexOf|startsWith|endsWith|split|replace|match|test|search|describe|it|equal|toBe|toEqual|toContain)$/.test(name);
  }

  private inText(node: Node): { kind: SecretKind; parameter: string } | undefined {
    if (this.found.has(node)) return this.found.get(node);
    this.found.set(node, undefined);
    const leak = this.readText(node);
    this.found.set(node, leak);
    return leak;
  }

  private readText(node: Node): { kind: SecretKind; parameter: string } | undefined {
    let text = this.isAppendedToAddress(node) ? '?' : '';
    const holes: { before: string; hole: Node }[] = [];
    for (const piece of this.expanded(node, 0)) {
      if (typeof piece === 'string') {
        text += piece;
      } else {
        holes.push({ before: text, hole: piece });
        text += '\0';
      }
    }
    if (!text.includes('?') && !text.includes('#')) return undefined;
    for (const { before, hole } of holes) {
      const leak = this.inHole(node, before, hole, text);
      if (leak) return leak;
    }
    if (!this.isOurs(node, text)) return undefined;
    for (const [, parameter, value] of text.matchAll(WRITTEN_OUT)) {
      const kind = SECRET_PARAMETERS.get(parameter!.toLowerCase());
      if (kind && kind !== 'session id' && value && !isPlaceholder(value) && /^https?:|^\0|^\/|^\?/.test(text)) return { kind, parameter: parameter! };
    }
    return undefined;
  }

  private inHole(node: Node, before: string, hole: Node, text: string): { kind: SecretKind; parameter: string } | undefined {
    if (/[?&]$/.test(before)) {
      const query = this.inQuery(hole);
      return query && this.isOurs(node, text) ? query : undefined;
    }
    const parameter = IN_ADDRESS.exec(before)?.[1];
    if (parameter === undefined || !/[?#]/.test(before) || !isAddress(before)) return undefined;
    const secret = this.reader.secretInText(hole);
    if (secret?.isTraced) return { kind: secret.kind, parameter };
    if (!this.isOurs(node, text)) return undefined;
    const kind = SECRET_PARAMETERS.get(parameter.toLowerCase());
    if (kind === 'session id' && !/frontdoor/.test(text)) return secret && { kind, parameter };
    if (kind && this.reader.isOpaque(hole)) return { kind: secret?.kind ?? kind, parameter };
    return secret && perhapsSecretNamed(parameter) ? { kind: secret.kind, parameter } : undefined;
  }

  /** The pieces of a text, with those of the constants in it; nothing of one that is a leak by itself. */
  private expanded(node: Node, depth: number): (string | Node)[] {
    return piecesOf(node).flatMap((piece): (string | Node)[] => {
      if (typeof piece === 'string' || depth > 5) return [piece];
      const inner = unwrap(piece);
      if (inner.type !== 'Identifier') return [piece];
      const variable = variableOf(this.file.source, inner);
      const def = variable?.defs.length === 1 ? (variable.defs[0]!.node as Node) : undefined;
      if (def?.type !== 'VariableDeclarator' || def.id.type !== 'Identifier' || !def.init || variable!.references.some((reference) => reference.isWrite() && !reference.init)) return [piece];
      const init = unwrap(def.init);
      if (init.type !== 'TemplateLiteral' && init.type !== 'BinaryExpression' && init.type !== 'Literal') return [piece];
      return this.inText(init) ? [] : this.expanded(init, depth + 1);
    });
  }

  /** `url += '&access_token=' + token`. */
  private isAppendedToAddress(node: Node): boolean {
    const { parent } = node;
    return parent?.type === 'AssignmentExpression' && parent.operator === '+=' && ADDRESS_NAME.test(lastName(parent.left));
  }

  *options(): Iterable<UrlLeak> {
    for (const property of this.file.all('Property')) {
      const isAlways = QUERY_OPTIONS.get(nameOf(property) ?? '');
      const options = property.parent;
      if (isAlways === undefined || options.type !== 'ObjectExpression') continue;
      if (!isAlways && !isRequest(options)) continue;
      const leak = this.inQuery(property.value);
      if (leak && this.isOurs(property, this.addressIn(options))) yield { node: property, ...leak };
    }
  }

  *calls(): Iterable<UrlLeak> {
    for (const call of this.file.all('CallExpression')) {
      if (call.callee.type !== 'MemberExpression') continue;
      const [name, value] = call.arguments;
      const method = nameOf(call.callee);
      const { object } = call.callee;
      if ((method === 'set' || method === 'append') && name && value && object.type === 'MemberExpression' && nameOf(object) === 'searchParams') {
        const parameter = name.type === 'Literal' ? String(name.value) : '';
        const kind = SECRET_PARAMETERS.get(parameter.toLowerCase());
        if (kind && this.reader.isOpaque(value) && this.isOurs(call, '')) yield { node: call, kind, parameter };
      } else if (method === 'query' && name?.type === 'ObjectExpression' && object.type === 'CallExpression') {
        const leak = this.inQuery(name);
        if (leak && this.isOurs(call, '')) yield { node: call, ...leak };
      }
    }
  }

  /** A secret among the parameters of an object, of `URLSearchParams`, or of a stringified query. */
  private inQuery(node: Node): { kind: SecretKind; parameter: string } | undefined {
    for (const value of this.file.values.of(node)) {
      const object = value.kind === 'object' ? value.node : undefined;
      if (value.kind === 'instance' && value.of.kind === 'global' && value.of.path[0] === 'URLSearchParams') {
        const [given] = value.call?.arguments ?? [];
        const leak = (given && this.inQuery(given)) ?? this.appended(node);
        if (leak) return leak;
      }
      for (const property of object?.properties ?? []) {
        const parameter = property.type === 'Property' ? (nameOf(property) ?? '') : '';
        const kind = SECRET_PARAMETERS.get(parameter.toLowerCase());
        if (kind && property.type === 'Property' && kind !== 'session id' && this.reader.isOpaque(property.value)) return { kind, parameter };
      }
    }
    return undefined;
  }

  private appended(node: Node): { kind: SecretKind; parameter: string } | undefined {
    const root = rootName(node);
    for (const call of this.file.all('CallExpression')) {
      if (call.callee.type !== 'MemberExpression' || !/^(?:append|set)$/.test(nameOf(call.callee) ?? '') || rootName(call.callee.object) !== root || root === undefined) continue;
      const [name, value] = call.arguments;
      const parameter = name?.type === 'Literal' ? String(name.value) : '';
      const kind = SECRET_PARAMETERS.get(parameter.toLowerCase());
      if (kind && value && this.reader.isOpaque(value)) return { kind, parameter };
    }
    return undefined;
  }

  private addressIn(options: TSESTree.ObjectExpression): string {
    return ['url', 'uri', 'baseURL'].flatMap((name) => this.file.values.property(options, name) ?? []).flatMap((value) => (value.kind === 'literal' || value.kind === 'text' ? this.file.values.strings(value.node) : [])).join(' ');
  }

  /** The address itself decides whose it is; without a host in it, what else the function talks to. */
  private isOurs(node: Node, text: string): boolean {
    if (this.scope === 'any' || isSalesforceAddress(text)) return true;
    if (/https?:\/\/(?!localhost)[^/\0\s]*\.[a-z]/.test(text)) return false;
    return addressesAround(this.file, node) !== false;
  }
}

function isAddress(before: string): boolean {
  return /^(?:https?:|\0|\/|\?|#|[\w-]*\?)/.test(before) || /\.\w+\?/.test(before);
}

function isPartOfText(node: Node): boolean {
  const parent = node.parent;
  return (parent?.type === 'BinaryExpression' && parent.operator === '+') || parent?.type === 'TemplateLiteral';
}

function isRequest(options: TSESTree.ObjectExpression): boolean {
  if (BESIDE_QUERY.some((name) => propertyOf(options, name))) return true;
  const call = options.parent;
  return call.type === 'CallExpression' && call.callee !== options && SENDS_OPTIONS.test(rootName(call.callee) ?? '');
}

function propertyOf(object: TSESTree.ObjectExpression, name: string): TSESTree.Property | undefined {
  return object.properties.find((one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === name);
}
