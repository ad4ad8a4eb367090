import type { TSESLint } from '@typescript-eslint/utils';
import { modelOf } from '../analysis';
import { concernsExpiry, expiryChecks, MIN_BUFFER } from '../analysis/time/expiry';
import { markerOf, moveNowAhead } from '../edits';
import { createRule } from './shared/create-rule';
import { duration } from '../analysis/time/duration';

interface Options {
  minSeconds: number;
  maxSeconds?: number;
}
type Ids = 'noBuffer' | 'tooShort' | 'wrongSign' | 'tooLong' | 'addBuffer';

export default createRule<Ids, Options>('require-expiry-buffer', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Require that a token is renewed some time before it expires, not when it already has',
      preset: 'recommended',
      strictOptions: { maxSeconds: 300 },
    },
    fixable: 'code',
    hasSuggestions: true,
    messages: {
      noBuffer: 'The token counts as good until the very moment it expires, so a request sent just before is refused when it arrives. Renew it {{min}} ahead.',
      tooShort: 'The token is renewed {{effective}} before it expires, too late for requests under way and for clocks that differ. Renew it {{min}} ahead.',
      wrongSign: 'The token counts as good until after it has expired: the buffer has the wrong sign. Take it off the expiry, or add it to the present moment.',
      tooLong: 'The token is renewed {{effective}} before it expires, more than the {{max}} asked for: tokens are thrown away unused.',
      addBuffer: 'Renew the token {{min}} before it expires.',
    },
    schema: [
      {
        type: 'object',
        description: 'How far ahead of its expiry a token has to be renewed.',
        properties: {
          minSeconds: { type: 'number', minimum: 1, description: 'The shortest buffer that is enough, in seconds.' },
          maxSeconds: { type: 'number', minimum: 1, description: 'The longest buffer that makes sense, in seconds; longer ones are not reported unless it is set.' },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ minSeconds: MIN_BUFFER }],
  },
  followsScope: true,
  create(context, { minSeconds, maxSeconds }) {
    const { sourceCode } = context;
    if (!concernsExpiry(sourceCode.text)) return {};
    return {
      'Program:exit'() {
        const file = modelOf(sourceCode);
        for (const check of expiryChecks(file)) {
          const { node, buffer } = check;
          if (buffer >= minSeconds && (maxSeconds === undefined || buffer <= maxSeconds || !Number.isFinite(buffer))) continue;
          // A marked place is `no-unfinished-migration`'s to report.
          if (markerOf(sourceCode, node, 'require-expiry-buffer')) continue;
          const messageId = buffer < 0 ? 'wrongSign' : buffer === 0 ? 'noBuffer' : buffer < minSeconds ? 'tooShort' : 'tooLong';
          const data: Record<string, string> = messageId === 'wrongSign' ? {} : messageId === 'noBuffer' ? { min: duration(minSeconds) } : messageId === 'tooLong' ? { effective: duration(buffer), max: duration(maxSeconds!) } : { effective: duration(buffer), min: duration(minSeconds) };
          const edit = messageId === 'noBuffer' ? moveNowAhead(sourceCode, check, minSeconds) : undefined;
          const fix = edit && ((fixer: TSESLint.RuleFixer) => fixer.replaceTextRange(edit.range, edit.text));
          context.report({
            node,
            messageId,
            data,
            ...(fix && (check.certain ? { fix } : { suggest: [{ messageId: 'addBuffer', data: { min: duration(minSeconds) }, fix }] })),
          });
        }
      },
    };
  },
});
