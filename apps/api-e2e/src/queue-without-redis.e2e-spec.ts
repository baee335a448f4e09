import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import type { HttpAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { acceptedJob, cancelJob, endOf, HELLO, jobOf, startJob } from './harness/jobs-client';
import { KEEPING, RedisServer } from './harness/redis-server';

/** Who cannot be told of an execution is told so within this time. */
const REFUSED_WITHIN_MS = 3_000;
/** What waits for longer does so each time; a machine that is busy for a while does not. */
const TRIES = 3;
const HEALING_MS = 20_000;

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** What of the service is none of Redis's business: each must be answered with 200. */
const SYNCHRONOUS = [
  [API_PATHS.execute, { script: HELLO }, '"hello"'],
  [API_PATHS.executeBatch, { script: 'def main(n):\n    return n * 2', inputs: [{ n: 21 }] }, '42'],
  [API_PATHS.validate, { script: HELLO }, '"valid":true'],
] as const;

/** How Redis goes, and how it comes back. */
const WAYS = {
  'is killed': {
    go: (redis: RedisServer) => redis.kill(),
    back: (redis: RedisServer) => redis.launch(KEEPING),
  },
  hangs: {
    go: (redis: RedisServer) => {
      redis.signal('SIGSTOP');
      return Promise.resolve();
    },
    back: (redis: RedisServer) => {
      redis.signal('SIGCONT');
      return Promise.resolve();
    },
  },
} as const;

describeCloud('A service whose Redis goes', () => {
  let redis: RedisServer;
  let api: ApiServer;
  let worker: ApiServer;

  beforeAll(async () => {
    redis = await RedisServer.start(KEEPING);
    const start = (ROLE: string): Promise<ApiServer> =>
      ApiServer.start({ BUILD: 'cloud', REDIS_URL: redis.url, ROLE, MAX_CONCURRENCY: '3' });
    [api, worker] = await Promise.all([start('api'), start('worker')]);
  });

  afterAll(async () => {
    await Promise.all([api.stop(), worker.stop()]);
    await redis.stop();
  });

  async function timed(ask: () => Promise<HttpAnswer>): Promise<{ answer: HttpAnswer; ms: number }> {
    const since = performance.now();
    const answer = await ask();
    return { answer, ms: performance.now() - since };
  }

  /** Whoever asks is refused, in time. */
  async function expectRefusals(asks: readonly (() => Promise<HttpAnswer>)[]): Promise<void> {
    let slowestMs = Infinity;
    for (let tried = 0; tried < TRIES && slowestMs >= REFUSED_WITHIN_MS; tried++) {
      const answers = await Promise.all(asks.map(timed));
      for (const { answer } of answers) {
        expect(answer).toMatchObject({ status: 503, body: { code: 'SANDBOX_UNAVAILABLE' } });
        expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
      }
      slowestMs = Math.max(...answers.map(({ ms }) => ms));
    }
    expect(slowestMs).toBeLessThan(REFUSED_WITHIN_MS);
  }

  async function expectSynchronous(): Promise<void> {
    for (const [path, body, part] of SYNCHRONOUS) {
      const request = { method: 'POST', path, headers: JSON_TYPE, body: JSON.stringify(body) };
      const answer = await api.client.send(request);
      expect([path, answer.status, answer.text]).toEqual([path, 200, expect.stringContaining(part)]);
    }
    expect((await api.client.get(API_PATHS.live)).status).toBe(200);
  }

  describe.each(Object.entries(WAYS))('which %s', (_name, { go, back }) => {
    let ended: string;

    beforeAll(async () => {
      ended = await acceptedJob(api.client, HELLO);
      expect(await endOf(api.client, ended)).toMatchObject({ status: 'succeeded', httpStatus: 200 });
      await go(redis);
    });

    it('executes, validates and takes batches as before, and is ready', async () => {
      for (let round = 0; round < 3; round++) {
        await expectSynchronous();
        await delay(500);
      }
      expect((await api.client.get(API_PATHS.ready)).status).toBe(200);
    });

    it('answers 503 with Retry-After, within 3 s, whatever is asked of executions', async () => {
      const asks = [
        () => startJob(api.client, HELLO),
        () => startJob(api.client, HELLO, { 'Idempotency-Key': 'again' }),
        () => jobOf(api.client, ended),
        () => jobOf(api.client, 'f'.repeat(32)),
        () => cancelJob(api.client, ended),
        () => api.client.get(`/executions/${ended}/events`),
      ];
      for (const ask of asks) {
        await expectRefusals([ask]);
      }
    });

    it('answers many who ask at once within the same time', async () => {
      await expectRefusals(Array.from({ length: 50 }, () => () => startJob(api.client, HELLO)));
      await expectSynchronous();
    });

    it('works again when Redis is back, without a restart, and knows what had ended', async () => {
      await back(redis);
      const { body } = await eventually(
        () => startJob(api.client, HELLO),
        ({ status }) => status === 202,
        api.patienceMs(HEALING_MS),
      );
      expect(await endOf(api.client, body.id)).toMatchObject({
        status: 'succeeded',
        outcome: { result: 'hello' },
      });
      expect((await jobOf(api.client, ended)).body).toMatchObject({
        status: 'succeeded',
        outcome: { result: 'hello' },
      });
      await expectSynchronous();
    });
  });

  it('has said nothing of errors of its own', () => {
    for (const { log } of [api, worker]) {
      expect(log).not.toMatch(/\bINTERNAL\b|[uU]nhandledPromise|unhandledRejection|uncaughtException/);
    }
    expect([api.process.hasExited, worker.process.hasExited]).toEqual([false, false]);
  });
});
