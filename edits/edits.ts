/** A text edit by range, and how several of them become one new text. */
import type { Source } from '../analysis/source';

/** Replaces `range` by `text`; an empty range inserts. Offsets are those of `SourceCode#text`: a byte-order mark does not count. */
export interface Edit {
  range: readonly [number, number];
  text: string;
}

const BOM = '\uFEFF';
const spell = ({ range: [start, end] }: Edit): string => `[${start}, ${end}]`;

/**
 * Applies edits in any order. Identical edits count once (two sites may ask for the same import); insertions at one
 * offset keep the order they were given in, and come before a replacement that starts there.
 *
 * @throws {Error} when two edits overlap or one lies outside the text; the message names the ranges, never the text
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const bom = text.startsWith(BOM) ? BOM : '';
  const body = text.slice(bom.length);
  const seen = new Set<string>();
  const unique = edits.filter(({ range, text: replacement }) => {
    const key = `${range[0]} ${range[1]} ${replacement}`;
    return !seen.has(key) && seen.add(key);
  });
  unique.sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);

  let result = bom;
  let done = 0;
  let previous: Edit | undefined;
  for (const edit of unique) {
    const [start, end] = edit.range;
    if (start < 0 || end < start || end > body.length) throw new Error(`Edit ${spell(edit)} lies outside the text of length ${body.length}`);
    if (previous && start < done) throw new Error(`Edits ${spell(previous)} and ${spell(edit)} overlap`);
    result += body.slice(done, start) + edit.text;
    done = end;
    previous = edit;
  }
  return result + body.slice(done);
}

/** A file's text with the edits applied, and its byte-order mark, which the source's text lacks. */
export function edited({ text, hasBOM }: Pick<Source, 'text' | 'hasBOM'>, edits: readonly Edit[]): string {
  return (hasBOM ? BOM : '') + applyEdits(text, edits);
}
