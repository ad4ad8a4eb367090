/** superagent: a chain that starts at `get(url)`, or at an agent that sends, and gathers headers on its way. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { headersIn } from '../headers';
import { propertyNodes } from '../objects';
import { callOf, nameOf, variableOf } from '../scope';
import type { Header, HttpCall } from '../shapes';
import type { Node } from '../source';
import type { Client } from './client';
import { argumentAt, Makers, usesOf, type HttpLibrary } from './http';

const SUPERAGENT: HttpLibrary = { name: 'superagent', modules: new Set(['superagent', 'superagent-promise', 'superagent-use', 'superagent-bluebird-promise']), globals: new Set(['superagent']), makers: new Set(['agent']) };
const METHODS = new Set(['get', 'post', 'put', 'patch', 'del', 'delete', 'head']);

export const superagent: Client = {
  name: 'superagent',
  *requests(file) {
    const makers = new Makers();
    for (const { call, use, makes } of usesOf(file, SUPERAGENT)) {
      if (makes) {
        yield makers.add({ library: 'superagent', node: call, call, role: 'client', ...gathered(file, stepsAfter(file, call).filter(isOfAgent)) });
        continue;
      }
      const method = use.path.at(-1);
      if (!(method === undefined ? call.arguments.length === 2 : METHODS.has(method))) continue;
      const url = argumentAt(call, method === undefined ? 1 : 0);
      yield { library: 'superagent', node: call, call, role: 'request', ...(url && { url }), ...gathered(file, stepsAfter(file, call)), ...makers.of(call, use) };
    }
  },
};

/** Is a step the agent's own, and not one of a request that it sends? */
function isOfAgent(step: TSESTree.CallExpression): boolean {
  for (let at: Node = step; at.type === 'CallExpression' && at.callee.type === 'MemberExpression'; at = at.callee.object) {
    if (METHODS.has(nameOf(at.callee) ?? '')) return false;
  }
  return true;
}

function gathered(file: FileModel, steps: readonly TSESTree.CallExpression[]): Pick<HttpCall, 'headers' | 'query' | 'body' | 'steps'> {
  const headers: Header[] = [];
  let query: Node | undefined;
  let body: Node | undefined;
  for (const step of steps) {
    const [first, second] = step.arguments;
    if (!first) continue;
    switch (nameOf(step.callee)) {
      case 'set': {
        if (!second) headers.push(...headersIn(file, first));
        const names = second ? file.values.strings(first) : [];
        if (second) headers.push({ nameNode: first, value: second, ...(names.length === 1 && { name: names[0]! }) });
        break;
      }
      case 'auth':
        if (second && propertyNodes(file, second, 'type').some((type) => file.values.strings(type).includes('bearer'))) {
          headers.push({ name: 'Authorization', nameNode: step, value: first, scheme: 'Bearer' });
        }
        break;
      case 'query':
        query ??= first;
        break;
      case 'send':
        body ??= first;
    }
  }
  return { headers, steps, ...(query && { query }), ...(body && { body }) };
}

/** The method calls that follow in the chain, or on the variable that holds it. */
function stepsAfter(file: FileModel, call: TSESTree.CallExpression): TSESTree.CallExpression[] {
  const steps: TSESTree.CallExpression[] = [];
  let last: Node = call;
  for (let parent = last.parent; parent?.type === 'MemberExpression' && parent.object === last; parent = last.parent) {
    const step = callOf(parent);
    if (!step) break;
    steps.push(step);
    last = step;
  }
  const holder = last.parent;
  if (holder?.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier') return steps;
  for (const { identifier } of variableOf(file.source, holder.id)?.references ?? []) {
    const member = identifier.parent as Node | undefined;
    const step = member?.type === 'MemberExpression' ? callOf(member) : undefined;
    if (step) steps.push(step, ...stepsAfter(file, step));
  }
  return steps;
}
