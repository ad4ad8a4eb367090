/** Texts and what they are put together from: literals, quasis, concatenations. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from './file';
import { callsOf } from './flow';
import { contains, nameOf, unwrap, variableOf } from './scope';
import type { Node } from './source';

/** A text that stands in the code, and the literal, template or concatenation that holds it. */
export interface Piece {
  node: Node;
  text: string;
}

/** What a text consists of, in order: fixed texts, and the expressions between them. */
export type Part = Piece | Node;

/** A text that is put together, in one expression or over several statements. */
export interface Assembly {
  /** The expression; undefined where no single one holds the text. */
  node: Node | undefined;
  parts: readonly Part[];
}

/** Every literal text of a file: strings, those that are types too, the fixed parts of templates, text between JSX tags. */
export function* literalPieces(file: FileModel): Iterable<Piece> {
  for (const node of [...file.all('Literal'), ...file.typeLiterals()]) if (typeof node.value === 'string') yield { node, text: node.value };
  for (const node of file.all('TemplateLiteral')) for (const quasi of node.quasis) yield { node, text: quasiText(quasi) };
  for (const node of file.all('JSXText')) yield { node, text: node.value };
}

/** The texts that a file puts together: concatenations, templates with holes, `[…].join()`, `text += …`. */
export function* assemblies(file: FileModel): Iterable<Assembly> {
  for (const node of assembled(file)) yield { node, parts: partsOf(file, node) };
  yield* grown(file);
}

/** The outermost expressions that put texts together. */
function* assembled(file: FileModel): Iterable<Node> {
  for (const node of file.all('BinaryExpression')) if (node.operator === '+' && !isPart(node)) yield node;
  for (const node of file.all('TemplateLiteral')) if (node.expressions.length > 0 && !isPart(node)) yield node;
  for (const node of file.methodCalls.named('concat', 'join')) if (!isPart(node)) yield node;
}

/** `let xml = '<a>'; xml += '<b>';`: what a variable is given once and has added to, in source order. */
function* grown(file: FileModel): Iterable<Assembly> {
  const seen = new Set<object>();
  for (const { operator, left } of file.all('AssignmentExpression')) {
    const variable = operator === '+=' && left.type === 'Identifier' ? variableOf(file.source, left) : undefined;
    if (!variable || seen.has(variable)) continue;
    seen.add(variable);
    const writes = variable.references.filter((reference) => reference.isWrite() && reference.writeExpr);
    const isAddition = ({ identifier }: (typeof writes)[number]) => {
      const { parent } = identifier as Node;
      return parent?.type === 'AssignmentExpression' && parent.operator === '+=';
    };
    if (writes.slice(1).every(isAddition)) yield { node: undefined, parts: writes.flatMap(({ writeExpr }) => partsOf(file, writeExpr as Node)) };
  }
}

/** What an expression's text consists of, in order. An expression that puts nothing together is its own only part. */
export function partsOf(file: FileModel, start: Node): Part[] {
  const parts: Part[] = [];
  const stack: Part[] = [start];
  const arrays = new Set<Node>();
  for (let part = stack.pop(); part; part = stack.pop()) {
    const inside = 'text' in part ? undefined : inOrder(file, unwrap(part), arrays);
    if (inside) for (let index = inside.length - 1; index >= 0; index--) stack.push(inside[index]!);
    else parts.push(part);
  }
  return parts;
}

/** The same as texts, and the expressions between them. */
export function piecesOf(file: FileModel, start: Node): (string | Node)[] {
  return partsOf(file, start).map((part) => ('text' in part ? part.text : part));
}

/** Does a call put a text together: `['a', b].join('&')`, `'a'.concat(b)`? */
export function isAssembly(file: FileModel, call: TSESTree.CallExpression): boolean {
  return inOrder(file, call, new Set()) !== undefined;
}

