import { json, type Answer, type Incoming } from './http';
import { restError } from './rest-errors';
import { parseSoql, readField, select, type Soql } from './soql';
import type { OrgState } from './state';
import type { SObjectRecord } from './types';

/** A query whose rows did not fit into one answer. */
interface Cursor {
  rows: SObjectRecord[];
}

const cursors = new WeakMap<OrgState, Map<string, Cursor>>();

/** What a query found, or why it could not run. */
export type QueryOutcome = { soql: Soql; object: string; rows: SObjectRecord[] } | { errorCode: string; message: string };

/** Runs a query for any of the APIs. */
export function runQuery(org: OrgState, query: string, includeDeleted = false): QueryOutcome {
  const soql = parseSoql(query);
  if (!soql) return { errorCode: 'MALFORMED_QUERY', message: 'The fake org does not understand this query' };
  const object = org.tables.resolve(soql.object);
  if (object === undefined) return { errorCode: 'INVALID_TYPE', message: `sObject type '${soql.object}' is not supported.` };
  return { soql, object, rows: select(org.tables.all(object, includeDeleted), soql) };
}

/** The selected fields of a row, in the order of the query. */
export function project(row: SObjectRecord, soql: Soql): [field: string, value: unknown][] {
  if (/^FIELDS\(/i.test(soql.fields[0] ?? '')) return Object.entries(row);
  return soql.fields.map((field) => [field, readField(row, field)]);
}

/** GET /query?q= and /queryAll?q= */
export function answerQuery(request: Incoming, org: OrgState, base: string, includeDeleted: boolean): Answer {
  const outcome = runQuery(org, request.url.searchParams.get('q') ?? '', includeDeleted);
  if ('errorCode' in outcome) return restError(request, 400, outcome.errorCode, outcome.message);
  const { soql, object, rows } = outcome;
  if (/^COUNT\(\s*\)$/i.test(soql.fields[0] ?? '')) return json(200, { totalSize: rows.length, done: true, records: [] });
  const records = rows.map((row) => ({
    attributes: { type: object, url: `${base}/sobjects/${object}/${String(row['Id'])}` },
    ...Object.fromEntries(project(row, soql)),
  }));
  return page(org, base, { rows: records }, 0);
}

/** GET /query/<locator>: the next rows of a query that was begun earlier. */
export function moreRows(request: Incoming, org: OrgState, base: string, locator: string): Answer {
  const [id = '', offset = '0'] = locator.split('-');
  const cursor = cursors.get(org)?.get(id);
  if (!cursor) return restError(request, 400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  return page(org, base, cursor, Number(offset), id);
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_query.htm */
function page(org: OrgState, base: string, cursor: Cursor, offset: number, known?: string): Answer {
  const end = offset + (org.options.queryBatchSize ?? 2000);
  const answer = { totalSize: cursor.rows.length, done: end >= cursor.rows.length, records: cursor.rows.slice(offset, end) };
  if (answer.done) return json(200, answer);
  return json(200, { ...answer, nextRecordsUrl: `${base}/query/${known ?? keep(org, cursor)}-${end}` });
}

function keep(org: OrgState, cursor: Cursor): string {
  const open = cursors.get(org) ?? new Map<string, Cursor>();
  cursors.set(org, open);
  const id = `01g${String(open.size + 1).padStart(15, '0')}`;
  open.set(id, cursor);
  return id;
}
