import type { Clock } from './types';

/** One session: an access token and a session id are the same thing. */
export interface Session {
  readonly token: string;
  readonly format: 'opaque' | 'jwt';
  /** Which flow it came from. */
  readonly origin: 'authorization_code' | 'client_credentials' | 'jwt-bearer' | 'refresh_token' | 'password' | 'soap';
  readonly scope: string;
  /** The grant that it was refreshed from; dies with it. */
  readonly grant?: object;
  /** A restricted session (expired password) that no API accepts. */
  readonly restricted?: boolean;
  readonly createdAt: number;
  /** When a JWT-format token ends, whatever its use. */
  readonly fixedEnd?: number;
  lastActive: number;
}

/** The sessions that are alive. A token that is not here is dead or was never issued: the org answers both alike. */
export class Sessions {
  readonly #alive = new Map<string, Session>();
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  rejectAll = false;

  constructor(clock: Clock, timeoutSeconds: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutSeconds * 1000;
  }

  open(session: Omit<Session, 'createdAt' | 'lastActive'>): Session {
    const now = this.#clock.now();
    const opened: Session = { ...session, createdAt: now, lastActive: now };
    this.#alive.set(opened.token, opened);
    return opened;
  }

  /** The instant at which this session ends if nobody uses it. */
  endOf(session: Session): number {
    return session.fixedEnd ?? session.lastActive + this.#timeoutMs;
  }

  /** The live session behind a token, without touching it. */
  peek(token: string | undefined): Session | undefined {
    const session = token === undefined ? undefined : this.#alive.get(token);
    if (!session) return undefined;
    if (this.#clock.now() < this.endOf(session)) return session;
    this.#alive.delete(session.token);
    return undefined;
  }

  /** The live session behind a token that is being used for a call. */
  use(token: string | undefined): Session | undefined {
    if (this.rejectAll) return undefined;
    const session = this.peek(token);
    if (!session || session.restricted) return undefined;
    // Activity is written only in the second half of the window: with two hours, calls in the first one extend nothing.
    // https://salesforce.stackexchange.com/questions/228678/is-session-duration-guaranteed
    const now = this.#clock.now();
    if (now - session.lastActive >= this.#timeoutMs / 2) session.lastActive = now;
    return session;
  }

  end(token: string): boolean {
    return this.#alive.delete(token);
  }

  endAll(belongsTo: (session: Session) => boolean = () => true): void {
    for (const session of [...this.#alive.values()]) if (belongsTo(session)) this.#alive.delete(session.token);
  }
}
