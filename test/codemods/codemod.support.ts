/** What the codemods' fixture tests share. Fixtures are `fixtures/<transform>/<group>/<shape>.input.<ext>`, and `.output.<ext>` where the file changes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as babel from '@babel/eslint-parser';
import * as typescript from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import { STATES, type State, type Transform, type TransformOptions } from '../../codemods/report';
import plugin from '../../index';

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

/** The fixtures of a transform; `optionsOf` a group. */
export function fixturesOf(transform: string, optionsOf: (group: string) => TransformOptions = () => ({})): readonly Fixture[] {
  const root = join(import.meta.dirname, 'fixtures', transform);
  return readdirSync(root)
    .sort()
    .flatMap((group) =>
      readdirSync(join(root, group))
        .filter((file) => file.includes('.input.'))
        .sort()
        .map((file): Fixture => {
          const result = join(root, group, file.replace('.input.', '.output.'));
          const input = readFileSync(join(root, group, file), 'utf8');
          return {
            name: `${group}/${file.replace('.input', '')}`,
            group,
            path: `src/${file.replace('.input', '')}`,
            input,
            output: existsSync(result) ? readFileSync(result, 'utf8') : input,
            options: optionsOf(group),
          };
        }),
    );
}

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

// @babel/eslint-parser 7 does not know ESLint 10.
const { Linter: Linter9 } = createRequire(import.meta.url)('eslint-v9') as { Linter: typeof Linter };

/** What rules of ours say of a text, and that it does not parse. */
export function lint(text: string, path: string, rules: readonly string[]): Linter.LintMessage[] {
  const isFlow = /@flow/.test(text);
  const messages = new (isFlow ? Linter9 : Linter)().verify(
    text,
    [
      {
        // Flat config selects TypeScript by name only.
        files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'],
        plugins: { 'salesforce-auth': plugin },
        rules: Object.fromEntries(rules.map((rule) => [`salesforce-auth/${rule}`, 'error'])),
        languageOptions: {
          parser: isFlow ? babel : typescript,
          sourceType: 'module',
          parserOptions: isFlow
            ? { requireConfigFile: false, babelOptions: { babelrc: false, configFile: false, parserOpts: { plugins: ['flow', 'jsx'] } } }
            : { ecmaFeatures: { jsx: !/\.[cm]?ts$/.test(path), globalReturn: true } },
        },
      } as unknown as Linter.Config,
    ],
    { filename: path, allowInlineConfig: false },
  );
  expect(messages.filter(({ ruleId, fatal }) => !ruleId && !fatal)).toEqual([]);
  return messages;
}

export interface Codemod {
  name: string;
  transform: Transform;
  fixtures: readonly Fixture[];
  /** What becomes of every place in the files of a group; in groups not named here, the states differ. */
  states: Readonly<Record<string, State | undefined>>;
  /** Rules that say nothing of what comes out. */
  rules: readonly string[];
  /** How many places the analysis finds. */
  found(fixture: Fixture, input: string): number;
  /** May one edit serve several places, so that a second run finds fewer? */
  merges?: boolean;
}

/** Everything that must hold for a file, however it is written. */
function check({ transform, states, rules, found, merges }: Codemod, fixture: Fixture, input: string, output: string): void {
  const { path, options, group } = fixture;
  const result = transform({ path, source: input }, options);
  expect(result.output ?? input).toBe(output);
  if (result.output !== undefined) expect(result.output, 'no output that changes nothing').not.toBe(input);

  const { entries } = result;
  const count = (state: State, list = entries) => list.filter((entry) => entry.state === state).length;
  expect(STATES.map((state) => count(state)).reduce((sum, one) => sum + one)).toBe(entries.length);
  expect(entries.length - count('already-safe')).toBe(found(fixture, input));
  const state = states[group];
  if (state) expect(new Set(entries.map((entry) => entry.state))).toEqual(new Set([state]));
  for (const entry of entries) {
    expect(entry).toMatchObject({ path, reason: expect.stringMatching(/\w/), what: expect.stringMatching(/\w/) });
    if (entry.state === 'marked' || entry.state === 'left') expect(entry.next).toMatch(/\w/);
  }
  expect(result.env.length > 0).toBe(count('migrated') > 0 && options.authModule === undefined);

  const again = transform({ path, source: output }, options);
  expect(again.output, 'a second run changes nothing').toBeUndefined();
  expect([count('migrated', again.entries), count('marked', again.entries), count('left', again.entries)]).toEqual([0, count('marked'), count('left')]);
  if (merges) expect(count('already-safe', again.entries) > 0).toBe(count('already-safe') + count('migrated') > 0);
  else expect(again.entries.length, 'a second run knows every place').toBe(entries.length);

  expect(() => buildSource(path, output)).not.toThrow();
  if (group !== 'left') expect(lint(output, path, rules).map(({ message, line }) => `${line}: ${message}`)).toEqual([]);

  const secrets = input.match(/S3CRET[\w-]*/g) ?? [];
  const said = JSON.stringify([entries, again.entries, result.env]) + (output.match(/\/\* sf-auth-todo.*?\*\//g) ?? []).join();
  expect(said).not.toContain('S3CRET');
  expect((output.match(/S3CRET/g) ?? []).length).toBeLessThanOrEqual(secrets.length);
}

/** Tests every fixture as it is, and in each way to write it that its text allows. */
export function describeFixtures(codemod: Codemod): void {
  const { name, fixtures } = codemod;
  describe.each([...new Set(fixtures.map(({ group }) => group))])(`${name}, %s`, (group) => {
    const own = fixtures.filter((fixture) => fixture.group === group);

    it.each(own.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
      check(codemod, fixture, fixture.input, fixture.output);
    });

    for (const [variant, rewrite] of Object.entries(variants)) {
      const allowed = own.flatMap((fixture) => {
        const [input, output] = [rewrite(fixture.input, fixture.path), rewrite(fixture.output, fixture.path)];
        return input === undefined || output === undefined || input === fixture.input ? [] : [[fixture.name, fixture, input, output] as const];
      });
      if (allowed.length === 0) continue;
      describe(`with ${variant}`, () => {
        it.each(allowed)('%s', (_name, fixture, input, output) => check(codemod, fixture, input, output));
      });
    }
  });
}
