// Checks the documentation: code parses, commands are known and those of `sh run` blocks run, workflows work, examples of rules do
// what their headings say, links inside the repository lead somewhere (check-links.mjs looks at the others), the classifier's page
// is its table, the page on compatibility has the cells that are run, every public name of the runtime is explained.
// node scripts/check-docs.mjs [FOLDER]   exits 1 with a list of problems, 2 where the plugin is not built
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import tsParser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { parse as parseYaml } from 'yaml';
import { pagesOf, readPage } from './check-docs/page.mjs';
import { Session } from './check-docs/session.mjs';
import { shellProblems, statements } from './check-docs/shell.mjs';
import { workflowProblems, workflowsIn } from './check-docs/workflow.mjs';
import { CLASSIFIER_PAGE, classifierPage } from './classifier-table.mjs';
import { COMPATIBILITY_PAGE, compatibilityPage } from './compatibility/page.mjs';
import { undocumentedNames } from './public-names.mjs';

const home = fileURLToPath(new URL('..', import.meta.url));
const root = resolve(process.argv[2] ?? home);
const built = join(home, 'dist/index.cjs');

const HEADINGS = ['What breaks, and when', 'Incorrect', 'Correct', 'What it does not catch', 'When not to use it', 'Related'];
/** Headings of a rule page under which every example must be reported (true) or must not (false). */
const EXAMPLES = new Map([['Incorrect', true], ['Correct', false], ['What it does not catch', false]]);
const SCRIPTS = new Map([['js', 'example.js'], ['jsx', 'example.jsx'], ['mjs', 'example.mjs'], ['cjs', 'example.cjs'], ['javascript', 'example.js'], ['ts', 'example.ts'], ['tsx', 'example.tsx'], ['typescript', 'example.ts']]);

if (!existsSync(built)) {
  console.error('docs: dist/index.cjs is missing: run `npm run build` first');
  process.exit(2);
}
const plugin = createRequire(import.meta.url)(built);
const linter = new Linter();
const problems = [];
const counts = { pages: 0, blocks: 0, examples: 0, commands: 0, links: 0 };
const workflows = workflowsIn(root);

function complain({ file }, line, what) {
  problems.push(`${relative(root, file)}:${line}  ${what}`);
}

function lint(block, rule) {
  const filename = SCRIPTS.get(block.lang);
  const parser = /\.tsx?$/.test(filename) ? { parser: tsParser } : {};
  return linter.verify(
    block.text,
    {
      files: ['**'],
      languageOptions: { ...parser, sourceType: filename.endsWith('.cjs') ? 'commonjs' : 'module', parserOptions: { ecmaFeatures: { jsx: true } } },
      ...(rule && { plugins: { 'salesforce-auth': plugin }, rules: { [`salesforce-auth/${rule}`]: 'error' } }),
    },
    { filename },
  );
}

function checkBlocks(page, rule) {
  for (const block of page.blocks) {
    if (block.lang === 'json') {
      counts.blocks += 1;
      try {
        JSON.parse(block.text);
      } catch {
        complain(page, block.line, 'the JSON does not parse');
      }
    }
    if (['yaml', 'yml'].includes(block.lang)) checkYaml(page, block);
    if (['sh', 'bash'].includes(block.lang)) checkShell(page, block);
    if (!SCRIPTS.has(block.lang)) continue;
    counts.blocks += 1;
    const wanted = rule ? EXAMPLES.get(block.heading) : undefined;
    const messages = lint(block, wanted === undefined ? undefined : rule);
    const fatal = messages.find((message) => message.fatal);
    if (fatal) complain(page, block.line + fatal.line, `the code does not parse: ${fatal.message}`);
    else if (wanted !== undefined) {
      counts.examples += 1;
      const found = messages.some(({ ruleId }) => ruleId === `salesforce-auth/${rule}`);
      if (found !== wanted) complain(page, block.line, `${rule} ${found ? 'reports this example' : 'does not report this example'}, which stands under "${block.heading}"`);
    }
  }
}

