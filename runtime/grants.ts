import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import type { ServerClock } from './clock';
import classes from './error-classes.json' with { type: 'json' };
import { SalesforceAuthError, SalesforceGrantError, traps } from './errors';
import { isGenericLoginHost, isLoopback } from './hosts';
import { jsonObject } from './json';
import type { Redactor } from './redact';
import type { Identity, Refusal } from './stores/store';
import { timeoutSignal } from './timeout';

/**
 * The OAuth flows for software that runs unattended.
 * Sources: https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm&type=5,
 * https://help.salesforce.com/s/articleView?id=000886201&type=1 (client credentials),
 * https://help.salesforce.com/apex/HTViewHelpDoc?id=remoteaccess_oauth_refresh_token_flow.htm
 */
export type Flow = 'jwt-bearer' | 'client-credentials' | 'refresh-token';

/** Seconds an assertion is good for. https://github.com/jsforce/jsforce/issues/896 */
export const ASSERTION_SECONDS = 180;
/** Nobody waits for a silent token endpoint longer than this. */
const TOKEN_REQUEST_TIMEOUT_MS = 30_000;

/** Codes that say the request never left this machine: sending it again cannot hurt. The last are TLS's own. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|EPROTO|ERR_(TLS|SSL)_.*|.*CERT.*|UNABLE_TO_.*)$/;

/** The part of a token response that we use. https://github.com/NangoHQ/nango/issues/327 */
export interface TokenResponse {
  readonly accessToken: string;
  readonly instanceUrl: string;
  readonly identityUrl?: string;
  readonly refreshToken?: string;
  /** Milliseconds. */
  readonly issuedAt?: number;
  /** Seconds of life left, where the response or the token itself tells. */
  readonly lifetime?: number;
}

/** How one attempt at the token endpoint failed, and what that allows. */
export class TokenRequestFailure extends Error {
  constructor(
    readonly error: SalesforceAuthError,
    /**
     * `again`: certainly not processed. `in-flight`: somebody else's refresh is running. `lost`: perhaps processed.
     * `final`: do not repeat.
     */
    readonly kind: 'again' | 'in-flight' | 'lost' | 'final',
    /** What to remember when the credential itself was refused. */
    readonly refusal?: Refusal,
  ) {
    super(error.message);
  }
}

/** One identity's credential and the requests it can make. Holds its secrets out of sight. */
export class Grant {
  readonly identity: Identity;
  /** Tells one credential from the next without revealing either. */
  readonly fingerprint: string;
  /** The identity's name in events: nothing can be read or guessed from it. */
  readonly identityFingerprint: string;
  readonly #flow: Flow;
  readonly #hasOwnCredential: boolean;
  readonly #clientSecret: string | undefined;
  readonly #privateKey: KeyObject | undefined;
  readonly #fetch: typeof fetch;
  readonly #clock: ServerClock;
  readonly #redactor: Redactor;

  constructor(
    settings: {
      flow: Flow;
      loginUrl: string;
      clientId: string;
      clientSecret?: string;
      privateKey?: KeyObject;
      username?: string;
      refreshToken?: string;
    },
    tools: { fetch: typeof fetch; clock: ServerClock; redactor: Redactor },
  ) {
    this.identity = {
      issuer: settings.loginUrl,
      clientId: settings.clientId,
      flow: settings.flow,
      // Two users' refresh tokens must not have one place in a store: without a name, the first token is the name.
      subject: settings.username ?? (settings.refreshToken ? fingerprint([settings.refreshToken]) : ''),
    };
    this.#flow = settings.flow;
    this.#hasOwnCredential = settings.flow !== 'refresh-token' || settings.refreshToken !== undefined;
    this.#clientSecret = settings.clientSecret;
    this.#privateKey = settings.privateKey;
    this.#fetch = tools.fetch;
    this.#clock = tools.clock;
    this.#redactor = tools.redactor;
    const key = settings.privateKey?.export({ type: 'pkcs8', format: 'pem' }) as string | undefined;
    const credential = [settings.clientSecret, key, settings.refreshToken];
    this.fingerprint = fingerprint(credential);
    this.identityFingerprint = createHmac('sha256', JSON.stringify(credential))
      .update(JSON.stringify(this.identity))
      .digest('hex')
      .slice(0, 8);
    if (key) this.#redactor.addCredential(key);
  }

  /** Is it our credential that was refused? Whoever has none but the store's goes by what the store says. */
  isRefused(dead: { readonly credential: string }): boolean {
    return !this.#hasOwnCredential || dead.credential === this.fingerprint;
  }

