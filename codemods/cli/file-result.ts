/** What comes of one file. Goes from a worker to the main thread, so it holds data only. */
import type { Failure } from '../failure';
import type { ReportEntry } from '../report';
import type { FoundFile } from './discover';

export interface Finding extends ReportEntry {
  /** 1-based line in the text that the run left; absent where it is `line`. */
  lineAfter?: number;
}

export interface FileResult {
  entries: Finding[];
  env: string[];
  /** What each variable of the entries stood for, as a digest. */
  digests?: Readonly<Record<string, string>>;
  /** The new text, where it changes. */
  output?: string;
  /** Packages that the old text imports and the new one does not. */
  dropped?: string[];
  failure?: Failure;
  leftOut?: string;
}

/** What is done with one file; it writes nothing. */
export type Work = (file: FoundFile) => Promise<FileResult>;
