/** Which expressions are a secret of an OAuth login, and which hold one: what would stand in a log if they were printed. */
import type { TSESTree } from '@typescript-eslint/utils';
import { connectionFlavour } from './clients/jsforce';
import { isCreateConnection } from './clients/nforce';
import type { FileModel } from './file';
import { receivers } from './flow';
import { addressesAround, isSalesforceAddress, mentionsSalesforce } from './salesforce';
import { functionAround, isClass, isFunction, nameOf, returnsOf, unwrap, variableOf, wrapped, type FunctionNode, type Variable } from './scope';
import type { Settings } from './settings';
import type { Node } from './source';
import { jsforceFlavour, NFORCE, SOAP_CLIENTS } from './vocabulary/libraries';
import { HARMLESS_FIELDS, isAboutNames, isForeignName, isPlaceholder, perhapsSecretNamed, SECRET_PARAMETERS, secretNamed, type SecretKind } from './vocabulary/secrets';

export type Holder =
  | 'connection'
  | 'OAuth2 client'
  | 'token response'
  | 'HTTP response'
  | 'request'
  | 'request error'
  | 'object'
  | 'environment'
  | 'cookie'
  | 'command output';

/** A secret, or something that shows one when it is printed. */
export interface HeldSecret {
  kind: SecretKind;
  /** Absent where the expression is the secret itself. */
  holder?: Holder;
  /** A holder that is a text already, such as a response body: it shows its secret in a concatenation too. */
  isText?: boolean;
  /** Known from where it comes from, not from its name. */
  isTraced?: boolean;
}

type Scope = Settings['scope'];

const DEEPEST = 24;
const OF_SALESFORCE = /salesforce|sfdc|sforce|jsforce|nforce|sfdx|force\.com|forcejs/i;
const FRONTDOOR = /secur\/frontdoor\.jsp/;
const OF_OAUTH = /oauth|access_?token|refresh_?token|client_?secret|grant_type|bearer/i;
const SESSION_WORDS = /serverUrl|X-SFDC-Session|SessionHeader|frontdoor|GETSESSIONID|\bsforce\b|Session_ID\}|document\.cookie|SOAPAction|soapenv|\bsf_?sid\b/i;
/** A file that signs JWTs without these makes its own sessions, not assertions. */
const GRANTS_BY_JWT = /assertion|jwt-?bearer|(?:login|test)\.salesforce\.com/i;
const LOGIN_ENVELOPE = /<(?:\w+:)?login[\s>]/;
const SESSION_MERGE_FIELD = /\{!\s*(?:GETSESSIONID\(\)|\$Api\.Session_ID)\s*\}/i;
/** Commands that print an access token, or an address with one in it. */
const PRINTS_TOKEN = /\b(?:sfdx|sf)\b.*(?:org[: ](?:user[: ])?display|user:display|show-access-token|org[: ]open\b.*(?:\s-r\b|--url-?only)|display-user)/;
const COMMANDS = new Set(['exec', 'execSync', 'execFile', 'execFileSync', 'spawnSync', 'execa', 'execaCommand', 'execCommand', 'execaSync', 'execAsync', 'execPromise', 'runCommand', 'shell']);
const TOKEN_ADDRESS = /\/services\/oauth2\/(?:token|singleaccess)|\/oauth2?\/(?:v\d\/)?token\b|\/v2\/token\b/;
const SENDS = /^(?:fetch|nodeFetch|axios|request|rp|got|ky|needle|superagent|post|get|put|send|http\w*|call\w*|\w*fetch|\w*request)(?:Async|Json|JSON|Form)?$/i;

