import type { Identity, TokenRecord, TokenStore } from './store';

/** Tokens in this process's memory: the default. The records are not reachable by inspection. */
export function memoryStore(): TokenStore {
  const records = new Map<string, TokenRecord>();
  const queues = new Map<string, Promise<unknown>>();
  const keyOf = ({ issuer, clientId, flow, subject }: Identity) => JSON.stringify([issuer, clientId, flow, subject]);

  return {
    read: async (identity) => records.get(keyOf(identity)),

    swap: async (identity, expectedGeneration, next) => {
      const key = keyOf(identity);
      if ((records.get(key)?.generation ?? 0) !== expectedGeneration) return false;
      records.set(key, next);
      return true;
    },

    withLock: (identity, work) => {
      const key = keyOf(identity);
      const turn = (queues.get(key) ?? Promise.resolve()).then(work);
      const settled = turn.catch(() => {});
      queues.set(key, settled);
      return turn;
    },
  };
}
