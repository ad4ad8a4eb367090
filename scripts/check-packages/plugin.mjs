// The plugin beside the runtime in the empty project, under the Node of this machine.
import { spawnSync } from 'node:child_process';
import { check, npm, project, run, write } from './harness.mjs';
import { TYPESCRIPT, compile } from './typescript.mjs';

const LEGACY = "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nconn.login(process.env.SF_USER, process.env.SF_PASS).then(() => {});\n";

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
  write('plugin.cjs', `
    const plugin = require('eslint-plugin-salesforce-auth');
    const { transform, default: jscodeshift } = require('eslint-plugin-salesforce-auth/codemods/soap-login-to-oauth');
    if (plugin.configs.recommended.plugins['salesforce-auth'] !== plugin) throw new Error('two plugins');
    if (typeof jscodeshift !== 'function' || !transform({ path: 'a.js', source: ${JSON.stringify(LEGACY)} }, {}).output.includes('authorize(')) throw new Error('no transform');`);
  await check('the plugin and the codemod from CommonJS', () => void run(process.execPath, ['plugin.cjs']));
  await check('salesforce-auth migrate', () => void run(process.execPath, ['node_modules/eslint-plugin-salesforce-auth/dist/cli.cjs', 'migrate', 'src']));
  for (const resolution of ['node16', 'bundler']) {
    write('plugin.mts', `
      import plugin from 'eslint-plugin-salesforce-auth';
      export const severity: 'error' | ['error', object] | undefined = plugin.configs.recommended.rules['salesforce-auth/no-soap-login'];`);
    await check(`the plugin's types under moduleResolution ${resolution}`, () => compile(resolution, ['plugin.mts']));
  }
}
