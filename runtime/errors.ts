/**
 * Every `code` our errors carry.
 *
 * | code | class | when |
 * |---|---|---|
 * | `CONFIG_INVALID` | SalesforceAuthConfigError | a setting is missing, malformed or contradicts another |
 * | `GRANT_REFUSED` | SalesforceGrantError | the token endpoint refused the credential; final until it changes |
 * | `LOGIN_RATE_EXCEEDED` | SalesforceGrantError | too many logins in an hour; no token request before `retryAfterMs` |
 * | `ROTATION_LOST` | SalesforceGrantError | refused, after an earlier request with the same refresh token went unanswered |
 * | `REFRESH_STORM` | SalesforceAuthError | too many refreshes in a minute: something rejects every new token |
 * | `TOKEN_REQUEST_FAILED` | SalesforceAuthError | the token endpoint was not reached or answered 429 or 5xx, after retries |
 * | `TOKEN_REQUEST_LOST` | SalesforceAuthError | the request went out and no answer came: it is not sent again |
 * | `TOKEN_RESPONSE_INVALID` | SalesforceAuthError | an answer that is no token response |
 * | `REJECTED_AFTER_REFRESH` | SalesforceSessionError | a fresh token was rejected as well |
 * | `SESSION_REFUSED` | SalesforceSessionError | refused for a reason no new token cures |
 * | `SESSION_REPLACED` | SalesforceSessionError | the connection holds somebody else's session |
 * | `BODY_NOT_REPLAYABLE` | SalesforceSessionError | the session had expired and the upload was a stream |
 * | `STREAM_REJECTED` | SalesforceSessionError | a streaming (CometD) session was rejected; handshake again |
 * | `RETRY_LATER` | SalesforceAuthError | the server asks for more patience than a call should have: see `retryAfterMs` |
 * | `STORE_CONFLICT` | SalesforceStoreError | the store did not accept a change: somebody writes past its lock |
 * | `STORE_PERSIST_FAILED` | SalesforceStoreError | a new token was granted and could not be stored |
 * | `REENTRANT` | SalesforceAuthError | a token request that waits for itself |
 * | `STORE_UNAVAILABLE` | SalesforceStoreError | the store cannot be read, written or locked now: nobody refreshes without the lock |
 * | `STORE_UNREADABLE` | SalesforceStoreError | the stored tokens were encrypted with another key, or changed; left as they are |
 * | `STORE_LOCK_TIMEOUT` | SalesforceStoreError | another process kept the lock for all of `waitMs` |
 * | `INSECURE_URL` | SalesforceAuthError | plain http to a host that is not this machine |
 * | `CLOSED` | SalesforceAuthError | used after close() |
 */
export type SalesforceAuthErrorCode =
  | 'CONFIG_INVALID'
  | 'GRANT_REFUSED'
  | 'LOGIN_RATE_EXCEEDED'
  | 'ROTATION_LOST'
  | 'REFRESH_STORM'
  | 'TOKEN_REQUEST_FAILED'
  | 'TOKEN_REQUEST_LOST'
  | 'TOKEN_RESPONSE_INVALID'
  | 'REJECTED_AFTER_REFRESH'
  | 'SESSION_REFUSED'
  | 'SESSION_REPLACED'
  | 'BODY_NOT_REPLAYABLE'
  | 'STREAM_REJECTED'
  | 'RETRY_LATER'
  | 'STORE_CONFLICT'
  | 'STORE_PERSIST_FAILED'
  | 'REENTRANT'
  | 'STORE_UNAVAILABLE'
  | 'STORE_UNREADABLE'
  | 'STORE_LOCK_TIMEOUT'
  | 'INSECURE_URL'
  | 'CLOSED';

/** What every error of this package is. No message, property, stack or cause holds a secret. */
export class SalesforceAuthError extends Error {
  readonly code: SalesforceAuthErrorCode;
  /** HTTP status of the answer behind it, where there was one. */
  readonly status?: number;
  /** Milliseconds to wait before calling again, where that is known: from `Retry-After`, or a limit of our own. */
  readonly retryAfterMs?: number;

