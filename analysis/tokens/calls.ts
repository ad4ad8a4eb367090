/** What calls and constructions give back: the answer of a login or a token request, a cookie, a file, or what they were given. */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, isPath, lastName, rootName } from '../calls';
import type { FileModel } from '../file';
import { positionsOf, type Positions } from '../positions';
import { isFunction, returnsOf, variableOf, type FunctionNode } from '../scope';
import type { Node } from '../source';
import { PRINTS_TOKEN, RUNS_COMMAND } from '../vocabulary/commands';
import { COLOURS, KEEPS_ALL, KEEPS_ARGUMENT, KEEPS_RECEIVER, MAKES_TEXT } from '../vocabulary/text-calls';
import type { CarriedRequests } from './carried-requests';
import { connectionAt } from './connections';
import { asObject, asText, firstSecret, type HeldSecret } from './holders';
import { HANDS_OUT, type SecretNames } from './names';
import type { TokenReader } from './reader';
import type { Subject } from './subject';
import { TokenRequests } from './token-requests';

const TOKEN_RESPONSE: HeldSecret = { kind: 'access token', holder: 'token response', isTraced: true };
const PRIVATE_KEY = /\.(?:key|pem|p8)\b|private_?key/gi;

export class CallReader {
  private readonly tokenRequests: TokenRequests;
  private keys: Positions | undefined;

  constructor(
    private readonly file: FileModel,
    private readonly subject: Subject,
    private readonly names: SecretNames,
    private readonly requests: CarriedRequests,
    private readonly reader: TokenReader,
  ) {
    this.tokenRequests = new TokenRequests(file, subject);
  }

  ofCall(call: TSESTree.CallExpression): HeldSecret | undefined {
    const { reader } = this;
    const name = calleeName(call);
    const receiver = call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
    const argument = call.arguments[0];
    if (name === 'stringify' && argument) {
      const replacer = call.arguments[1];
      const isWhole = !replacer || (replacer.type === 'Literal' && replacer.value === null) || (receiver?.type === 'Identifier' && receiver.name !== 'JSON');
      return isWhole ? asText(reader.secretIn(argument)) : undefined;
    }
    if (receiver && COLOURS.has(rootName(receiver) ?? '')) return firstSecret(call.arguments, (one) => reader.secretInText(one));
    if (argument && (KEEPS_ARGUMENT.has(name) || MAKES_TEXT.has(name)) && this.ownFunctions(call).length === 0) {
      const secret = reader.secretIn(argument);
      if (secret) return name === 'parse' ? asObject(secret) : MAKES_TEXT.has(name) ? (name === 'inspect' ? asText(secret) : reader.secretInText(argument)) : secret;
    }
    if (KEEPS_ALL.has(name)) {
      const secret = firstSecret([...(receiver ? [receiver] : []), ...call.arguments], (one) => reader.secretIn(one));
      if (secret) return secret;
    }
    if (receiver && KEEPS_RECEIVER.has(name)) {
      const secret = reader.secretIn(receiver);
      if (secret?.holder === 'HTTP response') return { ...secret, holder: 'token response', isText: name === 'text' };
      if (secret?.holder && name === 'toString') return secret.isText || receiver.type === 'NewExpression' ? asText(secret) : undefined;
      if (secret) return secret;
    }
    if (receiver && name === 'then') return this.afterThen(call, receiver);
    return this.answerOf(call);
  }

  private afterThen(call: TSESTree.CallExpression, receiver: Node): HeldSecret | undefined {
    const [handler] = call.arguments;
    if (handler && isFunction(handler)) return firstSecret(returnsOf(this.file.source, handler), (value) => this.reader.secretIn(value));
    return this.reader.secretIn(receiver);
  }

