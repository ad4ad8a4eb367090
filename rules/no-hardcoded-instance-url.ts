import { instanceHostsIn } from '../analysis/literals/hosts';
import { createRule } from './shared/create-rule';

export default createRule('no-hardcoded-instance-url', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: "Disallow literal instance and My Domain hosts as the base of API requests",
      preset: 'strict',
    },
    messages: {
      instance:
        'This names the instance that the org lived on once: orgs move, and since Spring \'26 Salesforce redirects such hosts no more. Send requests to the instance_url that came with the token.',
      myDomain:
        'This sends API requests to one org by name: it breaks when the My Domain is renamed or the sandbox refreshed, and sends the tokens of every other org to the wrong place. Send requests to the instance_url that came with the token.',
      lightning:
        'Lightning hosts (*.lightning.force.com) serve pages and no API: requests get a redirect or a login page instead of data. Send requests to the instance_url that came with the token.',
      lightningLogin:
        'Lightning hosts (*.lightning.force.com) take no logins: they redirect to the My Domain, and clients lose method and body on the way. Log in at the My Domain (*.my.salesforce.com).',
    },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context;
    return {
      'Program:exit'() {
        for (const { host, use, node } of instanceHostsIn(sourceCode)) {
          const messageId = host === 'my-domain' ? 'myDomain' : host === 'instance' ? 'instance' : use === 'login' ? 'lightningLogin' : 'lightning';
          context.report({ node, messageId });
        }
      },
    };
  },
});
