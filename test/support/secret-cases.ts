/** Cases for the two rules on literal secrets: a table of places, and the suggestion that each place gets. */
import { describe, expect, it } from 'vitest';
import type { RuleModule } from '../../rules/shared/create-rule';
import { type Case, dedent, readMarks } from './cases';
import { hostsFor } from './hosts';
import { type Expected, lint, testRule } from './rule-tester';

/** Code with `⟦…⟧` around each secret that the rule must report. */
export interface SecretCase extends Case {
  /** The message, what it calls the secret and how long it says that is, and the variable that its suggestion reads (one for each place where they differ); a case without is a valid one. */
  found?: { messageId: string; kind: string; length: number; variable: string | readonly string[] };
  /** The code after the suggestion where that is more than the marked text replaced by the read; `null` where there is none. */
  after?: string | null;
}

/** Runs a rule over its cases, and checks that no word of it holds one of `secrets`. */
export function testSecretRule(rule: RuleModule<string>, cases: readonly SecretCase[], secrets: readonly string[]): void {
  const expected = (one: SecretCase): Expected[] => {
    const { code, places } = readMarks(one.code);
    const marked = places['soap-login'];
    return marked.map((place, index) => {
      const { messageId, kind, length, variable: variables } = one.found!;
      const variable = typeof variables === 'string' ? variables : variables[index]!;
      const read = `process.env.${variable}`;
      const output = one.after === undefined ? replaced(code, place, read) : one.after === null ? undefined : dedent(one.after);
      const suggestion = output === undefined ? [] : [{ messageId: 'readEnvironment', data: { variable }, output }];
      return { messageId, data: { kind, length }, suggestions: suggestion, ...place };
    });
  };
  testRule(rule, { cases, expected: expected as (one: Case) => Expected[] });

  const run = (one: SecretCase, code: string) => lint(rule, hostsFor(one, code)[0]!, code);

  describe('its messages', () => {
    it('read like this', () => {
      expect([...new Set(cases.flatMap((one) => run(one, readMarks(one.code).code).map(({ message }) => message)))].sort()).toMatchSnapshot();
    });
    it('hold none of the secrets', () => {
      const words = cases.flatMap((one) => run(one, readMarks(one.code).code).flatMap(({ message, suggestions }) => [message, ...(suggestions ?? []).map(({ desc }) => desc)]));
      for (const secret of secrets) expect(words.join('\n')).not.toContain(secret);
    });
  });

  it('reports nothing any more where its suggestion is taken, and leaves code that parses', () => {
    for (const one of cases) {
      const { code } = readMarks(one.code);
      const first = run(one, code);
      const fix = first[0]?.suggestions?.[0]?.fix;
      if (fix) expect(run(one, code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1])).length).toBe(first.length - 1);
    }
  });
}

function replaced(code: string, { line, column, endLine, endColumn }: { line: number; column: number; endLine: number; endColumn: number }, text: string): string {
  const offset = (row: number, at: number) => code.split('\n').slice(0, row - 1).reduce((sum, one) => sum + one.length + 1, 0) + at - 1;
  return code.slice(0, offset(line, column)) + text + code.slice(offset(endLine, endColumn));
}
