// The configuration that a user of each host would write for the families that it reads.
import { createRequire } from 'node:module';

/** @returns {[string, string]} file name and text */
export function configOf({ project, style }, families) {
  if (style === 'oxlint') return ['.oxlintrc.json', oxlintConfig()];
  const isTypescript7 = project === 'typescript7';
  const has = (family) => families.includes(family);
  const babel = (plugins) => `{ requireConfigFile: false, babelOptions: { babelrc: false, configFile: false, ${plugins} } }`;
  const BABEL_TS = babel("parserOpts: { plugins: ['typescript'] }");
  const BABEL_TSX = babel("parserOpts: { plugins: ['typescript', 'jsx'] }");
  const BABEL_FLOW = babel("parserOpts: { plugins: ['flow', 'jsx'] }");
  const ts = isTypescript7 ? '@babel/eslint-parser' : '@typescript-eslint/parser';
  const jsx = isTypescript7 ? BABEL_TSX : '{ ecmaFeatures: { jsx: true } }';
  const typed = isTypescript7 ? BABEL_TS : '{}';
  // An eslintrc file names parsers, eslint.config.mjs holds them.
  const tsParser = style === 'eslintrc' ? `'${ts}'` : `parsers['${ts}']`;
  const tsInVue = has('vue-ts') ? `{ ...${typed}, parser: { ts: ${tsParser} } }` : '{}';
  /** Files, parser and its options, for each. */
  const sections = [
    has('ts') && ["'**/*.ts'", ts, typed],
    has('tsx') && ["'**/*.tsx'", ts, jsx],
    has('flow') && ["'**/*.flow.js'", '@babel/eslint-parser', BABEL_FLOW],
    has('vue') && ["'**/*.vue'", 'vue-eslint-parser', tsInVue],
    has('svelte') && ["'**/*.svelte'", 'svelte-eslint-parser', '{}'],
    has('astro') && ["'**/*.astro'", 'astro-eslint-parser', '{}'],
  ].filter(Boolean);
  return style === 'eslintrc' ? ['.eslintrc.cjs', eslintrc(sections)] : ['eslint.config.mjs', flat(sections, style, project)];
}

function eslintrc(sections) {
  return `module.exports = {
  root: true,
  extends: ['plugin:salesforce-auth/legacy-recommended'],
  plugins: ['markdown'],
  parserOptions: { ecmaVersion: 2022, sourceType: 'module', ecmaFeatures: { jsx: true } },
  overrides: [
    { files: ['**/*.md'], processor: 'markdown/markdown' },
${sections.map(([files, parser, options]) => `    { files: [${files}], parser: '${parser}', parserOptions: ${options} },`).join('\n')}
  ],
};
`;
}

function flat(sections, style, project) {
  const preset = style === 'defineConfig' ? "{ plugins: { 'salesforce-auth': salesforceAuth }, extends: ['salesforce-auth/recommended'] }" : 'salesforceAuth.configs.recommended';
  const entries = [
    preset,
    "{ files: ['**/*.{js,jsx}'], languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } } }",
    "{ files: ['**/*.md'], plugins: { markdown }, processor: 'markdown/markdown' }",
    ...sections.map(([files, parser, options]) => {
      // The preset names the files of JavaScript and TypeScript; for others it is repeated, under their name.
      const own = /\.(?:vue|svelte|astro)/.test(files) ? '...salesforceAuth.configs.recommended, ' : '';
      return `{ ${own}files: [${files}], languageOptions: { parser: parsers['${parser}'], parserOptions: ${options} } }`;
    }),
  ];
  const parsers = [...new Set(sections.map(([, parser]) => parser))];
  return `${style === 'defineConfig' ? "import { defineConfig } from 'eslint/config';\n" : ''}import salesforceAuth from 'eslint-plugin-salesforce-auth';
import markdown from '${project === 'eslint8' ? 'eslint-plugin-markdown' : '@eslint/markdown'}';
${parsers.map((parser, index) => `import * as parser${index} from '${parser}';`).join('\n')}

const parsers = { ${parsers.map((parser, index) => `'${parser}': parser${index}.default ?? parser${index}`).join(', ')} };
export default ${style === 'defineConfig' ? 'defineConfig(' : '['}
${entries.map((entry) => `  ${entry},`).join('\n')}
${style === 'defineConfig' ? ')' : ']'};
`;
}

/** Oxlint takes rules from a plugin and no presets: its list is made from ours. */
export function oxlintConfig() {
  const { configs } = createRequire(import.meta.url)('../../dist/index.cjs');
  return `${JSON.stringify({ jsPlugins: ['eslint-plugin-salesforce-auth'], rules: configs.recommended.rules }, undefined, 2)}\n`;
}
