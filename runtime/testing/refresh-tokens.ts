import { newRefreshToken } from './credentials';

/** One user's approval of the app: the refresh token that works now, and those that rotation replaced. */
export interface Grant {
  current: string;
  readonly replaced: Set<string>;
  revoked: boolean;
}

/** The result of presenting a refresh token. */
export type Presented = { state: 'valid'; grant: Grant } | { state: 'replayed'; grant: Grant } | { state: 'unknown' };

/** The refresh tokens of the org. */
export class RefreshTokens {
  readonly #grants: Grant[] = [];

  /** Approves the app once more; returns the grant with its first refresh token. */
  approve(): Grant {
    const grant: Grant = { current: newRefreshToken(), replaced: new Set(), revoked: false };
    this.#grants.push(grant);
    return grant;
  }

  /** The refresh token of the latest approval. */
  get latest(): string {
    return this.#grants.at(-1)?.current ?? '';
  }

  present(token: string): Presented {
    for (const grant of this.#grants) {
      if (grant.replaced.has(token)) return { state: 'replayed', grant };
      if (grant.current === token) return grant.revoked ? { state: 'unknown' } : { state: 'valid', grant };
    }
    return { state: 'unknown' };
  }

  rotate(grant: Grant): string {
    grant.replaced.add(grant.current);
    grant.current = newRefreshToken();
    return grant.current;
  }

  revokeAll(): void {
    for (const grant of this.#grants) grant.revoked = true;
  }
}
