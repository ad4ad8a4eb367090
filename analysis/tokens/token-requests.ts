/** Requests whose answer is a token: those to a token endpoint, and those with a hand-written login envelope. */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName } from '../calls';
import type { FileModel } from '../file';
import { receivers } from '../flow';
import { isFunction, variableOf } from '../scope';
import type { Node } from '../source';
import { LOGIN_ELEMENT } from '../vocabulary/soap';
import type { Subject } from './subject';

const TOKEN_ADDRESS = /\/services\/oauth2\/(?:token|singleaccess)|\/oauth2?\/(?:v\d\/)?token\b|\/v2\/token\b/;
const SENDS = /^(?:fetch|nodeFetch|axios|request|rp|got|ky|needle|superagent|post|get|put|send|http\w*|call\w*|\w*fetch|\w*request)(?:Async|Json|JSON|Form)?$/i;
const MOST_STARTS = 50;

export class TokenRequests {
  private logins: ReadonlySet<Node> | undefined;

  constructor(
    private readonly file: FileModel,
    private readonly subject: Subject,
  ) {}

  /** Does a call ask a token endpoint? */
  asksForToken(call: TSESTree.CallExpression): boolean {
    if (!SENDS.test(calleeName(call)) || (this.subject.scope !== 'any' && !this.subject.isConcerned)) return false;
    const isTokenAddress = (node: Node) => this.file.values.strings(node).some((text) => TOKEN_ADDRESS.test(text));
    return call.arguments.slice(0, 3).some((argument) => {
      if (argument.type === 'SpreadElement' || isFunction(argument)) return false;
      if (isTokenAddress(argument)) return true;
      return ['url', 'uri', 'path', 'endpoint'].some((key) =>
        (this.file.values.property(argument, key) ?? []).some((value) => (value.kind === 'literal' || value.kind === 'text') && isTokenAddress(value.node)),
      );
    });
  }

  /** Does a call send a hand-written login envelope? */
  logsIn(call: TSESTree.CallExpression): boolean {
    this.logins ??= this.loginRequests();
    return SENDS.test(calleeName(call)) && this.logins.has(call);
  }

  /** The calls that a login envelope ends up in, through functions of the file too. */
  private loginRequests(): ReadonlySet<Node> {
    const { file } = this;
    const found = new Set<Node>();
    if (!LOGIN_ELEMENT.test(file.source.text)) return found;
    const starts: Node[] = [
      ...file.all('TemplateLiteral').filter(({ quasis }) => quasis.some(({ value }) => LOGIN_ELEMENT.test(value.raw))),
      ...file.all('Literal').filter(({ value }) => typeof value === 'string' && LOGIN_ELEMENT.test(value)),
    ];
    const seen = new Set<Node>();
    for (let start = starts.pop(); start && seen.size < MOST_STARTS; start = starts.pop()) {
      if (seen.has(start)) continue;
      seen.add(start);
      for (const call of receivers(file, start)) {
        found.add(call);
        for (const value of file.values.of(call.callee)) {
          if (value.kind !== 'function') continue;
          for (const param of value.node.params) {
            const variable = param.type === 'Identifier' ? variableOf(file.source, param) : undefined;
            for (const reference of variable?.references ?? []) starts.push(reference.identifier as Node);
          }
        }
      }
    }
    return found;
  }
}
