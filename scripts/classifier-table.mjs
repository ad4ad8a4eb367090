// Prints the classifier of the runtime as docs/runtime/classifier.md: the page is its table, never written by hand.
// node scripts/classifier-table.mjs   writes it, from runtime/dist; `npm run docs:check` fails where it is stale
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const CLASSIFIER_PAGE = 'docs/runtime/classifier.md';

const APIS = {
  rest: 'REST',
  bulk1: 'Bulk 1',
  soap: 'SOAP',
  identity: 'userinfo, identity URL',
  streaming: 'CometD',
};

const VERDICTS = {
  ok: 'nothing',
  refresh: 'get a new token and send the request once more',
  restream: 'get a new token, then a new handshake',
  backoff: 'the same token works later',
  stop: 'no new token helps',
};

function status(expected) {
  if (expected === undefined) return 'any';
  return 'from' in expected ? `${expected.from} to ${expected.to}` : expected.join(', ');
}

function answer({ body, mediaType }) {
  const parts = [];
  if (mediaType) parts.push(`\`${mediaType}\``);
  if (body) parts.push(`with ${body.map((text) => `\`${text}\``).join(' or ')}`);
  return parts.join(' ') || 'any';
}

function row(verdict) {
  const api = verdict.api?.map((name) => APIS[name]).join(', ') ?? 'any';
  return `| ${api} | ${status(verdict.status)} | ${answer(verdict)} | \`${verdict.verdict}\` | ${verdict.source} |`;
}

/** The page for these verdicts. */
export function classifierPage(verdicts) {
  return `# What an answer means for the session

<!-- Written by scripts/classifier-table.mjs from \`verdicts\`: run it after a change, do not edit this page. -->

The first row that fits decides. Of a body the first 4 KB are looked at, and only with status 400, 401, 403 or 500, or in CometD.

| endpoint | status | answer | verdict | source |
|---|---|---|---|---|
${verdicts.map(row).join('\n')}

| verdict | what to do |
|---|---|
${Object.entries(VERDICTS).map(([verdict, meaning]) => `| \`${verdict}\` | ${meaning} |`).join('\n')}

What \`auth.fetch\` does about each: [api.md](api.md).
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { verdicts } = createRequire(import.meta.url)('../runtime/dist/index.cjs');
  writeFileSync(fileURLToPath(new URL(`../${CLASSIFIER_PAGE}`, import.meta.url)), classifierPage(verdicts));
}
