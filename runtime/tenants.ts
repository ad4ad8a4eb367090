import { createSalesforceAuth, type SalesforceAuth, type SalesforceAuthOptions } from './auth';
import { SalesforceAuthConfigError } from './errors';
import { fingerprint } from './grants';
import { memoryStore } from './stores/memory';

/** What tells one identity from the next. Everything else is shared. */
export type TenantIdentity = Partial<Pick<SalesforceAuthOptions, 'username' | 'loginUrl' | 'clientId' | 'clientSecret' | 'refreshToken'>>;

/** The identities of a program that works for many. Made by {@link createSalesforceTenants}. */
export class SalesforceTenants {
  readonly #shared: Partial<SalesforceAuthOptions>;
  /** The one that was asked for last is last. */
  readonly #held = new Map<string, { auth: SalesforceAuth; askedAt: number }>();

  /** @internal use createSalesforceTenants */
  constructor(shared: Partial<SalesforceAuthOptions>) {
    this.#shared = { store: memoryStore(), ...shared };
  }

  /** How many identities are held. */
  get size(): number {
    return this.#held.size;
  }

  /**
   * The manager of one identity: the same one each time, so that its calls share their token. Ask for it at the beginning
   * of each piece of work, and do not keep it.
   * @throws SalesforceAuthConfigError naming the option that is missing or wrong
   */
  for(identity: TenantIdentity): SalesforceAuth {
    const options = { ...this.#shared, ...identity } as SalesforceAuthOptions;
    const key = keyOf(options);
    const auth = this.#held.get(key)?.auth ?? createSalesforceAuth(options);
    this.#held.delete(key);
    this.#held.set(key, { auth, askedAt: this.#now() });
    return auth;
  }

  /**
   * Closes the managers that nobody has asked for since `idleSeconds` ago. Their tokens stay in the store: who asks again
   * makes no new login. Work that still uses one gets `CLOSED`.
   * @returns how many were closed
   */
  closeIdle(idleSeconds: number): number {
    if (!(idleSeconds >= 0)) throw new SalesforceAuthConfigError('idleSeconds', 'must be a number of seconds, 0 or more');
    const idle = [...this.#held].filter(([, { askedAt }]) => this.#now() - askedAt >= idleSeconds * 1000);
    for (const [key, { auth }] of idle) {
      this.#held.delete(key);
      auth.close();
    }
    return idle.length;
  }

  /** Closes them all. */
  close(): void {
    this.closeIdle(0);
  }

  #now(): number {
    return (this.#shared.clock ?? Date).now();
  }
}

/**
 * One manager per identity, with the options they share: `const auth = salesforce.for({ username })`.
 * @param shared options of {@link createSalesforceAuth}; without a `store`, they share this process's memory
 */
export function createSalesforceTenants(shared: Partial<SalesforceAuthOptions>): SalesforceTenants {
  return new SalesforceTenants(shared);
}

/**
 * The identity and its credential: a new credential is a new manager. Secrets only as a fingerprint.
 * @throws SalesforceAuthConfigError when two tenants could get each other's tokens
 */
function keyOf({ flow, loginUrl, clientId, username, clientSecret, refreshToken }: SalesforceAuthOptions): string {
  if (flow === 'refresh-token' && !username) {
    throw new SalesforceAuthConfigError('username', "is missing: it keeps this user's tokens apart from others' in the store");
  }
  if (flow === 'client-credentials' && username) {
    throw new SalesforceAuthConfigError('username', "has no say in client credentials, which run as the app's user: leave it out, or use JWT bearer");
  }
  return JSON.stringify([loginUrl, clientId, username, fingerprint([clientSecret, refreshToken])]);
}
