/** How the rejection of a token is spelt, and what the code that answers it is called. */

/**
 * The status and the codes that mean a dead token, alone or within a message.
 * @see https://developer.salesforce.com/docs/platform/connect-rest-api/guide/connect_error_responses.html
 */
export const REJECTION = /\b401\b|INVALID_SESSION_ID|InvalidSessionId|HTTP_401|(?:Bad|Missing)_OAuth_Token|session[ _](?:has )?expired|invalid session|auth\.error|unauthori[sz]ed|UNAUTHENTICATED|invalid_token|token[ _](?:has )?expired|expired[ _](?:access[ _])?token|AuthenticationFailed/i;

const RENEWS =
  /refresh|re_?auth|re_?log_?in|^(?:do|try|sf|sfdc|salesforce|force|ensure|perform)?_?log_?in|log_?in(?:To|With|Async|$)|sign_?in|^authenticate|authenticate$|^_?auth(?:orize)?$|^_?token$|renew|reconnect|^(?:connect|initialize|init|handshake|logout|signOut)$|^re_?init/i;
const OBTAINS = /(?:get|fetch|obtain|acquire|request|new|generate|create|load|retrieve|ensure|exchange|update|read|set|save|invalidate|clear|reset|cancel|revoke|drop|remove|delete|expire|destroy|forget|evict)\w*(?:token|session|auth\b|auth[A-Z_]|credential|connection|conn$|jwt|login|access)/i;
/** Methods that say nothing without the name of their object: `tokenCache.delete(key)`. */
const DROPS = /^(?:delete|del|remove|removeItem|clear|reset|invalidate|revoke|update|refresh|destroy|flush|expire|save|set|setItem|put)$/;

/** Does a call, by its name and its object's, send a user to another page? */
export function isSendingUser(name: string, object: string): boolean {
  return /^(?:redirect|navigate)$/.test(name) || (/^(?:push|replace|assign)$/.test(name) && /router|history|navigat|location/i.test(object));
}

/** Words in the address of a page where a user logs in. */
export const LOGIN_PAGE = /log-?_?(?:in|on|out)|sign-?_?(?:in|out)|auth|sso|connect|session|expired|token/i;

/** Does a call, by its name and its object's, obtain a new token or drop the old one? */
export function isRenewing(name: string, object: string): boolean {
  return RENEWS.test(name) || OBTAINS.test(name) || (DROPS.test(name) && /token|session|auth|cred|cache|conn/i.test(object));
}

/** Does a call, by its name, ask for a new token? */
export function isRefreshing(name: string): boolean {
  return /refresh|re_?auth|re_?log_?in|^log_?in|^authenticate|(?:get|fetch|new|request|renew)\w*token/i.test(name);
}
