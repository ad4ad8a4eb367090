import { Readable } from 'node:stream';
import type { SalesforceAuth } from '../auth';
import { Call, hasCredentials, isStream, outline, textOf } from './call';

/** What {@link withAxios} needs: axios itself, or an instance of it. */
export interface AxiosLike {
  create(config?: object): unknown;
  interceptors: { request: object };
}

interface Config {
  url?: string;
  baseURL?: string;
  allowAbsoluteUrls?: boolean;
  headers?: object;
  auth?: unknown;
  data?: unknown;
  adapter?: unknown;
  maxRedirects?: number;
  fetchOptions?: object;
}

interface Answer {
  status: number;
  headers: object;
  data: unknown;
  config: Config;
  request?: unknown;
}

interface Failure {
  config?: Config;
  request?: unknown;
  response?: Answer;
}

/** An instance without the caller's interceptors: they have had their turn. */
interface Bare {
  defaults: { headers: object };
  getUri(config: Config): string;
  request(config: Config): Promise<Answer>;
}

/**
 * Gives an axios instance this identity's token. A rejected session is renewed and the request sent once more, whatever
 * `validateStatus` says; the caller's interceptors and transforms see the last answer only. However many instances
 * share the identity, one token request is made. Paths without a `baseURL` start at the instance URL.
 *
 * Requests to other hosts, or with their own Authorization or `auth`, pass through untouched. A stream is not sent
 * twice. Errors and answers hold neither token nor the request object of Node.
 *
 * @returns the same instance. Its calls also reject with
 * SalesforceSessionError `REJECTED_AFTER_REFRESH`, and SalesforceAuthError when no token can be had
 */
export function withAxios<T extends AxiosLike>(auth: SalesforceAuth, instance: T): T {
  const given = identities.get(instance) ?? new WeakSet();
  identities.set(instance, given);
  // Several modules may ask for the same: axios itself is one instance for all of them.
  if (given.has(auth)) return instance;
  given.add(auth);
  const bare = instance.create({ baseURL: '' }) as Bare;
  bare.defaults.headers = {};
  // The transport is the last to see a request and the first to see its answer: what the caller's interceptors add counts,
  // and none of them runs twice.
  (instance.interceptors.request as { use(handler: (config: Config) => Config): void }).use((config) => {
    const { adapter } = config;
    config.adapter = (final: Config) => send(auth, bare, { ...final, adapter }, final);
    return config;
  });
  return instance;
}

/** Which identities an instance was given. */
const identities = new WeakMap<object, WeakSet<SalesforceAuth>>();

async function send(auth: SalesforceAuth, bare: Bare, request: Config, shown: Config): Promise<Answer> {
  // Transforms belong to the caller's instance too.
  const pass = (config: Config) => bare.request({ ...config, transformRequest: [], transformResponse: [] } as Config);
  const { url = '', baseURL, allowAbsoluteUrls } = request;
  const isForeign = request.auth !== undefined || hasCredentials(request.headers);
  const address = bare.getUri({ url, ...(baseURL && { baseURL }), ...(allowAbsoluteUrls !== undefined && { allowAbsoluteUrls }) });
  const call = isForeign ? undefined : await Call.begin(auth, address, request.data);
  if (!call) return pass(request);

  for (;;) {
    const sent: Config = {
      ...request,
      url: call.url,
      baseURL: '',
      allowAbsoluteUrls: true,
      headers: { ...request.headers, ...call.headers },
      data: call.body(request.data),
      ...(!call.mayRedirect && { maxRedirects: 0, fetchOptions: { ...request.fetchOptions, redirect: 'manual' } }),
    };
    const outcome: { answer: Answer } | { failure: Failure } = await pass(sent).then(
      (answer) => ({ answer }),
      (failure: Failure) => ({ failure }),
    );
    const answer = 'answer' in outcome ? outcome.answer : outcome.failure.response;
    if (answer) {
      const peek = await peekAt(answer);
      if (await call.isToRepeat(answer.status, answer.headers, peek, !isStream(request.data))) continue;
      clean(answer, call, shown);
    }
    if ('answer' in outcome) return outcome.answer;
    if (typeof shown.data === 'string') shown.data = call.scrub(shown.data);
    throw clean(outcome.failure, call, shown);
  }
}

/** Takes out of an answer or error what knows the token. */
function clean<T extends Answer | Failure>(held: T, call: Call, shown: Config): T {
  held.config = shown;
  if (held.request) held.request = outline(held.request, (text) => call.scrub(text));
  if ('status' in held && 'data' in held && held.status >= 400 && typeof held.data === 'string') held.data = call.scrub(held.data);
  return held;
}

/** The beginning of an error's body. A stream goes on, from its beginning, for whoever reads it next. */
async function peekAt(answer: Answer): Promise<string> {
  const { status, data } = answer;
  if (status < 400) return '';
  if (!(data instanceof Readable)) return textOf(data);
  const chunks: Buffer[] = [];
  // As an error's body, it is short.
  for await (const chunk of data) chunks.push(Buffer.from(chunk as Uint8Array));
  const whole = Buffer.concat(chunks);
  answer.data = Readable.from([whole]);
  return textOf(whole);
}
