import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { API_PATHS } from '@pycell/contracts';
import { OtherServer } from './other-servers';

interface Start {
  readonly idempotencyKey: string | undefined;
  /** Of the execution that came of it. */
  readonly id: string;
}

/** In front of the shared API: what goes wrong with runs in the background. */
export class BackgroundApi {
  /** Whether it has the endpoints of runs in the background; an older API has not. */
  isOlder = false;
  /** Whether it has been restarted: executions of before are not there. */
  hasForgotten = false;
  /** So many answers to a start are lost on their way, though the API has taken it. */
  lostAnswers = 0;
  /** So many starts are refused, for want of room. */
  refusals = 0;
  /** Runs that were asked for in the foreground. */
  runs = 0;
  readonly starts: Start[] = [];
  /** `Last-Event-ID` of each question for events. */
  readonly resumedAt: (string | undefined)[] = [];
  private readonly streams = new Set<ServerResponse>();
  private server: OtherServer | null = null;

  constructor(private readonly apiUrl: string) {}

  get url(): string {
    return this.server?.url ?? '';
  }

  async start(): Promise<void> {
    this.server = await OtherServer.start((request, response) => this.answer(request, response));
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /** As before the first test. */
  reset(): void {
    Object.assign(this, { isOlder: false, hasForgotten: false, lostAnswers: 0, refusals: 0, runs: 0 });
    this.starts.length = 0;
    this.resumedAt.length = 0;
  }

  /** How many connections there are for events, if events are told on each of them. */
  get tellingStreams(): number {
    const streams = [...this.streams];
    return streams.every(({ headersSent }) => headersSent) ? streams.length : 0;
  }

  /** Ends the connections on which events are told. */
  dropStreams(): void {
    for (const response of this.streams) response.destroy();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url: path = '' } = request;
    const isExecution = path.startsWith(API_PATHS.executions);
    if (isExecution && (this.isOlder || (this.hasForgotten && path !== API_PATHS.executions))) {
      request.resume();
      response.writeHead(404, { 'Content-Type': 'application/json' });
      response.end('{"error":"There is nothing at this path","code":"NOT_FOUND","requestId":"r"}');
      return;
    }
    if (path === API_PATHS.executions && this.refusals > 0) {
      this.refusals -= 1;
      request.resume();
      response.writeHead(503, { 'Content-Type': 'application/json' });
      response.end('{"error":"no place is free","code":"SANDBOX_BUSY","requestId":"r"}');
      return;
    }
    if (path === API_PATHS.execute) this.runs += 1;
    if (path.endsWith('/events')) {
      const lastId = request.headers['last-event-id'];
      this.resumedAt.push(Array.isArray(lastId) ? lastId[0] : lastId);
      this.streams.add(response);
      response.once('close', () => this.streams.delete(response));
    }
    const address = new URL(path, this.apiUrl);
    const headers = { ...request.headers, host: address.host };
    const outgoing = send(address, { method, headers }, (incoming) => {
      if (method === 'POST' && path === API_PATHS.executions) {
        void this.noteStart(request, incoming, response);
      } else if (method === 'GET' && path === API_PATHS.metadata) {
        void this.describe(incoming, response);
      } else {
        response.writeHead(incoming.statusCode ?? 502, incoming.headers);
        incoming.pipe(response);
      }
    });
    outgoing.once('error', () => response.destroy());
    response.once('close', () => outgoing.destroy());
    request.pipe(outgoing);
  }

  private async noteStart(
    request: IncomingMessage,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await textOf(incoming);
    const key = request.headers['idempotency-key'];
    this.starts.push({
      idempotencyKey: Array.isArray(key) ? key[0] : key,
      id: (JSON.parse(body) as { id: string }).id,
    });
    if (this.lostAnswers > 0) {
      this.lostAnswers -= 1;
      response.destroy();
      return;
    }
    response.writeHead(incoming.statusCode ?? 502, incoming.headers).end(body);
  }

  private async describe(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const metadata = JSON.parse(await textOf(incoming)) as { endpoints: { path: string }[] };
    const endpoints = metadata.endpoints.filter(
      ({ path }) => !this.isOlder || !path.startsWith(API_PATHS.executions),
    );
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ ...metadata, endpoints }));
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of incoming.setEncoding('utf8')) text += piece as string;
  return text;
}
