/**
 * Secrets of Salesforce that stand in the code. Tokens are known by their look wherever they stand; passwords, security tokens and
 * client secrets by what they are given to or called, where that is Salesforce's. Asked for `any` scope, those of other OAuth
 * servers too, as far as they look like secrets.
 */
import type { FileModel } from '../file';
import { namedSecrets } from './named-secrets';
import { assemblies, literalPieces, literalsBehind, type Part, textsOf } from '../pieces';
import { mentionsSalesforce } from '../salesforce';
import { type Found, isSecretText, kindOfName, nameAround, type Secret, secretAt } from './secret';
import type { Scope } from '../settings';
import type { Login } from '../shapes';
import { mayHoldToken, type Token, tokensIn } from '../vocabulary/token-shapes';
import { secretsInTexts } from './written-secrets';

/** Every secret in a file, in source order, one per place. */
export function findSecrets(file: FileModel, logins: readonly Login[], scope: Scope): Secret[] {
  // In source order and without overlap, so that only its neighbours can be in a secret's way.
  const found: Found[] = [];
  const add = (secret: Found) => {
    const [start, end] = secret.range;
    let low = 0;
    for (let high = found.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (found[middle]!.range[1] <= start) low = middle + 1;
      else high = middle;
    }
    if ((found[low]?.range[0] ?? Infinity) >= end) found.splice(low, 0, secret);
  };
  for (const secret of tokens(file, scope)) add(secret);
  for (const secret of loginPasswords(file, logins)) add(secret);
  for (const secret of namedSecrets(file, scope)) add(secret);
  for (const secret of secretsInTexts(file, scope)) add(secret);
  const values = [...new Set(found.map(({ value }) => value))];
  return found.map(({ value, ...secret }) => ({ ...secret, length: value.length, identity: values.indexOf(value) }));
}

function* tokens(file: FileModel, scope: Scope): Iterable<Found> {
  if (!mayHoldToken(file.source.text)) return;
  const arePrivateKeysOurs = scope === 'any' || mentionsSalesforce(file);
  const tokensOf = (text: string) => tokensIn(text, scope).filter(({ kind }) => kind !== 'private key' || arePrivateKeysOurs);
  const whole: string[] = [];
  for (const piece of literalPieces(file)) {
    for (const { kind, value } of tokensOf(piece.text)) {
      whole.push(value);
      yield secretAt(file, kind, piece, value);
    }
  }
  for (const { value, range } of file.source.ast.comments ?? []) {
    for (const { kind, value: token, index } of tokensOf(value)) {
      const start = range[0] + file.source.text.slice(...range).indexOf(value) + index;
      yield { kind, node: undefined, range: [start, start + token.length], value: token };
    }
  }
  for (const { node, parts } of assemblies(file)) {
    for (const text of textsOf(file, parts)) {
      for (const token of tokensOf(text)) {
        // What stands in one piece is reported there, however often it is passed on.
        if (whole.some((known) => token.value.includes(known))) continue;
        whole.push(token.value);
        const range = node ? node.range : startOf(file, parts, token);
        // Where the expression puts more together than the token, no read can stand for all of it.
        yield { kind: token.kind, node: text === token.value ? node : undefined, range, value: token.value };
      }
    }
  }
}

/** The part of a text that a token starts in. */
function startOf(file: FileModel, parts: readonly Part[], { index }: Token): readonly [number, number] {
  let end = 0;
  for (const part of parts) {
    end += textsOf(file, [part])[0]!.length;
    if (end > index) return 'text' in part ? part.node.range : part.range;
  }
  throw new Error('a token starts in one of the parts that it is in');
}

function* loginPasswords(file: FileModel, logins: readonly Login[]): Iterable<Found> {
  for (const { password } of logins) {
    if (!password) continue;
    for (const piece of literalsBehind(file, password)) {
      if (isSecretText('security token', piece.text)) yield secretAt(file, kindOfName(nameAround(piece.node) ?? '') ?? 'password', piece);
    }
  }
}
