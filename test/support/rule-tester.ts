/**
 * ESLint's RuleTester on vitest. Every case runs on every parser that reads it, with the message and the whole location
 * asserted; every invalid case also runs with a byte-order mark, a hashbang and CRLF, and must pass the text pre-filter.
 */
import { type Linter, RuleTester } from 'eslint';
import { RuleTester as RuleTester9 } from 'eslint-v9';
import { describe, expect, it } from 'vitest';
import { concernsUs } from '../../analysis';
import type { RuleModule } from '../../rules/shared/create-rule';
import { type Case, readMarks, type Span } from './cases';
import { type Host, hostsFor } from './hosts';

RuleTester.describe = RuleTester9.describe = describe;
RuleTester.it = RuleTester9.it = it;
RuleTester.itOnly = RuleTester9.itOnly = it.only;

export interface Expected extends Span {
  messageId: string;
  data?: Record<string, unknown>;
  suggestions?: { messageId: string; data?: Record<string, unknown>; output: string }[];
}

export interface Table {
  cases: readonly Case[];
  /** What the rule reports in a case; none makes it a valid one. */
  expected(one: Case, code: string): Expected[];
}

interface Prepared {
  name: string;
  code: string;
  host: Host;
  errors: Expected[];
}

type AnyRule = RuleModule<string>;

export function testRule(rule: AnyRule, { cases, expected }: Table): void {
  const prepared = cases.flatMap((one): Prepared[] => {
    const { code } = readMarks(one.code);
    return hostsFor(one, code).map((host) => ({ name: one.name, code, host, errors: expected(one, code) }));
  });
  const invalid = prepared.filter(({ errors }) => errors.length > 0);

  it('has a name for every case, and each once', () => {
    const names = cases.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  for (const host of ['espree', 'typescript-eslint', '@babel/eslint-parser on ESLint 9']) {
    const here = prepared.filter((one) => one.host.name === host);
    if (here.length > 0) describe(host, () => runOn(rule, here));
  }

  describe('however the file is written', () => {
    it('reports the same with CRLF line ends', () => {
      for (const one of invalid) expect(report(rule, one, one.code.replaceAll('\n', '\r\n'))).toEqual(located(one));
    });
    it('reports the same after a byte-order mark', () => {
      for (const one of invalid) expect(report(rule, one, `\uFEFF${one.code}`)).toEqual(located(one));
    });
    it('reports the same after a hashbang, one line further down', () => {
      for (const one of invalid) expect(report(rule, one, `#!/usr/bin/env node\n${one.code}`)).toEqual(located(one, 1));
    });
    it('lets every reported text through the pre-filter', () => {
      expect(invalid.length).toBeGreaterThan(0);
      expect(invalid.filter(({ code }) => !concernsUs(code)).map(({ name }) => name)).toEqual([]);
    });
  });
}

function runOn(rule: AnyRule, cases: readonly Prepared[]): void {
  const { RuleTester: Tester } = cases[0]!.host;
  const common = ({ name, code, host }: Prepared) => ({ name, code, filename: host.filename, languageOptions: host.languageOptions });
  const valid = cases.filter(({ errors }) => errors.length === 0).map(common);
  new Tester().run(rule.name, rule as never, {
    assertionOptions: { requireMessage: 'messageId', requireLocation: true, requireData: true },
    valid: [{ ...common(cases[0]!), name: 'an empty file', code: '' }, ...valid],
    invalid: cases.filter(({ errors }) => errors.length > 0).map((one) => ({ ...common(one), errors: one.errors })),
  } as Parameters<RuleTester['run']>[2]);
}

/** The messages of a rule for a code, read as a case's host reads it. Fails where the code does not parse. */
export function lint(rule: AnyRule, host: Host, code: string, { options, settings = {} }: { options?: object; settings?: object } = {}): Linter.LintMessage[] {
  const messages = new host.Linter().verify(
    code,
    { files: ['**'], languageOptions: host.languageOptions, plugins: { own: { rules: { [rule.name]: rule as never } } }, rules: { [`own/${rule.name}`]: options ? ['error', options] : 'error' }, settings: settings as Linter.Config['settings'] } as Linter.Config,
    { filename: host.filename },
  );
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return messages;
}

function report(rule: AnyRule, one: Prepared, code: string): object {
  const found = lint(rule, one.host, code).map(({ messageId, line, column, endLine, endColumn }) => ({ messageId, line, column, endLine, endColumn }));
  return { name: one.name, found };
}

function located({ name, errors }: Prepared, down = 0): object {
  return {
    name,
    found: errors.map(({ messageId, line, column, endLine, endColumn }) => ({ messageId, line: line + down, column, endLine: endLine + down, endColumn })),
  };
}
