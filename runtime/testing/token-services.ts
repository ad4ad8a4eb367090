import { json, type Answer, type Incoming } from './http';
import { oauthError, oauthParameters, refuseClient } from './oauth';
import type { OrgState } from './state';

/**
 * POST (or GET) /services/oauth2/revoke: an access token ends its session, a refresh token ends its approval.
 * https://developer.salesforce.com/docs/platform/mobile-sdk/guide/oauth-revoking-tokens.html
 */
export function revoke(request: Incoming, org: OrgState): Answer {
  const token = oauthParameters(request).get('token') ?? '';
  if (org.sessions.end(token)) return { status: 200, body: '' };
  const presented = org.refreshTokens.present(token);
  if (presented.state !== 'valid') return oauthError('invalid_token', 'invalid token');
  presented.grant.revoked = true;
  org.sessions.endAll((session) => session.grant === presented.grant);
  return { status: 200, body: '' };
}

/**
 * POST /services/oauth2/introspect, times in seconds.
 * https://nango.dev/blog/salesforce-get-access-token-expires-at
 */
export function introspect(request: Incoming, org: OrgState): Answer {
  if (request.method !== 'POST') return oauthError('invalid_request', 'must use HTTP POST');
  const parameters = oauthParameters(request);
  const refusal = refuseClient(request, parameters, org, true);
  if (refusal) return refusal;
  const token = parameters.get('token') ?? '';
  const common = { client_id: org.identity.clientId, username: org.identity.username, sub: org.identityUrl };
  const session = org.sessions.peek(token);
  // Tokens of the username-password flow cannot be introspected.
  // https://help.salesforce.com/apex/HTViewHelpDoc?id=remoteaccess_oauth_username_password_flow.htm
  if (session && session.origin !== 'password' && session.origin !== 'soap') {
    const issued = Math.floor(session.createdAt / 1000);
    const exp = Math.floor(org.sessions.endOf(session) / 1000);
    return json(200, { active: true, scope: session.scope, ...common, token_type: 'access_token', exp, iat: issued, nbf: issued });
  }
  if (org.refreshTokens.present(token).state === 'valid') {
    return json(200, { active: true, scope: 'api refresh_token', ...common, token_type: 'refresh_token' });
  }
  return json(200, { active: false });
}
