const MASK = '[redacted]';
/** Shorter values would blank out ordinary words. */
const SHORTEST = 6;
/** Access tokens to remember: an error may echo one that is long gone. */
const REMEMBERED = 100;

/**
 * Knows the live secrets of one identity by value and takes them out of any text.
 * A list of key names always misses one; values do not.
 */
export class Redactor {
  readonly #credentials = new Set<string>();
  readonly #tokens = new Set<string>();

  /** Never to be forgotten: client secret, private key; of a key in lines, what is in them, too. */
  addCredential(value: string): void {
    for (const form of [value, value.replaceAll(/-----[^-]+-----|\s/g, '')]) if (form.length >= SHORTEST) this.#credentials.add(form);
  }

  /** Forgotten after a hundred newer ones: access and refresh tokens, assertions. */
  addToken(value: string): void {
    if (value.length < SHORTEST) return;
    this.#tokens.delete(value);
    this.#tokens.add(value);
    if (this.#tokens.size > REMEMBERED) this.#tokens.delete(this.#tokens.values().next().value as string);
  }

  /** Was this token of the identity seen lately? */
  knowsToken(value: string): boolean {
    return this.#tokens.has(value);
  }

  /** The text without any known secret: plain, URL-encoded, JSON-escaped, XML-escaped or base64. */
  scrub(text: string): string {
    let clean = text;
    for (const secret of [...this.#credentials, ...this.#tokens]) {
      for (const form of formsOf(secret)) clean = clean.replaceAll(form, MASK);
    }
    // A session id we never held, as faults echo it: https://github.com/joeferraro/MavensMate/issues/463
    return clean.replaceAll(/\b00D[A-Za-z0-9]{9,15}![A-Za-z0-9._]{8,}/g, MASK);
  }

  /** A stand-in for a caught error: its name, code and scrubbed message, and nothing else it carried. */
  scrubError(error: unknown): Error {
    // By shape, not by class: under Jest the errors of Node's fetch belong to another realm.
    const { name = 'Error', message = String(error), code, cause } = (error ?? {}) as Partial<Record<string, unknown>>;
    const clean = new Error(this.scrub(String(message)), cause === undefined ? undefined : { cause: this.scrubError(cause) });
    clean.name = this.scrub(String(name));
    clean.stack = `${clean.name}: ${clean.message}`;
    return typeof code === 'string' ? Object.assign(clean, { code: this.scrub(code) }) : clean;
  }
}

function formsOf(secret: string): Set<string> {
  const bytes = Buffer.from(secret);
  return new Set([
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]);
}
