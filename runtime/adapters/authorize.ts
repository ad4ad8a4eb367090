import { loginOrigin, type SalesforceAuth, type UserInfo } from '../auth';
import { optionsFromEnv, sharedAuth } from '../env';
import type { Environment } from '../environment';
import { SalesforceAuthConfigError } from '../errors';
import type { Flow } from '../grants';
import { isGenericLoginHost, isProductionDomain } from '../hosts';
import { logInConnection, loginOf, type AuthorizableConnection } from './jsforce';
import { nforceLoginOf, withNforce, type NforceOAuth, type NforceOrgLike } from './nforce';
import { logInOAuth2, type OAuth2Like, type OAuth2Token } from './oauth2';
import { logInSoap, soapLoginOf, type SoapClientLike, type SoapLogin } from './soap';

/** Who to log in as, where. Everything left out comes from the environment. */
export interface AuthorizeOptions {
  /** The user to log in as with JWT bearer. Default: SALESFORCE_USERNAME. */
  username?: string | undefined;
  /** Default: SALESFORCE_FLOW, or else 'jwt-bearer': the calls go on running as the same user. */
  flow?: Flow | undefined;
  /** Default: the client's own login URL, or SALESFORCE_LOGIN_URL where that is a generic host. */
  loginUrl?: string | undefined;
  /** An identity of your own; nothing is read from the environment then. */
  auth?: SalesforceAuth | undefined;
}

type Callback<Result> = (error: Error | null, result?: Result) => void;

/**
 * Logs a client in through OAuth: the drop-in for `conn.login(username, password, callback?)` of jsforce.
 *
 * Sets the connection up as login() does, and renews its session when Salesforce rejects it, once per call. All
 * connections of one identity share their tokens; each authorize() makes a fresh login, as each login() did.
 *
 * @returns what login() resolves to. With a callback, the promise needs no handling of its own.
 * @throws (rejects with) SalesforceAuthConfigError, SalesforceGrantError, SalesforceAuthError
 */
export function authorize(connection: AuthorizableConnection, options?: AuthorizeOptions, callback?: Callback<UserInfo>): Promise<UserInfo>;
/** The drop-in for `org.authenticate({ username, password }, callback?)` of nforce; see {@link withNforce}. */
export function authorize(org: NforceOrgLike, options?: AuthorizeOptions, callback?: Callback<NforceOAuth>): Promise<NforceOAuth>;
/**
 * The drop-in for `client.login({ username, password }, callback)` and `client.loginAsync()` of the `soap` package: answers as
 * they do. The session that the program puts into its SessionHeader is kept up to date in the envelopes that go out.
 */
export function authorize(client: SoapClientLike, options?: AuthorizeOptions, callback?: Callback<SoapLogin>): Promise<[SoapLogin]>;
/** The drop-in for `oauth2.authenticate(username, password, callback?)` of a jsforce OAuth2: a token, for the caller to renew. */
export function authorize(oauth2: OAuth2Like, options?: AuthorizeOptions, callback?: Callback<OAuth2Token>): Promise<OAuth2Token>;
export function authorize(client: object, options: AuthorizeOptions = {}, callback?: Callback<never>): Promise<unknown> {
  const result = logIn(client, options);
  if (typeof callback === 'function') {
    // As jsforce 1: on a later tick, so that what the callback throws is not swallowed by a promise.
    result.then(
      (value) => process.nextTick(callback, null, isSoap(client) ? (value as [SoapLogin])[0] : value),
      (error: Error) => process.nextTick(callback, error),
    );
  }
  return result;
}

async function logIn(client: object, options: AuthorizeOptions): Promise<unknown> {
  const auth = (login: Login): SalesforceAuth => options.auth ?? authFor(login, options, process.env);
  if (isNforce(client)) return withNforce(auth(nforceLoginOf(client)), client);
  // As node-soap's promises: all that its callbacks get, in an array.
  if (isSoap(client)) return [await logInSoap(auth(soapLoginOf(client)), client)];
  if (isOAuth2(client)) return logInOAuth2(auth(client));
  const connection = client as AuthorizableConnection;
  return logInConnection(auth(loginOf(connection)), connection);
}

const isNforce = (client: object): client is NforceOrgLike => '_apiRequest' in client;
const isSoap = (client: object): client is SoapClientLike => 'addSoapHeader' in client;
const isOAuth2 = (client: object): client is OAuth2Like => 'tokenServiceUrl' in client;

/** Where a client logs in by itself, and as which app. */
interface Login {
  loginUrl: string;
  clientId?: string | undefined;
}

/** The identity that a login stands for: what the options say, and the environment where they are silent. */
export function authFor(login: Login, options: AuthorizeOptions, env: Environment): SalesforceAuth {
  const { flow = (env.SALESFORCE_FLOW as Flow | undefined) || 'jwt-bearer', username, loginUrl } = options;
  const clientId = env.SALESFORCE_CLIENT_ID || login.clientId;
  const found = optionsFromEnv(
    {
      flow,
      loginUrl: loginUrl ?? chooseLoginUrl(login.loginUrl, env.SALESFORCE_LOGIN_URL),
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
function chooseLoginUrl(ofClient: string, ofEnvironment: string | undefined): string {
  const inCode = loginOrigin(ofClient, "the connection's loginUrl");
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
