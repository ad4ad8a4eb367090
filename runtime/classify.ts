import classes from './error-classes.json' with { type: 'json' };

/** What to do about an answer. `restream` is `refresh` followed by a new handshake. */
export type Verdict = 'ok' | 'refresh' | 'backoff' | 'stop' | 'restream';

/** The family an endpoint belongs to: each says "session invalid" in its own way. */
export type Api = 'rest' | 'bulk1' | 'soap' | 'identity' | 'streaming';

/** One line of the classifier. All conditions given must hold; the first line that fits decides. */
export interface VerdictRow {
  readonly api?: readonly Api[];
  /** Exact HTTP statuses, or a range (both ends included). */
  readonly status?: readonly number[] | { readonly from: number; readonly to: number };
  /** The first 4 KB of the body contain one of these. */
  readonly body?: readonly string[];
  /** The media type, without parameters. */
  readonly mediaType?: string;
  readonly verdict: Verdict;
  /** Where the fact comes from. */
  readonly source: string;
}

const REST_ERRORS = 'https://developer.salesforce.com/docs/platform/connect-rest-api/guide/connect_error_responses.html';

/** Every shape of "session invalid", and its look-alikes, most specific first. */
export const verdicts: readonly VerdictRow[] = [
  {
    api: ['streaming'],
    body: classes.streamingRejected.codes,
    verdict: 'restream',
    source: classes.streamingRejected.source,
  },
  { status: { from: 200, to: 399 }, verdict: 'ok', source: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.3' },
  { status: [401], body: classes.tokenUnfit.codes, verdict: 'stop', source: classes.tokenUnfit.source },
  { status: [401], body: classes.malformedHeader.codes, verdict: 'stop', source: classes.malformedHeader.source },
  {
    api: ['identity'],
    status: [403],
    body: classes.identityRejected.codes,
    verdict: 'refresh',
    source: classes.identityRejected.source,
  },
  // A login or maintenance page: not how any /services/ endpoint reports an expired session.
  { mediaType: 'text/html', status: [401], verdict: 'stop', source: 'https://github.com/jsforce/jsforce/issues/1119' },
  { api: ['rest', 'identity', 'bulk1', 'streaming'], status: [401], verdict: 'refresh', source: REST_ERRORS },
  {
    api: ['bulk1'],
    status: [400],
    body: classes.sessionRejected.codes,
    verdict: 'refresh',
    source: 'https://github.com/heroku/salesforce-bulk/issues/44',
  },
  {
    api: ['soap'],
    status: [500],
    body: [':INVALID_SESSION_ID</faultcode>', '>INVALID_SESSION_ID</faultcode>'],
    verdict: 'refresh',
    source: 'https://github.com/forcedotcom/postman-salesforce-apis/issues/56',
  },
  { status: [403], body: classes.limit.codes, verdict: 'backoff', source: classes.limit.source },
  { body: classes.retiredVersion.codes, status: [400, 410, 500], verdict: 'stop', source: classes.retiredVersion.source },
  { status: [420, 429], verdict: 'backoff', source: 'https://github.com/jsforce/jsforce/blob/main/src/request.ts' },
  // A SOAP fault is a 500 too: anything but the session fault is about the call, not about the server.
  { api: ['soap'], status: [500], verdict: 'stop', source: 'https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383529' },
  { status: { from: 500, to: 599 }, verdict: 'backoff', source: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.6' },
  { status: { from: 400, to: 499 }, verdict: 'stop', source: REST_ERRORS },
];

/** The statuses whose body may hold an authentication error. */
const PEEKED = new Set([400, 401, 403, 500]);

/** Is the body worth a look? Of answers that went well only CometD's, which puts its errors there. */
export function isPeeked(status: number, api: Api): boolean {
  return PEEKED.has(status) || (api === 'streaming' && status === 200);
}

/**
 * What an answer means for the token it was asked with.
 *
 * @param status HTTP status
 * @param api the endpoint's family, see {@link apiOf}
 * @param headers the answer's headers (only `content-type` is read)
 * @param bodyPeek the first 4 KB of the body, or '' when unread
 * @returns the verdict of the first fitting row of {@link verdicts}
 */
export function classify(
  status: number,
  api: Api,
  headers: { get(name: string): string | null },
  bodyPeek: string,
): Verdict {
  const row = verdicts.find(
    (row) =>
      (row.api?.includes(api) ?? true) &&
      statusFits(row.status, status) &&
      (row.body?.some((code) => bodyPeek.includes(code)) ?? true) &&
      (row.mediaType === undefined || row.mediaType === mediaTypeOf(headers)),
  );
  return row?.verdict ?? 'ok';
}

/**
 * The family of an endpoint, from its path.
 * Sources: https://developer.salesforce.com/docs/atlas.en-us.264.0.api_asynch.meta/api_asynch/asynch_api_basics_session_header.htm (Bulk 1),
 * https://developer.salesforce.com/blogs/2011/03/oauth-and-the-soap-api (SOAP),
 * https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_using_openid.htm (identity)
 */
export function apiOf(url: URL): Api {
  const path = url.pathname;
  if (path.startsWith('/services/async/')) return 'bulk1';
  if (path.startsWith('/services/Soap/')) return 'soap';
  if (path.startsWith('/services/oauth2/userinfo') || path.startsWith('/id/')) return 'identity';
  if (path.startsWith('/cometd/')) return 'streaming';
  return 'rest';
}

function mediaTypeOf(headers: { get(name: string): string | null }): string | undefined {
  return headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
}

function statusFits(expected: VerdictRow['status'], status: number): boolean {
  if (expected === undefined) return true;
  return 'from' in expected ? expected.from <= status && status <= expected.to : expected.includes(status);
}
