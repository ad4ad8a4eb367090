/** The text of a file, or why it cannot be worked on. */
import { readFile } from 'node:fs/promises';
import { describeSystemError } from '../failure';
import { looksMinified, type FoundFile } from './discover';
import type { FileResult } from './file-result';

interface ReadFile {
  text: string;
  isUtf8: boolean;
}

export async function readSource(file: FoundFile): Promise<ReadFile | FileResult> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file.absolute);
  } catch (error) {
    return { entries: [], env: [], failure: describeSystemError('read', error) };
  }
  const read = decode(bytes);
  return looksMinified(read.text) ? { entries: [], env: [], leftOut: 'looks minified or generated' } : read;
}

function decode(bytes: Buffer): ReadFile {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), isUtf8: true };
  } catch {
    // Good enough to see whether the file concerns us; its bytes are never written from this.
    return { text: bytes.toString('latin1'), isUtf8: false };
  }
}
