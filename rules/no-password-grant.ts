import { loginsIn } from '../analysis';
import { PASSWORD_GRANT, SOAP_LOGIN } from '../analysis/vocabulary/lifecycle';
import { markerOf } from '../edits';
import { createRule } from './shared/create-rule';
import { remarks } from './shared/remarks';

export default createRule('no-password-grant', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Disallow the OAuth username-password grant, which ends before SOAP `login()` does',
      preset: 'recommended',
    },
    messages: {
      passwordGrant:
        "The OAuth username-password grant through {{library}}{{note}} stops working in {{endsIn}}, before SOAP login() does ({{soapEndsIn}}); External Client Apps never had it. Use JWT bearer (same user) or client credentials.",
    },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context;
    return {
      'Program:exit'() {
        for (const login of loginsIn(sourceCode)) {
          // A marked login is `no-unfinished-migration`'s to report: one problem, one report.
          if (login.kind !== 'password-grant' || markerOf(sourceCode, login.node, 'no-password-grant')) continue;
          context.report({
            node: login.node,
            messageId: 'passwordGrant',
            data: {
              library: login.library,
              endsIn: PASSWORD_GRANT.endsIn,
              soapEndsIn: SOAP_LOGIN.endsIn,
              note: remarks(login),
            },
          });
        }
      },
    };
  },
});
