// docs/runtime/benchmarks.md, from what a full run measured.
import { readFileSync } from 'node:fs';
import { table } from '../page.mjs';
import { CALLS } from './fleet.mjs';

const packages = { jsforce: 'jsforce-3', 'google-auth-library': 'google-auth-library', '@badgateway/oauth2-client': '@badgateway/oauth2-client', axios: 'axios', 'axios-auth-refresh': 'axios-auth-refresh' };

function versions() {
  const versionOf = (folder) => JSON.parse(readFileSync(new URL(`../../node_modules/${folder}/package.json`, import.meta.url), 'utf8')).version;
  return Object.entries(packages).map(([name, folder]) => `${name} ${versionOf(folder)}`).join(', ');
}

/** Of several calls, those that succeeded: in bold where that is not all, unless none could. */
function succeeded(ok, calls, could = true) {
  return ok === calls || !could ? `${ok} of ${calls}` : `**${ok} of ${calls}**`;
}

function outcomeCell(id, { tokenRequests, apiRequests, ok, failed, stopped }) {
  const requests = stopped ? `**${tokenRequests} / ${apiRequests}**, stopped by the server` : `${tokenRequests} / ${apiRequests}`;
  return `${requests}; ${succeeded(ok, ok + failed, id !== 'E' && id !== 'F')}`;
}

function micro(us) {
  return `${us > 0 ? '+' : ''}${us.toFixed(0)}`;
}

/** @returns the page */
export function page({ about, budgets, cases, cpu, loopback, outcomes, fleets, peerFleets, kills }) {
  const clients = Object.keys(outcomes.A);
  const overheadRows = Object.entries(loopback.deltas).map(([name, delta]) => [
    name, micro(delta), `${(1 + delta / loopback.plain).toFixed(2)}`,
  ]);
  const outcomeRows = Object.entries(outcomes).map(([id, byClient]) => [
    id, cases[id].title, ...clients.map((name) => outcomeCell(id, byClient[name].result)),
  ]);
  const fleetCell = ({ tokenRequests, refused, ok, calls }) => `${tokenRequests}${refused ? ` (${refused} refused)` : ''}; ${succeeded(ok, calls)}`;
  const fleetRows = [
    ...fleets.map(({ kind, processes, runs: [on, off] }) => [`auth.fetch, ${kind}`, processes, fleetCell(on), fleetCell(off)]),
    ...peerFleets.map(({ client, processes, runs: [on, off] }) => [client, processes, fleetCell(on), fleetCell(off)]),
  ];
  const killRows = kills.map(({ kind, leaseMs, result }) => [
    kind, `${leaseMs / 1000} s`, `${(result.ms / 1000).toFixed(2)} s`, String(result.tokenRequests), succeeded(result.ok, result.calls),
  ]);

  return `# Benchmarks of salesforce-auth-client

What a call costs, and what comes of trouble, next to jsforce, google-auth-library, OAuth2Fetch (\`@badgateway/oauth2-client\`) and
axios with axios-auth-refresh, all in one run. This page is written by the run:

\`\`\`sh
npm run bench:runtime
\`\`\`

It exits 1 when a budget below is not met. \`npm run bench:runtime -- --quick\` checks our own budgets only, in a minute, lets times be
twice their budget, and writes nothing. After \`npm run build\`, \`node bench/runtime/main.mjs\` runs it under any Node.js.

- Date: ${about.date}. Node.js ${process.versions.node}. ${versions()}.
- Machine: ${about.machine}.

## How it is measured

1. The server is a process of its own on 127.0.0.1, with keep-alive. A call is a GET of 90 bytes of JSON, read to the end.
2. After a warm-up of 500 calls of each client, each round makes one call per client, in random order.
3. What counts is the paired delta: a client's time minus that of a plain \`fetch\` in the same round; the median over all rounds.
4. The plain \`fetch\` runs twice per round. The second is the control: its delta is noise. A run whose control is off by more than
   1 % is repeated, up to three times, and the calmest counts.
5. Requests and outcomes are counted by the server.

## Our budgets

${table(['what', 'measured', 'budget', 'goal', ''], budgets.map(({ metric, measured, budget, goal, isMet }) => [metric, measured, budget, goal, isMet ? 'met' : '**not met**']))}

The budget of a call is a share of the plain \`fetch\` of the same run, because absolute times differ from machine to machine: so many
microseconds of so many, on Node.js ${process.versions.node.split('.')[0] >= 24 ? '24 and later' : 'before 24'}. It is judged less what the control is off by.

CPU per call by kind of call: ${Object.entries(cpu).map(([kind, us]) => `${kind} ${us.toFixed(1)} us`).join(', ')}.

## Cost per call

A plain \`fetch\` took ${loopback.plain.toFixed(0)} us (median of ${loopback.rounds} rounds); the control was off by ${loopback.control.toFixed(1)} us.

${table(['client', 'delta, us', 'times plain fetch'], overheadRows)}

\`auth.fetch\` and OAuth2Fetch send with the global \`fetch\`; jsforce, google-auth-library and axios with HTTP code of their own, which
is most of what they cost here. \`authorize(jsforce)\` and \`withAxios\` are ours inside jsforce and axios: compare them with those.

## What comes of trouble

Token requests / API requests; calls that succeeded. 100 calls at once unless the case says otherwise. Each client has a token
and has made a call with it. In E and F no call can succeed: what counts there is how often they ask.

${table(['', 'case', ...clients], outcomeRows)}

- \`authorize(jsforce)\` acts on rejections only: the connection holds the token, so a known expiry (B, B2) is not acted on early.
- D counts from the second expiry on. B2 has no wrong answer: one token request means that the token is renewed ahead of its end.

## Several processes

${CALLS} calls at once in each process, all with the same login, after their session ended. Token requests; calls that succeeded. The
peers have no store to share, so each process has its own copy of the tokens, as it would have from a configuration file.

${table(['client', 'processes', 'rotation on', 'rotation off'], fleetRows)}

A holder of the store's lock that is killed (SIGKILL) while it waits for its token, and four others that wait for the lock:

${table(['store', 'lease', 'last call done after', 'token requests', 'calls that succeeded'], killRows)}

## What the other columns mean

Each is set up as its documentation says, with its defaults, and given the access token, the refresh token and, where it can take
one, the expiry: [jsforce](https://jsforce.github.io/document/#access-token-with-refresh-token),
[OAuth2Fetch](https://github.com/badgateway/oauth2-client#fetch-wrapper),
[google-auth-library](https://github.com/googleapis/google-auth-library-nodejs#oauth2),
[axios-auth-refresh](https://github.com/Flyrell/axios-auth-refresh#usage). The code is \`bench/runtime/clients.mjs\`.

- None of them was made for these cases: google-auth-library is for Google's services, OAuth2Fetch and axios-auth-refresh for any
  issuer, and jsforce does a great deal besides. A program can add code around each of them; the tables say what comes without it.
- The refresh of axios-auth-refresh is the user's code. The one here keeps a rotated token.
- The server is mild: it refuses a refresh token that was rotated out, and nothing else. Salesforce
  [also ends the sessions of the new one](https://help.salesforce.com/s/articleView?id=005316711&type=1).
`;
}
