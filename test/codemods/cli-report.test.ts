import { describe, expect, it } from 'vitest';
import { toHtml } from '../../codemods/cli/report/html';
import { toJson } from '../../codemods/cli/report/json';
import { toMarkdown } from '../../codemods/cli/report/markdown';
import { filesOf } from '../../codemods/cli/report/model';
import { toSarif } from '../../codemods/cli/report/sarif';
import { HOSTILE, report } from './cli-report.support';

const sum = ({ findings: _, ...states }: Record<string, number>) => Object.values(states).reduce((a, b) => a + b, 0);

describe('the model', () => {
  it('counts every finding and every file once', () => {
    const { totals, integrations, entries } = report();
    expect(sum(totals)).toBe(totals.findings);
    expect(sum(integrations)).toBe(integrations.findings);
    expect(integrations.findings).toBe(new Set(entries.map(({ path }) => path)).size);
    expect(filesOf(entries).flatMap(({ findings }) => findings)).toHaveLength(totals.findings);
  });

  it('says what stands there now', () => {
    const now = (options: Record<string, unknown>) => report({}, options).entries.slice(0, 4).map((entry) => entry.now);
    expect(now({})).toEqual(['for a reason', 'unchanged, with a marker: for a reason', 'unchanged: for a reason', 'for a reason']);
    expect(now({ dry: true })[0]).toBe('unchanged (dry run); would be: for a reason');
  });

  it('counts days only to a day that is reported, from the day of the run, and only for what is open', () => {
    const { deadlines } = report();
    expect(deadlines).toMatchObject([
      { what: 'OAuth username-password flow', endsIn: 'February 2027', reported: { day: '2027-02-20', daysLeft: 90 }, findings: 4 },
      { what: 'SOAP login()', endsIn: "Summer '27", reported: { day: '2027-06-01', daysLeft: 191 }, findings: 4 },
    ]);
    expect(report({}, { dry: true }).deadlines.map(({ findings }) => findings)).toEqual([6, 6]);
    expect(report({ entries: [] }).deadlines).toEqual([]);
  });

  it('follows each token to who renews it now', () => {
    const { flows } = report();
    expect(flows.reduce((tokens, flow) => tokens + flow.tokens, 0)).toBe(24);
    expect(flows.filter(({ outlook }) => outlook === 'renewed').reduce((tokens, flow) => tokens + flow.tokens, 0)).toBe(12);
    expect(flows).toContainEqual({ obtained: 'OAuth', used: 'jsforce', handled: 'salesforce-auth-client', outlook: 'renewed', tokens: 6 });
    expect(flows.filter(({ outlook }) => outlook === 'renewed').every(({ handled }) => handled === 'salesforce-auth-client')).toBe(true);
  });
});

it('JSON is the model', () => {
  expect(JSON.parse(toJson(report()))).toEqual(JSON.parse(JSON.stringify(report())));
});

