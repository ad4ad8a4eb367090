import type { ServerClock } from './clock';
import { tokenGeneration, type ActiveRecord } from './stores/store';

/** Who logged in, as jsforce's login() tells it. */
export interface UserInfo {
  /** User id, 18 characters. */
  id: string;
  organizationId: string;
  /** Identity URL. https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_using_openid.htm */
  url: string;
}

/** An access token and where it is valid. Printing it or turning it into JSON does not show the token. */
export class SalesforceToken {
  readonly #accessToken: string;
  /** Origin to call: take it from here each time, it can change with a refresh. https://github.com/jsforce/jsforce/issues/196 */
  readonly instanceUrl: string;
  /** Number of the token: pass it to `refresh()` when Salesforce rejected the token. */
  readonly generation: number;
  /** Milliseconds, server clock; absent in JWT bearer answers. */
  readonly issuedAt?: number;
  /** Milliseconds, local clock; absent when Salesforce named none. https://github.com/NangoHQ/nango/issues/327 */
  readonly expiresAt?: number;

  /** Did we ask for it ourselves? One that another holder of the store got may be as old as the one it replaces. */
  readonly isOwn: boolean;

  constructor(record: ActiveRecord, isOwn: boolean, clock: ServerClock) {
    this.#accessToken = record.accessToken;
    this.isOwn = isOwn;
    this.instanceUrl = record.instanceUrl;
    this.generation = tokenGeneration(record);
    if (record.issuedAt !== undefined) this.issuedAt = record.issuedAt;
    if (record.expiresAt !== undefined) this.expiresAt = clock.toLocal(record.expiresAt);
  }

  get accessToken(): string {
    return this.#accessToken;
  }
}

/** https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_using_openid.htm */
export function parseIdentityUrl(url: string): UserInfo {
  const [organizationId = '', id = ''] = url.split('/').slice(-2);
  return { id, organizationId, url };
}
