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
  announced: 'https://help.salesforce.com/s/articleView?id=005132110&type=1',
  /** Salesforce's pages name the release; the day is one consultancy's, from a customer notice of April 2026. */
  reported: { day: '2027-06-01', source: 'https://vantagepoint.io/blog/sf/salesforce-soap-api-login-retirement-migration-guide-2027' },
} as const;

/**
 * OAuth 2.0 username-password flow. Announced for Winter '27, since reported as February 2027; official pages give no
 * exact day, so no message of ours does. The report counts to the day that one pull request names, and says so.
 * @see https://github.com/forcedotcom/dataloader/issues/1658
 * @see https://github.com/openstax/accounts/pull/1739
 */
export const PASSWORD_GRANT = {
  endsIn: 'February 2027',
  announced: 'https://github.com/forcedotcom/dataloader/issues/1658',
  reported: { day: '2027-02-20', source: 'https://github.com/openstax/accounts/pull/1739' },
} as const;

/**
 * API versions that are gone already (21.0 to 30.0 since Summer '25).
 * @see https://developer.salesforce.com/docs/platform/api/guide/api-eol-soap.html
 */
export const LAST_RETIRED_API_VERSION = 30;
