/** What a client does about a rejected token by itself: its interceptors, hooks and retry options. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { entriesOf, isSamePlace } from '../objects';
import { lastNameOf, reactionsIn, type Reaction } from './reactions';
import { callOf, nameOf, returnsOf, unwrap } from '../scope';
import type { HttpCall } from '../shapes';
import type { Node } from '../source';

/** Options that take a function for when a request fails, and those that take one for every answer. */
const ON_FAILURE = /^(?:on_?)?(?:error|fail|failure|retry|responseError|requestError|unauthorized|failedAttempt)$|^before(?:Retry|Error)$/i;
const ON_ANSWER = /^(?:afterResponse|onResponse|responseMiddleware|complete|retryCondition|shouldRetry)$/;

/** The reactions in the interceptors, hooks and retry options of the client that sends a request; requests of one client share a list. */
export function clientReactions(file: FileModel, request: HttpCall): (readonly Reaction[])[] {
  const found = [interceptorReactions(file, request)];
  for (const options of [request.options, request.madeBy?.options]) if (options) found.push(optionReactions(file, options));
  for (const { call, client, rest } of extensions(file)) {
    const isOwn = request.client ? isSamePlace(file, client, request.client) : file.values.of(client).some((value) => value.kind === 'module' || value.kind === 'global');
    if (!isOwn) continue;
    // axios-auth-refresh: `createAuthRefreshInterceptor(instance, refresh)`; axios-retry: `axiosRetry(instance, { onRetry })`.
    if (/refresh/i.test(lastNameOf(call.callee) ?? '')) found.push([{ cause: call, specific: true, region: [call] }]);
    else for (const options of rest) found.push(optionReactions(file, options));
  }
  return found;
}

/** The interceptors of one client: the call that makes it, the place that it is kept in, or the library itself. */
interface ClientInterceptors {
  made?: Node;
  place?: Node;
  /** With those for failures, and without, where nothing ever fails. */
  all: readonly Reaction[];
  onAnswer: readonly Reaction[];
}

const clientsByFile = new WeakMap<FileModel, Map<string, ClientInterceptors[]>>();

function interceptorReactions(file: FileModel, request: HttpCall): readonly Reaction[] {
  let clients = clientsByFile.get(file);
  if (!clients) clientsByFile.set(file, (clients = new Map()));
  const made = request.madeBy?.call;
  const place = made ? undefined : request.client;
  const name = (place && lastNameOf(place)) ?? '';
  let known = clients.get(name);
  if (!known) clients.set(name, (known = []));
  let client = known.find((one) => one.made === made && (place ? one.place !== undefined && isSamePlace(file, one.place, place) : one.place === undefined));
  if (!client) {
    const interceptors = responseInterceptors(file).filter((interceptor) => isOfClient(file, interceptor, request));
    const onAnswer = interceptors.flatMap(({ call }) => (call.arguments[0] ? handlerReactions(file, call.arguments[0], call, true) : []));
    const onFailure = interceptors.flatMap((one) => (one.onFailure ? handlerReactions(file, one.onFailure, one.call, false) : []));
    known.push((client = { ...(made && { made }), ...(place && { place }), all: [...onFailure, ...onAnswer], onAnswer }));
  }
  return acceptsEveryStatus(file, request) ? client.onAnswer : client.all;
}

/** The reactions of the handlers in an options object, those in `hooks`, `retry` and `statusCode` of it included. */
export function optionReactions(file: FileModel, options: Node): readonly Reaction[] {
  return entriesOf(file, options).flatMap(({ name = '', key, value }): readonly Reaction[] => {
    if (name === 'hooks' || name === 'retry' || name === 'statusCode') return optionReactions(file, value);
    if (name === '401') return handlerReactions(file, value, key, false);
    return ON_FAILURE.test(name) ? handlerReactions(file, value, key, false) : ON_ANSWER.test(name) ? handlerReactions(file, value, key, true) : [];
  });
}

