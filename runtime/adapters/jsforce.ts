import type { SalesforceAuth, UserInfo } from '../auth';
import { Session, type AuthorizableConnection, type Connection } from './jsforce-session';

export type { AuthorizableConnection } from './jsforce-session';

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

/** Where a connection logs in, and as which app. */
export function loginOf(conn: AuthorizableConnection): { loginUrl: string; clientId: string | undefined } {
  return { loginUrl: conn.loginUrl, clientId: (conn as Connection).oauth2?.clientId };
}

/**
 * Sets the connection up as login() does, and renews its session when Salesforce rejects it, once per call.
 * @returns what login() resolves to
 */
export async function logInConnection(auth: SalesforceAuth, connection: AuthorizableConnection): Promise<UserInfo> {
  const userInfo = await auth.login();
  const token = await auth.token();
  Session.of(connection as Connection).start({ auth, userInfo, token });
  return userInfo;
}