  constructor(
    code: SalesforceAuthErrorCode,
    message: string,
    details: { status?: number; retryAfterMs?: number; cause?: Error } = {},
  ) {
    super(message, details.cause && { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}

/** A setting is missing, malformed or contradicts another. Names the setting, never its value. */
export class SalesforceAuthConfigError extends SalesforceAuthError {
  /** The option or environment variable to change. */
  readonly setting: string;

  constructor(setting: string, problem: string) {
    super('CONFIG_INVALID', `${setting} ${problem}`);
    this.setting = setting;
  }
}

/** The token endpoint refused. `oauthError` is its `error`, for example `invalid_grant`. */
export class SalesforceGrantError extends SalesforceAuthError {
  readonly oauthError: string;

  constructor(
    code: 'GRANT_REFUSED' | 'LOGIN_RATE_EXCEEDED' | 'ROTATION_LOST',
    oauthError: string,
    message: string,
    details: { status?: number; retryAfterMs?: number } = {},
  ) {
    super(code, message, details);
    this.oauthError = oauthError;
  }
}

/** Salesforce refused a call's session. `errorCode` is Salesforce's own code, as jsforce's errors have it. */
export class SalesforceSessionError extends SalesforceAuthError {
  readonly errorCode: string;

  constructor(
    code: 'REJECTED_AFTER_REFRESH' | 'SESSION_REFUSED' | 'SESSION_REPLACED' | 'BODY_NOT_REPLAYABLE' | 'STREAM_REJECTED',
    message: string,
    details: { status?: number; errorCode?: string } = {},
  ) {
    super(code, message, details);
    this.errorCode = details.errorCode ?? 'INVALID_SESSION_ID';
  }
}

/** The token store could not be used, or did not take a token. No token is asked for without its lock. */
export class SalesforceStoreError extends SalesforceAuthError {
  constructor(
    code: 'STORE_UNAVAILABLE' | 'STORE_UNREADABLE' | 'STORE_LOCK_TIMEOUT' | 'STORE_CONFLICT' | 'STORE_PERSIST_FAILED',
    message: string,
    details: { cause?: Error } = {},
  ) {
    super(code, message, details);
  }
}

interface Trap {
  readonly text: RegExp;
  readonly advice: string;
  readonly source: string;
}

const FLOW_ERRORS = 'https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_oauth_flow_errors.htm';

/** What to do about a refusal, by the text Salesforce sends. The first that fits is shown. */
export const traps: readonly Trap[] = [
  {
    text: /hasn.t approved this consumer/i,
    advice:
      "Pre-authorise the user: in the app's policies choose 'Admin approved users are pre-authorized' and assign the app " +
      'through a profile or permission set (one without the Salesforce API Integration licence)',
    source: 'https://striim.com/docs/platform/en/salesforce-troubleshooting.html',
  },
  {
    text: /no client credentials user enabled/i,
    advice: "Enable the client credentials flow in the app's policies and choose its run-as user",
    source: 'https://striim.com/docs/platform/en/salesforce-troubleshooting.html',
  },
  {
    text: /no valid scopes/i,
    advice: "Give the app a scope this flow supports, such as 'Manage user data via APIs (api)'; 'full' and 'refresh_token' do not count",
    source: 'https://help.salesforce.com/s/articleView?id=000886201&type=1',
  },
  {
    text: /audience/i,
    advice: "Set SALESFORCE_LOGIN_URL to the org's My Domain, for example https://your-domain.my.salesforce.com",
    source: FLOW_ERRORS,
  },
  {
    text: /inactive.user/i,
    advice: 'Reactivate the user in Setup > Users, or use another one',
    source: 'https://github.com/restforce/restforce/issues/303',
  },
  {
    text: /expired access\/refresh token/i,
    advice:
      'The refresh token was revoked, rotated away, left unused too long or pushed out by a sixth approval: ' +
      'authorise the app again and store the new refresh token',
    source: FLOW_ERRORS,
  },
  {
    text: /expired authorization code/i,
    advice: "The signed assertion had expired on arrival: set this machine's clock",
    source: 'https://salesforce.stackexchange.com/questions/282513/specifying-an-expiration-date-time-when-creating-a-jwt',
  },
  {
    text: /app_not_found|not installed in this org/i,
    advice: "Install the external client app in this org and set SALESFORCE_LOGIN_URL to the org's My Domain",
    source: 'https://github.com/n8n-io/n8n/issues/28990',
  },
  {
    text: /invalid_client_id|client identifier invalid/i,
    advice:
      'Check the client id (consumer key), and that the login URL is the My Domain of the org that holds the app; ' +
      'a new app takes up to ten minutes',
    source: 'https://github.com/forcedotcom/postman-salesforce-apis/issues/42',
  },
  {
    text: /invalid_client|invalid client credentials/i,
    advice: 'Check the client secret (consumer secret)',
    source: 'https://www.nango.dev/blog/salesforce-oauth-refresh-token-invalid-grant',
  },
  {
    text: /unsupported_grant_type/i,
    advice: 'Enable this flow in the app and in Setup > OAuth and OpenID Connect Settings',
    source: 'https://www.nango.dev/blog/salesforce-oauth-refresh-token-invalid-grant',
  },
  {
    text: /invalid assertion|invalid.signature/i,
    advice: "Upload the certificate that belongs to this private key to the app ('Use digital signatures')",
    source: 'https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm&type=5',
  },
  {
    text: /rate_limit_exceeded|LOGIN_RATE_EXCEEDED/i,
    advice: 'Wait about an hour, and reuse the session instead of logging in per call',
    source: 'https://help.salesforce.com/s/articleView?id=000381578&type=1',
  },
  {
    text: /authentication failure/i,
    advice: "Look at the user's Login History in Setup for the reason",
    source: 'https://www.nango.dev/blog/salesforce-oauth-refresh-token-invalid-grant',
  },
];
