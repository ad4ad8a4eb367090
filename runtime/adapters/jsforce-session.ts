import type { SalesforceAuth, SalesforceToken, UserInfo } from '../auth';
import { apiOf, classify } from '../classify';
import { SalesforceAuthConfigError, SalesforceSessionError } from '../errors';
import { rejectedAfterRefresh } from '../fetch';

/** What `authorize` and `withJsforce` need of a connection: jsforce 1 to 3, @jsforce/jsforce-node and node-salesforce 0.8 have it. */
export interface AuthorizableConnection {
  loginUrl: string;
  instanceUrl: string;
}

/** The inside of a connection, as the four libraries have it. */
export interface Connection extends AuthorizableConnection {
  accessToken?: string | null;
  oauth2?: { clientId?: string; loginUrl?: string; revokeServiceUrl?: string };
  emit(event: string, ...values: unknown[]): boolean;
  /** jsforce 1, node-salesforce */
  initialize?(session: object): void;
  /** jsforce 2, 3 */
  _establish?(session: object): void;
  /** jsforce 1, 2, 3 */
  _transport?: Transport;
  _refreshDelegate?: unknown;
  /** node-salesforce */
  _request?(params: Sent | string, callback?: unknown, options?: unknown): Reply<unknown>;
}

interface Transport {
  httpRequest(request: Sent, options?: unknown): Reply<Answer>;
}

/** A request as the libraries hand it to their transport: the same object again when they repeat it. */
interface Sent {
  method: string;
  url: string;
  body?: unknown;
}

interface Answer {
  statusCode: number;
  headers: Record<string, string | undefined>;
  body: unknown;
}

/** Their promises, which also give the raw stream. */
type Reply<T> = Promise<T> & { stream?: () => { src?: unknown; setHeader?: unknown } };

/** What a connection holds of an identity. */
export interface Held {
  readonly auth: SalesforceAuth;
  /** Absent where nobody asked who the token stands for. */
  readonly userInfo?: UserInfo;
  readonly token: Pick<SalesforceToken, 'accessToken' | 'instanceUrl' | 'generation' | 'isOwn'>;
}

/** A connection's part in an identity: which of its tokens it holds, and how it gets the next one. */
export class Session {
  static readonly #sessions = new WeakMap<Connection, Session>();

  static of(conn: Connection): Session {
    const session = Session.#sessions.get(conn) ?? new Session(conn);
    Session.#sessions.set(conn, session);
    return session;
  }

  readonly #conn: Connection;
  readonly #delegate: RefreshDelegate;
  /** What was current when each request was first sent. */
  readonly #firstSent = new WeakMap<Sent, { newest: number; instanceUrl: string }>();
  #held: Held | undefined;

  private constructor(conn: Connection) {
    this.#conn = conn;
    this.#delegate = new RefreshDelegate(() => this.#ours() !== undefined);
    if (conn._transport) this.#watchTransport(conn._transport);
    else this.#watchRequests();
  }

  /** The connection goes on with the token it was made with, which Salesforce may reject. */
  keep(auth: SalesforceAuth): void {
    const { accessToken, instanceUrl } = this.#conn;
    this.#conn._refreshDelegate = this.#delegate;
    // Older than any token of the identity: the first rejection brings its current one.
    this.#held = { auth, token: { accessToken: accessToken as string, instanceUrl, generation: 0, isOwn: false } };
  }

  start(held: Held): void {
    // Before the session, as login() does: initialize() wants to see who refreshes.
    this.#conn._refreshDelegate = this.#delegate;
    this.#establish(held);
    const { oauth2 } = this.#conn;
    const { loginUrl } = held.auth;
    // logout() revokes the token where it came from. A shared OAuth2 object is not ours to change.
    if (oauth2 && loginUrl !== originOf(oauth2.revokeServiceUrl)) {
      this.#conn.oauth2 = Object.assign(Object.create(oauth2) as typeof oauth2, { revokeServiceUrl: `${loginUrl}/services/oauth2/revoke` });
    }
  }

  #establish(held: Held): void {
    const { accessToken, instanceUrl } = held.token;
    this.#held = held;
    const session = { accessToken, instanceUrl, ...(held.userInfo && { userInfo: held.userInfo }) };
    if (this.#conn._establish) this.#conn._establish(session);
    else this.#conn.initialize?.(session);
  }

