// CPU per call of auth.fetch over the fetch it was given: a stub transport, so that nothing but our own work is left.
// Paired: each block times both sides right after each other, in random order; the second plain side shows the noise.
// node bench/runtime/overhead.mjs [--json]   needs `npm run build`; exits 1 above the budget.
import { createSalesforceAuth } from '../../runtime/dist/index.mjs';

/** Microseconds per call, token-manager-anchors section 5.7. */
const BUDGET = 5;
const BLOCKS = 301;
const CALLS = 200;
const WARM_UP = 20_000;

const instance = 'https://bench.my.salesforce.com';
let answer = Response.json({ access_token: `bench-${process.pid}`, instance_url: instance, token_type: 'Bearer' });
const stub = async () => answer;
const auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: instance, clientId: 'bench', clientSecret: `bench-${process.pid}`, fetch: stub });
await auth.token();
answer = new Response('{}', { status: 200 });

const path = '/services/data/v60.0/query?q=SELECT+Id+FROM+Account';
const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"Name":"Acme"}' };
const { signal } = new AbortController();

/** What is called, and what it is compared with. */
const cases = {
  'path, no init': [() => auth.fetch(path), () => stub(path)],
  'URL, no init': [() => auth.fetch(instance + path), () => stub(instance + path)],
  'POST with headers': [() => auth.fetch(path, init), () => stub(path, init)],
  'path, with signal': [() => auth.fetch(path, { signal }), () => stub(path, { signal })],
};

/**
 * Microseconds per call. By the clock, in blocks so short that most are never interrupted: nothing waits here, so that
 * is CPU time, and the kernel's own account of it comes in steps of up to 10 ms.
 */
async function time(call) {
  const start = process.hrtime.bigint();
  for (let made = 0; made < CALLS; made++) await call();
  return Number(process.hrtime.bigint() - start) / 1000 / CALLS;
}

function shuffled(values) {
  return values.map((value) => ({ value, at: Math.random() })).sort((a, b) => a.at - b.at).map(({ value }) => value);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

const results = {};
for (const [name, [ours, plain]] of Object.entries(cases)) {
  for (let made = 0; made < WARM_UP; made++) await ours().then(plain);
  const deltas = [];
  const control = [];
  for (let block = 0; block < BLOCKS; block++) {
    const times = {};
    for (const side of shuffled(['ours', 'plain', 'again'])) times[side] = await time(side === 'ours' ? ours : plain);
    deltas.push(times.ours - times.plain);
    control.push(times.again - times.plain);
  }
  results[name] = { overhead: Number(median(deltas).toFixed(2)), control: Number(median(control).toFixed(2)) };
}

if (process.argv.includes('--json')) console.log(JSON.stringify({ node: process.version, budget: BUDGET, unit: 'us', results }));
else {
  console.log(`CPU per call over the given fetch, us (Node ${process.version}; budget ${BUDGET}; median of ${BLOCKS} pairs of ${CALLS} calls)`);
  for (const [name, { overhead, control }] of Object.entries(results)) console.log(`${name.padEnd(20)} ${overhead}   control ${control}`);
}
const worst = Math.max(...Object.values(results).map(({ overhead }) => overhead));
if (worst > BUDGET) {
  console.error(`over the budget: ${worst} us`);
  process.exit(1);
}
