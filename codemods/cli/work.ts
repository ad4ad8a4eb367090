/** The work of a command on one file, loaded in this thread or in a worker. */
import { createRequire } from 'node:module';
import type { TransformOptions } from '../report';
import type { Work } from './file-result';
import { TRANSFORMS, type Transforms } from './transforms';
import { UsageError } from './usage-error';

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
