// A folder for the packed tarballs, an empty project to install them in, and a list of what holds.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const bin = (name) => join(root, 'node_modules', '.bin', name);
/** A module of ours, for a Node of our choice to run. */
export const tool = (path) => join(root, 'node_modules', path);

export const work = mkdtempSync(join(tmpdir(), 'packages-'));
export const project = join(work, 'project');
mkdirSync(project);

const counts = { passed: 0, failed: 0 };

/** Runs a check, and prints what it returns. */
export async function check(name, run) {
  try {
    const said = await run();
    counts.passed += 1;
    console.log(`  ok    ${name}${said ? `: ${said}` : ''}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`  FAIL  ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`);
  }
}

/** Cleans up, and ends with the counts and an exit code that says the same. */
export function finish(title = 'package checks') {
  rmSync(work, { recursive: true, force: true });
  console.log(`${title}: ${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed ? 1 : 0;
  return counts;
}

/**
 * Runs a command in the project, which must succeed; `mayReport`: its report is on stderr. Else nothing may be there.
 * `mayFind`: it ends with 1 where it finds something.
 */
export function run(command, args, { cwd = project, mayReport = false, mayFind = false } = {}) {
  const { status, signal, error, stdout = '', stderr = '' } = spawnSync(command, args, { cwd, encoding: 'utf8', env: environment, maxBuffer: 64 * 1024 * 1024 });
  if (error) throw error;
  if ((status !== 0 && !(mayFind && status === 1)) || (stderr && !mayReport)) throw Object.assign(new Error(`${command} ended with ${signal ?? status}`), { stdout, stderr });
  return { stdout, stderr };
}

export function write(file, text) {
  const path = join(project, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

// The settings of whoever runs this are no part of the check, and npm hands them on to its scripts as variables. Only the
// registry stays: a machine may reach no other.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/.test(name)));
const { stdout: registry } = spawnSync('npm', ['config', 'get', 'registry'], { cwd: root, encoding: 'utf8' });
const userconfig = join(work, 'npmrc');
writeFileSync(userconfig, `registry=${registry.trim()}\naudit=false\nfund=false\nupdate-notifier=false\nprefer-offline=true\n`);

/** npm, which must have nothing to remark. */
export const npm = (cwd, ...args) => run('npm', [...args, '--userconfig', userconfig], { cwd }).stdout;

/** Packs the package of a folder as it would be published, and returns where. */
export function pack(folder) {
  return join(work, JSON.parse(npm(folder, 'pack', '--json', '--pack-destination', work))[0].filename);
}
