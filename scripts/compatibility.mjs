// Lints the same fixtures with the packed plugin in every host that users have (scripts/compatibility/), in throwaway projects
// of exact versions, on every Node line, and compares rule, line and column with one list. Nodes and packages come from npm.
// node scripts/compatibility.mjs           all of it; writes the table in docs/guides/compatibility.md where all is well
// node scripts/compatibility.mjs --quick   each host on one Node, and the rest with one host; so it is in CI, without --all
// `npm run docs:check` finds a table that is not of these cells.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish, npm, pack, root } from './check-packages/harness.mjs';
import { installNodes } from './check-packages/nodes.mjs';
import { FAMILIES, HABITS, HOSTS, NODES, PROJECTS } from './compatibility/cells.mjs';
import { RUNS } from './compatibility/habits.mjs';
import { differences, eslint, folderOf, oxlint, prepare } from './compatibility/lint.mjs';
import { writePage } from './compatibility/page.mjs';

const isQuick = process.argv.includes('--quick') || Boolean(process.env.CI && !process.argv.includes('--all'));
const stranger = process.argv.slice(2).find((flag) => !['--quick', '--all'].includes(flag));
if (stranger) throw new Error(`${stranger} is no option of this script: it takes --quick or --all`);

/** What a user installs, of which npm must remark nothing; then the parsers, which have remarks on their own dependencies. */
async function install(tarball, [name, packages]) {
  const cwd = folderOf({ project: name });
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), '{ "private": true }');
  const { eslint: version, typescript, ...others } = packages;
  const first = [`eslint@${version}`, ...(typescript ? [`typescript@${typescript}`] : []), tarball];
  await check(`${name}: npm installs the plugin beside ${first.slice(0, -1).join(' and ')} without a remark`, () => {
    // ESLint 8 is deprecated, and npm says so.
    npm(cwd, 'install', ...(name === 'eslint8' ? ['--loglevel=error'] : []), '--save-exact', ...first);
  });
  npm(cwd, 'install', '--loglevel=error', '--save-exact', ...Object.entries(others).map(([dependency, exact]) => `${dependency}@${exact}`));
}

async function lint(host, { version, node }) {
  const families = prepare(host, version);
  const title = (what) => `${host.title}, Node ${version}: ${what}`;
  let found;
  await check(title('runs'), () => void (found = (host.style === 'oxlint' ? oxlint : eslint)(host, node)));
  if (!found) return;
  for (const family of families) {
    await check(title(FAMILIES[family].title), () => {
      const differs = differences(family, found);
      if (differs) throw new Error(differs);
    });
  }
  for (const [name, habit] of Object.entries(HABITS)) {
    const projects = isQuick ? habit.projects.slice(-1) : habit.projects;
    if (projects.includes(host.project)) await check(title(habit.title), () => RUNS[name](host, node, families));
  }
}

let failed = true;
try {
  const tarball = pack(root);
  const nodes = installNodes(NODES);
  for (const project of Object.entries(PROJECTS)) await install(tarball, project);
  for (const host of HOSTS) for (const node of nodes) if (!isQuick || node.version === host.quick) await lint(host, node);
  failed = false;
} finally {
  const counts = finish(isQuick ? 'compatibility, each host on one Node' : 'compatibility');
  if (!failed && !isQuick && counts.failed === 0) console.log(`${writePage()} written`);
}
