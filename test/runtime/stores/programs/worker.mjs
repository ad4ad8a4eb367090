// One process of several that share a store. The parent says what to do; see fleet.ts.
import { once } from 'node:events';
import { createSalesforceAuth } from '../../../../runtime/dist/index.mjs';
import { serve } from './serve.mjs';
import { storeOf } from './store.mjs';

const { store: storeSettings, auth: authSettings, clockAheadMs, identity } = JSON.parse(process.env.WORKER);
if (clockAheadMs) {
  const { now } = Date;
  Date.now = () => now() + clockAheadMs;
}
let waitsAt;
process.on('proceed', () => {
  waitsAt = undefined;
});
const store = await storeOf(storeSettings);
const auth = createSalesforceAuth({
  ...authSettings,
  store: {
    ...store,
    withLock: (...args) => {
      process.send({ event: 'at the lock' });
      return store.withLock(...args);
    },
  },
  fetch: async (input, init) => {
    const pauseAt = async (moment) => {
      if (waitsAt !== moment || !String(input).endsWith('/token')) return;
      process.send({ event: moment });
      await once(process, 'proceed');
    };
    await pauseAt('token request');
    const response = await fetch(input, init);
    await pauseAt('token response');
    return response;
  },
});

serve({
  token: async () => (await auth.token()).generation,
  // Says so before it sends a token request, or once it has the answer, and goes on when it is told.
  waitAt: (moment) => {
    waitsAt = moment;
  },
  ownsToken: async () => (await auth.token()).isOwn,
  calls: async (count) => {
    const outcomes = await Promise.allSettled(Array.from({ length: count }, () => auth.fetch('/services/data/v60.0/limits')));
    return outcomes.map(({ value, reason }) => value?.status ?? reason.code ?? String(reason));
  },
  // Takes the lock, reads, says so, waits to be told, saves.
  save: (saves) =>
    store.withLock(identity, async () => {
      const { generation = 0 } = (await store.read(identity)) ?? {};
      process.send({ event: 'holding' });
      await once(process, 'proceed');
      return saves && store.swap(identity, generation, { generation: generation + 1, obtainedAt: 0, identityUrl: String(process.pid) });
    }),
  enter: () => store.withLock(identity, async () => 'in'),
  read: () => store.read(identity),
});
