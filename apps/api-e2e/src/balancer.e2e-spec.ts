/** What the balancer of the deployment sends once more and what it does not, and what passes through it as it comes. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_PATHS, STREAM_MEDIA_TYPES } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { Background } from './harness/background';
import { Balancer } from './harness/balancer';
import { parseServerSentEvents, turnsOf } from './harness/event-parsers';
import { HttpClient } from './harness/http-client';
import { OpenAnswer } from './harness/open-answer';

/** A replica that is ready, and does one thing to whatever else it is sent: it dies of it, or is full. */
class Ailing {
  readonly received: string[] = [];
  private readonly server: Server;

  constructor(private readonly ailment: 'dies' | 'is full') {
    this.server = createServer((request, response) => {
      if (request.url === API_PATHS.ready) {
        response.end();
        return;
      }
      this.received.push(`${request.method} ${request.url}`);
      if (this.ailment === 'dies') {
        request.socket.destroy();
      } else {
        response.writeHead(503, { 'Retry-After': '1' }).end();
      }
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
  }
}

const CLOSING = { 'Content-Type': 'application/json', Connection: 'close' };
const BODY = JSON.stringify({ script: 'def main():\n    return 1' });
/** Twice more than the first time. */
const REPEATED = 3;

describe.each(['dies', 'is full'] as const)('The balancer, of a replica that %s', (ailment) => {
  let replicas: readonly Ailing[];
  let balancer: Balancer;
  let client: HttpClient;

  beforeAll(async () => {
    replicas = [new Ailing(ailment), new Ailing(ailment)];
    balancer = await Balancer.start(await Promise.all(replicas.map((replica) => replica.listen())));
    await Promise.all(replicas.map((_, index) => balancer.sees(index, true)));
    client = new HttpClient(balancer.url);
  });

  afterAll(async () => {
    client.close();
    await balancer.stop();
    await Promise.all(replicas.map((replica) => replica.stop()));
  });

  /** Sends a request and returns which requests the replicas have received of it. */
  async function receivedOf(method: string, path: string, headers = {}): Promise<readonly string[]> {
    const before = replicas.map(({ received }) => received.length);
    const body = method === 'POST' ? { body: BODY } : {};
    // HAProxy ends a connection after an error of its own: each request has another.
    const { status } = await client.send({ method, path, headers: { ...CLOSING, ...headers }, ...body });
    expect(status).toBe(ailment === 'dies' ? 502 : 503);
    return replicas.flatMap(({ received }, index) => received.slice(before[index]));
  }

  it('sends an execution without a key of its own once', async () => {
    const path = API_PATHS.executions;
    expect(await receivedOf('POST', path)).toEqual([`POST ${path}`]);
  });

  it.each([
    ['POST', API_PATHS.executions, { 'Idempotency-Key': 'once' }],
    ['POST', API_PATHS.execute, {}],
    ['POST', API_PATHS.executeBatch, {}],
    ['POST', API_PATHS.validate, {}],
    ['GET', `${API_PATHS.executions}/1`, {}],
    ['DELETE', `${API_PATHS.executions}/1`, {}],
  ])('sends %s %s %j again, also to the other replica', async (method, path, headers) => {
    expect(await receivedOf(method, path, headers)).toEqual(
      Array<string>(REPEATED).fill(`${method} ${path}`),
    );
    expect(replicas.every(({ received }) => received.includes(`${method} ${path}`))).toBe(true);
  });
});

describe('The balancer, before a replica that serves', () => {
  let server: ApiServer;
  let balancer: Balancer;
  let client: HttpClient;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'local', MAX_SCRIPT_BYTES: '2000' });
    balancer = await Balancer.start([Number(new URL(server.client.baseUrl).port)]);
    await balancer.sees(0, true);
    client = new HttpClient(balancer.url);
  });

  afterAll(async () => {
    client.close();
    await balancer.stop();
    await server.stop();
  });

  it('lets the events of an execution through as they come, and the end of it', async () => {
    const background = new Background(client);
    const id = await background.start(
      'import time\ndef main():\n    print("first", flush=True)\n    time.sleep(8)',
    );
    const stream = await OpenAnswer.open(balancer.url, {
      ...{ method: 'GET', body: '', path: `${API_PATHS.executions}/${id}/events` },
      accept: STREAM_MEDIA_TYPES.sse,
    });
    expect(stream.status).toBe(200);
    await stream.until((text) => text.includes('first'));
    expect((await background.ask(id)).body.status).toBe('running');
    await background.cancel(id);
    const { events } = parseServerSentEvents(await stream.rest());
    expect(turnsOf(events)).toEqual(['start', 'stdout', 'cancelled', 'end']);
  });

  it('lets the events of a synchronous run through as they come', async () => {
    const script = 'import time\ndef main():\n    print("first", flush=True)\n    time.sleep(3)';
    const stream = await OpenAnswer.open(balancer.url, {
      body: { script },
      accept: STREAM_MEDIA_TYPES.sse,
    });
    await stream.until((text) => text.includes('first'));
    const since = performance.now();
    await stream.rest();
    // All of it would come at once, had it been kept back until the end.
    expect(performance.now() - since).toBeGreaterThan(1_000);
  });

  it('lets ids of requests through, those of the caller and those that the service makes', async () => {
    const sent = await client.get(API_PATHS.metadata, { 'X-Request-Id': 'of-the-caller-1' });
    expect(sent.headers['x-request-id']).toBe('of-the-caller-1');
    const made = await client.get(API_PATHS.metadata);
    expect(made.headers['x-request-id']).toMatch(/^[\w-]{8,}$/);
    expect(made.headers['x-request-id']).not.toBe(sent.headers['x-request-id']);
  });
});
