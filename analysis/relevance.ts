import { rememberText } from './remember';

/**
 * Words of which at least one stands in every file that can hold a finding: Salesforce's own names, its libraries and
 * hosts and paths, its command line tool, the `instance_url` of its tokens, the usual prefix of its environment variables,
 * the `sfHost` of browser extensions, the merge fields of its pages, its tokens, and our markers.
 * Each alternative starts with a plain s or f and looks back at what stands before: over the texts of a repository without
 * Salesforce that is more than twice as fast as starting with word boundaries and five other letters.
 */
const SIGNS = new RegExp(
  [
    String.raw`force(?:(?<=(?:s|sales|\bn)force)|\.com|dotcom|tk(?<=\bforcetk))`,
    String.raw`sf(?:d[cx](?<=\bsfd[cx])|_(?<=(?:\b|_)sf_)| org\b(?<=\bsf org)|['"](?<=['"]sf['"])|host(?<=\bsfhost)|-auth-todo)`,
    String.raw`services\/(?:oauth2|soap|data|async|apexrest)\/`,
    String.raw`stance_?url(?<=instance_?url)`,
    String.raw`frontdoor\.jsp`,
    String.raw`session(?:id(?<=getsessionid)|(?<=\$api\.session))`,
  ].join('|'),
  'i',
);
/**
 * What session ids, refresh tokens, SFDX auth URLs, JWTs and client ids (as they are, and in base64) start with: they need no
 * word of Salesforce beside them.
 */
const TOKEN_STARTS = /00D[A-Za-z0-9]{2}|5Aep|force:\/\/|eyJ[\w-]{10}|3MVG9|M01WRzl/;

/** Can this text concern us at all? A cheap test, made before any parse; a superset of what the clients look for. */
export const concernsUs: (text: string) => boolean = rememberText((text) => SIGNS.test(text) || TOKEN_STARTS.test(text));

const SECRET_WORD = /token|secret|passw|pwd|session|\bsid\b|jwt|auth|conn|assertion|private_?key|frontdoor|cookie|interceptors|process\.env\b|\bdisplay\b|org[: ]open/i;

/** Can a text let a secret out at all? The cheap test for files that are not known to be about Salesforce. */
export const mayLeak: (text: string) => boolean = rememberText((text) => SECRET_WORD.test(text));

/** Could this text hold a secret of any OAuth client? The same kind of test, for the scope `any`. */
export function mayHoldSecret(text: string): boolean {
  return concernsUs(text) || /secret|token|password|PRIVATE KEY|Basic /i.test(text);
}

const LARGEST_SOURCE = 2 * 1024 * 1024;
const LARGE = 200_000;
const WIDE_LINE = 400;

/**
 * Is a text a bundle, which no person edits: over 2 MB, or large and with lines hundreds of characters wide on average?
 * Smaller minified files are quick to read, and a file with an image in it looks like one.
 */
export const isBundle: (text: string) => boolean = rememberText((text) => {
  if (text.length > LARGEST_SOURCE) return true;
  if (text.length < LARGE) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return text.length / lines > WIDE_LINE;
});