describe('SARIF', () => {
  const sarif = (more = {}, options = {}, root = '/repo') => JSON.parse(toSarif(report(more, options), { cwd: '/repo/app', root })).runs[0];

  it('holds what still stands in the code, by rules that it describes', () => {
    const { tool, results, invocations, properties } = sarif();
    expect(results).toHaveLength(12);
    expect(new Set(results.map((one: { properties: { state: string } }) => one.properties.state))).toEqual(new Set(['marked', 'left']));
    for (const { ruleId, ruleIndex, message, level } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(ruleId).toMatch(/^salesforce-auth\//);
      expect(message.text).toBeTruthy();
      expect(level).toBe('error');
    }
    for (const { id, shortDescription, helpUri, help } of tool.driver.rules) expect([id, shortDescription.text, helpUri, help.text].every(Boolean)).toBe(true);
    for (const { helpUri, help, properties } of tool.driver.rules) {
      expect(help.markdown).toContain(`(${helpUri})`);
      // A severity without the tag is not read, and the tag without a severity counts as no security alert.
      expect(properties.tags.includes('security')).toBe('security-severity' in properties);
    }
    const secret = tool.driver.rules.find(({ id }: { id: string }) => id === 'salesforce-auth/no-hardcoded-credentials');
    expect(secret.properties).toEqual({ tags: ['salesforce', 'authentication', 'security', 'external/cwe/cwe-798'], precision: 'high', 'security-severity': '9.8' });
    expect(invocations[0]).toMatchObject({ executionSuccessful: false, toolExecutionNotifications: [{ level: 'error', locations: [{ physicalLocation: { region: { startLine: 3 } } }] }] });
    expect(properties.totals.findings).toBe(24);
    expect(sarif({}, { dry: true }).results).toHaveLength(18);
    expect(sarif({ errors: [] }).invocations[0].executionSuccessful).toBe(true);
  });

  it('names files from the root of the repository, as URIs', () => {
    const uris = (run: ReturnType<typeof sarif>) => run.results.map((one: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) => one.locations[0]!.physicalLocation.artifactLocation.uri) as string[];
    expect(uris(sarif())[0]).toBe('app/src/jobs/file-1.js');
    expect(uris(sarif({}, {}, '/repo/app'))[0]).toBe('src/jobs/file-1.js');
    const hostile = uris(sarif()).find((uri) => uri.includes('img'))!;
    expect(hostile).toMatch(/^[\w.%~!*'()/-]+$/);
    expect(decodeURIComponent(hostile)).toBe(`app/${HOSTILE}`);
    const above = report().entries.map((entry) => ({ ...entry, path: '../lib/a.js' }));
    expect(uris(sarif({ entries: above }))[0]).toBe('lib/a.js');
  });

  it('points into the text that the run left', () => {
    const region = (path: string) => sarif().results.find((one: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) => one.locations[0]!.physicalLocation.artifactLocation.uri.endsWith(path)).locations[0].physicalLocation.region;
    expect(region('file-1.js')).toEqual({ startLine: 3 });
    expect(region('file-2.js')).toEqual({ startLine: 3, startColumn: 3 });
  });
});

describe('Markdown', () => {
  it('is a table of states, what ends, what to do, and a list for each file', () => {
    const text = toMarkdown(report());
    expect(text).toContain('| findings | 24 | 6 | 6 | 6 | 6 |');
    expect(text).toContain("**SOAP login()** ends in Summer '27");
    expect(text).toContain('191 days left on 2026-11-22, counted to 2027-06-01: a day that others report and Salesforce has not confirmed');
    expect(text).toContain('- [ ] `npm install salesforce-auth-client`');
    expect(text).toContain('## `src/jobs/file-1.js`');
    expect(text).toContain('  - [ ] Ask a person');
    expect(text).toContain('- `src/broken.js`: could not be parsed; espree');
  });

  it('lets no file name become markup', () => {
    const text = toMarkdown(report());
    expect(text).toContain("## `` src/<img src=x onerror=alert(1)>|`a`\"'&?[2J?gnp.js ``");
    expect(text).not.toMatch(/[\u001B\u202E]/);
  });
});

describe('HTML', () => {
  it('escapes what comes from files, and loads nothing', () => {
    const page = toHtml(report());
    expect(page).toContain('src/&lt;img src=x onerror=alert(1)&gt;|`a`&quot;&#39;&amp;?[2J?gnp.js');
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/<script|<link|<iframe|\son\w+="|\sstyle="|\ssrc="|url\(|@import/);
    expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/=]+&#39;/);
  });

  it('holds the same without findings', () => {
    const page = toHtml(report({ entries: [], errors: [], leftOut: [], env: [], install: [], format: [], changed: [], files: 0, outcome: 'nothing to migrate', totals: { findings: 0, migrated: 0, marked: 0, left: 0, 'already-safe': 0 } }));
    expect(page).toContain('No JavaScript or TypeScript files found.');
    expect(page).not.toContain('<svg');
    expect(page).not.toContain('NaN');
  });
});
