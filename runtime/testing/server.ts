import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { authorizeEndpoint } from './authorize';
import { bulk } from './bulk';
import { JSON_TYPE, readBody, type Answer, type Incoming } from './http';
import { identity } from './identity';
import { oauthParameters, tokenEndpoint } from './oauth';
import { rest } from './rest';
import { notFound } from './rest-errors';
import { readSoapCall, soap } from './soap';
import type { OrgState } from './state';
import { introspect, revoke } from './token-services';
import type { FaultResponse, RequestEntry } from './types';

/** A request that was told apart: what to count it as, and who answers it. */
interface Routed {
  entry: Omit<RequestEntry, 'method' | 'path' | 'status'>;
  answer: () => Answer;
}

/** Starts listening on the loopback interface only. */
export async function listen(org: OrgState, port: number): Promise<Server> {
  const server = createServer((message, response) => {
    void serve(org, message, response);
  });
  // Longer than any test, so that no idle connection is cut between two requests of a client's pool.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  org.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  org.instanceUrl = org.url;
  return server;
}

async function serve(org: OrgState, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const request: Incoming = {
      method: message.method ?? 'GET',
      url: new URL(message.url ?? '/', org.url),
      headers: message.headers,
      body: await readBody(message),
    };
    const { entry: about, answer } = route(request, org);
    const entry: RequestEntry = { method: request.method, path: redactPath(request.url.pathname), status: 0, ...about };
    org.log.arrived(entry);
    const fault = org.faults.take(entry.kind);
    if (!fault) {
      entry.status = send(response, answer(), org);
      return;
    }
    // Work is done before the wait: the answer is lost, not the request.
    if (fault.afterProcessing) answer();
    if (fault.delayMs) await delay(fault.delayMs);
    if (fault.destroy) message.socket.destroy();
    else entry.status = send(response, faultAnswer(fault), org);
  } catch (error) {
    // A request that broke off, or one that this server cannot read: never a hanging client.
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`fake org: ${String(error)}`);
  }
}

function route(request: Incoming, org: OrgState): Routed {
  const path = request.url.pathname;
  const version = /^\/services\/(?:data\/v|async\/|Soap\/\w\/)(\d+\.\d)/.exec(path)?.[1];
  const apiVersion = version === undefined ? {} : { apiVersion: version };
  if (path === '/services/oauth2/token') {
    const grantType = oauthParameters(request).get('grant_type');
    const entry: Routed['entry'] = { kind: 'token' };
    if (grantType) entry.grantType = grantType;
    if (request.url.search) entry.credentialsInUrl = true;
    return { entry, answer: () => tokenEndpoint(request, org) };
  }
  if (path === '/services/oauth2/authorize') return { entry: { kind: 'authorize' }, answer: () => authorizeEndpoint(request, org) };
  if (path === '/services/oauth2/revoke') return { entry: { kind: 'revoke' }, answer: () => revoke(request, org) };
  if (path === '/services/oauth2/introspect') return { entry: { kind: 'introspect' }, answer: () => introspect(request, org) };
  if (path === '/services/oauth2/userinfo' || path.startsWith('/id/')) {
    return { entry: { kind: 'userinfo' }, answer: () => identity(request, org) };
  }
  if (path.startsWith('/services/Soap/')) {
    const call = readSoapCall(request);
    if (call && request.method === 'POST') {
      const kind = call.operation === 'login' ? 'soapLogin' : 'soap';
      return { entry: { kind, ...apiVersion, operation: call.operation }, answer: () => soap(call, org) };
    }
  }
  if (path.startsWith('/services/async/')) return { entry: { kind: 'bulk', ...apiVersion }, answer: () => bulk(request, org) };
  if (/^\/services\/(?:data|apexrest)(?:\/|$)/.test(path)) {
    return { entry: { kind: 'data', ...apiVersion }, answer: () => rest(request, org) };
  }
  return { entry: { kind: 'other' }, answer: () => notFound(request) };
}

/** A token that a client put into the path by mistake is not remembered. */
function redactPath(path: string): string {
  return path.replace(/00D\w{12,15}(?:!|%21)[^/]*/gi, '[session id]');
}

function faultAnswer(fault: FaultResponse): Answer {
  const { body = '' } = fault;
  const plain = typeof body === 'string';
  const guess = plain && !/^\s*[[{]/.test(body) ? (/^\s*</.test(body) ? 'text/xml;charset=UTF-8' : 'text/plain') : JSON_TYPE;
  const headers = Object.fromEntries(Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return { status: fault.status ?? 500, headers: { 'content-type': guess, ...headers }, body: plain ? body : JSON.stringify(body) };
}

function send(response: ServerResponse, answer: Answer, org: OrgState): number {
  // The org's own clock, so that a client that compares clocks sees the one that its sessions run on.
  response.writeHead(answer.status, { date: new Date(org.clock.now()).toUTCString(), ...answer.headers });
  response.end(answer.body);
  return answer.status;
}
