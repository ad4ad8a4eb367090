// The same call made by everybody: GET of 90 bytes of JSON, read to the end. Each client is built as its documentation says, from
// the session that the org's `begin` gave, and is loaded when it is first asked for.

/** @typedef {{ url: string, clientId: string, clientSecret: string, accessToken: string, refreshToken: string, expiresAt?: number, store?: object }} Session */

// OAuth2Fetch warns of each refresh that fails: here they are meant to.
console.warn = () => {};

const PATH = '/services/data/v60.0/limits';
const TOKEN_PATH = '/services/oauth2/token';

async function auth({ url, clientId, clientSecret, refreshToken, store }) {
  const { createSalesforceAuth } = await import('../../runtime/dist/index.mjs');
  return createSalesforceAuth({ flow: 'refresh-token', loginUrl: url, clientId, clientSecret, refreshToken, ...(store && { store }) });
}

async function json(response) {
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

/** Makes a client of a session: a function that makes one call. */
export const clients = {
  'plain fetch': async ({ url, accessToken }) => {
    return async () => json(await fetch(url + PATH, { headers: { authorization: `Bearer ${accessToken}` } }));
  },

  'auth.fetch': async (session) => {
    const ours = await auth(session);
    return async () => json(await ours.fetch(PATH));
  },

  'authorize(jsforce)': async (session) => {
    const { Connection } = (await import('jsforce-3')).default;
    const { authorize } = await import('../../runtime/dist/index.mjs');
    const connection = new Connection({ loginUrl: session.url });
    await authorize(connection, { auth: await auth(session) });
    return () => connection.request(PATH);
  },

  'withAxios': async (session) => {
    const axios = (await import('axios')).default;
    const { withAxios } = await import('../../runtime/dist/index.mjs');
    const instance = withAxios(await auth(session), axios.create());
    return async () => (await instance.get(PATH)).data;
  },

  // https://jsforce.github.io/document/#access-token-with-refresh-token
  'jsforce': async ({ url, clientId, clientSecret, accessToken, refreshToken }) => {
    const { Connection } = (await import('jsforce-3')).default;
    const oauth2 = { loginUrl: url, clientId, clientSecret, redirectUri: `${url}/callback` };
    const connection = new Connection({ oauth2, instanceUrl: url, accessToken, refreshToken });
    return () => connection.request(PATH);
  },

  // https://github.com/badgateway/oauth2-client#fetch-wrapper
  'OAuth2Fetch': async ({ url, clientId, clientSecret, accessToken, refreshToken, expiresAt = null }) => {
    const { OAuth2Client, OAuth2Fetch } = await import('@badgateway/oauth2-client');
    const wrapper = new OAuth2Fetch({
      client: new OAuth2Client({ server: url, clientId, clientSecret, tokenEndpoint: TOKEN_PATH }),
      getNewToken: () => null,
      getStoredToken: () => ({ accessToken, refreshToken, expiresAt }),
    });
    return async () => json(await wrapper.fetch(url + PATH));
  },

  // https://github.com/googleapis/google-auth-library-nodejs#oauth2
  'google-auth-library': async ({ url, clientId, clientSecret, accessToken, refreshToken, expiresAt }) => {
    const { OAuth2Client } = await import('google-auth-library');
    const client = new OAuth2Client({ clientId, clientSecret, endpoints: { oauth2TokenUrl: url + TOKEN_PATH } });
    client.setCredentials({ access_token: accessToken, refresh_token: refreshToken, ...(expiresAt && { expiry_date: expiresAt }) });
    return async () => (await client.request({ url: url + PATH })).data;
  },

  'axios-auth-refresh': (session) => axiosAuthRefresh(session, {}),
  'axios-auth-refresh, deduplicateRefresh: false': (session) => axiosAuthRefresh(session, { deduplicateRefresh: false }),
};

/** As its README has it: the refresh is the user's code, and this one keeps what it is given. https://github.com/Flyrell/axios-auth-refresh#usage */
async function axiosAuthRefresh({ url, clientId, clientSecret, accessToken, refreshToken }, options) {
  const axios = (await import('axios')).default;
  const { createAuthRefresh } = await import('axios-auth-refresh');
  const instance = axios.create({ baseURL: url });
  instance.interceptors.request.use((request) => {
    request.headers.Authorization = `Bearer ${accessToken}`;
    return request;
  });
  const refresh = async () => {
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken });
    const { data } = await axios.post(url + TOKEN_PATH, form);
    accessToken = data.access_token;
    refreshToken = data.refresh_token ?? refreshToken;
  };
  createAuthRefresh(instance, refresh, options);
  return async () => (await instance.get(PATH)).data;
}

export const OURS = ['auth.fetch', 'authorize(jsforce)', 'withAxios'];
export const PEERS = Object.keys(clients).filter((name) => name !== 'plain fetch' && !OURS.includes(name));
