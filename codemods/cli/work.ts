/** What is done with one file, in this thread or in a worker; it writes nothing. */
import { createRequire } from 'node:module';
import type { Failure } from '../failure';
import type { TransformOptions } from '../report';
import type { FoundFile } from './discover';
import type { Finding } from './result';
import { TRANSFORMS, type Transforms } from './transforms';
import { UsageError } from './usage-error';

/** What came of one file. Goes from a worker to the main thread, so it holds data only. */
export interface FileResult {
  entries: Finding[];
  env: string[];
  /** The new text, where it changes. */
  output?: string;
  /** Packages that the old text imports and the new one does not. */
  dropped?: string[];
  failure?: Failure;
  leftOut?: string;
}

export type Work = (file: FoundFile) => Promise<FileResult>;

/** What to do with each file, as a worker is told it. */
export type Job = { command: 'migrate'; only: readonly string[]; options: TransformOptions } | { command: 'check' };

export async function workFor(job: Job, transforms: Transforms = TRANSFORMS): Promise<Work> {
  needEslint();
  if (job.command === 'check') return (await import('./check-file')).checkFile;
  const { rewriterFor } = await import('./rewrite-file');
  return rewriterFor(await Promise.all(job.only.map(async (name) => ({ name, transform: await transforms[name]!() }))), job.options);
}

/** Both commands read code with ESLint's `SourceCode`: where it is missing, say so once and not for each file. */
function needEslint(): void {
  try {
    createRequire(import.meta.url).resolve('eslint');
  } catch {
    throw new UsageError('eslint is not installed beside eslint-plugin-salesforce-auth, which reads code with it: npm install --save-dev eslint');
  }
}
