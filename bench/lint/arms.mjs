// What each arm of the comparison turns on.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import noSecrets from 'eslint-plugin-no-secrets';
import security from 'eslint-plugin-security';
import sonarjs from 'eslint-plugin-sonarjs';
import salesforceAuth from '../../dist/index.mjs';

export const OURS = 'our recommended preset';
export const FLOOR = 'floor';
/** The floor once more: what it differs by is noise. */
export const CONTROL = 'control';

const FILES = ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'];
const only = (plugin, name, rules) => ({ plugins: { [name]: plugin }, rules: Object.fromEntries(rules.map((rule) => [`${name}/${rule}`, 'error'])) });

const OWN = {
  [FLOOR]: {},
  [CONTROL]: {},
  [OURS]: { plugins: salesforceAuth.configs.recommended.plugins, rules: salesforceAuth.configs.recommended.rules },
};
const PEERS = {
  'eslint-plugin-no-secrets': only(noSecrets, 'no-secrets', ['no-secrets']),
  'eslint-plugin-security, recommended': { plugins: { security }, rules: security.configs.recommended.rules },
  'eslint-plugin-sonarjs, 3 secret rules': only(sonarjs, 'sonarjs', ['hardcoded-secret-signatures', 'no-hardcoded-passwords', 'no-hardcoded-secrets']),
};

const require = createRequire(import.meta.url);
// Given plain objects, `Linter` checks every rule's options anew for each file. A lint run works its configuration out once.
const { FlatConfigArray } = require(join(dirname(require.resolve('eslint/package.json')), 'lib/config/flat-config-array.js'));

/** @returns {Record<string, object>} ESLint configurations by the arm's name */
export function arms({ peers }) {
  return Object.fromEntries(Object.entries({ ...OWN, ...(peers && PEERS) }).map(([name, config]) => [name, new FlatConfigArray([{ files: FILES, ...config }], { basePath: process.cwd() }).normalizeSync()]));
}
