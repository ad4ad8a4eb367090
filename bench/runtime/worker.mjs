// One process of a fleet: a client, and its calls.
import { answerParent } from './child.mjs';
import { clients } from './clients.mjs';
import { wave } from './outcomes.mjs';

let call;

async function storeOf({ kind, leaseMs, folder, url, prefix }) {
  const { fileStore, redisStore } = await import('../../runtime/dist/index.mjs');
  if (kind === 'file') return fileStore({ folder, leaseMs });
  const { createClient } = await import('redis');
  return redisStore(await createClient({ url }).connect(), { leaseMs, prefix });
}

answerParent({
  /** Makes the client, and its first call. */
  begin: async ({ client, session, store }) => {
    call = await clients[client]({ ...session, ...(store && { store: await storeOf(store) }) });
    await call();
  },
  calls: (count) => wave(call, count),
});
