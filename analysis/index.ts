/** The analysis as rules and codemods read it: one answer per file, worked out on first use. */
import { clients } from './clients';
import { modelOf, type FileModel } from './file';
import { concernsUs, mayHoldSecret } from './relevance';
import { heldTokensIn, type HeldToken } from './rejection/held-tokens';
import { callersOf } from './requests';
import { authRetriesIn, type AuthRetry } from './rejection/retries';
import type { Secret } from './literals/secret';
import { findSecrets } from './literals/secrets';
import type { Scope, Settings } from './settings';
import type { HttpCall, Login } from './shapes';
import type { Source } from './source';

const loginsByModel = new WeakMap<FileModel, readonly Login[]>();

/** Every login with a username and password in a file, in source order, one per place. */
export function loginsIn(source: Source): readonly Login[] {
  if (!concernsUs(source.text)) return [];
  const file = modelOf(source);
  let logins = loginsByModel.get(file);
  if (!logins) {
    const byStart = new Map<number, Login>();
    for (const client of clients) {
      for (const login of client.logins?.(file) ?? []) if (!byStart.has(login.node.range[0])) byStart.set(login.node.range[0], login);
    }
    logins = [...byStart.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
    loginsByModel.set(file, logins);
  }
  return logins;
}

const secretsByModel: Readonly<Record<Scope, WeakMap<FileModel, readonly Secret[]>>> = { salesforce: new WeakMap(), any: new WeakMap() };

/** Every secret that stands in a file's code, Salesforce's or any OAuth server's, in source order, one per place. */
export function secretsIn(source: Source, scope: Scope): readonly Secret[] {
  if (scope === 'any' ? !mayHoldSecret(source.text) : !concernsUs(source.text)) return [];
  const file = modelOf(source);
  let secrets = secretsByModel[scope].get(file);
  if (!secrets) secretsByModel[scope].set(file, (secrets = findSecrets(file, loginsIn(source), scope)));
  return secrets;
}

const requestsByModel = new WeakMap<FileModel, readonly HttpCall[]>();

/**
 * Every HTTP request in a file, in source order, whoever it goes to; a call of an own function that passes its options on
 * to a request is one too. Asks for no sign of Salesforce: the caller says which files are worth it.
 */
export function requestsIn(source: Source): readonly HttpCall[] {
  const file = modelOf(source);
  let requests = requestsByModel.get(file);
  if (!requests) {
    const found = clients.flatMap((client) => [...(client.requests?.(file) ?? [])]);
    requests = [...found, ...callersOf(file, found)].sort((a, b) => a.node.range[0] - b.node.range[0]);
    requestsByModel.set(file, requests);
  }
  return requests;
}

/** Requests and connections whose token may die with nothing that renews it, in source order. */
export function heldTokens(source: Source, settings: Settings): readonly HeldToken[] {
  const file = modelOf(source);
  const sessionCalls = clients.flatMap((client) => [...(client.sessionCalls?.(file) ?? [])]);
  return heldTokensIn(file, requestsIn(source), sessionCalls, settings);
}

/** Retries after a rejected token that have no end, or that a new token cannot help, in source order. */
export function authRetries(source: Source): readonly AuthRetry[] {
  return authRetriesIn(modelOf(source));
}

export { concernsUs, isBundle, mayLeak } from './relevance';
export { modelOf, type FileModel } from './file';
export type { HeldToken } from './rejection/held-tokens';
export { leaksIn, type Leak } from './leaks/logs';
export { urlLeaksIn, type UrlLeak } from './leaks/urls';
export type { AuthRetry } from './rejection/retries';
export { environmentNames } from './literals/environment-names';
export { placeOf, type Secret, type SecretKind } from './literals/secret';
export { settingsOf, type Settings } from './settings';
export type { Header, HttpCall, Login } from './shapes';
export type { HeldSecret } from './tokens/holders';
