/** `fetch` in all its places: the browser's and Node's own, node-fetch, cross-fetch, undici and the like. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { entriesOf } from '../objects';
import { isFunction, nameOf, variableOf } from '../scope';
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
    const kept = keptNames(file);
    for (const call of file.all('CallExpression')) {
      const method = call.callee.type === 'MemberExpression' ? nameOf(call.callee) : undefined;
      if (method !== undefined && !/fetch|request|default/i.test(method) && !kept.has(method)) continue;
      const library = libraryOf(file, call);
      if (!library) continue;
      const first = argumentAt(call, 0);
      const second = argumentAt(call, 1);
      yield { library, node: call, call, role: 'request', ...(first && urlOf(file, first)), ...readOptions(file, second ?? requestOptions(file, first)) } satisfies HttpCall;
    }
  },
};

/** The members in which a file may keep a `fetch`: whatever it puts into them is no function of its own. */
function keptNames(file: FileModel): ReadonlySet<string | undefined> {
  const places = [
    ...file.all('Property').map((node) => ({ name: nameOf(node), value: node.value })),
    ...file.all('PropertyDefinition').map((node) => ({ name: nameOf(node), value: node.value })),
    ...file.memberWrites.where(() => true).map(({ left, right }) => ({ name: nameOf(left), value: right })),
  ];
  return new Set(places.flatMap(({ name, value }) => (value && !isFunction(value) && value.type !== 'Literal' ? [name] : [])));
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
