/**
 * Broken-up programs: the examples of the rule pages with expressions swapped for one another. No rule may throw on any of
 * them, point outside the file, or fix it into something that no longer parses. FUZZ_RUNS and FUZZ_SEED repeat or widen a run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import plugin from '../../index';
import type { Node } from '../../analysis/source';

const pages = fileURLToPath(new URL('../../docs/rules/', import.meta.url));
const programs = readdirSync(pages).flatMap((page) => [...readFileSync(`${pages}${page}`, 'utf8').matchAll(/```(?:js|ts)\n([\s\S]*?)```/g)].map(([, code]) => code!));
const config = {
  files: ['**/*.ts'],
  languageOptions: { parser },
  plugins: { 'salesforce-auth': plugin },
  rules: plugin.configs.all.rules,
  settings: { 'salesforce-auth': { scope: 'any' } },
} as unknown as Linter.Config;

const linter = new Linter();
const lint = (code: string) => linter.verify(code, [config], { filename: 'case.ts', allowInlineConfig: false });

/** Expressions and statements that can stand where another of their kind does. */
function partsOf(code: string): { expressions: Node[]; statements: Node[] } {
  const { ast, visitorKeys } = parser.parseForESLint(code, { range: true });
  const expressions: Node[] = [];
  const statements: Node[] = [];
  const visit = (node: Node) => {
    if (/(?:Expression|Literal|^Identifier)$/.test(node.type)) expressions.push(node);
    if (/(?:Statement|Declaration)$/.test(node.type)) statements.push(node);
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, unknown>)[key];
      for (const one of Array.isArray(child) ? child : [child]) if (one && typeof one === 'object' && 'type' in one) visit(one as Node);
    }
  };
  visit(ast as Node);
  return { expressions, statements };
}

function parses(code: string): boolean {
  try {
    parser.parseForESLint(code, {});
    return true;
  } catch {
    return false;
  }
}

/** Puts one part in the place of another; what does not parse is left as it was. */
function mutated(code: string, [from, to, ofStatements]: readonly [number, number, boolean]): string {
  const { expressions, statements } = partsOf(code);
  const parts = ofStatements ? statements : expressions;
  if (parts.length < 2) return code;
  const source = parts[from % parts.length]!;
  const target = parts[to % parts.length]!;
  const text = code.slice(...source.range);
  const changed = code.slice(0, target.range[0]) + text + code.slice(target.range[1]);
  return changed.length < 20_000 && parses(changed) ? changed : code;
}

describe('mutated programs', () => {
  it('come from pages whose code parses', () => {
    expect(programs.length).toBeGreaterThan(50);
    expect(programs.filter((code) => !parses(code))).toEqual([]);
  });

  it('are linted without an exception, inside the file, and fixed into code that parses', () => {
    let changed = 0;
    let reported = 0;
    fc.assert(
      fc.property(fc.constantFrom(...programs), fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 8 }), (program, swaps) => {
        const code = swaps.reduce(mutated, program);
        if (code !== program) changed += 1;
        const messages = lint(code);
        const lines = code.split('\n');
        for (const { ruleId, message, line, column, fix, suggestions } of messages) {
          expect(ruleId ?? message).toMatch(/^salesforce-auth\//);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
          reported += 1;
          for (const edit of [...(fix ? [fix] : []), ...(suggestions ?? []).map((suggestion) => suggestion.fix)]) {
            expect(parses(code.slice(0, edit.range[0]) + edit.text + code.slice(edit.range[1]))).toBe(true);
          }
        }
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 600), seed: Number(process.env['FUZZ_SEED'] ?? 20261122) },
    );
    // Mutations that are all thrown away, or that leave nothing to report, would show nothing.
    expect(changed).toBeGreaterThan(100);
    expect(reported).toBeGreaterThan(100);
  }, 120_000);
});
