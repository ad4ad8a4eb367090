/** Token requests that the file sends itself: by which grant a token was obtained, and with whose credentials. */
import type { TSESTree } from '@typescript-eslint/utils';
import { requestsIn, type FileModel, type HttpCall } from '../../analysis';
import { grantChoicesIn } from '../../analysis/clients/password-grant';
import { receivers } from '../../analysis/flow';
import { entriesOf, propertyNodes, type Entry } from '../../analysis/objects';
import { isOwn, originsOf, originsOfValue, type Origin } from '../../analysis/provenance';
import { contains, isFunction, nameOf } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import type { Value } from '../../analysis/values';
import { isLocalModule, RUNTIME_MODULE } from '../../analysis/vocabulary/libraries';

/** As the runtime calls its flows; `password` has none. */
type Grant = 'client-credentials' | 'jwt-bearer' | 'refresh-token' | 'password';

export interface TokenGrant {
  grant: Grant | 'authorization-code';
  /** Why the token may be somebody else's; absent where the credentials are all the application's own. */
  foreign?: string;
}

const GRANTS: ReadonlyMap<string, TokenGrant['grant']> = new Map([
  ['client_credentials', 'client-credentials'],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'jwt-bearer'],
  ['refresh_token', 'refresh-token'],
  ['password', 'password'],
  ['authorization_code', 'authorization-code'],
]);
const GRANT_NAME = /^grant_?type$/i;
/** What proves who asks. */
const PROOFS = ['client_secret', 'assertion', 'refresh_token', 'password'];

const known = new WeakMap<FileModel, ReadonlyMap<Node, TokenGrant>>();

/** The grant that a value was obtained by, where it is the answer of a token request of the file, or part of it. */
export function tokenGrantOf(file: FileModel, value: Value): TokenGrant | undefined {
  let grants = known.get(file);
  if (!grants) known.set(file, (grants = tokenRequestsIn(file)));
  return answeredBy(file, grants, value, 0);
}

/** What grants the token of `conn.authorize({ grant_type, … })`: its parameters, and the app that the connection is made with. */
export function grantOfParameters(file: FileModel, call: TSESTree.CallExpression): TokenGrant | undefined {
  const [parameters] = call.arguments;
  const connection = call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
  if (!parameters || !connection) return undefined;
  const entries = entriesOf(file, parameters);
  const made = file.values.of(connection).flatMap((value) => (value.kind === 'instance' && value.call?.arguments[0] ? [value.call.arguments[0]] : []));
  const oauth2 = made.flatMap((options) => propertyNodes(file, options, 'oauth2')).map((app) => (app.type === 'NewExpression' && app.arguments[0] ? app.arguments[0] : app));
  const app = oauth2.flatMap((options) => entriesOf(file, options));
  const urls = [...made, ...oauth2].flatMap((options) => propertyNodes(file, options, 'loginUrl', 'instanceUrl'));
  return judged(file, entries, app.map(({ value }) => value), urls);
}

// ---- the token requests ----

function tokenRequestsIn(file: FileModel): Map<Node, TokenGrant> {
  const found = new Map<Node, TokenGrant>();
  const requests = new Map<Node, HttpCall>(requestsIn(file.source).map((request) => [request.call, request]));
  for (const { node } of grantChoicesIn(file)) {
    const form = formOf(file, node);
    for (const call of new Set(form.starts.flatMap((start) => receivers(file, start)).flatMap((one) => senderOf(file, one)))) {
      const request = requests.get(call);
      const grant = request && judged(file, form.entries, credentialsOf(file, request), addressesOf(file, request));
      if (grant) found.set(call, grant.foreign === undefined ? (found.get(call) ?? grant) : grant);
    }
  }
  return found;
}

/** The fields of a token request, and where their way to what sends them begins. */
function formOf(file: FileModel, choice: Node): { entries: Entry[]; starts: Node[] } {
  if (choice.type === 'Property') return formIn(file, choice.parent);
  if (choice.type === 'ArrayExpression') return formIn(file, choice.parent!);
  if (choice.type === 'AssignmentExpression' && choice.left.type === 'MemberExpression') return formIn(file, choice.left.object);
  if (choice.type === 'CallExpression' && choice.callee.type === 'MemberExpression') return formIn(file, choice.callee.object);
  let text = choice;
  while (text.parent?.type === 'BinaryExpression' && text.parent.operator === '+') text = text.parent;
  return { entries: entriesOfText(file, text), starts: [text] };
}

