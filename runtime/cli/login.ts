import { once } from 'node:events';
import { resolve } from 'node:path';
import * as oauth from 'oauth4webapi';
import { ServerClock } from '../clock';
import type { Environment } from '../environment';
import { SalesforceAuthConfigError, SalesforceAuthError, SalesforceGrantError, SalesforceStoreError } from '../errors';
import { AuthEvents } from '../events';
import { Grant, TokenRequestFailure, type TokenResponse } from '../grants';
import { isLoopback } from '../hosts';
import { loginOrigin } from '../options';
import { Persister } from '../persist';
import { Redactor } from '../redact';
import { fileStore, tokenFile } from '../stores/file';
import { tokenGeneration, type Identity, type TokenStore } from '../stores/store';
import { parseIdentityUrl } from '../token';
import { CallbackServer, type Return } from './callback';
import { openInBrowser } from './open';
import { CommandFailed, UsageError, printable, type Surroundings } from './surroundings';

const PATIENCE_MS = 5 * 60_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Both scopes that a program which runs on its own needs: to call, and to go on doing so. */
export const DEFAULT_SCOPE = 'api refresh_token';

/** Options of the command line. */
export interface LoginOptions {
  readonly port: number;
  readonly scope: string;
  readonly open: boolean;
  /** Folder of the token store. */
  readonly store: string;
}

/** Who logged in, as far as Salesforce said. */
interface User {
  readonly username?: string;
  readonly id: string;
  readonly organizationId: string;
}

/**
 * The web server flow with PKCE, for the first refresh token: a browser goes to Salesforce and comes back to this machine.
 * https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_oauth_web_server_flow_ca.htm ; PKCE is mandatory for
 * partner apps: https://developer.salesforce.com/docs/atlas.en-us.packagingGuide.meta/packagingGuide/secure_code_ac_eca.htm
 */
export async function login(options: LoginOptions, surroundings: Surroundings): Promise<void> {
  const { env, stdout, stderr } = surroundings;
  const folder = resolve(surroundings.cwd, options.store);
  const app = new App(env);
  const store = fileStore({ folder }, env);
  // Before anybody logs in: can we keep what they bring?
  const place = app.identityOf(env.SALESFORCE_USERNAME ?? '');
  await store.withLock(place, () => store.read(place));

  const request = await app.newRequest();
  const server = await CallbackServer.start(options.port, request.state, (parameters) => {
    const said = [parameters.get('error'), parameters.get('error_description')].filter(Boolean).join(': ');
    stderr.write(`An answer that does not belong to this login was left aside${said && ` (${printable(app.scrub(said)).slice(0, 200)})`}. Still waiting.\n`);
  });
  try {
    const url = app.authorizeUrl(request, server.redirectUri, options.scope, env.SALESFORCE_USERNAME);
    stdout.write(`Log in to Salesforce in a browser on this machine:\n\n  ${url}\n\nWaiting for it to come back to ${server.redirectUri} …\n`);
    if (options.open) openInBrowser(url, env);
    const back = await waitFor(server, surroundings);
    try {
      const { user, identity, replaced } = await finish(back, server.redirectUri);
      await back.show({ title: 'Logged in', text: `${nameOf(user)} is logged in, and the tokens are stored. You may close this page.` });
      stdout.write(summary(user, identity, replaced));
    } catch (error) {
      const text = error instanceof CommandFailed || error instanceof SalesforceAuthError ? printable(app.scrub(error.message)) : 'Something went wrong: see the terminal.';
      await back.show({ title: 'Not logged in', text, isRefusal: true });
      throw error;
    }
  } finally {
    server.close();
  }

  async function finish(back: Return, redirectUri: string) {
    const tokens = await app.exchange(back.url, request, redirectUri);
    if (!tokens.refreshToken) {
      throw new CommandFailed(
        'Salesforce gave no refresh token: the app lacks, or was not asked for, the scope refresh_token (the same as offline_access; ' +
          "in the app's settings 'Perform requests at any time'), or its policy expires refresh tokens immediately. Nothing was stored",
      );
    }
    const user = await app.whoIs(tokens);
    const expected = env.SALESFORCE_USERNAME;
    // Usernames are e-mail addresses in form, and know no case.
    if (expected && user.username && expected.toLowerCase() !== user.username.toLowerCase()) {
      throw new CommandFailed(
        `The browser is logged in as ${printable(user.username)}, and SALESFORCE_USERNAME is ${printable(expected)}: log out of Salesforce there, or ` +
          'change the variable. Nothing was stored',
      );
    }
    const subject = expected || user.username;
    if (!subject) throw new CommandFailed('Salesforce did not say who logged in: set SALESFORCE_USERNAME and log in again. Nothing was stored');
    const identity = app.identityOf(subject);
    return { user, identity, replaced: await app.keep(store, identity, tokens) };
  }

  function summary(user: User, identity: Identity, replaced: boolean): string {
    const needed: [string, string][] = [
      ['SALESFORCE_FLOW', 'refresh-token'],
      ['SALESFORCE_LOGIN_URL', identity.issuer],
      ['SALESFORCE_USERNAME', identity.subject],
      ['SALESFORCE_TOKEN_FOLDER', folder],
    ];
    const asHere = ['SALESFORCE_CLIENT_ID', 'SALESFORCE_TOKEN_KEY', ...(env.SALESFORCE_CLIENT_SECRET ? ['SALESFORCE_CLIENT_SECRET'] : [])];
    return [
      '',
      `Logged in as ${nameOf(user)}, organization ${user.organizationId}.`,
      `${replaced ? 'The tokens replace what was' : 'The tokens are'} in ${tokenFile(folder, identity)}`,
      '',
      "In the program's environment:",
      ...needed.map(([name, value]) => `  ${name}=${printable(value)}`),
      `  ${asHere.join(', ')} as here`,
      '  no SALESFORCE_REFRESH_TOKEN: the folder has the one that counts',
      '',
    ].join('\n');
  }
}

function nameOf({ username, id }: User): string {
  return username ? `${printable(username)} (user ${id})` : `user ${id}`;
}

async function waitFor(server: CallbackServer, { stop, patienceMs = PATIENCE_MS }: Surroundings): Promise<Return> {
  const timeout = AbortSignal.timeout(patienceMs);
  const over = AbortSignal.any([timeout, ...(stop ? [stop] : [])]);
  const ended = (over.aborted ? Promise.resolve() : once(over, 'abort')).then(() => {
    if (stop?.aborted) throw new CommandFailed('stopped: nothing was stored', 130);
    throw new CommandFailed(
      `nobody came back within ${Math.ceil(patienceMs / 60_000)} minutes, and nothing was stored. If the browser showed redirect_uri_mismatch, add ` +
        `${server.redirectUri} to the app's callback URLs`,
    );
  });
  return Promise.race([server.returned, ended]);
}

interface AuthorizationRequest {
  readonly state: string;
  readonly verifier: string;
  readonly challenge: string;
}

/** The app that somebody logs in for, and what it asks Salesforce. */
class App {
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

/** The folder of the token store, from the command line or the environment. @throws UsageError */
export function storeFolder(given: string | undefined, env: Environment): string {
  const folder = given ?? env.SALESFORCE_TOKEN_FOLDER;
  if (!folder) throw new UsageError('there is no place for the tokens: give a folder with --store or in SALESFORCE_TOKEN_FOLDER');
  return folder;
}
