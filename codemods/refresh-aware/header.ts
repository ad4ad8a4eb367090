/** Taking the token's header out of a request: the refresh-aware client puts in its own, and leaves alone who brings one along. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel, Header } from '../../analysis';
import { callsOf } from '../../analysis/flow';
import { contains, functionName, isFunction, nameOf, unwrap, variableOf, wrapped, type FunctionNode } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { removeArgument, removeProperty, removeStatement, type Edit } from '../../edits';
import { holdsRequest, isStatement, removeStep, stepOf } from './step';

type Call = TSESTree.CallExpression | TSESTree.NewExpression;

const HEADERS = new Set(['headers', 'requestHeaders']);

/**
 * The edit that drops a header, where it is set for nobody but these calls; undefined where others may see it, where the request
 * may go without it, or where it is set in a way that cannot be undone.
 */
export function dropHeader(file: FileModel, header: Header, calls: ReadonlySet<Node>, request: Node): Edit | undefined {
  const set = header.nameNode.parent;
  const step = stepOf(header, calls);
  if (step) return isStatement(step) ? fromRequest(file, header, step, calls, request) : removeStep(file, step);
  // `auth: { bearer: token }`
  if (header.scheme !== undefined && set?.type === 'Property') return fromObject(file, set.parent.parent as Node, calls);
  if (set?.type === 'Property') return fromObject(file, set, calls);
  if (set?.type === 'MemberExpression') return fromAssignment(file, header, set, calls, request);
  return set?.type === 'CallExpression' ? fromCall(file, header, set, calls, request) : undefined;
}

/** `headers: { Authorization: … }`, with the objects around it that would be left empty. */
function fromObject(file: FileModel, property: Node, calls: ReadonlySet<Node>): Edit | undefined {
  if (property.type !== 'Property' || property.parent.type !== 'ObjectExpression' || !isOnlyFor(file, property.parent, calls)) return undefined;
  const { properties } = property.parent;
  // It had the last word over what is spread before it.
  if (properties.slice(0, properties.indexOf(property)).some((one) => one.type === 'SpreadElement' && mayHaveOne(file, one.argument))) return undefined;
  let dropped: Node = property;
  for (;;) {
    const object: Node = dropped.parent!;
    if (object.type !== 'ObjectExpression' || object.properties.length > 1) break;
    const parent: Node = object.parent;
    // What is spread beside them may bring headers, which an empty object goes on replacing.
    const hasOthers = parent.type === 'Property' && parent.parent.properties.some(({ type }) => type === 'SpreadElement');
    if (parent.type === 'Property' && parent.value === object && HEADERS.has(nameOf(parent) ?? '') && !hasOthers) dropped = parent;
    else if (isCall(parent) && calls.has(parent) && parent.arguments.at(-1) === object && parent.arguments.length > 1) {
      return removeArgument(file.source, parent, parent.arguments.length - 1);
    } else break;
  }
  return removeProperty(file.source, dropped);
}

/** `options.headers.Authorization = …`, `axios.defaults.headers.common['Authorization'] = …`, `config.headers.Authorization = …` in an interceptor */
function fromAssignment(file: FileModel, header: Header, member: TSESTree.MemberExpression, calls: ReadonlySet<Node>, request: Node): Edit | undefined {
  const write = member.parent;
  if (write.type !== 'AssignmentExpression' || write.left !== member || write.parent.type !== 'ExpressionStatement') return undefined;
  let root: Node = member.object;
  while (root.type === 'MemberExpression') root = root.object;
  const isOfClient = /\.defaults\.headers\b/.test(file.source.getText(member)) || (root.type === 'Identifier' && isInterceptorConfig(file, root));
  const isOnlyTheirs = isOfClient || (root.type === 'Identifier' && isFilledOnlyFor(file, root, calls));
  return isOnlyTheirs ? withoutStatement(file, header, write.parent, request) : undefined;
}

