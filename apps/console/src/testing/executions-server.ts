/* eslint-disable no-restricted-imports -- Only tests use it, and those run in Node. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request was. */
export interface AskedOfServer {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse, asked: AskedOfServer) => void;

/** A server on a free port that answers what a test says. */
export class ExecutionsServer {
  readonly asked: AskedOfServer[] = [];
  /** By method and path, as `GET /executions/ID`; the first of several is for the first request. */
  readonly answers: Record<string, Answer[]> = {};
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** @param answers the last is for all that follow */
  on(what: string, ...answers: Answer[]): void {
    this.answers[what] = answers;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece as string;
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, headers, body };
    this.asked.push(asked);
    const answers = this.answers[`${method} ${path}`] ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer) answer(response, asked);
    else response.writeHead(500).end(`nothing is said about ${method} ${path}`);
  }
}

/** An answer that has come whole. */
export function json(status: number, body: object | string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Server-sent events. */
export function events(send: (response: ServerResponse, asked: AskedOfServer) => void): Answer {
  return (response, asked) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    send(response, asked);
  };
}

export function event(id: number, type: string, data: object): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
