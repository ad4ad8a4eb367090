// The generated parts of docs/guides/compatibility.md: the table of the cells, and Oxlint's list of rules.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAMILIES, HABITS, HOSTS, NODES, PROJECTS, nodesOf } from './cells.mjs';
import { oxlintConfig } from './config.mjs';

export const COMPATIBILITY_PAGE = 'docs/guides/compatibility.md';
const page = fileURLToPath(new URL(`../../${COMPATIBILITY_PAGE}`, import.meta.url));

const lines = (nodes) => nodes.map((node) => node.split('.')[0]).join(', ') || '—';
const row = (cells) => `| ${cells.join(' | ')} |`;

function table() {
  const hosts = HOSTS.map(({ title }) => title);
  const versions = Object.entries(PROJECTS).map(([, packages]) => packages);
  const ofHabit = ({ projects }) => HOSTS.map(({ project }) => (projects.includes(project) ? lines(NODES) : '—'));
  return [
    row(['', ...hosts]),
    row(['---', ...hosts.map(() => '---')]),
    ...Object.entries(FAMILIES).map(([family, { title }]) => row([title, ...HOSTS.map((host) => lines(nodesOf(host, family)))])),
    ...Object.values(HABITS).map((habit) => row([habit.title, ...ofHabit(habit)])),
    '',
    `Nodes: ${NODES.join(', ')}. Packages:`,
    '',
    ...[...new Set(versions.flatMap((packages) => Object.keys(packages)))].map((name) => `- \`${name}\` ${[...new Set(versions.map((packages) => packages[name]).filter(Boolean))].join(', ')}`),
  ].join('\n');
}

const PARTS = {
  'compatibility table': table,
  'Oxlint configuration': () => `\`\`\`json\n${oxlintConfig()}\`\`\``,
};

/** The page with its generated parts as they have to be. */
export function compatibilityPage(text) {
  for (const [name, part] of Object.entries(PARTS)) {
    const [begin, end] = [`<!-- begin generated ${name} -->`, `<!-- end generated ${name} -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (after === undefined) throw new Error(`${COMPATIBILITY_PAGE}: the lines "${begin}" and "${end}" have to stand around the generated ${name}`);
    text = `${before}${begin}\n\n${part()}\n\n${end}${after}`;
  }
  return text;
}

/** @returns the page's path */
export function writePage() {
  writeFileSync(page, compatibilityPage(readFileSync(page, 'utf8')));
  return COMPATIBILITY_PAGE;
}
