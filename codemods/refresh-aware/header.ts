/** Taking the token's header out of a request: the refresh-aware client puts in its own, and leaves alone who brings one along. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel, Header } from '../../analysis';
import { callsOf } from '../../analysis/flow';
import { functionName, nameOf, variableOf, wrapped } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { removeArgument, removeProperty, removeStatement, type Edit } from '../../edits';

type Call = TSESTree.CallExpression | TSESTree.NewExpression;

const HEADERS = new Set(['headers', 'requestHeaders']);

/**
 * The edit that drops a header, where it is set for nobody but these calls; undefined where others may see it, or where it is
 * set in a way that cannot be undone.
 */
export function dropHeader(file: FileModel, header: Header, calls: ReadonlySet<Node>): Edit | undefined {
  const set = header.nameNode.parent;
  // `auth: { bearer: token }`
  if (header.scheme !== undefined && set?.type === 'Property') return fromObject(file, set.parent.parent as Node, calls);
  if (set?.type === 'Property') return fromObject(file, set, calls);
  if (set?.type === 'MemberExpression') return fromAssignment(file, set, calls);
  return set?.type === 'CallExpression' ? fromCall(file, set, calls) : undefined;
}

/** `headers: { Authorization: … }`, with the objects around it that would be left empty. */
function fromObject(file: FileModel, property: Node, calls: ReadonlySet<Node>): Edit | undefined {
  if (property.type !== 'Property' || property.parent.type !== 'ObjectExpression' || !isOnlyFor(file, property.parent, calls)) return undefined;
  let dropped: Node = property;
  for (;;) {
    const object: Node = dropped.parent!;
    if (object.type !== 'ObjectExpression' || object.properties.length > 1) break;
    const parent: Node = object.parent;
    if (parent.type === 'Property' && parent.value === object && HEADERS.has(nameOf(parent) ?? '')) dropped = parent;
    else if (isCall(parent) && calls.has(parent) && parent.arguments.at(-1) === object && parent.arguments.length > 1) {
      return removeArgument(file.source, parent, parent.arguments.length - 1);
    } else break;
  }
  return removeProperty(file.source, dropped);
}

/** `options.headers.Authorization = …`, `axios.defaults.headers.common['Authorization'] = …` */
function fromAssignment(file: FileModel, member: TSESTree.MemberExpression, calls: ReadonlySet<Node>): Edit | undefined {
  const write = member.parent;
  if (write.type !== 'AssignmentExpression' || write.left !== member || write.parent.type !== 'ExpressionStatement') return undefined;
  let root: Node = member.object;
  while (root.type === 'MemberExpression') root = root.object;
  if (root.type !== 'Identifier') return undefined;
  const isDefault = /\.defaults\.headers\b/.test(file.source.getText(member));
  return isDefault || isVariableOnlyFor(file, root, calls) ? removeStatement(file.source, write.parent) : undefined;
}

/** `headers.append('Authorization', …)`, `headers.set(…)` */
function fromCall(file: FileModel, call: TSESTree.CallExpression, calls: ReadonlySet<Node>): Edit | undefined {
  const { callee, parent } = call;
  if (parent.type !== 'ExpressionStatement' || callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined;
  return isVariableOnlyFor(file, callee.object, calls) ? removeStatement(file.source, parent) : undefined;
}

/** Does a value go to these calls and nowhere else? */
function isOnlyFor(file: FileModel, node: Node, calls: ReadonlySet<Node>, depth = 0): boolean {
  if (depth > 10) return false;
  const value = wrapped(node);
  const { parent } = value;
  const next = (outer: Node) => isOnlyFor(file, outer, calls, depth + 1);
  switch (parent?.type) {
    case 'CallExpression':
    case 'NewExpression':
      if (calls.has(parent)) return (parent.arguments as Node[]).includes(value);
      return isHeaders(parent) && next(parent);
    case 'Property':
      return parent.value === value && parent.parent.type === 'ObjectExpression' && next(parent.parent);
    case 'SpreadElement':
      return parent.parent.type === 'ObjectExpression' && next(parent.parent);
    case 'VariableDeclarator':
      return parent.init === value && parent.id.type === 'Identifier' && isVariableOnlyFor(file, parent.id, calls, depth + 1);
    case 'ReturnStatement':
    case 'ArrowFunctionExpression': {
      const fn = parent.type === 'ReturnStatement' ? functionOf(parent) : parent;
      if (!fn || (fn === parent && parent.type === 'ArrowFunctionExpression' && parent.body !== value)) return false;
      const sent = callsOf(file, fn);
      return sent.length > 0 && sent.length === mentions(file, fn) && sent.every(next);
    }
    default:
      return false;
  }
}

function isVariableOnlyFor(file: FileModel, identifier: TSESTree.Identifier, calls: ReadonlySet<Node>, depth = 0): boolean {
  const variable = variableOf(file.source, identifier);
  if (variable?.defs.length !== 1 || (variable.defs[0]!.node as Node).parent?.parent?.type === 'ExportNamedDeclaration') return false;
  return variable.references.every((reference) => {
    const use = reference.identifier as Node;
    if (reference.init) return true;
    return !reference.isWrite() && (isOwnChange(use) || isOnlyFor(file, use, calls, depth + 1));
  });
}

/** `options.headers.Accept = …`, `headers.append(…)`: filling the object is no use of it. */
function isOwnChange(use: Node): boolean {
  let top: Node = use;
  while (top.parent?.type === 'MemberExpression' && top.parent.object === top) top = top.parent;
  if (top === use) return false;
  const { parent } = top;
  if (parent?.type === 'AssignmentExpression') return parent.left === top;
  return parent?.type === 'CallExpression' && parent.callee === top && ['append', 'set', 'delete'].includes(nameOf(top) ?? '');
}

function isHeaders(call: Call): boolean {
  return call.type === 'NewExpression' && call.callee.type === 'Identifier' && (call.callee.name === 'Headers' || call.callee.name === 'Request');
}

function isCall(node: Node): node is Call {
  return node.type === 'CallExpression' || node.type === 'NewExpression';
}

function functionOf(statement: Node): Node | undefined {
  let at = statement.parent;
  while (at && !/Function/.test(at.type)) at = at.parent;
  return at;
}

/** How often a function is named, apart from where it is made: more often than it is called means it is handed on. */
function mentions(file: FileModel, fn: Node): number {
  const declared = fn as TSESTree.FunctionDeclaration;
  const holder = fn.parent as Node;
  const identifier = declared.id ?? (holder.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? holder.id : undefined);
  if (!identifier) return file.membersNamed(functionName(declared) ?? '').length;
  const variable = variableOf(file.source, identifier);
  const isExported = holder.type.startsWith('Export') || holder.parent?.parent?.type === 'ExportNamedDeclaration';
  return isExported ? Number.POSITIVE_INFINITY : (variable?.references.filter((reference) => !reference.init).length ?? Number.POSITIVE_INFINITY);
}
