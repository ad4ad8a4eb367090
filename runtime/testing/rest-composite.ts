import { json, parseJson, type Answer, type Incoming } from './http';
import { bodyFields, type RestCall } from './rest-call';
import { methodNotAllowed, notFound } from './rest-errors';
import type { SObjectRecord } from './types';

/** /composite (several calls in one, each sent through `dispatch`) and /composite/sobjects (several records in one). */
export function composite(call: RestCall, dispatch: (part: Incoming) => Answer): Answer {
  const { request, org } = call;
  if (call.path[0] === 'sobjects') return collection(call);
  if (call.path.length > 0) return notFound(request);
  if (request.method !== 'POST') return methodNotAllowed(request);
  const calls = (bodyFields(request)?.['compositeRequest'] ?? []) as { method: string; url: string; referenceId: string; body?: unknown }[];
  const compositeResponse = calls.map(({ method, url, referenceId, body }) => {
    const part: Incoming = { method, url: new URL(url, org.url), headers: request.headers, body: JSON.stringify(body ?? {}) };
    const answer = dispatch(part);
    return { body: parseJson(answer.body) ?? null, httpHeaders: {}, httpStatusCode: answer.status, referenceId };
  });
  return json(200, { compositeResponse });
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm */
function collection({ request, org, path }: RestCall): Answer {
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
