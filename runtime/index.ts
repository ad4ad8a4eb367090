export { createSalesforceAuth } from './auth';
export type { SalesforceAuth, SalesforceAuthEvent, SalesforceAuthOptions, SalesforceToken, UserInfo } from './auth';
export { authorize } from './adapters/jsforce';
export type { AuthorizableConnection, AuthorizeOptions } from './adapters/jsforce';
export { classify, verdicts } from './classify';
export type { Api, Verdict, VerdictRow } from './classify';
export { salesforceAuthFromEnv } from './env';
export type { Environment, SalesforceAuthOverrides } from './env';
export {
  SalesforceAuthConfigError,
  SalesforceAuthError,
  SalesforceGrantError,
  SalesforceSessionError,
  SalesforceStoreError,
} from './errors';
export type { SalesforceAuthErrorCode } from './errors';
export type { Flow } from './grants';
export type { TokenKey } from './stores/cipher';
export { fileStore } from './stores/file';
export type { FileStoreOptions } from './stores/file';
export { memoryStore } from './stores/memory';
export { redisStore } from './stores/redis';
export type { RedisClient, RedisStoreOptions } from './stores/redis';
export type { Identity, TokenRecord, TokenStore } from './stores/store';
export type { LockOptions } from './stores/wait';
