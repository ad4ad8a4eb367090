/** What the two rules on literal secrets share: one report per secret, with the environment read as a suggestion. */
import type { TSESLint } from '@typescript-eslint/utils';
import { concernsUs, modelOf, secretsIn, settingsOf, type SecretKind } from '../../analysis';
import { mentionsSalesforce } from '../../analysis/salesforce';
import { readFromEnvironment } from '../../edits';

/** What a message says of a kind of secret: never more than this, and the length. */
export interface Wording<Ids extends string> {
  messageId: Ids;
  /** The environment variable that the suggestion reads. */
  variable: string;
}

/** Reports the secrets of the given kinds. */
export function reportSecrets<Ids extends string>(
  context: Readonly<TSESLint.RuleContext<Ids | 'readEnvironment', []>>,
  wording: Partial<Record<SecretKind, Wording<Ids>>>,
): TSESLint.RuleListener {
  const { sourceCode } = context;
  const { scope } = settingsOf(context.settings);
  if (scope !== 'any' && !concernsUs(sourceCode.text)) return {};
  return {
    'Program:exit'() {
      for (const { kind, node, range, length } of secretsIn(sourceCode, scope)) {
        const words = wording[kind];
        if (!words) continue;
        const isOurs = scope !== 'any' || mentionsSalesforce(modelOf(sourceCode));
        const variable = isOurs ? words.variable : words.variable.replace('SALESFORCE', 'OAUTH');
        const edit = node && readFromEnvironment(sourceCode, node, range, variable);
        context.report({
          loc: { start: sourceCode.getLocFromIndex(range[0]), end: sourceCode.getLocFromIndex(range[1]) },
          messageId: words.messageId,
          data: { kind, length },
          suggest: edit ? [{ messageId: 'readEnvironment', data: { variable }, fix: (fixer) => fixer.replaceTextRange(edit.range, edit.text) }] : [],
        });
      }
    },
  };
}
