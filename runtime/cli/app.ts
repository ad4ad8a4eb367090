import * as oauth from 'oauth4webapi';
import { ServerClock } from '../clock';
import type { Environment } from '../environment';
import { SalesforceAuthConfigError, SalesforceGrantError, SalesforceStoreError } from '../errors';
import { AuthEvents } from '../events';
import { Grant, TokenRequestFailure, type TokenResponse } from '../grants';
import { isLoopback } from '../hosts';
import { loginOrigin } from '../options';
import { Persister } from '../persist';
import { Redactor } from '../redact';
import { tokenGeneration, type Identity, type TokenStore } from '../stores/store';
import { parseIdentityUrl } from '../token';
import { CommandFailed, printable } from './surroundings';

const REQUEST_TIMEOUT_MS = 30_000;

/** Who logged in, as far as Salesforce said. */
export interface User {
  readonly username?: string;
  readonly id: string;
  readonly organizationId: string;
}

/** One login: what goes to Salesforce, and what stays here. */
export interface AuthorizationRequest {
  readonly state: string;
  readonly verifier: string;
  readonly challenge: string;
}

/** The app that somebody logs in for, and what it asks Salesforce. */
export class App {
  readonly #clientId: string;
  readonly #secret: string | undefined;
  readonly #issuer: string;
  readonly #clock = new ServerClock(Date);
  readonly #redactor = new Redactor();
  readonly #grant: Grant;

