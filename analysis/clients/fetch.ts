/** `fetch` in all its places: the browser's and Node's own, node-fetch, cross-fetch, undici and the like. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { entriesOf } from '../objects';
import { isFunction, variableOf } from '../scope';
import type { HttpCall } from '../shapes';
import type { Node } from '../source';
import type { Value } from '../values';
import type { Client } from './client';
import { argumentAt, readOptions } from './http';

const MODULES = new Set([
  'node-fetch', 'cross-fetch', 'isomorphic-fetch', 'isomorphic-unfetch', 'whatwg-fetch', 'unfetch', 'undici', 'node-fetch-native',
  'node-fetch-commonjs', 'make-fetch-happen', 'electron-fetch', 'fetch-retry', 'cross-fetch/polyfill', '@adobe/node-fetch-retry',
]);
/** One of them stands in every file that uses one. Asked of every file, in which a search costs less than a pattern. */
const SPELLINGS = ['fetch', 'Fetch', 'FETCH', 'undici'];
/** Members of those modules that send. */
const SENDERS = new Set(['fetch', 'request']);
/** Parameters and fields that a caller hands `fetch` over in. */
const HANDED_OVER = /^_?(?:custom|base|raw|node|global|original|inner)?fetch(?:fn|impl|func|er|implementation)?$/i;

export const fetchClients: Client = {
  name: 'fetch',
  *requests(file) {
    if (!SPELLINGS.some((spelling) => file.source.text.includes(spelling))) return;
    const calls = [...file.all('CallExpression').filter(({ callee }) => callee.type === 'Identifier'), ...file.methodCalls.where((name) => /fetch|request|default/i.test(name) || mayKeepOne(file, name))];
    for (const call of calls) {
      const library = libraryOf(file, call);
      if (!library) continue;
      const first = argumentAt(call, 0);
      const second = argumentAt(call, 1);
      yield { library, node: call, call, role: 'request', ...(first && urlOf(file, first)), ...readOptions(file, second ?? requestOptions(file, first)) } satisfies HttpCall;
    }
  },
};

/** Does a file put into members of a name what may be a `fetch`: anything but a function of its own? */
function mayKeepOne(file: FileModel, name: string): boolean {
  const kept = [
    ...file.properties.named(name).map(({ value }) => value),
    ...file.memberWrites.named(name).map(({ right }) => right),
    ...file.fields.named(name).flatMap(({ value }) => value ?? []),
  ];
  return kept.some((value) => !isFunction(value) && value.type !== 'Literal');
}

function libraryOf(file: FileModel, call: TSESTree.CallExpression): string | undefined {
  if (call.callee.type !== 'Identifier' && call.callee.type !== 'MemberExpression') return undefined;
  const name = call.callee.type === 'Identifier' ? call.callee.name : undefined;
  for (const value of file.values.of(call.callee)) {
    if (value.kind === 'global' && (value.path.join('.') === 'fetch' || value.path.join('.') === 'UrlFetchApp.fetch')) return 'fetch';
    if (value.kind === 'module' && MODULES.has(value.module) && (value.path.length === 0 || SENDERS.has(value.path.at(-1)!))) return value.module;
    // `const fetch = fetchRetry(global.fetch)`.
    if (value.kind === 'result' && value.of.kind === 'module' && MODULES.has(value.of.module) && value.of.path.length === 0) return value.of.module;
    if (isHandedOver(value)) return 'fetch';
    if (value.kind === 'function' && name !== undefined && HANDED_OVER.test(name) && passesOn(file, value.node, call)) return 'fetch';
  }
  return undefined;
}

function isHandedOver(value: Value): boolean {
  if (value.kind === 'parameter') return HANDED_OVER.test(value.name);
  return value.kind === 'member' && value.of.kind === 'parameter' && value.name === 'fetch' && value.of.name !== 'this';
}

/** `const fetch = (...args) => import('node-fetch').then(({ default: fetch }) => fetch(...args))`. */
function passesOn(file: FileModel, fn: Extract<Value, { kind: 'function' }>['node'], call: TSESTree.CallExpression): boolean {
  const [rest] = fn.params;
  if (rest?.type !== 'RestElement' || (fn.range[0] <= call.range[0] && call.range[1] <= fn.range[1])) return false;
  return [...file.modules].some((module) => MODULES.has(module));
}

/** The address of `fetch(url)` and of `fetch(new Request(url, …))`. */
function urlOf(file: FileModel, first: Node): { url: Node } {
  const request = requestBehind(file, first);
  return { url: request?.arguments[0] ?? first };
}

function requestOptions(file: FileModel, first: Node | undefined): Node | undefined {
  if (!first) return undefined;
  const request = requestBehind(file, first);
  if (request) return request.arguments[1];
  return first.type === 'Identifier' && variableOf(file.source, first) && entriesOf(file, first).some(({ name }) => name === 'headers') ? first : undefined;
}

function requestBehind(file: FileModel, node: Node): TSESTree.NewExpression | undefined {
  for (const value of file.values.of(node)) {
    if (value.kind === 'instance' && value.of.kind === 'global' && value.of.path[0] === 'Request') return value.call;
  }
  return undefined;
}
