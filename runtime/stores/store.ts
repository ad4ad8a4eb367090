import type { Usage } from '../limits';

/** Whose tokens: one record and one lock per identity. Holds no secret. */
export interface Identity {
  /** Origin of the login URL. */
  readonly issuer: string;
  readonly clientId: string;
  readonly flow: string;
  /** The user the tokens stand for; '' when the app decides, a fingerprint of the first refresh token when nobody named a user. */
  readonly subject: string;
}

/** What the token endpoint said when it refused. */
export interface Refusal {
  readonly oauthError: string;
  readonly description: string;
  /** Absent when there was no answer at all. */
  readonly status?: number;
  /** The token that was refused had been sent before, and nobody saw the answer. */
  readonly rotationLost?: true;
}

/**
 * What is kept per identity. A store writes it as it is: treat it as a secret as a whole. All times are milliseconds by
 * Salesforce's clock, as far as whoever wrote them knew it.
 */
export interface TokenRecord {
  /** Grows with every change. Two records with the same number are the same record. */
  readonly generation: number;
  /** The generation that brought the access token, where later changes concern something else. */
  readonly tokenGeneration?: number;
  /** Absent when the last one was rejected and no new one was granted. */
  readonly accessToken?: string;
  /** Origin that the access token belongs to. */
  readonly instanceUrl?: string;
  /** The `id` of the token response: https://login.salesforce.com/id/<org>/<user> */
  readonly identityUrl?: string;
  readonly refreshToken?: string;
  /** When the access token was got: the last use of the refresh token, too. */
  readonly obtainedAt: number;
  /** `issued_at` of the token response. */
  readonly issuedAt?: number;
  /** Absent when Salesforce named no expiry, which is the usual case. */
  readonly expiresAt?: number;
  /**
   * Written before a refresh token is sent, gone with the answer. Whoever finds one under the lock knows that the answer
   * was lost, or the process that waited for it.
   */
  readonly intent?: { readonly startedAt: number; /** Requests without an answer, this one included. */ readonly sent: number };
  /** Set once the credential was refused for good: nobody asks again with the same one, but for login() after a while. */
  readonly dead?: Refusal & {
    readonly at: number;
    /** Fingerprint of the refused credential. */
    readonly credential: string;
  };
  /** Set when there were too many logins: no token request before `until`. */
  readonly coolDown?: Refusal & { readonly until: number };
  /** Token requests lately. */
  readonly usage?: Usage;
}

/** A record with a token in it. */
export type ActiveRecord = TokenRecord & { accessToken: string; instanceUrl: string };

export function isActive(record: TokenRecord): record is ActiveRecord {
  return record.accessToken !== undefined && record.instanceUrl !== undefined;
}

/** Number of the record's access token; 0 when there never was one. */
export function tokenGeneration(record: TokenRecord | undefined): number {
  return record?.tokenGeneration ?? record?.generation ?? 0;
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
