import { authRetries } from '../analysis';
import { createRule } from './shared/create-rule';

/** Words of which one stands in every file that answers a rejected token. */
const SIGNS = /40[13]|unauthori[sz]ed|INVALID_SESSION|InvalidSession|expired|refresh|REQUEST_LIMIT|invalid_grant/i;

export default createRule('no-unbounded-auth-retry', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Disallow renewing a token and retrying without a limit, or on errors that a new token does not cure',
      preset: 'recommended',
    },
    messages: {
      recursion:
        'After renewing the token this calls its own function again with no limit: a token that stays refused repeats it forever, and each round counts against the login limit. Pass a flag or a counter on, and stop after one retry.',
      loop: 'This loop renews the token and goes round again with no limit: a token that stays refused repeats it forever, and each round counts against the login limit. Count the attempts, and stop after one retry.',
      interceptor:
        'This sends the request again through the client whose interceptor it stands in, with no limit: a second 401 comes back here forever. Mark the request config before the retry and reject what is marked, or retry on a client without the interceptor.',
      incurable:
        'A new token does not cure {{error}}, so renewing it here only uses up logins. Fail, or wait, on {{error}}; renew on 401 (INVALID_SESSION_ID) alone.',
    },
    schema: [],
  },
  followsScope: true,
  create(context) {
    const { sourceCode } = context;
    if (!SIGNS.test(sourceCode.text)) return {};
    return {
      'Program:exit'() {
        for (const { node, kind, error } of authRetries(sourceCode)) context.report({ node, messageId: kind, ...(error !== undefined && { data: { error } }) });
      },
    };
  },
});
