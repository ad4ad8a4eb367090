/** How an org answers SOAP `login()`. */
export type SoapLoginState = 'enabled' | 'disabled' | 'not-available';

/** The OAuth flows that {@link FakeOrg.environment} can describe. */
export type OAuthFlow = 'jwt-bearer' | 'client-credentials' | 'refresh-token';

/** What a request was for; counted under this name. */
export type RequestKind =
  | 'authorize'
  | 'token'
  | 'revoke'
  | 'introspect'
  | 'userinfo'
  | 'data'
  | 'bulk'
  | 'soap'
  | 'soapLogin'
  | 'other';

/** The kinds that a fault can be scripted for. */
export type FaultKind = 'token' | 'data' | 'soap' | 'soapLogin' | 'userinfo' | 'bulk';

/** A row of an object table; `Id` is filled in when it is missing. */
export type SObjectRecord = Record<string, unknown>;

/** Time, in milliseconds since the epoch, as `Date.now()` gives it. */
export interface Clock {
  now(): number;
}

/** Options of `startFakeOrg`. */
export interface FakeOrgOptions {
  /** Does SOAP `login()` work? Default `'enabled'` (below API 65). */
  soapLogin?: SoapLoginState;
  /** Refresh token rotation: each refresh answers with a new refresh token and the old one dies. Default `false`. */
  rotateRefreshTokens?: boolean;
  /** Session timeout in seconds. Default 7200, as in a new org. */
  sessionSeconds?: number;
  /** Format of the access tokens of the token endpoint. Default `'opaque'`. */
  tokenFormat?: 'opaque' | 'jwt';
  /**
   * The app's callback URL, the one place the authorize page sends anybody to. Default `http://localhost:1717/OauthRedirect`, that of
   * the `sf` CLI: https://github.com/forcedotcom/sfdx-core/blob/main/src/webOAuthServer.ts
   */
  callbackUrl?: string;
  /** Port to listen on; default: a free one. */
  port?: number;
  /** Where the org reads the time. Default: the system clock. */
  clock?: Clock;
  /** Rows to start with, by object name. Default: three accounts and two contacts. */
  records?: Record<string, SObjectRecord[]>;
  /** How many rows a query answers at once. Default 2000. */
  queryBatchSize?: number;
  /** Refuse token requests that were not sent to the org's own host, as external client apps do. Default `false`. */
  requireMyDomain?: boolean;
  /** Refuse data requests that were not sent to the instance URL (`URL_NOT_RESET`). Default `false`. */
  requireInstanceUrl?: boolean;
  /** Does the app have a run-as user for the client credentials flow? Default `true`. */
  clientCredentialsUser?: boolean;
  /** The OAuth username-password flow. Default `'enabled'`. */
  passwordGrant?: 'enabled' | 'blocked';
  /** Must the security token follow the password, as outside a trusted network? Default `false`: both forms log in. */
  requireSecurityToken?: boolean;
  /** SOAP `login()` answers 200 with `passwordExpired` and a session that nothing accepts. Default `false`. */
  passwordExpired?: boolean;
  /** Older orgs echo the whole session id in the SOAP session fault. Default `false`: a hash. */
  echoSessionIdInFaults?: boolean;
}

/** Everything a client needs to log in. All values are generated when the org starts. */
export interface FakeOrgCredentials {
  readonly username: string;
  readonly password: string;
  readonly securityToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PKCS #8 PEM of the RSA key whose certificate the app would hold. */
  readonly privateKey: string;
  /** The refresh token that works now: with rotation on, this changes at each refresh. */
  readonly refreshToken: string;
}

/** An answer for `failNext`. */
export interface FaultResponse {
  /** HTTP status. Needed unless `destroy` is set. */
  status?: number;
  /** Text, or a value that is sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Real milliseconds to wait before answering. */
  delayMs?: number;
  /** Cut the connection instead of answering. */
  destroy?: true;
  /** Do the work first, then lose its answer: a refresh token rotates, a record is created. */
  afterProcessing?: boolean;
}

/** What the org remembers of a request: never a header, body or query string. */
export interface RequestEntry {
  kind: RequestKind;
  method: string;
  path: string;
  /** HTTP status answered; 0 when the connection was cut. */
  status: number;
  apiVersion?: string;
  grantType?: string;
  /** SOAP operation name. */
  operation?: string;
  /** True when a token request carried its parameters in the URL. */
  credentialsInUrl?: true;
}

/** Requests by kind, and what came of them. */
export type RequestCounts = Record<RequestKind, number> & {
  /** Requests refused because their session was dead, unknown or missing. */
  rejected: number;
  /** Access tokens and session ids handed out. */
  issued: number;
};