/** What a handler does: all of it where it runs on failure, what it tests for where it sees every answer. */
function handlerReactions(file: FileModel, handler: Node, cause: Node, isForAll: boolean): readonly Reaction[] {
  const known = isForAll ? onAnswer : onFailure;
  let reactions = known.get(handler);
  // One client may send many requests.
  if (!reactions) known.set(handler, (reactions = readHandler(file, handler, cause, isForAll)));
  return reactions;
}

const onAnswer = new WeakMap<Node, readonly Reaction[]>();
const onFailure = new WeakMap<Node, readonly Reaction[]>();

function readHandler(file: FileModel, handler: Node, cause: Node, isForAll: boolean): Reaction[] {
  return file.values.of(handler).flatMap((value): Reaction[] => {
    if (value.kind === 'array') return value.node.elements.flatMap((element) => (element && element.type !== 'SpreadElement' ? [...handlerReactions(file, element, cause, isForAll)] : []));
    if (value.kind !== 'function') return [];
    const { body } = value.node;
    return [...(isForAll ? [] : [{ cause, specific: false, region: [body] }]), ...reactionsIn(file, body)];
  });
}

interface Extension {
  call: TSESTree.CallExpression;
  client: Node;
  rest: Node[];
}

const extensionsByFile = new WeakMap<FileModel, readonly Extension[]>();

/** The calls that give a client to something which makes it try again. */
function extensions(file: FileModel): readonly Extension[] {
  let known = extensionsByFile.get(file);
  if (!known) {
    known = file.all('CallExpression').flatMap((call): Extension[] => {
      const [client, ...rest] = call.arguments;
      return client && rest.length > 0 && /refresh|retry/i.test(lastNameOf(call.callee) ?? '') ? [{ call, client, rest }] : [];
    });
    extensionsByFile.set(file, known);
  }
  return known;
}

/** `validateStatus` that lets every status pass, so that nothing ever rejects. */
export function acceptsEveryStatus(file: FileModel, request: HttpCall): boolean {
  return [request.options, request.madeBy?.options].some((options) =>
    options && entriesOf(file, options).some(({ name, value }) => name === 'validateStatus' && file.values.of(value).some((one) =>
      one.kind === 'function' && returnsOf(file.source, one.node).every((returned) => returned.type === 'Literal' && returned.value === true))));
}

export interface Interceptor {
  call: TSESTree.CallExpression;
  /** The client, as written. */
  client: Node;
  onFailure?: Node;
}

const interceptorsByFile = new WeakMap<FileModel, readonly Interceptor[]>();

/** Every `client.interceptors.response.use(…)` of a file. */
export function responseInterceptors(file: FileModel): readonly Interceptor[] {
  let known = interceptorsByFile.get(file);
  if (!known) interceptorsByFile.set(file, (known = file.members.named('use').flatMap((use) => interceptorAt(use))));
  return known;
}

function interceptorAt(use: TSESTree.MemberExpression): Interceptor[] {
  const call = callOf(use);
  const response = unwrap(use.object);
  if (!call || response.type !== 'MemberExpression' || nameOf(response) !== 'response') return [];
  const interceptors = unwrap(response.object);
  if (interceptors.type !== 'MemberExpression' || nameOf(interceptors) !== 'interceptors') return [];
  const onFailure = call.arguments[1];
  return [{ call, client: interceptors.object, ...(onFailure && { onFailure }) }];
}

function isOfClient(file: FileModel, { client }: Interceptor, request: HttpCall): boolean {
  const made = request.madeBy?.call;
  const behind = file.values.of(client);
  if (made) return behind.some((value) => (value.kind === 'result' || value.kind === 'instance') && value.call === made);
  if (request.client) return isSamePlace(file, client, request.client);
  return behind.some((value) => value.kind === 'module' || value.kind === 'global');
}
