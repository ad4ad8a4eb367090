import type { FaultKind, FaultResponse, RequestKind } from './types';

interface Scripted {
  remaining: number;
  response: FaultResponse;
}

/** The fault script: what goes wrong next, per kind of request, first in first out. */
export class Faults {
  readonly #scripts = new Map<RequestKind, Scripted[]>();

  add(kind: FaultKind, times: number, response: FaultResponse): void {
    if (response.status === undefined && !response.destroy) {
      throw new TypeError(`failNext('${kind}', …): give the response a status, or destroy: true`);
    }
    const script = this.#scripts.get(kind) ?? [];
    script.push({ remaining: times, response });
    this.#scripts.set(kind, script);
  }

  /** The fault for the next request of this kind, if one is scripted. */
  take(kind: RequestKind): FaultResponse | undefined {
    const script = this.#scripts.get(kind);
    while (script && script[0]) {
      const next = script[0];
      if (next.remaining > 0) {
        next.remaining -= 1;
        return next.response;
      }
      script.shift();
    }
    return undefined;
  }

  clear(): void {
    this.#scripts.clear();
  }
}
