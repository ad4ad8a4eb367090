/** Requests and connections on a held token, with who handles its rejection: what `require-401-handling` words. */
import { tokenConnectionsIn, type TokenConnection } from './connections';
import type { FileModel } from './file';
import { headersSent } from './headers';
import { holderOf, isKept, type Holder } from './holding';
import { handlingOf, type Handling } from './rejection';
import { isSalesforceRequest } from './salesforce';
import type { Settings } from './settings';
import type { Header, HttpCall } from './shapes';
import type { Node } from './source';

export interface HeldToken {
  node: Node;
  holder: Holder;
  handling: Exclude<Handling, 'renewed'>;
  /** Set where a connection is given the token; else a request sends it. */
  connection?: TokenConnection;
  request?: HttpCall;
}

const TOKEN_HEADERS = new Set(['authorization', 'x-sfdc-session', 'x-session-id']);

/** Every request and connection of a file whose token may die with nothing that renews it. */
export function heldTokensIn(file: FileModel, requests: readonly HttpCall[], settings: Settings): HeldToken[] {
  const found: HeldToken[] = [];
  const senders = new Set(requests.flatMap((request) => (request.madeBy ? [request.madeBy] : [])));
  const outer = new Set(requests.flatMap((request) => (request.through ? [request.through] : [])));
  for (const request of requests) {
    // A client is reported at its requests, and a function that sends for others at its callers.
    if (request.role === 'client' && senders.has(request)) continue;
    if (outer.has(request) && !request.headers.some(isToken)) continue;
    const headers = headersSent(request).filter((header) => isToken(header) && !isBasic(file, header));
    if (headers.length === 0 || !isSalesforceRequest(file, request) || isTokenRequest(file, request)) continue;
    const holders = headers.map((header) => holderOf(file, header.value, request.node));
    const holder = holders.find(isKept) ?? holders[0]!;
    if (!isKept(holder) && holder !== 'parameter') continue;
    const handling = handlingOf(file, request.node, settings, request);
    if (handling !== 'renewed') found.push({ node: request.node, holder, handling, request });
  }
  for (const connection of tokenConnectionsIn(file)) {
    const handling = handlingOf(file, connection.node, settings);
    if (handling === 'renewed') continue;
    const holder = connection.token ? holderOf(file, connection.token, connection.node) : 'fresh';
    found.push({ node: connection.node, holder, handling, connection });
  }
  return found.sort((a, b) => a.node.range[0] - b.node.range[0]);
}

function isToken({ name }: Header): boolean {
  return name !== undefined && TOKEN_HEADERS.has(name.toLowerCase());
}

/** `Basic` carries a client id and secret, which do not expire like a token. */
function isBasic(file: FileModel, { value }: Header): boolean {
  return file.values.strings(value).some((text) => /^\s*basic\b/i.test(text));
}

/** Requests for a token, and those that end or describe one, are no use of it that a new token would save. */
function isTokenRequest(file: FileModel, request: HttpCall): boolean {
  return request.url !== undefined && file.values.strings(request.url).some((text) => /\/services\/oauth2\/(?:token|revoke|introspect|authorize)/i.test(text));
}
