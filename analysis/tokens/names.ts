/** What the name of a variable, a member or a key, or the text before a value, says of a secret. */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, lastName } from '../calls';
import type { FileModel } from '../file';
import { addressesAround } from '../salesforce';
import { nameOf, unwrap } from '../scope';
import type { Node } from '../source';
import { isAboutNames, isForeignName, isStandIn, perhapsSecretNamed, SECRET_PARAMETERS, secretNamed, type SecretKind } from '../vocabulary/secrets';
import { KEEPS_ARGUMENT, KEEPS_RECEIVER } from '../vocabulary/text-calls';
import type { HeldSecret } from './holders';
import type { Subject } from './subject';

/** First words of functions that hand out what they are named after. */
export const HANDS_OUT = /^_?(?:get|fetch|obtain|retrieve|acquire|request|read|load|create|generate|sign|ensure|refresh)/;
const LOGS_IN = /^_?(?:authenticate|authorize|log_?[iI]n|sign_?[iI]n)(?![a-z])/;
const LABEL = /([\w$-]+)["']?\s*[=:]\s*["']?$/;
const LONGEST_LABEL = 80;

export class SecretNames {
  constructor(
    private readonly file: FileModel,
    private readonly subject: Subject,
  ) {}

  /** Something with this name, read here. */
  byName(name: string, node: Node): HeldSecret | undefined {
    const kind = secretNamed(name);
    if (!kind || !this.subject.isConcerned || isForeignName(name)) return undefined;
    if (kind === 'session id' && !this.subject.knowsSessions) return undefined;
    return this.isForeignPlace(node) ? undefined : { kind };
  }

  /** Does the code around a node talk to somebody else? */
  isForeignPlace(node: Node): boolean {
    return this.subject.scope !== 'any' && addressesAround(this.file, node) === false;
  }

  /** `{ clientSecret: value }`: the key says what the value is, unless the value says otherwise. */
  byKey(name: string | undefined, value: Node): HeldSecret | undefined {
    if (name === undefined || !this.subject.isConcerned) return undefined;
    const inner = unwrap(value);
    if (inner.type === 'MemberExpression' && this.isForeignPath(inner)) return undefined;
    const kind = secretNamed(name);
    return kind && !isForeignName(name) && kind !== 'session id' && this.isOpaque(value) ? { kind } : undefined;
  }

  /** `…&client_secret=` or `Access token: ` before a value whose name says nothing says what it is. */
  byLabel(piece: Node, before: string): HeldSecret | undefined {
    if (!this.subject.isConcerned) return undefined;
    const label = LABEL.exec(before.slice(-LONGEST_LABEL))?.[1];
    if (label === undefined) return undefined;
    const kind = secretNamed(label) ?? SECRET_PARAMETERS.get(label.toLowerCase());
    if (!kind || !this.isOpaque(piece)) return undefined;
    const isParameter = /[?&]["']?[\w-]+=$/.test(before.slice(-LONGEST_LABEL)) && SECRET_PARAMETERS.has(label.toLowerCase());
    return isParameter || this.weak(piece) ? { kind } : undefined;
  }

  /** The kind that a name such as `token` may mean. */
  weak(node: Node): SecretKind | undefined {
    const inner = unwrap(node);
    const name = lastName(inner);
    if (isForeignName(name) || (inner.type === 'MemberExpression' && this.isForeignPath(inner))) return undefined;
    return perhapsSecretNamed(name);
  }

  /** `token = await authenticate()`, `jwt = createToken()`: a name and a maker that say it together. */
  madeAs(node: TSESTree.Identifier, given: readonly Node[]): HeldSecret | undefined {
    const kind = this.subject.isConcerned ? this.weak(node) : undefined;
    if (!kind || this.isForeignPlace(node)) return undefined;
    const isMade = given.some((value) => {
      const maker = unwrap(value);
      if (maker.type !== 'CallExpression') return false;
      const name = calleeName(maker);
      return !isForeignName(name) && (LOGS_IN.test(name) || (HANDS_OUT.test(name) && perhapsSecretNamed(name) !== undefined));
    });
    return isMade ? { kind } : undefined;
  }

  /** An expression that says nothing of how its value is made: no comparison, no cut, no literal. */
  isOpaque(node: Node): boolean {
    const inner = unwrap(node);
    if (inner.type === 'Identifier' || inner.type === 'MemberExpression') {
      if (nameOf(inner) === 'length') return false;
      return !this.file.values.of(inner).every((value) => value.kind === 'function' || (value.kind === 'literal' && (typeof value.value !== 'string' || isStandIn(value.value))));
    }
    if (inner.type === 'CallExpression') {
      const name = calleeName(inner);
      const argument = inner.arguments[0];
      if (argument && (KEEPS_ARGUMENT.has(name) || name === 'stringify')) return this.isOpaque(argument);
      if (KEEPS_RECEIVER.has(name) && inner.callee.type === 'MemberExpression') return this.isOpaque(inner.callee.object);
      return HANDS_OUT.test(name);
    }
    if (inner.type === 'LogicalExpression') return inner.operator !== '&&' && (this.isOpaque(inner.left) || this.isOpaque(inner.right));
    if (inner.type === 'Literal') return typeof inner.value === 'string' && !isStandIn(inner.value);
    return inner.type === 'BinaryExpression' && inner.operator === '+';
  }

  /** Is a member another party's, or only a word about the secret? */
  isForeignPath(node: TSESTree.MemberExpression): boolean {
    const owner = unwrap(node.object);
    if (isAboutNames(lastName(owner))) return true;
    for (let current: Node = node; current.type === 'MemberExpression'; current = unwrap(current.object)) {
      if (isForeignName(nameOf(current) ?? '')) return true;
      if (current.object.type === 'Identifier' && isForeignName(current.object.name)) return true;
    }
    return false;
  }
}
