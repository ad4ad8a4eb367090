/** Requests behind functions of the file: who calls `send(options)` sends what `send` sends. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from './file';
import { callsOf } from './flow';
import { headersIn, headersUnder } from './headers';
import { entriesOf, parameterSlot, propertyNodes, type ParameterSlot } from './objects';
import { nameOf, unwrap } from './scope';
import type { HttpCall } from './shapes';
import type { Node } from './source';

/** Functions that hand on to functions that hand on. */
const DEEPEST = 3;

/** The calls of own functions that take the headers of a request, or all of its options, from their caller. */
export function callersOf(file: FileModel, requests: readonly HttpCall[]): HttpCall[] {
  const found: HttpCall[] = [];
  let layer = requests.filter((request) => request.role === 'request');
  for (let depth = 0; depth < DEEPEST && layer.length > 0; depth++) {
    layer = layer.flatMap((request) => callersOfOne(file, request));
    found.push(...layer.filter(({ headers }) => headers.length > 0));
  }
  return found;
}

function callersOfOne(file: FileModel, request: HttpCall): HttpCall[] {
  const slots = optionSlots(file, request);
  const [first] = slots;
  if (!first) return [];
  const url = request.url && parameterSlot(file, request.url);
  return callsOf(file, first.slot.of)
    .filter((call) => call !== request.call)
    .flatMap((call): HttpCall[] => {
      const options = slots.find(({ part, slot }) => part === 'options' && slot.key === undefined)?.slot;
      const given = options && call.arguments[options.index];
      const headers = slots.flatMap(({ part, slot }) => filled(file, call, slot).flatMap((node) => (part === 'headers' ? headersIn(file, node) : headersUnder(file, node, 'headers'))));
      const address = (given && propertyNodes(file, given, 'url', 'uri')[0]) ?? (url && filled(file, call, url)[0]) ?? request.url;
      return [{
        library: request.library,
        node: call,
        call,
        role: 'request',
        headers,
        through: request,
        ...(address && { url: address }),
        ...(given && { options: given }),
        ...(request.client && { client: request.client }),
        ...(request.madeBy && { madeBy: request.madeBy }),
      }];
    });
}

interface Slot {
  part: 'options' | 'headers';
  slot: ParameterSlot;
}

/** The parameters of the function around a request that its options or its headers are taken from. */
function optionSlots(file: FileModel, request: HttpCall): Slot[] {
  if (!request.options) return [];
  const found: Slot[] = [];
  const take = (node: Node, part: Slot['part']) => {
    const slot = parameterSlot(file, node);
    if (slot) found.push({ part, slot });
  };
  for (const part of sourcesOf(file, request.options)) take(part, 'options');
  for (const headers of propertyNodes(file, request.options, 'headers')) {
    for (const part of sourcesOf(file, headers)) {
      const inner = unwrap(part);
      if (inner.type === 'MemberExpression' && nameOf(inner) === 'headers') take(inner.object, 'options');
      else take(part, 'headers');
    }
  }
  return found.filter(({ slot }) => slot.of === found[0]!.slot.of);
}

/** What an options expression is made of: itself, or what is spread or merged into it. */
function sourcesOf(file: FileModel, node: Node): Node[] {
  const inner = unwrap(node);
  if (inner.type === 'ObjectExpression') return inner.properties.flatMap((property) => (property.type === 'SpreadElement' ? sourcesOf(file, property.argument) : []));
  if (inner.type === 'LogicalExpression') return [...sourcesOf(file, inner.left), ...sourcesOf(file, inner.right)];
  if (inner.type === 'CallExpression' && nameOf(inner.callee) === 'assign') return inner.arguments.flatMap((argument) => sourcesOf(file, argument));
  if (inner.type === 'Identifier' && !parameterSlot(file, inner)) {
    return file.values.of(inner).flatMap((value) => (value.kind === 'object' ? sourcesOf(file, value.node) : []));
  }
  return [inner];
}

function filled(file: FileModel, call: TSESTree.CallExpression, slot: ParameterSlot): Node[] {
  const argument = call.arguments[slot.index];
  if (!argument || call.arguments.slice(0, slot.index + 1).some((one) => one.type === 'SpreadElement')) return [];
  return slot.key === undefined ? [argument] : entriesOf(file, argument).filter((entry) => entry.name === slot.key).map((entry) => entry.value);
}
