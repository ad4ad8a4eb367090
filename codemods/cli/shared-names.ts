/** A codemod sees one file. Where two files of a package held different secrets, both read one variable now: a run sees that, and says so. */
import type { Finding, FileResult } from './file-result';
import { packageOf } from './project';

/** The results, each finding whose variable stands for another secret elsewhere with that in its `next`. */
export function withSharedNames(cwd: string, results: ReadonlyMap<string, FileResult>): Map<string, FileResult> {
  const keyOf = (path: string, variable: string) => `${packageOf(cwd, path)}\n${variable}`;
  const readers = new Map<string, { path: string; digest: string }[]>();
  for (const [path, { digests = {} }] of results) {
    for (const [variable, digest] of Object.entries(digests)) {
      const key = keyOf(path, variable);
      readers.set(key, [...(readers.get(key) ?? []), { path, digest }]);
    }
  }
  const warned = (path: string, entry: Finding, digests: Readonly<Record<string, string>>): Finding => {
    const { variable } = entry;
    if (variable === undefined || digests[variable] === undefined) return entry;
    const others = readers.get(keyOf(path, variable))!.filter(({ digest }) => digest !== digests[variable]);
    if (others.length === 0) return entry;
    return { ...entry, next: `${entry.next ?? ''} ${variable} stands for another secret in ${others.map((other) => other.path).join(', ')}: rename it here or there first.`.trim() };
  };
  return new Map([...results].map(([path, result]) => [path, { ...result, entries: result.entries.map((entry) => warned(path, entry, result.digests ?? {})) }]));
}