  /**
   * One POST to the token endpoint.
   * @throws TokenRequestFailure
   */
  async request(refreshToken: string | undefined, closed: AbortSignal): Promise<TokenResponse> {
    if (refreshToken) this.#redactor.addToken(refreshToken);
    return this.answerTo(() => this.#post(refreshToken, closed));
  }

  /**
   * What the token endpoint answers to a request of this identity.
   * @throws TokenRequestFailure
   */
  async answerTo(send: () => Promise<Response>): Promise<TokenResponse> {
    const sentAt = this.#clock.now();
    let response: Response;
    try {
      response = await send();
    } catch (error) {
      throw this.#unanswered(error);
    }
    const correction = this.#clock.learn(response.headers.get('date'), sentAt);
    const text = await response.text().catch(() => '');
    const body = jsonObject(text);
    if (response.status !== 200) {
      const corrected = this.#flow === 'jwt-bearer' && Math.abs(correction) > 30_000;
      throw this.#refused(response, body, corrected);
    }
    return this.#accepted(body);
  }

  async #post(refreshToken: string | undefined, closed: AbortSignal): Promise<Response> {
    const { issuer, clientId } = this.identity;
    const server: oauth.AuthorizationServer = { issuer, token_endpoint: `${issuer}/services/oauth2/token` };
    const client: oauth.Client = { client_id: clientId };
    const secret = this.#clientSecret;
    const [grantType, parameters, authentication] =
      this.#flow === 'jwt-bearer'
        ? // The assertion names the app and proves it: no client id, no secret.
          (['urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion: await this.#assertion() }, () => {}] as const)
        : this.#flow === 'client-credentials'
          ? (['client_credentials', {}, oauth.ClientSecretPost(secret ?? '')] as const)
          : ([
              'refresh_token',
              { refresh_token: refreshToken ?? '' },
              secret ? oauth.ClientSecretPost(secret) : oauth.None(),
            ] as const);
    return oauth.genericTokenEndpointRequest(server, client, authentication, grantType, parameters, {
      [oauth.customFetch]: this.#fetch as (url: string, init: oauth.CustomFetchOptions<'POST', URLSearchParams>) => Promise<Response>,
      [oauth.allowInsecureRequests]: isLoopback(new URL(issuer).hostname),
      signal: AbortSignal.any([closed, timeoutSignal(TOKEN_REQUEST_TIMEOUT_MS)]),
    });
  }

  /** `exp` in seconds of the server's clock; it bounds the assertion, not the token that comes back. */
  async #assertion(): Promise<string> {
    const { issuer, clientId, subject } = this.identity;
    const seconds = Math.floor(this.#clock.server() / 1000);
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(clientId)
      .setSubject(subject)
      .setAudience(issuer)
      .setExpirationTime(seconds + ASSERTION_SECONDS)
      .sign(this.#privateKey as KeyObject);
    this.#redactor.addToken(assertion);
    return assertion;
  }

  #unanswered(error: unknown): TokenRequestFailure {
    if (error instanceof SalesforceAuthError && error.code === 'REENTRANT') return new TokenRequestFailure(error, 'final');
    const cause = this.#redactor.scrubError(error);
    const host = new URL(this.identity.issuer).host;
    return wasNeverSent(error)
      ? new TokenRequestFailure(
          new SalesforceAuthError(
            'TOKEN_REQUEST_FAILED',
            `The login host ${host} could not be reached: check the login URL and the network`,
            { cause },
          ),
          'again',
        )
      : new TokenRequestFailure(
          new SalesforceAuthError('TOKEN_REQUEST_LOST', `The token request to ${host} got no answer`, { cause }),
          'lost',
        );
  }

  #refused(response: Response, body: Record<string, unknown> | undefined, clockCorrected: boolean): TokenRequestFailure {
    const { status } = response;
    const host = new URL(this.identity.issuer).host;
    // Scrubbed before it is cut: half a secret is not recognised any more.
    const said = (name: string) => (typeof body?.[name] === 'string' ? this.#redactor.scrub(body[name]).slice(0, 300) : undefined);
    const oauthError = said('error');
    const description = said('error_description') ?? '';
    if (status === 429 || status >= 500) {
      const reason = oauthError ? `: ${oauthError}` : '';
      return new TokenRequestFailure(
        new SalesforceAuthError('TOKEN_REQUEST_FAILED', `The token endpoint of ${host} answered ${status}${reason}`, { status }),
        'again',
      );
    }
    if (oauthError === undefined) {
      const hint =
        status >= 300 && status < 400
          ? " with a redirect: set the login URL to the org's My Domain"
          : ', which is no token response: check the login URL';
      return new TokenRequestFailure(
        new SalesforceAuthError('TOKEN_RESPONSE_INVALID', `The token endpoint of ${host} answered ${status}${hint}`, { status }),
        'final',
      );
    }
    const refusal: Refusal = { oauthError, description, status };
    const error = this.refusalError(refusal);
    const passing = classes.grantInFlight.codes.some((text) => description.includes(text));
    if (this.#flow === 'refresh-token' && passing) return new TokenRequestFailure(error, 'in-flight');
    // Our clock was off and is corrected by now: worth one more try.
    if (clockCorrected) return new TokenRequestFailure(error, 'again');
    const isFinal = isLoginRate(refusal) || classes.grantRefused.codes.includes(oauthError);
    return isFinal ? new TokenRequestFailure(error, 'final', refusal) : new TokenRequestFailure(error, 'final');
  }

  /** The error for a refusal, now or remembered, with what to do next. */
  refusalError(refusal: Refusal, retryAfterMs?: number): SalesforceGrantError {
    const { oauthError, description, status, rotationLost } = refusal;
    const said = description ? `${oauthError}: ${description}` : oauthError;
    const advice = traps.find((trap) => trap.text.test(said))?.advice;
    const host = new URL(this.identity.issuer).hostname;
    const wrongHost =
      isGenericLoginHost(host) && /app_not_found|audience|invalid_client_id/i.test(said) && !advice?.includes('SALESFORCE_LOGIN_URL')
        ? "Set SALESFORCE_LOGIN_URL to the org's My Domain, for example https://your-domain.my.salesforce.com"
        : undefined;
    const lost = rotationLost
      ? 'The rotation may have been lost: an earlier token request with this refresh token was never answered, or its process ended ' +
        'before the new one was stored'
      : undefined;
    const next = [lost, advice, wrongHost].filter((text) => text !== undefined).join('. ');
    return new SalesforceGrantError(
      isLoginRate(refusal) ? 'LOGIN_RATE_EXCEEDED' : rotationLost ? 'ROTATION_LOST' : 'GRANT_REFUSED',
      oauthError,
      `Salesforce refused the ${this.#flow} login at ${host} (${said})${next ? `. ${next}` : ''}`,
      { ...(status !== undefined && { status }), ...(retryAfterMs !== undefined && { retryAfterMs }) },
    );
  }

  #accepted(body: Record<string, unknown> | undefined): TokenResponse {
    const text = (name: string) => {
      const value = body?.[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const accessToken = text('access_token');
    const refreshToken = text('refresh_token');
    for (const token of [accessToken, refreshToken]) if (token) this.#redactor.addToken(token);
    const instanceUrl = text('instance_url');
    if (!accessToken || !instanceUrl || !URL.canParse(instanceUrl)) {
      throw new TokenRequestFailure(
        new SalesforceAuthError(
          'TOKEN_RESPONSE_INVALID',
          'The token response lacks access_token or instance_url: check the login URL',
          { status: 200 },
        ),
        'final',
      );
    }
    const { origin, protocol, hostname } = new URL(instanceUrl);
    if (protocol !== 'https:' && !isLoopback(hostname)) {
      throw new TokenRequestFailure(
        new SalesforceAuthError('INSECURE_URL', 'The token response names an instance_url that is not https', { status: 200 }),
        'final',
      );
    }
    const identityUrl = text('id');
    const issuedAt = Number(text('issued_at'));
    const lifetime = positive(body?.expires_in) ?? this.#lifetimeOf(accessToken);
    return {
      accessToken,
      instanceUrl: origin,
      ...(identityUrl && { identityUrl }),
      ...(refreshToken && { refreshToken }),
      ...(issuedAt > 0 && { issuedAt }),
      ...(lifetime !== undefined && { lifetime }),
    };
  }

  /**
   * JWT-format access tokens carry their own end.
   * https://developer.salesforce.com/docs/atlas.en-us.252.0.object_reference.meta/object_reference/sforce_api_objects_connectedapplication.htm
   */
  #lifetimeOf(accessToken: string): number | undefined {
    const [, payload] = accessToken.split('.', 3);
    const exp = positive(jsonObject(Buffer.from(payload ?? '', 'base64url').toString())?.exp);
    return exp === undefined ? undefined : positive(exp - this.#clock.server() / 1000);
  }
}

/** Too many logins within the hour: passes by itself. */
export function isLoginRate({ oauthError, description }: Refusal): boolean {
  return classes.loginRate.codes.some((code) => oauthError.includes(code) || description.includes(code));
}

/** Tells credentials apart without revealing them. */
export function fingerprint(values: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
}

function wasNeverSent(error: unknown): boolean {
  // By shape, not by class: under Jest the errors of Node's fetch belong to another realm.
  let seen = error as { code?: unknown; syscall?: unknown; errors?: unknown; cause?: unknown } | null | undefined;
  while (typeof seen === 'object' && seen !== null) {
    // Several errors in one: no address of the host could be connected to.
    if (seen.syscall === 'connect' || Array.isArray(seen.errors)) return true;
    if (typeof seen.code === 'string' && NEVER_SENT.test(seen.code)) return true;
    seen = seen.cause as typeof seen;
  }
  return false;
}

function positive(value: unknown): number | undefined {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return number > 0 && Number.isFinite(number) ? number : undefined;
}
