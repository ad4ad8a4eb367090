/** What the two rules on literal secrets share: one report per secret, with the environment read as a suggestion. */
import type { TSESLint } from '@typescript-eslint/utils';
import { environmentNames, modelOf, placeOf, secretsIn, settingsOf, type SecretKind } from '../../analysis';
import { mentionsSalesforce } from '../../analysis/salesforce';
import { markerOf, readFromEnvironment } from '../../edits';

/** Reports the secrets of the given kinds, each with its message: that says the kind and the length, and no more. */
export function reportSecrets<Ids extends string>(
  context: Readonly<TSESLint.RuleContext<Ids | 'readEnvironment', []>>,
  rule: string,
  messages: Partial<Record<SecretKind, Ids>>,
): TSESLint.RuleListener {
  const { sourceCode } = context;
  const { scope } = settingsOf(context.settings);
  return {
    'Program:exit'() {
      const secrets = secretsIn(sourceCode, scope);
      if (secrets.length === 0) return;
      const file = modelOf(sourceCode);
      const names = environmentNames(file, secrets, scope !== 'any' || mentionsSalesforce(file) ? 'SALESFORCE' : 'OAUTH');
      for (const secret of secrets) {
        const { kind, node, range, length } = secret;
        const messageId = messages[kind];
        // A marked secret is `no-unfinished-migration`'s to report.
        if (!messageId || markerOf(sourceCode, placeOf(sourceCode, secret), rule)) continue;
        const variable = names.get(secret)!;
        const [edit] = (node && readFromEnvironment(sourceCode, node, [{ range, name: variable }])) ?? [];
        context.report({
          loc: { start: sourceCode.getLocFromIndex(range[0]), end: sourceCode.getLocFromIndex(range[1]) },
          messageId,
          data: { kind, length },
          suggest: edit ? [{ messageId: 'readEnvironment', data: { variable }, fix: (fixer) => fixer.replaceTextRange(edit.range, edit.text) }] : [],
        });
      }
    },
  };
}
