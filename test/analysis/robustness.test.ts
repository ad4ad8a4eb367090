import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { concernsUs, loginsIn } from '../../analysis';
import { buildSource, ParseError } from '../../analysis/source';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const MOST_FILES = 90;
const LARGEST = 200_000;

function* scriptsIn(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* scriptsIn(path);
    else if (/(?<!\.min|\.d)\.[cm]?[jt]s$/.test(entry.name) && statSync(path).size < LARGEST) yield path;
  }
}

describe('real code', () => {
  it.each(['jsforce-1', 'jsforce-2', 'jsforce-3', 'node-salesforce', 'eslint', 'soap', 'request'])(
    'of %s is read without an exception',
    (name) => {
      let read = 0;
      for (const path of scriptsIn(join(modules, name))) {
        if (read === MOST_FILES) break;
        // Every file goes through the whole analysis, as if it were about Salesforce.
        const text = `${readFileSync(path, 'utf8')}\n// Salesforce, jsforce\n`;
        expect(concernsUs(text)).toBe(true);
        try {
          const source = buildSource(path, text);
          for (const { node } of loginsIn(source)) expect(source.getText(node)).not.toBe('');
          read += 1;
        } catch (error) {
          if (!(error instanceof ParseError)) throw new Error(`${path}: ${String(error)}`, { cause: error });
        }
      }
      expect(read).toBeGreaterThan(5);
    },
    120_000,
  );
});
