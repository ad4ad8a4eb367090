import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  authorize, createSalesforceAuth, fileStore, memoryStore, type AuthorizableConnection, type SalesforceAuth, type SalesforceAuthErrorCode,
  type SalesforceAuthEventName, type SalesforceAuthOptions, type TokenRecord, type TokenStore, type UnrepeatedResponse,
} from 'salesforce-auth-client';
import { startFakeOrg, type FakeOrg, type FaultResponse } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectClean, failure, Witness, words } from './secrets';

const QUERY = '/services/data/v60.0/query?q=SELECT+Id+FROM+Account';
const DAY = 86_400_000;
const { Connection } = createRequire(import.meta.url)('jsforce-3') as { Connection: new (options: object) => AuthorizableConnection & { query(soql: string): Promise<unknown> } };
const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
let org: FakeOrg;
let witness: Witness;
let auths: SalesforceAuth[];
/** What the diagnostics channels said during a test. */
let heard: [name: string, event: unknown][];

const hear = (event: unknown, name: string | symbol) => void heard.push([String(name).replace('salesforce-auth:', ''), event]);

beforeAll(async () => {
  org = await startFakeOrg({ rotateRefreshTokens: true });
  for (const name of Object.keys(happen)) subscribe(`salesforce-auth:${name}`, hear);
});
beforeEach(() => {
  org.issueRefreshToken();
  witness = new Witness().know(org.credentials);
  auths = [];
  heard = [];
});
afterEach(() => {
  for (const auth of auths) auth.close();
  org.rejectAllSessions(false);
  org.clearFaults();
  org.setInstanceUrl(org.url);
});
afterAll(async () => {
  for (const name of Object.keys(happen)) unsubscribe(`salesforce-auth:${name}`, hear);
  rmSync(folder, { recursive: true });
  await org.close();
});

function identity(more: Partial<SalesforceAuthOptions> = {}): SalesforceAuth {
  const { clientId, clientSecret, privateKey, username, refreshToken } = org.credentials;
  const { fetch } = witness;
  const auth = createSalesforceAuth({ flow: 'refresh-token', loginUrl: org.url, clientId, clientSecret, privateKey, username, refreshToken, fetch, ...more });
  auths.push(auth);
  return auth;
}

/** Logged in, so that there is an access token to be echoed. */
async function loggedIn(more: Partial<SalesforceAuthOptions> = {}): Promise<SalesforceAuth> {
  const auth = identity(more);
  await auth.login();
  return auth;
}

/** A store whose swap of a token does this instead. */
function storeThat(swap: (next: TokenRecord) => Promise<boolean>): TokenStore {
  const inner = memoryStore();
  return { ...inner, swap: (whose, expected, next) => (next.accessToken ? swap(next) : inner.swap(whose, expected, next)) };
}

/** A store with a record in it already, of a token that nobody granted. */
async function storeWith(record: Partial<TokenRecord>): Promise<TokenStore> {
  const store = memoryStore();
  const accessToken = randomBytes(20).toString('hex');
  witness.secrets.add(accessToken);
  const of = { issuer: org.url, clientId: org.credentials.clientId, flow: 'refresh-token', subject: org.credentials.username };
  await store.swap(of, 0, { generation: 1, obtainedAt: Date.now(), accessToken, instanceUrl: org.url, ...record });
  return store;
}

const tooMany = () => ({ usage: { requests: { [Math.floor(Date.now() / 60_000)]: 3000 }, refreshes: [] } });

/** The next token request is answered with every secret there is. */
async function echoed(answer: (text: string) => FaultResponse, times = 1): Promise<unknown> {
  const auth = await loggedIn();
  org.failNext('token', times, answer(witness.echo));
  return failure(auth.login());
}

function keyOf(bytes = randomBytes(32).toString('base64')): () => string {
  witness.secrets.add(bytes);
  return () => bytes;
}

/** A connection of jsforce, with a session of this identity. */
async function connected(auth: SalesforceAuth) {
  const connection = new Connection({ loginUrl: org.url, maxRequest: 1 });
  await authorize(connection, { auth });
  return connection;
}

