import { addBatch, BULK_NAMESPACE, findJob, openJob, readJobInfo, type Batch, type Job } from './bulk-jobs';
import { formatCsv } from './csv';
import { json, mediaType, text, XML_TYPE, type Answer, type Incoming } from './http';
import { OLDEST_VERSION, type OrgState } from './state';
import { element } from './xml';

/**
 * Bulk API 1.0, /services/async/NN.0/job…: enough to open a job, add batches, read their results and close it.
 * https://developer.salesforce.com/docs/atlas.en-us.264.0.api_asynch.meta/api_asynch/asynch_api_batches_get_results.htm
 */
export function bulk(request: Incoming, org: OrgState): Answer {
  const [, , , version = '', resource, jobId, list, batchId, result, resultId] = request.url.pathname.replace(/\/+$/, '').split('/');
  const job = jobId === undefined ? undefined : findJob(org, jobId);
  const isJson = job ? job.contentType === 'JSON' : mediaType(request) === 'application/json';
  const refusal = refuse(request, org, version, isJson);
  if (refusal) return refusal;
  if (resource !== 'job') return bulkError(isJson, 404, 'InvalidUrl', 'Destination URL not found');
  if (jobId === undefined) return create(request, org, version, isJson);
  if (!job) return bulkError(isJson, 400, 'InvalidJob', 'Unable to find job');
  if (list === undefined) return request.method === 'POST' ? changeState(request, job) : info(200, jobInfo(job, org), 'jobInfo', isJson);
  if (batchId === undefined) return request.method === 'POST' ? add(request, org, job) : batchList(job, org);
  const batch = job.batches.find(({ id }) => id === batchId);
  if (!batch) return bulkError(isJson, 400, 'InvalidBatch', 'Unable to find batch');
  if (result === undefined) return info(200, batchInfo(batch, job, org), 'batchInfo', isJson);
  if (result === 'request') return data(job, batch.request);
  if (resultId === undefined) return batch.query ? resultList(batch.query.resultId, isJson) : rowResults(batch, job);
  return batch.query ? data(job, batch.query.text) : bulkError(isJson, 400, 'InvalidBatch', 'Unable to find result');
}

function refuse(request: Incoming, org: OrgState, version: string, isJson: boolean): Answer | undefined {
  // https://developer.salesforce.com/docs/platform/api/guide/api-eol-soap.html
  if (Number(version) < OLDEST_VERSION) return bulkError(isJson, 400, 'InvalidVersion', 'Api version not supported');
  // The session travels in its own header, without a scheme. Whether `Authorization` works too is not documented.
  // https://developer.salesforce.com/docs/atlas.en-us.264.0.api_asynch.meta/api_asynch/asynch_api_basics_session_header.htm
  const header = request.headers['x-sfdc-session'];
  if (org.sessions.use(typeof header === 'string' ? header : undefined)) return undefined;
  org.log.counts.rejected += 1;
  // 400, not 401, in the format of the job.
  // https://github.com/heroku/salesforce-bulk/issues/44 , https://github.com/simple-salesforce/simple-salesforce/issues/619
  return bulkError(isJson, 400, 'InvalidSessionId', 'Invalid session id');
}

function bulkError(isJson: boolean, status: number, exceptionCode: string, exceptionMessage: string): Answer {
  return info(status, { exceptionCode, exceptionMessage }, 'error', isJson);
}

/** A flat description, as JSON or as one XML element. */
function info(status: number, values: Record<string, unknown>, name: string, isJson: boolean): Answer {
  return isJson ? json(status, values) : xml(status, `<${name} xmlns="${BULK_NAMESPACE}">${flat(values)}</${name}>`);
}

function flat(values: Record<string, unknown>): string {
  return Object.entries(values).map(([key, value]) => element(key, value)).join('');
}

function xml(status: number, content: string): Answer {
  return text(status, `<?xml version="1.0" encoding="UTF-8"?>${content}`, XML_TYPE);
}

function create(request: Incoming, org: OrgState, version: string, isJson: boolean): Answer {
  const job = openJob(org, readJobInfo(request.body, isJson), version);
  if (!job) return bulkError(isJson, 400, 'InvalidJob', 'A job needs an operation and an object');
  return info(201, jobInfo(job, org), 'jobInfo', isJson);
}

