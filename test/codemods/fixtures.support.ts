/** What must hold for the fixtures of a transform whose places are the reports of rules. */
import { describe, expect, it } from 'vitest';
import { buildSource } from '../../analysis/source';
import { STATES, type State, type Transform } from '../../codemods/report';
import { fixturesOf, lint, variants } from './codemod.support';

export interface Subject {
  /** The transform, and the folder of its fixtures. */
  name: string;
  transform: Transform;
  /** The rules whose reports are its places. */
  rules: readonly string[];
}

/** Where these rules report in a text. */
function linesOf(text: string, path: string, rules: readonly string[]): number[] {
  return lint(text, path, rules).map(({ line }) => line).sort((a, b) => a - b);
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
  const fixtures = fixturesOf(subject.name);
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
