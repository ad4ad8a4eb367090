import { json, type Answer, type Incoming } from './http';
import { project, runQuery } from './query';
import { restError } from './rest-errors';
import type { OrgState } from './state';
import type { SObjectRecord } from './types';

/** A query whose rows did not fit into one answer. */
interface Cursor {
  rows: SObjectRecord[];
}

const cursors = new WeakMap<OrgState, Map<string, Cursor>>();

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
