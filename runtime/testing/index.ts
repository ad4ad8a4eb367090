/**
 * A Salesforce org for tests: a loopback HTTP server that answers as the documentation, and what integrators
 * reported, say an org answers. See docs/runtime/testing.md.
 */
import type { Server } from 'node:http';
import { inspect } from 'node:util';
import { listen } from './server';
import { OrgState } from './state';
import type {
  FakeOrgCredentials, FakeOrgOptions, FaultKind, FaultResponse, OAuthFlow, RequestCounts, RequestEntry, SObjectRecord, SoapLoginState,
} from './types';

export type {
  Clock, FakeOrgCredentials, FakeOrgOptions, FaultKind, FaultResponse, OAuthFlow, RequestCounts, RequestEntry, RequestKind, SObjectRecord,
  SoapLoginState,
} from './types';

/** A running fake org. Printing it shows no secret; read `credentials` for those. */
export class FakeOrg {
  readonly #state: OrgState;
  readonly #server: Server;

  /** @internal Use {@link startFakeOrg}. */
  constructor(state: OrgState, server: Server) {
    this.#state = state;
    this.#server = server;
  }

  /** `http://127.0.0.1:PORT`: the org's My Domain, login URL and first instance URL. */
  get url(): string {
    return this.#state.url;
  }

  /** The `instance_url` that is handed out now. */
  get instanceUrl(): string {
    return this.#state.instanceUrl;
  }

  /** What a client logs in with. */
  get credentials(): FakeOrgCredentials {
    const { username, password, securityToken, clientId, clientSecret, appKeys } = this.#state.identity;
    return {
      username,
      password,
      securityToken,
      clientId,
      clientSecret,
      get privateKey() {
        return appKeys().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      },
      refreshToken: this.#state.refreshTokens.latest,
    };
  }

  /** The object tables. Tests may read and change them. */
  get records(): Record<string, SObjectRecord[]> {
    return this.#state.tables.rows;
  }

  /** Requests so far by kind: a copy, taken now. */
  get counts(): RequestCounts {
    return { ...this.#state.log.counts };
  }

  /** The latest requests (at most 1000), oldest first: a copy, without anything secret. */
  get requests(): RequestEntry[] {
    return this.#state.log.entries;
  }

  /** The environment variables with which `salesforceAuthFromEnv()` logs in to this org. */
  environment(flow: OAuthFlow): Record<string, string> {
    const { credentials } = this;
    const common = { SALESFORCE_LOGIN_URL: this.url, SALESFORCE_CLIENT_ID: credentials.clientId };
    switch (flow) {
      case 'jwt-bearer':
        return { ...common, SALESFORCE_PRIVATE_KEY: credentials.privateKey, SALESFORCE_USERNAME: credentials.username };
      case 'client-credentials':
        return { ...common, SALESFORCE_CLIENT_SECRET: credentials.clientSecret };
      case 'refresh-token':
        return { ...common, SALESFORCE_REFRESH_TOKEN: credentials.refreshToken };
    }
  }

  /** Ends every session: access tokens and session ids handed out so far are dead from now. */
  expireSessions(): void {
    this.#state.sessions.endAll();
  }

  /** Revokes every refresh token. Access tokens already handed out live on. */
  revokeRefreshTokens(): void {
    this.#state.refreshTokens.revokeAll();
  }

  /** Approves the app once more, as a user would after a revocation; returns the new refresh token. */
  issueRefreshToken(): string {
    return this.#state.refreshTokens.approve().current;
  }

  /** Refuses every session, new ones too, until called with `false`. Token requests still succeed. */
  rejectAllSessions(reject = true): void {
    this.#state.sessions.rejectAll = reject;
  }

  /** How SOAP `login()` answers from now on. */
  setSoapLogin(state: SoapLoginState): void {
    this.#state.soapLogin = state;
  }

  /** The `instance_url` (and `serverUrl`) to hand out from now on. */
  setInstanceUrl(url: string): void {
    this.#state.instanceUrl = url.replace(/\/+$/, '');
  }

  /** Gives the app a run-as user for the client credentials flow, or takes it away. */
  setClientCredentialsUser(enabled: boolean): void {
    this.#state.clientCredentialsUser = enabled;
  }

  /** Allows or blocks the OAuth username-password flow. */
  setPasswordGrant(state: 'enabled' | 'blocked'): void {
    this.#state.passwordGrant = state;
  }

  /** The next `times` requests of this kind get this answer. Calls add up, first in first out. */
  failNext(kind: FaultKind, times: number, response: FaultResponse): void {
    this.#state.faults.add(kind, times, response);
  }

  /** Forgets the faults that are still scripted. */
  clearFaults(): void {
    this.#state.faults.clear();
  }

  /** Sets the counts to zero and forgets the requests. */
  resetCounts(): void {
    this.#state.log.reset();
  }

  /** Stops the server and cuts its connections. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  [inspect.custom](): string {
    return `FakeOrg ${inspect({ url: this.url, soapLogin: this.#state.soapLogin, counts: this.counts })}`;
  }
}

/** Starts a fake org. Close it when the test is over. */
export async function startFakeOrg(options: FakeOrgOptions = {}): Promise<FakeOrg> {
  const state = new OrgState(options);
  const server = await listen(state, options.port ?? 0);
  return new FakeOrg(state, server);
}
