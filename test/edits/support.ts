/** Exact-byte checks of edits, over every way a file can be written that must make no difference. */
import { expect } from 'vitest';
import { buildSource, type Node, type Source } from '../../analysis/source';
import { applyEdits, type Edit } from '../../edits';
import { nodesIn } from '../../edits/walk';

export type Edits = Edit | readonly Edit[] | undefined;

interface Variant {
  name: string;
  path: string;
  write: (text: string) => string;
}

const JS = '/repo/file.js';
const same = (text: string): string => text;
const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
const tabs = (text: string): string => text.replace(/^(?: {2})+/gm, (run) => '\t'.repeat(run.length / 2));

/** Ways to write a file. `head` ones put something above the first line. */
export const VARIANTS: readonly (Variant & { head?: true })[] = [
  { name: 'LF', path: JS, write: same },
  { name: 'CRLF', path: JS, write: crlf },
  { name: 'BOM', path: JS, write: (text) => `\uFEFF${text}` },
  { name: 'tabs', path: JS, write: tabs },
  { name: 'TypeScript', path: '/repo/file.ts', write: same },
  { name: 'TypeScript, CRLF and tabs', path: '/repo/file.ts', write: (text) => crlf(tabs(text)) },
  { name: 'hashbang', path: JS, write: (text) => `#!/usr/bin/env node\n${text}`, head: true },
  { name: 'hashbang, CRLF, TypeScript', path: '/repo/file.ts', write: (text) => crlf(`#!/usr/bin/env node\n${text}`), head: true },
  { name: 'Flow', path: JS, write: (text) => `// @flow\nimport type { T } from 't';\n${text}`, head: true },
];

/** Applies what `edit` returns to `text` and checks that a parser still reads the result. */
export function apply(path: string, text: string, edit: (source: Source) => Edits): string {
  const edits = edit(buildSource(path, text));
  const result = applyEdits(text, edits === undefined ? [] : Array.isArray(edits) ? edits : [edits as Edit]);
  buildSource(path, result);
  return result;
}

/** Checks bytes in every variant; `only` narrows the variants down. */
export function checkAll(before: string, after: string, edit: (source: Source) => Edits, only: (variant: (typeof VARIANTS)[number]) => boolean = () => true): void {
  for (const { name, path, write } of VARIANTS.filter(only)) {
    expect({ name, text: apply(path, write(before), edit) }).toEqual({ name, text: write(after) });
  }
}

/** The first node, in the order of the text, for which `test` holds. */
export function find<T extends Node>(source: Source, test: (node: Node) => node is T): T;
export function find(source: Source, test: (node: Node) => boolean): Node;
export function find(source: Source, test: (node: Node) => boolean): Node {
  const found = [...nodesIn(source, source.ast)].filter(test).sort((a, b) => a.range[0] - b.range[0] || b.range[1] - a.range[1]);
  if (!found[0]) throw new Error('The test text holds no such node');
  return found[0];
}

type ByType = { [N in Node as `${N['type']}`]: N };

/** The first node of this type. */
export function ofType<K extends keyof ByType>(source: Source, type: K): ByType[K] {
  return find(source, (node): node is ByType[K] => node.type === type);
}

/** The outermost node whose text is exactly this. */
export const spelled = (source: Source, text: string): Node => find(source, (node) => source.getText(node) === text);
