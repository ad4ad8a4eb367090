// What is linted: code that a clean checkout has.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders by the corpus they are in. Nobody's files are left out for what they say: our rules decide that themselves. */
const FOLDERS = {
  // TypeScript and JavaScript as their authors wrote or published it; axios, undici, google-auth-library and ioredis hold tokens and passwords too.
  plain: [
    'rxjs/src', 'zod/src', '@grpc/grpc-js/src', 'eslint/lib', 'undici/lib', 'axios/lib', 'jscodeshift/src', 'google-auth-library/build/src', 'ioredis/built',
  ].map((folder) => join('node_modules', folder)),
  salesforce: [
    ...['jsforce-3/src', 'jsforce-1/lib', 'node-salesforce/lib', 'nforce', 'salesforce-pubsub-api-client/dist'].map((folder) => join('node_modules', folder)),
    'examples/billing-sync',
  ],
  // Each of some forty lines, and with something to find.
  logins: ['test/codemods/fixtures'],
};

export const CORPORA = {
  plain: 'code without Salesforce: rxjs, zod, @grpc/grpc-js, eslint, undici, axios, jscodeshift, google-auth-library, ioredis',
  salesforce: 'Salesforce-heavy code: jsforce 3 and 1, node-salesforce, nforce, salesforce-pubsub-api-client, our example',
  logins: 'files that are nothing but a login or a held token: the fixtures of our codemods',
};

/** Every file of a corpus, in an order that is the same each time and says nothing of them. */
export function filesOf(corpus) {
  return shuffled(FOLDERS[corpus].flatMap((folder) => list(join(root, folder))).sort((one, other) => (one.path < other.path ? -1 : 1)));
}

/** The first of them, one in so many. */
export function oneIn(count, files) {
  return files.slice(0, Math.ceil(files.length / count));
}

function shuffled(files) {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647);
  return files.map((file) => ({ file, at: random() })).sort((one, other) => one.at - other.at).map(({ file }) => file);
}

export function linesOf(files) {
  return files.reduce((sum, { text }) => sum + text.split('\n').length, 0);
}

function list(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : list(path);
    const isSource = /\.[cm]?[jt]sx?$/.test(entry.name) && !/\.d\.[cm]?ts$|\.output\./.test(entry.name);
    return isSource ? [{ path, text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') }] : [];
  });
}
