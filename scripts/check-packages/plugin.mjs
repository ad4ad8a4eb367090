// The plugin beside the runtime in the empty project, under the Node of this machine.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, npm, project, run, write } from './harness.mjs';
import { TYPESCRIPT, compile } from './typescript.mjs';

const RULE_PAGES = 'https://github.com/salesforce-auth/eslint-plugin-salesforce-auth/blob/main/docs/rules';
const CLI = 'node_modules/eslint-plugin-salesforce-auth/dist/cli.cjs';
const LEGACY = "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nconn.login(process.env.SF_USER, process.env.SF_PASS).then(() => {});\n";

/** The formatter that docs/guides/ci.md names. It drops tags and severities: those are in the reports of our own command. */
async function checkSarif() {
  // It brings an ESLint 8 of its own, about which npm has remarks.
  npm(project, 'install', '--loglevel=error', '@microsoft/eslint-formatter-sarif@3.1.0');
  await check('rules in the SARIF of @microsoft/eslint-formatter-sarif', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['node_modules/eslint/bin/eslint.js', 'src', '--format', '@microsoft/eslint-formatter-sarif'], { cwd: project, encoding: 'utf8' });
    const { tool, results } = JSON.parse(stdout).runs[0];
    const [{ id, helpUri, shortDescription, properties }] = tool.driver.rules;
    const carried = [results[0].ruleId, id, helpUri, Boolean(shortDescription.text), properties.category];
    const expected = ['salesforce-auth/no-soap-login', 'salesforce-auth/no-soap-login', `${RULE_PAGES}/no-soap-login.md`, true, 'Reliability'];
    if (stderr || carried.join() !== expected.join()) throw Object.assign(new Error(carried.join()), { stderr });
  });
  await check("rules in the command line's SARIF", () => {
    // It ends with 1 when it finds something.
    const { stderr } = spawnSync(process.execPath, [CLI, 'check', 'src', '--report', 'check.sarif'], { cwd: project, encoding: 'utf8' });
    const { tool, results } = JSON.parse(readFileSync(join(project, 'check.sarif'), 'utf8')).runs[0];
    const { helpUri, help, properties } = tool.driver.rules.find(({ id }) => id === 'salesforce-auth/no-hardcoded-credentials');
    const carried = [results[0].ruleId, helpUri, help.markdown.includes(helpUri), properties.tags.includes('security'), properties['security-severity']];
    const expected = ['salesforce-auth/no-soap-login', `${RULE_PAGES}/no-hardcoded-credentials.md`, true, true, '9.8'];
    if (stderr || carried.join() !== expected.join()) throw Object.assign(new Error(carried.join()), { stderr });
  });
}

export async function checkPlugin(tarball) {
  npm(project, 'install', tarball, 'eslint@10', ...TYPESCRIPT);
  write('src/legacy.js', LEGACY);
  write('eslint.config.mjs', "import salesforceAuth from 'eslint-plugin-salesforce-auth';\nexport default [salesforceAuth.configs.recommended];\n");
  await check('the plugin from ESM', () => {
    // ESLint ends with 1 when it finds something, which it has to.
    const { stdout, stderr } = spawnSync(process.execPath, ['node_modules/eslint/bin/eslint.js', 'src', '--format', 'json'], { cwd: project, encoding: 'utf8' });
    const rules = JSON.parse(stdout).flatMap((file) => file.messages.map((message) => message.ruleId));
    if (rules.join() !== 'salesforce-auth/no-soap-login' || stderr) throw Object.assign(new Error(rules.join()), { stderr });
  });
  await checkSarif();
  write('plugin.cjs', `
    const plugin = require('eslint-plugin-salesforce-auth');
    const { transform, default: jscodeshift } = require('eslint-plugin-salesforce-auth/codemods/soap-login-to-oauth');
    if (plugin.configs.recommended.plugins['salesforce-auth'] !== plugin) throw new Error('two plugins');
    if (typeof jscodeshift !== 'function' || !transform({ path: 'a.js', source: ${JSON.stringify(LEGACY)} }, {}).output.includes('authorize(')) throw new Error('no transform');`);
  await check('the plugin and the codemod from CommonJS', () => void run(process.execPath, ['plugin.cjs']));
  await check('salesforce-auth migrate', () => void run(process.execPath, [CLI, 'migrate', 'src']));
  for (const resolution of ['node16', 'bundler']) {
    write('plugin.mts', `
      import plugin from 'eslint-plugin-salesforce-auth';
      export const severity: 'error' | ['error', object] | undefined = plugin.configs.recommended.rules['salesforce-auth/no-soap-login'];`);
    await check(`the plugin's types under moduleResolution ${resolution}`, () => compile(resolution, ['plugin.mts']));
  }
}
