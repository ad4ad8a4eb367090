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
    expect(summary).toMatch(/^docs: \d+ pages, \d\d code blocks, \d\d rule examples, \d+ links, 0 problems$/);
  });

  it('finds code and JSON that do not parse, and leaves other languages alone', () => {
    const text = ['# A', `${FENCE}js`, 'const a = ;', FENCE, `${FENCE}ts`, 'let a: = 1;', FENCE, `${FENCE}json`, '{ a: 1 }', FENCE, `${FENCE}sh`, 'if ((', FENCE, `${FENCE}ts`, 'let a: number;', FENCE, ''].join('\n');
    const { status, problems } = check({ 'docs/a.md': text });
    expect(status).toBe(1);
    expect(problems.map((problem) => problem.split('  ')[0])).toEqual(['docs/a.md:3', 'docs/a.md:6', 'docs/a.md:8']);
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
});
