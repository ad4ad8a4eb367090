/** A login envelope sent by `https.request` or `http.request`: what is done with the request, and where it goes. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel, HttpCall } from '../../analysis';
import { propertyNodes } from '../../analysis/objects';
import { callOf, functionAround, isFunction, nameOf, unwrap, variableOf } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { declarationStyle, detectStyle, listAround, removeStatement, replaceArguments, statementOf, textOf, type Edit } from '../../edits';
import { argumentText } from './client-login';

const MODULES = new Set(['http', 'https', 'node:http', 'node:https', 'follow-redirects']);
/** Events that the runtime's stand-in has too, or that only tell of what becomes of a socket's request. */
const EVENTS = new Set(['response', 'error', 'timeout', 'abort', 'finish', 'close']);
const METHODS = new Set(['write', 'end', 'on', 'once', 'setTimeout', 'destroy', 'abort']);
const PLACE = ['protocol', 'hostname', 'host', 'port', 'path'] as const;
/** What can stand in a URL, and in a text whatever its quotes. */
const PLAIN_TEXT = /^[\w\-.~:/?&=%@+,;!]*$/;

/** `http` or `https`, where a callee is the `request` of the one or the other. */
export function schemeOf(file: FileModel, call: TSESTree.CallExpression): 'http' | 'https' | undefined {
  const [value, ...others] = file.values.of(call.callee);
  if (value?.kind !== 'module' || others.length > 0 || !MODULES.has(value.module)) return undefined;
  const [scheme, method, ...more] = [...(value.module === 'follow-redirects' ? [] : [value.module.replace('node:', '')]), ...value.path];
  return method === 'request' && more.length === 0 && (scheme === 'http' || scheme === 'https') ? scheme : undefined;
}

/** The object that its options are, wherever it stands. */
export function optionsObject(file: FileModel, { options }: HttpCall): Node[] {
  return options ? file.values.of(options).flatMap((value) => (value.kind === 'object' ? [value.node] : [])) : [];
}

/** A program that asks for a compressed answer takes it apart itself; the runtime's is plain. */
export function asksForCompression({ headers }: HttpCall): boolean {
  return headers.some(({ name }) => name?.toLowerCase() === 'accept-encoding');
}

/** How many arguments stand before the callback. */
export function lengthBeforeCallback({ arguments: given }: TSESTree.CallExpression, { options }: HttpCall): number | undefined {
  const length = given.indexOf(options as TSESTree.Expression) + 1;
  return length > 0 && given.length <= length + 1 ? length : undefined;
}

/** The calls that write to a request and end it; undefined where something else is done with it. */
export function sendsOf(file: FileModel, call: TSESTree.CallExpression): TSESTree.CallExpression[] | undefined {
  const holder = call.parent.type === 'VariableDeclarator' ? call.parent : undefined;
  const uses: Node[] = [];
  if (holder) {
    const { id } = holder;
    const variable = id.type === 'Identifier' && !id.typeAnnotation ? variableOf(file.source, id) : undefined;
    const isExported = holder.parent.parent?.type.startsWith('Export');
    if (!variable || isExported || variable.defs.length > 1 || variable.references.some((reference) => reference.isWrite() && !reference.init)) return undefined;
    for (const reference of variable.references) if (reference.isRead()) uses.push(reference.identifier as Node);
  } else uses.push(call);

  const sends: TSESTree.CallExpression[] = [];
  for (const use of uses) {
    // `req.on('error', reject).end(envelope)`
    for (let target: Node = use; ; ) {
      const step = stepOn(target);
      if (!step) return undefined;
      const name = nameOf(step.callee)!;
      if (name === 'write' || name === 'end') sends.push(step);
      // A write gives back no request.
      if (name === 'write' && (target !== use || !holder || step.parent.type !== 'ExpressionStatement')) return undefined;
      if (isLeft(step)) break;
      target = step;
    }
  }
  const areBeside = sends.every((send) => isBeside(send, call) && isPlainSend(send));
  return areBeside && sends.filter((send) => nameOf(send.callee) === 'end').length === 1 ? sends : undefined;
}

/** The method called on a request, where it is one that the stand-in has. */
function stepOn(target: Node): TSESTree.CallExpression | undefined {
  const member = target.parent;
  if (member?.type !== 'MemberExpression' || member.object !== target || member.optional || !METHODS.has(nameOf(member) ?? '')) return undefined;
  const step = callOf(member);
  if (!step || step.optional || step.arguments.some((argument) => argument.type === 'SpreadElement')) return undefined;
  const [event] = step.arguments;
  const isListener = ['on', 'once'].includes(nameOf(member)!);
  return !isListener || (event?.type === 'Literal' && EVENTS.has(String(event.value))) ? step : undefined;
}

