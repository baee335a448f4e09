/** Two replicas behind the balancer of the deployment: one after the other is restarted under load, and nobody notices. */
import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS, type AsynchronousExecution } from '@pycell/contracts';
import { ApiServer, type Environment } from './harness/api-server';
import { Balancer, type ReplicaFigures } from './harness/balancer';
import { eventually } from './harness/eventually';
import { freePort } from './harness/free-port';
import { type HttpAnswer, HttpClient } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { openLoop, type Told } from './harness/open-loop';
import { RedisServer } from './harness/redis-server';

/** Of both replicas together, in requests a second; fewer where the machine has less to give. */
const MAX_RATE = 50;
/** Of what both can do at most: one restarts, which is work as well, and the other must keep up. */
const SHARE_OF_RATE = 1 / 3;
const IS_SAMPLE = process.env['PYCELL_PROOF'] === 'sample';
const REQUESTS = IS_SAMPLE ? 1_000 : 10_000;
const DURATION_MS = (REQUESTS / MAX_RATE) * 1_000;
/** The load goes on until there were so many. */
const RESTARTS = IS_SAMPLE ? 2 : 10;
const EXECUTION_RATE = 10;
const EXECUTIONS = IS_SAMPLE ? 200 : 1_000;
const LOOK_EVERY_MS = 200;
/** As scale.yaml has it. */
const SETTINGS = {
  BUILD: 'cloud',
  SHUTDOWN_DELAY: '3',
  SHUTDOWN_GRACE: '15',
  // One replica alone has room for all, also on a machine that is busy with something else: a restart is tried, not a full queue.
  MAX_CONCURRENCY: '6',
  MAX_QUEUE: '1000',
  QUEUE_TIMEOUT: '60',
  // All executions are one owner's, who may have half of what may wait.
  MAX_QUEUED_EXECUTIONS: '4000',
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
    private readonly settings: Environment,
  ) {}

  static async start(count: number, settings: Environment = {}): Promise<Replicas> {
    const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
    const servers = await Promise.all(ports.map((port) => startOn(port, settings)));
    return new Replicas(ports, servers, settings);
  }

  /** Restarts one after the other until `signal` aborts. */
  async restartUntil(signal: AbortSignal, balancer: Balancer, restarted: () => void): Promise<void> {
    for (let index = 0; !signal.aborted; index = (index + 1) % this.ports.length) {
      await this.restart(index);
      await balancer.sees(index, true);
      restarted();
      await delay(300);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  /** As an orchestrator does: told to stop, waited for, started again. */
  private async restart(index: number): Promise<void> {
    await this.servers[index]?.stop();
    this.servers[index] = await startOn(this.ports[index] ?? 0, this.settings);
  }
}

/** It may take its time: the machine is busy with the other replica. */
async function startOn(port: number, more: Environment): Promise<ApiServer> {
  const server = await ApiServer.listen({ ...SETTINGS, ...more, PORT: String(port) });
  await eventually(
    async () => (await server.client.get(API_PATHS.ready)).status,
    (status) => status === 200,
    60_000,
  );
  return server;
}

/** Replicas, the balancer before them, and a client. */
class Scene {
  private constructor(
    readonly replicas: Replicas,
    readonly balancer: Balancer,
    readonly client: HttpClient,
  ) {}

  static async start(settings: Environment = {}): Promise<Scene> {
    const replicas = await Replicas.start(2, settings);
    const balancer = await Balancer.start(replicas.ports);
    await Promise.all(replicas.ports.map((_, index) => balancer.sees(index, true)));
    return new Scene(replicas, balancer, new HttpClient(balancer.url));
  }

  /** Sends requests while replicas are restarted, until there were enough of both. @returns what failed, and what was counted */
  async underRestarts(
    count: number,
    rate: number,
    send: (index: number) => Promise<Told>,
    leastRestarts: number,
  ): Promise<{ failures: readonly string[]; restarts: number; figures: readonly ReplicaFigures[] }> {
    const ended = new AbortController();
    const seen = { restarts: 0, isOver: false };
    const restarting = this.replicas
      .restartUntil(ended.signal, this.balancer, () => (seen.restarts += 1))
      .finally(() => (seen.isOver = true));
    // Should it fail, the await below tells.
    restarting.catch(() => undefined);
    const isToGoOn = (): boolean => !seen.isOver && seen.restarts < leastRestarts;
    const failures = await openLoop(count, rate, send, isToGoOn).finally(() => ended.abort());
    await restarting;
    const { restarts } = seen;
    const figures = await this.balancer.figures();
    const told = figures.map(({ name, requests, repeated }) => `${name}: ${requests}, ${repeated} repeated`);
    process.stdout.write(
      `rolling restart: ${failures.length} failed of ${count} and more, ${rate.toFixed(0)} a second, ${restarts} restarts; ${told.join('; ')}\n`,
    );
    if (failures.length > 0) process.stdout.write(`the balancer: ${this.balancer.messages.slice(-3_000)}\n`);
    return { failures, restarts, figures };
  }

  /** How many requests a second to send. */
  async rate(): Promise<number> {
    const [requests, clients] = [60, 6];
    const since = performance.now();
    const send = async (): Promise<void> => {
      for (let n = 0; n < requests / clients; n++) {
        await this.client.execute(scriptOf(1), undefined, '"inputs": {"n": 1}');
      }
    };
    await Promise.all(Array.from({ length: clients }, send));
    const perSecond = requests / ((performance.now() - since) / 1_000);
    return Math.min(MAX_RATE, perSecond * SHARE_OF_RATE);
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.balancer.stop();
    await this.replicas.stop();
  }
}

describeCloud('Two replicas behind the balancer of the deployment', () => {
  it(
    `lose none of ${REQUESTS} requests while they are restarted one after the other`,
    async () => {
      const scene = await Scene.start();
      try {
        const send = async (index: number): Promise<Told> => {
          const members = `"inputs": {"n": ${index}}`;
          const { status, body, text } = await scene.client.execute(scriptOf(index), undefined, members);
          return status === 200 && body.result === index * index ? null : `${status} ${text.slice(0, 200)}`;
        };
        const rate = await scene.rate();
        const { failures, restarts, figures } = await scene.underRestarts(REQUESTS, rate, send, RESTARTS);
        expect(failures).toEqual([]);
        expect(restarts).toBeGreaterThanOrEqual(RESTARTS);
        expect(figures.every(({ requests }) => requests > REQUESTS / 10)).toBe(true);
      } finally {
        await scene.stop();
      }
    },
    4 * DURATION_MS + 240_000,
  );

  it(
    `lose none of ${EXECUTIONS} asynchronous executions`,
    async () => {
      const redis = await RedisServer.start(['--appendonly', 'yes', '--appendfsync', 'always']);
      const scene = await Scene.start({ ROLE: 'both', REDIS_URL: redis.url });
      try {
        const send = (index: number): Promise<Told> => executeLater(scene.client, index);
        const { failures, restarts } = await scene.underRestarts(EXECUTIONS, EXECUTION_RATE, send, 2);
        expect(failures).toEqual([]);
        expect(restarts).toBeGreaterThanOrEqual(2);
      } finally {
        await scene.stop();
        await redis.stop();
      }
    },
    (EXECUTIONS / EXECUTION_RATE) * 1_000 + 240_000,
  );
});

/** Starts an execution, asks for it until it has ended, and compares. */
async function executeLater(client: HttpClient, index: number): Promise<Told> {
  const accepted = await client.send<AsynchronousExecution>({
    method: 'POST',
    path: API_PATHS.executions,
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `restart-${index}` },
    body: JSON.stringify({ script: scriptOf(index), inputs: { n: index } }),
  });
  if (accepted.status !== 202) {
    return `not accepted: ${accepted.status} ${accepted.text.slice(0, 200)}`;
  }
  const look = async (): Promise<HttpAnswer<AsynchronousExecution>> => {
    // Asked without a pause, the more there are that wait, the less time is left to end them.
    await delay(LOOK_EVERY_MS);
    return client.get<AsynchronousExecution>(`${API_PATHS.executions}/${accepted.body.id}`);
  };
  const { status, body, text } = await eventually(
    look,
    (one) => one.status !== 200 || one.body.httpStatus !== undefined,
    90_000,
  );
  if (status !== 200) {
    return `not told: ${status} ${text.slice(0, 200)}`;
  }
  const { result } = (body.outcome ?? {}) as { readonly result?: unknown };
  return body.httpStatus === 200 && result === index * index ? null : `${status} ${text.slice(0, 300)}`;
}