/** What an expression puts together; undefined where it does not. Each array of `arrays` counts once: one may hold another. */
function inOrder(file: FileModel, node: Node, arrays: Set<Node>): readonly Part[] | undefined {
  if (node.type === 'BinaryExpression' && node.operator === '+') return [node.left as Node, node.right];
  if (node.type === 'TemplateLiteral') {
    return node.quasis.flatMap((quasi, index): Part[] => [{ node, text: quasiText(quasi) }, ...(node.expressions[index] ? [node.expressions[index]] : [])]);
  }
  if (node.type === 'Literal' && (typeof node.value === 'string' || typeof node.value === 'number')) return [{ node, text: String(node.value) }];
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { object } = node.callee;
  if (nameOf(node.callee) === 'concat') return isText(file, object) ? [object, ...node.arguments] : undefined;
  if (nameOf(node.callee) !== 'join') return undefined;
  const [array, ...others] = file.values.of(object);
  const separators = node.arguments[0] ? file.values.strings(node.arguments[0]) : [','];
  if (array?.kind !== 'array' || others.length > 0 || arrays.has(array.node) || separators.length !== 1) return undefined;
  arrays.add(array.node);
  return array.node.elements.flatMap((element, index): Part[] => [...(index > 0 ? [{ node, text: separators[0]! }] : []), ...(element ? [element] : [])]);
}

/** Is an expression a text? An array has a `concat` too. */
function isText(file: FileModel, start: Node): boolean {
  let node = unwrap(start);
  while (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && nameOf(node.callee) === 'concat') node = unwrap(node.callee.object);
  return file.values.of(node).every(({ kind }) => kind === 'text' || kind === 'literal');
}

/** Above this many alternatives a text says nothing any more. */
const MOST_TEXTS = 12;

/** The texts that parts can add up to, unknown ones left out as NUL. */
export function textsOf(file: FileModel, parts: readonly Part[]): string[] {
  let texts = [''];
  for (const part of parts) {
    const found = 'text' in part ? [part.text] : file.values.strings(part);
    const ends = found.length > 0 ? found : ['\0'];
    texts = texts.flatMap((text) => ends.map((end) => text + end)).slice(0, MOST_TEXTS);
  }
  return texts;
}

/**
 * The literal texts that an expression's value is or is made of, each where it stands in the file: behind constants,
 * beside an environment read, in one piece of a concatenation. Adjacent literals count as the one text they add up to.
 */
export function* literalsBehind(file: FileModel, start: Node, seen = new Set<Node>()): Iterable<Piece> {
  const node = unwrap(start);
  if (seen.has(node)) return;
  seen.add(node);
  const parts = partsOf(file, node);
  const isTogether = parts[0] !== node;
  if (parts.every((part) => 'text' in part)) {
    yield { node, text: parts.map(({ text }) => text).join('') };
  } else if (isTogether) {
    for (const part of parts) {
      if ('text' in part) yield part;
      else yield* literalsBehind(file, part, seen);
    }
  } else if (node.type === 'LogicalExpression') {
    yield* literalsBehind(file, node.left, seen);
    yield* literalsBehind(file, node.right, seen);
  } else {
    const others = otherCalls(file, node);
    for (const value of file.values.of(node)) {
      if ((value.kind !== 'literal' && value.kind !== 'text') || value.node === node) continue;
      if (!others.some((call) => call.arguments.some((argument) => contains(argument, value.node)))) yield* literalsBehind(file, value.node, seen);
    }
  }
}

/** The calls of the same function of the file beside this one: what they are given, this one does not return. */
function otherCalls(file: FileModel, node: Node): readonly TSESTree.CallExpression[] {
  if (node.type !== 'CallExpression') return [];
  const own = file.values.of(node.callee).flatMap((value) => (value.kind === 'function' ? callsOf(file, value.node) : []));
  return own.filter((call) => !contains(node, call) && !contains(call, node));
}

function quasiText(quasi: TSESTree.TemplateElement): string {
  return quasi.value.cooked ?? quasi.value.raw;
}

function isPart(node: Node): boolean {
  const { parent } = node;
  return (parent?.type === 'BinaryExpression' && parent.operator === '+') || parent?.type === 'TemplateLiteral';
}
