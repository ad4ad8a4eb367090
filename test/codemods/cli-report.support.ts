import type { RunResult } from '../../codemods/cli/result';
import { reportOf, type Report } from '../../codemods/cli/report/model';
import type { State, TokenFlow } from '../../codemods/report';
import type { Finding } from '../../codemods/cli/file-result';

const FLOWS: TokenFlow[] = [
  { obtained: 'SOAP login()', used: 'jsforce', handled: 'jsforce logs in again' },
  { obtained: 'the environment', used: 'axios', handled: 'nobody' },
  { obtained: 'an earlier login', used: 'fetch', handled: 'seen, not renewed' },
  { obtained: 'a module with a-rather-long-name/that/wraps', used: '@salesforce/core', handled: 'nobody' },
];
const STATES: State[] = ['migrated', 'marked', 'left', 'already-safe'];

/** What a page must not take for markup, a terminal for orders, or a reader for another name. */
export const HOSTILE = 'src/<img src=x onerror=alert(1)>|`a`"\'&\u001B[2J\u202Egnp.js';

function result(more: Partial<RunResult> = {}): RunResult {
  const entries = Array.from({ length: 24 }, (_, index): Finding => ({
    transform: 'soap-login-to-oauth',
    rule: ['no-soap-login', 'no-password-grant', 'require-401-handling'][index % 3]!,
    path: index % 5 === 0 ? HOSTILE : `src/jobs/file-${index % 6}.js`,
    line: index + 1, column: 3, state: STATES[index % 4]!,
    what: 'SOAP login() through jsforce',
    reason: 'for a reason',
    ...(index % 4 === 1 && { next: 'Ask a person, who then does what this says.', lineAfter: index + 2 }),
    flow: FLOWS[index % FLOWS.length]!,
  }));
  return {
    outcome: 'migrated', totals: { findings: 24, migrated: 6, marked: 6, left: 6, 'already-safe': 6 },
    entries, errors: [{ path: 'src/broken.js', kind: 'parse', line: 3, message: 'could not be parsed', attempts: ['espree: syntax error at line 3'] }],
    files: 40, changed: ['src/jobs/file-1.js'], leftOut: [{ path: 'dist/', reason: 'build output or vendored code by its name' }],
    env: ['SALESFORCE_CLIENT_ID'], envExamples: ['.env.example'], install: ['npm install salesforce-auth-client'], format: ['npx prettier --write src/jobs/file-1.js'],
    ...more,
  };
}

export function report(more: Partial<RunResult> = {}, options: Report['options'] = {}): Report {
  return reportOf(result(more), { command: 'migrate', version: '1.2.3', options, today: new Date('2026-11-22T13:00:00Z') });
}