/** Does nobody take what a call gives back? A callback's value is its caller's, who has no use for it. */
function isLeft(step: TSESTree.CallExpression): boolean {
  const { parent } = step;
  if (parent.type === 'ExpressionStatement') return true;
  if (!isFunction(parent) || parent.body !== (step as Node)) return false;
  const caller = parent.parent;
  return (caller.type === 'CallExpression' || caller.type === 'NewExpression') && caller.callee !== parent;
}

/** Is something always sent where the request is made, no more and no less? */
function isBeside(send: Node, call: Node): boolean {
  const [statement, opening] = [statementOf(send), statementOf(call)];
  const list = listAround(opening);
  return functionAround(send) === functionAround(call) && (statement === opening || (statement.type === 'ExpressionStatement' && list !== undefined && listAround(statement) === list));
}

/** `write(text)`, `write(text, 'utf8')`; the same of `end`, which may have nothing to send. */
function isPlainSend({ callee, arguments: [text, encoding, ...others] }: TSESTree.CallExpression): boolean {
  if (!text) return nameOf(callee) === 'end';
  return !isFunction(text) && others.length === 0 && (!encoding || encoding.type === 'Literal');
}

/** An address that is put together from options: the expressions in it, and its text. */
export interface Address {
  nodes: Node[];
  text: string;
}

/** Where a request goes, as an expression; undefined where that is not plain to see. */
export function addressOf(file: FileModel, scheme: 'http' | 'https', call: TSESTree.CallExpression, { options }: HttpCall): Address | undefined {
  const given = new Map(PLACE.map((name) => [name, propertyNodes(file, options!, name)]));
  if (call.arguments[0] !== options) {
    const [url] = call.arguments;
    // What the options say of the place goes before what the URL says.
    return url && [...given.values()].every((nodes) => nodes.length === 0) ? { nodes: [url], text: argumentText(file, url) } : undefined;
  }
  if ([...given.values()].some((nodes) => nodes.length > 1) || !isKnown(file, given.get('protocol')![0], [`${scheme}:`])) return undefined;
  const [host, ...hosts] = [...given.get('hostname')!, ...given.get('host')!];
  const [path] = given.get('path')!;
  const [port] = given.get('port')!;
  const paths = path ? file.values.strings(path) : [];
  if (!host || hosts.length > 0 || !path || paths.length === 0 || !paths.every((text) => text.startsWith('/'))) return undefined;
  if (!isKnown(file, port, [scheme === 'https' ? '443' : '80'])) return undefined;

  const pieces = [`${scheme}://`, ...piecesOf(host), ...piecesOf(path)];
  if (pieces.some((piece) => typeof piece === 'string' && !PLAIN_TEXT.test(piece))) return undefined;
  const nodes = pieces.filter((piece) => typeof piece !== 'string');
  return { nodes, text: written(file, pieces) };
}

/** Is an option left out, or one of these for sure? */
function isKnown(file: FileModel, node: Node | undefined, expected: readonly string[]): boolean {
  if (!node) return true;
  const values = file.values.of(node);
  return values.length > 0 && values.every((value) => value.kind === 'literal' && expected.includes(String(value.value)));
}

/** A text's fixed parts and what stands between them. */
function piecesOf(node: Node): (string | Node)[] {
  const inner = unwrap(node);
  if (inner.type === 'Literal' && typeof inner.value === 'string') return [inner.value];
  if (inner.type === 'TemplateLiteral') return inner.quasis.flatMap(({ value }, index) => [value.raw, ...(inner.expressions[index] ? [inner.expressions[index]] : [])]);
  if (inner.type !== 'BinaryExpression' || inner.operator !== '+') return [inner];
  const left = piecesOf(inner.left as Node);
  // `'a' + b + c` goes on as a text, `a + b + 'c'` begins as a sum.
  return typeof left[0] === 'string' ? [...left, ...(inner.right.type === 'BinaryExpression' ? [inner.right] : piecesOf(inner.right))] : [inner];
}

function written({ source }: FileModel, pieces: readonly (string | Node)[]): string {
  const parts: (string | Node)[] = [];
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') parts[parts.length - 1] = last + piece;
    else if (piece !== '') parts.push(piece);
  }
  const { quote } = detectStyle(source);
  if (parts.length > 1 && declarationStyle(source).keyword === 'const') {
    return `\`${parts.map((part) => (typeof part === 'string' ? part : `\${${textOf(source, part)}}`)).join('')}\``;
  }
  const operand = (node: Node) => (/^(?:Identifier|MemberExpression|CallExpression)$/.test(node.type) ? textOf(source, node) : `(${textOf(source, node)})`);
  return parts.map((part) => (typeof part === 'string' ? quote + part + quote : operand(part))).join(' + ');
}

/** Takes the envelope out of what is sent: the request still ends, and nothing is written to it. */
export function unsend(file: FileModel, sends: readonly TSESTree.CallExpression[]): Edit[] {
  return sends.flatMap((send) => {
    if (nameOf(send.callee) === 'write') return removeStatement(file.source, send.parent);
    return send.arguments.length > 0 ? replaceArguments(file.source, send, 0, send.arguments.length, '') : [];
  });
}
