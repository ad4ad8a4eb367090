import { describe, expect, it } from 'vitest';
import { loginsIn } from '../../analysis';
import { buildSource } from '../../analysis/source';
import { transform } from '../../codemods/soap-login-to-oauth';
import { describeFixtures, fixturesOf } from './codemod.support';

const fixtures = fixturesOf('soap-login-to-oauth', (group) => {
  if (group.startsWith('client-credentials')) return { flow: 'client-credentials' };
  return group === 'auth-module' ? { authModule: './lib/salesforce.js', authExport: 'integration' } : {};
});

describeFixtures({
  name: 'soap-login-to-oauth',
  transform,
  fixtures,
  states: {
    migrated: 'migrated',
    'client-credentials': 'migrated',
    'auth-module': 'migrated',
    marked: 'marked',
    'client-credentials-marked': 'marked',
    left: 'left',
    'already-safe': 'already-safe',
  },
  rules: ['no-soap-login', 'no-password-grant'],
  found: ({ path }, input) => loginsIn(buildSource(path, input)).length,
});

describe('the fixtures', () => {
  it('cover each way to load modules with each way to call', () => {
    const names = new Set(fixtures.map(({ name }) => name.replace(/\.\w+$/, '')));
    for (const modules of ['esm', 'cjs', 'mixed', 'ts', 'tsx', 'flow', 'import-equals']) {
      for (const style of ['await', 'then', 'callback', 'executor', 'class', 'module-level']) expect(names).toContain(`migrated/${modules}-${style}`);
      for (const style of ['await', 'then']) expect(names).toContain(`untouched/${modules}-${style}`);
    }
  });

  it('change in the groups that change, and only there', () => {
    for (const { name, group, input, output } of fixtures) {
      expect(output !== input, name).toBe(/^(?:migrated|marked|mixed|client-credentials|auth-module)/.test(group));
    }
  });
});
