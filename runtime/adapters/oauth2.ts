import type { SalesforceAuth } from '../auth';

/** What `authorize()` needs of a jsforce OAuth2. */
export interface OAuth2Like {
  loginUrl: string;
  tokenServiceUrl: string;
  clientId?: string | undefined;
}

/** A token response, as `oauth2.authenticate()` gives it. Nobody keeps it up to date. */
export interface OAuth2Token {
  access_token: string;
  instance_url: string;
  /** Identity URL. */
  id: string;
  token_type: 'Bearer';
}

export async function logInOAuth2(auth: SalesforceAuth): Promise<OAuth2Token> {
  const { url: id } = await auth.login();
  const { accessToken, instanceUrl } = await auth.token();
  return { access_token: accessToken, instance_url: instanceUrl, id, token_type: 'Bearer' };
}
