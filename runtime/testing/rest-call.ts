import { parseJson, type Answer, type Incoming } from './http';
import { restError } from './rest-errors';
import type { OrgState } from './state';
import type { SObjectRecord } from './types';

/** A call to one resource of a version, with what is left of its path. */
export interface RestCall {
  request: Incoming;
  org: OrgState;
  /** `/services/data/vNN.0` */
  base: string;
  path: string[];
}

/** The fields of a JSON body, or `undefined` when it is no JSON object. */
export function bodyFields(request: Incoming): SObjectRecord | undefined {
  const body = parseJson(request.body);
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as SObjectRecord) : undefined;
}

/** 400 for a body that is no JSON. */
export function malformedBody(request: Incoming): Answer {
  return restError(request, 400, 'JSON_PARSER_ERROR', 'The request body is not valid JSON');
}
