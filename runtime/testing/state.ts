import { createHmac, randomUUID } from 'node:crypto';
import { AuthorizationCodes } from './authorize';
import { lazyKeyPair, newIdentity, newOpaqueToken } from './credentials';
import { Faults } from './faults';
import { caseSafeId } from './ids';
import { signJwt } from './jwt';
import { RefreshTokens } from './refresh-tokens';
import { RequestLog } from './request-log';
import { sampleRecords, Tables } from './records';
import { Sessions, type Session } from './sessions';
import type { Clock, FakeOrgOptions, SoapLoginState } from './types';

/** The newest API version of the org: Winter '27. */
export const LATEST_VERSION = 68;

/**
 * The oldest API version of the org: 30.0 and older are gone.
 * https://developer.salesforce.com/docs/platform/api/guide/api-eol-soap.html
 */
export const OLDEST_VERSION = 31;

/** Everything that a running org knows. */
export class OrgState {
  /** The org's own address (My Domain); set once the server listens. */
  url = '';
  instanceUrl = '';
  readonly identity = newIdentity();
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly refreshTokens = new RefreshTokens();
  readonly codes = new AuthorizationCodes();
  readonly callbackUrl: string;
  readonly tables: Tables;
  readonly faults = new Faults();
  readonly log = new RequestLog();
  readonly options: FakeOrgOptions;
  soapLogin: SoapLoginState;
  clientCredentialsUser: boolean;
  passwordGrant: 'enabled' | 'blocked';
  readonly #tokenKeys = lazyKeyPair();

  constructor(options: FakeOrgOptions) {
    this.options = options;
    this.clock = options.clock ?? { now: () => Date.now() };
    // Two hours is the default of a new org.
    // https://developer.salesforce.com/docs/atlas.en-us.256.0.api.meta/api/sforce_api_concepts_errorhandling.htm
    this.sessions = new Sessions(this.clock, options.sessionSeconds ?? 7200);
    this.tables = new Tables(options.records ?? sampleRecords());
    this.soapLogin = options.soapLogin ?? 'enabled';
    this.clientCredentialsUser = options.clientCredentialsUser ?? true;
    this.passwordGrant = options.passwordGrant ?? 'enabled';
    this.callbackUrl = options.callbackUrl ?? 'http://localhost:1717/OauthRedirect';
    this.refreshTokens.approve();
  }

  get identityUrl(): string {
    return `${this.url}/id/${caseSafeId(this.identity.organizationId)}/${caseSafeId(this.identity.userId)}`;
  }

  /** Opens a session for an OAuth flow, in the format that the app issues. */
  openOAuthSession(origin: Exclude<Session['origin'], 'soap'>, scope: string, grant?: object): Session {
    this.log.counts.issued += 1;
    const shared = { origin, scope, ...(grant ? { grant } : {}) };
    if (this.options.tokenFormat !== 'jwt') {
      return this.sessions.open({ ...shared, token: newOpaqueToken(this.identity.organizationId), format: 'opaque' });
    }
    // At most 30 minutes. Whether use extends it is not documented; its own `exp` is taken as final.
    // https://developer.salesforce.com/docs/atlas.en-us.252.0.object_reference.meta/object_reference/sforce_api_objects_connectedapplication.htm
    const fixedEnd = this.clock.now() + (this.options.sessionSeconds ?? 1800) * 1000;
    return this.sessions.open({ ...shared, token: this.#jwtAccessToken(scope, fixedEnd), format: 'jwt', fixedEnd });
  }

  /** Opens a session for SOAP `login()`, whose session ids are always opaque. */
  openSoapSession(restricted: boolean): Session {
    this.log.counts.issued += 1;
    const token = newOpaqueToken(this.identity.organizationId);
    return this.sessions.open({ token, format: 'opaque', origin: 'soap', scope: 'full', restricted });
  }

  /** https://help.salesforce.com/s/articleView?id=xcloud.jwt_access_tokens.htm&type=5 */
  #jwtAccessToken(scope: string, end: number): string {
    const now = Math.floor(this.clock.now() / 1000);
    const header = {
      alg: 'RS256', typ: 'JWT', kid: 'fake-org', ver: '1.0',
      tty: 'sfdc-core-token', tnk: `core/prod/${this.identity.organizationId}`,
    };
    const claims = {
      iss: this.url, sub: `uid:${this.identity.userId}`, aud: [this.instanceUrl], client_id: this.identity.clientId,
      scp: scope, iat: now, nbf: now, exp: Math.floor(end / 1000), jti: randomUUID(),
    };
    return signJwt(header, claims, this.#tokenKeys().privateKey);
  }

  /**
   * Proof that the answer came from Salesforce: HMAC of identity URL and `issued_at`, keyed with the consumer secret.
   * REST API guide, https://www.yumpu.com/en/document/view/50136036/databasecom-rest-api-developers-guide-salesforcecom/22
   */
  signature(issuedAt: string): string {
    return createHmac('sha256', this.identity.clientSecret).update(this.identityUrl + issuedAt).digest('base64');
  }

  /** Is this the user's password, with or without the security token? */
  passwordMatches(username: string | undefined, password: string | undefined): boolean {
    const { identity } = this;
    if (username !== identity.username || password === undefined) return false;
    // The token is appended to the password, unless the client calls from a trusted network.
    // https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_login.htm
    if (password === identity.password + identity.securityToken) return true;
    return !this.options.requireSecurityToken && password === identity.password;
  }
}
