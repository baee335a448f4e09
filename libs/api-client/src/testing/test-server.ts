/* eslint-disable no-restricted-imports -- Only tests use it, and those run in Node. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request was. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly atMs: number;
}

export type Answer = (response: ServerResponse, asked: Asked) => void;

/** A server on a free port that answers what a test says. */
export class TestServer {
  readonly asked: Asked[] = [];
  private readonly answers = new Map<string, Answer[]>();
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  /** @returns its address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** @param answers to `METHOD /path`, in turn; the last is for all that follow */
  on(what: string, ...answers: Answer[]): void {
    this.asked.length = 0;
    this.answers.set(what, answers);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) {
      body += piece as string;
    }
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, headers, body, atMs: performance.now() };
    this.asked.push(asked);
    const answers = this.answers.get(`${method} ${path}`) ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer) {
      answer(response, asked);
    } else {
      response.writeHead(500).end(`nothing is said about ${method} ${path}`);
    }
  }
}

/** An answer that has come whole. */
export function json(
  status: number,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (response) => {
    response.writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'X-Request-Id': 'r-head',
      ...headers,
    });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** An answer that comes bit by bit. */
export function stream(mediaType: string, send: (response: ServerResponse) => void): Answer {
  return (response) => {
    response.writeHead(200, { 'Content-Type': mediaType });
    response.flushHeaders();
    send(response);
  };
}

/** A connection that is lost before anything is said. */
export const lost: Answer = (response) => void response.destroy();

export const EXECUTION = {
  id: 'e1',
  isolation: 'nsjail',
  durationMs: 1.1,
  limits: { timeoutMs: 10_000, memoryMb: 512 },
  timings: { queueMs: 0, policyMs: 0, startMs: 0.1, runMs: 0.6, resultMs: 0.4 },
} as const;

/** The body of a 200 whose result is that text. */
export function executed(resultText: string, more: Readonly<Record<string, unknown>> = {}): string {
  const rest = JSON.stringify({ stdout: '', stderr: '', artifacts: [], execution: EXECUTION, ...more });
  return `{"result":${resultText},${rest.slice(1)}`;
}

export function failed(code: string, more: Readonly<Record<string, unknown>> = {}): object {
  return { error: `about ${code}`, code, requestId: 'r1', ...more };
}
