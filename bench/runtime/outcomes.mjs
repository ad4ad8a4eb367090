// What comes of trouble: the cases of token-manager-anchors section 5.3, for every client.
import { setTimeout as delay } from 'node:timers/promises';
import { clients } from './clients.mjs';

const CALLERS = 100;
const LIFE_S = 7200;
/** What a client does in the background after its calls counts too. Milliseconds. */
const SETTLE_MS = 200;

// The clock of this process, for every library in it. The org has its own.
const RealDate = Date;
let aheadMs = 0;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length > 0 ? given : [RealDate.now() + aheadMs]));
  }
  static now() {
    return RealDate.now() + aheadMs;
  }
};

/** Before each case the client has a token and has made one call with it. `wave(n)` makes n calls at once; the org counts from its last change. */
export const cases = {
  A: {
    title: 'the org ends the session; expiry unknown',
    run: async ({ org, wave }) => {
      await org.ask('expire');
      return wave(CALLERS);
    },
  },
  B: {
    title: 'the known expiry has passed',
    settings: { expiresIn: LIFE_S },
    run: async ({ org, wave }) => {
      await org.ask('expire');
      aheadMs = (LIFE_S + 1) * 1000;
      return wave(CALLERS);
    },
  },
  B2: {
    title: '30 s before the known expiry',
    settings: { expiresIn: LIFE_S },
    run: async ({ org, wave }) => {
      await org.ask('change');
      aheadMs = (LIFE_S - 30) * 1000;
      return wave(CALLERS);
    },
  },
  C: {
    title: 'as A, half of the 401s arrive after the refresh',
    settings: { lateRejections: true },
    run: async ({ org, wave }) => {
      await org.ask('expire');
      return wave(CALLERS);
    },
  },
  D: {
    title: 'rotation: the second session ends too',
    settings: { rotate: true },
    run: async ({ org, wave }) => {
      await org.ask('expire');
      await wave(CALLERS);
      await org.ask('expire');
      return wave(CALLERS);
    },
  },
  D2: {
    title: 'rotation, half of the 401s late',
    settings: { rotate: true, lateRejections: true },
    run: async ({ org, wave }) => {
      await org.ask('expire');
      return wave(CALLERS);
    },
  },
  E: {
    title: 'one call, and every token is rejected',
    settings: { tokenMs: 5 },
    run: async ({ org, wave }) => {
      await org.ask('change', { rejectAll: true });
      return wave(1);
    },
  },
  F: {
    title: 'the grant is dead: two waves of calls',
    run: async ({ org, wave }) => {
      await org.ask('change', { deadGrant: true });
      await org.ask('expire');
      const first = await wave(CALLERS);
      const second = await wave(CALLERS);
      return { ok: first.ok + second.ok, calls: first.calls + second.calls, ms: first.ms + second.ms };
    },
  },
  G: {
    title: 'one 503 from the token endpoint',
    run: async ({ org, wave }) => {
      await org.ask('change', { failTokens: 1 });
      await org.ask('expire');
      return wave(CALLERS);
    },
  },
};

/**
 * @param org the server's Child
 * @returns what one client came to: requests by kind, calls that succeeded, milliseconds until the last was settled
 */
export async function outcome(org, client, { settings = {}, run }) {
  try {
    const session = await org.ask('begin', settings);
    const call = await clients[client]({ ...session, ...(settings.expiresIn && { expiresAt: Date.now() + LIFE_S * 1000 }) });
    await call();
    const { ok, calls, ms } = await run({ org, wave: (count) => wave(call, count) });
    await delay(SETTLE_MS);
    const { token, api, rejected, stopped } = await org.ask('counts');
    return { tokenRequests: token, apiRequests: api, rejected, stopped, ok, failed: calls - ok, ms };
  } finally {
    aheadMs = 0;
  }
}

/** Calls made at once, each to its end. */
export async function wave(call, calls) {
  const start = performance.now();
  const settled = await Promise.allSettled(Array.from({ length: calls }, () => call()));
  return { calls, ok: settled.filter(({ status }) => status === 'fulfilled').length, ms: performance.now() - start };
}
