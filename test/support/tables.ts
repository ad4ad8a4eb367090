/** Named tables of valid and invalid code, run on every parser that reads it. */
import type { Linter, RuleTester } from 'eslint';
import { describe, expect, it } from 'vitest';
import { dedent } from './cases';
import { hostsFor } from './hosts';
import { lint } from './rule-tester';

export interface Entry {
  code: string;
  options?: unknown[];
  settings?: Record<string, unknown>;
  lang?: 'js' | 'ts';
}

export interface InvalidEntry extends Entry {
  /** What is reported, in source order; `data` and `suggestions` are asserted where given. */
  errors: { messageId: string; line: number; data?: Record<string, unknown>; suggestions?: { messageId: string; data?: Record<string, unknown>; output: string }[] }[];
  output?: string;
}

type Rule = { name: string };

export function testTables(rule: Rule, tables: { valid: Record<string, Entry | string>; invalid: Record<string, InvalidEntry> }): void {
  const valid = Object.entries(tables.valid).map(([name, one]) => ({ name, ...(typeof one === 'string' ? { code: one } : one) }));
  const invalid = Object.entries(tables.invalid).map(([name, one]) => ({ name, ...one }));
  for (const hostName of ['espree', 'typescript-eslint', '@babel/eslint-parser on ESLint 9']) {
    describe(hostName, () => {
      const on = <T extends Entry & { name: string }>(entries: readonly T[]) =>
        entries.flatMap(({ lang, ...entry }) => {
          const code = dedent(entry.code);
          const host = hostsFor({ lang: lang ?? 'js' }, code).find((one) => one.name === hostName);
          return host ? [{ ...entry, code, host }] : [];
        });
      const strip = <T extends { host: ReturnType<typeof hostsFor>[number] }>({ host, ...entry }: T) => ({ ...entry, filename: host.filename, languageOptions: host.languageOptions });
      const goodOnes = on(valid);
      const badOnes = on(invalid);
      const { RuleTester: Tester } = badOnes[0]!.host;
      new Tester().run(rule.name, rule as never, {
        valid: [{ ...strip(goodOnes[0]!), name: 'an empty file', code: '' }, ...goodOnes.map(strip)],
        invalid: badOnes.map(strip).map(({ output, errors, ...entry }) => ({
          ...entry,
          output: output === undefined ? null : dedent(output),
          errors: errors.map(({ suggestions, ...error }) => ({ ...error, ...(suggestions && { suggestions: suggestions.map((one) => ({ ...one, output: dedent(one.output) })) }) })),
        })),
      } as unknown as Parameters<RuleTester['run']>[2]);
    });
  }

  it('reports the same with CRLF line ends and after a byte-order mark', () => {
    for (const { name, code, errors, options = [], settings, lang } of invalid) {
      const host = hostsFor({ lang: lang ?? 'js' }, dedent(code))[0]!;
      for (const text of [dedent(code).replaceAll('\n', '\r\n'), `\uFEFF${dedent(code)}`]) {
        const found = new host.Linter().verify(
          text,
          { files: ['**'], languageOptions: host.languageOptions, plugins: { own: { rules: { [rule.name]: rule as never } } }, rules: { [`own/${rule.name}`]: ['error', ...options] as never }, ...(settings && { settings }) } as Linter.Config,
          { filename: host.filename },
        );
        expect([name, ...found.map(({ messageId, line }) => `${messageId} ${line}`)]).toEqual([name, ...errors.map(({ messageId, line }) => `${messageId} ${line}`)]);
      }
    }
  });
}

/** One snapshot of every message of a rule, in the words that its invalid cases get. */
export function testMessages(rule: Rule, invalid: Record<string, InvalidEntry>): void {
  it('has messages that read like this', () => {
    const texts = Object.values(invalid).flatMap(({ code, options, settings, lang }) =>
      lint(rule as never, hostsFor({ lang: lang ?? 'js' }, dedent(code))[0]!, dedent(code), { ...(options?.[0] ? { options: options[0] } : {}), ...(settings && { settings }) }).map(({ messageId, message }) => `${messageId}: ${message}`),
    );
    expect([...new Set(texts)].sort()).toMatchSnapshot();
  });
}

/** Settings under which every OAuth client is watched. */
export const ANY = { 'salesforce-auth': { scope: 'any' } };
