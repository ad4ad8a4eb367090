import type { TSESLint } from '@typescript-eslint/utils';
import { type HeaderDefect, headerFaultsIn } from '../analysis/authorization-header';
import { settingsOf } from '../analysis/settings';
import { createRule } from './shared/create-rule';

/** Defects that no server reads past, so that a header to Salesforce can only gain by the fix. */
const FIXED: ReadonlySet<HeaderDefect> = new Set(['misspeltName', 'misspeltScheme', 'missingSpace']);

interface Options {
  oauthScheme: boolean;
}

export default createRule<HeaderDefect | 'correct', Options>('valid-authorization-header', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Require Authorization headers that a server can read',
      preset: 'recommended',
      strictOptions: { oauthScheme: false },
    },
    fixable: 'code',
    hasSuggestions: true,
    messages: {
      misspeltName: 'This header is a misspelt Authorization: the request goes out without a token and is refused with 401, which a new token does not cure. Write Authorization.',
      wrongName: 'Authentication is no header that Salesforce reads: the request goes out without a token and is refused with 401. Write Authorization.',
      misspeltScheme: 'This scheme is a misspelt Bearer: every request is refused with 401, which a new token does not cure. Write Bearer.',
      missingSpace: 'Scheme and token run together: servers see one unknown word and refuse every request with 401, which a new token does not cure. Put one space between them.',
      strayText: 'Between scheme and token stands more than one space, and it is sent: the server takes it for the token and refuses with 401. Put one space there and nothing else.',
      doubledScheme: 'The scheme is in this header twice, since the value already holds one: the server takes the second for the token and refuses with 401. Write it once.',
      notFilledIn: 'This text is sent as it stands, with the name of a variable where the token should be: every request is refused with 401. Use a template literal.',
      noToken: 'Nothing ever sets this token: the header always says undefined or null, and every request is refused with 401. Get a token before the request is built.',
      noScheme: 'This header holds the bare token: Salesforce refuses every request with 401 (INVALID_AUTH_HEADER), which a new token does not cure. Write Bearer and one space before it.',
      urlForToken: 'An address follows Bearer where the token should stand: every request is refused with 401. Put the access token there.',
      basicWithToken: 'Basic announces a user name and a password, and Salesforce takes no access token with it: every request is refused with 401. Write Bearer.',
      schemeInSessionHeader: 'X-SFDC-Session takes the bare token: with a scheme before it Bulk API answers InvalidSessionId. Leave the scheme out.',
      oldScheme: 'OAuth is the scheme of an early draft: REST documents Bearer, and proxies and mocks know no other. Write Bearer.',
      correct: 'Correct the header.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          oauthScheme: { type: 'boolean', description: 'Whether `OAuth <token>` may stand in a header to Salesforce, as it did before `Bearer`.' },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ oauthScheme: true }],
  },
  followsScope: true,
  create(context, { oauthScheme }) {
    const { sourceCode } = context;
    const { scope } = settingsOf(context.settings);
    return {
      'Program:exit'() {
        for (const { defect, node, isSalesforce, isCertain, edit } of headerFaultsIn(sourceCode, scope)) {
          if (defect === 'oldScheme' && oauthScheme) continue;
          const correct = edit && ((fixer: TSESLint.RuleFixer) => fixer.replaceTextRange(edit.range, edit.text));
          const isFixed = FIXED.has(defect) && isSalesforce && isCertain;
          context.report({ node, messageId: defect, ...(correct && (isFixed ? { fix: correct } : { suggest: [{ messageId: 'correct', fix: correct }] })) });
        }
      },
    };
  },
});
