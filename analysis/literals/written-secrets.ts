/** Secrets inside longer texts: forms, queries, shell commands, JSON, envelopes, the credentials of a Basic header. */
import type { FileModel } from '../file';
import { assemblies, type Assembly, literalsBehind, type Part } from '../pieces';
import { addressesAround, isSalesforceAddress, mentionsSalesforce } from '../salesforce';
import { type Found, isSecretText, kindOfName, namesAround, type NamedKind, saysSalesforce, secretAt } from './secret';
import type { Scope } from '../settings';
import type { Node } from '../source';
import { LOGIN_ELEMENT } from '../vocabulary/soap';
import { CLIENT_ID, isConsumerSecret } from '../vocabulary/token-shapes';

/** What stands before a secret, and the secret: `client_secret=…`, `"password": "…"`, `<n1:password>…`. */
const FIELD =
  /(?<=^|[?&\s"'])(?<form>client_secret|password|security_?token)=(?<value>[^&\s"'<]*)|"(?<json>client_?secret|consumer_?secret|password|security_?token)"\s*:\s*"(?<text>[^"]*)|<(?:[\w-]+:)?(?<element>password)>\s*(?:<!\[CDATA\[)?(?<content>[^<\]]*?)\s*(?=\]|<|$)/dgi;
const MAY_HOLD = /(?:secret|password|token)(?:=|>|\\?["']\s*:)|Basic |3MVG9/i;
const IS_REQUEST = new RegExp(`grant_type=|soap\\.sforce\\.com|${LOGIN_ELEMENT.source}`);
const BASIC = /^Basic ([A-Za-z0-9+/]{12,}={0,2})$/;
/** The id and the secret of a client, before they are encoded for a Basic header. */
const CLIENT_PAIR = new RegExp(`^${CLIENT_ID}[\\w.]{20,}:([^\\s:]+)$`);

export function* secretsInTexts(file: FileModel, scope: Scope): Iterable<Found> {
  if (!MAY_HOLD.test(file.source.text) || (scope !== 'any' && !mentionsSalesforce(file))) return;
  for (const assembly of texts(file)) {
    if (assembly.parts.some((part) => 'text' in part && MAY_HOLD.test(part.text))) {
      yield* fields(file, assembly, scope);
      yield* basic(file, assembly, scope);
    }
  }
}

function* texts(file: FileModel): Iterable<Assembly> {
  for (const node of file.all('Literal')) if (typeof node.value === 'string') yield { node, parts: [{ node, text: node.value }] };
  for (const node of file.all('TemplateLiteral')) if (node.expressions.length === 0) yield { node, parts: [{ node, text: node.quasis[0]!.value.cooked ?? '' }] };
  yield* assemblies(file);
}

function* fields(file: FileModel, { node, parts }: Assembly, scope: Scope): Iterable<Found> {
  const text = parts.map((part) => ('text' in part ? part.text : '\0')).join('');
  const at = node ?? nodeOf(parts[0]!);
  let isRequest: boolean | undefined;
  for (const { groups, indices } of text.matchAll(FIELD)) {
    const { form, json, element } = groups!;
    const kind = kindOfName(form ?? json ?? element ?? '')!;
    const range = indices!.groups![form !== undefined ? 'value' : json !== undefined ? 'text' : 'content']!;
    isRequest ??= isSent(file, at, text, scope, json !== undefined);
    if (isRequest) yield* within(file, parts, range, kind);
  }
}

/** The secrets in a stretch of a text: in its fixed parts, and behind the expressions between them. */
function* within(file: FileModel, parts: readonly Part[], [from, to]: readonly [number, number], kind: NamedKind): Iterable<Found> {
  let start = 0;
  for (const part of parts) {
    const end = start + ('text' in part ? part.text.length : 1);
    if (start < to && from < end) {
      const secret = 'text' in part ? part.text.slice(Math.max(0, from - start), to - start) : undefined;
      if (secret === undefined) for (const piece of literalsBehind(file, part as Node)) if (isSecretText(kind, piece.text)) yield secretAt(file, kind, piece);
      if (secret !== undefined && 'text' in part && isSecretText(kind, secret)) yield secretAt(file, kind, part, secret);
    }
    start = end;
  }
}

/** Is a text sent to Salesforce: a token request or a login envelope, where no address says otherwise? */
function isSent(file: FileModel, node: Node, text: string, scope: Scope, isJson: boolean): boolean {
  if (isSalesforceAddress(text) || (isJson && (text.includes(CLIENT_ID) || saysSalesforce(text) || namesAround(node).some(saysSalesforce)))) return true;
  return IS_REQUEST.test(text) && (scope === 'any' || addressesAround(file, node) !== false);
}

/** The credentials of a Basic header: encoded, or about to be. */
function* basic(file: FileModel, { node, parts }: Assembly, scope: Scope): Iterable<Found> {
  const [part, ...others] = parts;
  if (!node || !part || !('text' in part) || others.length > 0) return;
  const pair = CLIENT_PAIR.exec(part.text)?.[1];
  if (pair !== undefined && isSecretText('client secret', pair)) yield secretAt(file, 'client secret', part, pair);
  const encoded = BASIC.exec(part.text)?.[1];
  const [, user, secret] = encoded === undefined ? [] : (/^([\x21-\x39\x3b-\x7e]+):([\x21-\x7e]+)$/.exec(decoded(encoded)) ?? []);
  if (user === undefined || secret === undefined || !isSecretText('security token', secret)) return;
  const isOurs = user.startsWith(CLIENT_ID) || (mentionsSalesforce(file) && addressesAround(file, node) === true);
  // `hello:there` is what examples and tests send.
  if (isOurs || (scope === 'any' && /[^A-Za-z]/.test(secret))) yield { ...secretAt(file, user.startsWith(CLIENT_ID) || isConsumerSecret(secret) ? 'client secret' : 'password', part, encoded!), encoded: true };
}

function decoded(base64: string): string {
  try {
    return atob(base64);
  } catch {
    return '';
  }
}

function nodeOf(part: Part): Node {
  return 'text' in part ? part.node : part;
}
