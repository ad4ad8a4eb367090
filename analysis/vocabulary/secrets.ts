/** What secrets are called in OAuth and Salesforce code. */
import { rememberNames } from '../remember';

export type SecretKind =
  | 'access token'
  | 'session id'
  | 'refresh token'
  | 'id token'
  | 'client secret'
  | 'password'
  | 'security token'
  | 'JWT assertion'
  | 'private key'
  | 'Authorization header'
  | 'SFDX auth URL'
  | 'frontdoor URL';

const BY_NAME: Readonly<Record<SecretKind, readonly string[]>> = {
  'access token': ['accesstoken', 'accesstkn', 'oauthtoken', 'bearertoken', 'authtoken', 'oauthaccesstoken', 'sftoken', 'sfdctoken', 'salesforcetoken', 'forcetoken'],
  'session id': ['sessionid', 'sfsid', 'sfdcsessionid'],
  'refresh token': ['refreshtoken'],
  'id token': ['idtoken'],
  'client secret': ['clientsecret', 'consumersecret'],
  password: ['password', 'passwd', 'pwd'],
  'security token': ['securitytoken', 'sectoken'],
  'JWT assertion': ['jwtassertion', 'clientassertion', 'assertion', 'signedjwt'],
  'private key': ['privatekey'],
  'Authorization header': ['authorization', 'authorizationheader', 'authheader'],
  'SFDX auth URL': ['sfdxauthurl'],
  'frontdoor URL': ['frontdoorurl'],
};
const KIND = new Map(Object.entries(BY_NAME).flatMap(([kind, names]) => names.map((name) => [name, kind as SecretKind] as const)));

/** Names that mean a secret only where something else says so too. */
const WEAK = new Map<string, SecretKind>([
  ['token', 'access token'],
  ['bearer', 'access token'],
  ['sid', 'session id'],
  ['jwt', 'JWT assertion'],
  ['secret', 'client secret'],
  ['pass', 'password'],
]);

/** First words of names that say something about a secret, or keep a disguised one. */
const NOT_THE_SECRET = new Set([
  'is', 'has', 'have', 'had', 'no', 'needs', 'need', 'use', 'uses', 'with', 'without', 'should', 'valid', 'missing', 'expired', 'masked', 'redacted', 'hashed', 'encrypted',
  'obfuscated', 'truncated', 'short', 'safe', 'sanitized', 'hidden', 'partial', 'cancel', 'csrf', 'xsrf', 'page', 'next', 'continuation', 'device', 'push', 'num', 'count',
]);

/** Words of names that say something about a secret, wherever they stand: `wrong_password`, `auth_error_bad_token`. */
const ABOUT_A_SECRET = new Set(['error', 'errors', 'err', 'message', 'msg', 'wrong', 'invalid', 'incorrect', 'forgot', 'forgotten', 'confirm', 'label', 'placeholder', 'hint', 'mismatch']);

/** Other parties whose secrets are not Salesforce's. */
const FOREIGN = new Set([
  'slack', 'google', 'gcp', 'github', 'gitlab', 'aws', 'azure', 'ms', 'microsoft', 'graph', 'facebook', 'fb', 'twitter', 'linkedin', 'hubspot', 'twilio', 'stripe', 'shopify', 'zoho',
  'dropbox', 'notion', 'jira', 'atlassian', 'zendesk', 'okta', 'auth0', 'firebase', 'db', 'database', 'mongo', 'mongodb', 'mysql', 'pg', 'postgres', 'redis', 'smtp', 'mail', 'email',
  'imap', 'ftp', 'sftp', 'npm', 'git', 'telegram', 'discord', 'csrf', 'xsrf', 'verification', 'verify', 'reset', 'webex', 'zoom', 'box', 'quickbooks', 'xero', 'netsuite', 'sap', 'tableau', 'payment', 'paypal',
]);
const OURS = new Set(['sf', 'sfdc', 'salesforce', 'force', 'sforce', 'sfdx', 'jsforce', 'nforce', 'marketing']);

const WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

function wordsOf(name: string): string[] {
  return (name.match(WORDS) ?? []).map((word) => word.toLowerCase());
}

function look(table: ReadonlyMap<string, SecretKind>, name: string): SecretKind | undefined {
  const words = wordsOf(name);
  if (words.length === 0 || NOT_THE_SECRET.has(words[0]!) || words.some((word) => ABOUT_A_SECRET.has(word))) return undefined;
  for (let count = Math.min(4, words.length); count > 0; count--) {
    const kind = table.get(words.slice(-count).join(''));
    if (kind) return kind;
  }
  return undefined;
}

/** The secret that a name stands for, by its last words: `sfAccessToken`, `SF_PASSWORD`, not `accessTokenUrl` or `hasPassword`. */
export const secretNamed: (name: string) => SecretKind | undefined = rememberNames((name) => look(KIND, name));

/** The same for names that prove nothing alone: `token`, `sid`, `jwt`. */
export const perhapsSecretNamed: (name: string) => SecretKind | undefined = rememberNames((name) => look(WEAK, name));

/** Does a name say that it is another party's: `slackToken`, `DB_PASSWORD`? */
export const isForeignName: (name: string) => boolean = rememberNames((name) => {
  const words = wordsOf(name);
  return words.some((word) => FOREIGN.has(word)) && !words.some((word) => OURS.has(word));
});

const ABOUT = new Set(['dict', 'dictionary', 'translations', 'texts', 'names', 'labels', 'errors', 'messages', 'keys', 'fields', 'strings', 'titles', 'types', 'columns', 'selectors', 'schema', 'i18n', 'locale', 'placeholders', 'placeholder', 'rules', 'touched']);

/** Does an object with this name hold what is said of its keys, such as `names.privateKey` and `errors.password`? */
export function isAboutNames(name: string): boolean {
  return ABOUT.has(wordsOf(name).at(-1) ?? '');
}

/** Parameters of a URL's query that carry a secret, whatever the value is called in the code. */
export const SECRET_PARAMETERS = new Map<string, SecretKind>([
  ['access_token', 'access token'],
  ['accesstoken', 'access token'],
  ['oauth_token', 'access token'],
  ['sid', 'session id'],
  ['sessionid', 'session id'],
  ['session_id', 'session id'],
  ['refresh_token', 'refresh token'],
  ['refreshtoken', 'refresh token'],
  ['id_token', 'id token'],
  ['client_secret', 'client secret'],
  ['clientsecret', 'client secret'],
  ['password', 'password'],
  ['assertion', 'JWT assertion'],
  ['client_assertion', 'JWT assertion'],
]);

/** Fields that a token response, a connection or a login's answer has beside its secrets. */
export const HARMLESS_FIELDS = new Set([
  'instance_url', 'instanceUrl', 'id', 'issued_at', 'signature', 'scope', 'token_type', 'expires_in', 'userInfo', 'user_id', 'organization_id', 'status', 'statusCode', 'statusText', 'ok',
  'message', 'error', 'error_description', 'length', 'serverUrl', 'userId', 'organizationId', 'version', 'loginUrl',
]);

const PLACEHOLDER = /^(?:\W*|x{2,}|your.*|<.*>|\[.*\]|\{.*\}|redacted|hidden|masked|undefined|null|none|set|unset|missing|present|true|false|test|dummy|fake|mock.*)$/i;

/** Is a text what stands in a secret's place, rather than one? */
export function isStandIn(text: string): boolean {
  return text.length < 4 || PLACEHOLDER.test(text) || /\s|\*{3}|…|\.\.\./.test(text) || secretNamed(text) !== undefined || perhapsSecretNamed(text) !== undefined;
}