function checkYaml(page, block) {
  counts.blocks += 1;
  try {
    const isWorkflow = Object.hasOwn(parseYaml(block.text) ?? {}, 'jobs');
    if (isWorkflow && !workflows.some(({ text }) => text === block.text)) complain(page, block.line, 'the workflow is none of examples/workflows');
  } catch (error) {
    complain(page, block.line, `the YAML does not parse: ${error.message}`);
  }
}

function checkShell(page, block) {
  counts.blocks += 1;
  for (const { line, what } of shellProblems(block.text, page.file)) complain(page, block.line + line, what);
}

/** Blocks `sh run`, one after the other. */
function runBlocks(page) {
  const blocks = page.blocks.filter(({ lang, remarks }) => lang === 'sh' && remarks === 'run');
  if (blocks.length === 0) return;
  const session = new Session();
  for (const block of blocks) {
    for (const { line, text } of statements(block.text)) {
      counts.commands += 1;
      const problem = session.runAsSaid(text);
      if (problem) complain(page, block.line + line, problem);
    }
  }
  session.close();
}

function checkLinks(page, pages) {
  for (const { line, target } of page.links) {
    if (/^[a-z][a-z+.-]*:/i.test(target)) continue;
    counts.links += 1;
    const [path, anchor] = target.split('#');
    const file = path === '' ? page.file : resolve(dirname(page.file), decodeURIComponent(path));
    if (!existsSync(file)) complain(page, line, `the link to ${target} leads nowhere`);
    else if (anchor && file.endsWith('.md')) {
      const anchors = (pages.get(file) ?? readPage(file)).anchors;
      if (!anchors.has(anchor)) complain(page, line, `there is no heading #${anchor} in ${path || 'this page'}`);
    }
  }
}

function checkRulePage(page, rule) {
  if (page.title !== rule) complain(page, 1, `the title is not ${rule}`);
  const missing = HEADINGS.filter((heading) => !page.headings.includes(heading));
  if (missing.length > 0) complain(page, 1, `headings are missing: ${missing.join(', ')}`);
  for (const heading of ['Incorrect', 'Correct']) {
    if (!page.blocks.some((block) => block.heading === heading && SCRIPTS.has(block.lang))) complain(page, 1, `there is no example under "${heading}"`);
  }
}

const pages = new Map();
const docs = join(root, 'docs');
for (const file of pagesOf(root)) pages.set(file, readPage(file));

for (const rule of Object.keys(plugin.rules)) {
  if (!pages.has(join(docs, 'rules', `${rule}.md`))) problems.push(`docs/rules/${rule}.md  the rule has no page`);
}
for (const page of pages.values()) {
  const isRulePage = dirname(page.file) === join(docs, 'rules') && basename(page.file) !== 'README.md';
  const rule = isRulePage ? basename(page.file, '.md') : undefined;
  counts.pages += 1;
  if (page.unclosed) complain(page, page.unclosed, 'a code block is not closed');
  if (rule && !Object.hasOwn(plugin.rules, rule)) {
    complain(page, 1, `there is no rule ${rule}`);
    continue;
  }
  if (rule) checkRulePage(page, rule);
  checkBlocks(page, rule);
  runBlocks(page);
  checkLinks(page, pages);
}
for (const workflow of workflows) problems.push(...workflowProblems(workflow, root));

const { verdicts } = createRequire(import.meta.url)(join(home, 'runtime/dist/index.cjs'));
if (existsSync(join(root, CLASSIFIER_PAGE)) && readFileSync(join(root, CLASSIFIER_PAGE), 'utf8') !== classifierPage(verdicts)) {
  problems.push(`${CLASSIFIER_PAGE}  is not what the classifier says: run \`node scripts/classifier-table.mjs\``);
}
if (existsSync(join(root, COMPATIBILITY_PAGE))) {
  const text = readFileSync(join(root, COMPATIBILITY_PAGE), 'utf8');
  if (text !== compatibilityPage(text)) problems.push(`${COMPATIBILITY_PAGE}  is not what scripts/compatibility has: run \`npm run compatibility\``);
}
problems.push(...undocumentedNames(root));

for (const problem of problems) console.error(problem);
console.log(`docs: ${counts.pages} pages, ${counts.blocks} code blocks, ${counts.examples} rule examples, ${counts.commands} commands run, ${counts.links} links, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
