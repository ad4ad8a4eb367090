/** Runs the transforms over one file, and looks at what comes out before anybody may write it. */
import { describeFailure, type Failure } from '../failure';
import type { ReportEntry, Transform, TransformOptions } from '../report';
import { droppedImports } from './dependencies';
import type { FoundFile } from './discover';
import { lineMap } from './line-map';
import { readSource } from './read-file';
import type { FileResult, Finding, Work } from './file-result';
import { sourceOf } from '../source';

interface Selected {
  name: string;
  transform: Transform;
}

interface Pass {
  text: string;
  entries: Finding[];
  env: string[];
  digests: Readonly<Record<string, string>>;
}

export function rewriterFor(selected: readonly Selected[], options: TransformOptions): Work {
  return (file) => rewriteFile(file, selected, options);
}

async function rewriteFile(file: FoundFile, selected: readonly Selected[], options: TransformOptions): Promise<FileResult> {
  const read = readSource(file);
  if ('entries' in read) return read;
  const { text: original, isUtf8 } = read;
  let pass: Pass;
  try {
    pass = runAll(file.path, original, selected, options);
  } catch (error) {
    if (error instanceof TransformFailure) return { entries: [], env: [], failure: error.failure };
    throw error;
  }
  const { text, entries, env, digests } = pass;
  if (text === original) return { entries, env: [] };

  if (!isUtf8) return rolledBack(entries, { kind: 'read', message: 'the file is not UTF-8; convert it, then run again' });
  const objection = objectionTo(pass, file.path, selected, options);
  if (objection) return rolledBack(entries, { kind: 'verify', message: objection });
  return { entries, env, digests, output: text, dropped: droppedImports(original, text) };
}

class TransformFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Runs the transforms one after the other; each sees the text that the one before left, the entries name the lines of the first. */
function runAll(path: string, source: string, selected: readonly Selected[], options: TransformOptions): Pass {
  const passes: { text: string; entries: ReportEntry[] }[] = [];
  const env: string[] = [];
  const digests: Record<string, string> = {};
  let text = source;
  for (const { name, transform } of selected) {
    try {
      const result = transform({ path, source: text }, options);
      if (result.entries.length > 0) passes.push({ text, entries: result.entries });
      env.push(...result.env);
      Object.assign(digests, result.digests);
      text = result.output ?? text;
    } catch (error) {
      throw new TransformFailure(describeFailure(name, error));
    }
  }
  const entries = passes.flatMap((pass) => {
    const [before, after] = [lineMap(pass.text, source), lineMap(pass.text, text)];
    return pass.entries.map((entry): Finding => {
      const [line, lineAfter] = [before(entry.line), after(entry.line)];
      return { ...entry, line, ...(lineAfter !== line && { lineAfter }) };
    });
  });
  return { text, entries, env, digests };
}

const openFindings = (entries: readonly ReportEntry[]) => entries.filter(({ state }) => state !== 'already-safe').length;

/** Why an output must not be written; `undefined` when it parses and a second run has nothing to add. */
function objectionTo({ text, entries }: Pass, path: string, selected: readonly Selected[], options: TransformOptions): string | undefined {
  try {
    sourceOf(path, text);
  } catch {
    return 'the rewritten file would not parse';
  }
  let second: Pass;
  try {
    second = runAll(path, text, selected, options);
  } catch {
    return 'a second run over the rewritten file fails';
  }
  if (second.text !== text) return 'a second run would change the file again';
  const before = openFindings(entries.filter(({ state }) => state !== 'migrated'));
  return openFindings(second.entries) > before ? 'the rewritten file would hold new findings' : undefined;
}

/** What was found stays found; that it was rewritten or marked is no longer true. */
export function rolledBack(found: readonly Finding[], failure: Failure): FileResult {
  const entries = found.map(({ lineAfter: _, ...entry }): Finding => {
    if (entry.state !== 'migrated' && entry.state !== 'marked') return entry;
    return { ...entry, state: 'left', reason: `not written: ${failure.message}`, next: 'Migrate this place by hand, and report the error.' };
  });
  return { entries, env: [], failure };
}
