// Every transform of the installed plugin under the real jscodeshift, on every Node, with its default flags and its other parsers.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { check, npm, project, run, write } from './harness.mjs';

const CODEMODS = 'node_modules/eslint-plugin-salesforce-auth/dist/codemods';
const FLAGS = [[], ['--parser=babel'], ['--parser=ts']];

/** Code with something to do for each of them. */
const LEGACY = {
  'login.js': "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nmodule.exports = conn.login(process.env.SF_USER, process.env.SF_PASS);\n",
  'request.mjs': "const base = 'https://acme.my.salesforce.com';\nexport const limits = () => fetch(`${base}/services/data/v62.0/limits`, { headers: { Authorization: `Bearer ${process.env.SF_TOKEN}` } });\n",
  'expiry.ts': "import jsforce from 'jsforce';\nlet token: { access_token: string; expires_at: number };\nexport const isFresh = (): boolean => Date.now() < token.expires_at;\n",
  'secret.js': `const jsforce = require('jsforce');\nmodule.exports = new jsforce.OAuth2({ clientId: process.env.SF_CLIENT_ID, clientSecret: '${randomBytes(32).toString('hex')}' });\n`,
};

export async function checkJscodeshift(nodes) {
  npm(project, 'install', 'jscodeshift@17');
  const names = readdirSync(join(project, CODEMODS)).filter((file) => file.endsWith('.cjs'));
  for (const name of names) {
    const { transform } = createRequire(join(project, 'x.js'))(`./${CODEMODS}/${name}`);
    const expected = Object.fromEntries(Object.entries(LEGACY).map(([path, source]) => [path, transform({ path, source }, {}).output ?? source]));
    const changed = Object.keys(LEGACY).filter((path) => expected[path] !== LEGACY[path]).length;
    for (const { version, node } of nodes) {
      for (const flags of FLAGS) {
        await check(`Node ${version}: jscodeshift -t ${[name, ...flags].join(' ')}`, () => {
          if (changed === 0) throw new Error('it changes none of the files');
          rmSync(join(project, 'legacy'), { recursive: true, force: true });
          for (const [path, text] of Object.entries(LEGACY)) write(`legacy/${path}`, text);
          // Babel grumbles on stderr about large files that it compiles for nothing.
          run(node, ['node_modules/jscodeshift/bin/jscodeshift.js', '-t', `${CODEMODS}/${name}`, '--extensions=js,mjs,ts', ...flags, 'legacy'], { mayReport: true });
          for (const [path, text] of Object.entries(expected)) {
            if (readFileSync(join(project, 'legacy', path), 'utf8') !== text) throw new Error(`${path} is not what the transform made of it`);
          }
          return `${changed} of ${Object.keys(LEGACY).length} files changed`;
        });
      }
    }
  }
}
