// What is run with what: the hosts are the columns of the table in docs/guides/compatibility.md, the families its rows.
import { readFileSync } from 'node:fs';

/** Exact versions: of each Node, and of each package of each throwaway project. */
export const { nodes: NODES, projects: PROJECTS } = JSON.parse(readFileSync(new URL('projects.json', import.meta.url), 'utf8'));

const [, NODE_22, NODE_24] = NODES;
/** @babel/eslint-parser 8, which ESLint 10 needs, and astro-eslint-parser 3 run on no older one. */
const NEWER = [NODE_22, NODE_24];

/** A family of files: its fixtures, and the Nodes that its parser runs on where these are not all. */
export const FAMILIES = {
  js: { title: 'JavaScript', files: ['login.js', 'login.cjs'] },
  jsx: { title: 'JSX', files: ['login.jsx'] },
  ts: { title: 'TypeScript', files: ['login.ts'] },
  tsx: { title: 'TSX', files: ['login.tsx'] },
  flow: { title: 'Flow', files: ['login.flow.js'] },
  vue: { title: 'Vue, `<script>`', files: ['Login.vue'] },
  'vue-ts': { title: 'Vue, `<script lang="ts">`', files: ['Typed.vue'] },
  svelte: { title: 'Svelte, `<script>`', files: ['Login.svelte'] },
  'svelte-template': { title: 'Svelte, template', files: ['Template.svelte'] },
  astro: { title: 'Astro, frontmatter', files: ['Login.astro'] },
  'astro-template': { title: 'Astro, template', files: ['Template.astro'] },
  markdown: { title: 'Markdown blocks', files: ['login.md'] },
};

/**
 * `quick`: the Node that stands for the others in a quick run. `limits`: families that run on some Nodes only, or on none, and why.
 * `typescript`: what reads TypeScript there.
 */
export const HOSTS = [
  { title: 'ESLint 8.57, eslintrc', project: 'eslint8', style: 'eslintrc', quick: NODES[0] },
  { title: 'ESLint 8.57, flat', project: 'eslint8', style: 'flat', quick: NODE_22 },
  { title: 'ESLint 9', project: 'eslint9', style: 'defineConfig', quick: NODES[0] },
  { title: 'ESLint 10', project: 'eslint10', style: 'defineConfig', quick: NODE_24, limits: { flow: NEWER, astro: NEWER, 'astro-template': NEWER } },
  { title: 'ESLint 10, TypeScript 7 alone', project: 'typescript7', style: 'flat', quick: NODE_22, limits: { ts: NEWER, tsx: NEWER, flow: NEWER, 'vue-ts': NEWER, astro: NEWER, 'astro-template': NEWER } },
  { title: 'Oxlint', project: 'oxlint', style: 'oxlint', quick: NODE_24, limits: { flow: [], 'svelte-template': [], 'astro-template': [], markdown: [] } },
];

/** The Nodes on which a host reads a family. */
export const nodesOf = (host, family) => host.limits?.[family] ?? NODES;

/** The families that a host reads on a Node. */
export const familiesOf = (host, node) => Object.keys(FAMILIES).filter((family) => nodesOf(host, family).includes(node));

/** What users do besides plain linting, and the projects that can: each gives the findings of the plain run (habits.mjs). */
export const HABITS = {
  cache: { title: '`--cache`', projects: ['eslint8', 'eslint9', 'eslint10', 'typescript7'] },
  concurrency: { title: '`--concurrency 2`', projects: ['eslint9', 'eslint10', 'typescript7'] },
  suppress: { title: '`--suppress-all`', projects: ['eslint9', 'eslint10', 'typescript7'] },
  types: { title: '`defineConfig` by its types', projects: ['eslint9', 'eslint10', 'typescript7'] },
  check: { title: '`salesforce-auth check`', projects: ['eslint8', 'eslint9', 'eslint10', 'typescript7'] },
  migrate: { title: '`salesforce-auth migrate` on TypeScript', projects: ['eslint8', 'eslint9', 'eslint10', 'typescript7'] },
};
