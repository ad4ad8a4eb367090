/** What callbacks and catch clauses are given: an answer, a token that was refreshed, a request that failed. */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, lastName } from '../calls';
import type { FileModel } from '../file';
import { functionAround, nameOf, unwrap } from '../scope';
import type { Node } from '../source';
import type { CallReader } from './calls';
import type { CarriedRequests } from './carried-requests';
import { connectionAt } from './connections';
import type { HeldSecret } from './holders';
import type { TokenReader } from './reader';
import type { Subject } from './subject';

export class CallbackReader {
  constructor(
    private readonly file: FileModel,
    private readonly subject: Subject,
    private readonly calls: CallReader,
    private readonly requests: CarriedRequests,
    private readonly reader: TokenReader,
  ) {}

  /** What a callback's caller gives it, by the place of the parameter. */
  passedTo(callback: Node, index: number): HeldSecret | undefined {
    const call = callback.parent;
    if (call?.type !== 'CallExpression' || call.callee === callback) return undefined;
    const name = calleeName(call);
    const receiver = call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
    if (receiver && name === 'then' && index === 0 && call.arguments[0] === callback) return this.reader.secretIn(receiver);
    if (receiver && (name === 'catch' || (name === 'then' && call.arguments[1] === callback))) return index === 0 ? this.rejectionOf(receiver) : undefined;
    if (receiver && name === 'on') return this.ofEvent(call.arguments[0], receiver, index);
    if (receiver?.type === 'MemberExpression' && name === 'use') {
      return this.interceptor(nameOf(receiver), (call.arguments as Node[]).indexOf(callback), index);
    }
    if (name === 'getCookie' || (name === 'get' && receiver && lastName(receiver).endsWith('cookies'))) {
      return index === 0 && this.subject.isSidCookie(call) ? { kind: 'session id', holder: 'cookie', isTraced: true } : undefined;
    }
    // Node's callbacks: the error first, then what the call would have returned.
    const answer = index > 0 ? this.calls.answerOf(call) : undefined;
    if (answer?.holder === 'HTTP response' && index > 1) return { ...answer, holder: 'token response', isText: true };
    return answer ?? (index === 1 ? this.requests.sentBy(call, 'callback') : undefined);
  }

  private ofEvent(event: Node | undefined, source: Node, index: number): HeldSecret | undefined {
    const name = event?.type === 'Literal' ? event.value : undefined;
    if (name === 'refresh' && connectionAt(this.file, source)) {
      return { kind: 'access token', isTraced: true, ...(index > 0 && { holder: 'token response' }) };
    }
    const secret = name === 'data' && index === 0 ? this.reader.secretIn(source) : undefined;
    return secret?.holder === 'command output' ? secret : undefined;
  }

  private interceptor(side: string | undefined, position: number, index: number): HeldSecret | undefined {
    if (index !== 0 || !this.subject.isConcerned) return undefined;
    if (side === 'request' && position === 0) return { kind: 'Authorization header', holder: 'request' };
    if (side === 'response' && position === 1) return { kind: 'Authorization header', holder: 'request error' };
    return undefined;
  }

  caughtBy(clause: TSESTree.CatchClause): HeldSecret | undefined {
    return this.requests.failedIn(functionAround(clause), clause.parent.block.range);
  }

  /** What a promise is rejected with. */
  private rejectionOf(promise: Node): HeldSecret | undefined {
    let current = unwrap(promise);
    while (current.type === 'CallExpression' && current.callee.type === 'MemberExpression' && /^(?:then|finally)$/.test(nameOf(current.callee) ?? '')) {
      current = unwrap(current.callee.object);
    }
    return this.requests.sentBy(current, 'error');
  }
}
