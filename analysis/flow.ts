/** Where a value goes: the calls that receive it, followed through variables, objects and returns of one file. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from './file';
import { functionAround, isFunction, nameOf, variableOf } from './scope';
import type { Node } from './source';

/** Calls that change a text and hand it on. */
const PASSES_ON = new Set(['trim', 'replace', 'replaceAll', 'from', 'String', 'toString', 'join', 'concat', 'bind', 'encode', 'format', 'assign', 'log', 'debug', 'info', 'byteLength', 'template', 'stringify', 'push']);
const FARTHEST = 200;

/** The calls that a value ends up in as an argument, or as part of one. */
export function receivers(file: FileModel, start: Node): TSESTree.CallExpression[] {
  const found = new Set<TSESTree.CallExpression>();
  const seen = new Set<Node>();
  const stack: Node[] = [start];
  for (let node = stack.pop(); node && seen.size < FARTHEST; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const parent = node.parent as Node | undefined;
    if (!parent) continue;
    switch (parent.type) {
      case 'CallExpression': {
        if (parent.callee === node) break;
        const name = parent.callee.type === 'Identifier' ? parent.callee.name : (nameOf(parent.callee) ?? '');
        if (PASSES_ON.has(name)) stack.push(parent);
        else found.add(parent);
        break;
      }
      case 'MemberExpression':
        if (parent.object === node && PASSES_ON.has(nameOf(parent) ?? '') && parent.parent?.type === 'CallExpression') stack.push(parent.parent);
        break;
      case 'VariableDeclarator':
        if (parent.init === node && parent.id.type === 'Identifier') stack.push(...readsOf(file, parent.id));
        break;
      case 'AssignmentExpression':
        if (parent.right !== node) break;
        stack.push(parent);
        if (parent.left.type === 'Identifier') stack.push(...readsOf(file, parent.left));
        else if (parent.left.type === 'MemberExpression') {
          if (parent.left.object.type === 'Identifier') stack.push(...readsOf(file, parent.left.object));
          else if (parent.left.object.type === 'ThisExpression') stack.push(...fieldReads(file, nameOf(parent.left)));
        }
        break;
      case 'PropertyDefinition':
        if (parent.value === node) stack.push(...fieldReads(file, nameOf(parent)));
        break;
      case 'ReturnStatement': {
        const fn = functionAround(parent);
        if (fn) stack.push(...callsOf(file, fn));
        break;
      }
      case 'ArrowFunctionExpression':
        if (parent.body === node) stack.push(...callsOf(file, parent));
        break;
      case 'NewExpression':
      case 'ArrayExpression':
      case 'ObjectExpression':
      case 'Property':
      case 'SpreadElement':
      case 'TemplateLiteral':
      case 'BinaryExpression':
      case 'LogicalExpression':
      case 'ConditionalExpression':
      case 'AwaitExpression':
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'ChainExpression':
        stack.push(parent);
        break;
    }
  }
  return [...found].sort((a, b) => a.range[0] - b.range[0]);
}

function readsOf(file: FileModel, identifier: TSESTree.Identifier): Node[] {
  const variable = variableOf(file.source, identifier);
  return variable ? variable.references.filter((reference) => reference.isRead()).map((reference) => reference.identifier as Node) : [];
}

function fieldReads(file: FileModel, name: string | undefined): Node[] {
  return name === undefined ? [] : file.members.named(name).filter((member) => member.object.type === 'ThisExpression');
}

/** The calls that reach a function, by its name or by its method name. */
export function callsOf(file: FileModel, fn: Node): TSESTree.CallExpression[] {
  if (!isFunction(fn)) return [];
  const calls: TSESTree.CallExpression[] = [];
  const holder = fn.parent as Node | undefined;
  const identifier = fn.id ?? (holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? holder.id : undefined);
  if (identifier) {
    for (const read of readsOf(file, identifier)) if (read.parent?.type === 'CallExpression' && read.parent.callee === read) calls.push(read.parent);
  }
  const method = holder && (holder.type === 'MethodDefinition' || holder.type === 'Property' || holder.type === 'PropertyDefinition') ? nameOf(holder) : undefined;
  if (method !== undefined) {
    for (const member of file.members.named(method)) if (member.parent.type === 'CallExpression' && member.parent.callee === member) calls.push(member.parent);
  }
  return calls;
}