  /** What a call gives back, or gives its callback. */
  answerOf(call: TSESTree.CallExpression): HeldSecret | undefined {
    const name = calleeName(call);
    const receiver = call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
    const known = receiver && this.ofMethod(call, receiver, name);
    if (known) return known;
    const [argument] = call.arguments;
    if (RUNS_COMMAND.has(name) && this.commandLines(call).some((line) => PRINTS_TOKEN.test(line))) {
      return { kind: 'access token', holder: 'command output', isText: true, isTraced: true };
    }
    if (/^readFile(?:Sync)?$/.test(name) && argument && this.subject.isConcerned && this.namesPrivateKey(argument)) return { kind: 'private key' };
    if (name === 'getCookie' && this.subject.isSidCookie(call)) return { kind: 'session id', isTraced: true };
    if (this.tokenRequests.logsIn(call)) return { kind: 'session id', holder: 'HTTP response', isText: true, isTraced: true };
    if (this.tokenRequests.asksForToken(call)) return { kind: 'access token', holder: 'HTTP response', isTraced: true };
    const sent = this.requests.sentBy(call, 'answer');
    if (sent) return sent;
    const own = this.ownFunctions(call);
    if (own.length > 0) return firstSecret(own.flatMap((fn) => returnsOf(this.file.source, fn)), (value) => this.reader.secretIn(value));
    return HANDS_OUT.test(name) ? this.names.byName(name, call) : undefined;
  }

  private ofMethod(call: TSESTree.CallExpression, receiver: Node, name: string): HeldSecret | undefined {
    const { subject } = this;
    const { libraries } = subject;
    if (this.reader.secretIn(receiver)?.holder === 'OAuth2 client' && /^(?:authenticate|requestToken|refreshToken)$/.test(name)) return TOKEN_RESPONSE;
    if (libraries.nforce && (name === 'authenticate' || name === 'refreshToken')) return TOKEN_RESPONSE;
    if (libraries.jsforce && libraries.core && name === 'getConnection') return { kind: 'access token', holder: 'connection', isTraced: true };
    if (/^login(?:Async)?$/.test(name) && (isPath(receiver, 'sforce', 'connection') || (libraries.soap && subject.isConcerned))) {
      return { kind: 'session id', holder: 'token response', isTraced: true };
    }
    if (/^getSfdxAuthUrl$/i.test(name)) return { kind: 'SFDX auth URL', isTraced: true };
    if (libraries.core && name === 'getFields' && isTrue(call.arguments[0])) return { kind: 'access token', holder: 'object', isTraced: true };
    if (/^getOrgFrontDoorUrl$/i.test(name)) return { kind: 'frontdoor URL', isTraced: true };
    if (name === 'sign' && /^(?:jwt|jsonwebtoken|jws|jose)$/i.test(rootName(receiver) ?? '') && subject.signsAssertions) return { kind: 'JWT assertion', isTraced: true };
    if (/^(?:match|exec|split|get|find|replace)$/.test(name) && subject.isSidCookie(call)) return { kind: 'session id', isTraced: true };
    return undefined;
  }

  private ownFunctions(call: TSESTree.CallExpression): FunctionNode[] {
    return this.file.values.of(call.callee).flatMap((value) => (value.kind === 'function' ? [value.node] : []));
  }

  /** What a call runs: a whole command line, or a command and its arguments. */
  private commandLines(call: TSESTree.CallExpression): readonly string[] {
    const [command, args] = call.arguments;
    const commands = command ? this.file.values.strings(command) : [];
    if (args?.type !== 'ArrayExpression') return commands;
    const rest = args.elements.flatMap((element) => (element ? this.file.values.strings(element) : []));
    return commands.map((one) => [one, ...rest].join(' '));
  }

  private namesPrivateKey(path: Node): boolean {
    this.keys ??= positionsOf(this.file.source.text, PRIVATE_KEY);
    return this.keys.isAnyIn(path);
  }

  ofNew(node: TSESTree.NewExpression): HeldSecret | undefined {
    const connection = connectionAt(this.file, node);
    if (connection) return connection;
    const [argument] = node.arguments;
    const name = lastName(node.callee);
    if (!argument || node.callee.type !== 'Identifier') return undefined;
    if (name === 'Promise' && isFunction(argument)) return this.resolvedBy(argument);
    return name === 'URLSearchParams' || name === 'URL' ? asText(this.reader.secretIn(argument)) : undefined;
  }

  /** What `new Promise((resolve) => …)` resolves to. */
  private resolvedBy(executor: FunctionNode): HeldSecret | undefined {
    const [resolve] = executor.params;
    if (resolve?.type !== 'Identifier') return undefined;
    const variable = variableOf(this.file.source, resolve);
    return firstSecret(variable?.references ?? [], ({ identifier }) => {
      const call = identifier.parent as Node;
      const value = call.type === 'CallExpression' && call.callee === identifier ? call.arguments[0] : undefined;
      return value && this.reader.secretIn(value);
    });
  }
}

function isTrue(node: Node | undefined): boolean {
  return node?.type === 'Literal' && node.value === true;
}
