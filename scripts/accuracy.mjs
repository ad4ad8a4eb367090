// Accuracy on labelled code: npm run accuracy -- --mirror DIR [--labels FILES] [--config recommended|strict|all]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const shared = fileURLToPath(new URL('../../shared/corpus/', import.meta.url));
const args = process.argv.slice(2);
if (!args.includes('--mirror')) {
  console.error('accuracy: --mirror DIR is needed: a folder with one bare git directory per labelled repository');
  process.exit(2);
}
if (!args.includes('--labels')) args.push('--labels', ['jsforce', 'http'].map((name) => `${shared}${name}.open.tsv`).join(','));
const { status } = spawnSync(process.execPath, [`${shared}accuracy.mjs`, '--plugin', fileURLToPath(new URL('..', import.meta.url)), ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
