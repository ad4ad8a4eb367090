/** In a file that imports nothing: the types that the package ships are then ESLint's alone, and not those that our code is written with. */
export type RuleName =
  | 'consistent-expiry-units'
  | 'no-hardcoded-credentials'
  | 'no-hardcoded-instance-url'
  | 'no-hardcoded-session-id'
  | 'no-jwt-exp-as-token-expiry'
  | 'no-password-grant'
  | 'no-soap-login'
  | 'no-token-in-url'
  | 'no-token-logging'
  | 'no-ui-session-id'
  | 'no-unbounded-auth-retry'
  | 'no-unfinished-migration'
  | 'require-401-handling'
  | 'require-expiry-buffer'
  | 'valid-authorization-header';
