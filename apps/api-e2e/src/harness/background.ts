import { request as httpRequest } from 'node:http';
import { API_PATHS, type AsynchronousExecution, type ErrorResponse } from '@pycell/contracts';
import { parseServerSentEvents, type ServerSentEvent } from './event-parsers';
import { eventually } from './eventually';
import type { HttpAnswer, HttpClient } from './http-client';

export type Headers = Readonly<Record<string, string>>;
export type BackgroundAnswer = HttpAnswer<AsynchronousExecution & ErrorResponse>;

/** A client of asynchronous executions. */
export class Background {
  constructor(
    readonly http: HttpClient,
    private readonly headers: Headers = {},
  ) {}

  post(body: object | string, headers: Headers = {}): Promise<BackgroundAnswer> {
    return this.http.send({
      method: 'POST',
      path: API_PATHS.executions,
      headers: { 'Content-Type': 'application/json', ...this.headers, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Starts one. @returns its id */
  async start(script: string, members: object = {}): Promise<string> {
    const { status, text, body } = await this.post({ script, ...members });
    if (status !== 202) {
      throw new Error(`${status}: ${text}`);
    }
    return body.id;
  }

  ask(id: string, method = 'GET'): Promise<BackgroundAnswer> {
    return this.http.send({ method, path: `${API_PATHS.executions}/${id}`, headers: this.headers });
  }

  cancel(id: string): Promise<BackgroundAnswer> {
    return this.ask(id, 'DELETE');
  }

  /** Asks until it has this status; with its outcome. */
  until(id: string, ...statuses: readonly string[]): Promise<BackgroundAnswer> {
    return eventually(
      () => this.ask(id),
      ({ body }) => statuses.includes(body.status),
      20_000,
    );
  }

  ended(id: string): Promise<BackgroundAnswer> {
    return this.until(id, 'succeeded', 'failed', 'cancelled');
  }

  events(id: string, headers: Headers = {}): Promise<HttpAnswer> {
    return this.http.send({
      path: `${API_PATHS.executions}/${id}/events`,
      headers: { ...this.headers, ...headers },
    });
  }

  /** All events, once it has ended. */
  async allEvents(id: string, after?: number): Promise<readonly ServerSentEvent[]> {
    const answer = await this.events(id, after === undefined ? {} : { 'Last-Event-ID': String(after) });
    return parseServerSentEvents(answer.text).events;
  }

  /** Opens a stream of events of which nothing is read. @returns how to end it, and its status */
  openEvents(id: string): Promise<{ status: number; read: () => Promise<string>; leave: () => void }> {
    return new Promise((resolve, reject) => {
      const url = new URL(`${API_PATHS.executions}/${id}/events`, this.http.baseUrl);
      const request = httpRequest(url, { agent: false, headers: this.headers }, (response) => {
        response.on('error', () => undefined);
        resolve({
          status: response.statusCode ?? 0,
          read: () =>
            new Promise((done) => {
              let text = '';
              response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
              response.on('close', () => done(text));
            }),
          leave: () => response.destroy(),
        });
      });
      request.on('error', reject).end();
    });
  }
}
