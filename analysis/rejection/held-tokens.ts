/** Requests and connections on a held token, with who handles its rejection: what `require-401-handling` words. */
import { tokenConnectionsIn, type TokenConnection } from './connections';
import type { FileModel } from '../file';
import { headersSent } from '../headers';
import { holderOf, isKept, senderHolderOf, type Holder } from './holding';
import { handlingOf, type Handling } from './handling';
import { isSalesforceRequest } from '../salesforce';
import { functionAround } from '../scope';
import { isSetBefore } from './set-before';
import type { Settings } from '../settings';
import type { Header, HttpCall, SessionCall } from '../shapes';
import type { Node } from '../source';

export interface HeldToken {
  node: Node;
  holder: Holder;
  handling: Exclude<Handling, 'renewed'>;
  /** Set where a connection is given the token; else a request sends it. */
  connection?: TokenConnection;
  request?: HttpCall;
  /** The headers that carry it, wherever they are set. */
  headers?: readonly Header[];
  /** Set where a library sends the request on a session of its own. */
  sessionCall?: SessionCall;
}

const TOKEN_HEADERS = new Set(['authorization', 'x-sfdc-session', 'x-session-id']);

/** Every request and connection of a file whose token may die with nothing that renews it. */
export function heldTokensIn(file: FileModel, requests: readonly HttpCall[], sessionCalls: readonly SessionCall[], settings: Settings): HeldToken[] {
  return [...heldByRequests(file, requests, settings), ...heldBySessionCalls(file, sessionCalls, settings), ...heldByConnections(file, settings)].sort((a, b) => a.node.range[0] - b.node.range[0]);
}

function heldByRequests(file: FileModel, requests: readonly HttpCall[], settings: Settings): HeldToken[] {
  const found: HeldToken[] = [];
  const renewed: Node[] = [];
  const senders = new Set(requests.flatMap((request) => (request.madeBy ? [request.madeBy] : [])));
  const outer = new Set(requests.flatMap((request) => (request.through ? [request.through] : [])));
  for (const request of requests) {
    // A client is reported at its requests, and a function that sends for others at its callers.
    if (request.role === 'client' && senders.has(request)) continue;
    // The token counts where it is put in.
    if (!request.headers.some(isToken) && (outer.has(request) || isGivenInside(request))) continue;
    const headers = headersSent(request).filter((header) => isToken(header) && !isBasic(file, header));
    if (headers.length === 0 || !isSalesforceRequest(file, request) || isTokenRequest(file, request)) continue;
    const holders = headers.map((header) => senderHolderOf(file, header.value, request.node));
    const holder = holders.find(isKept) ?? holders[0]!;
    if (!isKept(holder) && holder !== 'parameter') continue;
    const handling = handlingOf(file, request.node, settings, request);
    if (handling === 'renewed') renewed.push(request.node);
    else found.push({ node: request.node, holder, handling, request, headers });
  }
  // A request that renews the token, in a function called just before, has seen to it: probe, then use. So has @salesforce/core's `org.refreshAuth()`.
  const refreshes = file.members.named('refreshAuth');
  return found.filter(({ node }) => !isProbedBefore(file, renewed, node) && !(refreshes.length > 0 && isSetBefore(file, refreshes, node)));
}

/** Does a function that a request goes through put the token in itself? */
function isGivenInside(request: HttpCall): boolean {
  for (let inner = request.through; inner; inner = inner.through) if (inner.headers.some(isToken)) return true;
  return false;
}

function isProbedBefore(file: FileModel, renewed: readonly Node[], at: Node): boolean {
  const fn = functionAround(at);
  return fn !== undefined && isSetBefore(file, renewed.filter((node) => functionAround(node) !== fn), at);
}

function heldBySessionCalls(file: FileModel, calls: readonly SessionCall[], settings: Settings): HeldToken[] {
  return calls.flatMap((sessionCall): HeldToken[] => {
    const { node, token, sessions } = sessionCall;
    const holder = token ? senderHolderOf(file, token, node) : isSetBefore(file, sessions, node) ? 'fresh' : 'client';
    if (!isKept(holder) && holder !== 'parameter') return [];
    const handling = handlingOf(file, node, settings);
    return handling === 'renewed' ? [] : [{ node, holder, handling, sessionCall }];
  });
}

function heldByConnections(file: FileModel, settings: Settings): HeldToken[] {
  const found: HeldToken[] = [];
  for (const connection of tokenConnectionsIn(file)) {
    const handling = handlingOf(file, connection.node, settings);
    if (handling === 'renewed') continue;
    const holder = connection.token ? holderOf(file, connection.token, connection.node) : 'fresh';
    found.push({ node: connection.node, holder, handling, connection });
  }
  return found;
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