  constructor(env: Environment) {
    this.#issuer = loginOrigin(env.SALESFORCE_LOGIN_URL ?? '', 'SALESFORCE_LOGIN_URL');
    this.#clientId = env.SALESFORCE_CLIENT_ID ?? '';
    if (!this.#clientId) throw new SalesforceAuthConfigError('SALESFORCE_CLIENT_ID', "is missing: give the app's consumer key");
    this.#secret = env.SALESFORCE_CLIENT_SECRET || undefined;
    if (this.#secret) this.#redactor.addCredential(this.#secret);
    this.#grant = new Grant(
      { flow: 'refresh-token', loginUrl: this.#issuer, clientId: this.#clientId, ...(this.#secret && { clientSecret: this.#secret }) },
      { fetch, clock: this.#clock, redactor: this.#redactor },
    );
  }

  scrub(text: string): string {
    return this.#redactor.scrub(text);
  }

  /** Whose tokens: what a program with this user name goes by. */
  identityOf(username: string): Identity {
    return { ...this.#grant.identity, subject: username };
  }

  /** A verifier of 43 characters: https://www.rfc-editor.org/rfc/rfc7636#section-4.1 */
  async newRequest(): Promise<AuthorizationRequest> {
    const verifier = oauth.generateRandomCodeVerifier();
    this.#redactor.addToken(verifier);
    return { verifier, state: oauth.generateRandomState(), challenge: await oauth.calculatePKCECodeChallenge(verifier) };
  }

  /** https://developer.salesforce.com/docs/atlas.en-us.222.0.api_rest.meta/api_rest/intro_understanding_web_server_oauth_flow.htm */
  authorizeUrl({ state, challenge }: AuthorizationRequest, redirectUri: string, scope: string, username: string | undefined): string {
    const url = new URL('/services/oauth2/authorize', this.#issuer);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.#clientId,
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...(username && { login_hint: username }),
    }).toString();
    return url.href;
  }

  /** The tokens for the code that the browser brought. @throws CommandFailed, SalesforceAuthError */
  async exchange(returned: URL, { state, verifier }: AuthorizationRequest, redirectUri: string): Promise<TokenResponse> {
    const server: oauth.AuthorizationServer = { issuer: this.#issuer, token_endpoint: `${this.#issuer}/services/oauth2/token` };
    const client: oauth.Client = { client_id: this.#clientId };
    for (const code of returned.searchParams.getAll('code')) this.#redactor.addToken(code);
    const parameters = this.#accepted(server, client, returned, state);
    // A public app sends no secret, a confidential one both the secret and the verifier: see the packaging guide above.
    const authentication = this.#secret ? oauth.ClientSecretPost(this.#secret) : oauth.None();
    try {
      return await this.#grant.answerTo(() =>
        oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, redirectUri, verifier, {
          [oauth.allowInsecureRequests]: isLoopback(new URL(this.#issuer).hostname),
          signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        }),
      );
    } catch (failure) {
      if (!(failure instanceof TokenRequestFailure)) throw failure;
      const { error } = failure;
      // The advice that belongs to these words is about signed assertions.
      if (error instanceof SalesforceGrantError && /expired authorization code/.test(error.message)) {
        throw new CommandFailed(`Salesforce refused the code (${error.oauthError}: expired authorization code): it was used, or is too old. Log in again`);
      }
      throw error;
    }
  }

  #accepted(server: oauth.AuthorizationServer, client: oauth.Client, returned: URL, state: string): URLSearchParams {
    try {
      const parameters = oauth.validateAuthResponse(server, client, returned, state);
      if (parameters.get('code')) return parameters;
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError) {
        const { error: code, error_description: description } = error;
        const said = printable(this.scrub(description ? `${code}: ${description}` : code)).slice(0, 300);
        throw new CommandFailed(`Salesforce refused the login (${said})${adviceOn(said)}. Nothing was stored`);
      }
    }
    // The library's own errors carry the parameters.
    throw new CommandFailed('The browser came back with neither a code nor an error: log in again. Nothing was stored');
  }

  /** Tells the user by name where the scopes allow it, else by the ids of the identity URL. */
  async whoIs({ accessToken, instanceUrl, identityUrl = '' }: TokenResponse): Promise<User> {
    const ids = parseIdentityUrl(identityUrl);
    // The token is seconds old: a new one would be refused alike, and all that is lost is a name.
    // eslint-disable-next-line salesforce-auth/require-401-handling
    const response = await fetch(`${instanceUrl}/services/oauth2/userinfo`, {
      headers: { authorization: `Bearer ${accessToken}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    }).catch(() => undefined);
    const claims = response?.ok ? ((await response.json().catch(() => ({}))) as Record<string, unknown>) : {};
    const { preferred_username: username } = claims;
    return { id: ids.id, organizationId: ids.organizationId, ...(typeof username === 'string' && { username }) };
  }

  /** Puts the tokens in the place of whatever the store has for the identity. @returns whether there was something */
  async keep(store: TokenStore, identity: Identity, tokens: TokenResponse): Promise<boolean> {
    const persister = new Persister(store, identity, new AuthEvents(this.#grant.identityFingerprint));
    try {
      return await store.withLock(identity, async () => {
        const stored = await store.read(identity);
        await persister.save(stored, {
          response: tokens,
          refreshToken: tokens.refreshToken,
          obtainedAt: this.#clock.server(),
          replaces: tokenGeneration(stored),
          requests: 1,
          reason: 'login',
        });
        return stored !== undefined;
      });
    } catch (error) {
      if (!(error instanceof SalesforceStoreError)) throw error;
      // The persister's own advice is for programs, which run on and try again.
      const { message } = error.cause instanceof SalesforceStoreError ? error.cause : error;
      throw new CommandFailed(`Salesforce gave the tokens, and they could not be stored: log in again when this is mended. ${message}`);
    }
  }
}

/** What to do about a refusal of the authorize page, by its words. */
function adviceOn(said: string): string {
  // https://github.com/forcedotcom/Salesforce-CDP-jdbc/issues/180 : the same words without anybody having denied anything
  if (/access.denied/i.test(said)) return ": somebody chose Deny, or the user's profile or permission sets do not give access to the app";
  // https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
  if (/scope/i.test(said)) return ': give the app the scopes that --scope names, by default api and refresh_token';
  return '';
}
