import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS, type ErrorResponse, type MetadataResponse } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { HttpClient, type HttpRequest } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { placesHeld } from './harness/scrape';
import { knock, RateWitness, readingOf, wasLetIn } from './harness/rate-witness';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const ONE = JSON.stringify({ script: 'def main(n=1):\n    return n' });

async function start(environment: Record<string, string>): Promise<ApiServer> {
  return ApiServer.start({ BUILD: 'local', ...environment });
}

describe('Rates of callers', () => {
  let server: ApiServer;

  afterEach(() => server.stop());

  it.each([
    { requests: 20, seconds: 1 },
    { requests: 40, seconds: 2 },
  ])('at 50 requests a second the headers of every answer are true: %p', async (rate) => {
    server = await start({ RATE_LIMIT: String(rate.requests), RATE_LIMIT_WINDOW: String(rate.seconds) });
    const witness = new RateWitness(rate);
    const answers = await witness.watch(server.client, 50, 6);
    expect(witness.lies).toEqual([]);
    expect(witness.faultsOfWindows).toEqual([]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400, 429]));
  });

  it('of many requests at once exactly as many are let in as the rate has, each with a number of its own', async () => {
    server = await start({ RATE_LIMIT: '20' });
    const answers = await Promise.all(Array.from({ length: 60 }, () => knock(server.client)));
    const letIn = answers.filter(wasLetIn).map((answer) => readingOf(answer).remaining);
    expect(letIn.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40);
  });

  it('lets in whoever comes again after Retry-After, and says in words what is the matter', async () => {
    server = await start({ RATE_LIMIT: '3', RATE_LIMIT_WINDOW: '1' });
    for (let round = 0; round < 5; round++) {
      const first = await knock(server.client);
      expect(wasLetIn(first)).toBe(true);
      const refused = await eventually(
        () => server.client.postRaw('{}'),
        ({ status }) => status === 429,
      );
      expect(refused.body).toMatchObject({
        code: 'RATE_LIMITED',
        error: 'No more than 3 requests in 1 second: come again in 1 second',
        requestId: refused.headers['x-request-id'],
      });
      await delay(Number(refused.headers['retry-after']) * 1000);
    }
  });

  it('keeps callers apart', async () => {
    server = await start({ RATE_LIMIT: '2' });
    const other = new HttpClient(server.client.baseUrl, undefined, '127.0.0.2');
    for (const letIn of [true, true, false]) {
      expect(wasLetIn(await knock(server.client))).toBe(letIn);
    }
    const answer = await knock(other);
    expect(readingOf(answer).remaining).toBe(1);
    other.close();
  });

  const post = (path: string, body = ONE, headers: Record<string, string> = JSON_TYPE): HttpRequest => ({
    method: 'POST',
    path,
    body,
    headers,
  });

  it('tells of the rate in every answer that it holds for, and in no other', async () => {
    server = await start({ RATE_LIMIT: '100', RATE_LIMIT_WINDOW: '3600' });
    const counted: readonly (readonly [number, HttpRequest])[] = [
      [200, post(API_PATHS.execute)],
      [200, post('/EXECUTE/')],
      [200, post(API_PATHS.execute, ONE, { ...JSON_TYPE, Accept: 'application/x-ndjson' })],
      [200, post(API_PATHS.execute, ONE, { ...JSON_TYPE, Accept: 'text/event-stream' })],
      [
        200,
        post(API_PATHS.executeBatch, '{"script":"def main(n):\\n    return n","inputs":[{"n":1},{"n":2}]}'),
      ],
      [200, post(API_PATHS.validate)],
      [400, post(API_PATHS.execute, '{')],
      [400, post(API_PATHS.validate, '{}')],
      [415, post(API_PATHS.execute, 'x', { 'Content-Type': 'text/plain' })],
      [413, post(API_PATHS.validate, 'x'.repeat(300_000))],
      [422, post(API_PATHS.execute, JSON.stringify({ script: 'def main():\n    raise ValueError' }))],
      [404, post('/execute/other')],
    ];
    let remaining = 100;
    for (const [status, request] of counted) {
      const answer = await server.client.send(request);
      expect([answer.status, readingOf(answer)]).toEqual([
        status,
        { policy: '"default";q=100;w=3600', remaining: --remaining, resetSeconds: 3_600 },
      ]);
    }
    for (const path of [API_PATHS.metadata, API_PATHS.live, API_PATHS.execute]) {
      const { headers } = await server.client.get(path);
      expect(Object.keys(headers).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
    }
  });

  it('tells in GET / the rate that the headers tell, where the caller has none of its own', async () => {
    server = await start({ RATE_LIMIT: '7', RATE_LIMIT_WINDOW: '30' });
    const { body } = await server.client.get(API_PATHS.metadata);
    expect((body as MetadataResponse).caller).toEqual({
      key: null,
      places: null,
      rate: { requests: 7, seconds: 30 },
    });
    expect(readingOf(await knock(server.client)).policy).toBe('"default";q=7;w=30');
  });

  it('says nothing where there is none', async () => {
    server = await start({});
    const { status, headers } = await server.client.postRaw(ONE);
    expect(status).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  });

  it('refuses before a body is read', async () => {
    server = await start({ RATE_LIMIT: '1' });
    await knock(server.client);
    const { port, hostname } = new URL(server.client.baseUrl);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      socket.once('data', (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.write(
        'POST /execute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{',
      );
    });
    expect(answer).toMatch(/^HTTP\/1.1 429 Too Many Requests\r\n/);
  });

  it('tells the log of a flood in a line a second', async () => {
    server = await start({ RATE_LIMIT: '1' });
    await knock(server.client);
    const flood = await Promise.all(Array.from({ length: 300 }, () => knock(server.client)));
    expect(flood.filter(({ status }) => status !== 429)).toEqual([]);
    const lines = () =>
      server.logRecords.filter(({ msg }) => msg === 'requests refused for the rate of their caller');
    const told = await eventually(
      () => lines().reduce((sum, { count }) => sum + Number(count), 0),
      (sum) => sum >= 300,
    );
    expect(told).toBe(300);
    expect(lines().length).toBeLessThan(10);
  });
});

describeCloud('Rates of callers of a service that is full', () => {
  let server: ApiServer;

  afterAll(() => server.stop());

  it('counts nothing that finds the service full before it is looked at, and tells nobody the rate of another', async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      RATE_LIMIT: '10',
      RATE_LIMIT_WINDOW: '3600',
      MAX_CONCURRENCY: '1',
      MAX_QUEUE: '0',
      METRICS_PORT: '0',
    });
    const sleeper = server.client.execute('import time\ndef main():\n    time.sleep(4)');
    await placesHeld(server, 1);
    const refusals = [];
    for (let n = 0; n < 4; n++) {
      refusals.push(await server.client.postRaw(ONE));
    }
    expect(refusals.map(({ status, body }) => [status, (body as ErrorResponse).code])).toEqual(
      Array(4).fill([503, 'SANDBOX_BUSY']),
    );
    expect(refusals.map((answer) => readingOf(answer).remaining)).toEqual([8, NaN, NaN, NaN]);
    expect(refusals.map((answer) => readingOf(answer).policy !== '')).toEqual([true, false, false, false]);
    expect((await sleeper).status).toBe(200);
    expect(readingOf(await knock(server.client)).remaining).toBe(7);
  });
});
