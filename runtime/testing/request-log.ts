import type { RequestCounts, RequestEntry } from './types';

const KEPT = 1000;

function zero(): RequestCounts {
  return {
    authorize: 0, token: 0, revoke: 0, introspect: 0, userinfo: 0, data: 0, bulk: 0, soap: 0, soapLogin: 0, other: 0,
    rejected: 0, issued: 0,
  };
}

/** Counts requests and remembers the recent ones, without anything secret. */
export class RequestLog {
  counts = zero();
  readonly #entries: RequestEntry[] = [];

  /** Counts a request as it arrives; its status is filled in when it is answered. */
  arrived(entry: RequestEntry): void {
    this.counts[entry.kind] += 1;
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
  }

  get entries(): RequestEntry[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  reset(): void {
    this.counts = zero();
    this.#entries.length = 0;
  }
}
