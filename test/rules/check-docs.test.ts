import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const FENCE = '```';

/** The script reads the built plugin, which `npm test` makes first. */
describe.skipIf(!existsSync(join(root, 'dist/index.cjs')))('check-docs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'docs-'));
    cpSync(join(root, 'docs/rules'), join(folder, 'docs/rules'), { recursive: true });
    // What the rule pages link to needs to exist, no more.
    mkdirSync(join(folder, 'docs/codemods'));
    for (const page of readdirSync(join(root, 'docs/codemods'))) writeFileSync(join(folder, 'docs/codemods', page), '# Codemod\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function check(pages: Record<string, string> = {}) {
    for (const [path, text] of Object.entries(pages)) writeFileSync(join(folder, path), text);
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/check-docs.mjs'), folder], { encoding: 'utf8' });
    return { status, summary: stdout.trim(), problems: stderr.trim().split('\n').filter(Boolean) };
  }

  const rulePage = (incorrect: string, correct: string) =>
    ['# no-soap-login', '## What breaks, and when', '## Incorrect', `${FENCE}js`, incorrect, FENCE, '## Correct', `${FENCE}js`, correct, FENCE, '## What it does not catch', '## When not to use it', '## Related', ''].join('\n');
  const SOAP = "new (require('jsforce').Connection)().login(user, pass);";

  it('passes the rule pages as they are', () => {
    const { status, summary, problems } = check();
    expect(problems).toEqual([]);
    expect(status).toBe(0);
    expect(summary).toMatch(/^docs: \d+ pages, \d\d code blocks, \d\d rule examples, 0 commands run, \d+ links, 0 problems$/);
  });

  it('finds code, JSON, YAML and commands that do not parse, and leaves other languages alone', () => {
    const text = ['# A', `${FENCE}js`, 'const a = ;', FENCE, `${FENCE}ts`, 'let a: = 1;', FENCE, `${FENCE}json`, '{ a: 1 }', FENCE, `${FENCE}text`, 'if ((', FENCE, `${FENCE}ts`, 'let a: number;', FENCE, `${FENCE}sh`, 'if ((', FENCE, `${FENCE}yaml`, 'a: [', FENCE, ''].join('\n');
    const { status, problems } = check({ 'docs/a.md': text });
    expect(status).toBe(1);
    expect(problems.map((problem) => problem.split('  ')[0]).filter((place) => place!.startsWith('docs/'))).toEqual(['docs/a.md:3', 'docs/a.md:6', 'docs/a.md:8', 'docs/a.md:18', 'docs/a.md:20']);
  });

  it('finds commands and options that there are not', () => {
    const commands = [
      'npx salesforce-auth migrate --dry --report x.html   # --no-such-option in a comment',
      'npx salesforce-auth migrate --dri',
      'npx salesforce-auth chekc',
      'npx eslint . --max-warnings 0 && npx eslint . --no-such-option',
      'npx no-such-tool',
      'npm ci && npm run no-such-script',
      'for file in *.js; do no-such-program "$file"; done',
      'npx jscodeshift -t node_modules/eslint-plugin-salesforce-auth/dist/codemods/no-such.cjs src',
      "jq '.a | .b' x.json > y.json",
    ];
    writeFileSync(join(folder, 'package.json'), '{ "scripts": {} }');
    const { problems } = check({ 'docs/a.md': [`${FENCE}sh`, ...commands, FENCE, ''].join('\n') });
    expect(problems.map((problem) => problem.split('docs/a.md:')[1])).toEqual([
      '3  salesforce-auth has no option --dri',
      '4  salesforce-auth has no command chekc',
      '5  eslint has no option --no-such-option',
      '6  npx no-such-tool: no tool that check-docs knows',
      '7  package.json has no script no-such-script',
      '8  no-such-program is no command that check-docs knows',
      '9  there is no node_modules/eslint-plugin-salesforce-auth/dist/codemods/no-such.cjs',
    ]);
  });

  it('runs the blocks that say so, one after the other', { timeout: 60_000 }, () => {
    const blocks = ['npx salesforce-auth check   # ends with 1', 'npx salesforce-auth migrate', 'npx salesforce-auth check   # ends with 1\nnpx salesforce-auth check'];
    const { status, problems } = check({ 'docs/a.md': blocks.map((block) => `${FENCE}sh run\n${block}\n${FENCE}\n`).join('') });
    expect(status).toBe(1);
    expect(problems.filter((problem) => problem.startsWith('docs/a.md'))).toEqual([expect.stringMatching(/^docs\/a\.md:8 {2}ends with 0, not with 1: npx salesforce-auth check/)]);
  });

  it('knows the workflows that the pages show', { timeout: 60_000 }, () => {
    const workflow = (uses: string, run: string) => `on: push\njobs:\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n      - run: ${run}\n`;
    const pinned = `actions/checkout@${'0'.repeat(40)}`;
    mkdirSync(join(folder, 'examples/workflows'), { recursive: true });
    const page = (text: string) => `${FENCE}yaml\n${text}${FENCE}\n`;
    const files = {
      good: workflow(pinned, 'npx eslint .'),
      unpinned: workflow('actions/checkout@v4', 'npx eslint .'),
      nowhere: workflow(pinned, 'npx eslint no/such/folder'),
      unknown: workflow(pinned, 'npx salesforce-auth check --sarif'),
    };
    const { problems } = check({
      ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`examples/workflows/${name}.yml`, text])),
      'docs/a.md': page(files.good) + page(workflow(pinned, 'npx eslint src')),
    });
    // The other lines are what ESLint said.
    expect(problems.filter((problem) => /^(?:docs|examples)\//.test(problem))).toEqual([
      'docs/a.md:10  the workflow is none of examples/workflows',
      expect.stringMatching(/^examples\/workflows\/nowhere\.yml {2}ends with 2, not with 0 or 1: npx eslint no\/such\/folder$/),
      'examples/workflows/unknown.yml  salesforce-auth has no option --sarif',
      'examples/workflows/unpinned.yml  actions/checkout@v4 is not pinned to a commit',
    ]);
  });

  it('finds links and anchors that lead nowhere', () => {
    const text = '# A & b\n[ok](#a--b) [file](rules/no-soap-login.md#incorrect) [web](https://example.com/x.md)\n[bad](#c)\n[bad](b.md)\n[bad](rules/no-soap-login.md#x)\n`[code](d.md)`\n';
    const { problems } = check({ 'docs/a.md': text });
    expect(problems.map((problem) => problem.split('  ')[0])).toEqual(['docs/a.md:3', 'docs/a.md:4', 'docs/a.md:5']);
  });

  it('finds examples that do not do what their heading says', () => {
    expect(check({ 'docs/rules/no-soap-login.md': rulePage('conn();', 'conn();') }).problems.join()).toMatch(/does not report this example.*"Incorrect"/);
    expect(check({ 'docs/rules/no-soap-login.md': rulePage(SOAP, SOAP) }).problems.join()).toMatch(/reports this example.*"Correct"/);
  });

  it('finds rules without a page, pages without a rule, and missing headings', () => {
    rmSync(join(folder, 'docs/rules/no-soap-login.md'));
    const missing = check({ 'docs/rules/no-such-rule.md': '# no-such-rule\n' }).problems.join('\n');
    expect(missing).toContain('docs/rules/no-soap-login.md  the rule has no page');
    expect(missing).toContain('there is no rule no-such-rule');
    rmSync(join(folder, 'docs/rules/no-such-rule.md'));
    expect(check({ 'docs/rules/no-soap-login.md': '# no-soap-login\n## Correct\n' }).problems.join('\n')).toContain('headings are missing: What breaks, and when, Incorrect, What it does not catch');
  });

  it("says when the classifier's page is not its table", () => {
    mkdirSync(join(folder, 'docs/runtime'));
    const { status, problems } = check({ 'docs/runtime/classifier.md': '# What an answer means\n' });
    expect(status).toBe(1);
    expect(problems).toEqual([expect.stringContaining('docs/runtime/classifier.md')]);
  });

  it('says when the page on compatibility has other cells than are run', () => {
    mkdirSync(join(folder, 'docs/guides'), { recursive: true });
    const generated = (name: string) => `<!-- begin generated ${name} -->\n| Node 18 |\n<!-- end generated ${name} -->\n`;
    const { status, problems } = check({ 'docs/guides/compatibility.md': `# What it runs with\n${generated('compatibility table')}${generated('Oxlint configuration')}` });
    expect(status).toBe(1);
    expect(problems).toEqual([expect.stringContaining('docs/guides/compatibility.md  is not what scripts/compatibility has')]);
  });
});
