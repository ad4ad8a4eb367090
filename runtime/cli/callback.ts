import { createServer, type RequestListener, type Server } from 'node:http';
import { page, type Words } from './page';
import { UsageError } from './surroundings';

/**
 * Port and path of the `sf` CLI, so that the callback URL that many apps already have fits.
 * https://github.com/forcedotcom/sfdx-core/blob/main/src/webOAuthServer.ts
 */
export const DEFAULT_PORT = 1717;
const PATH = '/OauthRedirect';

/** What `localhost` may mean to a browser. */
const LOOPBACK = ['127.0.0.1', '::1'];

/** The browser came back from Salesforce, and waits for a page. */
export interface Return {
  readonly url: URL;
  /** Shows the page; settles when the browser has it, or has gone. */
  show(words: Words): Promise<void>;
}

/** Listens, on this machine's own addresses only, for the one return of a login. */
export class CallbackServer {
  readonly redirectUri: string;
  /** The return with our `state`. */
  readonly returned: Promise<Return>;
  readonly #servers: Server[] = [];

  /** @param onStranger told of a request with another `state`: it is no answer to this login, and the wait goes on */
  static async start(port: number, state: string, onStranger: (parameters: URLSearchParams) => void): Promise<CallbackServer> {
    const server = new CallbackServer(port, state, onStranger);
    try {
      for (const host of LOOPBACK) await server.#listen(port, host);
    } catch (error) {
      server.close();
      throw error;
    }
    return server;
  }

  readonly #serve: RequestListener;

  private constructor(port: number, state: string, onStranger: (parameters: URLSearchParams) => void) {
    this.redirectUri = `http://localhost:${port}${PATH}`;
    let isWaiting = true;
    const { promise, resolve } = withResolvers<Return>();
    this.returned = promise;
    this.#serve = (request, response) => {
      const show = (status: number, words: Words) =>
        new Promise<void>((done) => {
          const { headers, html } = page(words);
          if (request.socket.destroyed) return done();
          response.once('close', done).writeHead(status, { ...headers, connection: 'close' }).end(html);
        });
      const url = new URL(`http://localhost:${port}${request.url?.startsWith('/') ? request.url : '/'}`);
      if (request.method !== 'GET' || url.pathname !== PATH || !isWaiting) {
        return void show(404, { title: 'Not found', text: 'There is nothing here.' });
      }
      if (url.searchParams.get('state') !== state) {
        onStranger(url.searchParams);
        return void show(400, { title: 'Not this login', text: 'This answer belongs to another login. Nothing was done with it.' });
      }
      isWaiting = false;
      resolve({ url, show: (words) => show(words.isRefusal ? 400 : 200, words) });
    };
  }

  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #listen(port: number, host: string): Promise<void> {
    const server = createServer(this.#serve);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen({ port, host, exclusive: true }, resolve);
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A machine without IPv6 has no ::1.
      if (host === '::1' && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) return;
      const reason = code === 'EADDRINUSE' ? 'is used by another program' : `cannot be listened on (${code})`;
      throw new UsageError(
        `port ${port} ${reason}: end that program, or choose another with --port and add http://localhost:PORT${PATH} to the app's callback URLs`,
      );
    }
    this.#servers.push(server);
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
