import { verifies } from './authorize';
import { json, mediaType, type Answer, type Incoming } from './http';
import { verifyJwt } from './jwt';
import type { Session } from './sessions';
import type { OrgState } from './state';

const SCOPE = 'api';
const REFRESH_SCOPE = 'api refresh_token';

/** Refusals of the token endpoint are HTTP 400 with this JSON. */
export function oauthError(error: string, description: string, status = 400): Answer {
  return json(status, { error, error_description: description });
}

/** The parameters of an OAuth request, from its form body and its query string. */
export function oauthParameters(request: Incoming): URLSearchParams {
  // The query string of a POST counts too, although Salesforce advises against secrets there.
  // https://cloudsfdc.com/refresh-token-flow , https://github.com/ccoenraets/forcejs/blob/master/data-service/index.js
  const parameters = new URLSearchParams(request.url.search);
  if (mediaType(request) === 'application/x-www-form-urlencoded') {
    for (const [name, value] of new URLSearchParams(request.body)) parameters.set(name, value);
  }
  return parameters;
}

/** Client id and secret, from the form or from HTTP Basic. */
function clientOf(request: Incoming, parameters: URLSearchParams): { id: string | undefined; secret: string | undefined } {
  const basic = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) {
    return { id: parameters.get('client_id') ?? undefined, secret: parameters.get('client_secret') ?? undefined };
  }
  // Both halves are form-encoded before they are joined: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  const decode = (value: string) => new URLSearchParams(`v=${value}`).get('v') ?? '';
  return { id: decode(id), secret: decode(secret) };
}

/** Refuses a client that is unknown, or whose secret is wrong (or missing where it is needed). */
export function refuseClient(request: Incoming, parameters: URLSearchParams, org: OrgState, needsSecret: boolean): Answer | undefined {
  const { id, secret } = clientOf(request, parameters);
  // https://github.com/forcedotcom/postman-salesforce-apis/issues/42
  if (id !== org.identity.clientId) return oauthError('invalid_client_id', 'client identifier invalid');
  // https://www.nango.dev/blog/salesforce-oauth-refresh-token-invalid-grant
  const wrong = secret === undefined ? needsSecret : secret !== org.identity.clientSecret;
  return wrong ? oauthError('invalid_client', 'invalid client credentials') : undefined;
}

/** Was this request sent to the org's own host? */
export function sentTo(url: string, request: Incoming): boolean {
  return request.headers.host === new URL(url).host;
}

/** POST /services/oauth2/token */
export function tokenEndpoint(request: Incoming, org: OrgState): Answer {
  // https://github.com/amazon-connect/amazon-connect-salesforce-cti/issues/43
  if (request.method !== 'POST') return oauthError('invalid_request', 'must use HTTP POST');
  // https://github.com/n8n-io/n8n/issues/28990
  if (org.options.requireMyDomain && !sentTo(org.url, request)) {
    return oauthError('app_not_found', 'External client app is not installed in this org');
  }
  const parameters = oauthParameters(request);
  switch (parameters.get('grant_type')) {
    case 'client_credentials':
      return clientCredentials(request, parameters, org);
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return jwtBearer(parameters, org);
    case 'refresh_token':
      return refresh(request, parameters, org);
    case 'password':
      return password(request, parameters, org);
    case 'authorization_code':
      return authorizationCode(request, parameters, org);
    default:
      // Also what a JSON body gets: its parameters are not read.
      // https://www.nango.dev/blog/salesforce-oauth-refresh-token-invalid-grant
      return oauthError('unsupported_grant_type', 'grant type not supported');
  }
}

function clientCredentials(request: Incoming, parameters: URLSearchParams, org: OrgState): Answer {
  const refusal = refuseClient(request, parameters, org, true);
  if (refusal) return refusal;
  // https://striim.com/docs/platform/en/salesforce-troubleshooting.html
  if (!org.clientCredentialsUser) return oauthError('invalid_grant', 'no client credentials user enabled');
  return granted(org.openOAuthSession('client_credentials', SCOPE), org);
}

function jwtBearer(parameters: URLSearchParams, org: OrgState): Answer {
  const claims = verifyJwt(parameters.get('assertion') ?? '', org.identity.appKeys().publicKey);
  // https://github.com/frankkessler/salesforce-laravel-oauth2-rest/issues/68
  if (!claims) return oauthError('invalid_grant', 'invalid assertion');
  if (claims.iss !== org.identity.clientId) return oauthError('invalid_client_id', 'client identifier invalid');
  // External client apps take only the org's own My Domain, as one string.
  // https://github.com/forcedotcom/cli/issues/3482 , https://github.com/forcedotcom/datacloud-jdbc/pull/132
  if (claims.aud !== org.url) return oauthError('invalid_grant', 'audience is invalid');
  // Seconds since the epoch, which the documentation's own example writes as a string. A value in milliseconds lies far ahead and is not refused.
  // https://salesforce.stackexchange.com/questions/282513/specifying-an-expiration-date-time-when-creating-a-jwt
  if (!(Number(claims.exp) * 1000 > org.clock.now())) {
    return oauthError('invalid_grant', 'expired authorization code');
  }
  if ((claims.sub ?? claims.prn) !== org.identity.username) {
    return oauthError('invalid_grant', "user hasn't approved this consumer");
  }
  return granted(org.openOAuthSession('jwt-bearer', SCOPE), org);
}

