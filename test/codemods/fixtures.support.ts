/** Fixtures of a transform, `<group>/<shape>.input.<ext>` with `.output.<ext>` where the file changes, and what must hold for each. */
import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as babel from '@babel/eslint-parser';
import * as typescript from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import { STATES, type State, type Transform } from '../../codemods/report';
import plugin from '../../index';
import { variants } from './codemod.support';

// @babel/eslint-parser 7 does not know ESLint 10.
const { Linter: Linter9 } = createRequire(import.meta.url)('eslint-v9') as { Linter: typeof Linter };

export interface Subject {
  /** The transform, and the folder of its fixtures. */
  name: string;
  transform: Transform;
  /** The rules whose reports are its places. */
  rules: readonly string[];
}

interface Fixture {
  name: string;
  group: string;
  path: string;
  input: string;
  output: string;
}

/** Where these rules report in a text. */
export function linesOf(text: string, path: string, rules: readonly string[]): number[] {
  const isFlow = /@flow/.test(text);
  const messages = new (isFlow ? Linter9 : Linter)().verify(
    text,
    [
      {
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
  expect(messages.filter(({ ruleId }) => ruleId === null)).toEqual([]);
  return messages.map(({ line }) => line).sort((a, b) => a - b);
}

/** Everything that must hold for a file, however it is written. */
export function check({ transform, rules }: Subject, path: string, input: string, output: string, state?: State): void {
  const result = transform({ path, source: input }, {});
  expect(result.output ?? input).toBe(output);
  if (result.output !== undefined) expect(result.output, 'no output that changes nothing').not.toBe(input);

  const { entries, env } = result;
  const open = entries.filter((entry) => entry.state !== 'already-safe');
  expect(open.map(({ line }) => line).sort((a, b) => a - b), 'its places are those that the rules report').toEqual(linesOf(input, path, rules));
  if (state) expect(new Set(entries.map((entry) => entry.state))).toEqual(new Set([state]));
  for (const entry of entries) {
    expect(STATES).toContain(entry.state);
    expect(entry).toMatchObject({ path, reason: expect.stringMatching(/\w/), what: expect.stringMatching(/\w/) });
    if (entry.state === 'marked' || entry.state === 'left') expect(entry.next).toMatch(/\w/);
  }

  const again = transform({ path, source: output }, {});
  expect(again.output, 'a second run changes nothing').toBeUndefined();
  expect(() => buildSource(path, output)).not.toThrow();
  const left = entries.filter((entry) => entry.state === 'left').length;
  expect(linesOf(output, path, rules), 'the rules are silent on what it wrote').toHaveLength(left);

  const said = JSON.stringify([entries, again.entries, env]) + (output.match(/\/\* sf-auth-todo.*?\*\//g) ?? []).join();
  expect(said).not.toContain('S3CRET');
}

const STATE_OF_GROUP: Readonly<Record<string, State>> = { migrated: 'migrated', marked: 'marked', left: 'left', 'already-safe': 'already-safe' };

/** Runs every fixture of a transform, as it is and as other people would have written it. */
export function testFixtures(subject: Subject): void {
  const fixtures = read(subject.name);
  describe.each([...new Set(fixtures.map(({ group }) => group))])(`${subject.name}, %s`, (group) => {
    const own = fixtures.filter((fixture) => fixture.group === group);
    it.each(own.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, { path, input, output }) => {
      expect(input !== output, 'changes in the groups that change').toBe(/^(?:migrated|marked|mixed)$/.test(group));
      check(subject, path, input, output, STATE_OF_GROUP[group]);
    });
    for (const [variant, rewrite] of Object.entries(variants)) {
      const written = own.flatMap(({ name, path, input, output }) => {
        const [before, after] = [rewrite(input, path), rewrite(output, path)];
        return before === undefined || after === undefined || before === input ? [] : [[name, path, before, after] as const];
      });
      if (written.length === 0) continue;
      it.each(written)(`%s, with ${variant}`, (_name, path, input, output) => check(subject, path, input, output, STATE_OF_GROUP[group]));
    }
  });
}

function read(transform: string): Fixture[] {
  const root = join(import.meta.dirname, 'fixtures', transform);
  return readdirSync(root).sort().flatMap((group) => readdirSync(join(root, group)).filter((file) => file.includes('.input.')).sort().map((file): Fixture => {
    const result = join(root, group, file.replace('.input.', '.output.'));
    const input = readFileSync(join(root, group, file), 'utf8');
    const shape = file.replace('.input', '');
    return { name: `${group}/${shape}`, group, path: `src/${shape}`, input, output: existsSync(result) ? readFileSync(result, 'utf8') : input };
  }));
}
