/** Where secrets get into URLs and query strings. */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, lastName, rootName } from '../calls';
import { modelOf, type FileModel } from '../file';
import { isAssembly, piecesOf } from '../pieces';
import { addressesAround, isSalesforceAddress } from '../salesforce';
import { nameOf, propertyOf, unwrap, variableOf } from '../scope';
import type { Settings } from '../settings';
import type { Node, Source } from '../source';
import { tokensOf, type TokenReader } from '../tokens/reader';
import { isStandIn, perhapsSecretNamed, SECRET_PARAMETERS, type SecretKind } from '../vocabulary/secrets';
import { sinkOf } from './sinks';

/** A secret in a URL or its query string. */
export interface UrlLeak {
  /** The text, property or call that puts it there. */
  node: Node;
  kind: SecretKind;
  parameter: string;
}

type Scope = Settings['scope'];

const IN_ADDRESS = /[?&#]([\w.-]+)=$/;
const WRITTEN_OUT = /[?&]([\w.-]+)=([^&#\s\0]{6,})/g;
const ADDRESS_NAME = /ur[li]|href|link|path|location|redirect|endpoint|querystring|qs$/i;
/** Options of HTTP clients that become the query string; the latter only beside an address or a method. */
const QUERY_OPTIONS = ['qs', 'searchParams'];
const PERHAPS_QUERY_OPTIONS = ['params', 'query'];
const BESIDE_QUERY = ['url', 'uri', 'method', 'headers', 'baseURL'];
const SENDS_OPTIONS = /^(?:axios|http|\$http|client|api|request|rest|got|ky|instance)/i;

/** Every place of a file that puts a secret into a URL. */
export function urlLeaksIn(source: Source, scope: Scope): UrlLeak[] {
  const file = modelOf(source);
  const reader = tokensOf(file, scope);
  if (!reader.subject.isConcerned) return [];
  const finder = new UrlLeaks(file, reader, scope);
  return [...finder.texts(), ...finder.options(), ...finder.searches(), ...finder.calls()].sort((a, b) => a.node.range[0] - b.node.range[0]);
}

class UrlLeaks {
  private readonly found = new Map<Node, { kind: SecretKind; parameter: string } | undefined>();

  constructor(
    private readonly file: FileModel,
    private readonly reader: TokenReader,
    private readonly scope: Scope,
  ) {}

  *texts(): Iterable<UrlLeak> {
    const { file } = this;
    const assemblies = file.methodCalls.named('concat', 'join').filter((call) => isAssembly(file, call));
    const sums = file.all('BinaryExpression').filter(({ operator }) => operator === '+');
    const literals = file.all('Literal').filter(({ value }) => typeof value === 'string' && value.includes('='));
    for (const node of [...file.all('TemplateLiteral'), ...sums, ...literals, ...assemblies]) {
      if (isPartOfText(node) || this.isWrittenElsewhere(node)) continue;
      const leak = this.inText(node);
      if (leak) yield { node, ...leak };
    }
  }

  /** What is logged with a token in it is a leak of the log, and no request. */
  private isWrittenElsewhere(node: Node): boolean {
    const parent = node.parent;
    if (parent?.type === 'NewExpression') return /Error$|^RegExp$/.test(parent.callee.type === 'Identifier' ? parent.callee.name : '');
    if (parent?.type !== 'CallExpression' || parent.callee === node) return false;
    const name = calleeName(parent);
    return sinkOf(this.file, parent.callee) !== undefined || /^(?:includes|indexOf|startsWith|endsWith|split|replace|match|test|search|describe|it|equal|toBe|toEqual|toContain)$/.test(name);
  }

  private inText(node: Node): { kind: SecretKind; parameter: string } | undefined {
    if (this.found.has(node)) return this.found.get(node);
    this.found.set(node, undefined);
    const leak = this.readText(node);
    this.found.set(node, leak);
    return leak;
  }

  private readText(node: Node): { kind: SecretKind; parameter: string } | undefined {
    let text = this.isAppendedToAddress(node) ? '?' : '';
    const holes: { before: string; hole: Node }[] = [];
    for (const piece of this.expanded(node, 0)) {
      if (typeof piece === 'string') {
        text += piece;
      } else {
        holes.push({ before: text, hole: piece });
        text += '\0';
      }
    }
    if (!text.includes('?') && !text.includes('#')) return undefined;
    for (const { before, hole } of holes) {
      const leak = this.inHole(node, before, hole, text);
      if (leak) return leak;
    }
    if (!this.isOurs(node, text)) return undefined;
    for (const [, parameter, value] of text.matchAll(WRITTEN_OUT)) {
      const kind = SECRET_PARAMETERS.get(parameter!.toLowerCase());
      if (kind && kind !== 'session id' && value && !isStandIn(value) && /^https?:|^\0|^\/|^\?/.test(text)) return { kind, parameter: parameter! };
    }
    return undefined;
  }

  private inHole(node: Node, before: string, hole: Node, text: string): { kind: SecretKind; parameter: string } | undefined {
    if (/[?&]$/.test(before)) {
      const query = this.inQuery(hole, /frontdoor/.test(text));
      return query && this.isOurs(node, text) ? query : undefined;
    }
    const parameter = IN_ADDRESS.exec(before)?.[1];
    if (parameter === undefined || !/[?#]/.test(before) || !isAddress(before)) return undefined;
    const secret = this.reader.secretInText(hole);
    if (secret?.isTraced) return { kind: secret.kind, parameter };
    if (!this.isOurs(node, text)) return undefined;
    const kind = SECRET_PARAMETERS.get(parameter.toLowerCase());
    if (kind === 'session id' && !/frontdoor/.test(text)) return secret && { kind, parameter };
    if (kind && this.reader.names.isOpaque(hole)) return { kind: secret?.kind ?? kind, parameter };
    return secret && perhapsSecretNamed(parameter) ? { kind: secret.kind, parameter } : undefined;
  }

  /** The pieces of a text, with those of the constants in it; nothing of one that is a leak by itself. */
  private expanded(node: Node, depth: number): (string | Node)[] {
    return piecesOf(this.file, node).flatMap((piece): (string | Node)[] => {
      if (typeof piece === 'string' || depth > 5) return [piece];
      const inner = unwrap(piece);
      if (inner.type !== 'Identifier') return [piece];
      const variable = variableOf(this.file.source, inner);
      const def = variable?.defs.length === 1 ? (variable.defs[0]!.node as Node) : undefined;
      if (def?.type !== 'VariableDeclarator' || def.id.type !== 'Identifier' || !def.init || variable!.references.some((reference) => reference.isWrite() && !reference.init)) return [piece];
      const init = unwrap(def.init);
      if (init.type !== 'TemplateLiteral' && init.type !== 'BinaryExpression' && init.type !== 'Literal') return [piece];
      return this.inText(init) ? [] : this.expanded(init, depth + 1);
    });
  }

  /** `url += '&access_token=' + token`. */
  private isAppendedToAddress(node: Node): boolean {
    const { parent } = node;
    return parent?.type === 'AssignmentExpression' && parent.operator === '+=' && ADDRESS_NAME.test(lastName(parent.left));
  }

  *options(): Iterable<UrlLeak> {
    for (const property of this.file.properties.named(...QUERY_OPTIONS, ...PERHAPS_QUERY_OPTIONS)) {
      const options = property.parent;
      if (options.type !== 'ObjectExpression') continue;
      if (PERHAPS_QUERY_OPTIONS.includes(nameOf(property)!) && !isRequest(options)) continue;
      const leak = this.inQuery(property.value);
      if (leak && this.isOurs(property, this.addressIn(options))) yield { node: property, ...leak };
    }
  }

  /** `url.search = new URLSearchParams({ … })`. */
  *searches(): Iterable<UrlLeak> {
    for (const assignment of this.file.memberWrites.named('search')) {
      const leak = this.inQuery(assignment.right);
      if (leak && this.isOurs(assignment, '')) yield { node: assignment, ...leak };
    }
  }

  *calls(): Iterable<UrlLeak> {
    for (const call of this.file.methodCalls.named('set', 'append')) {
      const [name, value] = call.arguments;
      const parameter = name?.type === 'Literal' ? String(name.value) : '';
      const kind = SECRET_PARAMETERS.get(parameter.toLowerCase());
      if (kind && value && this.isSearchParams(call.callee.object) && this.reader.names.isOpaque(value) && this.isOurs(call, '')) yield { node: call, kind, parameter };
    }
    for (const call of this.file.methodCalls.named('query')) {
      const [parameters] = call.arguments;
      if (parameters?.type !== 'ObjectExpression' || call.callee.object.type !== 'CallExpression') continue;
      const leak = this.inQuery(parameters);
      if (leak && this.isOurs(call, '')) yield { node: call, ...leak };
    }
  }

  /** A secret among the parameters of an object, of `URLSearchParams`, or of a stringified query. */
  private inQuery(node: Node, isFrontdoor = false): { kind: SecretKind; parameter: string } | undefined {
    for (const value of this.file.values.of(node)) {
      const object = value.kind === 'object' ? value.node : undefined;
      if (value.kind === 'instance' && value.of.kind === 'global' && value.of.path[0] === 'URLSearchParams') {
        const [given] = value.call?.arguments ?? [];
        const leak = (given && this.inQuery(given, isFrontdoor)) ?? this.appended(node);
        if (leak) return leak;
      }
      for (const property of object?.properties ?? []) {
        const parameter = property.type === 'Property' ? (nameOf(property) ?? '') : '';
        const kind = SECRET_PARAMETERS.get(parameter.toLowerCase());
        if (kind && property.type === 'Property' && (kind !== 'session id' || isFrontdoor) && this.reader.names.isOpaque(property.value)) return { kind, parameter };
      }
    }
    return undefined;
  }

  /** A secret that is appended to a query somewhere in the file. */
  private appended(query: Node): { kind: SecretKind; parameter: string } | undefined {
    if (!this.appends) {
      this.appends = new Map();
      for (const call of this.file.methodCalls.named('append', 'set')) {
        const root = rootName(call.callee.object);
        const [name, value] = call.arguments;
        const parameter = name?.type === 'Literal' ? String(name.value) : '';
        const kind = SECRET_PARAMETERS.get(parameter.toLowerCase());
        if (root !== undefined && kind && value && !this.appends.has(root) && this.reader.names.isOpaque(value)) this.appends.set(root, { kind, parameter });
      }
    }
    return this.appends.get(rootName(query) ?? '');
  }
  private appends: Map<string, { kind: SecretKind; parameter: string }> | undefined;

  private isSearchParams(node: Node): boolean {
    if (node.type === 'MemberExpression') return nameOf(node) === 'searchParams';
    return this.file.values.of(node).some((value) => value.kind === 'member' && value.name === 'searchParams');
  }

  private addressIn(options: TSESTree.ObjectExpression): string {
    return ['url', 'uri', 'baseURL'].flatMap((name) => this.file.values.property(options, name) ?? []).flatMap((value) => (value.kind === 'literal' || value.kind === 'text' ? this.file.values.strings(value.node) : [])).join(' ');
  }

  /** The address itself decides whose it is; without a host in it, what else the function talks to. */
  private isOurs(node: Node, text: string): boolean {
    if (this.scope === 'any' || isSalesforceAddress(text)) return true;
    if (/https?:\/\/(?!localhost)[^/\0\s]*\.[a-z]/.test(text)) return false;
    return addressesAround(this.file, node) !== false;
  }
}

function isAddress(before: string): boolean {
  return /^(?:https?:|wss?:|\0|\/|\?|#|[\w-]*\?)/.test(before) || /\.\w+\?/.test(before);
}

function isPartOfText(node: Node): boolean {
  const parent = node.parent;
  return (parent?.type === 'BinaryExpression' && parent.operator === '+') || parent?.type === 'TemplateLiteral';
}

function isRequest(options: TSESTree.ObjectExpression): boolean {
  if (BESIDE_QUERY.some((name) => propertyOf(options, name))) return true;
  const call = options.parent;
  return call.type === 'CallExpression' && call.callee !== options && SENDS_OPTIONS.test(rootName(call.callee) ?? '');
}
