// What a page says to run, run: its `sh run` blocks are one session in a fresh copy of examples/billing-sync, which is a git
// repository there. A command must end with 0, or with the N of a comment `# ends with N` behind it. No network: npx finds what
// is linked here.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('../..', import.meta.url));
const LINKS = { 'eslint-plugin-salesforce-auth': '.', 'salesforce-auth-client': 'runtime', eslint: 'node_modules/eslint', jscodeshift: 'node_modules/jscodeshift', jsforce: 'node_modules/jsforce-1', request: 'node_modules/request' };
const PROGRAMS = { eslint: 'node_modules/eslint/bin/eslint.js', jscodeshift: 'node_modules/jscodeshift/bin/jscodeshift.js', 'salesforce-auth': 'dist/cli.cjs' };
const CONFIG = "import salesforceAuth from 'eslint-plugin-salesforce-auth';\n\nexport default [salesforceAuth.configs.recommended];\n";

export class Session {
  #folder = realpathSync(mkdtempSync(join(tmpdir(), 'docs-session-')));
  #project = join(this.#folder, 'billing-sync');
  #env = {
    PATH: `${join(this.#folder, 'bin')}:${process.env.PATH}`, HOME: this.#folder, NO_COLOR: '1', npm_config_offline: 'true', npm_config_update_notifier: 'false',
    GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'docs', GIT_AUTHOR_EMAIL: 'docs@example.invalid', GIT_COMMITTER_NAME: 'docs', GIT_COMMITTER_EMAIL: 'docs@example.invalid',
  };

  constructor() {
    cpSync(join(home, 'examples/billing-sync'), this.#project, { recursive: true, filter: (path) => !path.includes('node_modules', home.length) });
    mkdirSync(join(this.#project, 'node_modules/.bin'), { recursive: true });
    for (const [name, target] of Object.entries(LINKS)) symlinkSync(join(home, target), join(this.#project, 'node_modules', name));
    for (const [name, target] of Object.entries(PROGRAMS)) {
      writeFileSync(join(this.#project, 'node_modules/.bin', name), `#!/bin/sh\nexec "${process.execPath}" "${join(home, target)}" "$@"\n`, { mode: 0o755 });
    }
    writeFileSync(join(this.#project, 'eslint.config.mjs'), CONFIG);
    writeFileSync(join(this.#project, '.gitignore'), 'node_modules\n');
    for (const command of ['git init -q -b main', 'git add .', 'git commit -qm start']) this.run(command);
  }

  /** @returns a sentence when the command does not end as it should: with one of `codes` */
  run(command, codes = [0]) {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: this.#project, env: this.#env, encoding: 'utf8', input: '', timeout: 60_000 });
    if (codes.includes(status)) return undefined;
    return `ends with ${status}, not with ${codes.join(' or ')}: ${command.trim()}\n${stdout}${stderr}`.trimEnd();
  }

  /** Runs a statement of a block. */
  runAsSaid(text) {
    return this.run(text, [Number(/# ends with (\d+)/.exec(text)?.[1] ?? 0)]);
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
