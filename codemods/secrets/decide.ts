/** What becomes of one secret in the code: read from the environment, marked for a person, or left; and why. */
import { isAbsolute, relative } from 'node:path';
import type { FileModel, Secret, SecretKind } from '../../analysis';
import { runsInBrowser } from '../../analysis/browser';
import type { Node } from '../../analysis/source';
import { isTest } from '../../analysis/tests';
import { isGivenToEnvironment } from '../../edits';
import type { Decision, Place } from '../places';

export interface SecretPlace extends Place {
  secret: Secret;
  /** The environment variable to read. */
  variable: string;
  /** Can a read take the place of the secret? */
  isReadable: boolean;
}

/** How each kind of secret ends: it stands in the history of the code, so taking it out is not enough. */
const END: Readonly<Record<SecretKind, string>> = {
  'session id': 'End its session (Setup, Session Management)',
  'access token': 'Revoke it',
  'refresh token': 'Revoke it and authorize again',
  'SFDX auth URL': 'Revoke its refresh token and authorize again',
  'private key': "Replace the app's certificate and its key",
  'client secret': "Rotate it in the app's OAuth settings",
  password: 'Change the password',
  'security token': 'Reset the security token',
};

const isSession = (kind: SecretKind) => kind === 'session id' || kind === 'access token';

/** The rule that reports a kind of secret. */
export const ruleOf = (kind: SecretKind) => (isSession(kind) ? 'no-hardcoded-session-id' : 'no-hardcoded-credentials');

export function decide(file: FileModel, path: string, { secret, node, variable, isReadable }: SecretPlace): Decision {
  const { kind, range } = secret;
  const end = `${END[kind]}: what stood in the code stays in its history`;
  const marked = (reason: string, next: string): Decision => ({ state: 'marked', reason, next: `${end}. ${next}` });
  const left = (reason: string, next: string): Decision => ({ state: 'left', reason, next: `${end}. ${next}` });

  if (file.source.getAllComments().some((comment) => comment.range[0] <= range[0] && range[1] <= comment.range[1])) {
    return left('it stands in a comment, which reads nothing', 'Then delete it from the comment');
  }
  if (isTestPath(path) || isTest(file)) return left('this is a test, whose values are compared with each other', 'One that was never real can be made up as the test runs');
  if (runsInBrowser(file)) return marked('this runs in a page or an app, where every user can read what it is given and there is no environment', 'Then send the request from a server');
  if (isBundled(file, node, variable)) return marked('the variable beside it is written into the bundle of a page, where everybody can read it', 'Then send the request from a server');
  if (declaresProcess(file)) return marked('this file has a process of its own, so that process.env is not the environment', `Then read ${variable} from env of node:process`);
  if (isGivenToEnvironment(file.source, node)) return marked('it is what a variable of the environment is set to', 'Then set the variable outside of the code, and delete this line');
  if (!isReadable) return marked('no expression can stand in its place', `Then read process.env.${variable} where the text is put together`);
  return { state: 'migrated', variable, reason: `now process.env.${variable}`, next: `${end}. ${isSession(kind) ? SESSION : `Then set ${variable}${secret.encoded ? ', in base64 as it stood here' : ''}`}` };
}

const SESSION =
  'A token from the environment still dies within hours, and nothing renews it: log the connection in with authorize(conn), or send the requests with salesforce.fetch(), both of salesforce-auth-client';

const TEST_PATH = /(?:^|[\\/])(?:__tests__|__mocks__|tests?|specs?|fixtures?|mocks?)[\\/]|[._-](?:test|spec|mock|fixture)s?\.[cm]?[jt]sx?$/i;

/** Does a file belong to tests, by its place below the working directory or by its name? */
function isTestPath(path: string): boolean {
  return TEST_PATH.test(isAbsolute(path) ? relative(process.cwd(), path) : path);
}

/** Prefixes of variables that build tools write into what they build. */
const PUBLIC = /^(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|PUBLIC|REACT_APP|VUE_APP|GATSBY|VITE)_/;

/** Is it the fallback of a variable that a build tool replaces by its value? */
function isBundled(file: FileModel, { parent }: Node, variable: string): boolean {
  return PUBLIC.test(variable) || (parent?.type === 'LogicalExpression' && /^import\.meta\b/.test(file.source.getText(parent.left)));
}

/** Is `process` something of the file's own, other than Node's? */
function declaresProcess(file: FileModel): boolean {
  const scopes = file.source.scopeManager?.scopes ?? [];
  const own = scopes.flatMap(({ variables }) => variables.filter(({ name, defs }) => name === 'process' && defs.length > 0));
  return own.some(({ defs }) => defs.some((def) => !file.values.of(def.name as never).some((value) => value.kind === 'module' && /^(?:node:)?process$/.test(value.module))));
}
