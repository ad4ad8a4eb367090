import { mayLeak, settingsOf, urlLeaksIn, type UrlLeak } from '../analysis';
import { createRule } from './shared/create-rule';
import { inWords } from './shared/leak-words';

export default createRule('no-token-in-url', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Disallow tokens, session ids and secrets in URLs and query strings',
      preset: 'recommended',
      security: { severity: 6.5, cwe: 598 },
    },
    messages: {
      tokenInUrl: 'This puts {{what}} into a URL (`{{parameter}}`), which servers, proxies and browser histories keep. {{next}}',
    },
    schema: [],
  },
  followsScope: true,
  create(context) {
    const { sourceCode } = context;
    const { scope } = settingsOf(context.settings);
    if (!mayLeak(sourceCode.text)) return {};
    return {
      'Program:exit'() {
        for (const { node, kind, parameter } of urlLeaksIn(sourceCode, scope)) {
          context.report({ node, messageId: 'tokenInUrl', data: { what: inWords({ kind }), parameter, next: nextStep(kind, parameter) } });
        }
      },
    };
  },
});

function nextStep(kind: UrlLeak['kind'], parameter: string): string {
  if (parameter === 'sid') return 'Ask `/services/oauth2/singleaccess` for a single-use frontdoor URL, or POST the session id as a form.';
  if (kind === 'access token' || kind === 'session id') return 'Send it in the `Authorization` header, or in the body of a POST.';
  return 'Send it in the body of the POST (`application/x-www-form-urlencoded`).';
}
