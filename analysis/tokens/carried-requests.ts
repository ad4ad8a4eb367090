/** Requests whose answer or error carries them along, headers and body included: printing one prints the other. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { functionAround, nameOf, unwrap, type FunctionNode } from '../scope';
import type { Node } from '../source';
import type { Value } from '../values';
import { firstSecret, type HeldSecret } from './holders';
import type { TokenReader } from './reader';

/** What carries the request: `answer` where a promise resolves to it, `callback` where a callback's second parameter is it. */
type Carrier = 'error' | 'answer' | 'callback';

const CARRIERS = new Map<string, readonly Carrier[]>([
  ['axios', ['error', 'answer']],
  ['request', ['callback']],
  ['request-promise', ['error', 'callback']],
  ['request-promise-native', ['error', 'callback']],
]);
const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'request', 'postForm']);

export class CarriedRequests {
  private byFunction: Map<FunctionNode | undefined, TSESTree.CallExpression[]> | undefined;

  constructor(
    private readonly file: FileModel,
    private readonly reader: TokenReader,
  ) {}

  /** The secret in what a call sends, if its library lets it out in such a way. */
  sentBy(node: Node, by: Carrier): HeldSecret | undefined {
    const call = unwrap(node);
    if (call.type !== 'CallExpression') return undefined;
    for (const { library, defaults } of this.clientsOf(call)) {
      if (!CARRIERS.get(library)!.includes(by)) continue;
      const secret = firstSecret([...call.arguments, ...defaults], (argument) => this.reader.secretIn(argument));
      if (secret) return { ...secret, holder: by === 'error' ? 'request error' : 'answered request', isText: false };
    }
    return undefined;
  }

  /** The secret in an error of one of a function's own requests between two places. */
  failedIn(fn: FunctionNode | undefined, [from, to]: readonly [number, number]): HeldSecret | undefined {
    if (!this.byFunction) {
      this.byFunction = new Map();
      for (const call of this.file.all('CallExpression')) {
        if (this.clientsOf(call).length === 0) continue;
        const around = functionAround(call);
        const calls = this.byFunction.get(around);
        if (calls) calls.push(call);
        else this.byFunction.set(around, [call]);
      }
    }
    const calls = this.byFunction.get(fn) ?? [];
    return firstSecret(calls, (call) => (from <= call.range[0] && call.range[1] <= to ? this.sentBy(call, 'error') : undefined));
  }

  /** The libraries that a call may be a request of, and what the instance it is made on sends by default. */
  private clientsOf(call: TSESTree.CallExpression): { library: string; defaults: readonly Node[] }[] {
    const callee = unwrap(call.callee);
    if (callee.type === 'MemberExpression' && !VERBS.has(nameOf(callee) ?? '')) return [];
    return this.file.values.of(callee.type === 'MemberExpression' ? callee.object : callee).flatMap((value) => {
      const isInstance = value.kind === 'result' && (value.of.kind === 'module' || value.of.kind === 'global') && /^(?:create|defaults)$/.test(value.of.path.at(-1) ?? '');
      const library = libraryOf(isInstance ? value.of : value);
      return library !== undefined && CARRIERS.has(library) ? [{ library, defaults: isInstance ? (value.call?.arguments ?? []) : [] }] : [];
    });
  }
}

function libraryOf(value: Value): string | undefined {
  return value.kind === 'module' ? value.module : value.kind === 'global' && value.path[0] === 'axios' ? 'axios' : undefined;
}
