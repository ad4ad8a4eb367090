import type { SalesforceAuth, SalesforceToken } from '../auth';
import { apiOf, classify, type Api } from '../classify';
import { rejectedAfterRefresh } from '../fetch';
import { isLoopback, isTokenEndpoint } from '../hosts';
import { Redactor } from '../redact';

/** What the calls of one identity have seen: where its tokens were for, and the tokens, to know them again. */
class Seen {
  readonly instances = new Set<string>();
  readonly redactor = new Redactor();
  static readonly #of = new WeakMap<SalesforceAuth, Seen>();

  static by(auth: SalesforceAuth): Seen {
    const known = Seen.#of.get(auth);
    if (known) return known;
    const seen = new Seen();
    auth.on('refresh', ({ instanceUrl }) => seen.instances.add(instanceUrl));
    Seen.#of.set(auth, seen);
    return seen;
  }

  note(token: SalesforceToken): SalesforceToken {
    this.instances.add(token.instanceUrl);
    this.redactor.addToken(token.accessToken);
    return token;
  }
}

/** One call through somebody else's library: where it goes, with which token, and whether to send it once more. */
export class Call {
  readonly api: Api;
  readonly #auth: SalesforceAuth;
  readonly #seen: Seen;
  readonly #first: SalesforceToken;
  /** In the caller's envelope, to be replaced by ours. */
  readonly #session: string | undefined;
  readonly #url: URL;
  #token: SalesforceToken;

  private constructor(auth: SalesforceAuth, token: SalesforceToken, url: URL, session: string | undefined) {
    this.api = apiOf(url);
    this.#auth = auth;
    this.#seen = Seen.by(auth);
    this.#first = token;
    this.#token = token;
    this.#url = url;
    this.#session = session;
  }

  /** Can a call be this identity's, as far as its address tells without a token? */
  static mayBegin(auth: SalesforceAuth, address: string): boolean {
    if (!URL.canParse(address)) return true;
    const url = new URL(address);
    return mayBeOurs(url, auth, Seen.by(auth)) && !isTokenEndpoint(url);
  }

  /**
   * @param address a URL, or a path, which starts at the instance URL
   * @param body where a SOAP call has its session; one that is not ours makes the call somebody else's
   * @param session what stands for the session in `body`, when it is not one of our tokens
   * @returns undefined when the call is not this identity's: it is to go out as it is
   * @throws SalesforceAuthError when no token can be had
   */
  static async begin(auth: SalesforceAuth, address: string, body?: unknown, session?: string): Promise<Call | undefined> {
    const seen = Seen.by(auth);
    if (!Call.mayBegin(auth, address)) return undefined;
    const token = seen.note(await auth.token());
    // A "path" such as //host/ names a host of its own. Ours were checked when they became known: https, or this machine.
    const url = new URL(address, token.instanceUrl);
    if (url.origin !== auth.loginUrl && !seen.instances.has(url.origin)) return undefined;
    const inEnvelope = session ?? sessionIn(body, seen);
    return apiOf(url) === 'soap' && !inEnvelope ? undefined : new Call(auth, token, url, inEnvelope);
  }

  /** The token it goes out with now. */
  get token(): SalesforceToken {
    return this.#token;
  }

  /** Where it goes now: what was built from an instance that we have left goes to the one we are at. */
  get url(): string {
    const { href, origin, pathname, search, hash } = this.#url;
    const isLogin = origin === this.#auth.loginUrl && /^\/(services\/oauth2|id)\//.test(pathname);
    return isLogin || !this.#seen.instances.has(origin) ? href : this.#token.instanceUrl + pathname + search + hash;
  }

