/**
 * SARIF 2.1.0, for GitHub code scanning and editors. Results are what still stands in the code: a result that is missing
 * from the next upload closes its alert, while GitHub shows suppressed ones as open.
 */
import { relative, sep } from 'node:path';
import plugin from '../../../index';
import type { Finding } from '../file-result';
import type { FileError } from '../result';
import { isOpen, type Report } from './model';

interface RuleDocs {
  description: string;
  url: string;
  security?: { severity: number; cwe: number };
}

/** @param root what paths in the report are relative to for its reader: the repository, where there is one */
export function toSarif(report: Report, { cwd, root }: { cwd: string; root: string }): string {
  const rules = Object.entries(plugin.rules as unknown as Record<string, { meta: { docs: RuleDocs } }>).map(([name, { meta }]) => ({
    id: `${plugin.meta.namespace}/${name}`,
    shortDescription: { text: meta.docs.description },
    helpUri: meta.docs.url,
    help: { text: `${meta.docs.description}. ${meta.docs.url}`, markdown: `${meta.docs.description}. [Rule page](${meta.docs.url})` },
    defaultConfiguration: { level: 'error' },
    properties: propertiesOf(meta.docs.security),
  }));
  const prefix = relative(root, cwd).split(sep).join('/');
  const uriOf = (path: string) => normalise(prefix ? `${prefix}/${path}` : path).split('/').map(encodeURIComponent).join('/');
  const dry = report.options.dry === true || report.command === 'check';
  const written = new Set(dry ? [] : report.changed);
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: plugin.meta.name, version: plugin.meta.version, semanticVersion: plugin.meta.version, informationUri: 'https://github.com/salesforce-auth/eslint-plugin-salesforce-auth', rules } },
        automationDetails: { id: `salesforce-auth/${report.command}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: report.errors.length === 0 && report.notRead === undefined, toolExecutionNotifications: report.errors.map((error) => notification(error, uriOf)) }],
        results: report.entries.filter((entry) => isOpen(entry, dry)).map((entry) => resultOf(entry, written.has(entry.path), rules, uriOf)),
        properties: { totals: report.totals, integrations: report.integrations, deadlines: report.deadlines, asOf: report.asOf },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** As GitHub reads them: it counts a rule with the tag `security` by its `security-severity`, any other by its level. */
function propertiesOf(security: RuleDocs['security']): object {
  const tags = ['salesforce', 'authentication'];
  if (!security) return { tags: [...tags, 'reliability'], precision: 'high' };
  return { tags: [...tags, 'security', `external/cwe/cwe-${security.cwe}`], precision: 'high', 'security-severity': security.severity.toFixed(1) };
}

/** Without `a/..`, which a path above the working directory leaves. */
function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

function resultOf(finding: Finding, isRewritten: boolean, rules: readonly { id: string }[], uriOf: (path: string) => string): object {
  const { rule, path, line, column, lineAfter = line, what, reason, next } = finding;
  const ruleId = `${plugin.meta.namespace}/${rule}`;
  const ruleIndex = rules.findIndex(({ id }) => id === ruleId);
  const text = finding.transform === 'check' ? what : [`${what}: ${reason}.`, next].filter(Boolean).join(' ');
  // A rewritten file has other columns where a marker stands in front.
  const region = isRewritten ? { startLine: lineAfter } : { startLine: line, startColumn: column };
  return {
    ruleId,
    ...(ruleIndex !== -1 && { ruleIndex }),
    level: 'error',
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) }, region } }],
    properties: { state: finding.state, transform: finding.transform },
  };
}

function notification({ path, line, message, attempts = [] }: FileError, uriOf: (path: string) => string): object {
  return {
    level: 'error',
    message: { text: [message, ...attempts].join('; ') },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) }, ...(line !== undefined && { region: { startLine: line } }) } }],
  };
}
