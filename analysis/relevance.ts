/**
 * Words of which at least one stands in every file that can hold a finding: Salesforce's own names, its libraries and
 * hosts, the usual prefix of its environment variables, and our markers.
 */
const SIGNS = /s(?:ales)?force|force\.com|\bnforce|\bsfdc|\bsf_|services\/(?:oauth2|soap)\/|sf-auth-todo/i;

/** Can this text concern us at all? A cheap test, made before any parse; a superset of what the clients look for. */
export function concernsUs(text: string): boolean {
  return SIGNS.test(text);
}
