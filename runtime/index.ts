export { createSalesforceAuth } from './auth';
export type { SalesforceAuth, SalesforceAuthOptions, SalesforceToken, UserInfo } from './auth';
export { jwtBearerAssertion } from './assertion';
export type { JwtBearerAssertionOptions } from './assertion';
export { withAxios } from './adapters/axios';
export type { AxiosLike } from './adapters/axios';
export { withGot } from './adapters/got';
export type { GotLike } from './adapters/got';
export { authorize } from './adapters/authorize';
export type { AuthorizeOptions } from './adapters/authorize';
export { withJsforce } from './adapters/jsforce';
export type { AuthorizableConnection } from './adapters/jsforce';
export type { OAuth2Like, OAuth2Token } from './adapters/oauth2';
export { undiciInterceptor } from './adapters/undici';
export type { AuthFetch, AuthRequestInit, UnrepeatedResponse } from './bodies';
export { withNforce } from './adapters/nforce';
export type { NforceOAuth, NforceOrgLike } from './adapters/nforce';
export { withRequest } from './adapters/request';
export type { AuthorizedRequest, RequestCall, RequestCallback, RequestLike, RequestOptions, RequestResponse } from './adapters/request';
export { withRequestRetry } from './adapters/requestretry';
export type { RequestRetryLike } from './adapters/requestretry';
export { withSuperagent } from './adapters/superagent';
export type { SuperagentLike } from './adapters/superagent';
export { withSoap } from './adapters/soap';
export type { SoapClientLike, SoapLogin } from './adapters/soap';
export { soapLogin } from './adapters/soap-login';
export type { SoapLoginAnswer, SoapLoginResponse } from './adapters/soap-login';
export { classify, verdicts } from './classify';
export type { Api, Verdict, VerdictRow } from './classify';
export type { Clock } from './clock';
export { salesforceAuthFromEnv } from './env';
export type { SalesforceAuthOverrides } from './env';
export type { Environment } from './environment';
export {
  SalesforceAuthConfigError,
  SalesforceAuthError,
  SalesforceGrantError,
  SalesforceSessionError,
  SalesforceStoreError,
} from './errors';
export type { SalesforceAuthErrorCode } from './errors';
export type { RefreshReason, SalesforceAuthEvent, SalesforceAuthEventName, SalesforceAuthEvents } from './events';
export type { Flow } from './grants';
export type { Usage } from './limits';
export { salesforce } from './salesforce';
export { memoryStore } from './stores/memory';
export type { Identity, Refusal, TokenRecord, TokenStore } from './stores/store';
export { createSalesforceTenants } from './tenants';
export type { SalesforceTenants, TenantIdentity } from './tenants';
export type { TokenKey } from './stores/cipher';
export { fileStore } from './stores/file';
export type { FileStoreOptions } from './stores/file';
export { keychainKey } from './stores/keychain';
export type { KeychainOptions } from './stores/keychain';
export { redisRisks, redisStore } from './stores/redis';
export type { RedisClient, RedisStoreOptions } from './stores/redis';
export { sfCliStore } from './stores/sf-cli';
export type { SfCliStoreOptions } from './stores/sf-cli';
export type { LockOptions } from './stores/wait';
