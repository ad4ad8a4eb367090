/** Whose token a place sends: only the application's own may become the identity of its environment. */
import type { TSESTree } from '@typescript-eslint/utils';
import { loginsIn, type FileModel, type HeldToken } from '../../analysis';
import { entriesOf } from '../../analysis/objects';
import { foreignOrigin, isOwn, originsOfValue, type Origin } from '../../analysis/provenance';
import type { Node } from '../../analysis/source';
import type { Value } from '../../analysis/values';
import { isLocalModule, RUNTIME_MODULE } from '../../analysis/vocabulary/libraries';
import { secretNamed } from '../../analysis/vocabulary/secrets';
import type { Flow } from '../report';
import { grantOfParameters, tokenGrantOf, type TokenGrant } from './token-grant';

/** Why the token is, or may be, somebody else's; undefined where it is the application's own. */
export function foreignness(file: FileModel, held: HeldToken): string | undefined {
  const words = BY_HOLDER[held.holder];
  if (words) return words;
  const values = valuesOf(file, held);
  const grants = grantsOf(file, held);
  const foreign = grants.find((grant) => grant.foreign !== undefined)?.foreign;
  if (foreign !== undefined) return foreign;
  const others = values.filter((value) => !isMinted(file, value));
  if (values.length + grants.length > 0 && others.length === 0) return undefined;
  const origins = others.flatMap((value) => [...originsOfValue(file, value)]);
  for (const origin of origins) if (BY_ORIGIN[origin]) return BY_ORIGIN[origin];
  if (others.some(isHandedOut)) return 'the token comes from another file, which may hand out those of several users';
  return others.length > 0 && origins.every(isOwn) ? undefined : 'this file does not show whose token it is';
}

/** The grant by which the file obtains a token itself, where the identity of the environment can have the same. */
export function flowOfToken(file: FileModel, held: HeldToken): Flow | 'refresh-token' | undefined {
  const grants = new Set(grantsOf(file, held).map(({ grant }) => grant));
  const [only] = grants;
  return grants.size === 1 && only !== 'password' && only !== 'authorization-code' ? only : undefined;
}

function grantsOf(file: FileModel, held: HeldToken): TokenGrant[] {
  const { connection } = held;
  if (connection?.kind === 'authorize' && connection.node.type === 'CallExpression') return [grantOfParameters(file, connection.node)].filter((grant) => grant !== undefined);
  return valuesOf(file, held).flatMap((value) => tokenGrantOf(file, value) ?? []);
}

/** What the token can be worth; of a header, the fixed text of its scheme left out. */
function valuesOf(file: FileModel, held: HeldToken): Value[] {
  return tokensOf(held).flatMap((token) => file.values.of(token)).flatMap((value) => (value.kind === 'text' ? value.parts.filter((part) => typeof part !== 'string') : [value]));
}

/** The values that hold the token. */
export function tokensOf({ headers = [], connection, sessionCall }: HeldToken): Node[] {
  const given = connection?.token ?? sessionCall?.token;
  return [...headers.map(({ value }) => value), ...(given ? [given] : [])];
}

/** What a login answers with: to the application's own credentials, it is the application's own token. */
function isMinted(file: FileModel, value: Value): boolean {
  const grant = tokenGrantOf(file, value);
  if (grant) return grant.foreign === undefined;
  switch (value.kind) {
    case 'member':
      return isMinted(file, value.of);
    case 'result':
      return value.of.kind === 'module' && !isLocalModule(value.of.module) && isOwnLogin(file, value.call, value.of.module);
    case 'parameter': {
      const call = value.of.parent;
      return call.type === 'CallExpression' && call.arguments.includes(value.of as never) && isOwnLogin(file, call);
    }
    default:
      return false;
  }
}

/** Does a call log in with credentials that are all the application's own? */
function isOwnLogin(file: FileModel, call: TSESTree.CallExpression, module?: string): boolean {
  const callee = file.values.of(call.callee);
  const given = call.arguments.flatMap((argument) => entriesOf(file, argument));
  // The runtime logs in with the environment's credentials, but as whoever it is told to.
  if (module === RUNTIME_MODULE || callee.some((one) => one.kind === 'module' && one.module === RUNTIME_MODULE)) {
    return given.every(({ name }) => name !== undefined && name !== 'auth') && foreignOrigin(file, given.map(({ value }) => value)) === undefined;
  }
  const login = loginsIn(file.source).find((one) => one.call === call);
  if (login) return Boolean(login.username && login.password) && foreignOrigin(file, [login.username!, login.password!]) === undefined;
  // A package that makes tokens: `getToken({ iss, sub, aud, privateKey })`.
  const hasSecret = given.some(({ name = '' }) => ['private key', 'client secret', 'password'].includes(secretNamed(name) ?? ''));
  return module !== undefined && hasSecret && foreignOrigin(file, given.map(({ value }) => value)) === undefined;
}

const SETTING_READERS = /^(?:get|read|load|require)(?:Config|Configuration|Property|Properties|Setting|Settings|Value|Env)?$/i;

/** Does a value come out of a function of the project, or out of something that is only known by its type? A setting that is read is neither. */
function isHandedOut(value: Value): boolean {
  switch (value.kind) {
    case 'instance':
      return !value.call || isHandedOut(value.of);
    case 'result':
      return (value.of.kind === 'module' && isLocalModule(value.of.module) && !SETTING_READERS.test(value.of.path.at(-1) ?? '')) || isHandedOut(value.of);
    case 'member':
      return isHandedOut(value.of);
    default:
      return false;
  }
}

const BY_HOLDER: Partial<Record<HeldToken['holder'], string>> = {
  parameter: 'the token comes from the caller',
  session: 'the token belongs to a web session',
  database: 'the token is kept in a database, with those of others',
  state: 'the token belongs to the user of a page',
};

const BY_ORIGIN: Partial<Record<Origin, string>> = {
  caller: 'the token comes from the caller',
  request: 'the token comes with a request',
  prompt: 'the token is typed in',
  'command line': 'the token comes from the command line',
  'user settings': "the token is in the user's own settings",
};
