import type { SalesforceAuth, SalesforceToken } from '../auth';
import { Call, hasCredentials, isStream, textOf } from './call';

/** What {@link withNforce} needs: an nforce connection ("org"). */
export interface NforceOrgLike {
  mode: string;
  oauth?: unknown;
  autoRefresh: boolean;
  clientId: string;
  environment: string;
  loginUri: string;
  testLoginUri: string;
}

/** As nforce's `authenticate()` gives it; kept up to date. */
export interface NforceOAuth {
  access_token: string;
  instance_url: string;
  /** Identity URL, for `org.getIdentity()`. */
  readonly id: string;
  readonly token_type: 'Bearer';
}

interface Options {
  oauth?: unknown;
  uri?: string;
  headers?: object;
  multipart?: { body: unknown }[];
}

type Callback = (error: unknown, result?: unknown) => void;

interface Org extends NforceOrgLike {
  onRefresh?: (now: NforceOAuth, before: NforceOAuth, done: (error?: unknown) => void) => void;
  _apiRequest(options: Options, callback?: Callback): Promise<unknown> | undefined;
}

/** The error of an answer. */
interface Failure {
  statusCode?: number;
  errorCode?: string;
  body?: unknown;
}

/**
 * Logs an nforce org in through OAuth: the drop-in for `org.authenticate({ username, password })`.
 *
 * In single-user mode the org holds the result; in multi-user mode pass it with each call, as `oauth`. A call that meets an
 * expired session renews it and is sent once more. Calls with another `oauth` object are left alone. nforce's own
 * `autoRefresh` is switched off; where it was on, `onRefresh` is called with each new token. Streaming clients keep the session they were made with.
 *
 * @returns the `oauth` object. Calls with it also fail with
 * SalesforceSessionError `REJECTED_AFTER_REFRESH`, and SalesforceAuthError when no token can be had
 * @throws (rejects with) SalesforceGrantError, SalesforceAuthError
 */
export async function withNforce(auth: SalesforceAuth, org: NforceOrgLike): Promise<NforceOAuth> {
  const { url: id } = await auth.login();
  const { accessToken, instanceUrl } = await auth.token();
  const oauth: NforceOAuth = { access_token: accessToken, instance_url: instanceUrl, id, token_type: 'Bearer' };
  const target = org as Org;
  if (target.mode === 'single') target.oauth = oauth;
  const onRefresh = target.autoRefresh ? target.onRefresh?.bind(target) : renewals.get(target)?.onRefresh;
  target.autoRefresh = false;
  if (!renewals.has(target)) watch(target);
  renewals.set(target, { onRefresh, auths: (renewals.get(target)?.auths ?? new WeakMap<object, SalesforceAuth>()).set(oauth, auth) });
  return oauth;
}

/** Where an org logs in, and as which app. */
export function nforceLoginOf({ environment, loginUri, testLoginUri, clientId }: NforceOrgLike): { loginUrl: string; clientId: string } {
  return { loginUrl: environment === 'sandbox' ? testLoginUri : loginUri, clientId };
}

/** What renews the sessions of an org: each `oauth` object has its own. */
interface Renewals {
  auths: WeakMap<object, SalesforceAuth>;
  onRefresh: Org['onRefresh'];
}

const renewals = new WeakMap<Org, Renewals>();

/** Once per org: programs log in again and again. */
function watch(org: Org): void {
  const inner = org._apiRequest.bind(org);
  org._apiRequest = (options, callback) => {
    const { auths, onRefresh } = renewals.get(org)!;
    const auth = options.oauth ? auths.get(options.oauth as object) : undefined;
    if (!auth || hasCredentials(options.headers)) return inner(options, callback);
    const result = send(auth, (sent) => inner(sent) as Promise<unknown>, options, options.oauth as NforceOAuth, onRefresh);
    if (!callback) return result;
    result.then(
      (value) => process.nextTick(callback, null, value),
      (error: unknown) => process.nextTick(callback, error),
    );
    return undefined;
  };
}

type Inner = (options: Options) => Promise<unknown>;

async function send(auth: SalesforceAuth, inner: Inner, options: Options, oauth: NforceOAuth, onRefresh: Org['onRefresh']): Promise<unknown> {
  const { uri, multipart } = options;
  const call = await Call.begin(auth, uri ?? '/services/data/');
  if (!call) return inner(options);
  for (;;) {
    await update(oauth, call.token, onRefresh);
    try {
      return await inner({ ...options, ...(uri && { uri: call.url }) });
    } catch (error) {
      const { statusCode, errorCode, body } = error as Failure;
      if (statusCode === undefined) throw error;
      const peek = `${JSON.stringify({ errorCode })}${textOf(body)}`;
      if (!(await call.isToRepeat(statusCode, undefined, peek, !multipart?.some((part) => isStream(part.body))))) throw error;
    }
  }
}

/** The first call with a new token tells the program, as `autoRefresh` did. */
async function update(oauth: NforceOAuth, { accessToken, instanceUrl }: SalesforceToken, onRefresh: Org['onRefresh']): Promise<void> {
  const before = { ...oauth };
  oauth.access_token = accessToken;
  oauth.instance_url = instanceUrl;
  if (!onRefresh || before.access_token === accessToken) return;
  await new Promise<void>((resolve, reject) => {
    onRefresh(oauth, before, (error) => (error ? reject(error as Error) : resolve()));
  });
}