/** How each error comes about. */
const provoke: Record<SalesforceAuthErrorCode, () => Promise<unknown>> = {
  CONFIG_INVALID: async () => {
    const privateKey = org.credentials.privateKey.replace('BEGIN PRIVATE', 'BEGIN SECRET');
    return failure((async () => identity({ flow: 'jwt-bearer', privateKey }))());
  },
  GRANT_REFUSED: () => echoed((text) => ({ status: 400, body: { error: 'invalid_grant', error_description: text } })),
  LOGIN_RATE_EXCEEDED: () => echoed((text) => ({ status: 400, body: { error: 'invalid_grant', error_description: `LOGIN_RATE_EXCEEDED ${text}` } })),
  ROTATION_LOST: async () => {
    const auth = identity();
    org.failNext('token', 1, { destroy: true, afterProcessing: true });
    await failure(auth.token());
    return failure(auth.token());
  },
  REFRESH_STORM: async () => {
    const auth = await loggedIn({ maxRefreshesPerMinute: 1 });
    await auth.refresh(auth.generation);
    return failure(auth.refresh(auth.generation));
  },
  TOKEN_REQUEST_FAILED: () => echoed((text) => ({ status: 503, body: { error: text } }), 3),
  TOKEN_REQUEST_LOST: async () => {
    const { fetch } = witness;
    let isLost = false;
    // As a library would that tells what it was sending.
    const auth = await loggedIn({
      fetch: async (input, init) => {
        if (!isLost) return fetch(input, init);
        throw Object.assign(new TypeError(`lost ${String(init?.body)}`, { cause: new Error(witness.echo) }), { config: { data: init?.body } });
      },
    });
    isLost = true;
    return failure(auth.login());
  },
  TOKEN_RESPONSE_INVALID: () => echoed((text) => ({ status: 200, body: { access_token: [...witness.secrets].at(-1), said: text } })),
  INSECURE_URL: () => echoed((text) => ({ status: 200, body: { access_token: [...witness.secrets].at(-1), instance_url: `http://acme.example/${encodeURIComponent(text)}` } })),
  REJECTED_AFTER_REFRESH: async () => {
    const auth = await loggedIn();
    org.rejectAllSessions();
    return failure(auth.fetch(QUERY));
  },
  SESSION_REFUSED: async () => {
    const connection = await connected(identity());
    const message = `This session is not valid for use with the REST API ${witness.echo}`;
    org.failNext('data', 1, { status: 401, body: [{ message, errorCode: 'INVALID_SESSION_ID' }] });
    return failure(connection.query('SELECT Id FROM Account'));
  },
  SESSION_REPLACED: async () => {
    const { fetch } = witness;
    const given: AuthorizableConnection[] = [];
    // While one identity's session is renewed, the connection is given to another.
    const one = identity({
      fetch: async (input, init) => {
        for (const connection of given) await authorize(connection, { auth: identity({ flow: 'client-credentials' }) });
        return fetch(input, init);
      },
    });
    const connection = await connected(one);
    org.expireSessions();
    given.push(connection);
    return failure(connection.query('SELECT Id FROM Account'));
  },
  BODY_NOT_REPLAYABLE: async () => {
    const auth = await loggedIn();
    org.expireSessions();
    const body = new Blob([witness.echo]).stream();
    return ((await auth.fetch('/services/data/v60.0/sobjects/Account', { method: 'POST', body, duplex: 'half' } as RequestInit)) as UnrepeatedResponse).error;
  },
  STREAM_REJECTED: async () => {
    const { fetch } = witness;
    const rejection = '[{"channel":"/meta/connect","successful":false,"error":"401::Authentication invalid"}]';
    const auth = identity({ fetch: (input, init) => (String(input).includes('/cometd/') ? Promise.resolve(new Response(rejection)) : fetch(input, init)) });
    return ((await auth.fetch('/cometd/60.0', { method: 'POST', body: '[]' })) as UnrepeatedResponse).error;
  },
  RETRY_LATER: async () => {
    const auth = await loggedIn();
    org.failNext('data', 1, { status: 503, headers: { 'retry-after': '3600' }, body: witness.echo });
    return failure(auth.fetch(QUERY));
  },
  STORE_CONFLICT: () => failure(identity({ store: storeThat(async () => false) }).token()),
  STORE_PERSIST_FAILED: () =>
    failure(
      identity({
        store: storeThat(async (next) => {
          throw new Error(`no room for ${JSON.stringify(next)}`);
        }),
      }).token(),
    ),
  REENTRANT: async () => {
    const auth: SalesforceAuth = identity({ fetch: () => auth.fetch(QUERY) });
    return failure(auth.token());
  },
  STORE_UNAVAILABLE: async () => {
    const broken = async () => {
      throw Object.assign(new Error(`no room for ${witness.echo}`, { cause: new Error(witness.echo) }), { record: witness.echo });
    };
    return failure(identity({ store: { ...memoryStore(), read: broken } }).token());
  },
  STORE_UNREADABLE: async () => {
    await loggedIn({ store: fileStore({ folder, key: keyOf() }) });
    return failure(identity({ store: fileStore({ folder, key: keyOf() }) }).token());
  },
  STORE_LOCK_TIMEOUT: async () => {
    const shared = { folder: join(folder, 'locked'), key: keyOf(), leaseMs: 2000, waitMs: 2001 };
    const whose = { issuer: org.url, clientId: org.credentials.clientId, flow: 'refresh-token', subject: org.credentials.username };
    return fileStore(shared).withLock(whose, () => failure(identity({ store: fileStore(shared) }).token()));
  },
  CLOSED: async () => {
    const auth = await loggedIn();
    auth.close();
    return failure(auth.token());
  },
};

