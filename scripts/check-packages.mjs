// Packs both packages as they would be published, checks their shape, installs them in an empty project and uses them:
// the runtime from CommonJS, ESM, TypeScript and Jest, on every Node of scripts/check-packages/nodes.mjs. The Nodes come
// from npm's registry. Nothing may land on stderr.
import { lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bin, check, finish, npm, pack, project, root, run, tool, work, write } from './check-packages/harness.mjs';
import { checkJscodeshift } from './check-packages/jscodeshift.mjs';
import { installNodes } from './check-packages/nodes.mjs';
import { checkPlugin } from './check-packages/plugin.mjs';
import { programs, writePrograms } from './check-packages/programs.mjs';
import { checkTypescript } from './check-packages/typescript.mjs';

const MOST_PACKAGES = 8;
const MOST_BYTES = 3_000_000;

async function checkShape(tarball) {
  const name = tarball.slice(work.length + 1);
  await check(`publint ${name}`, () => void run(bin('publint'), [tarball, '--strict'], { mayReport: true }));
  // Node 10's resolution knows no `exports`; our engines start at Node 20.
  await check(`are the types wrong? ${name}`, () => void run(bin('attw'), [tarball, '--profile', 'node16'], { mayReport: true }));
  await check(`size of ${name}`, () => {
    const { size } = statSync(tarball);
    if (size > 380_000) throw new Error(`${size} bytes packed, more than 380,000`);
    return `${size} bytes`;
  });
  await check(`${name} holds the licences of the libraries inside`, () => {
    const { stdout } = run('tar', ['-tzf', tarball]);
    if (!/dist\/[\w-]+\.licenses\.txt$/m.test(stdout)) throw new Error('no dist/*.licenses.txt in it');
  });
}

/** Installed alone, as a user would. */
async function installRuntime(tarball) {
  await check('npm installs the runtime without a remark', () => void npm(project, 'install', tarball));
  await check(`the runtime needs ${MOST_PACKAGES} packages at most`, () => {
    const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
    const installed = Object.keys(packages).filter(Boolean).map((path) => path.replace(/^.*node_modules\//, ''));
    if (installed.length > MOST_PACKAGES) throw new Error(`${installed.length}: ${installed.join(', ')}`);
    return `${installed.length} (${installed.join(', ')})`;
  });
  await check(`the runtime needs ${MOST_BYTES / 1_000_000} MB at most`, () => {
    const files = readdirSync(join(project, 'node_modules'), { recursive: true }).map((file) => lstatSync(join(project, 'node_modules', file)));
    const bytes = files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
    if (bytes > MOST_BYTES) throw new Error(`${bytes} bytes`);
    return `${bytes} bytes in ${files.length} files`;
  });
}

async function checkJest(version, node) {
  await check(`Node ${version}: Jest`, () => {
    // Jest reports on stderr: only its own lines may stand there.
    const { stderr } = run(node, [tool('jest/bin/jest.js'), '--config', 'jest.config.json'], { mayReport: true });
    if (/warning/i.test(stderr)) throw Object.assign(new Error('a warning'), { stderr });
  });
}

try {
  const [plugin, runtime] = [pack(root), pack(join(root, 'runtime'))];
  for (const tarball of [plugin, runtime]) await checkShape(tarball);
  write('package.json', JSON.stringify({ name: 'consumer', private: true }));
  await installRuntime(runtime);
  writePrograms();
  const nodes = installNodes();
  for (const { version, node } of nodes) {
    for (const [file, shows] of programs) await check(`Node ${version}: ${shows}`, () => void run(node, [file]));
    await checkJest(version, node);
  }
  const compiled = await checkTypescript();
  for (const { version, node } of nodes) {
    for (const [shows, file, cwd] of compiled) await check(`Node ${version}: ${shows}`, () => void run(node, [file], { cwd }));
  }
  await checkPlugin(plugin);
  await checkJscodeshift(nodes);
} finally {
  finish();
}
