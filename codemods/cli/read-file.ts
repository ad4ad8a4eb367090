/** The text of a file, or why it cannot be worked on. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { concernsUs } from '../../analysis';
import { describeSystemError } from '../failure';
import { looksMinified, type FoundFile } from './discover';
import type { FileResult } from './file-result';

interface ReadFile {
  text: string;
  isUtf8: boolean;
}

/**
 * What comes of a file that needs no work; undefined for those that do. Reads at once, without waiting: for files that are
 * read and put away, most of a repository, the way through the thread pool costs several times the reading.
 */
export function settledByReading(file: FoundFile): FileResult | undefined {
  const read = readSource(file);
  if ('entries' in read) return read;
  return concernsUs(read.text) ? undefined : { entries: [], env: [] };
}

export function readSource(file: FoundFile): ReadFile | FileResult {
  let read: ReadFile;
  try {
    read = decode(file.absolute);
  } catch (error) {
    return { entries: [], env: [], failure: describeSystemError('read', error) };
  }
  return looksMinified(read.text) ? { entries: [], env: [], leftOut: 'looks minified or generated' } : read;
}

/** What stands in a text for bytes that are no UTF-8, or stood in it before. */
const REPLACEMENT = '\uFFFD';

function decode(path: string): ReadFile {
  // Node.js opens, reads, decodes and closes in one call: half of what a buffer of our own would cost.
  const text = readFileSync(path, 'utf8');
  if (!text.includes(REPLACEMENT)) return { text, isUtf8: true };
  const bytes = readFileSync(path);
  // Latin 1 is good enough to see whether the file concerns us; its bytes are never written from this.
  return isUtf8(bytes) ? { text, isUtf8: true } : { text: bytes.toString('latin1'), isUtf8: false };
}
