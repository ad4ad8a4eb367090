/** Whose token a place sends: only the application's own may become the identity of its environment. */
import type { FileModel, HeldToken } from '../../analysis';
import { isOwn, originsOf, type Origin } from '../../analysis/provenance';
import type { Node } from '../../analysis/source';
import type { Value } from '../../analysis/values';
import { isLocalModule } from '../../analysis/vocabulary/libraries';

/** Why the token is, or may be, somebody else's; undefined where it is the application's own. */
export function foreignness(file: FileModel, held: HeldToken): string | undefined {
  const words = BY_HOLDER[held.holder];
  if (words) return words;
  const tokens = tokensOf(held);
  const origins = tokens.flatMap((token) => [...originsOf(file, token)]);
  for (const origin of origins) if (BY_ORIGIN[origin]) return BY_ORIGIN[origin];
  if (tokens.some((token) => file.values.of(token).some(isHandedOut))) return 'the token comes from another file, which may hand out those of several users';
  return tokens.length > 0 && origins.every(isOwn) ? undefined : 'this file does not show whose token it is';
}

/** The values that hold the token. */
export function tokensOf({ headers = [], connection, sessionCall }: HeldToken): Node[] {
  const given = connection?.token ?? sessionCall?.token;
  return [...headers.map(({ value }) => value), ...(given ? [given] : [])];
}

const SETTING_READERS = /^(?:get|read|load|require)(?:Config|Configuration|Property|Properties|Setting|Settings|Value|Env)?$/i;

/** Does a value come out of a function of the project, or out of something that is only known by its type? A setting that is read is neither. */
function isHandedOut(value: Value): boolean {
  switch (value.kind) {
    case 'text':
      return value.parts.some((part) => typeof part !== 'string' && isHandedOut(part));
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
