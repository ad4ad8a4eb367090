import type { RuleName } from './shared/rule-name';
import type { RuleModule } from './shared/create-rule';
import consistentExpiryUnits from './consistent-expiry-units';
import noHardcodedCredentials from './no-hardcoded-credentials';
import noHardcodedInstanceUrl from './no-hardcoded-instance-url';
import noHardcodedSessionId from './no-hardcoded-session-id';
import noJwtExpAsTokenExpiry from './no-jwt-exp-as-token-expiry';
import noPasswordGrant from './no-password-grant';
import noSoapLogin from './no-soap-login';
import noTokenInUrl from './no-token-in-url';
import noTokenLogging from './no-token-logging';
import noUiSessionId from './no-ui-session-id';
import noUnboundedAuthRetry from './no-unbounded-auth-retry';
import noUnfinishedMigration from './no-unfinished-migration';
import require401Handling from './require-401-handling';
import requireExpiryBuffer from './require-expiry-buffer';
import validAuthorizationHeader from './valid-authorization-header';

export const rules: Record<RuleName, RuleModule<string>> = {
  'consistent-expiry-units': consistentExpiryUnits,
  'no-hardcoded-credentials': noHardcodedCredentials,
  'no-hardcoded-instance-url': noHardcodedInstanceUrl,
  'no-hardcoded-session-id': noHardcodedSessionId,
  'no-jwt-exp-as-token-expiry': noJwtExpAsTokenExpiry,
  'no-password-grant': noPasswordGrant,
  'no-soap-login': noSoapLogin,
  'no-token-in-url': noTokenInUrl,
  'no-token-logging': noTokenLogging,
  'no-ui-session-id': noUiSessionId,
  'no-unbounded-auth-retry': noUnboundedAuthRetry,
  'no-unfinished-migration': noUnfinishedMigration,
  'require-401-handling': require401Handling,
  'require-expiry-buffer': requireExpiryBuffer,
  'valid-authorization-header': validAuthorizationHeader,
};
