/** One page that needs nothing but itself: no network, no script. */
import { createHash } from 'node:crypto';
import { STATES, type State } from '../../report';
import { count } from '../clean';
import { html, raw, type Markup } from './markup';
import { daysLeft, filesOf, type Deadline, type Flow, type Report, type ReportedFile, type ReportedFinding } from './model';
import { bar, flowPicture } from './picture';
import { STYLE } from './style';

/** As a lead reads it: what needs a person comes first. */
const ORDER: readonly State[] = ['marked', 'left', 'migrated', 'already-safe'];

const OUTLOOK: Readonly<Record<Flow['outlook'], string>> = {
  open: 'fails when the session ends',
  ends: 'fails when Salesforce ends the login',
  renewed: 'renews itself',
};

export function toHtml(report: Report): string {
  // Only this style sheet may apply, and nothing may be loaded.
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  const { asOf, version, command, files, notRead, summary } = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Salesforce authentication, ${asOf}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<h1>Salesforce authentication</h1>
<p class="summary">${summary}</p>
<p class="quiet">Read ${count(files, 'file')} on ${asOf} with salesforce-auth ${command} ${version}.</p>
${notRead === undefined ? '' : html`<p class="warning">Stopped: ${count(notRead, 'file')} not read.</p>`}
</header>
<main>
${byState(report)}
${flowSection(report.flows)}
${section('What ends', report.deadlines.map((deadline) => deadlineItem(deadline, asOf)))}
${section('To do', report.steps.map(({ title, lines }) => html`<p>${title}</p><ul>${lines.map((line) => html`<li>${/^In the/.test(title) ? line : html`<code>${line}</code>`}</li>`)}</ul>`))}
${section('Findings by file', filesOf(report.entries).map((file) => fileSection(file, report)))}
${section('Failed', list(report.errors.map(({ path, line, message, attempts = [] }) => html`<code>${path}${line === undefined ? '' : `:${line}`}</code> ${[message, ...attempts].join('; ')}`)))}
${section('Left out', list(report.leftOut.map(({ path, reason }) => html`<code>${path}</code> ${reason}`)))}
</main>
</body>
</html>
`;
  return page.text;
}

function section(title: string, content: readonly Markup[]): Markup | string {
  return content.length > 0 ? html`<section><h2>${title}</h2>${content}</section>` : '';
}

function list(items: readonly Markup[]): Markup[] {
  return items.length > 0 ? [html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`] : [];
}

function byState({ integrations, totals, labels }: Report): Markup | string {
  if (totals.findings === 0) return '';
  const words = ORDER.filter((state) => totals[state] > 0).map((state) => `${integrations[state]} ${labels[state]}`);
  return html`<section><h2>${count(integrations.findings, 'integration')} by state</h2>
${bar(ORDER.map((state) => [state, integrations[state]]), words.join(', '))}
<ul class="legend">${ORDER.filter((state) => totals[state] > 0).map((state) => html`<li><span class="key ${state}"></span>${labels[state]}: ${integrations[state]} (${count(totals[state], 'finding')})</li>`)}</ul>
<p class="quiet">An integration is a file with findings; it counts for the one that needs a person most. ${count(totals.findings, 'finding')}: ${STATES.map((state) => totals[state]).join(' + ')}.</p></section>`;
}

function flowSection(flows: readonly Flow[]): Markup | string {
  if (flows.length === 0) return '';
  const outlooks = (['open', 'ends', 'renewed'] as const).filter((outlook) => flows.some((flow) => flow.outlook === outlook));
  return html`<section><h2>Where tokens come from, who sends them, who handles their rejection</h2>
${flowPicture(flows, 720, 'flow wide')}${flowPicture(flows, 328, 'flow narrow')}
<ul class="legend">${outlooks.map((outlook) => html`<li><span class="key ${outlook}"></span>${OUTLOOK[outlook]}</li>`)}</ul>
<ul>${flows.map(({ obtained, used, handled, outlook, tokens }) => html`<li>${obtained} → ${used} → ${handled}: ${count(tokens, 'place')}, ${OUTLOOK[outlook]}</li>`)}</ul></section>`;
}

function deadlineItem(deadline: Deadline, asOf: string): Markup {
  const { what, endsIn, announced, reported, findings } = deadline;
  return html`<p><strong>${what}</strong> ends in ${endsIn} (<a href="${announced}">announced</a>); ${count(findings, 'place is', 'places are')} on it.</p>
<p class="quiet"><a href="${reported.source}">${daysLeft(deadline, asOf)}</a>.</p>`;
}

function fileSection({ path, findings }: ReportedFile, report: Report): Markup {
  return html`<section><h3>${path}</h3>${findings.map((finding) => findingItem(finding, report))}</section>`;
}

function findingItem({ line, lineAfter, rule, state, what, now, next }: ReportedFinding, { labels, changed }: Report): Markup {
  const moved = lineAfter !== undefined && changed.length > 0 ? `, now line ${lineAfter}` : '';
  return html`<div class="finding ${state}"><p><strong>${labels[state]}</strong>, line ${line}${moved}, <code>${rule}</code></p>
<dl><dt>was</dt><dd>${what}</dd><dt>is</dt><dd>${now}</dd>${next === undefined ? '' : html`<dt>to do</dt><dd>${next}</dd>`}</dl></div>`;
}
