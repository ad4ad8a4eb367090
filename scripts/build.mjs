// Builds both packages: CommonJS with types, and for ESM a thin module over the same CommonJS file, so that a program
// that mixes `import` and `require` holds one plugin object and one set of tokens, not two.
import { createRequire } from 'node:module';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

const common = { format: 'cjs', target: 'node20', platform: 'node', clean: false, shims: true, logLevel: 'warn', fixedExtension: true, config: false, treeshake: true };

async function bundle(cwd, entry, options = {}) {
  await build({ ...common, cwd, entry, dts: { tsconfig: `${root}tsconfig.json` }, outDir: 'dist', tsconfig: `${root}tsconfig.json`, ...options });
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

rmSync(`${root}dist`, { recursive: true, force: true });
rmSync(`${root}runtime/dist`, { recursive: true, force: true });

await bundle(root, { index: 'index.ts' });
await bundle(root, { 'codemods/soap-login-to-oauth': 'codemods/soap-login-to-oauth.ts' });
// The command line loads the built codemods, the very files that jscodeshift runs.
await bundle(root, { cli: 'codemods/cli/main.ts' }, {
  dts: false,
  external: [/^\.\.\/soap-login-to-oauth$/],
  outputOptions: { paths: (id) => (/soap-login-to-oauth$/.test(id) ? './codemods/soap-login-to-oauth.cjs' : id) },
});
esmFace(`${root}dist`, 'index');
chmodSync(`${root}dist/cli.cjs`, 0o755);

// The runtime carries its two libraries inside: ESM-only packages cannot be required under Jest.
const runtime = `${root}runtime/`;
await bundle(runtime, { index: 'index.ts', 'testing/index': 'testing/index.ts' }, { noExternal: ['jose', 'oauth4webapi'] });
for (const name of ['index', 'testing/index']) esmFace(`${runtime}dist`, name);

for (const file of [`${root}dist/index.cjs`, `${root}dist/cli.cjs`, `${runtime}dist/index.cjs`]) {
  if (!existsSync(file)) throw new Error(`build: ${file} is missing`);
}
