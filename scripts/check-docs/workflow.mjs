// Workflows of GitHub Actions that the pages show: they are the files of examples/workflows, word for word; those parse, pin the
// actions they use, and their commands are known and run.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Session } from './session.mjs';
import { shellProblems, statements } from './shell.mjs';

const FOLDER = 'examples/workflows';
/** What a runner has to do, and a check without a network cannot. */
const IS_OF_THE_RUNNER = /^(?:npm|gh) /;

export function workflowsIn(root) {
  const folder = join(root, FOLDER);
  return existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)).map((name) => ({ name: `${FOLDER}/${name}`, text: readFileSync(join(folder, name), 'utf8') })) : [];
}

/** @returns {string[]} */
export function workflowProblems({ name, text }, root) {
  let jobs;
  try {
    ({ jobs } = parse(text));
  } catch (error) {
    return [`${name}  the YAML does not parse: ${error.message}`];
  }
  const steps = Object.values(jobs ?? {}).flatMap((job) => job.steps ?? []);
  if (steps.length === 0) return [`${name}  there is no job with steps`];
  const problems = steps.flatMap(({ uses }) => (uses && !/@[0-9a-f]{40}$/.test(uses) ? [`${name}  ${uses} is not pinned to a commit`] : []));
  const runs = steps.flatMap(({ run }) => (run ? [run] : []));
  for (const run of runs) problems.push(...shellProblems(run, join(root, name)).map(({ what }) => `${name}  ${what}`));
  return problems.length > 0 ? problems : runProblems(name, runs);
}

/** What it finds is its answer (0 or 1); any other code says that it did not work. */
function runProblems(name, runs) {
  const session = new Session();
  try {
    return runs.flatMap((run) => statements(run)).filter(({ text }) => !IS_OF_THE_RUNNER.test(text.trim())).map(({ text }) => session.run(text, [0, 1])).filter(Boolean).map((what) => `${name}  ${what}`);
  } finally {
    session.close();
  }
}
