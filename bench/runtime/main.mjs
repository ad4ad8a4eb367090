// npm run bench:runtime [-- --quick]: what our runtime costs and withstands, beside its peers. Needs `npm run build`.
// A full run writes docs/runtime/benchmarks.md. Exits 1 where a budget is not met, 2 where it cannot run.
import { existsSync, writeFileSync } from 'node:fs';
import { machine } from '../page.mjs';
import { judge } from './budgets.mjs';
import { Child } from './child.mjs';
import { OURS, PEERS } from './clients.mjs';
import { fleet, hasRedis, killedHolder, Stores } from './fleet.mjs';
import { cases, outcome } from './outcomes.mjs';
import { cpu, loopback, storeReads } from './overhead.mjs';
import { page } from './report.mjs';

const PAGE = new URL('../../docs/runtime/benchmarks.md', import.meta.url);
const FULL = { rounds: 4000, cpuBlocks: 301, processes: [4, 8], leaseMs: 5000, peers: PEERS, slack: 1 };
/** For CI, whose machines are shared and have other things to do: counts stay exact, and a time may be twice its budget. */
const QUICK = { rounds: 500, cpuBlocks: 101, processes: [4], leaseMs: 2000, peers: [], slack: 2 };

const [option, ...more] = process.argv.slice(2);
if (more.length > 0 || (option !== undefined && option !== '--quick')) fail('the one option is --quick');
if (!existsSync(new URL('../../runtime/dist/index.mjs', import.meta.url))) fail('runtime/dist is missing: run `npm run build` first');
const isQuick = option === '--quick';
const { rounds, cpuBlocks, processes, leaseMs, peers, slack } = isQuick ? QUICK : FULL;

function fail(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}

const about = { date: new Date().toISOString().slice(0, 10), machine: machine() };
const org = new Child('./server.mjs');
const stores = new Stores();
const kinds = hasRedis ? ['file', 'Redis'] : ['file'];
if (!hasRedis) console.log('redis-server is not installed: Redis is not measured');
try {
  const results = await measure();
  const budgets = judge(results, slack);
  console.log(`\nNode ${process.version}; ${about.machine}`);
  console.log(`plain fetch ${results.loopback.plain.toFixed(0)} us; the control is off by ${results.loopback.control.toFixed(1)} us (best of ${results.loopback.tries})`);
  if (slack > 1) console.log(`quick: a time may be ${slack} times its budget`);
  for (const { metric, measured, budget, isMet } of budgets) console.log(`${isMet ? 'met    ' : 'NOT MET'}  ${metric}: ${measured}; budget ${budget}`);
  if (!isQuick) writeFileSync(PAGE, page({ about, budgets, cases, ...results }));
  process.exitCode = budgets.every(({ isMet }) => isMet) ? 0 : 1;
} finally {
  stores.end();
  await org.kill();
}
// A peer's timers would keep the process.
process.exit();

async function measure() {
  console.log('cost per call');
  const costs = { cpu: await cpu({ blocks: cpuBlocks }), reads: await storeReads(org, { calls: 1000 }) };
  const names = [...OURS, ...peers].filter((name) => name !== 'axios-auth-refresh, deduplicateRefresh: false');
  const timed = await loopback(org, { names, rounds });

  const outcomes = {};
  for (const [id, one] of Object.entries(cases)) {
    console.log(`case ${id}: ${one.title}`);
    outcomes[id] = {};
    for (const name of [...OURS, ...peers]) outcomes[id][name] = { isOurs: OURS.includes(name), result: await outcome(org, name, one) };
  }

  const fleets = [];
  const kills = [];
  for (const kind of kinds) {
    for (const count of processes) {
      console.log(`${count} processes, ${kind}`);
      fleets.push({ kind, processes: count, runs: await rotationOnAndOff({ client: 'auth.fetch', processes: count, kind }) });
    }
    console.log(`the lock's holder is killed, ${kind}`);
    kills.push({ kind, leaseMs, result: await killedHolder(org, { processes: 4, store: await stores.fresh(kind, leaseMs) }) });
  }
  const peerFleets = [];
  for (const client of peers) {
    console.log(`4 processes, ${client}`);
    peerFleets.push({ client, processes: 4, runs: await rotationOnAndOff({ client, processes: 4 }) });
  }
  return { ...costs, loopback: timed, outcomes, fleets, kills, peerFleets };
}

async function rotationOnAndOff({ kind, ...about }) {
  const runs = [];
  for (const rotate of [true, false]) runs.push(await fleet(org, { ...about, rotate, ...(kind && { store: await stores.fresh(kind) }) }));
  return runs;
}
