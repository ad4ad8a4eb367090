import { leaksIn, mayLeak, settingsOf, type Leak } from '../analysis';
import { createRule } from './shared/create-rule';
import { inWords } from './shared/leak-words';

const OUTLETS: Record<Leak['outlet'], string> = {
  log: 'a log',
  response: 'the HTTP response',
  error: 'an error message, which ends up in logs',
  screen: 'the screen',
  chat: 'a chat message',
};

export default createRule('no-token-logging', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Disallow tokens, session ids, passwords and secrets in logs, HTTP responses and error messages',
      preset: 'recommended',
      security: { severity: 7.5, cwe: 532 },
    },
    messages: {
      tokenLogged: 'This writes {{what}} to {{outlet}}: whoever reads it can act as that user or app until the secret is revoked. Write whether it is set, or its length.',
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
        for (const { node, outlet, secret } of leaksIn(sourceCode, scope)) {
          context.report({ node, messageId: 'tokenLogged', data: { what: inWords(secret), outlet: OUTLETS[outlet] } });
        }
      },
    };
  },
});
