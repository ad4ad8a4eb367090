/** The parsers that users of the plugin have, as ESLint configurations. */
import { createRequire } from 'node:module';
import { Linter as Linter9, RuleTester as RuleTester9 } from 'eslint-v9';
import { Linter, RuleTester } from 'eslint';
import type { Case } from './cases';

const require = createRequire(import.meta.url);

export interface Host {
  name: string;
  filename: string;
  languageOptions: Linter.LanguageOptions;
  Linter: typeof Linter;
  RuleTester: typeof RuleTester;
}

function espree(code: string): Host {
  const sourceType = /^\s*(?:import|export)\b/m.test(code) ? 'module' : 'commonjs';
  return { name: 'espree', filename: 'case.js', languageOptions: { sourceType, parserOptions: { ecmaFeatures: { jsx: true } } }, Linter, RuleTester };
}

const typescript: Host = {
  name: 'typescript-eslint',
  filename: 'case.ts',
  languageOptions: { parser: require('@typescript-eslint/parser') as Linter.Parser },
  Linter,
  RuleTester,
};

const tsx: Host = {
  ...typescript,
  name: 'typescript-eslint, TSX',
  filename: 'case.tsx',
  languageOptions: { ...typescript.languageOptions, parserOptions: { ecmaFeatures: { jsx: true } } },
};

/** Babel's parser has no `addGlobals` yet, which ESLint 10 demands: Flow needs ESLint 9. */
const babel: Host = {
  name: '@babel/eslint-parser on ESLint 9',
  filename: 'case.js',
  languageOptions: {
    parser: require('@babel/eslint-parser') as Linter.Parser,
    parserOptions: { requireConfigFile: false, babelOptions: { babelrc: false, configFile: false, parserOpts: { plugins: ['flow', 'jsx'] } } },
  },
  Linter: Linter9 as unknown as typeof Linter,
  RuleTester: RuleTester9 as unknown as typeof RuleTester,
};

/** Every host that a case must give the same findings in. */
export function hostsFor({ lang = 'js' }: Pick<Case, 'lang'>, code: string): Host[] {
  if (lang === 'ts') return [typescript];
  if (lang === 'flow') return [babel];
  return [espree(code), lang === 'jsx' ? tsx : typescript, babel];
}
