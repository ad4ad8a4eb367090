import { formatCsv, parseCsv } from './csv';
import { parseJson } from './http';
import { caseSafeId, freshId } from './ids';
import { project, runQuery } from './query';
import type { OrgState } from './state';
import type { SObjectRecord } from './types';
import { children, element, innerXml } from './xml';

export const BULK_NAMESPACE = 'http://www.force.com/2009/06/asyncapi/dataload';

/** A format in which a job takes and gives data. */
type BulkFormat = 'CSV' | 'XML' | 'JSON';

/** What happened to one row of a batch. */
interface RowResult {
  id: string;
  success: boolean;
  created: boolean;
  error: string;
}

/** One batch: done as soon as it is added. */
export interface Batch {
  id: string;
  state: 'Completed' | 'Failed' | 'NotProcessed';
  stateMessage?: string;
  /** The data as it was sent. */
  request: string;
  rows: RowResult[];
  /** The id and the text of the result, for a query. */
  query?: { resultId: string; text: string };
}

/** One job of Bulk API 1.0. */
export interface Job {
  id: string;
  operation: string;
  object: string;
  contentType: BulkFormat;
  externalIdFieldName?: string;
  state: string;
  createdDate: string;
  apiVersion: string;
  batches: Batch[];
}

const jobs = new WeakMap<OrgState, Map<string, Job>>();

function jobsOf(org: OrgState): Map<string, Job> {
  const known = jobs.get(org) ?? new Map<string, Job>();
  jobs.set(org, known);
  return known;
}

/** The job with this id (15 or 18 characters). */
export function findJob(org: OrgState, id: string): Job | undefined {
  return jobsOf(org).get(caseSafeId(id));
}

/** Opens a job from its description, or gives `undefined` when the description is not complete. */
export function openJob(org: OrgState, info: Record<string, unknown>, apiVersion: string): Job | undefined {
  const { operation, object, contentType = 'XML', externalIdFieldName } = info;
  if (typeof operation !== 'string' || typeof object !== 'string') return undefined;
  const job: Job = {
    id: caseSafeId(freshId('750')),
    operation,
    object,
    contentType: contentType === 'CSV' || contentType === 'JSON' ? contentType : 'XML',
    ...(typeof externalIdFieldName === 'string' && externalIdFieldName ? { externalIdFieldName } : {}),
    state: 'Open',
    createdDate: new Date(org.clock.now()).toISOString(),
    apiVersion,
    batches: [],
  };
  jobsOf(org).set(job.id, job);
  return job;
}

/** Adds a batch and does its work at once. */
export function addBatch(org: OrgState, job: Job, request: string): Batch {
  const batch: Batch = { id: caseSafeId(freshId('751')), state: 'Completed', request, rows: [] };
  job.batches.push(batch);
  if (/^query/i.test(job.operation)) return runQueryBatch(org, job, batch);
  const name = org.tables.resolve(job.object);
  if (name === undefined) return Object.assign(batch, { state: 'Failed', stateMessage: `InvalidBatch : InvalidEntity : Unable to find object: ${job.object}` } as const);
  batch.rows = readRows(job.contentType, request).map((row) => change(org, job, name, row));
  return batch;
}

function readRows(format: BulkFormat, source: string): SObjectRecord[] {
  if (format === 'CSV') return parseCsv(source);
  if (format === 'JSON') {
    const rows = parseJson(source);
    return Array.isArray(rows) ? (rows as SObjectRecord[]) : [];
  }
  return [...source.matchAll(/<sObject(?:\s[^>]*)?>([\s\S]*?)<\/sObject>/g)].map(([, inner = '']) => Object.fromEntries(children(inner)));
}

function change(org: OrgState, job: Job, name: string, row: SObjectRecord): RowResult {
  const { Id: id, ...fields } = row;
  if (job.operation === 'insert') return { id: org.tables.insert(name, fields), success: true, created: true, error: '' };
  const key = job.operation === 'upsert' ? (job.externalIdFieldName ?? 'Id') : 'Id';
  const found = org.tables.find(name, String(row[key] ?? id ?? ''), key);
  if (!found && job.operation === 'upsert') return { id: org.tables.insert(name, fields), success: true, created: true, error: '' };
  if (!found) return { id: '', success: false, created: false, error: 'ENTITY_IS_DELETED:entity is deleted:--' };
  if (/delete$/i.test(job.operation)) org.tables.remove(name, found);
  else org.tables.update(found, fields);
  return { id: String(found['Id']), success: true, created: false, error: '' };
}

function runQueryBatch(org: OrgState, job: Job, batch: Batch): Batch {
  const outcome = runQuery(org, batch.request, job.operation === 'queryAll');
  if ('errorCode' in outcome) {
    return Object.assign(batch, { state: 'Failed', stateMessage: `InvalidBatch : Failed to process query: ${outcome.errorCode}: ${outcome.message}` } as const);
  }
  const { soql, object } = outcome;
  const rows = outcome.rows.map((row) => project(row, soql));
  batch.query = { resultId: freshId('752'), text: formatRows(job.contentType, object, soql.fields, rows) };
  return batch;
}

function formatRows(format: BulkFormat, object: string, fields: string[], rows: [string, unknown][][]): string {
  switch (format) {
    case 'CSV':
      return rows.length === 0 ? 'Records not found for this query' : formatCsv(fields, rows.map((row) => row.map(([, value]) => value)));
    case 'JSON':
      return JSON.stringify(rows.map((row) => ({ attributes: { type: object }, ...Object.fromEntries(row) })));
    case 'XML': {
      const records = rows.map((row) => `<records xsi:type="sObject">${element('type', object)}${row.map(([name, value]) => element(name, value ?? '')).join('')}</records>`);
      return `<?xml version="1.0" encoding="UTF-8"?><queryResult xmlns="${BULK_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${records.join('')}</queryResult>`;
    }
  }
}

/** The description of a job in a request, XML or JSON. */
export function readJobInfo(body: string, isJson: boolean): Record<string, unknown> {
  if (!isJson) return Object.fromEntries(children(innerXml(body, 'jobInfo') ?? ''));
  const info = parseJson(body);
  return typeof info === 'object' && info !== null ? (info as Record<string, unknown>) : {};
}
