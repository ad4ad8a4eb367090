import { createHash } from 'node:crypto';
import type { Answer, Incoming } from './http';
import { looksLikeJwt } from './jwt';
import { project, runQuery } from './query';
import { envelope, fault, result, type Flavour, type SoapCall } from './soap-envelope';
import { login, userInfo } from './soap-login';
import { LATEST_VERSION, OLDEST_VERSION, type OrgState } from './state';
import { element, elementText, firstElement, innerXml, nil } from './xml';

const FLAVOURS: Record<string, Flavour> = { u: 'partner', c: 'enterprise', m: 'metadata', s: 'apex', T: 'tooling' };

/**
 * The first API version whose SOAP takes JWT-format tokens.
 * https://github.com/jsforce/jsforce/pull/1817
 */
const JWT_ACCEPTED = 68;

/** Reads the envelope; `undefined` when the path is no SOAP endpoint. */
export function readSoapCall(request: Incoming): SoapCall | undefined {
  const match = /^\/services\/Soap\/([cumsT])\/(\d+\.\d)(?:\/\w+)?\/?$/.exec(request.url.pathname);
  if (!match) return undefined;
  const body = innerXml(request.body, 'Body') ?? '';
  return {
    flavour: FLAVOURS[match[1] ?? ''] ?? 'partner',
    version: match[2] ?? '',
    operation: firstElement(body) ?? '',
    body,
    sessionId: elementText(innerXml(request.body, 'Header') ?? '', 'sessionId'),
  };
}

/** POST /services/Soap/… */
export function soap(call: SoapCall, org: OrgState): Answer {
  const version = Number(call.version);
  if (version < OLDEST_VERSION) {
    // https://github.com/SalesforceLabs/Milestones-PM/issues/156
    return fault(call, 'UNSUPPORTED_API_VERSION', `The API version that was specified (${call.version}) is below the minimum supported (${OLDEST_VERSION}.0). Change the version number and run the request again.`);
  }
  if (call.operation === 'login') return login(call, org);
  // https://github.com/superfell/zkSforce/issues/52
  if (version > LATEST_VERSION) return fault(call, 'UNSUPPORTED_API_VERSION', 'Invalid Api version specified on URL');
  const refusal = refuseSession(call, org);
  return refusal ?? operation(call, org);
}

/**
 * Refuses a call that has no live session. Clients read `sf:INVALID_SESSION_ID` from the fault code.
 * https://github.com/forcedotcom/postman-salesforce-apis/issues/56 , https://github.com/jsforce/jsforce/issues/848
 */
function refuseSession(call: SoapCall, org: OrgState): Answer | undefined {
  const token = call.sessionId;
  // The right session in the wrong format gets the same fault, which no new token cures.
  // https://github.com/forcedotcom/cli/issues/3297
  const wrongFormat = token !== undefined && looksLikeJwt(token) && Number(call.version) < JWT_ACCEPTED;
  if (!wrongFormat && org.sessions.use(token)) return undefined;
  org.log.counts.rejected += 1;
  // Old orgs echo the session id, newer ones a hash: https://github.com/joeferraro/MavensMate/issues/463
  const named = org.options.echoSessionIdInFaults
    ? `missing session key: ${token ?? ''}`
    : `missing session hash: ${createHash('sha256').update(token ?? '').digest('base64')}`;
  return fault(call, 'INVALID_SESSION_ID', `Invalid Session ID found in SessionHeader: Illegal Session. Session not found, ${named}`);
}

function operation(call: SoapCall, org: OrgState): Answer {
  switch (call.operation) {
    case 'query':
    case 'queryAll':
      return query(call, org);
    case 'getUserInfo':
      return result(call, userInfo(org));
    case 'getServerTimestamp':
      return result(call, element('timestamp', new Date(org.clock.now()).toISOString()));
    case 'describeGlobal':
      return result(call, element('encoding', 'UTF-8') + element('maxBatchSize', 200) + Object.keys(org.tables.rows).map(describeEntry).join(''));
    case 'logout':
      // Ends this session only.
      // https://developer.salesforce.com/docs/atlas.en-us.264.0.api.meta/api/sforce_api_calls_logout.htm
      org.sessions.end(call.sessionId ?? '');
      return envelope(call, '<logoutResponse/>');
    default:
      return fault(call, 'UNKNOWN_EXCEPTION', `No operation available for request ${call.operation}`);
  }
}

function describeEntry(name: string): string {
  return `<sobjects>${element('label', name)}${element('name', name)}${element('queryable', true)}</sobjects>`;
}

function query(call: SoapCall, org: OrgState): Answer {
  const outcome = runQuery(org, elementText(call.body, 'queryString') ?? '', call.operation === 'queryAll');
  if ('errorCode' in outcome) return fault(call, outcome.errorCode, outcome.message);
  const { soql, object, rows } = outcome;
  const enterprise = call.flavour === 'enterprise';
  const records = rows.map((row) => {
    const fields = project(row, soql).map(([field, value]) => (value === null ? nil(`sf:${field}`) : element(`sf:${field}`, value)));
    // Partner rows name their type inside, enterprise rows in `xsi:type`.
    if (enterprise) return `<records xsi:type="sf:${object}">${fields.join('')}</records>`;
    return `<records xsi:type="sf:sObject">${element('sf:type', object)}${fields.join('')}</records>`;
  });
  return result(call, `${element('done', true)}${nil('queryLocator')}${records.join('')}${element('size', rows.length)}`);
}
