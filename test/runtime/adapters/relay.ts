import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status: number;
  type: string;
  body: string;
  location?: string;
}

/** What to answer to a request; `ask` asks the org, as the caller did unless told otherwise. */
export type Answer = (request: Seen, ask: (path?: string, method?: string) => Promise<Reply>) => Promise<Reply>;

/** An instance of an org, in front of it: notes what it is sent, and may hold or change the answers. */
export class Relay {
  readonly seen: Seen[] = [];
  readonly #server: Server;

  constructor(orgUrl: string, answer: Answer = (_request, ask) => ask()) {
    this.#server = createServer(async (message, response) => {
      const { method = '', url = '', headers } = message;
      const request = { method, path: url, headers, body: await text(message) };
      this.seen.push(request);
      const { host: _host, connection: _connection, 'content-length': _length, 'transfer-encoding': _encoding, ...forwarded } = headers;
      const ask = async (path = url, verb = method) => {
        const hasBody = request.body !== '' && verb !== 'GET';
        const answered = await fetch(orgUrl + path, { method: verb, headers: forwarded as Record<string, string>, ...(hasBody && { body: request.body }) });
        return { status: answered.status, type: answered.headers.get('content-type') ?? '', body: await answered.text() };
      };
      answer(request, ask).then(
        ({ status, type, body, location }) => response.writeHead(status, { 'content-type': type, ...(location && { location }) }).end(body),
        // The org cut the connection: so does its instance.
        () => message.socket.destroy(),
      );
    });
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export const REJECTION: Reply = {
  status: 401,
  type: 'application/json',
  body: '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]',
};
