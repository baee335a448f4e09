import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { parseCallbackHost } from '../configuration/callback-options';
import { Secret } from '../configuration/secret';
import { jobBody } from '../jobs/described-job';
import { RedisProcess } from '../jobs/redis/redis-process.contract';
import type { RedisJobStore } from '../jobs/redis/redis-job-store';
import { StoresOnRedis } from '../jobs/redis/stores.contract';
import { CallbackMetrics } from './callback-metrics';
import { Callbacks } from './callbacks.module';
import { verified } from './receiver.contract';
import { HOST, Scene } from './scene.contract';

jest.setTimeout(30_000);

const GRACE_MS = 10_000;
const MASTER = Buffer.alloc(32, 9);
const scene = Scene.forEachTest();
let redis: RedisProcess;
let stores: StoresOnRedis;

beforeEach(async () => {
  redis = await RedisProcess.start();
  stores = new StoresOnRedis(redis.port);
});
afterEach(async () => {
  await stores.close();
  await redis.stop();
});

/** Starts one for a callback, as a request does. */
async function accept(store: RedisJobStore): Promise<string> {
  const accepted = await store.accept({
    owner: 'key shop',
    key: 'shop',
    maxPlaces: null,
    body: Buffer.from('{"script":"x"}'),
    idempotencyKey: null,
    callbackUrl: `https://${HOST}:${scene.receiver.port}/hook`,
  });
  if (accepted.kind !== 'accepted') {
    throw new Error(accepted.kind);
  }
  return accepted.record.id;
}

function callbacksOf(store: RedisJobStore): Callbacks {
  const host = parseCallbackHost(`${HOST}:${scene.receiver.port}`);
  const configuration = {
    redis: { host: '127.0.0.1', port: redis.port, tls: false, username: null, password: null, database: 0 },
    http: { shutdownGraceMs: GRACE_MS },
    jobs: { callbackHosts: host ? [host] : [], callbackSecret: new Secret(MASTER.toString('base64')) },
  };
  return new Callbacks(
    configuration as never,
    store,
    store,
    scene.sender,
    new CallbackMetrics(new Registry()),
  );
}

/** Runs the next one, as a worker does. */
async function runNext(store: RedisJobStore): Promise<void> {
  await store.waiting(AbortSignal.timeout(5_000));
  const job = await store.take();
  expect(await job?.begin()).toBe(true);
  await job?.end({
    httpStatus: 200,
    result: Buffer.from('[1.0, 12345678901234567890]'),
    facts: '{"execution":{"durationMs":1}}',
    output: '{"stdout":"","stderr":""}',
    artifacts: [],
  });
}

describe('callbacks of executions', () => {
  it('end at once with the service, while Redis is gone', async () => {
    const callbacks = callbacksOf(await stores.open());
    callbacks.onApplicationBootstrap();
    await delay(300);
    await redis.kill();
    await delay(300);
    const start = performance.now();
    await callbacks.onApplicationShutdown();
    // Far less than what attempts under way may take.
    expect(performance.now() - start).toBeLessThan(GRACE_MS / 2);
  });

  it('tell what GET /executions/:id answers, once, after the end of each, and are pending no more', async () => {
    const [api, worker, sending] = [await stores.open(), await stores.open(), await stores.open()];
    const callbacks = callbacksOf(sending);
    callbacks.onApplicationBootstrap();
    const ids = [await accept(api), await accept(api)];
    await delay(1_200);
    expect(scene.receiver.received).toEqual([]);

    await runNext(worker);
    await api.cancel(ids[1] ?? '');
    while (scene.receiver.received.length < 2 || (await sending.pending(10, null)).length > 0) {
      await delay(20);
    }
    const hmac = createHmac('sha256', MASTER).update('pycell callback secret\nshop').digest('base64');
    for (const request of scene.receiver.received) {
      const id = String(request.headers['webhook-id']);
      const record = await api.find(id);
      const answer = record && jobBody(record, await api.outcomeOf(id)).join('');
      expect(request.body).toContain(`"data":${answer ?? 'nothing'}}`);
      expect(verified(`whsec_${hmac}`, request)).toMatchObject({ type: 'execution.ended', data: { id } });
    }
    await delay(1_200);
    expect(scene.receiver.received.map(({ headers }) => headers['webhook-id']).sort()).toEqual(ids.sort());
    await callbacks.onApplicationShutdown();
  });
});
