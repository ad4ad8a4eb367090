import { bearerToken, malformedAuthorization } from './authorization';
import { json, noContent, parseJson, type Answer, type Incoming } from './http';
import { sentTo } from './oauth';
import { answerQuery, moreRows } from './rest-query';
import { notFound, restError } from './rest-errors';
import { LATEST_VERSION, OLDEST_VERSION, type OrgState } from './state';
import type { SObjectRecord } from './types';

/** A handler of one resource: the path below the version, split, is handed in. */
interface Call {
  request: Incoming;
  org: OrgState;
  version: string;
  base: string;
  path: string[];
}

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
  return resource({ request, org, version, base: `/services/data/v${version}`, path: path.map(decodeURIComponent) });
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

function resource(call: Call): Answer {
  const { request, org, base } = call;
  const [name, ...rest] = call.path;
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
      return rest[0] ? moreRows(request, org, base, rest[0]) : answerQuery(request, org, base, name === 'queryAll');
    case 'limits':
      return json(200, { DailyApiRequests: { Max: 100000, Remaining: 100000 - org.log.counts.data } });
    case 'sobjects':
      return sobjects({ ...call, path: rest });
    case 'composite':
      return composite({ ...call, path: rest });
    default:
      return notFound(request);
  }
}

function methodNotAllowed(request: Incoming): Answer {
  // https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
  return restError(request, 405, 'METHOD_NOT_ALLOWED', `HTTP Method '${request.method}' not allowed.`);
}

function describe(name: string, base: string) {
  return {
    name,
    label: name,
    labelPlural: `${name}s`,
    custom: name.endsWith('__c'),
    createable: true,
    deletable: true,
    queryable: true,
    updateable: true,
    urls: { sobject: `${base}/sobjects/${name}`, describe: `${base}/sobjects/${name}/describe`, rowTemplate: `${base}/sobjects/${name}/{ID}` },
  };
}

function describeFields(rows: SObjectRecord[]) {
  const names = new Set(['Id', ...rows.flatMap((row) => Object.keys(row))]);
  return [...names].map((name) => {
    const sample = rows.find((row) => row[name] != null)?.[name];
    const type = name === 'Id' ? 'id' : typeof sample === 'number' ? 'double' : typeof sample === 'boolean' ? 'boolean' : 'string';
    return { name, label: name, type };
  });
}

/** /sobjects, /sobjects/X, /sobjects/X/describe, /sobjects/X/<id>, /sobjects/X/<external id field>/<value> */
function sobjects(call: Call): Answer {
  const { request, org, base } = call;
  const [objectName, key, value] = call.path;
  if (objectName === undefined) {
    const names = Object.keys(org.tables.rows);
    return json(200, { encoding: 'UTF-8', maxBatchSize: 200, sobjects: names.map((name) => describe(name, base)) });
  }
  const name = org.tables.resolve(objectName);
  if (name === undefined) return notFound(request);
  if (key === undefined && request.method === 'POST') return create(call, name);
  if (key === undefined) return json(200, { objectDescribe: describe(name, base), recentItems: [] });
  if (key === 'describe') return json(200, { ...describe(name, base), fields: describeFields(org.tables.all(name)), childRelationships: [] });
  return value === undefined ? row(call, name, 'Id', key) : row(call, name, key, value);
}

function bodyFields(request: Incoming): SObjectRecord | undefined {
  const body = parseJson(request.body);
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as SObjectRecord) : undefined;
}

function malformedBody(request: Incoming): Answer {
  return restError(request, 400, 'JSON_PARSER_ERROR', 'The request body is not valid JSON');
}

function create({ request, org, base }: Call, name: string): Answer {
  const fields = bodyFields(request);
  if (!fields) return malformedBody(request);
  const id = org.tables.insert(name, fields);
  return json(201, { id, success: true, errors: [] }, { location: `${base}/sobjects/${name}/${id}` });
}

/** One row, by id or by external id; PATCH by external id creates what is missing. */
function row(call: Call, name: string, field: string, value: string): Answer {
  const { request, org, base } = call;
  const found = org.tables.find(name, value, field);
  if (request.method === 'PATCH') {
    const fields = bodyFields(request);
    if (!fields) return malformedBody(request);
    if (!found && field !== 'Id') {
      const id = org.tables.insert(name, { ...fields, [field]: value });
      return json(201, { id, success: true, errors: [], created: true });
    }
    if (!found) return notFound(request);
    org.tables.update(found, fields);
    return noContent();
  }
  if (!found) return notFound(request);
  if (request.method === 'DELETE') {
    org.tables.remove(name, found);
    return noContent();
  }
  if (request.method !== 'GET') return methodNotAllowed(request);
  return json(200, { attributes: { type: name, url: `${base}/sobjects/${name}/${String(found['Id'])}` }, ...found });
}

/** /composite (several calls in one) and /composite/sobjects (several records in one). */
function composite(call: Call): Answer {
  const { request, org } = call;
  if (call.path[0] === 'sobjects') return collection(call);
  if (call.path.length > 0) return notFound(request);
  if (request.method !== 'POST') return methodNotAllowed(request);
  const calls = (bodyFields(request)?.['compositeRequest'] ?? []) as { method: string; url: string; referenceId: string; body?: unknown }[];
  const compositeResponse = calls.map(({ method, url, referenceId, body }) => {
    const part: Incoming = { method, url: new URL(url, org.url), headers: request.headers, body: JSON.stringify(body ?? {}) };
    const answer = rest(part, org);
    return { body: parseJson(answer.body) ?? null, httpHeaders: {}, httpStatusCode: answer.status, referenceId };
  });
  return json(200, { compositeResponse });
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm */
function collection({ request, org, path }: Call): Answer {
  const missing = { success: false, errors: [{ statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] }] };
  if (request.method === 'DELETE') {
    const ids = (request.url.searchParams.get('ids') ?? '').split(',');
    return json(200, ids.map((id) => {
      const name = Object.keys(org.tables.rows).find((table) => org.tables.find(table, id));
      const found = name === undefined ? undefined : org.tables.find(name, id);
      if (name === undefined || !found) return { id, ...missing };
      org.tables.remove(name, found);
      return { id, success: true, errors: [] };
    }));
  }
  if (request.method === 'GET') {
    const name = org.tables.resolve(path[1] ?? '');
    if (name === undefined) return notFound(request);
    const ids = (request.url.searchParams.get('ids') ?? '').split(',');
    return json(200, ids.map((id) => ({ attributes: { type: name }, ...org.tables.find(name, id) })));
  }
  const records = (bodyFields(request)?.['records'] ?? []) as (SObjectRecord & { attributes?: { type?: string } })[];
  return json(200, records.map((fields) => {
    const name = org.tables.resolve(fields.attributes?.type ?? '');
    if (name === undefined) return missing;
    if (request.method === 'POST') return { id: org.tables.insert(name, fields), success: true, errors: [] };
    const { id, ...rest } = fields;
    const found = org.tables.find(name, String(fields['Id'] ?? id ?? ''));
    if (!found) return missing;
    org.tables.update(found, rest);
    return { id: found['Id'], success: true, errors: [] };
  }));
}
