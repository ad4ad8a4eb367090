import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';

/** The answer to a login, whatever client it is for. */
export interface Answer {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Stands in for the `ClientRequest` of a hand-written SOAP login. What is written goes nowhere; `end()` begins the login.
 * Events are those of a request: `response`, `error`, `timeout`, `abort`, `finish`, `close`. A request that is destroyed before its
 * answer has the error of a connection that ended, `ECONNRESET`; its login may still be under way, and nobody hears of it.
 */
export class SoapLoginRequest extends Writable {
  readonly #login: () => Promise<Answer>;
  #response: IncomingMessage | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(login: () => Promise<Answer>, callback?: (response: IncomingMessage) => void) {
    super({ autoDestroy: false });
    this.#login = login;
    if (callback) this.once('response', callback);
  }

  /** Emits `timeout` where no answer came after so many milliseconds; 0 for never. As in Node, that alone ends nothing. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    clearTimeout(this.#timer);
    if (listener) this.once('timeout', listener);
    if (milliseconds > 0 && !this.#response) this.#timer = setTimeout(() => this.emit('timeout'), milliseconds).unref();
    return this;
  }

  /** `destroy()` by its old name, with an event of its own. */
  abort(): void {
    if (this.destroyed) return;
    process.nextTick(() => this.emit('abort'));
    this.destroy();
  }

  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    done();
  }

  override _final(done: () => void): void {
    done();
    this.#login().then(
      // On a later tick: what a listener throws is not for this promise.
      (answer) => process.nextTick(() => this.#answer(answer)),
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#response?.destroy();
    done(error ?? (this.#response ? null : Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })));
  }

  #answer({ status, statusText, headers, body }: Answer): void {
    if (this.destroyed) return;
    clearTimeout(this.#timer);
    const response = Object.assign(new IncomingMessage(new Socket()), { statusCode: status, statusMessage: statusText, headers, complete: true });
    this.#response = response;
    for (const end of ['end', 'close']) response.once(end, () => this.destroy());
    response.push(body);
    response.push(null);
    // As in Node, an answer that nobody listens for is dropped.
    if (!this.emit('response', response)) response.resume();
  }
}
