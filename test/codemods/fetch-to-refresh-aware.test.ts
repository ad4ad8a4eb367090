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
  it('change in the groups that change, and only there', () => {
    for (const { name, group, input, output } of fixtures) expect(output !== input, name).toBe(/^(?:migrated|marked|mixed|auth-module)/.test(group));
  });

  it('leave no token in what is migrated', () => {
    for (const { name, output } of fixtures.filter(({ group, name }) => group === 'migrated' && !name.includes('jsforce'))) expect(output, name).not.toContain('SF_ACCESS_TOKEN');
  });
});
