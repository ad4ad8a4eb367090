import { modelOf } from '../analysis';
import { assertionFlaws, concernsAssertions } from '../analysis/time/assertion';
import { createRule } from './shared/create-rule';
import { duration } from '../analysis/time/duration';

const MESSAGES = { milliseconds: 'milliseconds', 'no-margin': 'noMargin', 'too-far': 'tooFar', reused: 'reused', 'no-expires-in': 'noExpiresIn' } as const;

export default createRule('no-jwt-exp-as-token-expiry', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: "Disallow taking a JWT assertion's `exp` for the access token's expiry, and an `exp` that is wrong by unit or size",
      preset: 'recommended',
    },
    messages: {
      milliseconds: '`exp` is in seconds (RFC 7519), and this is in milliseconds: the assertion stays valid for thousands of years if it leaks. Use `Math.floor(Date.now() / 1000)` plus a few minutes.',
      noMargin: '`exp` is the present moment, so the assertion has expired when the server reads it. Add a few minutes: 180 seconds are usual.',
      tooFar: 'The assertion stays valid for {{ahead}}, and whoever gets hold of it can log in for as long; Salesforce asks for minutes. Set `exp` at most 5 min ahead.',
      reused: "The assertion's `exp` says how long the assertion may be handed in, not how long the access token lives. Renew when Salesforce answers 401, or ask the introspection endpoint.",
      noExpiresIn: "Salesforce's token endpoint sends no `expires_in`, so this is undefined and the expiry worked out from it is NaN or a guess. Renew when Salesforce answers 401.",
    },
    schema: [],
  },
  followsScope: true,
  create(context) {
    const { sourceCode } = context;
    if (!concernsAssertions(sourceCode.text)) return {};
    return {
      'Program:exit'() {
        const file = modelOf(sourceCode);
        for (const { node, kind, seconds } of assertionFlaws(file)) {
          context.report({ node, messageId: MESSAGES[kind], data: seconds === undefined ? {} : { ahead: duration(seconds) } });
        }
      },
    };
  },
});
