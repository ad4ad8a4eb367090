/** What the code around a request relies on, and would lose when its client becomes refresh-aware. */
import type { FileModel, HeldToken, HttpCall } from '../../analysis';
import { isSalesforceAddress } from '../../analysis/salesforce';
import { childrenOf, nameOf } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { isLocalModule, RUNTIME_MODULE } from '../../analysis/vocabulary/libraries';
import type { Decision } from '../places';

/** Why a place is not rewritten although its token is the application's own and its client has a refresh-aware form. */
export function lossOf(file: FileModel, { handling, request }: HeldToken): Decision | undefined {
  const marked = (reason: string, next: string): Decision => ({ state: 'marked', reason, next });
  if (isMocked(file)) {
    return { state: 'left', reason: 'this file replaces what it sends with by a mock', next: 'Mock salesforce-auth-client once the code under test uses it' };
  }
  if (handling !== 'none') {
    return marked(
      'the code reacts to a rejected token itself',
      `Send it with salesforce.fetch() of ${RUNTIME_MODULE}, which renews the token, and take that reaction out: one that stays rejected makes it throw REJECTED_AFTER_REFRESH`,
    );
  }
  if (!request) return undefined;
  const sent = request.through ?? request;
  for (const host of hostsOf(file, request)) {
    if (!isSalesforceAddress(host) && !/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(host)) {
      return marked('it may go to a host that is not Salesforce, which needs the header', `Keep the header for that host, and send what goes to Salesforce with salesforce.fetch() of ${RUNTIME_MODULE}`);
    }
  }
  if (sent.library === 'fetch' && isOfPage(file, request)) {
    return marked('its address is relative, as only a page may have it', 'Move the call to a server, or send the user to log in again when it is answered with 401');
  }
  if (sent.library === 'request' && usesThis(file, sent)) {
    return marked("its callback uses this, which is request's own object", `Take what it needs from the response, then wrap the library: withRequest(salesforce, request) of ${RUNTIME_MODULE}`);
  }
  return undefined;
}

/** The hosts, or the ends of them, written out in the addresses that a request may go to. */
function hostsOf(file: FileModel, request: HttpCall): string[] {
  const addresses: Node[] = [];
  for (let one: HttpCall | undefined = request; one; one = one.through) if (one.url) addresses.push(one.url);
  for (let made = request.madeBy; made; made = made.madeBy) if (made.url) addresses.push(made.url);
  return addresses.flatMap((address) => file.values.strings(address)).flatMap((text) => /^https?:\/\/(?:[^/?#]*\0)?([^/?#:\0]*[a-z])(?:[/?#:]|$)/i.exec(text)?.[1] ?? []);
}

/** Only a page has an address that a path can start from. */
function isOfPage(file: FileModel, { url }: HttpCall): boolean {
  const texts = url ? file.values.strings(url) : [];
  return texts.length > 0 && texts.every((text) => /^\/(?!\/)/.test(text));
}

function usesThis(file: FileModel, { call }: HttpCall): boolean {
  const callback = call.arguments.at(-1);
  return callback?.type === 'FunctionExpression' && hasThis(file, callback.body);
}

function hasThis(file: FileModel, node: Node): boolean {
  if (node.type === 'ThisExpression') return true;
  return !/^(?:FunctionExpression|FunctionDeclaration|ClassBody)$/.test(node.type) && [...childrenOf(file.source, node)].some((child) => hasThis(file, child));
}

const MOCKS = /^(?:nock|msw(?:\/.*)?|fetch-mock(?:-jest)?|jest-fetch-mock|vitest-fetch-mock|axios-mock-adapter|moxios|jest-mock-axios|proxyquire)$/;
const REPLACES_MODULE = new Set(['mock', 'doMock', 'unstable_mockModule', 'setMock']);
/** Globals that send, or hold what sends. */
const SENDERS = new Set(['global', 'globalThis', 'window', 'self', 'fetch', 'axios', 'jsforce']);
const REPLACES_MEMBER = new Set(['stub', 'spyOn', 'replace', 'fake']);

/** `jest.mock('node-fetch')`, `sinon.stub(axios, 'get')`, `global.fetch = jest.fn()`: what the file asserts is the call as it stands. */
function isMocked(file: FileModel): boolean {
  if ([...file.modules].some((module) => MOCKS.test(module))) return true;
  const isLibrary = (node: Node) => file.values.of(node).some((value) => (value.kind === 'global' && SENDERS.has(value.path[0]!)) || (value.kind === 'module' && !isLocalModule(value.module)));
  const isReplaced = file.all('CallExpression').some(({ callee, arguments: [first] }) => {
    const method = callee.type === 'MemberExpression' ? nameOf(callee) : undefined;
    if (!first || method === undefined) return false;
    if (REPLACES_MODULE.has(method)) return file.values.strings(first).some((module) => file.modules.has(module) && !isLocalModule(module));
    return REPLACES_MEMBER.has(method) && isLibrary(first);
  });
  return isReplaced || file.all('AssignmentExpression').some(({ left, right }) =>
    left.type === 'MemberExpression' && isLibrary(left.object) && /\b(?:jest|vi|sinon|mock\w*)\b/.test(file.source.getText(right)));
}
