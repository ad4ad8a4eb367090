import type { SalesforceAuth } from '../auth';
import { Call, hasCredentials, isStream, textOf } from './call';

/** What {@link withNforce} needs: an nforce connection ("org"). */
export interface NforceOrgLike {
  mode: string;
  oauth?: unknown;
  autoRefresh: boolean;
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
 * `autoRefresh` is switched off. Streaming clients keep the session they were made with.
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
  target.autoRefresh = false;

  const inner = target._apiRequest.bind(target);
  target._apiRequest = (options, callback) => {
    if (options.oauth !== oauth || hasCredentials(options.headers)) return inner(options, callback);
    const result = send(auth, (sent) => inner(sent) as Promise<unknown>, options, oauth);
    if (!callback) return result;
    result.then(
      (value) => process.nextTick(callback, null, value),
      (error: unknown) => process.nextTick(callback, error),
    );
    return undefined;
  };
  return oauth;
}

async function send(auth: SalesforceAuth, inner: (options: Options) => Promise<unknown>, options: Options, oauth: NforceOAuth): Promise<unknown> {
  const { uri, multipart } = options;
  const call = await Call.begin(auth, uri ?? '/services/data/');
  if (!call) return inner(options);
  for (;;) {
    oauth.access_token = call.token.accessToken;
    oauth.instance_url = call.token.instanceUrl;
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