/** `headers.append('Authorization', …)`, `headers.set(…)` */
function fromCall(file: FileModel, header: Header, call: TSESTree.CallExpression, calls: ReadonlySet<Node>, request: Node): Edit | undefined {
  const { callee, parent } = call;
  if (parent.type !== 'ExpressionStatement' || callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined;
  return isFilledOnlyFor(file, callee.object, calls) ? withoutStatement(file, header, parent, request) : undefined;
}

/** `req.set('Authorization', …);` on a request, or an agent, of superagent */
function fromRequest(file: FileModel, header: Header, step: TSESTree.CallExpression, calls: ReadonlySet<Node>, request: Node): Edit | undefined {
  return holdsRequest(file, step, calls) ? withoutStatement(file, header, step.parent, request) : undefined;
}

/** Removes a statement that is run whenever the request is, and an `if (token)` that is left with nothing in it. */
function withoutStatement(file: FileModel, { value }: Header, statement: Node, request: Node): Edit | undefined {
  let dropped = statement;
  for (let { parent } = dropped; parent && !isFunction(parent); parent = parent.parent) {
    if (!/^(?:IfStatement|SwitchCase|ConditionalExpression|LogicalExpression|CatchClause|(?:For|ForIn|ForOf|While|DoWhile)Statement)$/.test(parent.type) || contains(parent, request)) continue;
    const isOnTokenOnly =
      parent.type === 'IfStatement' && !parent.alternate && file.source.getText(value).includes(file.source.getText(parent.test)) &&
      (parent.consequent === statement || (parent.consequent.type === 'BlockStatement' && parent.consequent.body.length === 1 && parent.consequent.body[0] === statement));
    if (!isOnTokenOnly || dropped !== statement) return undefined;
    dropped = parent;
  }
  return removeStatement(file.source, dropped);
}

/** The parameter of `api.interceptors.request.use((config) => …)`. */
function isInterceptorConfig(file: FileModel, identifier: TSESTree.Identifier): boolean {
  const [def] = variableOf(file.source, identifier)?.defs ?? [];
  const use = (def?.type as string | undefined) === 'Parameter' ? (def!.node as Node).parent : undefined;
  return use?.type === 'CallExpression' && /\binterceptors\.request\.use$/.test(file.source.getText(use.callee));
}

function isFilledOnlyFor(file: FileModel, identifier: TSESTree.Identifier, calls: ReadonlySet<Node>): boolean {
  const declared = variableOf(file.source, identifier)?.defs[0]?.node as Node | undefined;
  const made = declared?.type === 'VariableDeclarator' ? declared.init : undefined;
  return !(made && mayHaveOne(file, made)) && isVariableOnlyFor(file, identifier, calls);
}

const DEEPEST = 10;

/** May an object, when the token's own header is gone, have an Authorization of somebody else's in it? */
function mayHaveOne(file: FileModel, node: Node, depth = 0): boolean {
  const inner = unwrap(node);
  const next = (part: Node | undefined) => part !== undefined && mayHaveOne(file, part, depth + 1);
  if (depth > DEEPEST) return true;
  switch (inner.type) {
    case 'ObjectExpression':
      return inner.properties.some((property) => (property.type === 'SpreadElement' ? next(property.argument) : HEADERS.has(nameOf(property) ?? '') && next(property.value)));
    case 'NewExpression':
      return isHeaders(inner) ? inner.arguments.some(next) : true;
    case 'ConditionalExpression':
      return next(inner.consequent) || next(inner.alternate);
    case 'LogicalExpression':
      return (inner.operator !== '&&' && next(inner.left)) || next(inner.right);
    case 'CallExpression':
      // Of form-data: the content type.
      if (nameOf(inner.callee) === 'getHeaders') return false;
  }
  return file.values.of(inner).some((value) => (value.kind === 'object' ? next(value.node) : value.kind !== 'literal'));
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
      if (!isFunction(fn) || (fn === parent && parent.type === 'ArrowFunctionExpression' && parent.body !== value)) return false;
      if (mayBeCalledElsewhere(fn) || mayDemandIt(file, fn.returnType)) return false;
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
  if (mayDemandIt(file, (variable.defs[0]!.name as TSESTree.Identifier).typeAnnotation)) return false;
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

/** A method that is not private: what has the object can call it. */
function mayBeCalledElsewhere({ parent }: FunctionNode): boolean {
  if (parent?.type !== 'MethodDefinition' && parent?.type !== 'PropertyDefinition') return parent?.type === 'Property';
  return parent.key.type !== 'PrivateIdentifier' && parent.accessibility !== 'private' && !nameOf(parent)?.startsWith('_');
}

/** A type of the project's own, or one that spells the header out, may want it to be there. */
function mayDemandIt(file: FileModel, annotation: TSESTree.TSTypeAnnotation | undefined): boolean {
  const text = annotation && file.source.getText(annotation);
  return text !== undefined && (/authorization|session/i.test(text) || !/^\s*:\s*(?:Partial<|Promise<)*(?:any|object|\{\s*\[|Record\b|HeadersInit\b|Headers\b|RequestInit\b|[\w.]*Axios\w*|\w*RequestOptions\b|[\w.]*CoreOptions\b|\w*OptionsOf\w*)/.test(text));
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
  if (!identifier) return file.members.named(functionName(declared) ?? '').length;
  const variable = variableOf(file.source, identifier);
  const isExported = holder.type.startsWith('Export') || holder.parent?.parent?.type === 'ExportNamedDeclaration';
  return isExported ? Number.POSITIVE_INFINITY : (variable?.references.filter((reference) => !reference.init).length ?? Number.POSITIVE_INFINITY);
}
