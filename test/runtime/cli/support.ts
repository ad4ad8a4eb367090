import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeOrg, type FakeOrg, type FakeOrgOptions } from 'salesforce-auth-client/testing';
import { afterEach } from 'vitest';

/** The built file, as people run it; `npm test` builds first. */
const cli = join(import.meta.dirname, '../../../runtime/dist/cli.cjs');

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command that runs in a process of its own. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Settles when stdout has this in it, with the match. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An org and a folder for tokens, gone after the test. */
export async function scene(options: FakeOrgOptions = {}) {
  const port = await freePort();
  const org = await startFakeOrg({ callbackUrl: `http://localhost:${port}/OauthRedirect`, ...options });
  cleanups.push(() => org.close());
  const folder = mkdtempSync(join(tmpdir(), 'salesforce-auth-cli-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const { clientId, clientSecret } = org.credentials;
  const env: Record<string, string> = {
    SALESFORCE_LOGIN_URL: org.url,
    SALESFORCE_CLIENT_ID: clientId,
    SALESFORCE_CLIENT_SECRET: clientSecret,
    SALESFORCE_TOKEN_FOLDER: folder,
    SALESFORCE_TOKEN_KEY: randomBytes(32).toString('base64'),
  };
  return { org, port, folder, env };
}

/** Runs a command; a PATH without programs, so that no browser opens. */
export function start(args: readonly string[], env: Readonly<Record<string, string>>, command = [cli]): Running {
  const child = spawn(process.execPath, [...command, ...args], { env: { PATH: '/nonexistent', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  cleanups.push(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  const said = async (pattern: RegExp) => {
    for (;;) {
      const match = pattern.exec(stdout);
      if (match) return match;
      const over = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended]);
      if (over && !pattern.test(stdout)) throw new Error(`ended with ${over.code} before it said ${pattern}: ${over.stdout}${over.stderr}`);
    }
  };
  return { child, ended, said };
}

/** The URL that a login prints. */
export async function loginUrl(running: Running): Promise<string> {
  return (await running.said(/^ {2}(http\S+)$/m))[1] ?? '';
}

/** What a user does in the browser; gives the address that the browser is sent back to. */
export async function decide(url: string, decision: 'allow' | 'deny'): Promise<URL> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' });
  return new URL(response.headers.get('location') ?? `none:${response.status}`);
}

/** Logs in from start to end. */
export async function logIn(port: number, env: Readonly<Record<string, string>>, ...args: string[]) {
  const running = start(['login', '--no-open', '--port', String(port), ...args], env);
  const url = await loginUrl(running);
  const back = await decide(url, 'allow');
  const page = await fetch(back);
  return { url: new URL(url), back, page: await page.text(), status: page.status, ...(await running.ended) };
}

/** A port that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Does the text hold the verifier that belongs to this challenge? */
export function holdsVerifier(text: string, challenge: string): boolean {
  return (text.match(/[\w.~-]{43,128}/g) ?? []).some((word) => createHash('sha256').update(word).digest('base64url') === challenge);
}

/** The org's secrets that are found in a text, by name. */
export function secretsIn(text: string, org: FakeOrg, more: Readonly<Record<string, string | undefined>> = {}): string[] {
  const { clientSecret, refreshToken, password, privateKey } = org.credentials;
  const all: Record<string, string | undefined> = { clientSecret, refreshToken, password, privateKey, ...more };
  return Object.entries(all).flatMap(([name, secret]) => {
    if (!secret) throw new Error(`no ${name} to look for`);
    return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')].some((form) => text.includes(form)) ? [name] : [];
  });
}
