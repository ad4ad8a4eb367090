import { inspect } from 'node:util';
import type { FakeOrgCredentials } from 'salesforce-auth-client/testing';
import { expect } from 'vitest';

/** Everything a log could show of a value; more than it would, with what is hidden from printing. */
export function words(value: unknown, showHidden = true): string {
  const parts = [inspect(value, { depth: 10, showHidden }), String(value), json(value)];
  for (let error = value; error instanceof Error; error = error.cause) parts.push(error.stack ?? '', json(error), error.message);
  return parts.join('\n');
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Of what refers to itself no log shows any JSON.
    return '';
  }
}

/** None of the secrets is in it: plain, URL-encoded, JSON-escaped or base64. A failure does not print them either. */
export function expectClean(value: unknown, secrets: Iterable<string>): void {
  const text = words(value);
  let looked = 0;
  for (const secret of secrets) {
    looked += 1;
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url')]) {
      expect(text.includes(form)).toBe(false);
    }
  }
  expect(looked).toBeGreaterThan(0);
}

/** Notes every secret that a client is given, sends or gets. */
export class Witness {
  readonly secrets = new Set<string>();

  /** An org's credentials, as they are now. */
  know({ clientSecret, privateKey, refreshToken }: FakeOrgCredentials): this {
    for (const secret of [clientSecret, privateKey, privateKey.replaceAll(/-----[^-]+-----|\s/g, ''), refreshToken]) this.secrets.add(secret);
    return this;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const sent = new URLSearchParams(String(init?.body ?? ''));
    for (const name of ['assertion', 'refresh_token']) if (sent.get(name)) this.secrets.add(String(sent.get(name)));
    const response = await fetch(input, init);
    const body = String(input).endsWith('/token') ? ((await response.clone().json().catch(() => ({}))) as Record<string, unknown>) : {};
    for (const name of ['access_token', 'refresh_token']) if (typeof body[name] === 'string') this.secrets.add(body[name]);
    return response;
  };

  /** All of them in one text, as a server or library may echo them. */
  get echo(): string {
    return [...this.secrets].map((secret) => `${secret} ${encodeURIComponent(secret)} ${Buffer.from(secret).toString('base64')}`).join(' ');
  }
}

export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => expect.fail('no error'), (error: unknown) => error);
