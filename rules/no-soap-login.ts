import { loginsIn } from '../analysis';
import { LAST_RETIRED_API_VERSION, SOAP_LOGIN } from '../analysis/vocabulary/lifecycle';
import { markerOf } from '../edits';
import { createRule } from './shared/create-rule';
import { remarks } from './shared/remarks';

export default createRule('no-soap-login', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Disallow SOAP `login()`, which Salesforce retires',
      preset: 'recommended',
    },
    messages: {
      soapLogin:
        "SOAP login() through {{library}} stops working in {{endsIn}} (API 31.0 to {{lastVersion}}.0) and does not exist in API {{firstWithout}}.0 and later{{note}}. Log in with OAuth: JWT bearer keeps the same user.",
      notInThisVersion:
        'SOAP login() through {{library}} fails today: API {{version}}.0 does not have it (INVALID_OPERATION), and no version has it after {{endsIn}}{{note}}. Log in with OAuth: JWT bearer keeps the same user.',
      retiredVersion:
        'SOAP login() through {{library}} fails today: API {{version}}.0 is retired (UNSUPPORTED_API_VERSION), and login() goes from every version in {{endsIn}}{{note}}. Log in with OAuth: JWT bearer keeps the same user.',
    },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context;
    return {
      'Program:exit'() {
        for (const login of loginsIn(sourceCode)) {
          // A marked login is `no-unfinished-migration`'s to report: one problem, one report.
          if (login.kind !== 'soap-login' || markerOf(sourceCode, login.node, 'no-soap-login')) continue;
          const version = login.apiVersion;
          const messageId =
            version === undefined ? 'soapLogin'
            : version > SOAP_LOGIN.lastApiVersion ? 'notInThisVersion'
            : version <= LAST_RETIRED_API_VERSION ? 'retiredVersion'
            : 'soapLogin';
          context.report({
            node: login.node,
            messageId,
            data: {
              library: login.library,
              endsIn: SOAP_LOGIN.endsIn,
              lastVersion: SOAP_LOGIN.lastApiVersion,
              firstWithout: SOAP_LOGIN.lastApiVersion + 1,
              version: version === undefined ? '' : Math.floor(version),
              note: remarks(login),
            },
          });
        }
      },
    };
  },
});
