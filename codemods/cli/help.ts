import { FLOWS } from '../jscodeshift';
import { REPORT_FORMATS } from './report/write';
import { TRANSFORMS } from './transforms';

export const HELP = `Usage: salesforce-auth migrate [paths...] [options]
       salesforce-auth check [paths...] [--report FILE]
       salesforce-auth login | doctor [options]     (of salesforce-auth-client; their own --help says more)

migrate rewrites Salesforce logins that stop working to OAuth, and reports every place it found.
check runs the recommended rules, with no ESLint set-up of yours, and changes nothing.
Paths are files, folders and quoted globs ('!' in front takes files out); the default is this folder.

  --only NAMES        transforms to run, separated by commas: ${Object.keys(TRANSFORMS).join(', ')}
  --flow FLOW         grant that replaces the login: ${FLOWS.join(' or ')} (default ${FLOWS[0]})
  --auth-module PATH  module of yours that exports a SalesforceAuth, for the rewritten code to use
  --auth-export NAME  name of that export (default salesforce)
  --dry               write no code, only say what would change
  --check             exit with 1 when a finding is left for a person
  --report FILE       write a report, in the form that its name asks for: ${REPORT_FORMATS.join(', ')}; may be repeated
  --install           run the package manager's commands after a question
  --yes               ask nothing
  --force             go ahead in a git work tree with uncommitted changes
  -h, --help          show this
  -v, --version       show the version

Exit codes of migrate and check: 0 done; 1 findings left (check, and migrate with --check); 2 a file could not be read, rewritten or written; 3 nothing started, the command line or the work tree needs a change; 130 stopped by Ctrl-C.
`;
