import type { Linter, Rule } from 'eslint';
import { name, version } from './package.json' with { type: 'json' };
import type { Preset } from './rules/shared/create-rule';
import { rules } from './rules';
import type { RuleName } from './rules/shared/rule-name';

const NAMESPACE = 'salesforce-auth';
const FILES = ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'];

type PresetName = 'recommended' | 'strict' | 'all';
type Severities = Record<`${typeof NAMESPACE}/${RuleName}`, 'error' | ['error', object]>;

/** A preset for `eslint.config.js`, by ESLint's own types: `defineConfig` takes no others. */
interface FlatPreset extends Linter.Config {
  name: string;
  files: string[];
  plugins: Record<typeof NAMESPACE, SalesforceAuthPlugin>;
  rules: Partial<Severities>;
}

/** A preset for `.eslintrc` (ESLint 8). */
interface LegacyPreset extends Linter.LegacyConfig {
  plugins: string[];
  rules: Partial<Severities>;
}

interface SalesforceAuthPlugin {
  meta: { name: string; version: string; namespace: string };
  rules: Record<RuleName, Rule.RuleModule>;
  configs: Record<PresetName, FlatPreset> & Record<`legacy-${PresetName}`, LegacyPreset>;
}

const plugin: SalesforceAuthPlugin = {
  meta: { name, version, namespace: NAMESPACE },
  rules: rules as unknown as SalesforceAuthPlugin['rules'],
  configs: {} as SalesforceAuthPlugin['configs'],
};

function severities(presets: readonly Preset[] | 'all'): Partial<Severities> {
  const isStrict = presets === 'all' || presets.includes('strict');
  return Object.fromEntries(
    Object.entries(rules)
      .map(([name, rule]) => [name, rule.meta.docs!] as const)
      .filter(([, docs]) => presets === 'all' || presets.includes(docs.preset))
      .map(([name, docs]) => [`${NAMESPACE}/${name}`, isStrict && docs.strictOptions ? ['error', docs.strictOptions] : 'error']),
  );
}

for (const [preset, wanted] of [['recommended', ['recommended']], ['strict', ['recommended', 'strict']], ['all', 'all']] as const) {
  // The presets hold this very object: ESLint refuses a second one under the same name.
  plugin.configs[preset] = { name: `${NAMESPACE}/${preset}`, files: FILES, plugins: { [NAMESPACE]: plugin }, rules: severities(wanted) };
  plugin.configs[`legacy-${preset}`] = { plugins: [NAMESPACE], rules: severities(wanted) };
}

export default plugin;
