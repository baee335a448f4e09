import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type ReceivedSpan, spansOf } from './otlp-spans';

/** What a collector does with what it gets: takes it, refuses it, or never answers. */
export type CollectorMood = 'takes' | 'refuses' | 'hangs';

/** An OTLP collector on a free port of loopback, which keeps what it gets. */
export class TraceCollector {
  mood: CollectorMood = 'takes';
  /** Of all requests, whatever became of them. */
  readonly bodies: Buffer[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  readonly spans: ReceivedSpan[] = [];
  /** Since the start. */
  connections = 0;
  /** At once. */
  mostConnections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.connections++;
      this.sockets.add(socket);
      this.mostConnections = Math.max(this.mostConnections, this.sockets.size);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.once('end', () => {
        const body = Buffer.concat(pieces);
        this.bodies.push(body);
        this.headers.push(request.headers);
        if (this.mood === 'takes') {
          this.spans.push(...spansOf(body));
          response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
        } else if (this.mood === 'refuses') {
          response.writeHead(500).end('no room');
        }
      });
    });
  }

  static async start(): Promise<TraceCollector> {
    const server = createServer();
    const collector = new TraceCollector(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The span of a request, by its id. */
  ofRequest(requestId: string): ReceivedSpan | undefined {
    return this.spans.find(({ attributes }) => attributes['pycell.request.id'] === requestId);
  }

  /** The spans below one. */
  below({ traceId, spanId }: ReceivedSpan): readonly ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId && span.parentId === spanId);
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }
}
