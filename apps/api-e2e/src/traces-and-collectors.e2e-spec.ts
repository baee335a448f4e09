import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer, type Environment, ServerProcess } from './harness/api-server';
import { eventually } from './harness/eventually';
import { TraceCollector } from './harness/trace-collector';
import { REGISTER, startTraced } from './harness/traced-server';

const HELLO = 'def main():\n    return "hello"';
const SECRET = 'civet7702';
const PROBE = ['--require', join(__dirname, 'harness/module-probe.cjs')];
/** Without a collector that answers, this long on a quiet machine. */
const LAST_TRACES_MS = 2_000;
/** How long a server takes to end that has nothing to wait for, and room. */
const END_MS = 2_000;

let collector: TraceCollector;
let server: ApiServer | null = null;

beforeEach(async () => {
  collector = await TraceCollector.start();
});
afterEach(async () => {
  await server?.stop();
  server = null;
  await collector.stop();
});

/** Has `count` scripts executed, one after the other; returns the slowest answer, milliseconds. */
async function executeAll(on: ApiServer, count: number): Promise<number> {
  let slowestMs = 0;
  for (let n = 0; n < count; n++) {
    const since = performance.now();
    expect((await on.client.execute(HELLO)).status).toBe(200);
    slowestMs = Math.max(slowestMs, performance.now() - since);
  }
  return slowestMs;
}

async function loadedBy(on: ApiServer): Promise<readonly string[]> {
  process.kill(on.pid, 'SIGUSR2');
  const told = await eventually(
    () => /^loaded: (.*)$/m.exec(on.log)?.[1],
    (text) => text !== undefined,
    5_000,
  );
  return JSON.parse(told) as string[];
}

async function closedPort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

const lost = (on: ApiServer): readonly Readonly<Record<string, unknown>>[] =>
  on.logRecords.filter(({ msg }) => msg === 'traces lost');

describe('Where traces are off', () => {
  it.each<[string, () => Environment]>([
    ['no variable asks for them', () => ({})],
    [
      'OTEL_SDK_DISABLED is true',
      () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: 'true' }),
    ],
    [
      'OTEL_TRACES_EXPORTER is none',
      () => ({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.url, OTEL_TRACES_EXPORTER: 'none' }),
    ],
  ])(
    'since %s, nothing of the SDK, of Redis or of callbacks is loaded, and no connection made',
    async (_why, environment) => {
      const nodeArguments = [...REGISTER, ...PROBE];
      server = await ApiServer.start({ OTEL_BSP_SCHEDULE_DELAY: '50', ...environment() }, { nodeArguments });
      await executeAll(server, 2);
      expect((await server.client.execute('1/0')).body.traceId).toBeUndefined();
      await delay(300);
      // Its interface, which does nothing by itself, is loaded by the metrics' library.
      expect((await loadedBy(server)).filter((name) => name !== '@opentelemetry/api')).toEqual([]);
      expect(collector.connections).toBe(0);
      expect(server.log).not.toContain('traceId');
    },
  );
});

describe('Where traces are on', () => {
  it('the probe of these tests sees that OpenTelemetry is loaded', async () => {
    server = await ApiServer.start(
      { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
      { nodeArguments: [...REGISTER, ...PROBE] },
    );
    expect(await loadedBy(server)).toContain('@opentelemetry/sdk-trace-base');
  });

  it('the start says so where nobody has loaded OpenTelemetry, and the service works', async () => {
    server = await ApiServer.start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    expect(server.log).toContain(
      'Traces are configured and NOT recorded: start the API by node --require ./dist/apps/api/traces/register.js dist/apps/api/main.js',
    );
    await executeAll(server, 1);
    expect(collector.connections).toBe(0);
  });

  it('an address that is none is told at the start, without repeating it', async () => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: `collector:${SECRET}` };
    const refused = new ServerProcess(environment, { nodeArguments: REGISTER });
    expect((await refused.exited).code).toBe(1);
    expect(refused.log).toContain('OTEL_EXPORTER_OTLP_ENDPOINT is no address such as');
    expect(refused.log).not.toContain(SECRET);
  });

  it('what waits is delivered before the service ends', async () => {
    server = await startTraced(collector, { OTEL_BSP_SCHEDULE_DELAY: '60000' });
    await executeAll(server, 1);
    expect(collector.spans).toEqual([]);
    await server.stop();
    expect(collector.spans.map(({ name }) => name)).toContain('POST /execute');
  });

  it('a sample of one in two leaves out whole requests', async () => {
    server = await startTraced(collector, {
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.5',
    });
    const count = 40;
    await executeAll(server, count);
    await server.stop();
    const requests = collector.spans.filter(({ kind }) => kind === 2).length;
    // Fewer than 5 or more than 35 of 40 come once in ten million times.
    expect(requests).toBeGreaterThan(4);
    expect(requests).toBeLessThan(36);
    expect(collector.spans).toHaveLength(requests * 6);
  });
});

