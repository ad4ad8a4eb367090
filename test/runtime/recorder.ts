import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** A server that remembers what it was sent, and answers as told. */
export class Recorder {
  readonly seen: Seen[] = [];
  connections = 0;
  /** How many of them are open. */
  open = 0;
  answer: (request: Seen, response: ServerResponse) => void = (_request, response) => void response.end('{}');
  readonly #server: Server;

  constructor() {
    this.#server = createServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('end', () => {
        const request = { method: message.method ?? '', path: message.url ?? '', headers: message.headers, body: Buffer.concat(chunks) };
        this.seen.push(request);
        this.answer(request, response);
      });
    }).on('connection', (socket) => {
      this.connections += 1;
      this.open += 1;
      socket.on('close', () => (this.open -= 1));
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

  /** The first `count` requests are rejected. */
  rejectFirst(count: number, status = 401, body = '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]'): void {
    this.answer = (_request, response) => {
      if (this.seen.length > count) return void response.end('{"ok":true}');
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
