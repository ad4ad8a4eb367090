/** What Salesforce retires, and when. Every message and report takes its dates from here. */

/**
 * SOAP `login()`.
 * @see https://help.salesforce.com/s/articleView?id=005132110&type=1
 * @see https://developer.salesforce.com/docs/platform/api/guide/sforce-api-calls-login.html
 */
export const SOAP_LOGIN = {
  /** Last API version that has the operation. */
  lastApiVersion: 64,
  /** Release in which it goes for the versions that still have it. */
  endsIn: "Summer '27",
} as const;

/**
 * OAuth 2.0 username-password flow. Announced for Winter '27, since reported as February 2027; official pages give no
 * exact day, so neither do we.
 * @see https://github.com/forcedotcom/dataloader/issues/1658
 * @see https://github.com/openstax/accounts/pull/1739
 */
export const PASSWORD_GRANT = { endsIn: 'February 2027' } as const;

/**
 * API versions that are gone already (21.0 to 30.0 since Summer '25).
 * @see https://developer.salesforce.com/docs/platform/api/guide/api-eol-soap.html
 */
export const LAST_RETIRED_API_VERSION = 30;
