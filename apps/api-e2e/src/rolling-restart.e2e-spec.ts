/** Two replicas behind the balancer of the deployment: one after the other is restarted under load, and nobody notices. */
import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { Balancer } from './harness/balancer';
import { freePort } from './harness/free-port';
import { HttpClient } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { openLoop, type Told } from './harness/open-loop';

/** Of both replicas together, in requests a second. */
const RATE = 50;
const IS_SAMPLE = process.env['PYCELL_PROOF'] === 'sample';
const REQUESTS = IS_SAMPLE ? 1_000 : 10_000;
const DURATION_MS = (REQUESTS / RATE) * 1_000;
/** As scale.yaml has it. */
const SETTINGS = {
  BUILD: 'cloud',
  SHUTDOWN_DELAY: '3',
  SHUTDOWN_GRACE: '15',
  // One replica alone has room for all, also on a machine that is busy with something else: a restart is tried, not a full queue.
  MAX_CONCURRENCY: '6',
  MAX_QUEUE: '1000',
  QUEUE_TIMEOUT: '60',
  LOG_LEVEL: 'error',
} as const;

/** Most are short; some are at work when their replica is told to stop. */
function scriptOf(index: number): string {
  const seconds = index % 50 === 0 ? 1 : index % 10 === 0 ? 0.1 : 0;
  return `import time\ndef main(n):\n    ${seconds > 0 ? `time.sleep(${seconds})` : 'pass'}\n    return n * n`;
}

class Replicas {
  private constructor(
    readonly ports: readonly number[],
    private readonly servers: ApiServer[],
  ) {}

  static async start(count: number): Promise<Replicas> {
    const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
    return new Replicas(ports, await Promise.all(ports.map(startOn)));
  }

  /** As an orchestrator does: told to stop, waited for, started again. */
  async restart(index: number): Promise<void> {
    await this.servers[index]?.stop();
    this.servers[index] = await startOn(this.ports[index] ?? 0);
  }

  async kill(index: number): Promise<void> {
    this.servers[index]?.process.signal('SIGKILL');
    await this.servers[index]?.process.exited;
    this.servers[index] = await startOn(this.ports[index] ?? 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}

function startOn(port: number): Promise<ApiServer> {
  return ApiServer.start({ ...SETTINGS, PORT: String(port) });
}

describeCloud('Two replicas behind the balancer of the deployment', () => {
  let replicas: Replicas;
  let balancer: Balancer;
  let client: HttpClient;

  beforeAll(async () => {
    replicas = await Replicas.start(2);
    balancer = await Balancer.start(replicas.ports);
    client = new HttpClient(balancer.url);
    await Promise.all(replicas.ports.map((_, index) => balancer.sees(index, true)));
  });

  afterAll(async () => {
    client.close();
    await balancer.stop();
    await replicas.stop();
  });

  async function run(index: number): Promise<Told> {
    const { status, body, text } = await client.execute(
      scriptOf(index),
      undefined,
      `"inputs": {"n": ${index}}`,
    );
    return status === 200 && body.result === index * index ? null : `${status} ${text.slice(0, 200)}`;
  }

  it(
    `lose none of ${REQUESTS} requests while they are restarted one after the other`,
    async () => {
      let restarts = 0;
      const ended = new AbortController();
      const restarting = (async () => {
        for (let index = 0; !ended.signal.aborted; index = 1 - index) {
          await replicas.restart(index);
          await balancer.sees(index, true);
          restarts += 1;
          await delay(300);
        }
      })();
      const failures = await openLoop(REQUESTS, RATE, run).finally(() => ended.abort());
      await restarting;
      const figures = await balancer.figures();
      process.stdout.write(
        `rolling restart: ${failures.length} failed of ${REQUESTS} at ${RATE} a second, ${restarts} restarts, ` +
          `${figures.map(({ name, requests, repeated }) => `${name}: ${requests} requests, ${repeated} repeated`).join('; ')}\n`,
      );
      expect(failures).toEqual([]);
      expect(restarts).toBeGreaterThanOrEqual(IS_SAMPLE ? 2 : 15);
      expect(figures.every(({ requests }) => requests > REQUESTS / 10)).toBe(true);
    },
    DURATION_MS + 60_000,
  );
});
