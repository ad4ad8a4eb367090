/** Fixtures of soap-login-to-oauth: `<group>/<shape>.input.<ext>`, and `.output.<ext>` where the codemod changes the file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { State, TransformOptions } from '../../codemods/report';

const ROOT = join(import.meta.dirname, 'fixtures/soap-login-to-oauth');

export interface Fixture {
  /** `<group>/<shape>` */
  name: string;
  group: string;
  /** Of the file as the codemod sees it. */
  path: string;
  input: string;
  /** Equal to `input` where nothing changes. */
  output: string;
  options: TransformOptions;
}

/** What becomes of every place in the files of a group; in `mixed`, the states differ. */
export const STATE_OF_GROUP: Readonly<Record<string, State | undefined>> = {
  migrated: 'migrated',
  'client-credentials': 'migrated',
  marked: 'marked',
  'client-credentials-marked': 'marked',
  left: 'left',
  'already-safe': 'already-safe',
};

export const fixtures: readonly Fixture[] = readdirSync(ROOT)
  .sort()
  .flatMap((group) =>
    readdirSync(join(ROOT, group))
      .filter((file) => file.includes('.input.'))
      .sort()
      .map((file): Fixture => {
        const result = join(ROOT, group, file.replace('.input.', '.output.'));
        const input = readFileSync(join(ROOT, group, file), 'utf8');
        return {
          name: `${group}/${file.replace('.input', '')}`,
          group,
          path: `src/${file.replace('.input', '')}`,
          input,
          output: existsSync(result) ? readFileSync(result, 'utf8') : input,
          options: group.startsWith('client-credentials') ? { flow: 'client-credentials' } : {},
        };
      }),
  );

/** Another way to write the same file; undefined where the text does not allow it. */
type Variant = (text: string, path: string) => string | undefined;

/** Comments, and strings in single quotes. */
const COMMENTS_AND_STRINGS = /\/\*[^]*?\*\/|\/\/.*|'[^'\n]*'/g;
const isString = (found: string): boolean => found.startsWith("'");
const withoutComments = (text: string): string => text.replace(COMMENTS_AND_STRINGS, (found) => (isString(found) ? found : ''));

export const variants: Readonly<Record<string, Variant>> = {
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  'a byte-order mark': (text) => `\uFEFF${text}`,
  'a hashbang': (text, path) => (/\.[cm]?tsx?$/.test(path) || text.startsWith('#!') ? undefined : `#!/usr/bin/env node\n${text}`),
  tabs: (text) => text.replace(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2)),
  'double quotes': (text) => {
    if (/["`]/.test(withoutComments(text))) return undefined;
    return text.replace(COMMENTS_AND_STRINGS, (found) => (isString(found) ? found.replaceAll("'", '"') : found));
  },
  'no semicolons': (text) => {
    const code = withoutComments(text);
    const needed = /;[^\n]*\S[^\n]*$|;\s*[([`+\-*/;]/m.test(code);
    return needed || /; *\/[/*]/.test(text) ? undefined : text.replace(/;$/gm, '');
  },
  'no final newline': (text) => text.replace(/\n$/, ''),
};
