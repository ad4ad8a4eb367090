import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../codemods/cli/run';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'cli-check-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, text: string) {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}
async function cli(...args: string[]) {
  let stdout = '';
  let stderr = '';
  const code = await run(args, { cwd: dir, env: {}, stdout: { write: (text) => (stdout += text) }, stderr: { write: (text) => (stderr += text) } });
  return { code, stdout, stderr };
}

const LOGIN = "const jsforce = require('jsforce');\nconst conn = new jsforce.Connection();\nconn.login(process.env.SF_USER, process.env.SF_PASSWORD);\n";

describe('salesforce-auth check', () => {
  it('reports what the recommended rules do, and changes nothing', async () => {
    write('src/a.js', LOGIN);
    write('src/b.ts', 'export const headers = (token: string) => ({ Authorization: `Bearer ${token}` });\n');
    const { code, stdout, stderr } = await cli('check');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^src\/a\.js:3:1 {2}no-soap-login {2}SOAP login\(\) through jsforce stops working in Summer '27/);
    expect(stdout).toContain('1 finding in 1 file, of 2 read.\nNext: salesforce-auth migrate --dry shows what it would rewrite.\n');
    expect(readFileSync(join(dir, 'src/a.js'), 'utf8')).toBe(LOGIN);
  });

  it('passes where there is nothing to find, whatever ESLint set-up stands there', async () => {
    write('a.mjs', "export const name = 'salesforce';\n");
    write('eslint.config.js', 'throw new Error("not to be loaded");\n');
    expect(await cli('check', 'a.mjs')).toEqual({ code: 0, stdout: 'No finding in 1 file.\n', stderr: '' });
  });

  it('reads every dialect: CommonJS, JSX, TypeScript, Flow', async () => {
    const call = (made: string) => `${made}\nconn.login(process.env.SF_USER, process.env.SF_PASSWORD);\n`;
    write('a.cjs', call("const conn = new (require('jsforce').Connection)(); if (!conn) return;"));
    write('b.jsx', call("import jsforce from 'jsforce'; const conn = new jsforce.Connection(); export const x = <p>{1}</p>;"));
    write('c.mts', call("import jsforce from 'jsforce'; const conn: jsforce.Connection = new jsforce.Connection();"));
    write('d.js', call("// @flow\nimport type { A } from './a';\nimport jsforce from 'jsforce';\nconst conn = new jsforce.Connection(); export const f = (a: ?A): void => {};"));
    write('e.tsx', call("import jsforce from 'jsforce'; const conn = new jsforce.Connection(); export const x = <p>{1 as number}</p>;"));
    const { stdout } = await cli('check');
    expect([...stdout.matchAll(/^(\w\.\w+):\d+:1 {2}no-soap-login/gm)].map((match) => match[1])).toEqual(['a.cjs', 'b.jsx', 'c.mts', 'd.js', 'e.tsx']);
  });

  it('obeys comments that switch a rule of ours off, and minds none about rules of others', async () => {
    write('a.js', `/* eslint no-such/rule: error */\n${LOGIN.replace('conn.login', '/* eslint-disable-next-line salesforce-auth/no-soap-login -- until May */\nconn.login')}`);
    write('b.js', `// eslint-disable-next-line no-such/rule\n${LOGIN}`);
    const { stdout } = await cli('check');
    expect(stdout).toContain('1 finding in 1 file, of 2 read.');
    expect(stdout).not.toContain('no-such');
  });

  it('goes on after a file that does not parse, and quotes none of it', async () => {
    write('a.js', "require('jsforce');\nconn.login('user' 'S3cret-pw');\n");
    write('b.js', LOGIN);
    const { code, stdout } = await cli('check');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^a\.js:2 {2}error {2}could not be parsed/m);
    expect(stdout).toContain('b.js:3:1');
    expect(stdout).not.toContain('S3cret');
    rmSync(join(dir, 'b.js'));
    expect((await cli('check')).stdout).toContain('No finding, but could not finish. 1 file failed, see above.');
  });

  it('does not pass over nothing', async () => {
    write('readme.md', '');
    expect(await cli('check')).toMatchObject({ code: 3, stderr: 'salesforce-auth: there is no file to check\n' });
    expect((await cli('migrate', '--check')).code).toBe(3);
    expect((await cli('migrate')).code).toBe(0);
  });

  it('takes no option of migrate', async () => {
    write('a.js', '');
    expect(await cli('check', '--dry')).toMatchObject({ code: 3, stderr: expect.stringContaining('check takes no --dry') });
  });

  it('writes the same reports, with the way of each token', async () => {
    write('a.js', LOGIN);
    write('b.js', "import axios from 'axios';\naxios.get('https://x.my.salesforce.com/services/data/v60.0/limits', { headers: { Authorization: `Bearer ${process.env.SF_TOKEN}` } });\n");
    write('c.js', `${LOGIN.replace('conn.login', '/* sf-auth-todo(no-soap-login): ask. */ conn.login')}`);
    expect((await cli('check', '--report', 'r.json', '--report', 'r.html', '--report', 'r.md', '--report', 'r.sarif')).code).toBe(1);
    const report = JSON.parse(readFileSync(join(dir, 'r.json'), 'utf8'));
    expect(report).toMatchObject({ command: 'check', outcome: 'findings', totals: { findings: 3, marked: 1, left: 2, migrated: 0 }, options: { paths: [] } });
    expect(report.flows).toEqual([
      { obtained: 'the environment', used: 'axios', handled: 'nobody', outlook: 'open', tokens: 1 },
      { obtained: 'SOAP login()', used: 'jsforce', handled: 'jsforce logs in again', outlook: 'ends', tokens: 1 },
    ]);
    expect(report.entries[1].next).toContain('salesforce-auth migrate');
    expect(JSON.parse(readFileSync(join(dir, 'r.sarif'), 'utf8')).runs[0].results).toHaveLength(3);
    expect(readFileSync(join(dir, 'r.html'), 'utf8')).toContain('<h2>3 integrations by state</h2>');
    expect(readFileSync(join(dir, 'r.md'), 'utf8')).toContain('| findings | 3 | 0 | 1 | 2 | 0 |');
  });
});
