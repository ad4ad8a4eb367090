// A page of the documentation: its headings, code blocks and links, with their line numbers. Used by check-docs.mjs and check-links.mjs.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Pages beside docs/, for those who meet the repository. */
const AROUND = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'runtime/README.md', 'examples/README.md', 'examples/billing-sync/README.md'];

/** @returns {string[]} the pages of the repository at `root` */
export function pagesOf(root) {
  const docs = join(root, 'docs');
  const inDocs = existsSync(docs) ? readdirSync(docs, { recursive: true }).filter((file) => file.endsWith('.md')).sort().map((file) => join(docs, file)) : [];
  return [...AROUND.map((file) => join(root, file)).filter((file) => existsSync(file)), ...inDocs];
}

/**
 * A block has the first word behind its fence as `lang`, and the others as `remarks`.
 * @returns the page, and the line of a block that is not closed as `unclosed`
 */
export function readPage(file) {
  const page = { file, title: '', headings: [], anchors: new Set(), blocks: [], links: [], unclosed: undefined };
  const slugs = new Map();
  let fence;
  let heading = '';
  readFileSync(file, 'utf8').split(/\r?\n/).forEach((text, index) => {
    const line = index + 1;
    if (fence) {
      if (text.trim() === fence.mark) fence = undefined;
      else fence.block.text += `${text.slice(fence.indent)}\n`;
      return;
    }
    const [, indent, mark, lang, remarks] = /^(\s*)(`{3,})\s*(\w*)\s*(.*)$/.exec(text) ?? [];
    if (mark) {
      fence = { mark, indent: indent.length, block: { line, lang, remarks, heading, text: '' } };
      page.blocks.push(fence.block);
      return;
    }
    const [, level, words] = /^(#{1,6})\s+(.+?)\s*$/.exec(text) ?? [];
    if (level) {
      heading = words;
      if (level === '#') page.title ||= words;
      if (level === '##') page.headings.push(words);
      const slug = words.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
      const seen = slugs.get(slug) ?? 0;
      slugs.set(slug, seen + 1);
      page.anchors.add(seen ? `${slug}-${seen}` : slug);
    }
    const plain = text.replace(/`[^`]*`/g, '``');
    for (const [, target] of plain.matchAll(/\]\(<?([^)\s>]+)>?\)/g)) page.links.push({ line, target });
    for (const [target] of plain.matchAll(/(?<![(<])https:\/\/[^\s)>|`]+[^\s)>|`.,;:]/g)) page.links.push({ line, target });
  });
  page.unclosed = fence?.block.line;
  return page;
}