/**
 * The end of the web server flow. A public app sends no secret; with PKCE, the verifier stands in for it.
 * https://developer.salesforce.com/docs/atlas.en-us.packagingGuide.meta/packagingGuide/secure_code_ac_eca.htm
 */
function authorizationCode(request: Incoming, parameters: URLSearchParams, org: OrgState): Answer {
  const refusal = refuseClient(request, parameters, org, false);
  if (refusal) return refusal;
  const approval = org.codes.redeem(parameters.get('code') ?? '', org.clock.now());
  // Used before, too old or never issued.
  // https://salesforce.stackexchange.com/questions/282513/specifying-an-expiration-date-time-when-creating-a-jwt
  if (!approval) return oauthError('invalid_grant', 'expired authorization code');
  // https://github.com/petewarden/salesforce_restphp_example/issues/1
  if (parameters.get('redirect_uri') !== approval.redirectUri) {
    return oauthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  // As people see it; the REST guide says `invalid_request` for a verifier that does not fit, `invalid_grant` for a missing one.
  // https://salesforce.stackexchange.com/questions/330168/pcke-flow-salesforce-for-oauth-2-0 ,
  // https://developer.salesforce.com/docs/atlas.en-us.222.0.api_rest.meta/api_rest/intro_understanding_web_server_oauth_flow.htm
  if (!verifies(parameters.get('code_verifier') ?? '', approval.challenge)) return oauthError('invalid_grant', 'invalid code verifier');
  // Both names mean the same scope, and without it there is no refresh token: https://github.com/NangoHQ/nango/issues/327
  const keeps = /\b(refresh_token|offline_access)\b/.test(approval.scope);
  const grant = keeps ? org.refreshTokens.approve() : undefined;
  return granted(org.openOAuthSession('authorization_code', approval.scope, grant), org, grant && { refresh_token: grant.current });
}

function refresh(request: Incoming, parameters: URLSearchParams, org: OrgState): Answer {
  const refusal = refuseClient(request, parameters, org, false);
  if (refusal) return refusal;
  const presented = org.refreshTokens.present(parameters.get('refresh_token') ?? '');
  if (presented.state === 'replayed') {
    // Somebody holds a copy: the current token and all access tokens of the approval die.
    // https://help.salesforce.com/s/articleView?id=005316711&type=1
    presented.grant.revoked = true;
    org.sessions.endAll((session) => session.grant === presented.grant);
  }
  if (presented.state !== 'valid') {
    // https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_oauth_flow_errors.htm
    return oauthError('invalid_grant', 'expired access/refresh token');
  }
  const session = org.openOAuthSession('refresh_token', REFRESH_SCOPE, presented.grant);
  // Without rotation the field is absent and the old token stays good.
  // https://help.salesforce.com/apex/HTViewHelpDoc?id=remoteaccess_oauth_refresh_token_flow.htm
  const rotated = org.options.rotateRefreshTokens ? { refresh_token: org.refreshTokens.rotate(presented.grant) } : {};
  return granted(session, org, rotated);
}

function password(request: Incoming, parameters: URLSearchParams, org: OrgState): Answer {
  const refusal = refuseClient(request, parameters, org, true);
  if (refusal) return refusal;
  const matches = org.passwordMatches(parameters.get('username') ?? undefined, parameters.get('password') ?? undefined);
  // A blocked flow and a bad password look the same: https://github.com/jsforce/jsforce/issues/1506
  if (org.passwordGrant === 'blocked' || !matches) return oauthError('invalid_grant', 'authentication failure');
  return granted(org.openOAuthSession('password', SCOPE), org);
}

/**
 * The success answer. All values are strings, and none says when the token ends.
 * https://github.com/NangoHQ/nango/issues/327 , https://github.com/NangoHQ/nango/pull/5383
 */
function granted(session: Session, org: OrgState, extra: Record<string, string> = {}): Answer {
  const common = {
    access_token: session.token,
    ...extra,
    scope: session.scope,
    instance_url: org.instanceUrl,
    id: org.identityUrl,
    token_type: 'Bearer',
  };
  // The JWT bearer flow answers neither `issued_at` nor `signature`.
  // https://github.com/oschweitzer/salesforce-jwt-bearer-token-flow
  if (session.origin === 'jwt-bearer') return json(200, common, NO_STORE);
  const issuedAt = String(session.createdAt);
  return json(200, { ...common, issued_at: issuedAt, signature: org.signature(issuedAt) }, NO_STORE);
}

const NO_STORE = { 'cache-control': 'no-cache, no-store', pragma: 'no-cache' };
