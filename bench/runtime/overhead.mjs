// What a call costs: paired with a plain fetch, in the same round, as in token-manager-anchors section 5. A second plain fetch
// in each round is the control: it shows how far the machine's noise moves a median.
import { createSalesforceAuth, memoryStore } from '../../runtime/dist/index.mjs';
import { clients } from './clients.mjs';

const PLAIN = 'plain fetch';
const CONTROL = 'plain fetch again';
const WARM_UP = 500;
/** A control beyond this share of the plain fetch means that the run was disturbed: it is repeated. */
const CALM = 0.01;
const TRIES = 3;

/**
 * Every client's call over loopback, in random order.
 * @returns {Promise<{ rounds: number, plain: number, control: number, deltas: Record<string, number>, tries: number }>} microseconds;
 * of the calmest of up to three runs
 */
export async function loopback(org, { names, rounds }) {
  const session = await org.ask('begin', {});
  const calls = {};
  for (const name of [PLAIN, ...names]) calls[name] = await clients[name](session);
  calls[CONTROL] = calls[PLAIN];
  for (let made = 0; made < WARM_UP; made++) for (const call of Object.values(calls)) await call();

  const runs = [];
  do runs.push(await paired(calls, rounds));
  while (runs.length < TRIES && Math.abs(runs.at(-1).control) > CALM * runs.at(-1).plain);
  return { ...calmest(runs), rounds, tries: runs.length };
}

async function paired(calls, rounds) {
  const plain = [];
  const deltas = Object.fromEntries(Object.keys(calls).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const times = {};
    for (const name of shuffled(Object.keys(calls))) {
      const start = performance.now();
      await calls[name]();
      times[name] = (performance.now() - start) * 1000;
    }
    plain.push(times[PLAIN]);
    for (const name of Object.keys(calls)) deltas[name].push(times[name] - times[PLAIN]);
  }
  const { [PLAIN]: _, [CONTROL]: control, ...rest } = Object.fromEntries(Object.entries(deltas).map(([name, values]) => [name, median(values)]));
  return { plain: median(plain), control, deltas: rest };
}

/**
 * CPU time of auth.fetch over the fetch it was given: a stub, so that nothing but our own work is left.
 * @returns {Promise<Record<string, number>>} microseconds per call, by the kind of call
 */
export async function cpu({ blocks, blockCalls = 200, warmUp = 20_000 }) {
  const instance = 'https://bench.my.salesforce.com';
  let answer = Response.json({ access_token: `bench-${process.pid}`, instance_url: instance, token_type: 'Bearer' });
  const stub = async () => answer;
  const options = { flow: 'client-credentials', loginUrl: instance, clientId: 'bench', clientSecret: `bench-${process.pid}` };
  const auth = createSalesforceAuth({ ...options, fetch: stub });
  await auth.token();
  answer = new Response('{}', { status: 200 });

  const path = '/services/data/v60.0/query?q=SELECT+Id+FROM+Account';
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"Name":"Acme"}' };
  const { signal } = new AbortController();
  const kinds = { 'a path': [path], 'a URL': [instance + path], 'POST with headers': [path, post], 'with a signal': [path, { signal }] };

  // By the clock, in blocks so short that most are never interrupted: nothing waits here, so that is CPU time, and the kernel's
  // own account of it comes in steps of up to 10 ms.
  const time = async (send, request) => {
    const start = performance.now();
    for (let made = 0; made < blockCalls; made++) await send(...request);
    return ((performance.now() - start) * 1000) / blockCalls;
  };
  const costs = {};
  for (const [kind, request] of Object.entries(kinds)) {
    for (let made = 0; made < warmUp; made++) await auth.fetch(...request).then(() => stub(...request));
    const deltas = [];
    for (let block = 0; block < blocks; block++) {
      const times = {};
      for (const send of shuffled([auth.fetch, stub])) times[send === stub ? 'plain' : 'ours'] = await time(send, request);
      deltas.push(times.ours - times.plain);
    }
    costs[kind] = median(deltas);
  }
  return costs;
}

/** How often calls with a token at hand read the store. */
export async function storeReads(org, { calls }) {
  const kept = memoryStore();
  let reads = 0;
  const store = { ...kept, read: (identity) => (reads++, kept.read(identity)) };
  const call = await clients['auth.fetch']({ ...(await org.ask('begin', {})), store });
  await call();
  reads = 0;
  for (let made = 0; made < calls; made++) await call();
  return reads;
}

function calmest(runs) {
  return runs.reduce((best, run) => (Math.abs(run.control) < Math.abs(best.control) ? run : best));
}

function shuffled(values) {
  return values.map((value) => ({ value, at: Math.random() })).sort((a, b) => a.at - b.at).map(({ value }) => value);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
