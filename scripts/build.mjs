// Builds both packages: CommonJS with types, and for ESM a thin module over the same CommonJS file, so that a program
// that mixes `import` and `require` holds one plugin object and one set of tokens, not two.
import { createRequire } from 'node:module';
import { chmodSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

const common = { format: 'cjs', target: 'node20', platform: 'node', clean: false, shims: true, logLevel: 'warn', fixedExtension: true, config: false, treeshake: true, checks: { pluginTimings: false } };

async function bundle(cwd, entry, options = {}) {
  await build({ ...common, cwd, entry, dts: { tsconfig: `${root}tsconfig.json` }, outDir: 'dist.next', tsconfig: `${root}tsconfig.json`, ...options });
}

/** ESM face of a CommonJS file. */
function esmFace(dist, name) {
  const loaded = require(`${dist}/${name}.cjs`);
  const file = `./${name.split('/').pop()}.cjs`;
  const names = typeof loaded === 'function' || loaded.rules ? [] : Object.keys(loaded).filter((key) => key !== 'default' && key !== '__esModule');
  const body = names.length > 0 ? `export const { ${names.join(', ')} } = module;\n` : 'export default module;\n';
  writeFileSync(`${dist}/${name}.mjs`, `import module from '${file}';\n${body}`);
  writeFileSync(`${dist}/${name}.d.mts`, names.length > 0 ? `export * from '${file}';\n` : `import module from '${file}';\nexport default module;\n`);
}

/** Puts beside a bundle of other people's code the licences of their packages, as these ask. */
function licensesOf(name) {
  return {
    name: 'licenses',
    generateBundle(_options, bundle) {
      const packages = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []));
      const texts = [...new Set(packages)].sort().map((folder) => {
        const { name: dependency, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
        const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
        return `${dependency} ${version} (${license})\n\n${file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : 'The package holds no licence text.'}\n`;
      });
      this.emitFile({ type: 'asset', fileName: `${name}.licenses.txt`, source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}

/** Puts a finished build in the place of the last one, so that whoever reads `dist` meets either, never half of one. */
function publish(cwd) {
  rmSync(`${cwd}dist.last`, { recursive: true, force: true });
  try {
    renameSync(`${cwd}dist`, `${cwd}dist.last`);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  renameSync(`${cwd}dist.next`, `${cwd}dist`);
  rmSync(`${cwd}dist.last`, { recursive: true, force: true });
}

const CODEMODS = ['soap-login-to-oauth', 'fetch-to-refresh-aware', 'add-expiry-buffer', 'secrets-to-env'];

const runtime = `${root}runtime/`;
for (const cwd of [root, runtime]) rmSync(`${cwd}dist.next`, { recursive: true, force: true });

// The plugin, the codemods and the command line share the analysis, as chunks beside them: copies would double the package.
await bundle(root, { index: 'index.ts', cli: 'codemods/cli/main.ts', ...Object.fromEntries(CODEMODS.map((name) => [`codemods/${name}`, `codemods/${name}.ts`])) }, {
  // The plugin is its module's only export, as ESLint 8 asks; jscodeshift looks for `default` beside the codemods' names.
  checks: { ...common.checks, mixedExports: false },
});
rmSync(`${root}dist.next/cli.d.cts`);
await bundle(root, { 'typescript-parser': 'analysis/typescript-parser.ts' }, {
  dts: false, minify: true, deps: { alwaysBundle: [/./], neverBundle: ['typescript', /^typescript\//] }, plugins: [licensesOf('typescript-parser')],
});
esmFace(`${root}dist.next`, 'index');
chmodSync(`${root}dist.next/cli.cjs`, 0o755);

// The runtime carries its two libraries inside: ESM-only packages cannot be required under Jest.
const INSIDE = { deps: { alwaysBundle: ['jose', 'oauth4webapi'] } };
// One by one: built together, they share the bundler's own helpers, and the first would export those as well.
await bundle(runtime, { index: 'index.ts' }, { ...INSIDE, plugins: [licensesOf('libraries')] });
await bundle(runtime, { 'testing/index': 'testing/index.ts' }, INSIDE);
for (const name of ['index', 'testing/index']) esmFace(`${runtime}dist.next`, name);
await bundle(runtime, { cli: 'cli/main.ts' }, { dts: false, ...INSIDE });

chmodSync(`${runtime}dist.next/cli.cjs`, 0o755);

for (const cwd of [root, runtime]) publish(cwd);
