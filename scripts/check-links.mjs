// Looks at the links of the documentation that lead out of the repository. They are others' pages, and the network: not in CI.
// node scripts/check-links.mjs [PART]   only addresses that hold PART; exits 1 when a page is gone, 2 when none answers
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pagesOf, readPage } from './check-docs/page.mjs';

const AT_ONCE = 8;
const PATIENCE_MS = 20_000;
const OWN = 'https://github.com/salesforce-auth/';
/** Not a page that is gone: it wants a person, a login or a slower reader. */
const CANNOT_TELL = new Set([401, 403, 405, 406, 429, 999]);

const root = fileURLToPath(new URL('..', import.meta.url));
const part = process.argv[2] ?? '';
const places = new Map();
for (const file of pagesOf(root)) {
  for (const { line, target } of readPage(file).links) {
    const url = target.split('#')[0];
    // Our own repository is not there before the first release.
    if (!/^https?:/.test(url) || url.startsWith(OWN) || !url.includes(part)) continue;
    places.set(url, [...(places.get(url) ?? []), `${relative(root, file)}:${line}`]);
  }
}

async function stateOf(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), headers: { 'User-Agent': 'Mozilla/5.0 (link check)', Accept: 'text/html,*/*' } });
    await response.body?.cancel();
    return response.ok ? 'there' : CANNOT_TELL.has(response.status) || response.status >= 500 ? `cannot tell: ${response.status}` : `gone: ${response.status}`;
  } catch (error) {
    return `cannot tell: ${error.cause?.code ?? error.name}`;
  }
}

const counts = { there: 0, gone: 0, 'cannot tell': 0 };
const queue = [...places.keys()].sort();
async function work() {
  for (let url = queue.shift(); url; url = queue.shift()) {
    const state = await stateOf(url);
    counts[state.split(':')[0]] += 1;
    if (state !== 'there') console.error(`${state}  ${url}  ${places.get(url).join(', ')}`);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`links: ${places.size} addresses, ${counts.there} there, ${counts.gone} gone, ${counts['cannot tell']} cannot be told`);
if (places.size > 0 && counts.there + counts.gone === 0) console.error('links: no page answered: is there a network?');
process.exitCode = counts.gone > 0 ? 1 : counts.there > 0 || places.size === 0 ? 0 : 2;
