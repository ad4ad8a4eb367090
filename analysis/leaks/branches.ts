/** Branches that run only when a secret is not there: what is written on them holds none. */
import type { TSESTree } from '@typescript-eslint/utils';
import { lastName } from '../calls';
import type { FileModel } from '../file';
import { isFunction, unwrap } from '../scope';
import type { Node } from '../source';
import type { HeldSecret } from '../tokens/holders';
import type { TokenReader } from '../tokens/reader';
import { perhapsSecretNamed, secretNamed } from '../vocabulary/secrets';

/** Does a node run only on such a branch? */
export function isRuledOut(file: FileModel, reader: TokenReader, node: Node, secret: HeldSecret): boolean {
  for (let child: Node = node, parent = node.parent; parent && !isFunction(parent); child = parent, parent = parent.parent) {
    if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') {
      if (parent.consequent === child && saysAbsent(reader, parent.test, secret)) return true;
      if (parent.alternate === child && saysPresent(reader, parent.test, secret)) return true;
    }
    if (parent.type === 'LogicalExpression' && parent.right === child) {
      if (parent.operator === '&&' ? saysAbsent(reader, parent.left, secret) : saysPresent(reader, parent.left, secret)) return true;
    }
    if (parent.type === 'BlockStatement') {
      const before = parent.body.slice(0, parent.body.indexOf(child as TSESTree.Statement));
      if (before.some((one) => one.type === 'IfStatement' && leaves(one.consequent) && saysPresent(reader, one.test, secret) && !isWrittenBetween(file, one, node))) return true;
    }
  }
  return false;
}

/** `if (token) return token; token = await login();`: what the test said no longer holds. */
function isWrittenBetween(file: FileModel, guard: TSESTree.IfStatement, node: Node): boolean {
  const tested = lastName(unwrap(guard.test));
  return tested !== '' && file.all('AssignmentExpression').some(({ left, range }) => guard.range[1] <= range[0] && range[1] <= node.range[0] && lastName(left as Node) === tested);
}

function leaves(statement: Node): boolean {
  const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : statement;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement' || last?.type === 'ContinueStatement';
}

const FAILURES = /^(?:err|error|errors|errorCode|error_description|fault|exception|stderr|isError|hasError|failed)$/i;
const ANSWER_STATUS = /^(?:status|statusCode|httpStatus|code)$/;

function saysAbsent(reader: TokenReader, test: Node, secret: HeldSecret): boolean {
  const inner = unwrap(test);
  switch (inner.type) {
    case 'LogicalExpression':
      return saysAbsent(reader, inner.left, secret) || saysAbsent(reader, inner.right, secret);
    case 'UnaryExpression':
      return inner.operator === '!' && saysPresent(reader, inner.argument, secret);
    case 'BinaryExpression': {
      const { operator, left, right } = inner;
      if (/^[!=]==?$/.test(operator)) {
        const isNothing = (node: Node) => (node.type === 'Literal' && (node.value === null || node.value === '')) || (node.type === 'Identifier' && node.name === 'undefined');
        if (operator.startsWith('=') && isNothing(right)) return isThe(reader, left as Node, secret);
        if (operator.startsWith('!') && isNothing(right)) return isFailure(left as Node, secret);
      }
      return isAnswerLike(secret) && isStatus(left as Node) && (operator.startsWith('!=') || operator.startsWith('>'));
    }
    default:
      return isFailure(inner, secret);
  }
}

function saysPresent(reader: TokenReader, test: Node, secret: HeldSecret): boolean {
  const inner = unwrap(test);
  if (inner.type === 'LogicalExpression') return saysPresent(reader, inner.left, secret) || saysPresent(reader, inner.right, secret);
  if (inner.type === 'UnaryExpression') return inner.operator === '!' && isFailure(unwrap(inner.argument), secret);
  if (inner.type === 'BinaryExpression') {
    const isStatusTest = isAnswerLike(secret) && isStatus(inner.left as Node);
    return (isStatusTest && (inner.operator.startsWith('==') || inner.operator.startsWith('<'))) || (inner.operator.startsWith('!=') && isThe(reader, inner.left as Node, secret));
  }
  if (isAnswerLike(secret) && /^(?:ok|success|isSuccess)$/.test(lastName(inner))) return true;
  return isThe(reader, inner, secret);
}

/** Is a node the secret itself, the same one by its kind? */
function isThe(reader: TokenReader, node: Node, secret: HeldSecret): boolean {
  const found = reader.secretIn(node);
  const kind = found && !found.holder ? found.kind : (secretNamed(lastName(unwrap(node))) ?? perhapsSecretNamed(lastName(unwrap(node))));
  return kind === secret.kind || (isAnswerLike(secret) && kind !== undefined);
}

function isFailure(node: Node, secret: HeldSecret): boolean {
  return isAnswerLike(secret) && FAILURES.test(lastName(node));
}

function isStatus(node: Node): boolean {
  return ANSWER_STATUS.test(lastName(unwrap(node)));
}

function isAnswerLike({ holder }: HeldSecret): boolean {
  return holder === 'token response' || holder === 'HTTP response' || holder === 'object' || holder === 'command output';
}
