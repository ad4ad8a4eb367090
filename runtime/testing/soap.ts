import { createHash } from 'node:crypto';
import { text, type Answer, type Incoming } from './http';
import { caseSafeId } from './ids';
import { looksLikeJwt } from './jwt';
import { project, runQuery } from './rest-query';
import { OLDEST_VERSION, type OrgState } from './state';
import { element, elementText, escapeXml, firstElement, innerXml, nil } from './xml';

/**
 * The first API version without `login()`.
 * https://developer.salesforce.com/docs/platform/api/guide/sforce-api-calls-login.html
 */
const LOGIN_GONE = 65;

/**
 * The first API version whose SOAP takes JWT-format tokens.
 * https://github.com/jsforce/jsforce/pull/1817
 */
const JWT_ACCEPTED = 68;

type Flavour = 'partner' | 'enterprise' | 'metadata' | 'apex' | 'tooling';
const FLAVOURS: Record<string, Flavour> = { u: 'partner', c: 'enterprise', m: 'metadata', s: 'apex', T: 'tooling' };

/** What a SOAP request asks for, read before it is counted. */
export interface SoapCall {
  flavour: Flavour;
  version: string;
  operation: string;
  body: string;
  sessionId: string | undefined;
}

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
  // https://developer.salesforce.com/docs/platform/api/guide/api-eol-soap.html
  if (version < OLDEST_VERSION) return fault(call, 'UNSUPPORTED_API_VERSION', 'Invalid Api version specified on URL');
  if (call.operation === 'login') return login(call, org);
  const refusal = refuseSession(call, org);
  return refusal ?? operation(call, org);
}

function login(call: SoapCall, org: OrgState): Answer {
  if (Number(call.version) >= LOGIN_GONE || org.soapLogin === 'not-available') {
    // https://github.com/forcedotcom/wsc/issues/363
    return fault(call, 'INVALID_OPERATION', `The SOAP Login operation is not available in the API version specified (${call.version}). Refer to the documentation for supported versions.`);
  }
  if (org.soapLogin === 'disabled') {
    // https://github.com/OpenFn/adaptors/issues/1715 , https://github.com/jsforce/jsforce/issues/1771
    return fault(call, 'INVALID_OPERATION', 'SOAP API login() is disabled by default in this org. Contact the org administrator to enable SOAP API login().');
  }
  if (!org.passwordMatches(elementText(call.body, 'username'), elementText(call.body, 'password'))) {
    // https://www.cdatablog.jp/entry/salesforceapidisabledfororg
    return fault(call, 'INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
  }
  // An expired password is no fault: HTTP 200 and a session that is good only for changing the password.
  // https://github.com/jsforce/jsforce/pull/1517
  const passwordExpired = org.options.passwordExpired ?? false;
  const session = org.openSoapSession(passwordExpired);
  const endpoint = (letter: string) => `${org.instanceUrl}/services/Soap/${letter}/${call.version}/${org.identity.organizationId}`;
  // Elements in the order of the WSDL.
  // https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_login_loginresult.htm
  return result(call, [
    element('metadataServerUrl', endpoint('m')),
    element('passwordExpired', passwordExpired),
    element('sandbox', false),
    element('serverUrl', endpoint(call.flavour === 'enterprise' ? 'c' : 'u')),
    element('sessionId', session.token),
    element('userId', caseSafeId(org.identity.userId)),
    `<userInfo>${userInfo(org)}</userInfo>`,
  ].join(''));
}

/** https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_getuserinfo_getuserinforesult.htm */
function userInfo(org: OrgState): string {
  return [
    element('accessibilityMode', false),
    element('chatterExternal', false),
    element('currencySymbol', '$'),
    element('orgAttachmentFileSizeLimit', 5242880),
    element('orgDefaultCurrencyIsoCode', 'USD'),
    element('orgDefaultCurrencyLocale', 'en_US'),
    element('orgDisallowHtmlAttachments', false),
    element('orgHasPersonAccounts', false),
    element('organizationId', caseSafeId(org.identity.organizationId)),
    element('organizationMultiCurrency', false),
    element('organizationName', 'Fake Org'),
    element('profileId', '00e000000000000AAA'),
    nil('roleId'),
    element('sessionSecondsValid', org.options.sessionSeconds ?? 7200),
    nil('userDefaultCurrencyIsoCode'),
    element('userEmail', org.identity.username),
    element('userFullName', 'Integration User'),
    element('userId', caseSafeId(org.identity.userId)),
    element('userLanguage', 'en_US'),
    element('userLocale', 'en_US'),
    element('userName', org.identity.username),
    element('userTimeZone', 'GMT'),
    element('userType', 'Standard'),
    element('userUiSkin', 'Theme3'),
  ].join('');
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

function namespaceOf(flavour: Flavour): string {
  if (flavour === 'metadata') return 'http://soap.sforce.com/2006/04/metadata';
  return `urn:${flavour === 'partner' ? 'partner' : flavour}.soap.sforce.com`;
}

function result(call: SoapCall, content: string): Answer {
  return envelope(call, `<${call.operation}Response><result>${content}</result></${call.operation}Response>`);
}

function envelope(call: SoapCall, content: string): Answer {
  const objects = `urn:sobject.${call.flavour === 'enterprise' ? 'enterprise' : 'partner'}.soap.sforce.com`;
  return xml(200, `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="${namespaceOf(call.flavour)}" xmlns:sf="${objects}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`);
}

/** Faults are HTTP 500, as SOAP 1.1 has it: https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383529 */
function fault(call: SoapCall, code: string, message: string): Answer {
  const faults = `urn:fault.${call.flavour === 'enterprise' ? 'enterprise' : 'partner'}.soap.sforce.com`;
  const type = call.operation === 'login' ? 'LoginFault' : 'UnexpectedErrorFault';
  const detail = `<detail><sf:${type} xsi:type="sf:${type}">${element('sf:exceptionCode', code)}${element('sf:exceptionMessage', message)}</sf:${type}></detail>`;
  return xml(500, `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="${faults}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${escapeXml(`${code}: ${message}`)}</faultstring>${detail}</soapenv:Fault></soapenv:Body></soapenv:Envelope>`);
}

function xml(status: number, body: string): Answer {
  return text(status, body, 'text/xml;charset=UTF-8');
}