describe('A collector', () => {
  it('that is down is told of once, and disturbs nobody', async () => {
    server = await ApiServer.start(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://user:${SECRET}@127.0.0.1:${await closedPort()}`,
        OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${SECRET}`,
        OTEL_EXPORTER_OTLP_TIMEOUT: '200',
        OTEL_BSP_SCHEDULE_DELAY: '50',
        LOG_LEVEL: 'debug',
      },
      { nodeArguments: REGISTER },
    );
    const on = server;
    expect(await executeAll(on, 20)).toBeLessThan(on.patienceMs(1_000));
    await eventually(
      () => lost(on).length,
      (count) => count > 0,
      10_000,
    );
    await executeAll(on, 10);
    await delay(500);
    expect(lost(on)).toHaveLength(1);
    expect(String(lost(on)[0]?.['cause'])).toContain('ECONNREFUSED');
    const since = performance.now();
    await on.stop();
    expect(performance.now() - since).toBeLessThan(on.patienceMs(LAST_TRACES_MS + END_MS));
    expect(on.log).not.toContain(SECRET);
  });

  it('that refuses disturbs nobody, and gets what comes when it takes again', async () => {
    collector.mood = 'refuses';
    server = await startTraced(collector, { OTEL_BSP_SCHEDULE_DELAY: '50' });
    const on = server;
    expect(await executeAll(on, 20)).toBeLessThan(on.patienceMs(1_000));
    await eventually(
      () => lost(on).length,
      (count) => count > 0,
      10_000,
    );
    expect(String(lost(on)[0]?.['cause'])).toContain('500');
    expect(lost(on)[0]?.['cause']).not.toContain('no room');
    collector.mood = 'takes';
    await executeAll(on, 1);
    await eventually(
      () => collector.spans.length,
      (count) => count >= 6,
      10_000,
    );
  });

  it('that hangs disturbs nobody, costs a bounded number of spans, and does not hold up the end', async () => {
    collector.mood = 'hangs';
    const queue = 60;
    const batch = 30;
    server = await startTraced(collector, {
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BSP_MAX_QUEUE_SIZE: String(queue),
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: String(batch),
      OTEL_EXPORTER_OTLP_TIMEOUT: '4000',
    });
    const on = server;
    expect(await executeAll(on, 50)).toBeLessThan(on.patienceMs(1_000));
    // One request at a time waits for it; the next may come before the end of one that was given up is seen here.
    expect(collector.mostConnections).toBeLessThanOrEqual(2);
    collector.mood = 'takes';
    await eventually(
      () => collector.spans.length,
      (count) => count > 0,
      20_000,
    );
    await delay(1_000);
    // Of 300: what was on its way, what fits into the queue, and what it lost in between.
    expect(collector.spans.length).toBeLessThanOrEqual(2 * batch + queue);
    await executeAll(on, 1);
    await eventually(
      () => lost(on).length,
      (count) => count > 0,
      10_000,
    );
    collector.mood = 'hangs';
    await executeAll(on, 5);
    const since = performance.now();
    await on.stop();
    expect(performance.now() - since).toBeLessThan(on.patienceMs(LAST_TRACES_MS + END_MS));
  });
});
