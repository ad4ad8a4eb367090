import { uiSessionsIn } from '../analysis/ui-session';
import { createRule } from './shared/create-rule';

export default createRule('no-ui-session-id', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: 'Disallow handing the session of a browser or of a Visualforce page to API code',
      preset: 'recommended',
    },
    messages: {
      cookie:
        'The sid cookie is the web session of whoever uses this browser: no code can renew it, logging out or idling ends it, and a Lightning session is refused by the API. Get a token of your own with the OAuth web server flow and PKCE.',
      page:
        'The session id of a page belongs to whoever looks at it: no code can renew it, it differs from host to host, guests have none, and a Lightning session is refused by the API. Call Apex from the page, or get a token of your own with OAuth.',
      connection:
        "A connection to the page's own address runs on the browser's session: no code can renew that, logging out or idling ends it, and a Lightning session is refused by the API. Get a token of your own with the OAuth web server flow and PKCE, and connect to its instance_url.",
      outbound:
        'Outbound messages carry no session id since February 2026: this is always empty, and calls made with it fail with INVALID_SESSION_ID. Get a token of your own with JWT bearer or client credentials.',
    },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context;
    return {
      'Program:exit'() {
        for (const { kind, node } of uiSessionsIn(sourceCode)) context.report({ node, messageId: kind });
      },
    };
  },
});
