/** Texts and what they are put together from: literals, quasis, concatenations. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from './file';
import { nameOf, unwrap } from './scope';
import type { Node } from './source';

/** A text that stands in the code, and the literal, template or concatenation that holds it. */
export interface Piece {
  node: Node;
  text: string;
}

/** Every literal text of a file: strings, the fixed parts of templates, text between JSX tags. */
export function* literalPieces(file: FileModel): Iterable<Piece> {
  for (const node of file.all('Literal')) if (typeof node.value === 'string') yield { node, text: node.value };
  for (const node of file.all('TemplateLiteral')) for (const quasi of node.quasis) yield { node, text: quasiText(quasi) };
  for (const node of file.all('JSXText')) yield { node, text: node.value };
}

/** The outermost expressions that put texts together: concatenations, templates with holes, `[…].join()`. */
export function* assembled(file: FileModel): Iterable<Node> {
  for (const node of file.all('BinaryExpression')) if (node.operator === '+' && !isPart(node)) yield node;
  for (const node of file.all('TemplateLiteral')) if (node.expressions.length > 0 && !isPart(node)) yield node;
  for (const node of file.all('CallExpression')) {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || isPart(node)) continue;
    if (nameOf(callee) === 'concat' || (nameOf(callee) === 'join' && callee.object.type === 'ArrayExpression')) yield node;
  }
}

/** What a concatenation or template consists of, in order: fixed texts, and the expressions between them. */
export function* partsOf(node: Node): Iterable<Piece | Node> {
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    yield* partsOf(node.left as Node);
    yield* partsOf(node.right);
  } else if (node.type === 'TemplateLiteral') {
    for (const [index, quasi] of node.quasis.entries()) {
      yield { node, text: quasiText(quasi) };
      if (node.expressions[index]) yield node.expressions[index];
    }
  } else if (node.type === 'Literal' && typeof node.value === 'string') {
    yield { node, text: node.value };
  } else {
    yield node;
  }
}

/** The same with the parts of parts: texts, and the expressions between them that are no text themselves. */
export function piecesOf(start: Node): (string | Node)[] {
  const pieces: (string | Node)[] = [];
  const stack: (string | Node)[] = [start];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node === 'string') {
      pieces.push(node);
    } else if (node.type === 'TemplateLiteral') {
      for (let index = node.quasis.length - 1; index >= 0; index--) {
        const hole = node.expressions[index];
        if (hole) stack.push(hole);
        stack.push(quasiText(node.quasis[index]!));
      }
    } else if (node.type === 'BinaryExpression' && node.operator === '+') {
      stack.push(node.right, node.left as Node);
    } else if (node.type === 'Literal' && (typeof node.value === 'string' || typeof node.value === 'number')) {
      stack.push(String(node.value));
    } else if (node.type === 'CallExpression' && isAssembly(node)) {
      stack.push(...assembledBy(node).reverse());
    } else {
      pieces.push(node);
    }
  }
  return pieces;
}

/** Is a call `['a', b].join('&')` or `'a'.concat(b)`? */
export function isAssembly(call: TSESTree.CallExpression): boolean {
  const { callee } = call;
  if (callee.type !== 'MemberExpression') return false;
  const method = nameOf(callee);
  if (method === 'join') return callee.object.type === 'ArrayExpression' && (call.arguments[0]?.type ?? 'Literal') === 'Literal';
  return method === 'concat' && (callee.object.type === 'TemplateLiteral' || (callee.object.type === 'Literal' && typeof callee.object.value === 'string'));
}

function assembledBy(call: TSESTree.CallExpression): (string | Node)[] {
  const { object } = call.callee as TSESTree.MemberExpression;
  if (object.type !== 'ArrayExpression') return [object, ...call.arguments];
  const [separator] = call.arguments;
  const between = separator?.type === 'Literal' ? String(separator.value) : ',';
  return object.elements.flatMap((element, index) => [...(index > 0 ? [between] : []), ...(element ? [element] : [])]);
}

/**
 * The literal texts that an expression's value is or is made of, each where it stands in the file: behind constants,
 * beside an environment read, in one piece of a concatenation. Adjacent literals count as the one text they add up to.
 */
export function* literalsBehind(file: FileModel, start: Node, seen = new Set<Node>()): Iterable<Piece> {
  const node = unwrap(start);
  if (seen.has(node)) return;
  seen.add(node);
  if (isFixed(node)) {
    for (const text of file.values.strings(node)) yield { node, text };
  } else if ((node.type === 'BinaryExpression' && node.operator === '+') || node.type === 'TemplateLiteral') {
    for (const part of partsOf(node)) {
      if ('text' in part) yield part;
      else yield* literalsBehind(file, part, seen);
    }
  } else if (node.type === 'LogicalExpression') {
    yield* literalsBehind(file, node.left, seen);
    yield* literalsBehind(file, node.right, seen);
  } else {
    for (const value of file.values.of(node)) {
      if (value.kind !== 'literal' && value.kind !== 'text') continue;
      if (value.node !== node) yield* literalsBehind(file, value.node, seen);
      else if (value.kind === 'literal' && typeof value.value === 'string') yield { node, text: value.value };
    }
  }
}

function quasiText(quasi: TSESTree.TemplateElement): string {
  return quasi.value.cooked ?? quasi.value.raw;
}

function isPart(node: Node): boolean {
  const { parent } = node;
  return (parent?.type === 'BinaryExpression' && parent.operator === '+') || parent?.type === 'TemplateLiteral';
}

/** Is every part of an expression a literal? */
function isFixed(node: Node): boolean {
  if (node.type === 'Literal') return typeof node.value === 'string';
  if (node.type === 'TemplateLiteral') return node.expressions.every(isFixed);
  return node.type === 'BinaryExpression' && node.operator === '+' && isFixed(node.left as Node) && isFixed(node.right);
}