function formIn(file: FileModel, holder: Node): { entries: Entry[]; starts: Node[] } {
  const starts = file.values.of(holder).flatMap((value): Node[] => {
    if (value.kind === 'object' || value.kind === 'array') return [value.node];
    return value.kind === 'instance' && value.call ? [value.call] : [];
  });
  return { entries: entriesOf(file, holder), starts };
}

/** `grant_type=…&client_id=${…}&…`: each expression, under the name before it. */
function entriesOfText(file: FileModel, text: Node): Entry[] {
  return file.values.of(text).flatMap((value): Entry[] => {
    const parts = value.kind === 'text' ? value.parts : value.kind === 'literal' ? [String(value.value)] : [];
    return parts.flatMap((part, index): Entry[] => {
      if (typeof part !== 'string') {
        const before = parts[index - 1];
        const name = typeof before === 'string' ? /(\w+)=[^&]*$/.exec(before)?.[1] : undefined;
        return [{ key: text, value: part.node, ...(name !== undefined && { name }) }];
      }
      return [...part.matchAll(/(\w+)=([^&]+)/g)].map(([, name]) => ({ name: name!, key: text, value: text }));
    });
  });
}

/** The request behind a call that its fields end up in: `fetch(url, { body })`, `request.write(body)`. */
function senderOf(file: FileModel, call: TSESTree.CallExpression): Node[] {
  const isWrite = call.callee.type === 'MemberExpression' && ['write', 'end'].includes(nameOf(call.callee) ?? '');
  if (!isWrite || call.callee.type !== 'MemberExpression') return [call];
  return file.values.of(call.callee.object).flatMap((value) => (value.kind === 'result' ? [value.call] : []));
}

/** What proves the app beside the fields: `Authorization: Basic …`, `auth: { username, password }`. */
function credentialsOf(file: FileModel, { headers, options }: HttpCall): Node[] {
  const basic = headers.filter(({ name }) => name?.toLowerCase() === 'authorization').map(({ value }) => value);
  const auth = options ? propertyNodes(file, options, 'auth').flatMap((given) => entriesOf(file, given)).map(({ value }) => value) : [];
  return [...basic, ...auth];
}

function addressesOf(file: FileModel, { url, options, madeBy }: HttpCall): Node[] {
  const hosts = options ? propertyNodes(file, options, 'hostname', 'host') : [];
  const base = madeBy?.options ? propertyNodes(file, madeBy.options, 'baseURL', 'baseUrl', 'prefixUrl') : [];
  return [...(url ? [url] : []), ...hosts, ...base];
}

// ---- whose they are ----

function judged(file: FileModel, entries: readonly Entry[], others: readonly Node[], addresses: readonly Node[]): TokenGrant | undefined {
  const named = new Set(entries.filter(({ name }) => name !== undefined && GRANT_NAME.test(name)).flatMap(({ value }) => grantsNamed(file, value)));
  const [grant, ...more] = named;
  if (!grant) return undefined;
  if (more.length > 0 || grant === 'authorization-code') return { grant, foreign: 'the token may be one that a user granted by logging in' };
  const fields = entries.filter(({ name }) => name === undefined || !GRANT_NAME.test(name));
  const isProved = others.length > 0 || fields.some(({ name }) => name !== undefined && PROOFS.includes(name));
  const foreign =
    whose(file, [...fields.filter(({ name }) => name !== 'assertion').map(({ value }) => value), ...others]) ??
    fields.filter(({ name }) => name === 'assertion').map(({ value }) => signer(file, value)).find((one) => one !== undefined) ??
    (grant === 'refresh-token' && !fields.some(({ name }) => name === 'refresh_token') ? UNKNOWN : undefined) ??
    (fields.some(({ name, value }) => name === 'refresh_token' && ![...originsOf(file, value)].every((one) => one === 'literal' || one === 'environment')) ? "its refresh token may be a user's" : undefined) ??
    (isProved ? undefined : UNKNOWN);
  const org = foreign ?? orgChosen(file, addresses);
  return { grant, ...(org !== undefined && { foreign: org }) };
}

