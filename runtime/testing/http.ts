import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request with its body read. */
export interface Incoming {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a handler answers. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

export const JSON_TYPE = 'application/json;charset=UTF-8';
export const XML_TYPE = 'application/xml;charset=UTF-8';

/** A JSON answer. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(value) };
}

/** A text answer of any other type. */
export function text(status: number, body: string, type = 'text/plain;charset=UTF-8'): Answer {
  return { status, headers: { 'content-type': type }, body };
}

/** 204: done, nothing to say. */
export function noContent(): Answer {
  return { status: 204, body: '' };
}

/** Reads a whole request body. */
export async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Parses JSON, or gives `undefined`: a malformed body is the client's fault, not a crash. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** The media type of a request, without its parameters. */
export function mediaType(request: Incoming): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** True when the client asked for XML before JSON. */
export function wantsXml(request: Incoming): boolean {
  return /^\s*(?:application|text)\/xml/i.test(request.headers.accept ?? '');
}
