import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-unfinished-migration';
import { type Case, readMarks } from '../support/cases';
import { hostsFor } from '../support/hosts';
import { type Expected, lint, testRule } from '../support/rule-tester';
import { marked } from './cases/marked';

/** What the marker of a case says; the marked place is the comment. */
interface Marked extends Case {
  todo?: { rule: string; text: string };
}

const cases: Marked[] = [
  {
    name: 'a block comment on a statement',
    todo: { rule: 'no-soap-login', text: 'the password comes from a prompt: ask for an authorization code instead' },
    code: `
      connect();
      ⟦/* sf-auth-todo(no-soap-login): the password comes from a prompt: ask for an authorization code instead */⟧
      conn.login(user, pass);
    `,
  },
  {
    name: 'a line comment',
    todo: { rule: 'no-password-grant', text: 'pick a flow' },
    code: `
      ⟦// sf-auth-todo(no-password-grant): pick a flow⟧
      org.authenticate(credentials);
    `,
  },
  { name: 'alone in a file', todo: { rule: 'no-soap-login', text: 'move' }, code: `⟦/* sf-auth-todo(no-soap-login): move */⟧` },
  {
    name: 'in a class',
    todo: { rule: 'no-soap-login', text: 'move' },
    code: `
      class A {
        ⟦/* sf-auth-todo(no-soap-login): move */⟧
        login() {}
      }
    `,
  },
  {
    name: 'at the end of a line',
    todo: { rule: 'no-soap-login', text: 'move' },
    code: `conn.login(user, pass); ⟦// sf-auth-todo(no-soap-login): move⟧`,
  },
  {
    name: 'one for each of two rules',
    todo: { rule: 'no-soap-login', text: 'move' },
    code: `
      ⟦/* sf-auth-todo(no-soap-login): move */⟧
      one();
      ⟦/* sf-auth-todo(no-soap-login): move */⟧
      two();
    `,
  },
  { name: 'another kind of to-do', code: `// TODO: move salesforce to OAuth` },
  { name: 'a marker without a rule', code: `// sf-auth-todo: move` },
  { name: 'the word in a string', code: `const text = 'sf-auth-todo(no-soap-login): move';` },
  { name: 'the word later in a comment', code: `// see sf-auth-todo(no-soap-login): move` },
];

function expected({ code, todo }: Marked): Expected[] {
  return readMarks(code).places['soap-login'].map((place) => ({ messageId: 'unfinished', data: { ...todo }, ...place }));
}

describe('no-unfinished-migration', () => {
  testRule(rule, { cases, expected });

  it('reports each marked login once, where the login rules hand over', () => {
    const handedOver = marked.filter(({ code }) => !/[⟦⟪]/.test(code));
    expect(handedOver.length).toBeGreaterThan(2);
    for (const one of handedOver) {
      const { code } = readMarks(one.code);
      expect(lint(rule, hostsFor(one, code)[0]!, code).map(({ messageId }) => messageId)).toEqual(['unfinished']);
    }
  });

  it('says what the marker says', () => {
    const messages = cases.flatMap((one) => lint(rule, hostsFor(one, readMarks(one.code).code)[0]!, readMarks(one.code).code));
    expect([...new Set(messages.map(({ message }) => message))].sort()).toMatchInlineSnapshot(`
      [
        "The migration of this place is not finished (no-password-grant): pick a flow",
        "The migration of this place is not finished (no-soap-login): move",
        "The migration of this place is not finished (no-soap-login): the password comes from a prompt: ask for an authorization code instead",
      ]
    `);
  });
});