  /** What the connection holds of ours. Nothing once it was logged out, or given somebody else's session. */
  #ours(): Held | undefined {
    return this.#conn.accessToken === this.#held?.token.accessToken ? this.#held : undefined;
  }

  async #renew({ auth, token }: Held): Promise<void> {
    const fresh = await auth.refresh(token.generation);
    const held = this.#ours();
    // A call goes on as whoever it began as, or not at all.
    if (held?.auth !== auth) throw sessionReplaced();
    // Another call of this connection may have brought it already.
    if (held.token.generation === fresh.generation) return;
    this.#establish({ ...held, token: fresh });
    this.#conn.emit('refresh', fresh.accessToken);
  }

  /**
   * Another connection may have got a newer token meanwhile, and that one have expired as well: only the rejection of a
   * token that is younger than the call says that new tokens do not help.
   */
  #first(request: Sent, { auth, token }: Held): { newest: number; instanceUrl: string } {
    const first = this.#firstSent.get(request) ?? { newest: auth.generation, instanceUrl: token.instanceUrl };
    this.#firstSent.set(request, first);
    return first;
  }

  /**
   * The library asks its delegate by time, which cannot tell one call's second rejection from another's first. The
   * transport sees each request and its answer, so that is where the count and the generation are kept.
   */
  #watchTransport(inner: Transport): void {
    this.#conn._transport = Object.assign(Object.create(inner) as Transport, {
      httpRequest: (request: Sent, ...rest: [unknown?]): Reply<Answer> => {
        const sentWith = this.#ours();
        if (!sentWith) return inner.httpRequest(request, ...rest);
        const first = this.#first(request, sentWith);
        // jsforce 2 and 3 repeat a call at the URL they built before the refresh.
        request.url = moved(request.url, first.instanceUrl, sentWith.token.instanceUrl);
        const reply = inner.httpRequest(request, ...rest);
        const { stream } = reply;
        const judged = reply.then((answer) => this.#judge(request, answer, sentWith, stream)) as Reply<Answer>;
        if (stream) judged.stream = () => stream.call(reply);
        return judged;
      },
    });
  }

  async #judge(request: Sent, answer: Answer, sentWith: Held, stream: Reply<Answer>['stream']): Promise<Answer> {
    const { statusCode: status, headers } = answer;
    if (status < 400) return answer;
    const peek = String(answer.body).slice(0, 4096);
    const verdict = classify(status, apiOf(new URL(request.url)), { get: (name) => headers[name] ?? null }, peek);
    const errorCode = /"errorCode"\s*:\s*"(\w+)"/.exec(peek)?.[1];
    if (verdict !== 'refresh') {
      // The library would take any 401 for an expired session, and repeat the call without end.
      if (status !== 401) return answer;
      throw new SalesforceSessionError(
        'SESSION_REFUSED',
        "Salesforce refused the session for a reason no new token cures: check the user's API access in Setup",
        { status, ...(errorCode && { errorCode }) },
      );
    }
    if (isYounger(sentWith, this.#first(request, sentWith))) throw rejectedAfterRefresh(status, errorCode);
    await this.#renew(sentWith);
    if (isUpload(request, stream)) {
      throw new SalesforceSessionError(
        'BODY_NOT_REPLAYABLE',
        'The session had expired and this upload was a stream, which cannot be sent twice: it is renewed now, start the upload again',
        { status },
      );
    }
    // The one rejection that no library recognises.
    return status === 403 ? { ...answer, statusCode: 401 } : answer;
  }

  /** node-salesforce has no transport and no delegate: it rejects with Salesforce's code. */
  #watchRequests(): void {
    const inner = this.#conn._request?.bind(this.#conn);
    if (!inner) throw new SalesforceAuthConfigError('connection', 'is not a jsforce or node-salesforce connection');
    const send = (request: Sent, options: unknown): Reply<unknown> => {
      const sentWith = this.#ours();
      if (!sentWith) return inner(request, undefined, options);
      const first = this.#first(request, sentWith);
      request.url = moved(request.url, first.instanceUrl, sentWith.token.instanceUrl);
      const reply = inner(request, undefined, options);
      const { stream } = reply;
      const settled: Reply<unknown> = reply.then(undefined, async (error: { errorCode?: string; exceptionCode?: string }) => {
        const { errorCode = error.exceptionCode } = error;
        if (errorCode !== 'INVALID_SESSION_ID' && errorCode !== 'InvalidSessionId') throw error;
        if (isYounger(sentWith, first)) throw rejectedAfterRefresh(401, errorCode);
        await this.#renew(sentWith);
        return send(request, options);
      });
      if (stream) settled.stream = () => stream.call(reply);
      return settled;
    };
    this.#conn._request = (params, callback, options) => {
      const reply = send(typeof params === 'string' ? { method: 'GET', url: params } : params, options);
      return (reply as Reply<unknown> & { thenCall(callback: unknown): Reply<unknown> }).thenCall(callback);
    };
  }
}

/**
 * The libraries' refresh delegate, with the methods of jsforce 1 (an emitter with callbacks) and 2 and 3 (promises).
 * By the time they ask, the session is renewed; all that is left is to say so.
 */
class RefreshDelegate {
  /** jsforce 1 reads it before each request. */
  readonly _refreshing = false;
  readonly #isOurs: () => boolean;

  constructor(isOurs: () => boolean) {
    this.#isOurs = isOurs;
  }

  isRefreshing(): boolean {
    return false;
  }

  async waitRefresh(): Promise<void> {}

  refresh(_since: number, callback?: (error?: Error) => void): Promise<void> | undefined {
    const error = this.#isOurs() ? undefined : sessionReplaced();
    if (callback) return void callback(error);
    return error ? Promise.reject(error) : Promise.resolve();
  }
}

/** Was this token asked for after the call began? */
function isYounger({ token }: Held, first: { newest: number }): boolean {
  return token.isOwn && token.generation > first.newest;
}

function sessionReplaced(): SalesforceSessionError {
  return new SalesforceSessionError(
    'SESSION_REPLACED',
    'The session was rejected, and the connection no longer holds the one this call began with: call authorize() again',
  );
}

/** A call whose body was piped in: it is gone by the time the answer is there. */
function isUpload({ method, body }: Sent, stream: Reply<Answer>['stream']): boolean {
  if (body !== undefined || !/^(POST|PUT|PATCH)$/i.test(method)) return false;
  const raw = stream?.();
  // jsforce 1 gives the request library's object, which knows its source; in 2 and 3 no body means a stream.
  return raw?.setHeader === undefined || raw.src !== undefined;
}

function moved(url: string, from: string, to: string): string {
  return originOf(url) === from ? to + url.slice(from.length) : url;
}

function originOf(url: string | undefined): string | undefined {
  return url && URL.canParse(url) ? new URL(url).origin : undefined;
}