/** How each event comes about. */
const happen: Record<SalesforceAuthEventName, () => Promise<unknown>> = {
  login: () => loggedIn(),
  refresh: () => identity().token(),
  'refresh.start': () => identity().token(),
  'refresh.end': provoke.TOKEN_REQUEST_LOST,
  adopt: async () => {
    const store = memoryStore();
    await loggedIn({ store });
    return identity({ store }).token();
  },
  instance_changed: async () => {
    const auth = await loggedIn();
    org.setInstanceUrl(org.url.replace('127.0.0.1', 'localhost'));
    return auth.refresh(auth.generation);
  },
  reject: provoke.GRANT_REFUSED,
  'lock.wait': () => identity().token(),
  persist_failed: provoke.STORE_PERSIST_FAILED,
  storm: provoke.REFRESH_STORM,
  login_rate: async () => failure(identity({ store: await storeWith(tooMany()) }).login()),
  idle_risk: async () => {
    const auth = identity({ store: await storeWith({ obtainedAt: Date.now() - 26 * DAY }) });
    const risk = new Promise((resolve) => void auth.on('idle_risk', resolve));
    await auth.token();
    return risk;
  },
};

/** The names in the first column of a page's first table. */
function documented(page: string): string[] {
  const text = readFileSync(new URL(`../../docs/runtime/${page}`, import.meta.url), 'utf8');
  const [table = ''] = /(?:^\|.*\n)+/m.exec(text) ?? [];
  return [...table.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, name]) => name as string);
}

describe('L01: every error', () => {
  it('L01: is one that its page has, and the other way round', () => {
    expect(Object.keys(provoke).sort()).toEqual(documented('errors.md').sort());
  });

  it.each(Object.entries(provoke))('L01: %s shows no secret, nor do the events before it', async (code, cause) => {
    const error = await cause();
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code });
    expectClean(error, witness.secrets);
    expectClean(heard, witness.secrets);
  });
});

it('L01: a folder that cannot be used is named, and not its key', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const error = await failure(identity({ store: fileStore({ folder: file, key: keyOf() }) }).token());
  expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(file) as string });
  expectClean(error, witness.secrets);
});

describe('L01: every event', () => {
  it('L01: is one that its page has, and the other way round', () => {
    expect(Object.keys(happen).sort()).toEqual(documented('events.md').sort());
  });

  it.each(Object.entries(happen))('L01: %s shows no secret, user or client', async (name, cause) => {
    await cause();
    const events = heard.filter(([each]) => each === name);
    expect(events.length).toBeGreaterThan(0);
    expectClean(heard, [...witness.secrets, org.credentials.clientId, org.credentials.username]);
    for (const [, event] of events) expect(event).toMatchObject({ identity: expect.stringMatching(/^[0-9a-f]{8}$/) as string });
  });
});

it.each<SalesforceAuthErrorCode>(['GRANT_REFUSED', 'TOKEN_REQUEST_FAILED', 'TOKEN_REQUEST_LOST', 'STORE_UNAVAILABLE', 'STORE_PERSIST_FAILED'])(
  'L03: what is echoed in %s is scrubbed, not left out',
  async (code) => expect(words(await provoke[code]()).includes('[redacted]')).toBe(true),
);
