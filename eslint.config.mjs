import { existsSync } from 'node:fs';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import tseslint from 'typescript-eslint';

if (!existsSync(new URL('dist/index.cjs', import.meta.url))) {
  throw new Error('eslint.config.mjs lints with our own plugin: run `npm run build` first');
}
const { default: salesforceAuth } = await import('./dist/index.mjs');

/** Imports point one way. `from` may not import what matches `not`. */
function arrow(from, not, why) {
  return {
    name: `arrows/${from}`,
    files: [`${from}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: not.map((group) => ({ group: [group], message: why })) }] },
  };
}

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/fixtures/**', 'examples/**', '.tmp/**', 'coverage/**'] },
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'smart'],
    },
  },
  { ...eslintPlugin.configs.all, files: ['rules/*.ts'], ignores: ['rules/index.ts'] },
  // Our own runtime and tools must pass what we ask of others.
  { ...salesforceAuth.configs.all, files: ['index.ts', 'analysis/**/*.ts', 'rules/**/*.ts', 'edits/**/*.ts', 'codemods/**/*.ts', 'runtime/*.ts', 'runtime/adapters/**/*.ts', 'runtime/cli/**/*.ts', 'runtime/stores/**/*.ts', 'scripts/**/*.mjs'], languageOptions: { parser: tseslint.parser } },
  arrow('analysis', ['**/rules/**', '**/edits/**', '**/codemods/**', '**/runtime/*.ts', 'eslint'], 'analysis reads code and knows nothing of its readers.'),
  arrow('edits', ['**/rules/**', '**/codemods/**', '**/runtime/**'], 'edits import analysis only.'),
  arrow('rules', ['**/codemods/**', '**/runtime/**'], 'rules import analysis and edits only.'),
  arrow('codemods', ['**/rules/**', '**/runtime/**'], 'codemods import analysis and edits only.'),
  arrow('runtime', ['**/analysis/**', '**/rules/**', '**/edits/**', '**/codemods/**'], 'the runtime shares nothing with the tools.'),
);
