import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { defineConfig } from 'eslint/config';
import { ESLint as ESLint9 } from 'eslint-v9';
import { defineConfig as defineConfig9 } from 'eslint-v9/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '../../index';
import type { Preset } from '../../rules/shared/create-rule';
import packageJson from '../../package.json' with { type: 'json' };

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));

const ruleNames = readdirSync(join(root, 'rules'))
  .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  .map((file) => file.slice(0, -'.ts'.length));

const presetOf = (name: string) => (plugin.rules[name as keyof typeof plugin.rules].meta!.docs as unknown as { preset: Preset }).preset;
const namesIn = (presets: readonly Preset[]) => ruleNames.filter((name) => presets.includes(presetOf(name))).map((name) => `salesforce-auth/${name}`);

/** `error`, with the options that a rule has in `strict` and `all` only. */
const severityIn = (preset: string, rule: string) => {
  const { strictOptions } = plugin.rules[rule.replace('salesforce-auth/', '') as keyof typeof plugin.rules].meta!.docs as { strictOptions?: object };
  return strictOptions && preset !== 'recommended' ? ['error', strictOptions] : 'error';
};

describe('the plugin', () => {
  it('has the name and version of the package', () => {
    expect(plugin.meta).toEqual({ name: packageJson.name, version: packageJson.version, namespace: 'salesforce-auth' });
  });

  it('exports every rule there is', () => {
    expect(ruleNames.length).toBeGreaterThan(2);
    expect(Object.keys(plugin.rules).sort()).toEqual([...ruleNames].sort());
  });

  it.each(ruleNames)('%s has a test and a page', (name) => {
    expect(existsSync(join(root, `test/rules/${name}.test.ts`))).toBe(true);
    expect(existsSync(join(root, `docs/rules/${name}.md`))).toBe(true);
  });

  it.each(ruleNames)('%s describes itself', (name) => {
    const meta = plugin.rules[name as keyof typeof plugin.rules].meta!;
    expect(meta.docs?.url).toBe(`https://github.com/salesforce-auth/eslint-plugin-salesforce-auth/blob/main/docs/rules/${name}.md`);
    expect(meta.docs?.description).toMatch(/^(?:Disallow|Enforce|Require) /);
    const { security, category } = meta.docs as unknown as { security?: { severity: number; cwe: number }; category: string };
    // What @microsoft/eslint-formatter-sarif reads beside description and url.
    expect(category).toBe(security ? 'Security' : 'Reliability');
    if (security) expect(security.severity).toSatisfy((severity: number) => severity > 0 && severity <= 10);
    expect(meta).toMatchObject({ type: 'problem', languages: ['js/js'] });
    // A rule with options takes one object, and says what each is.
    for (const option of meta.schema as { type: string; properties: Record<string, { description: string }> }[]) {
      expect(option.type).toBe('object');
      for (const { description } of Object.values(option.properties)) expect(description).toMatch(/\.$/);
    }
    expect(meta.docs?.description).not.toMatch(/\.$/);
    for (const message of Object.values(meta.messages!)) expect(message).toMatch(/^[A-Z{`].*(?:\.|\}\})$/);
  });
});

describe('the presets', () => {
  it('are these', () => {
    expect(Object.keys(plugin.configs).sort()).toEqual(['all', 'legacy-all', 'legacy-recommended', 'legacy-strict', 'recommended', 'strict']);
  });

  it.each([
    ['recommended', ['recommended']],
    ['strict', ['recommended', 'strict']],
    ['all', ['recommended', 'strict']],
  ] as const)('%s and its eslintrc twin hold the rules that say so', (name, presets) => {
    const expected = Object.fromEntries(namesIn(presets).map((rule) => [rule, severityIn(name, rule)]));
    expect(plugin.configs[name].rules).toEqual(expected);
    expect(plugin.configs[`legacy-${name}`]).toEqual({ plugins: ['salesforce-auth'], rules: expected });
  });

  it.each(['recommended', 'strict', 'all'] as const)('%s holds this very plugin, by name, for scripts and TypeScript', (name) => {
    const config = plugin.configs[name];
    expect(config.plugins['salesforce-auth']).toBe(plugin);
    expect(config.name).toBe(`salesforce-auth/${name}`);
    expect(config.files).toEqual(['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}']);
  });
});

describe('ESLint', () => {
  const LEGACY_CODE = "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nconn.login(user, pass);\n";
  const FOUND = [{ ruleId: 'salesforce-auth/no-soap-login', line: 3, column: 1 }];
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'plugin-'));
    writeFileSync(join(directory, 'legacy.js'), LEGACY_CODE);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  interface Engine {
    lintFiles(files: string): Promise<{ messages: { ruleId: string | null; line: number; column: number; message: string }[] }[]>;
  }
  async function found(eslint: Engine): Promise<object[]> {
    const [result] = await eslint.lintFiles('legacy.js');
    return result!.messages.map(({ ruleId, line, column }) => ({ ruleId, line, column }));
  }

  const plugins = { 'salesforce-auth': plugin } as never;

  it.each(['recommended', 'strict', 'all'])('10: defineConfig extends salesforce-auth/%s by its name', async (preset) => {
    const config = defineConfig({ plugins, extends: [`salesforce-auth/${preset}`] });
    expect(await found(new ESLint({ cwd: directory, overrideConfigFile: true, overrideConfig: config }))).toEqual(FOUND);
  });

  it('10: the preset itself, beside a configuration with the same plugin', async () => {
    const config = [plugin.configs.recommended, { plugins, rules: { 'salesforce-auth/no-soap-login': 'error' } }] as never;
    expect(await found(new ESLint({ cwd: directory, overrideConfigFile: true, overrideConfig: config }))).toEqual(FOUND);
  });

  it('9: defineConfig extends a preset by its name', async () => {
    const config = defineConfig9({ plugins, extends: ['salesforce-auth/recommended'] });
    expect(await found(new ESLint9({ cwd: directory, overrideConfigFile: true, overrideConfig: config }) as Engine)).toEqual(FOUND);
  });

  it('8: eslintrc extends a legacy preset', async () => {
    const { ESLint: ESLint8 } = require('eslint-v8') as { ESLint: new (options: object) => Engine };
    const eslint = new ESLint8({
      cwd: directory,
      useEslintrc: false,
      plugins: { 'salesforce-auth': plugin },
      overrideConfig: { extends: ['plugin:salesforce-auth/legacy-recommended'], parserOptions: { ecmaVersion: 2022 } },
    });
    expect(await found(eslint)).toEqual(FOUND);
  });

  it('8: eslintrc names the plugin and a rule', async () => {
    const { ESLint: ESLint8 } = require('eslint-v8') as { ESLint: new (options: object) => Engine };
    const eslint = new ESLint8({
      cwd: directory,
      useEslintrc: false,
      plugins: { 'salesforce-auth': plugin },
      overrideConfig: { plugins: ['salesforce-auth'], rules: { 'salesforce-auth/no-soap-login': 'error' }, parserOptions: { ecmaVersion: 2022 } },
    });
    expect(await found(eslint)).toEqual(FOUND);
  });

  it('8: flat', async () => {
    const { FlatESLint } = require('eslint-v8/use-at-your-own-risk') as { FlatESLint: new (options: object) => Engine };
    const eslint = new FlatESLint({ cwd: directory, overrideConfigFile: true, overrideConfig: [plugin.configs.recommended] });
    expect(await found(eslint)).toEqual(FOUND);
  });
});
