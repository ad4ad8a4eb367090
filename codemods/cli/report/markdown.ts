/** For a pull request or a wiki: GitHub's Markdown. */
import { STATES } from '../../report';
import { clean, count } from '../clean';
import { daysLeft, filesOf, type Report, type ReportedFinding } from './model';

/** Text that stays text: our words hold no markup, file names and the names in code may. */
function text(value: string): string {
  return clean(value).replaceAll(/[\\`*_{}[\]<>|~#&@]/g, '\\$&');
}

/** Code as it is, whatever backticks it holds. */
function code(value: string): string {
  const longest = Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${clean(value)}${space}${fence}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

export function toMarkdown(report: Report): string {
  const { summary, labels, asOf, version, totals, integrations, deadlines, flows, steps, entries, errors, leftOut, notRead } = report;
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', `## ${title}`, '', ...lines] : []);
  const lines = [
    '# Salesforce authentication',
    '',
    `${text(summary)} Read ${count(report.files, 'file')} on ${asOf} with salesforce-auth ${report.command} ${version}.`,
    ...(notRead === undefined ? [] : ['', `**Stopped: ${count(notRead, 'file')} not read.**`]),
    ...section('By state', table(['', 'all', ...STATES.map((state) => labels[state])], [
      ['integrations (files with findings)', String(integrations.findings), ...STATES.map((state) => String(integrations[state]))],
      ['findings', String(totals.findings), ...STATES.map((state) => String(totals[state]))],
    ])),
    ...section('What ends', deadlines.map((deadline) =>
      `- **${text(deadline.what)}** ends in ${deadline.endsIn} ([announced](${deadline.announced})); ${count(deadline.findings, 'place is', 'places are')} on it. [${daysLeft(deadline, asOf)}](${deadline.reported.source}).`)),
    ...section('Where tokens go', flows.length > 0 ? table(['obtained from', 'sent by', 'rejection handled by', 'tokens'], flows.map(({ obtained, used, handled, tokens }) => [text(obtained), text(used), text(handled), String(tokens)])) : []),
    ...section('To do', steps.flatMap(({ title, lines: todo }) => [`- ${text(title)}`, ...todo.map((line) => `  - [ ] ${title.startsWith('In the') ? text(line) : code(line)}`)])),
    ...filesOf(entries).flatMap(({ path, findings }) => ['', `## ${code(path)}`, '', ...findings.flatMap((finding) => findingLines(finding, labels[finding.state]))]),
    ...section('Failed', errors.map(({ path, message, attempts = [] }) => `- ${code(path)}: ${text([message, ...attempts].join('; '))}`)),
    ...section('Left out', leftOut.map(({ path, reason }) => `- ${code(path)}: ${text(reason)}`)),
  ];
  return `${lines.join('\n')}\n`;
}

function findingLines({ line, rule, what, now, next }: ReportedFinding, label: string): string[] {
  return [
    `- **${label}**, line ${line}, ${code(rule)}`,
    `  - was: ${text(what)}`,
    `  - is: ${text(now)}`,
    ...(next ? [`  - [ ] ${text(next)}`] : []),
  ];
}
