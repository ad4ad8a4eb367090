import { createRequire } from 'node:module';
import { SalesforceSessionError, withJsforce } from 'salesforce-auth-client';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, identity, theOrg, useOrg } from './contract';

useOrg();

interface Conn {
  loginUrl: string;
  instanceUrl: string;
  accessToken: string | null;
  query(soql: string): Promise<{ totalSize: number }>;
}
type Library = { Connection: new (options: object) => Conn };

const load = createRequire(import.meta.url) as (name: string) => Library;
const SOQL = 'SELECT Id FROM Account';
const names = ['jsforce-1', 'jsforce-2', 'jsforce-3', '@jsforce/jsforce-node', 'node-salesforce'];

describe.each(names.map((name) => [name, load(name)] as const))('withJsforce, %s', (_name, { Connection }) => {
  const bare = (accessToken?: string) => new Connection({ instanceUrl: theOrg().url, version: '50.0', logLevel: 'FATAL', ...(accessToken && { accessToken }) });
  /** A connection whose token somebody else got, and which has just died. */
  const expired = async (auth = identity()) => {
    const { accessToken } = await identity().token();
    const conn = withJsforce(auth, bare(accessToken));
    expect((await conn.query(SOQL)).totalSize).toBe(ACCOUNTS);
    theOrg().expireSessions();
    theOrg().resetCounts();
    return conn;
  };

  it('gives the same connection back, and asks for no token while the one it has is good', async () => {
    const { accessToken } = await identity().token();
    theOrg().resetCounts();
    const conn = bare(accessToken);
    expect(withJsforce(identity(), conn)).toBe(conn);
    expect((await conn.query(SOQL)).totalSize).toBe(ACCOUNTS);
    expect(conn.accessToken).toBe(accessToken);
    expect(theOrg().counts.token).toBe(0);
  });

  it('outlives its token, and ten of those that follow, with one token request each', async () => {
    const conn = await expired();
    for (let expiry = 1; expiry <= 11; expiry++) {
      expect((await conn.query(SOQL)).totalSize).toBe(ACCOUNTS);
      expect(theOrg().counts.token).toBe(expiry);
      theOrg().expireSessions();
    }
  });

  it('takes one token request for 50 calls at once', async () => {
    const conn = await expired();
    const answers = await Promise.all(Array.from({ length: 50 }, () => conn.query(SOQL)));
    expect(answers.every(({ totalSize }) => totalSize === ACCOUNTS)).toBe(true);
    expect(theOrg().counts.token).toBe(1);
  });

  it('shares the refresh between two connections of one identity', async () => {
    const auth = identity();
    const { accessToken } = await identity().token();
    const conns = [withJsforce(auth, bare(accessToken)), withJsforce(auth, bare(accessToken))];
    theOrg().expireSessions();
    theOrg().resetCounts();
    await Promise.all(conns.flatMap((conn) => Array.from({ length: 10 }, () => conn.query(SOQL))));
    expect(theOrg().counts.token).toBe(1);
    expect(conns[0]?.accessToken).toBe(conns[1]?.accessToken);
  });

  it('gets a token where it has none', async () => {
    const conn = withJsforce(identity(), bare());
    expect((await conn.query(SOQL)).totalSize).toBe(ACCOUNTS);
    expect((await conn.query(SOQL)).totalSize).toBe(ACCOUNTS);
    expect(theOrg().counts.token).toBe(1);
  });

  it('gives a permanent rejection up after two requests and one token request', async () => {
    const conn = await expired();
    theOrg().rejectAllSessions();
    theOrg().resetCounts();
    const error: unknown = await conn.query(SOQL).then(undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(SalesforceSessionError);
    expect(error).toMatchObject({ code: 'REJECTED_AFTER_REFRESH', errorCode: 'INVALID_SESSION_ID', status: 401 });
    expect(theOrg().counts).toMatchObject({ token: 1, data: 2 });
    theOrg().rejectAllSessions(false);
    expect((await conn.query(SOQL)).totalSize).toBe(ACCOUNTS);
  });

  it('follows an instance URL that changes with the refresh', async () => {
    const conn = await expired();
    const moved = theOrg().url.replace('127.0.0.1', 'localhost');
    theOrg().setInstanceUrl(moved);
    expect((await conn.query(SOQL)).totalSize).toBe(ACCOUNTS);
    expect(conn.instanceUrl).toBe(moved);
    expect(theOrg().counts.token).toBe(1);
  });

  it('twice is once', async () => {
    const auth = identity();
    const conn = withJsforce(auth, await expired(auth));
    expect((await conn.query(SOQL)).totalSize).toBe(ACCOUNTS);
    expect(theOrg().counts).toMatchObject({ token: 1, data: 2 });
  });

  it('leaves a session alone that somebody else put on the connection', async () => {
    const conn = await expired();
    conn.accessToken = ['00D000000000001', 'not-ours'].join('!');
    await expect(conn.query(SOQL)).rejects.toThrow();
    expect(theOrg().counts).toMatchObject({ token: 0, data: 1 });
  });
});
