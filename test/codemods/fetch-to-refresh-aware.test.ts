import { describe, expect, it } from 'vitest';
import { heldTokens, settingsOf } from '../../analysis';
import { buildSource } from '../../analysis/source';
import { transform } from '../../codemods/fetch-to-refresh-aware';
import { describeFixtures, fixturesOf } from './codemod.support';

const fixtures = fixturesOf('fetch-to-refresh-aware', (group) => (group === 'auth-module' ? { authModule: './lib/salesforce.js', authExport: 'integration' } : {}));

describeFixtures({
  name: 'fetch-to-refresh-aware',
  transform,
  fixtures,
  states: { migrated: 'migrated', 'auth-module': 'migrated', marked: 'marked', left: 'left', 'already-safe': 'already-safe' },
  rules: ['require-401-handling'],
  found: ({ path }, input) => heldTokens(buildSource(path, input), settingsOf(undefined)).length,
  merges: true,
});

describe('the fixtures', () => {
  const names = new Set(fixtures.map(({ name }) => name.replace(/\.\w+$/, '')));

  it('cover each client, each way to load modules and each way to call, and the twin that must not be rewritten', () => {
    for (const group of ['migrated', 'marked']) {
      for (const client of ['fetch', 'node-fetch', 'axios']) {
        for (const modules of ['esm', 'cjs', 'mixed', 'ts', 'tsx', 'flow']) {
          for (const style of ['await', 'then', 'callback']) expect(names).toContain(`${group}/${client}-${modules}-${style}`);
        }
      }
      for (const client of ['cross-fetch', 'undici']) for (const modules of ['esm', 'cjs', 'ts']) expect(names).toContain(`${group}/${client}-${modules}-await`);
      for (const client of ['axios-instance', 'axios-class', 'graphql-request', 'jsforce']) for (const modules of ['esm', 'cjs', 'ts']) expect(names).toContain(`${group}/${client}-${modules}-await`);
      for (const modules of ['esm', 'cjs', 'mixed', 'ts', 'tsx', 'flow']) expect(names).toContain(`${group}/request-${modules}-callback`);
    }
  });

  it('have a marked twin for each migrated one', () => {
    for (const { name, group } of fixtures) if (group === 'migrated') expect(names).toContain(name.replace('migrated/', 'marked/').replace(/\.\w+$/, ''));
  });

  it('change in the groups that change, and only there', () => {
    for (const { name, group, input, output } of fixtures) expect(output !== input, name).toBe(/^(?:migrated|marked|mixed|auth-module)/.test(group));
  });

  it('leave no token in what is migrated', () => {
    for (const { name, output } of fixtures.filter(({ group, name }) => group === 'migrated' && !name.includes('jsforce'))) expect(output, name).not.toContain('SF_ACCESS_TOKEN');
  });
});
