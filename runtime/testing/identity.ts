import { json, text, type Answer, type Incoming } from './http';
import { caseSafeId } from './ids';
import { bearerToken } from './authorization';
import type { OrgState } from './state';

/**
 * GET /services/oauth2/userinfo and GET /id/<org>/<user>. A dead token is 403 here, as text, not 401.
 * https://github.com/jsforce/jsforce/pull/736
 */
export function identity(request: Incoming, org: OrgState): Answer {
  // The identity URL also takes the token as a parameter; jsforce sends both.
  // https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_using_openid.htm
  const token = bearerToken(request) ?? request.url.searchParams.get('oauth_token') ?? undefined;
  if (!org.sessions.use(token)) {
    org.log.counts.rejected += 1;
    // https://github.com/richardvanhook/omniauth-salesforce/issues/13
    return text(403, token ? 'Bad_OAuth_Token' : 'Missing_OAuth_Token', 'text/html; charset=UTF-8');
  }
  return json(200, request.url.pathname.endsWith('/userinfo') ? openIdClaims(org) : identityDocument(org));
}

function openIdClaims(org: OrgState) {
  const { identity: user } = org;
  return {
    sub: org.identityUrl,
    user_id: caseSafeId(user.userId),
    organization_id: caseSafeId(user.organizationId),
    preferred_username: user.username,
    nickname: 'integration',
    name: 'Integration User',
    email: user.username,
    email_verified: true,
    given_name: 'Integration',
    family_name: 'User',
    zoneinfo: 'GMT',
    profile: `${org.instanceUrl}/${caseSafeId(user.userId)}`,
    urls: urls(org),
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    updated_at: new Date(org.clock.now()).toISOString(),
  };
}

function identityDocument(org: OrgState) {
  const { identity: user } = org;
  return {
    id: org.identityUrl,
    asserted_user: true,
    user_id: caseSafeId(user.userId),
    organization_id: caseSafeId(user.organizationId),
    username: user.username,
    nick_name: 'integration',
    display_name: 'Integration User',
    email: user.username,
    email_verified: true,
    first_name: 'Integration',
    last_name: 'User',
    timezone: 'GMT',
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    last_modified_date: new Date(org.clock.now()).toISOString(),
    is_app_installed: true,
    urls: urls(org),
  };
}

/** `{version}` is for the client to fill in. */
function urls(org: OrgState) {
  const soap = `${org.instanceUrl}/services/Soap`;
  const rest = `${org.instanceUrl}/services/data/v{version}/`;
  return {
    enterprise: `${soap}/c/{version}/${org.identity.organizationId}`,
    metadata: `${soap}/m/{version}/${org.identity.organizationId}`,
    partner: `${soap}/u/{version}/${org.identity.organizationId}`,
    rest,
    sobjects: `${rest}sobjects/`,
    search: `${rest}search/`,
    query: `${rest}query/`,
    recent: `${rest}recent/`,
    profile: `${org.instanceUrl}/${caseSafeId(org.identity.userId)}`,
  };
}
