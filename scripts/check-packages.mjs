// Packs both packages as they would be published, checks their shape, installs them in an empty project and uses them
// from CommonJS, ESM, TypeScript and Jest. Nothing may land on stderr.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const work = mkdtempSync(join(tmpdir(), 'packages-'));
const project = join(work, 'project');
let passed = 0;
const failures = [];

function check(name, run) {
  try {
    run();
    passed++;
    console.log(`  ok    ${name}`);
  } catch (error) {
    failures.push(name);
    console.log(`  FAIL  ${name}\n${String(error.stdout ?? '')}${String(error.stderr ?? '')}${error.message}`);
  }
}

/** Runs a command that must succeed in silence on stderr. */
function quiet(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: project, ...options });
  if (status !== 0 || (stderr && !options.allowStderr)) throw Object.assign(new Error(`exit ${status}`), { stdout, stderr });
  return stdout;
}

function write(file, text) {
  mkdirSync(join(project, file, '..'), { recursive: true });
  writeFileSync(join(project, file), text);
}

try {
  mkdirSync(project);
  const npm = (cwd, ...args) => execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  npm(root, 'pack', '--pack-destination', work);
  npm(join(root, 'runtime'), 'pack', '--pack-destination', work);
  const [plugin, runtime] = ['eslint-plugin-salesforce-auth', 'salesforce-auth-client'].map((name) => join(work, readdirSync(work).find((file) => file.startsWith(name))));

  for (const tarball of [plugin, runtime]) {
    check(`publint ${tarball.split('/').pop()}`, () => quiet(bin('publint'), [tarball, '--strict'], { allowStderr: true }));
    // Node 10's resolution knows no `exports`; our engines start at Node 20.
    check(`are the types wrong? ${tarball.split('/').pop()}`, () => quiet(bin('attw'), [tarball, '--profile', 'node16'], { allowStderr: true }));
    check(`size of ${tarball.split('/').pop()}`, () => {
      const { size } = statSync(tarball);
      if (size > 300_000) throw new Error(`${size} bytes packed, more than 300,000`);
    });
  }

  write('package.json', JSON.stringify({ name: 'consumer', private: true }));
  npm(project, 'install', '--no-audit', '--no-fund', '--prefer-offline', runtime);
  check('the runtime installs with proper-lockfile and nothing else', () => {
    const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
    // The last three are what proper-lockfile needs.
    const expected = ['graceful-fs', 'proper-lockfile', 'retry', 'salesforce-auth-client', 'signal-exit'];
    if (installed.sort().join() !== expected.join()) throw new Error(`installed: ${installed.join(', ')}`);
  });
  write('runtime.cjs', `
    const { authorize, salesforceAuthFromEnv } = require('salesforce-auth-client');
    const { startFakeOrg } = require('salesforce-auth-client/testing');
    startFakeOrg().then(async (org) => {
      const auth = salesforceAuthFromEnv({}, org.environment('jwt-bearer'));
      const answer = await auth.fetch('/services/data/v60.0/limits');
      await org.close();
      if (answer.status !== 200 || typeof authorize !== 'function') throw new Error('no answer');
    });`);
  check('the runtime from CommonJS', () => quiet(process.execPath, ['runtime.cjs']));
  write('runtime.mjs', `
    import { createRequire } from 'node:module';
    import { authorize, createSalesforceAuth } from 'salesforce-auth-client';
    import { startFakeOrg } from 'salesforce-auth-client/testing';
    if (createRequire(import.meta.url)('salesforce-auth-client').authorize !== authorize) throw new Error('two copies');
    const org = await startFakeOrg();
    const { clientId, clientSecret } = org.credentials;
    const auth = createSalesforceAuth({ flow: 'client-credentials', loginUrl: org.url, clientId, clientSecret });
    if ((await auth.fetch('/services/data/v60.0/limits')).status !== 200) throw new Error('no answer');
    await org.close();`);
  check('the runtime from ESM, the same object as from CommonJS', () => quiet(process.execPath, ['runtime.mjs']));
  write('jest/runtime.test.js', `
    const { salesforceAuthFromEnv } = require('salesforce-auth-client');
    const { startFakeOrg } = require('salesforce-auth-client/testing');
    test('logs in', async () => {
      const org = await startFakeOrg();
      const auth = salesforceAuthFromEnv({}, org.environment('client-credentials'));
      expect((await auth.fetch('/services/data/v60.0/limits')).status).toBe(200);
      await org.close();
    });`);
  write('jest.config.json', JSON.stringify({ rootDir: '.', testMatch: ['<rootDir>/jest/*.test.js'], transform: {} }));
  check('the runtime under Jest', () => {
    const { status, stderr } = spawnSync(bin('jest'), ['--config', 'jest.config.json'], { cwd: project, encoding: 'utf8' });
    // Jest reports on stderr: only its own lines may stand there.
    if (status !== 0 || /warning/i.test(stderr)) throw Object.assign(new Error(`exit ${status}`), { stderr });
  });

  npm(project, 'install', '--no-audit', '--no-fund', '--prefer-offline', plugin, 'eslint@10', 'typescript@6.0.3', '@types/node@20');
  const legacy = "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nconn.login(process.env.SF_USER, process.env.SF_PASS).then(() => {});\n";
  write('src/legacy.js', legacy);
  write('eslint.config.mjs', "import salesforceAuth from 'eslint-plugin-salesforce-auth';\nexport default [salesforceAuth.configs.recommended];\n");
  check('the plugin from ESM', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['node_modules/eslint/bin/eslint.js', 'src', '--format', 'json'], { cwd: project, encoding: 'utf8' });
    const rules = JSON.parse(stdout).flatMap((file) => file.messages.map((message) => message.ruleId));
    if (rules.join() !== 'salesforce-auth/no-soap-login' || stderr) throw Object.assign(new Error(rules.join()), { stderr });
  });
  write('plugin.cjs', `
    const plugin = require('eslint-plugin-salesforce-auth');
    const { transform, default: jscodeshift } = require('eslint-plugin-salesforce-auth/codemods/soap-login-to-oauth');
    if (plugin.configs.recommended.plugins['salesforce-auth'] !== plugin) throw new Error('two plugins');
    if (typeof jscodeshift !== 'function' || !transform({ path: 'a.js', source: ${JSON.stringify(legacy)} }, {}).output.includes('authorize(')) throw new Error('no transform');`);
  check('the plugin and the codemod from CommonJS', () => quiet(process.execPath, ['plugin.cjs']));
  check('salesforce-auth migrate', () => {
    quiet(process.execPath, ['node_modules/eslint-plugin-salesforce-auth/dist/cli.cjs', 'migrate', 'src']);
  });
  for (const [module, resolution] of [['node16', 'node16'], ['esnext', 'bundler']]) {
    write('types.ts', `
      import plugin from 'eslint-plugin-salesforce-auth';
      import { authorize, salesforceAuthFromEnv, type SalesforceAuth } from 'salesforce-auth-client';
      import { startFakeOrg } from 'salesforce-auth-client/testing';
      export const severity: 'error' | ['error', object] | undefined = plugin.configs.recommended.rules['salesforce-auth/no-soap-login'];
      export const auth: SalesforceAuth = salesforceAuthFromEnv();
      export const org = startFakeOrg();
      export { authorize };`);
    check(`types under moduleResolution ${resolution}`, () =>
      quiet(process.execPath, ['node_modules/typescript/lib/tsc.js', 'types.ts', '--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--skipLibCheck', 'false', '--types', 'node', '--module', module, '--moduleResolution', resolution]));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`package checks: ${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