  /** What it goes out with. SOAP has its session in the envelope. */
  get headers(): Record<string, string> {
    if (this.api === 'soap') return {};
    // https://developer.salesforce.com/docs/atlas.en-us.264.0.api_asynch.meta/api_asynch/asynch_api_basics_session_header.htm
    return this.api === 'bulk1' ? { 'x-sfdc-session': this.#token.accessToken } : { authorization: `Bearer ${this.#token.accessToken}` };
  }

  /** No library takes these off on the way to another host: X-SFDC-Session, and the session in an envelope. */
  get mayRedirect(): boolean {
    return this.api !== 'bulk1' && this.api !== 'soap';
  }

  /** The body with the session of now. */
  body<T>(body: T): T | string {
    return this.#session && typeof body === 'string' ? body.replaceAll(this.#session, () => this.#token.accessToken) : body;
  }

  /**
   * Judges an answer, and gets a new token when it says that this one is no good.
   * @param peek the beginning of the body
   * @param isReplayable false for a body that is used up: its rejection stands, and the next call has the new token
   * @returns whether to send the call again
   * @throws SalesforceSessionError `REJECTED_AFTER_REFRESH`
   */
  async isToRepeat(status: number, headers: object | undefined, peek: string, isReplayable = true): Promise<boolean> {
    if (status < 400) return false;
    const get = (name: string) => ((headers ?? {}) as Record<string, string | undefined>)[name] ?? null;
    const verdict = classify(status, this.api, { get }, peek.slice(0, 4096));
    if (verdict !== 'refresh' && verdict !== 'restream') return false;
    // A subscription begins with a handshake, which is the caller's to repeat.
    if (!isReplayable || verdict === 'restream') {
      await this.#auth.refresh(this.#token.generation).catch(() => {});
      return false;
    }
    // Asked for after the call began, and rejected all the same: not a matter of age.
    if (this.#token !== this.#first && this.#token.isOwn) {
      throw rejectedAfterRefresh(status, /"errorCode"\s*:\s*"(\w+)"/.exec(peek)?.[1]);
    }
    this.#token = this.#seen.note(await this.#auth.refresh(this.#token.generation));
    return true;
  }

  /** The text without the tokens of this identity. */
  scrub(text: string): string {
    return this.#seen.redactor.scrub(text);
  }
}

/** Hands a token out: a call that carries it later is this identity's. */
export function know(auth: SalesforceAuth, token: SalesforceToken): SalesforceToken {
  return Seen.by(auth).note(token);
}

/** Has the caller brought a login of its own? */
export function hasCredentials(headers: object | undefined): boolean {
  return Object.entries(headers ?? {}).some(([name, value]) => /^(authorization|x-sfdc-session)$/i.test(name) && value);
}

/** A body that is used up by being sent. */
export function isStream(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return ['pipe', 'getReader', 'next'].some((method) => method in body) || Symbol.asyncIterator in body;
}

/** The beginning of a body that a library has read, as text. */
export function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof ArrayBuffer) return textOf(new Uint8Array(body));
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 4096)).toString();
  return body === undefined || body === null ? '' : JSON.stringify(body);
}

/**
 * What programs read of Node's request object: its address, its head without the tokens, and where redirects led. The
 * object itself reaches the headers, the body and the socket.
 */
export function outline(request: unknown, scrub: (text: string) => string): object | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  // follow-redirects wraps the request that is under way.
  const { _currentRequest: current } = request as { _currentRequest?: object };
  const { method, protocol, host, path, _header: head, res } = (current ?? request) as Record<string, unknown>;
  const { responseUrl } = (res ?? {}) as { responseUrl?: string };
  return { method, protocol, host, path, _header: typeof head === 'string' ? scrub(head) : head, res: { responseUrl } };
}

/** A body for an error: servers echo what they were sent. */
export function scrubbed(body: unknown, call: Call | undefined): unknown {
  if (!call || ArrayBuffer.isView(body) || isStream(body)) return body;
  if (typeof body === 'string') return call.scrub(body);
  return typeof body === 'object' && body !== null ? (JSON.parse(call.scrub(JSON.stringify(body))) as unknown) : body;
}

/** Takes members out of the sight of printing: what they hold leads to the token. They can be read as before. */
export function hide(holder: object, ...names: readonly string[]): void {
  for (const name of names) if (name in holder) Object.defineProperty(holder, name, { enumerable: false });
}

function mayBeOurs({ origin, hostname }: URL, { loginUrl }: SalesforceAuth, { instances }: Seen): boolean {
  if (origin === loginUrl || instances.has(origin)) return true;
  // The instance's URL can come before the first token: only the login tells whether it is ours.
  return /\.(salesforce\.com|salesforce\.mil|sfcrmproducts\.cn)$/.test(hostname) || isLoopback(hostname);
}

function sessionIn(body: unknown, { redactor }: Seen): string | undefined {
  const session = typeof body === 'string' ? /<(?:\w+:)?sessionId>\s*([^<\s]+)\s*</.exec(body)?.[1] : undefined;
  return session && redactor.knowsToken(session) ? session : undefined;
}
