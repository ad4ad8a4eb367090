/** The way of a token, as the code has it: where it comes from, who sends it, and who sees to its rejection. In few words, for pictures. */
import type { FileModel, HeldToken, Login } from '../analysis';
import { originsOf, type Origin } from '../analysis/provenance';
import { tokensOf } from './refresh-aware/identity';
import type { TokenFlow } from './report';

const OBTAINED = { 'soap-login': 'SOAP login()', 'password-grant': 'password grant' } as const;

/** `conn.login` of jsforce keeps the password and logs in again; of the others no login does. */
export function flowOfLogin({ kind, library, connection }: Login): TokenFlow {
  return { obtained: OBTAINED[kind], used: library, handled: library === 'jsforce' && connection ? 'jsforce logs in again' : 'not followed' };
}

const BY_HOLDER: Partial<Record<HeldToken['holder'], string>> = {
  literal: 'the code itself',
  environment: 'the environment',
  parameter: 'the caller',
  session: 'a web session',
  database: 'a database',
  cache: 'a cache',
  state: 'the state of a page',
};

const BY_ORIGIN: Partial<Record<Origin, string>> = {
  literal: 'the code itself',
  environment: 'the environment',
  configuration: 'another module',
  caller: 'the caller',
  request: 'a request',
  prompt: 'a prompt',
  'command line': 'the command line',
  'user settings': "a user's settings",
};

const HANDLED: Readonly<Record<HeldToken['handling'], string>> = {
  none: 'nobody',
  detected: 'seen, not renewed',
  retried: 'retried, same token',
};

export function flowOfHeld(file: FileModel, held: HeldToken): TokenFlow {
  const { holder, handling, connection, sessionCall, request } = held;
  // A header is the scheme and the token: the scheme is text of the code, wherever the token is from.
  const origins = tokensOf(held).flatMap((token) => [...originsOf(file, token)]);
  const origin = origins.find((one) => one !== 'literal' && one !== 'unknown');
  return {
    obtained: BY_HOLDER[holder] ?? (origin && BY_ORIGIN[origin]) ?? 'an earlier login',
    used: sessionCall?.library ?? request?.library ?? (connection?.kind === 'AuthInfo' ? '@salesforce/core' : 'jsforce'),
    handled: HANDLED[handling],
  };
}

/** Code that this package wrote, or that looks the same. */
export const RUNTIME_FLOW: TokenFlow = { obtained: 'OAuth', used: 'salesforce-auth-client', handled: 'salesforce-auth-client' };
