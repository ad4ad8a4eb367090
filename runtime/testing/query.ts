import { parseSoql, readField, select, type Soql } from './soql';
import type { OrgState } from './state';
import type { SObjectRecord } from './types';

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
