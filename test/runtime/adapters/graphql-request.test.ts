import { GraphQLClient } from 'graphql-request';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, contract, identity, instance, theOrg, useOrg } from './contract';
import type { Answer } from './relay';

const ACCOUNT_COUNT = '{ uiapi { query { Account { totalCount } } } }';

useOrg();

/** The fake org has no GraphQL: what it says of the session decides. */
const answer: Answer = async ({ path }, ask) => {
  if (!path.endsWith('/graphql')) return ask();
  const reply = await ask('/services/data/v60.0/limits', 'GET');
  return reply.status === 200 ? { ...reply, body: JSON.stringify({ data: { uiapi: { query: { Account: { totalCount: ACCOUNTS } } } } }) } : reply;
};

describe("graphql-request over an identity's fetch", () => {
  contract(async (auth) => {
    const { instanceUrl } = await auth.token();
    const client = new GraphQLClient(`${instanceUrl}/services/data/v60.0/graphql`, { fetch: auth.fetch });
    return {
      query: async () => (await client.request<{ uiapi: { query: { Account: { totalCount: number } } } }>(ACCOUNT_COUNT)).uiapi.query.Account.totalCount,
      visit: (url) => new GraphQLClient(`${url}/graphql`, { fetch: auth.fetch }).request(ACCOUNT_COUNT),
    };
  }, answer);

  it('leaves other errors to the library', async () => {
    const relay = await instance(async () => ({ status: 200, type: 'application/json', body: '{"errors":[{"message":"INVALID_SESSION_ID is only a word here"}]}' }));
    const client = new GraphQLClient(`${relay.url}/services/data/v60.0/graphql`, { fetch: identity().fetch });
    await expect(client.request(ACCOUNT_COUNT)).rejects.toMatchObject({ name: 'Error', response: { status: 200 } });
    expect(theOrg().counts.token).toBe(1);
  });
});