function changeState(request: Incoming, job: Job): Answer {
  const isJson = job.contentType === 'JSON';
  const { state } = readJobInfo(request.body, mediaType(request) === 'application/json');
  if (state !== 'Closed' && state !== 'Aborted') return bulkError(isJson, 400, 'InvalidJobState', `State: ${String(state)} is not valid`);
  job.state = state;
  return info(200, { id: job.id, operation: job.operation, object: job.object, state, contentType: job.contentType }, 'jobInfo', isJson);
}

function add(request: Incoming, org: OrgState, job: Job): Answer {
  const isJson = job.contentType === 'JSON';
  if (job.state !== 'Open') return bulkError(isJson, 400, 'InvalidJobState', 'Job is not open');
  return info(201, batchInfo(addBatch(org, job, request.body), job, org), 'batchInfo', isJson);
}

function jobInfo(job: Job, org: OrgState): Record<string, unknown> {
  const total = job.batches.length;
  const processed = job.batches.reduce((sum, batch) => sum + batch.rows.length, 0);
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: org.identity.userId,
    createdDate: job.createdDate,
    systemModstamp: job.createdDate,
    state: job.state,
    ...(job.externalIdFieldName ? { externalIdFieldName: job.externalIdFieldName } : {}),
    concurrencyMode: 'Parallel',
    contentType: job.contentType,
    numberBatchesQueued: 0,
    numberBatchesInProgress: 0,
    numberBatchesCompleted: job.batches.filter(({ state }) => state === 'Completed').length,
    numberBatchesFailed: job.batches.filter(({ state }) => state === 'Failed').length,
    numberBatchesTotal: total,
    numberRecordsProcessed: processed,
    numberRetries: 0,
    apiVersion: job.apiVersion,
  };
}

function batchInfo(batch: Batch, job: Job, org: OrgState): Record<string, unknown> {
  return {
    id: batch.id,
    jobId: job.id,
    state: batch.state,
    ...(batch.stateMessage ? { stateMessage: batch.stateMessage } : {}),
    createdDate: job.createdDate,
    systemModstamp: new Date(org.clock.now()).toISOString(),
    numberRecordsProcessed: batch.rows.length,
    numberRecordsFailed: batch.rows.filter(({ success }) => !success).length,
  };
}

function batchList(job: Job, org: OrgState): Answer {
  const batches = job.batches.map((batch) => batchInfo(batch, job, org));
  if (job.contentType === 'JSON') return json(200, { batchInfo: batches });
  return xml(200, `<batchInfoList xmlns="${BULK_NAMESPACE}">${batches.map((values) => `<batchInfo>${flat(values)}</batchInfo>`).join('')}</batchInfoList>`);
}

function resultList(resultId: string, isJson: boolean): Answer {
  return isJson ? json(200, [resultId]) : xml(200, `<result-list xmlns="${BULK_NAMESPACE}">${element('result', resultId)}</result-list>`);
}

function rowResults(batch: Batch, job: Job): Answer {
  switch (job.contentType) {
    case 'CSV':
      return data(job, formatCsv(['Id', 'Success', 'Created', 'Error'], batch.rows.map(({ id, success, created, error }) => [id, success, created, error])));
    case 'JSON':
      return json(200, batch.rows.map(({ id, success, created, error }) => ({ success, created, id: id || null, errors: error ? [{ message: error }] : [] })));
    case 'XML': {
      const rows = batch.rows.map(({ id, success, created, error }) => {
        const outcome = error ? `<errors>${element('message', error)}</errors>` : element('id', id);
        return `<result>${outcome}${element('success', success)}${element('created', created)}</result>`;
      });
      return xml(200, `<results xmlns="${BULK_NAMESPACE}">${rows.join('')}</results>`);
    }
  }
}

/** Data goes out in the format of the job. */
function data(job: Job, content: string): Answer {
  const types = { CSV: 'text/csv', XML: XML_TYPE, JSON: 'application/json;charset=UTF-8' };
  return text(200, content, types[job.contentType]);
}
