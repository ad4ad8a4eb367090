/** Whose tokens: one record and one lock per identity. Holds no secret. */
export interface Identity {
  /** Origin of the login URL. */
  readonly issuer: string;
  readonly clientId: string;
  readonly flow: string;
  /** The user the tokens stand for; '' when the app or the refresh token decides. */
  readonly subject: string;
}

/** What is kept per identity. A store writes it as it is: treat it as a secret as a whole. */
export interface TokenRecord {
  /** Grows by one with every change. Two records with the same number are the same record. */
  readonly generation: number;
  /** Absent when the last one was rejected and no new one was granted. */
  readonly accessToken?: string;
  /** Origin that the access token belongs to. */
  readonly instanceUrl?: string;
  /** The `id` of the token response: https://login.salesforce.com/id/<org>/<user> */
  readonly identityUrl?: string;
  readonly refreshToken?: string;
  /** Local clock, milliseconds. */
  readonly obtainedAt: number;
  /** `issued_at` of the token response, milliseconds. */
  readonly issuedAt?: number;
  /** Local clock, milliseconds; absent when Salesforce named no expiry, which is the usual case. */
  readonly expiresAt?: number;
  /** Set once the credential was refused for good: nobody asks again with the same one. */
  readonly dead?: {
    readonly oauthError: string;
    readonly description: string;
    readonly status: number;
    /** Fingerprint of the refused credential. */
    readonly credential: string;
  };
}

/** Where tokens live. Share one between processes and they share their tokens. */
export interface TokenStore {
  read(identity: Identity): Promise<TokenRecord | undefined>;
  /**
   * Writes `next` if the stored generation is still `expectedGeneration` (0: nothing stored yet).
   * @returns whether it was written; it must be durable by then
   */
  swap(identity: Identity, expectedGeneration: number, next: TokenRecord): Promise<boolean>;
  /**
   * Runs `work` while nobody else, in any process that shares the store, runs theirs for this identity.
   * A waiter must outlast a holder that died.
   */
  withLock<T>(identity: Identity, work: () => Promise<T>): Promise<T>;
}
