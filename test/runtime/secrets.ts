import { inspect } from 'node:util';
import { expect } from 'vitest';

/** Everything a log could show of a value. */
export function words(value: unknown): string {
  const parts = [inspect(value, { depth: 10, showHidden: true }), String(value), JSON.stringify(value) ?? ''];
  for (let error = value; error instanceof Error; error = error.cause) parts.push(error.stack ?? '', JSON.stringify(error), error.message);
  return parts.join('\n');
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
