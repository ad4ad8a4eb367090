import type { TSESLint } from '@typescript-eslint/utils';
import { name, version } from './package.json' with { type: 'json' };
import type { Preset, RuleModule } from './rules/shared/create-rule';
import { rules } from './rules';

const NAMESPACE = 'salesforce-auth';
const FILES = ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'];

type RuleName = keyof typeof rules;
type Severities = Record<`${typeof NAMESPACE}/${RuleName}`, 'error' | ['error', object]>;

/** A preset for `eslint.config.js`. */
interface FlatPreset {
  name: string;
  files: string[];
  plugins: Record<string, typeof plugin>;
  rules: Partial<Severities>;
}

/** A preset for `.eslintrc` (ESLint 8). */
interface LegacyPreset {
  plugins: string[];
  rules: Partial<Severities>;
}

const plugin = {
  meta: { name, version, namespace: NAMESPACE },
  rules: rules as unknown as Record<RuleName, TSESLint.AnyRuleModule>,
  configs: {} as Record<'recommended' | 'strict' | 'all', FlatPreset> & Record<`legacy-${'recommended' | 'strict' | 'all'}`, LegacyPreset>,
};

function severities(presets: readonly Preset[] | 'all'): Partial<Severities> {
  const isStrict = presets === 'all' || presets.includes('strict');
  return Object.fromEntries(
    Object.entries(rules as Record<string, RuleModule<string>>)
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
