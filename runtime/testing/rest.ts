import { bearerToken, malformedAuthorization } from './authorization';
import { json, type Answer, type Incoming } from './http';
import { sentTo } from './oauth';
import type { RestCall } from './rest-call';
import { composite } from './rest-composite';
import { methodNotAllowed, notFound, restError } from './rest-errors';
import { answerQuery, moreRows } from './rest-query';
import { sobjects } from './rest-records';
import { LATEST_VERSION, OLDEST_VERSION, type OrgState } from './state';

/** /services/data/… and everything else that takes a REST session, such as /services/apexrest/…. */
export function rest(request: Incoming, org: OrgState): Answer {
  const [, , service, first, ...path] = request.url.pathname.replace(/\/+$/, '').split('/');
  // The list of versions needs no session.
  // https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_versions.htm
  if (service === 'data' && first === undefined) return json(200, versions());
  const refusal = refuseSession(request, org);
  if (refusal) return refusal;
  const version = /^v(\d+\.\d)$/.exec(first ?? '')?.[1];
  if (service !== 'data' || version === undefined || Number(version) > LATEST_VERSION) return notFound(request);
  // https://help.salesforce.com/s/articleView?id=005321531&type=1 (status and code; the sentence is ours)
  if (Number(version) < OLDEST_VERSION) return restError(request, 410, 'GONE', 'The requested API version is retired');
  return resource({ request, org, base: `/services/data/v${version}`, path: path.map(decodeURIComponent) });
}

/** Refuses a call that has no live session. */
function refuseSession(request: Incoming, org: OrgState): Answer | undefined {
  // https://github.com/amazon-connect/amazon-connect-salesforce-lambda/issues/12
  if (org.options.requireInstanceUrl && !sentTo(org.instanceUrl, request)) {
    return restError(request, 400, 'URL_NOT_RESET', 'Destination URL not reset. The URL returned from login must be set');
  }
  if (malformedAuthorization(request)) {
    org.log.counts.rejected += 1;
    return restError(request, 401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE');
  }
  if (org.sessions.use(bearerToken(request))) return undefined;
  org.log.counts.rejected += 1;
  return restError(request, 401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}

function versions() {
  const supported = Array.from({ length: LATEST_VERSION - OLDEST_VERSION + 1 }, (_, index) => OLDEST_VERSION + index);
  return supported.map((version) => ({ label: `API ${version}.0`, url: `/services/data/v${version}.0`, version: `${version}.0` }));
}

function resource(call: RestCall): Answer {
  const { request, org, base } = call;
  const [name, ...below] = call.path;
  switch (name) {
    case undefined:
      return json(200, {
        identity: org.identityUrl,
        sobjects: `${base}/sobjects`,
        query: `${base}/query`,
        queryAll: `${base}/queryAll`,
        limits: `${base}/limits`,
        composite: `${base}/composite`,
      });
    case 'query':
    case 'queryAll':
      if (request.method !== 'GET') return methodNotAllowed(request);
      return below[0] ? moreRows(request, org, base, below[0]) : answerQuery(request, org, base, name === 'queryAll');
    case 'limits':
      return json(200, { DailyApiRequests: { Max: 100000, Remaining: 100000 - org.log.counts.data } });
    case 'sobjects':
      return sobjects({ ...call, path: below });
    case 'composite':
      return composite({ ...call, path: below }, (part) => rest(part, org));
    default:
      return notFound(request);
  }
}
