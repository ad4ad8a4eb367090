/** What the messages of a rule say, and what they must never say. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RuleModule } from '../../rules/shared/create-rule';
import { type Case, readMarks } from './cases';
import { hostsFor } from './hosts';
import { lint } from './rule-tester';

/** Values that the cases pass as username, password, client id and host. */
const VALUES = /\b(?:jane|hunter2|acme|id|secret)\b(?=['@.])/g;

export function checkWords(rule: RuleModule<string>, cases: readonly Case[]): void {
  const messagesOf = (one: Case, change = (code: string) => code) => {
    const { code } = readMarks(one.code);
    return lint(rule, hostsFor(one, code)[0]!, change(code)).map(({ message }) => message);
  };

  describe('its messages', () => {
    it('read like this', () => {
      expect([...new Set(cases.flatMap((one) => messagesOf(one)))].sort()).toMatchSnapshot();
    });

    it('hold no value of an argument', () => {
      const planted: string[] = [];
      const plant = (code: string) => code.replace(VALUES, () => {
        planted.push(randomBytes(8).toString('hex'));
        return planted.at(-1)!;
      });
      const messages = cases.flatMap((one) => messagesOf(one, plant));
      expect(messages.length).toBe(cases.flatMap((one) => messagesOf(one)).length);
      expect(planted.length).toBeGreaterThan(15);
      for (const value of planted) expect(messages.join('\n')).not.toContain(value);
    });
  });
}
