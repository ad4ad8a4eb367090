import { classify, verdicts, type Api, type Verdict } from 'salesforce-auth-client';
import { describe, expect, it } from 'vitest';

const rejected = '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]';
const unfit = (message: string) => JSON.stringify([{ message, errorCode: 'INVALID_SESSION_ID' }]);
const soapFault = (code: string) => `<soapenv:Fault><faultcode>${code}</faultcode><faultstring>${code}</faultstring></soapenv:Fault>`;

const cases: [string, number, Api, string, string, Verdict][] = [
  ['REST, JSON', 401, 'rest', 'application/json;charset=UTF-8', rejected, 'refresh'],
  ['REST, XML', 401, 'rest', 'application/xml', '<Errors><Error><errorCode>INVALID_SESSION_ID</errorCode></Error></Errors>', 'refresh'],
  ['REST, empty', 401, 'rest', '', '', 'refresh'],
  ['not valid for REST', 401, 'rest', 'application/json', unfit('This session is not valid for use with the REST API'), 'stop'],
  ['no agent', 401, 'rest', 'application/json', unfit('Connected app is not attached to Agent'), 'stop'],
  ['BlackTab', 401, 'rest', 'text/plain', 'BlackTab', 'stop'],
  ['malformed header', 401, 'rest', 'application/json', '[{"errorCode":"INVALID_AUTH_HEADER"}]', 'stop'],
  ['login page', 401, 'rest', 'text/html; charset=UTF-8', '<html>', 'stop'],
  ['Bulk 1, XML', 400, 'bulk1', 'application/xml', '<error><exceptionCode>InvalidSessionId</exceptionCode></error>', 'refresh'],
  ['Bulk 1, JSON', 400, 'bulk1', 'application/json', '{"exceptionCode":"InvalidSessionId","exceptionMessage":"Invalid session id"}', 'refresh'],
  ['Bulk 1, other error', 400, 'bulk1', 'application/xml', '<error><exceptionCode>InvalidJob</exceptionCode></error>', 'stop'],
  ['400 elsewhere', 400, 'rest', 'application/json', rejected, 'stop'],
  ['SOAP session fault', 500, 'soap', 'text/xml', soapFault('sf:INVALID_SESSION_ID'), 'refresh'],
  ['SOAP other fault', 500, 'soap', 'text/xml', soapFault('sf:MALFORMED_QUERY'), 'stop'],
  ['SOAP retired version', 500, 'soap', 'text/xml', soapFault('sf:UNSUPPORTED_API_VERSION'), 'stop'],
  ['userinfo', 403, 'identity', 'text/html; charset=UTF-8', 'Bad_OAuth_Token', 'refresh'],
  ['userinfo, other 403', 403, 'identity', 'text/plain', 'Forbidden', 'stop'],
  ['403 elsewhere', 403, 'rest', 'text/plain', 'Bad_OAuth_Token', 'stop'],
  ['request limit', 403, 'rest', 'application/json', '[{"errorCode":"REQUEST_LIMIT_EXCEEDED"}]', 'backoff'],
  ['API disabled', 403, 'rest', 'application/json', '[{"errorCode":"API_DISABLED_FOR_ORG"}]', 'stop'],
  ['login host', 400, 'rest', 'application/json', '[{"errorCode":"URL_NOT_RESET"}]', 'stop'],
  ['retired version', 410, 'rest', 'application/json', '[{"errorCode":"GONE"}]', 'stop'],
  ['dead scratch org', 420, 'rest', 'text/html', '', 'backoff'],
  ['too many', 429, 'rest', 'application/json', '', 'backoff'],
  ['unavailable', 503, 'rest', 'text/html', '', 'backoff'],
  ['CometD', 200, 'streaming', 'application/json', '[{"error":"401::Authentication invalid"}]', 'restream'],
  ['CometD, new handshake is enough', 200, 'streaming', 'application/json', '[{"error":"403::Unknown client"}]', 'ok'],
  ['data that quotes the code', 200, 'rest', 'application/json', rejected, 'ok'],
  ['no content', 204, 'rest', '', '', 'ok'],
];

describe('classify', () => {
  it.each(cases)('%s (%i, %s)', (_name, status, api, type, body, verdict) => {
    expect(classify(status, api, new Headers(type ? { 'content-type': type } : {}), body)).toBe(verdict);
  });

  it('names a source for every row', () => {
    for (const { source } of verdicts) expect(source).toMatch(/^https:\/\//);
  });
});
