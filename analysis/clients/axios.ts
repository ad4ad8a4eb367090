/** axios: calls, instances, instances in fields and parameters, and headers set through `defaults` and interceptors. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { headersIn } from '../headers';
import { entriesOf } from '../objects';
import { isFunction, nameOf, unwrap } from '../scope';
import type { Header, HttpCall } from '../shapes';
import type { Node } from '../source';
import type { Client } from './client';
import { argumentAt, isOptions, isUsedIn, Makers, optionsAt, readOptions, useOf, type HttpLibrary, type Use } from './http';

const AXIOS: HttpLibrary = {
  name: 'axios',
  modules: new Set(['axios', '@nestjs/axios', '@nestjs/common', 'axios-https-proxy-fix', 'redaxios', 'xior']),
  globals: new Set(['axios']),
  makers: new Set(['create', 'Axios', 'extend']),
  types: new Set(['AxiosInstance', 'AxiosStatic', 'Axios', 'HttpService']),
};

/** Where each method takes its config; the others take it first. */
const CONFIG_AT = new Map([
  ['get', 1], ['delete', 1], ['head', 1], ['options', 1], ['post', 2], ['put', 2], ['patch', 2], ['postForm', 2], ['putForm', 2], ['patchForm', 2],
]);

export const axios: Client = {
  name: 'axios',
  *requests(file) {
    if (!isUsedIn(file, AXIOS)) return;
    const makers = new Makers();
    const uses = new Map<TSESTree.CallExpression, Use>();
    for (const call of [...file.all('CallExpression'), ...file.all('NewExpression')]) {
      const use = useOf(file, call.callee, AXIOS);
      if (!use) continue;
      if (AXIOS.makers!.has(use.path.at(-1) ?? '')) yield makers.add(instance(file, call, makers, use));
      else if (call.type === 'CallExpression') uses.set(call, use);
    }
    const common = defaultsOf(file, undefined);
    for (const [call, use] of uses) {
      const sent = request(file, call, use);
      if (sent) yield { ...sent, ...makers.of(call, use), headers: use.onInstance ? sent.headers : [...sent.headers, ...common] };
    }
  },
};

function instance(file: FileModel, call: HttpCall['call'], makers: Makers, use: Use): HttpCall {
  const parent = call.type === 'CallExpression' ? makers.of(call, use) : {};
  const own = readOptions(file, call.arguments[0]);
  return { library: 'axios', node: call, call, role: 'client', ...own, ...parent, headers: [...own.headers, ...defaultsOf(file, call)] };
}

function request(file: FileModel, call: TSESTree.CallExpression, use: Use): HttpCall | undefined {
  const [method, ...rest] = use.path.filter((name) => name !== 'axiosRef');
  if (rest.length > 0) return undefined;
  const sent = { library: 'axios', node: call, call, role: 'request' } as const;
  const first = argumentAt(call, 0);
  if (method === undefined || method === 'request') {
    if (!first) return undefined;
    if (call.arguments.length === 1 && isOptions(file, first) !== false) return { ...sent, ...readOptions(file, first) };
    return { ...sent, ...readOptions(file, optionsAt(call, 1)), url: first };
  }
  const at = CONFIG_AT.get(method);
  if (at === undefined && method !== '') return undefined;
  // `http[method](url, …)`: whichever argument has headers is the config.
  const options = at === undefined ? call.arguments.slice(1).find((argument) => entriesOf(file, argument).some(({ name }) => name === 'headers')) : optionsAt(call, at);
  const body = at === 2 ? argumentAt(call, 1) : undefined;
  return { ...sent, ...readOptions(file, options), ...(first && { url: first }), ...(body && { body }) };
}

/** Headers set on `defaults` or in a request interceptor: of one instance, or of axios itself. */
function defaultsOf(file: FileModel, made: Node | undefined): Header[] {
  let known = defaultsByFile.get(file);
  if (!known) defaultsByFile.set(file, (known = collectDefaults(file)));
  return known.get(made) ?? [];
}

/** By the call that makes the instance; under undefined, those of axios itself. */
const defaultsByFile = new WeakMap<FileModel, ReadonlyMap<Node | undefined, Header[]>>();

function collectDefaults(file: FileModel): ReadonlyMap<Node | undefined, Header[]> {
  const found = new Map<Node | undefined, Header[]>();
  const add = (object: Node, headers: readonly Header[]) => {
    const use = useOf(file, object, AXIOS);
    if (!use || use.path.length > 0 || use.onInstance !== (use.made !== undefined)) return;
    const list = found.get(use.made);
    if (list) list.push(...headers);
    else found.set(use.made, [...headers]);
  };
  for (const write of file.all('AssignmentExpression')) {
    if (write.left.type !== 'MemberExpression') continue;
    const path = pathOf(write.left);
    const at = path.names.indexOf('defaults');
    if (at < 0 || path.names[at + 1] !== 'headers') continue;
    const last = nameOf(write.left);
    add(path.objects[at]!, last === 'headers' || last === 'common' ? headersIn(file, write.right) : [{ nameNode: write.left.property, value: write.right, ...(last !== undefined && { name: last }) }]);
  }
  for (const call of file.all('CallExpression')) {
    const path = call.callee.type === 'MemberExpression' ? pathOf(call.callee) : undefined;
    const at = path?.names.indexOf('interceptors') ?? -1;
    if (!path || at < 0 || path.names[at + 1] !== 'request') continue;
    const [change] = call.arguments;
    const values = change ? file.values.of(change) : [];
    add(path.objects[at]!, values.flatMap((value) => (value.kind === 'function' ? setIn(file, value.node) : [])));
  }
  return found;
}

/** The headers that an interceptor sets on the config it is given. */
function setIn(file: FileModel, fn: Node): Header[] {
  if (!isFunction(fn)) return [];
  const [config] = fn.params;
  if (config?.type !== 'Identifier') return [];
  return file.all('AssignmentExpression').flatMap((write): Header[] => {
    if (write.range[0] < fn.range[0] || write.range[1] > fn.range[1] || write.left.type !== 'MemberExpression') return [];
    const { names } = pathOf(write.left);
    if (names[0] !== 'headers') return [];
    if (names.length === 1) return headersIn(file, write.right);
    const last = nameOf(write.left);
    return last === 'common' ? headersIn(file, write.right) : [{ nameNode: write.left.property, value: write.right, ...(last !== undefined && { name: last }) }];
  });
}

/** The names of `a.b.c` after its root, and the object that each is read from. */
function pathOf(node: Node): { names: (string | undefined)[]; objects: Node[] } {
  const names: (string | undefined)[] = [];
  const objects: Node[] = [];
  for (let current = unwrap(node); current.type === 'MemberExpression'; current = unwrap(current.object)) {
    names.unshift(nameOf(current));
    objects.unshift(current.object);
  }
  return { names, objects };
}
