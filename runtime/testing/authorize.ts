import { createHash } from 'node:crypto';
import { escapeXml } from './xml';
import { text, type Answer, type Incoming } from './http';
import { randomText } from './ids';
import type { OrgState } from './state';

/** What a user allowed, until the app comes for the tokens. */
export interface Approval {
  readonly redirectUri: string;
  readonly scope: string;
  /** Base64url SHA-256 of the verifier. */
  readonly challenge: string;
  readonly endsAt: number;
}

/** https://developer.salesforce.com/docs/atlas.en-us.222.0.api_rest.meta/api_rest/intro_understanding_web_server_oauth_flow.htm */
const CODE_LIFE_MS = 15 * 60_000;

/** The authorization codes that nobody has come for yet: each is good for one request. */
export class AuthorizationCodes {
  readonly #approvals = new Map<string, Approval>();

  /** Codes begin like this in samples: https://github.com/netologist/apache-oltu-oauth2-provider-demo/issues/11 */
  issue(approval: Omit<Approval, 'endsAt'>, now: number): string {
    const code = `aPrx${randomText(80)}`;
    this.#approvals.set(code, { ...approval, endsAt: now + CODE_LIFE_MS });
    return code;
  }

  /** What the code stands for; it stands for nothing afterwards. */
  redeem(code: string, now: number): Approval | undefined {
    const approval = this.#approvals.get(code);
    this.#approvals.delete(code);
    return approval && now < approval.endsAt ? approval : undefined;
  }
}

/** Is this the verifier whose hash was sent ahead? https://www.rfc-editor.org/rfc/rfc7636#section-4.6 */
export function verifies(verifier: string, challenge: string): boolean {
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}

/**
 * GET /services/oauth2/authorize: the page on which a user who has logged in allows the app or does not; POST is its answer.
 * https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_oauth_web_server_flow_ca.htm
 */
export function authorizeEndpoint(request: Incoming, org: OrgState): Answer {
  const asked = request.url.searchParams;
  // Both of these end on Salesforce's own page: nobody is sent to an address that the app does not have.
  // https://github.com/anthropics/claude-ai-mcp/issues/986
  if (asked.get('client_id') !== org.identity.clientId) return errorPage('invalid_client_id', 'client identifier invalid');
  // The address must be one of the app's, to the letter: https://github.com/petewarden/salesforce_restphp_example/issues/1 ,
  // shown in the browser: https://docs.transflator.com/troubleshooting/oauth-errors/
  const redirectUri = asked.get('redirect_uri') ?? '';
  if (redirectUri !== org.callbackUrl) return errorPage('redirect_uri_mismatch', 'redirect_uri must match configuration');

  const refused = (error: string, description: string) => sendBack(redirectUri, asked, { error, error_description: description });
  // https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
  if (asked.get('response_type') !== 'code') return refused('unsupported_response_type', 'response type not supported');
  // https://github.com/activepieces/activepieces/issues/15615
  const challenge = asked.get('code_challenge');
  if (!challenge) return refused('invalid_request', 'missing required code challenge');
  // https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1
  if (asked.get('code_challenge_method') !== 'S256') return refused('invalid_request', 'transform algorithm not supported');

  if (request.method !== 'POST') return consentPage(request, org);
  // https://github.com/forceworkbench/forceworkbench/issues/807
  if (new URLSearchParams(request.body).get('decision') !== 'allow') return refused('access_denied', 'end-user denied authorization');
  // Without the parameter, everything that the app may have: see the parameter table of the page above.
  const scope = asked.get('scope') ?? 'api refresh_token';
  return sendBack(redirectUri, asked, { code: org.codes.issue({ redirectUri, scope, challenge }, org.clock.now()) });
}

/** `state` goes back as it came: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 */
function sendBack(redirectUri: string, asked: URLSearchParams, answer: Record<string, string>): Answer {
  const target = new URL(redirectUri);
  const state = asked.get('state');
  for (const [name, value] of Object.entries({ ...answer, ...(state !== null && { state }) })) target.searchParams.set(name, value);
  return { status: 302, headers: { location: target.href }, body: '' };
}

function errorPage(error: string, description: string): Answer {
  return page(400, `<p>error=${error}&amp;error_description=${description}</p>`);
}

function consentPage(request: Incoming, org: OrgState): Answer {
  return page(
    200,
    `<h1>Allow Access?</h1><p>The app is asking for: ${escapeXml(request.url.searchParams.get('scope') ?? 'all that it may')}</p>
<form method="post" action="${escapeXml(request.url.pathname + request.url.search)}">
<button name="decision" value="deny">Deny</button> <button name="decision" value="allow">Allow</button></form>
<p>Not ${escapeXml(org.identity.username)}?</p>`,
  );
}

function page(status: number, body: string): Answer {
  return text(status, `<!doctype html><html lang="en"><title>Fake org</title><body>${body}</body></html>`, 'text/html;charset=UTF-8');
}
