// A TypeScript program on the runtime: compiled as `node16` says, and bundled as `bundler` expects.
import { join } from 'node:path';
import { build } from 'tsdown';
import { check, npm, project, run, work, write } from './harness.mjs';
import { typescriptProgram } from './programs.mjs';

/** What the project installs for it: the oldest types of Node that have to do. */
export const TYPESCRIPT = ['typescript@6.0.3', '@types/node@20'];

const OPTIONS = ['--ignoreConfig', '--strict', '--target', 'es2022', '--skipLibCheck', 'false', '--types', 'node', '--rootDir', '.', '--outDir', 'out'];
const MODULES = { node16: 'node16', bundler: 'esnext' };

export function compile(resolution, files) {
  run(process.execPath, ['node_modules/typescript/lib/tsc.js', ...files, ...OPTIONS, '--module', MODULES[resolution], '--moduleResolution', resolution]);
}

/** @returns what to run on each Node: a name, a file and its folder */
export async function checkTypescript() {
  npm(project, 'install', ...TYPESCRIPT);
  for (const file of ['app.mts', 'app.cts', 'bundle/app.ts']) write(file, typescriptProgram());
  await check('types under moduleResolution node16, as ESM and as CommonJS', () => compile('node16', ['app.mts', 'app.cts']));
  await check('types under moduleResolution bundler, and a bundle', async () => {
    compile('bundler', ['bundle/app.ts']);
    await build({ cwd: project, entry: ['bundle/app.ts'], outDir: join(work, 'bundled'), deps: { alwaysBundle: [/./] }, format: 'esm', target: 'node20', platform: 'node', config: false, dts: false, logLevel: 'warn' });
  });
  return [
    ['TypeScript, node16, ESM', 'out/app.mjs', project],
    ['TypeScript, node16, CommonJS', 'out/app.cjs', project],
    // Where nothing is installed: whatever the bundle lacks is missed.
    ['TypeScript, bundler', 'app.mjs', join(work, 'bundled')],
  ];
}
