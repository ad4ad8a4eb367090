import type { Answer } from './http';
import { caseSafeId } from './ids';
import { fault, result, type SoapCall } from './soap-envelope';
import type { OrgState } from './state';
import { element, elementText, nil } from './xml';

/**
 * The first API version without `login()`.
 * https://developer.salesforce.com/docs/platform/api/guide/sforce-api-calls-login.html
 */
const LOGIN_GONE = 65;

/** `login()`, in whichever state the org has it. */
export function login(call: SoapCall, org: OrgState): Answer {
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
export function userInfo(org: OrgState): string {
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
