/** One parse for transforms that run on the same text one after the other. */
import { buildSource, type Source } from '../analysis/source';

let last: { path: string; text: string; source: Source } | undefined;

/**
 * The file as the analysis reads it. For the text that was asked about last it is the same object, with all that is known
 * about it: so nobody may change it, as a run of ESLint does.
 *
 * @throws {ParseError} when no parser reads the text
 */
export function sourceOf(path: string, text: string): Source {
  if (last?.path !== path || last.text !== text) last = { path, text, source: buildSource(path, text) };
  return last.source;
}
