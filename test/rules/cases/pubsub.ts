import type { Case } from '../../support/cases';

const PUBSUB = { library: 'salesforce-pubsub-api-client' };

export const pubsub: Case[] = [
  {
    name: 'pub-sub client: literal',
    says: PUBSUB,
    code: `
      import PubSubApiClient from 'salesforce-pubsub-api-client';
      const client = new PubSubApiClient({
        ⟦authType: 'username-password'⟧,
        loginUrl: 'https://login.salesforce.com',
        username: 'jane@acme.example',
        password: 'hunter2',
      });
    `,
  },
  {
    name: 'pub-sub client: enum',
    says: PUBSUB,
    code: `
      import PubSubApiClient, { AuthType } from 'salesforce-pubsub-api-client';
      const options = { ⟦authType: AuthType.USERNAME_PASSWORD⟧, username, password };
      const client = new PubSubApiClient(options);
    `,
  },
  {
    name: 'pub-sub client of version 4: the environment',
    says: PUBSUB,
    code: `
      import PubSubApiClient from 'salesforce-pubsub-api-client';
      ⟦process.env.SALESFORCE_AUTH_TYPE = 'username-password'⟧;
      const client = new PubSubApiClient();
    `,
  },
  {
    name: 'pub-sub client of version 4: another flow in the environment',
    code: `
      import PubSubApiClient from 'salesforce-pubsub-api-client';
      process.env.SALESFORCE_AUTH_TYPE = 'oauth-jwt-bearer';
      const client = new PubSubApiClient();
    `,
  },
  {
    name: 'pub-sub client: client credentials',
    code: `
      import PubSubApiClient from 'salesforce-pubsub-api-client';
      const client = new PubSubApiClient({ authType: 'oauth-client-credentials', loginUrl, clientId, clientSecret });
    `,
  },
  {
    name: 'another client with the same option',
    code: `
      import Client from 'other-pubsub-client';
      // Feeds Salesforce.
      const client = new Client({ authType: 'username-password', username, password });
    `,
  },
];
