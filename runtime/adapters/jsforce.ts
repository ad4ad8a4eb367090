import { loginOrigin, type SalesforceAuth, type UserInfo } from '../auth';
import { optionsFromEnv, sharedAuth } from '../env';
import type { Environment } from '../environment';
import { SalesforceAuthConfigError } from '../errors';
import type { Flow } from '../grants';
import { isGenericLoginHost, isProductionDomain } from '../hosts';
import { Session, type AuthorizableConnection, type Connection } from './jsforce-session';

export type { AuthorizableConnection } from './jsforce-session';

/** Who to log in as, where. Everything left out comes from the environment. */
export interface AuthorizeOptions {
  /** The user to log in as with JWT bearer. Default: SALESFORCE_USERNAME. */
  username?: string | undefined;
  /** Default: SALESFORCE_FLOW, or else 'jwt-bearer': the calls go on running as the same user. */
  flow?: Flow | undefined;
  /** Default: the connection's loginUrl, or SALESFORCE_LOGIN_URL where that is a generic host. */
  loginUrl?: string | undefined;
  /** An identity of your own; nothing is read from the environment then. */
  auth?: SalesforceAuth | undefined;
}

type Callback = (error: Error | null, userInfo?: UserInfo) => void;

/**
 * Logs a connection in through OAuth: the drop-in for `conn.login(username, password, callback?)`.
 *
 * Sets the connection up as login() does, and renews its session when Salesforce rejects it, once per call. All
 * connections of one identity share their tokens; each authorize() makes a fresh login, as each login() did.
 *
 * @returns what login() resolves to. With a callback, the promise needs no handling of its own.
 * @throws (rejects with) SalesforceAuthConfigError, SalesforceGrantError, SalesforceAuthError
 */
export function authorize(connection: AuthorizableConnection, options: AuthorizeOptions = {}, callback?: Callback): Promise<UserInfo> {
  const result = logIn(connection as Connection, options);
  if (typeof callback === 'function') {
    // As jsforce 1: on a later tick, so that what the callback throws is not swallowed by a promise.
    result.then(
      (userInfo) => process.nextTick(callback, null, userInfo),
      (error: Error) => process.nextTick(callback, error),
    );
  }
  return result;
}

/**
 * Lets a connection that was made with a bare token renew it: `withJsforce(auth, new Connection({ accessToken, instanceUrl }))`.
 *
 * It goes on with the token it has. When Salesforce rejects that, the connection gets the identity's current one, and the call
 * is repeated once. Without a token the first call gets one. The identity must be the one that the token stands for.
 *
 * @returns the same connection. Its calls also reject with SalesforceSessionError `REJECTED_AFTER_REFRESH`, and with
 * SalesforceAuthError when no token can be had
 */
export function withJsforce<T extends AuthorizableConnection>(auth: SalesforceAuth, connection: T): T {
  Session.of(connection as unknown as Connection).keep(auth);
  return connection;
}

async function logIn(conn: Connection, options: AuthorizeOptions): Promise<UserInfo> {
  const auth = options.auth ?? authFor(conn, options, process.env);
  const userInfo = await auth.login();
  const token = await auth.token();
  Session.of(conn).start({ auth, userInfo, token });
  return userInfo;
}

function authFor(conn: Connection, options: AuthorizeOptions, env: Environment): SalesforceAuth {
  const { flow = (env.SALESFORCE_FLOW as Flow | undefined) || 'jwt-bearer', username, loginUrl } = options;
  const clientId = env.SALESFORCE_CLIENT_ID || conn.oauth2?.clientId;
  const found = optionsFromEnv(
    {
      flow,
      loginUrl: loginUrl ?? chooseLoginUrl(conn.loginUrl, env.SALESFORCE_LOGIN_URL),
      ...(username && { username }),
    },
    { ...env, ...(clientId && { SALESFORCE_CLIENT_ID: clientId }) },
  );
  return sharedAuth(found, env, { loginUrl: 'loginUrl', ...(options.flow && { flow: 'flow' }) });
}

/**
 * The org to log in to: never silently another one than the code says.
 * @throws SalesforceAuthConfigError when code and environment contradict each other
 */
function chooseLoginUrl(ofConnection: string, ofEnvironment: string | undefined): string {
  const inCode = loginOrigin(ofConnection, "the connection's loginUrl");
  const { hostname } = new URL(inCode);
  if (!isGenericLoginHost(hostname) || !ofEnvironment) return inCode;
  const chosen = new URL(loginOrigin(ofEnvironment, 'SALESFORCE_LOGIN_URL'));
  const isProduction = chosen.hostname === 'login.salesforce.com' || isProductionDomain(chosen.hostname);
  if (hostname === 'test.salesforce.com' && isProduction) {
    throw new SalesforceAuthConfigError(
      'SALESFORCE_LOGIN_URL',
      "is a production org's, but the connection's loginUrl is test.salesforce.com: set it to the sandbox's My Domain, " +
        'for example https://your-domain--sandbox.sandbox.my.salesforce.com',
    );
  }
  return chosen.origin;
}
