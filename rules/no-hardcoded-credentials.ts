import { createRule } from './shared/create-rule';
import { reportSecrets } from './shared/secrets';

export default createRule('no-hardcoded-credentials', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Disallow passwords, security tokens, client secrets, refresh tokens and private keys of Salesforce in the code',
      preset: 'recommended',
      security: { severity: 9.8, cwe: 798 },
    },
    hasSuggestions: true,
    messages: {
      password:
        'A literal {{kind}} ({{length}} characters) of a user: whoever reads this code can log in with it, until it changes. Change it, and read the new one from the environment.',
      clientSecret:
        'A literal client secret ({{length}} characters): whoever reads this code can request tokens as this app, until it is rotated. Rotate it in the app\'s OAuth settings, and read the new one from the environment.',
      refreshToken:
        'A literal {{kind}} ({{length}} characters): whoever reads this code gets new access tokens with it, until it is revoked. Revoke it, and keep the new one outside the code.',
      privateKey:
        'A literal private key ({{length}} characters): whoever reads this code can sign in as every user that the app is approved for, until its certificate is replaced. Replace the certificate, and read the new key from the environment.',
      readEnvironment: 'Read process.env.{{variable}} instead.',
    },
    schema: [],
  },
  followsScope: true,
  create(context) {
    return reportSecrets(context, 'no-hardcoded-credentials', {
      password: 'password',
      'security token': 'password',
      'client secret': 'clientSecret',
      'refresh token': 'refreshToken',
      'SFDX auth URL': 'refreshToken',
      'private key': 'privateKey',
    });
  },
});
