import { json, noContent, type Answer } from './http';
import { bodyFields, malformedBody, type RestCall } from './rest-call';
import { methodNotAllowed, notFound } from './rest-errors';
import { readField } from './soql';
import type { SObjectRecord } from './types';

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
export function sobjects(call: RestCall): Answer {
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

function create({ request, org, base }: RestCall, name: string): Answer {
  const fields = bodyFields(request);
  if (!fields) return malformedBody(request);
  const id = org.tables.insert(name, fields);
  return json(201, { id, success: true, errors: [] }, { location: `${base}/sobjects/${name}/${id}` });
}

/** One row, by id or by external id; PATCH by external id creates what is missing. */
function row(call: RestCall, name: string, field: string, value: string): Answer {
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
  const chosen = request.url.searchParams.get('fields')?.split(',').map((name) => [name, readField(found, name)] as const);
  const attributes = { type: name, url: `${base}/sobjects/${name}/${String(found['Id'])}` };
  return json(200, { attributes, ...(chosen ? Object.fromEntries(chosen) : found) });
}