function grantsNamed(file: FileModel, value: Node): TokenGrant['grant'][] {
  return file.values.strings(value).flatMap((text) => {
    const inText = /grant_type=([^&"'\s]+)/.exec(text)?.[1];
    return GRANTS.get(decodeURIComponent(inText ?? text)) ?? [];
  });
}

const UNKNOWN = 'this file does not show whose credentials its token request has';

const WHOSE: Partial<Record<Origin, string>> = {
  caller: 'the credentials of its token request come from the caller',
  request: 'the credentials of its token request come with a request',
  prompt: 'the credentials of its token request are typed in',
  'command line': 'the credentials of its token request come from the command line',
  'user settings': "the credentials of its token request are in the user's own settings",
};

function whose(file: FileModel, nodes: readonly Node[]): string | undefined {
  const foreign = nodes.flatMap((node) => [...originsOf(file, node)]).filter((origin) => !isOwn(origin));
  return foreign.map((origin) => WHOSE[origin]).find((words) => words !== undefined) ?? (foreign.length > 0 ? UNKNOWN : undefined);
}

/** One identity is of one org: where somebody else says which, its token is no stand-in. */
function orgChosen(file: FileModel, addresses: readonly Node[]): string | undefined {
  const origins = addresses.flatMap((address) => [...originsOf(file, address)]);
  const chosen = origins.some((origin) => origin === 'caller' || origin === 'request' || origin === 'prompt' || origin === 'command line' || origin === 'user settings');
  return chosen ? 'its token request goes to an org that somebody else may choose' : undefined;
}

const IDENTITIES = new Set(['iss', 'sub', 'prn', 'issuer', 'subject', 'username']);

/** Why a signed assertion may be somebody else's: the user that it names and the key are to be the application's own. */
function signer(file: FileModel, assertion: Node): string | undefined {
  for (const value of file.values.of(assertion)) {
    if (value.kind !== 'result' || value.of.kind !== 'module' || isLocalModule(value.of.module)) {
      const words = [...originsOfValue(file, value)].map((origin) => WHOSE[origin]).find((one) => one !== undefined);
      return words ?? UNKNOWN;
    }
    const named = value.call.arguments.flatMap((argument) => entriesOf(file, argument)).filter(({ name }) => name !== undefined && IDENTITIES.has(name));
    const keys = value.of.module === RUNTIME_MODULE ? [] : value.call.arguments.slice(1, 2);
    const isNamed = named.some(({ name }) => name !== 'iss' && name !== 'issuer');
    const foreign = isNamed ? whose(file, [...named.map((entry) => entry.value), ...keys]) : UNKNOWN;
    if (foreign !== undefined) return foreign;
  }
  return undefined;
}

// ---- what they answer ----

const DEEPEST = 12;

function answeredBy(file: FileModel, grants: ReadonlyMap<Node, TokenGrant>, value: Value, depth: number): TokenGrant | undefined {
  if (depth > DEEPEST || grants.size === 0) return undefined;
  const next = (inner: Value) => answeredBy(file, grants, inner, depth + 1);
  switch (value.kind) {
    case 'member':
      return next(value.of);
    case 'result':
      // `response.json()`, `res.json().access_token`: what a method of the answer gives.
      return grants.get(value.call) ?? (value.of.kind === 'member' ? next(value.of) : undefined);
    case 'parameter': {
      // A callback's own parameters, and those of the events of its answer.
      const call = isFunction(value.of) ? value.of.parent : undefined;
      return call?.type === 'CallExpression' && call.arguments.includes(value.of as never) ? grants.get(call) : undefined;
    }
    case 'instance':
      return value.of.kind === 'global' && value.of.path.join('.') === 'Promise' && value.call ? settledBy(file, grants, value.call) : undefined;
    default:
      return undefined;
  }
}

/** `new Promise((resolve, reject) => { const request = https.request(…); … })`: all that it sends is token requests, and it resolves to what it heard. */
function settledBy(file: FileModel, grants: ReadonlyMap<Node, TokenGrant>, made: TSESTree.NewExpression): TokenGrant | undefined {
  const [executor] = made.arguments;
  if (!isFunction(executor) || executor.params[0]?.type !== 'Identifier') return undefined;
  const sent = requestsIn(file.source).filter(({ call }) => contains(executor, call));
  const [grant] = sent.map(({ call }) => grants.get(call));
  if (!grant || !sent.every(({ call }) => grants.has(call))) return undefined;
  const { name } = executor.params[0];
  const answers = file.all('CallExpression').filter(({ callee }) => callee.type === 'Identifier' && callee.name === name && contains(executor, callee));
  const isHeard = answers.length > 0 && answers.every(({ arguments: [answer] }) => answer && file.values.of(answer).every((value) => isHeardIn(executor, value)));
  return isHeard ? grant : undefined;
}

/** Text that was put together inside, or what a callback inside was given. */
function isHeardIn(executor: Node, value: Value): boolean {
  if (value.kind === 'literal') return contains(executor, value.node);
  if (value.kind === 'parameter') return value.of !== executor && contains(executor, value.of);
  if (value.kind === 'member') return isHeardIn(executor, value.of);
  return value.kind === 'unknown' && contains(executor, value.node);
}
