import { createRequire } from 'node:module';
import { Linter } from 'eslint';
import * as babel from '@babel/eslint-parser';
import * as typescript from '@typescript-eslint/parser';
import { describe, expect, it } from 'vitest';
import { loginsIn } from '../../analysis';
import { buildSource } from '../../analysis/source';
import { STATES } from '../../codemods/report';
import { transform } from '../../codemods/soap-login-to-oauth';
import plugin from '../../index';
import { fixtures, STATE_OF_GROUP, variants, type Fixture } from './soap-login.support';

// @babel/eslint-parser 7 does not know ESLint 10.
const { Linter: Linter9 } = createRequire(import.meta.url)('eslint-v9') as { Linter: typeof Linter };

/** What our rules still say of a text. */
function lint(text: string, path: string): string[] {
  const isFlow = /@flow/.test(text);
  const messages = new (isFlow ? Linter9 : Linter)().verify(
    text,
    [
      {
        files: ['**/*'],
        plugins: { 'salesforce-auth': plugin },
        rules: { 'salesforce-auth/no-soap-login': 'error', 'salesforce-auth/no-password-grant': 'error' },
        languageOptions: {
          parser: isFlow ? babel : typescript,
          sourceType: 'module',
          parserOptions: isFlow
            ? { requireConfigFile: false, babelOptions: { babelrc: false, configFile: false, parserOpts: { plugins: ['flow', 'jsx'] } } }
            : { ecmaFeatures: { jsx: !/\.[cm]?ts$/.test(path), globalReturn: true } },
        },
      } as unknown as Linter.Config,
    ],
    { filename: path, allowInlineConfig: false },
  );
  return messages.filter(({ ruleId, fatal }) => ruleId ?? fatal).map(({ message, line }) => `${line}: ${message}`);
}

/** Everything that must hold for a file, however it is written. */
function check({ path, options, group }: Fixture, input: string, output: string): void {
  const result = transform({ path, source: input }, options);
  expect(result.output ?? input).toBe(output);
  if (result.output !== undefined) expect(result.output, 'no output that changes nothing').not.toBe(input);

  const { entries } = result;
  const found = loginsIn(buildSource(path, input));
  const count = (state: string) => entries.filter((entry) => entry.state === state).length;
  expect(STATES.map(count).reduce((sum, one) => sum + one)).toBe(entries.length);
  expect(entries.length - count('already-safe')).toBe(found.length);
  const state = STATE_OF_GROUP[group];
  if (state) expect(new Set(entries.map((entry) => entry.state))).toEqual(new Set([state]));
  for (const entry of entries) {
    expect(entry).toMatchObject({ path, reason: expect.stringMatching(/\w/), what: expect.stringMatching(/\w/) });
    if (entry.state === 'marked' || entry.state === 'left') expect(entry.next).toMatch(/\w/);
  }
  expect(result.env.length > 0).toBe(count('migrated') > 0);

  const again = transform({ path, source: output }, options);
  expect(again.output, 'a second run changes nothing').toBeUndefined();
  expect(again.entries.length, 'a second run knows every place').toBe(entries.length);

  expect(() => buildSource(path, output)).not.toThrow();
  if (group !== 'left') expect(lint(output, path)).toEqual([]);

  const secrets = input.match(/S3CRET[\w-]*/g) ?? [];
  const said = JSON.stringify([entries, again.entries, result.env]) + (output.match(/\/\* sf-auth-todo.*?\*\//g) ?? []).join();
  expect(said).not.toContain('S3CRET');
  expect((output.match(/S3CRET/g) ?? []).length).toBeLessThanOrEqual(secrets.length);
}

const groups = [...new Set(fixtures.map(({ group }) => group))];
describe.each(groups)('soap-login-to-oauth, %s', (group) => {
  const own = fixtures.filter((fixture) => fixture.group === group);

  it.each(own.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
    check(fixture, fixture.input, fixture.output);
  });

  for (const [variant, rewrite] of Object.entries(variants)) {
    const allowed = own.flatMap((fixture) => {
      const [input, output] = [rewrite(fixture.input, fixture.path), rewrite(fixture.output, fixture.path)];
      return input === undefined || output === undefined || input === fixture.input ? [] : [[fixture.name, fixture, input, output] as const];
    });
    if (allowed.length === 0) continue;
    describe(`with ${variant}`, () => {
      it.each(allowed)('%s', (_name, fixture, input, output) => check(fixture, input, output));
    });
  }
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
      expect(output !== input, name).toBe(/^(?:migrated|marked|mixed|client-credentials)/.test(group));
    }
  });
});
