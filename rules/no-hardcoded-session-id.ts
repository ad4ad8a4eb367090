import { createRule } from './shared/create-rule';
import { reportSecrets } from './shared/secrets';

export default createRule('no-hardcoded-session-id', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Disallow session ids and access tokens of Salesforce in the code',
      preset: 'recommended',
      security: { severity: 9.8, cwe: 798 },
    },
    hasSuggestions: true,
    messages: {
      hardcodedSession:
        'A literal {{kind}} ({{length}} characters): while its session lives, whoever reads this code acts as its user, and once it ends every request with it fails (401, from Salesforce with INVALID_SESSION_ID). End that session, and get a token at run time.',
      readEnvironment: 'Read process.env.{{variable}} instead.',
    },
    schema: [],
  },
  followsScope: true,
  create(context) {
    return reportSecrets(context, 'no-hardcoded-session-id', { 'session id': 'hardcodedSession', 'access token': 'hardcodedSession' });
  },
});
