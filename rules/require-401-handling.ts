import { heldTokens, settingsOf, type HeldToken } from '../analysis';
import { markerOf } from '../edits';
import { createRule } from './shared/create-rule';

type MessageId = 'unhandled' | 'session' | 'detected' | 'retried' | 'connection' | 'grant';

interface Options {
  /** Report tokens that a function is given as well. */
  parameters: boolean;
}

const NEXT_STEP = {
  nforce: 'Create the connection with autoRefresh: true.',
  'AJAX toolkit': 'Look for it in the failure callback, log in again or send the user to, and make the call once more.',
};

const WORDS: Record<string, string> = {
  'class field': 'a token kept in a field',
  'module variable': 'a token kept in a variable of the module',
  closure: 'a token kept in a closure',
  session: 'a token kept in a session or browser storage',
  database: 'a token read from a database',
  cache: 'a token that may come out of a cache',
  state: 'a token kept in the state of the application',
  client: 'the session that its client keeps',
  environment: 'a token from the environment',
  literal: 'a token written into the code',
  parameter: 'a token that its caller holds',
};

export default createRule<MessageId, Options>('require-401-handling', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Require that a request or connection on a held token handles the rejection of that token',
      preset: 'recommended',
      strictOptions: { parameters: true },
    },
    messages: {
      unhandled:
        'This request sends {{token}}, and nothing renews it when Salesforce answers 401 (INVALID_SESSION_ID): it fails from then on until a restart or a new login. Get a new token on 401 and send the request once more.',
      session:
        'This call runs on {{token}}, and nothing renews it when Salesforce rejects it (INVALID_SESSION_ID): it fails from then on until a restart or a new login. {{next}}',
      detected:
        'This request sends {{token}}; its rejection (401, INVALID_SESSION_ID) is recognised, but nothing gets a new token. Renew the token there and send the request once more.',
      retried:
        'This request sends {{token}}, and after a 401 (INVALID_SESSION_ID) it is sent again with the same rejected token. Get a new token before the retry, and retry once.',
      connection:
        'This connection is given a bare token and cannot renew it{{note}}: every call fails with INVALID_SESSION_ID once the session ends. Pass refreshFn, or oauth2 together with refreshToken.',
      grant:
        '`authorize()` with this grant gives no refresh token, so this connection cannot renew its session: every call fails with INVALID_SESSION_ID once it ends. Create the connection with a refreshFn that authorizes again.',
    },
    schema: [
      {
        type: 'object',
        description: 'What the rule reports.',
        properties: {
          parameters: { type: 'boolean', description: 'Report requests on a token that their function is given as a parameter too.' },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ parameters: false }],
  },
  create(context, { parameters }) {
    const { sourceCode } = context;
    const settings = settingsOf(context.settings);
    return {
      'Program:exit'() {
        for (const held of heldTokens(sourceCode, settings)) {
          if (held.holder === 'parameter' && !parameters) continue;
          // A marked place is `no-unfinished-migration`'s to report: one problem, one report.
          if (markerOf(sourceCode, held.node, 'require-401-handling')) continue;
          context.report({ node: held.node, messageId: messageOf(held), data: dataOf(held) });
        }
      },
    };
  },
});

function messageOf({ connection, sessionCall, handling }: HeldToken): MessageId {
  if (connection) return connection.kind === 'authorize' ? 'grant' : 'connection';
  return handling !== 'none' ? handling : sessionCall ? 'session' : 'unhandled';
}

function dataOf({ connection, sessionCall, holder }: HeldToken): Record<string, string> {
  if (connection?.kind === 'authorize') return {};
  if (connection) return { note: connection.note === undefined ? '' : ` (${connection.note})` };
  return { token: WORDS[holder] ?? 'a token held from earlier', ...(sessionCall && { next: NEXT_STEP[sessionCall.library] }) };
}