/** Calls that give back their first argument as text, or in another form. */
const KEEPS_ARGUMENT = new Set(['parse', 'inspect', 'String', 'encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'escape', 'unescape', 'from', 'structuredClone', 'entries', 'values', 'fromEntries', 'resolve', 'cloneDeep', 'clone', 'prettyjson', 'atob', 'btoa']);
const MAKES_TEXT = new Set(['inspect', 'String', 'encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'btoa', 'render', 'dump']);
const KEEPS_ALL = new Set(['assign', 'format', 'sprintf', 'merge', 'extend', 'defaults', 'concat', 'join']);
const KEEPS_RECEIVER = new Set(['toString', 'trim', 'json', 'text', 'join', 'concat', 'toJSON', 'valueOf', 'clone', 'promise', 'toObject', 'normalize', 'catch', 'finally']);
const COLOURS = new Set(['chalk', 'colors', 'kleur', 'clc', 'c', 'pc', 'picocolors', 'ansis']);
/** First words of functions that hand out what they are named after. */
const HANDS_OUT = /^_?(?:get|fetch|obtain|retrieve|acquire|request|read|load|create|generate|sign|ensure|refresh)/;
/** Names of objects that a password in them was put into on purpose. */
const SETTINGS_NAME = /config|conf$|opt(?:ion)?s?$|cred|setting|auth|env|secret|param|body|login|payload|form|data|args|props/i;
const BEARER = /\b(?:Bearer|OAuth)\s+$/;
const LABEL = /([\w$-]+)["']?\s*[=:]\s*["']?$/;

export class TokenReader {
  private readonly known = new Map<Node, HeldSecret | undefined>();
  private readonly open = new Set<Node>();
  /** Found empty in the walk under way: without it, each member of a cycle walks the others again. */
  private readonly empty = new Set<Node>();
  private readonly ids = new Map<Variable, number>();
  private use: { secrets: Map<string, SecretKind>; holders: Map<string, SecretKind>; texts: Set<string>; writes: Map<string, Node[]> } | undefined;
  private aboutUs: boolean | undefined;
  private isCut = false;
  /** What the file deletes the secrets of. */
  private cleaned: ReadonlySet<string> = new Set();

  constructor(
    private readonly file: FileModel,
    private readonly scope: Scope,
  ) {}

  /** What printing an expression shows; undefined when no secret is known to be in it. */
  secretIn(node: Node): HeldSecret | undefined {
    if (this.known.has(node)) return this.known.get(node);
    if (this.open.has(node) || this.empty.has(node) || this.open.size > DEEPEST) {
      this.isCut = true;
      return undefined;
    }
    const wasCut = this.isCut;
    this.isCut = false;
    this.open.add(node);
    const secret = this.read(node);
    this.open.delete(node);
    // An answer from inside a cycle depends on where the walk came from: only a complete one is kept.
    if (!this.isCut || secret || this.open.size === 0) this.known.set(node, secret);
    else this.empty.add(node);
    if (this.open.size === 0) this.empty.clear();
    this.isCut ||= wasCut;
    return secret;
  }

  /** What becomes of an expression in a text: of an object, `[object Object]` does. */
  secretInText(node: Node): HeldSecret | undefined {
    const secret = this.secretIn(node);
    return secret?.holder && !secret.isText ? undefined : secret;
  }

  /** Is the file about Salesforce, by its imports, addresses and names? Under scope `any`: about OAuth at all? */
  get isConcerned(): boolean {
    this.aboutUs ??= (this.scope === 'any' && OF_OAUTH.test(this.file.source.text)) || this.isOfSalesforce();
    return this.aboutUs;
  }

  private isOfSalesforce(): boolean {
    const { file } = this;
    if (!mentionsSalesforce(file) && !isSalesforceAddress(file.source.text)) return FRONTDOOR.test(file.source.text);
    if ([...file.modules].some((module) => OF_SALESFORCE.test(module))) return true;
    if (file.all('Literal').some(({ value }) => typeof value === 'string' && (isSalesforceAddress(value) || FRONTDOOR.test(value) || SESSION_MERGE_FIELD.test(value)))) return true;
    if (file.all('TemplateElement').some(({ value }) => isSalesforceAddress(value.raw) || FRONTDOOR.test(value.raw))) return true;
    if (file.all('Literal').some((literal) => 'regex' in literal && /force\\\.com/.test(literal.regex.pattern))) return true;
    return file.all('Identifier').some(({ name }) => OF_SALESFORCE.test(name) || /^SF_|^sf[A-Z]/.test(name));
  }

  private read(node: Node): HeldSecret | undefined {
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'string' && SESSION_MERGE_FIELD.test(node.value) ? { kind: 'session id', isTraced: true } : undefined;
      case 'TemplateLiteral':
        return this.inText(piecesOf(node));
      case 'BinaryExpression':
        return node.operator === '+' ? this.inText(piecesOf(node)) : undefined;
      case 'ConditionalExpression':
        if (isMask(node.consequent) || isMask(node.alternate)) return undefined;
        return this.secretIn(node.consequent) ?? this.secretIn(node.alternate);
      case 'LogicalExpression':
        return (node.operator === '&&' ? undefined : this.secretIn(node.left)) ?? this.secretIn(node.right);
      case 'AssignmentExpression':
        return this.secretIn(node.right);
      case 'SequenceExpression':
        return this.secretIn(node.expressions.at(-1)!);
      case 'ObjectExpression':
        return this.inObject(node);
      case 'ArrayExpression':
        return held(first(node.elements, (element) => element && this.secretIn(element)));
      case 'SpreadElement':
        return this.secretIn(node.argument);
      case 'YieldExpression':
        return node.argument ? this.secretIn(node.argument) : undefined;
      case 'Identifier':
        return this.ofIdentifier(node);
      case 'MemberExpression':
        return this.ofMember(node);
      case 'CallExpression':
        return this.ofCall(node);
      case 'NewExpression':
        return this.ofNew(node);
      default: {
        const inner = unwrap(node);
        return inner === node ? undefined : this.secretIn(inner);
      }
    }
  }

  // ---- texts and objects ----

  private inText(pieces: readonly Piece[]): HeldSecret | undefined {
    let before = '';
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        before += piece;
        continue;
      }
      const secret = this.secretInText(piece) ?? this.labelled(piece, before);
      if (secret) return secret.holder ? { ...secret, isText: true } : secret;
      before = '';
    }
    return undefined;
  }

  /** `…&client_secret=` or `Access token: ` before a value whose name says nothing says what it is. */
  private labelled(piece: Node, before: string): HeldSecret | undefined {
    if (!this.isConcerned) return undefined;
    const label = LABEL.exec(before)?.[1];
    if (label === undefined) return undefined;
    const kind = secretNamed(label) ?? SECRET_PARAMETERS.get(label.toLowerCase());
    if (!kind || !this.isOpaque(piece)) return undefined;
    const isParameter = /[?&]["']?[\w-]+=$/.test(before) && SECRET_PARAMETERS.has(label.toLowerCase());
    return isParameter || this.weakName(piece) ? { kind } : undefined;
  }

  /** An expression that says nothing of how its value is made: no comparison, no cut, no literal. */
  isOpaque(node: Node): boolean {
    const inner = unwrap(node);
    if (inner.type === 'Identifier' || inner.type === 'MemberExpression') {
      if (nameOf(inner) === 'length') return false;
      return !this.file.values.of(inner).every((value) => value.kind === 'function' || (value.kind === 'literal' && (typeof value.value !== 'string' || isPlaceholder(value.value))));
    }
    if (inner.type === 'CallExpression') {
      const name = calleeName(inner);
      const argument = inner.arguments[0];
      if (argument && (KEEPS_ARGUMENT.has(name) || name === 'stringify')) return this.isOpaque(argument);
      if (KEEPS_RECEIVER.has(name) && inner.callee.type === 'MemberExpression') return this.isOpaque(inner.callee.object);
      return HANDS_OUT.test(name);
    }
    if (inner.type === 'LogicalExpression') return inner.operator !== '&&' && (this.isOpaque(inner.left) || this.isOpaque(inner.right));
    if (inner.type === 'Literal') return typeof inner.value === 'string' && !isPlaceholder(inner.value);
    return inner.type === 'BinaryExpression' && inner.operator === '+';
  }

  private weakName(node: Node): SecretKind | undefined {
    const inner = unwrap(node);
    const name = inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? nameOf(inner) : undefined;
    return name === undefined || isForeignName(name) ? undefined : perhapsSecretNamed(name);
  }

  private inObject(object: TSESTree.ObjectExpression): HeldSecret | undefined {
    for (const [index, property] of object.properties.entries()) {
      if (property.type === 'SpreadElement') {
        const secret = this.secretIn(property.argument);
        if (!secret) continue;
        const isCovered = object.properties.slice(index + 1).some((later) => later.type === 'Property' && (secretNamed(nameOf(later) ?? '') ?? perhapsSecretNamed(nameOf(later) ?? '')) !== undefined);
        if (!isCovered) return { ...secret, holder: secret.holder ?? 'object', isText: false };
        continue;
      }
      const secret = this.secretIn(property.value) ?? this.namedBy(nameOf(property), property.value);
      if (secret) return { kind: secret.kind, holder: 'object', ...(secret.isTraced && { isTraced: true }) };
    }
    return undefined;
  }

  /** `{ clientSecret: value }`: the key says what the value is, unless the value says otherwise. */
  private namedBy(name: string | undefined, value: Node): HeldSecret | undefined {
    if (name === undefined || !this.isConcerned) return undefined;
    const kind = secretNamed(name);
    return kind && !isForeignName(name) && kind !== 'session id' && this.isOpaque(value) ? { kind } : undefined;
  }

  // ---- names ----

  private ofIdentifier(node: TSESTree.Identifier): HeldSecret | undefined {
    const variable = variableOf(this.file.source, node);
    if (!variable) return node.name === '__sfdcSessionId' ? { kind: 'session id', isTraced: true } : undefined;
    const connection = this.connection(node);
    if (connection) return connection;
    this.uses();
    if (this.cleaned.has(this.keyOf(node) ?? '')) return undefined;
    const traced = this.traced(variable, node);
    if (traced.found) return traced.found;
    const named = this.byName(node.name, node);
    if (named && !traced.isElse) return named;
    return this.byUse(node);
  }

  /** What a variable was given; `isElse` when all of it is known to be no secret. */
  private traced(variable: Variable, node: TSESTree.Identifier): { found?: HeldSecret; isElse: boolean } {
    const given: Node[] = [];
    let isOpen = false;
    for (const def of variable.defs) {
      const declared = def.node as Node;
      switch (def.type as string) {
        case 'Variable': {
          const { id, init } = declared as TSESTree.VariableDeclarator;
          if (!init) {
            isOpen = true;
          } else if (id.type === 'Identifier') {
            given.push(init);
          } else {
            const found = this.throughPattern(id, this.secretIn(init), def.name as TSESTree.Identifier, init);
            if (found) return { found, isElse: false };
            isOpen = true;
          }
          break;
        }
        case 'Parameter': {
          const found = this.ofParameter(declared as FunctionNode, def.name as TSESTree.Identifier);
          if (found) return { found, isElse: false };
          isOpen = true;
          break;
        }
        case 'CatchClause': {
          const error = this.ofCaught(declared as TSESTree.CatchClause);
          return error ? { found: error, isElse: false } : { isElse: true };
        }
        case 'FunctionName':
        case 'ClassName':
          return { isElse: true };
        default:
          isOpen = true;
      }
    }
    for (const reference of variable.references) {
      if (!reference.isWrite() || reference.init || !reference.writeExpr) continue;
      const target = (reference.identifier as Node).parent;
      if (target?.type === 'AssignmentExpression' && target.left === reference.identifier) given.push(target.right);
      else isOpen = true;
    }
    const found = first(given, (value) => this.secretIn(value));
    if (found) return { found, isElse: false };
    // Its own name stands for values that show nothing of themselves; a length, a flag or a cut is known to be harmless.
    const isElse = !isOpen && given.length > 0 && !given.some((value) => this.isOpaque(value) || isEmptyStart(value));
    return { isElse: isElse || (node.name.length > 0 && this.file.values.of(node).every((value) => value.kind === 'function')) };
  }

  /** `const { data: { access_token } } = response`. */
  private throughPattern(pattern: Node, secret: HeldSecret | undefined, name: TSESTree.Identifier, init?: Node): HeldSecret | undefined {
    const keys = keysInPattern(pattern, name);
    if (!keys) return undefined;
    if (keys.length === 0) return secret;
    if (init && !secret && keys.length === 1 && keys[0] !== undefined) {
      const shown = this.shownProperty(init, keys[0]);
      if (shown) return shown;
    }
    let current = secret;
    for (const key of keys) {
      if (key === undefined) return current && held(current);
      current = (current && step(current, key)) ?? this.byName(key, name);
      if (!current) return undefined;
    }
    return current;
  }

  private shownProperty(object: Node, name: string): HeldSecret | undefined {
    for (const value of this.file.values.of(object)) {
      if (value.kind !== 'object') continue;
      const property = value.node.properties.find((one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === name);
      const found = property && (this.secretIn(property.value) ?? this.namedBy(name, property.value));
      if (found) return found;
    }
    return undefined;
  }

  private byName(name: string, node: Node): HeldSecret | undefined {
    const kind = secretNamed(name);
    if (!kind || !this.isConcerned || isForeignName(name)) return undefined;
    if (kind === 'session id' && !SESSION_WORDS.test(this.file.source.text)) return undefined;
    if (addressesAround(this.file, node) === false && this.scope !== 'any') return undefined;
    return { kind };
  }

  /** A name that proves nothing, or none: what the rest of the file does with it. */
  private byUse(node: Node): HeldSecret | undefined {
    const key = this.keyOf(node);
    if (key === undefined || !this.isConcerned) return undefined;
    const { secrets, holders, texts } = this.uses();
    const kind = secrets.get(key);
    if (kind) return { kind };
    const inside = holders.get(key);
    if (inside && !(addressesAround(this.file, node) === false && this.scope !== 'any')) return { kind: inside, holder: 'object', isText: texts.has(key) };
    return undefined;
  }

  // ---- parameters ----

  private ofParameter(fn: FunctionNode, name: TSESTree.Identifier): HeldSecret | undefined {
    const index = fn.params.findIndex((param) => contains(param, name));
    const param = fn.params[index] as Node | undefined;
    if (!param) return undefined;
    const given = this.passedTo(fn, index);
    if (given) return this.throughPattern(param.type === 'AssignmentPattern' ? param.left : param, given, name);
    return param.type === 'AssignmentPattern' && param.left.type === 'Identifier' ? this.secretIn(param.right) : undefined;
  }

  /** What a callback's caller gives it. */
  private passedTo(fn: FunctionNode, index: number): HeldSecret | undefined {
    const call = fn.parent;
    if (call?.type !== 'CallExpression' || call.callee === fn) return undefined;
    const name = calleeName(call);
    const receiver = call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
    if (receiver && name === 'then' && index === 0 && call.arguments[0] === fn) return this.secretIn(receiver);
    if (receiver && (name === 'catch' || (name === 'then' && call.arguments[1] === fn))) return index === 0 ? this.errorOf([receiver]) : undefined;
    if (receiver && name === 'on' && call.arguments[0]?.type === 'Literal' && call.arguments[0].value === 'refresh' && this.connection(receiver)) {
      return index === 0 ? { kind: 'access token', isTraced: true } : { kind: 'access token', holder: 'token response', isTraced: true };
    }
    if (receiver?.type === 'MemberExpression' && name === 'use') {
      return this.interceptor(nameOf(receiver), (call.arguments as Node[]).indexOf(fn), index);
    }
    if (name === 'getCookie' || (name === 'get' && receiver && /cookies$/.test(this.file.source.getText(receiver)))) {
      return index === 0 && this.isSidCookie(call) ? { kind: 'session id', holder: 'cookie', isTraced: true } : undefined;
    }
    // Node's callbacks: the error first, then what the call would have returned.
    const answer = index > 0 ? this.answerOf(call) : undefined;
    if (answer?.holder === 'HTTP response' && index > 1) return { ...answer, holder: 'token response', isText: true };
    return answer;
  }

  private interceptor(side: string | undefined, position: number, index: number): HeldSecret | undefined {
    if (index !== 0 || !this.isConcerned) return undefined;
    if (side === 'request' && position === 0) return { kind: 'Authorization header', holder: 'request' };
    if (side === 'response' && position === 1) return { kind: 'Authorization header', holder: 'request error' };
    return undefined;
  }

  private ofCaught(clause: TSESTree.CatchClause): HeldSecret | undefined {
    const calls = this.file.all('CallExpression').filter((call) => contains(clause.parent.block, call) && functionAround(call) === functionAround(clause));
    return this.errorOf(calls);
  }

  /** An axios error carries the request that failed, with its headers and its body. */
  private errorOf(calls: readonly Node[]): HeldSecret | undefined {
    if (![...this.file.modules].some((module) => module === 'axios')) return undefined;
    for (const call of calls) {
      const inner = unwrap(call);
      if (inner.type !== 'CallExpression' || !/^(?:axios|axios\.\w+)$/.test(this.file.source.getText(inner.callee))) continue;
      const sent = first(inner.arguments, (argument) => this.secretIn(argument));
      if (sent) return { ...sent, holder: 'request error', isText: false };
    }
    return undefined;
  }

  // ---- members ----

  private ofMember(node: TSESTree.MemberExpression): HeldSecret | undefined {
    const name = nameOf(node);
    if (name === undefined || /^\d+$/.test(name)) {
      const whole = this.secretIn(node.object);
      return whole?.isTraced && (!whole.holder || whole.isText) ? whole : undefined;
    }
    const text = this.file.source.getText(node);
    if (text === 'sforce.connection.sessionId') return { kind: 'session id', isTraced: true };
    if (text === 'sforce.connection') return { kind: 'session id', holder: 'connection', isTraced: true };
    if (text === 'process.env') return this.environment();
    if (name === 'length') return undefined;
    const connection = this.connection(node);
    if (connection) return connection;
    const object = this.secretIn(node.object);
    if (object?.holder && object.holder !== 'object') {
      const inner = step(object, name);
      if (inner || object.isTraced) return inner;
    }
    const written = this.fieldValue(node, name);
    if (written.found) return written.found;
    const shown = this.shownProperty(node.object, name);
    if (shown) return shown;
    if (!written.isElse) {
      const named = this.isForeignPath(node) ? undefined : this.byName(name, node);
      if (named && this.isOpaque(node)) return named;
    }
    return this.byUse(node);
  }

  /** Is a member another party's, or only a word about the secret? */
  private isForeignPath(node: TSESTree.MemberExpression): boolean {
    const owner = unwrap(node.object);
    if (isAboutNames(owner.type === 'Identifier' ? owner.name : (nameOf(owner) ?? ''))) return true;
    for (let current: Node = node; current.type === 'MemberExpression'; current = unwrap(current.object)) {
      if (isForeignName(nameOf(current) ?? '')) return true;
      if (current.object.type === 'Identifier' && isForeignName(current.object.name)) return true;
    }
    return false;
  }

  private environment(): HeldSecret | undefined {
    for (const member of this.file.all('MemberExpression')) {
      if (this.file.source.getText(member.object) !== 'process.env') continue;
      const secret = this.byName(nameOf(member) ?? '', member);
      if (secret) return { ...secret, holder: 'environment' };
    }
    return undefined;
  }

  /** What the file writes into `this.name`. */
  private fieldValue(node: TSESTree.MemberExpression, name: string): { found?: HeldSecret; isElse: boolean } {
    if (node.object.type !== 'ThisExpression') return { isElse: false };
    const values = this.uses().writes.get(`this.${name}`) ?? [];
    const found = first(values, (value) => this.secretIn(value));
    if (found) return { found, isElse: false };
    return { isElse: values.length > 0 && !values.some((value) => this.isOpaque(value) || isEmptyStart(value)) };
  }

  private connection(node: Node): HeldSecret | undefined {
    for (const value of this.file.values.of(node)) {
      if (value.kind === 'instance') {
        if (connectionFlavour(value.of, this.file)) return { kind: 'access token', holder: 'connection', isTraced: true };
        if (value.of.kind === 'module' && jsforceFlavour(value.of.module) && value.of.path.at(-1) === 'OAuth2') return { kind: 'client secret', holder: 'OAuth2 client', isTraced: true };
      }
      if (value.kind === 'result' && isCreateConnection(value.of)) return { kind: 'access token', holder: 'connection', isTraced: true };
    }
    return undefined;
  }

  // ---- calls ----

  private ofCall(call: TSESTree.CallExpression): HeldSecret | undefined {
    const name = calleeName(call);
    const receiver = call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
    const argument = call.arguments[0];
    if (name === 'stringify' && argument) {
      const replacer = call.arguments[1];
      const isWhole = !replacer || (replacer.type === 'Literal' && replacer.value === null) || (receiver?.type === 'Identifier' && receiver.name !== 'JSON');
      return isWhole ? asText(this.secretIn(argument)) : undefined;
    }
    if (receiver && COLOURS.has(rootName(receiver) ?? '')) return first(call.arguments, (one) => this.secretInText(one));
    if (argument && (KEEPS_ARGUMENT.has(name) || MAKES_TEXT.has(name)) && !this.isOwnFunction(call)) {
      const secret = this.secretIn(argument);
      if (secret) return name === 'parse' ? asObject(secret) : MAKES_TEXT.has(name) ? (name === 'inspect' ? asText(secret) : this.secretInText(argument)) : secret;
    }
    if (KEEPS_ALL.has(name)) {
      const secret = first([...(receiver ? [receiver] : []), ...call.arguments], (one) => this.secretIn(one));
      if (secret) return secret;
    }
    if (receiver && KEEPS_RECEIVER.has(name)) {
      const secret = this.secretIn(receiver);
      if (secret?.holder === 'HTTP response') return { ...secret, holder: 'token response', isText: name === 'text' };
      if (secret?.holder && name === 'toString') return secret.isText || receiver.type === 'NewExpression' ? asText(secret) : undefined;
      if (secret) return secret;
    }
    if (receiver && name === 'then') return this.afterThen(call, receiver);
    return this.answerOf(call);
  }

  private afterThen(call: TSESTree.CallExpression, receiver: Node): HeldSecret | undefined {
    const [handler] = call.arguments;
    if (handler && isFunction(handler)) return first(returnsOf(this.file.source, handler), (value) => this.secretIn(value));
    return this.secretIn(receiver);
  }

  /** What a call gives back, or gives its callback. */
  private answerOf(call: TSESTree.CallExpression): HeldSecret | undefined {
    const name = calleeName(call);
    const receiver = call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
    const modules = [...this.file.modules];
    const isJsforce = modules.some((module) => jsforceFlavour(module));
    if (receiver) {
      const owner = this.secretIn(receiver);
      if (owner?.holder === 'OAuth2 client' && /^(?:authenticate|requestToken|refreshToken)$/.test(name)) return { kind: 'access token', holder: 'token response', isTraced: true };
      if (modules.some((module) => NFORCE.has(module)) && (name === 'authenticate' || name === 'refreshToken')) return { kind: 'access token', holder: 'token response', isTraced: true };
      if (isJsforce && name === 'getConnection' && modules.some((module) => module.startsWith('@salesforce/'))) return { kind: 'access token', holder: 'connection', isTraced: true };
      if (/^login(?:Async)?$/.test(name) && (this.file.source.getText(receiver) === 'sforce.connection' || (this.isConcerned && modules.some((module) => SOAP_CLIENTS.has(module))))) {
        return { kind: 'session id', holder: 'token response', isTraced: true };
      }
      if (/^getOrgFrontDoorUrl$/i.test(name)) return { kind: 'frontdoor URL', isTraced: true };
      if (name === 'sign' && /^(?:jwt|jsonwebtoken|jws|jose)$/i.test(rootName(receiver) ?? '') && this.isConcerned && GRANTS_BY_JWT.test(this.file.source.text)) return { kind: 'JWT assertion', isTraced: true };
      if (/^(?:match|exec|split|get|find|replace)$/.test(name) && this.isSidCookie(call)) return { kind: 'session id', isTraced: true };
    }
    if (COMMANDS.has(name) && call.arguments[0] && this.file.values.strings(call.arguments[0]).some((text) => PRINTS_TOKEN.test(text))) {
      return { kind: 'access token', holder: 'command output', isText: true, isTraced: true };
    }
    if (/^(?:readFile|readFileSync)$/.test(name) && this.isConcerned && call.arguments[0] && /\.(?:key|pem|p8)\b|private_?key/i.test(this.file.source.getText(call.arguments[0]))) {
      return { kind: 'private key' };
    }
    if (name === 'getCookie' && this.isSidCookie(call)) return { kind: 'session id', isTraced: true };
    if (SENDS.test(name) && this.loginRequests().has(call)) return { kind: 'session id', holder: 'HTTP response', isText: true, isTraced: true };
    if (this.isTokenRequest(call, name)) return { kind: 'access token', holder: 'HTTP response', isTraced: true };
    const own = this.ownFunctions(call);
    if (own.length > 0) return first(own.flatMap((fn) => returnsOf(this.file.source, fn)), (value) => this.secretIn(value));
    return HANDS_OUT.test(name) ? this.byName(name, call) : undefined;
  }

  private ownFunctions(call: TSESTree.CallExpression): FunctionNode[] {
    return this.file.values.of(call.callee).flatMap((value) => (value.kind === 'function' ? [value.node] : []));
  }

  private isOwnFunction(call: TSESTree.CallExpression): boolean {
    return this.ownFunctions(call).length > 0;
  }

  private isSidCookie(call: TSESTree.CallExpression): boolean {
    if (!this.isConcerned) return false;
    const text = this.file.source.getText(call);
    return /\bsid\b/.test(text) && /cookie/i.test(text);
  }

  /** A request to the token endpoint: its answer is the token. */
  private isTokenRequest(call: TSESTree.CallExpression, name: string): boolean {
    if (!SENDS.test(name)) return false;
    const strings = (node: Node) => this.file.values.strings(node);
    const hits = (texts: readonly string[]) => texts.some((text) => TOKEN_ADDRESS.test(text) && (this.scope === 'any' || this.isConcerned));
    return call.arguments.slice(0, 3).some((argument) => {
      if (argument.type === 'SpreadElement' || isFunction(argument)) return false;
      if (hits(strings(argument))) return true;
      return ['url', 'uri', 'path', 'endpoint'].some((key) =>
        (this.file.values.property(argument, key) ?? []).some((value) => (value.kind === 'literal' || value.kind === 'text') && hits(strings(value.node))),
      );
    });
  }

  /** The calls that a hand-written login envelope ends up in, through functions of the file too. */
  private loginRequests(): ReadonlySet<Node> {
    if (this.logins) return this.logins;
    const found = new Set<Node>();
    this.logins = found;
    if (!LOGIN_ENVELOPE.test(this.file.source.text)) return found;
    const starts: Node[] = [
      ...this.file.all('TemplateLiteral').filter(({ quasis }) => quasis.some(({ value }) => LOGIN_ENVELOPE.test(value.raw))),
      ...this.file.all('Literal').filter(({ value }) => typeof value === 'string' && LOGIN_ENVELOPE.test(value)),
    ];
    const seen = new Set<Node>();
    for (let start = starts.pop(); start && seen.size < 50; start = starts.pop()) {
      if (seen.has(start)) continue;
      seen.add(start);
      for (const call of receivers(this.file, start)) {
        found.add(call);
        for (const fn of this.ownFunctions(call)) {
          for (const param of fn.params) {
            const variable = param.type === 'Identifier' ? variableOf(this.file.source, param) : undefined;
            for (const reference of variable?.references ?? []) starts.push(reference.identifier as Node);
          }
        }
      }
    }
    return found;
  }
  private logins: ReadonlySet<Node> | undefined;

  private ofNew(node: TSESTree.NewExpression): HeldSecret | undefined {
    const connection = this.connection(node);
    if (connection) return connection;
    if (node.callee.type !== 'Identifier') return undefined;
    const [argument] = node.arguments;
    if (!argument) return undefined;
    if (node.callee.name === 'Promise' && isFunction(argument)) return this.resolvedBy(argument);
    if (node.callee.name === 'URLSearchParams' || node.callee.name === 'URL') return asText(this.secretIn(argument));
    return undefined;
  }

  /** What `new Promise((resolve) => …)` resolves to. */
  private resolvedBy(executor: FunctionNode): HeldSecret | undefined {
    const [resolve] = executor.params;
    if (resolve?.type !== 'Identifier') return undefined;
    const variable = variableOf(this.file.source, resolve);
    return first(variable?.references ?? [], ({ identifier }) => {
      const call = identifier.parent as Node;
      const value = call.type === 'CallExpression' && call.callee === identifier ? call.arguments[0] : undefined;
      return value && this.secretIn(value);
    });
  }

  // ---- what the file does with a name ----

  private uses(): NonNullable<TokenReader['use']> {
    if (this.use) return this.use;
    const secrets = new Map<string, SecretKind>();
    const holders = new Map<string, SecretKind>();
    const texts = new Set<string>();
    const writes = new Map<string, Node[]>();
    this.use = { secrets, holders, texts, writes };
    const { file } = this;
    const cleaned = new Set<string>();
    for (const removal of file.all('UnaryExpression')) {
      if (removal.operator !== 'delete' || removal.argument.type !== 'MemberExpression' || !secretNamed(nameOf(removal.argument) ?? '')) continue;
      for (let current: Node = removal.argument.object; ; current = current.object) {
        const key = this.keyOf(current);
        if (key !== undefined) cleaned.add(key);
        if (current.type !== 'MemberExpression') break;
      }
    }
    this.cleaned = cleaned;
    const hold = (object: Node, kind: SecretKind) => {
      let current = unwrap(object);
      if (current.type === 'CallExpression' && calleeName(current) === 'parse' && current.arguments[0]) {
        const key = this.keyOf(current.arguments[0]);
        if (key !== undefined) {
          holders.set(key, kind);
          texts.add(key);
        }
        return;
      }
      for (let depth = 0; depth < 3; depth++) {
        const key = this.keyOf(current);
        if (key === undefined || NEVER_HOLDERS.has(key.replace(/^.*?#\d+:/, ''))) return;
        if (kind === 'password' && !SETTINGS_NAME.test(key)) return;
        if (!holders.has(key)) holders.set(key, kind);
        if (current.type !== 'MemberExpression') return;
        current = unwrap(current.object);
      }
    };
    for (const member of file.all('MemberExpression')) {
      const name = nameOf(member);
      const kind = name === undefined ? undefined : secretNamed(name);
      if (!kind || kind === 'session id' || kind === 'frontdoor URL' || kind === 'private key' || isForeignName(name!) || isCallee(member) || this.isForeignPath(member)) continue;
      if (kind === 'Authorization header' && /\breq(?:uest)?\b/.test(rootName(member) ?? '')) continue;
      hold(member.object, kind);
    }
    for (const pattern of file.all('ObjectPattern')) {
      const init = pattern.parent.type === 'VariableDeclarator' ? pattern.parent.init : undefined;
      if (!init) continue;
      for (const property of pattern.properties) {
        const kind = property.type === 'Property' ? secretNamed(nameOf(property) ?? '') : undefined;
        if (kind && kind !== 'session id') hold(init, kind);
      }
    }
    const mean = (node: Node, kind: SecretKind) => {
      const key = this.keyOf(node);
      const named = this.weakName(node);
      if (key !== undefined && named && !secrets.has(key)) secrets.set(key, kind);
    };
    for (const property of file.all('Property')) {
      const kind = property.parent.type === 'ObjectExpression' ? secretNamed(nameOf(property) ?? '') : undefined;
      if (kind && !isForeignName(nameOf(property) ?? '')) mean(property.value, kind);
    }
    for (const template of file.all('TemplateLiteral')) {
      template.expressions.forEach((expression, index) => {
        if (BEARER.test(template.quasis[index]?.value.raw ?? '')) mean(expression, 'access token');
      });
    }
    for (const sum of file.all('BinaryExpression')) {
      if (sum.operator === '+' && sum.left.type === 'Literal' && typeof sum.left.value === 'string' && BEARER.test(sum.left.value)) mean(sum.right, 'access token');
    }
    for (const assignment of file.all('AssignmentExpression')) {
      const name = assignment.left.type === 'MemberExpression' ? nameOf(assignment.left) : undefined;
      if (name === undefined) continue;
      const kind = secretNamed(name);
      if (kind) mean(assignment.right, kind);
      if ((assignment.left as TSESTree.MemberExpression).object.type === 'ThisExpression') push(writes, `this.${name}`, assignment.right);
    }
    for (const field of file.all('PropertyDefinition')) {
      const name = nameOf(field);
      if (name !== undefined && field.value && isClass(field.parent.parent)) push(writes, `this.${name}`, field.value);
    }
    return this.use;
  }

  /** One name for everything that is the same place: a variable, `this.x`, `config.auth`, the session of any request. */
  private keyOf(node: Node): string | undefined {
    const inner = unwrap(node);
    if (inner.type === 'ThisExpression') return 'this';
    if (inner.type === 'Identifier') {
      const variable = variableOf(this.file.source, inner);
      if (!variable) return `global:${inner.name}`;
      let id = this.ids.get(variable);
      if (id === undefined) this.ids.set(variable, (id = this.ids.size));
      return `#${id}:${inner.name}`;
    }
    if (inner.type !== 'MemberExpression') return undefined;
    const name = nameOf(inner);
    if (name === undefined) return undefined;
    // Every handler has a `req` of its own, and they share one session.
    if (name === 'session' && inner.object.type === 'Identifier' && /^(?:req|request|ctx)$/.test(inner.object.name)) return 'request.session';
    const object = this.keyOf(inner.object);
    return object === undefined ? undefined : `${object}.${name}`;
  }
}

/** Roots that hold everything, and so say nothing. */
const NEVER_HOLDERS = new Set(['this', 'req', 'request', 'res', 'event', 'ctx', 'context', 'window', 'process', 'process.env', 'module', 'exports', 'module.exports', 'global:process', 'global:process.env', 'global:module', 'global:window', 'global:exports', 'global:module.exports']);

const readers = new WeakMap<FileModel, Map<Scope, TokenReader>>();

/** The reader of a file's secrets, made on first use. */
export function tokensOf(file: FileModel, scope: Scope): TokenReader {
  let byScope = readers.get(file);
  if (!byScope) readers.set(file, (byScope = new Map()));
  let reader = byScope.get(scope);
  if (!reader) byScope.set(scope, (reader = new TokenReader(file, scope)));
  return reader;
}

/** The member of a holder; undefined where it is known to be harmless. */
function step(secret: HeldSecret, name: string): HeldSecret | undefined {
  if (!secret.holder) return undefined;
  if (HARMLESS_FIELDS.has(name)) return undefined;
  const kind = secretNamed(name) ?? (secret.holder === 'connection' || secret.holder === 'token response' ? perhapsSecretNamed(name) : undefined);
  if (kind) return { kind, ...(secret.isTraced && { isTraced: true }) };
  const { isText: _, ...rest } = secret;
  switch (secret.holder) {
    case 'connection':
      return name === 'oauth2' ? { kind: 'client secret', holder: 'OAuth2 client', isTraced: true } : name === 'oauth' ? { ...rest, holder: 'token response' } : undefined;
    case 'HTTP response':
      if (name === 'data' || name === 'body') return { ...secret, holder: 'token response' };
      return name === 'config' || name === 'request' ? { ...rest, holder: 'request' } : undefined;
    case 'token response':
      return name === 'data' || name === 'body' || name === 'result' ? rest : undefined;
    case 'request error':
      return name === 'config' || name === 'request' ? { ...rest, holder: 'request' } : name === 'response' ? { ...rest, holder: 'request error' } : undefined;
    case 'request':
      return name === 'headers' || name === 'data' || name === 'form' ? rest : undefined;
    case 'command output':
      return name === 'stdout' ? secret : undefined;
    case 'cookie':
      return name === 'value' ? { kind: secret.kind, isTraced: true } : undefined;
    default:
      return undefined;
  }
}

type Piece = string | Node;

/** The pieces of a template or concatenation, in order. */
export function piecesOf(node: Node): Piece[] {
  if (node.type === 'TemplateLiteral') {
    return node.quasis.flatMap((quasi, index) => {
      const hole = node.expressions[index];
      const text = quasi.value.cooked ?? quasi.value.raw;
      return hole ? [text, ...piecesOf(hole)] : [text];
    });
  }
  if (node.type === 'BinaryExpression' && node.operator === '+') return [...piecesOf(node.left as Node), ...piecesOf(node.right)];
  if (node.type === 'Literal' && (typeof node.value === 'string' || typeof node.value === 'number')) return [String(node.value)];
  return [node];
}

export function calleeName(call: TSESTree.CallExpression): string {
  const callee = unwrap(call.callee);
  return callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? (nameOf(callee) ?? '') : '';
}

/** The name that a chain of members and calls starts with. */
export function rootName(node: Node): string | undefined {
  let current = unwrap(node);
  for (;;) {
    if (current.type === 'MemberExpression') current = unwrap(current.object);
    else if (current.type === 'CallExpression') current = unwrap(current.callee);
    else return current.type === 'Identifier' ? current.name : current.type === 'ThisExpression' ? 'this' : undefined;
  }
}

function isCallee(member: Node): boolean {
  const outer = wrapped(member);
  return outer.parent?.type === 'CallExpression' && outer.parent.callee === outer;
}

/** `real ? '[hidden]' : shown` decides itself what may be seen. */
function isMask(node: Node): boolean {
  return node.type === 'Literal' && typeof node.value === 'string' && /mask|redact|hidden|\*{3}/i.test(node.value);
}

function isEmptyStart(node: Node): boolean {
  return (node.type === 'Literal' && (node.value === null || node.value === '')) || (node.type === 'Identifier' && node.name === 'undefined');
}

function keysInPattern(pattern: Node, name: TSESTree.Identifier): (string | undefined)[] | undefined {
  if (pattern.type === 'Identifier') return pattern.name === name.name ? [] : undefined;
  if (pattern.type === 'AssignmentPattern') return keysInPattern(pattern.left, name);
  if (pattern.type === 'ArrayPattern') return contains(pattern, name) ? [undefined] : undefined;
  if (pattern.type !== 'ObjectPattern') return undefined;
  for (const property of pattern.properties) {
    if (!contains(property, name)) continue;
    if (property.type === 'RestElement') return [undefined];
    const inner = keysInPattern(property.value, name);
    if (inner) return [nameOf(property), ...inner];
  }
  return undefined;
}

function first<T>(items: readonly T[], of: (item: T) => HeldSecret | null | undefined): HeldSecret | undefined {
  for (const item of items) {
    const secret = of(item);
    if (secret) return secret;
  }
  return undefined;
}

function push(map: Map<string, Node[]>, key: string, value: Node): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function held(secret: HeldSecret | undefined): HeldSecret | undefined {
  return secret && { ...secret, holder: secret.holder ?? 'object', isText: false };
}

function asText(secret: HeldSecret | undefined): HeldSecret | undefined {
  return secret?.holder ? { ...secret, isText: true } : secret;
}

function asObject(secret: HeldSecret): HeldSecret {
  return secret.holder ? { ...secret, isText: false } : secret;
}

function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}
