/** What callbacks and catch clauses are given: an answer, a token that was refreshed, a request that failed. */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, isPath, lastName } from '../calls';
import type { FileModel } from '../file';
import { functionAround, nameOf, unwrap, type FunctionNode } from '../scope';
import type { Node } from '../source';
import type { CallReader } from './calls';
import { connectionAt } from './connections';
import { firstSecret, type HeldSecret } from './holders';
import type { TokenReader } from './reader';
import type { Subject } from './subject';

export class CallbackReader {
  private axiosCalls: Map<FunctionNode | undefined, TSESTree.CallExpression[]> | undefined;

  constructor(
    private readonly file: FileModel,
    private readonly subject: Subject,
    private readonly calls: CallReader,
    private readonly reader: TokenReader,
  ) {}

  /** What a callback's caller gives it. */
  passedTo(fn: FunctionNode, index: number): HeldSecret | undefined {
    const call = fn.parent;
    if (call?.type !== 'CallExpression' || call.callee === fn) return undefined;
    const name = calleeName(call);
    const receiver = call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
    if (receiver && name === 'then' && index === 0 && call.arguments[0] === fn) return this.reader.secretIn(receiver);
    if (receiver && (name === 'catch' || (name === 'then' && call.arguments[1] === fn))) return index === 0 ? this.errorOf([receiver]) : undefined;
    if (receiver && name === 'on' && call.arguments[0]?.type === 'Literal' && call.arguments[0].value === 'refresh' && connectionAt(this.file, receiver)) {
      return { kind: 'access token', isTraced: true, ...(index > 0 && { holder: 'token response' }) };
    }
    if (receiver?.type === 'MemberExpression' && name === 'use') {
      return this.interceptor(nameOf(receiver), (call.arguments as Node[]).indexOf(fn), index);
    }
    if (name === 'getCookie' || (name === 'get' && receiver && lastName(receiver).endsWith('cookies'))) {
      return index === 0 && this.subject.isSidCookie(call) ? { kind: 'session id', holder: 'cookie', isTraced: true } : undefined;
    }
    // Node's callbacks: the error first, then what the call would have returned.
    const answer = index > 0 ? this.calls.answerOf(call) : undefined;
    if (answer?.holder === 'HTTP response' && index > 1) return { ...answer, holder: 'token response', isText: true };
    return answer;
  }

  private interceptor(side: string | undefined, position: number, index: number): HeldSecret | undefined {
    if (index !== 0 || !this.subject.isConcerned) return undefined;
    if (side === 'request' && position === 0) return { kind: 'Authorization header', holder: 'request' };
    if (side === 'response' && position === 1) return { kind: 'Authorization header', holder: 'request error' };
    return undefined;
  }

  caughtBy(clause: TSESTree.CatchClause): HeldSecret | undefined {
    if (!this.subject.libraries.axios) return undefined;
    const [from, to] = clause.parent.block.range;
    const calls = this.axiosCallsIn(functionAround(clause)).filter((call) => from <= call.range[0] && call.range[1] <= to);
    return this.errorOf(calls);
  }

  /** An axios error carries the request that failed, with its headers and its body. */
  private errorOf(calls: readonly Node[]): HeldSecret | undefined {
    if (!this.subject.libraries.axios) return undefined;
    return firstSecret(calls, (call) => {
      const sent = unwrap(call);
      const secret = isAxiosCall(sent) ? firstSecret(sent.arguments, (argument) => this.reader.secretIn(argument)) : undefined;
      return secret && { ...secret, holder: 'request error', isText: false };
    });
  }

  private axiosCallsIn(fn: FunctionNode | undefined): readonly TSESTree.CallExpression[] {
    if (!this.axiosCalls) {
      this.axiosCalls = new Map();
      for (const call of this.file.all('CallExpression')) {
        if (!isAxiosCall(call)) continue;
        const around = functionAround(call);
        const calls = this.axiosCalls.get(around);
        if (calls) calls.push(call);
        else this.axiosCalls.set(around, [call]);
      }
    }
    return this.axiosCalls.get(fn) ?? [];
  }
}

function isAxiosCall(node: Node): node is TSESTree.CallExpression {
  if (node.type !== 'CallExpression') return false;
  const callee = unwrap(node.callee);
  return isPath(callee.type === 'MemberExpression' ? callee.object : callee, 'axios');
}
