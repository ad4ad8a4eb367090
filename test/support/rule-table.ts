/**
 * Tables for rules whose places carry one mark: `⟦…⟧` in the code, in the order of the expected message ids. Every case runs
 * on every parser that reads it; what its edits give is part of the table.
 */
import { describe, expect, it } from 'vitest';
import type { RuleModule } from '../../rules/shared/create-rule';
import { dedent, readMarks } from './cases';
import { hostsFor } from './hosts';
import { lint } from './rule-tester';

interface Common {
  name: string;
  code: string;
  lang?: 'js' | 'jsx' | 'ts' | 'flow';
  options?: object;
  settings?: object;
}

export interface Invalid extends Common {
  /** One message id per mark. */
  ids: readonly string[];
  /** The code after the automatic fix; left out, there must be none. */
  output?: string;
  /** The code after each suggestion; left out, there must be none. */
  suggestions?: readonly string[];
}

interface Edit {
  range: readonly [number, number];
  text: string;
}

export function testTable(rule: RuleModule<string>, { valid, invalid }: { valid: readonly Common[]; invalid: readonly Invalid[] }): void {
  const run = (one: Common, change = (code: string) => code) => {
    const { code } = readMarks(one.code);
    return hostsFor(one, code).map((host) => ({ host: host.name, code: change(code), messages: lint(rule, host, change(code), one) }));
  };
  const where = (one: Common) => readMarks(one.code).places['soap-login'];
  const located = (messages: ReturnType<typeof lint>) => messages.map(({ messageId, line, column, endLine, endColumn }) => ({ messageId, line, column, endLine, endColumn }));
  const apply = (code: string, edits: readonly Edit[]) => [...edits].sort((a, b) => b.range[0] - a.range[0]).reduce((text, { range, text: by }) => text.slice(0, range[0]) + by + text.slice(range[1]), code);

  it('has a name for every case, and each once', () => {
    const names = [...valid, ...invalid].map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  describe('stays silent on', () => {
    for (const one of [{ name: 'an empty file', code: '' }, ...valid]) {
      it(one.name, () => {
        for (const { host, messages } of run(one)) expect({ host, found: located(messages) }).toEqual({ host, found: [] });
      });
    }
  });

  describe('reports', () => {
    for (const one of invalid) {
      it(one.name, () => {
        const expected = where(one).map((place, index) => ({ messageId: one.ids[index], ...place }));
        expect(one.ids.length).toBe(expected.length);
        for (const { host, code, messages } of run(one)) {
          expect({ host, found: located(messages) }).toEqual({ host, found: expected });
          const fixes = messages.flatMap(({ fix }) => (fix ? [fix] : []));
          expect(fixes.length > 0 ? apply(code, fixes) : undefined).toBe(one.output === undefined ? undefined : dedent(one.output));
          const suggested = messages.flatMap(({ suggestions = [] }) => suggestions.map(({ fix }) => apply(code, [fix])));
          expect(suggested).toEqual((one.suggestions ?? []).map(dedent));
        }
      });
    }

    it('the same with CRLF line ends, after a byte-order mark, and after a hashbang', () => {
      for (const one of invalid) {
        const places = where(one);
        for (const change of [(code: string) => code.replaceAll('\n', '\r\n'), (code: string) => `\uFEFF${code}`]) {
          for (const { messages } of run(one, change)) expect(messages.map(({ line, column }) => ({ line, column }))).toEqual(places.map(({ line, column }) => ({ line, column })));
        }
        for (const { messages } of run(one, (code) => `#!/usr/bin/env node\n${code}`)) expect(messages.map(({ line }) => line)).toEqual(places.map(({ line }) => line + 1));
      }
    });
  });

  it('has messages that read like this', () => {
    const texts = new Map(invalid.flatMap((one) => run(one).flatMap(({ messages }) => messages.map(({ messageId, message }) => [messageId, message] as const))));
    expect([...texts].sort()).toMatchSnapshot();
  });
}
