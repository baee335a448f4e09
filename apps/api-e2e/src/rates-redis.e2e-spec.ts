import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import type { HttpAnswer } from './harness/http-client';
import { knock, RateWitness, readingOf, wasLetIn } from './harness/rate-witness';
import { RedisServer } from './harness/redis-server';

const PASSWORD = 'a/password#of @Redis';
/** More than a request may wait for a Redis that hangs, on a machine that does much else; Redis has 100 ms. */
const PATIENCE_MS = 1_000;
const HANGS_MS = 7_000;

let redis: RedisServer;
let servers: ApiServer[] = [];

/** Starts a server. Whether its sandbox is ready does not matter: nothing is executed. */
async function start(environment: Record<string, string>): Promise<ApiServer> {
  const server = await ApiServer.listen({ BUILD: 'local', REDIS_URL: redis.url, ...environment });
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
  await redis.stop();
});

/** Of what counts rates: asynchronous executions say as much of the same Redis. */
const linesOf = (server: ApiServer, beginning: string): string[] =>
  server.logRecords
    .filter(({ context }) => context === 'Rates')
    .map(({ msg }) => String(msg))
    .filter((msg) => msg.startsWith(beginning));

const said = (server: ApiServer, beginning: string): Promise<string[]> =>
  eventually(
    () => linesOf(server, beginning),
    (lines) => lines.length > 0,
  );

/** Sends requests one after the other, 50 a second, until told to stop; returns what came, and how long each took. */
function pour(server: ApiServer): () => Promise<{ answers: HttpAnswer[]; slowestMs: number }> {
  const answers: HttpAnswer[] = [];
  let slowestMs = 0;
  const over = new AbortController();
  const work = (async () => {
    while (!over.signal.aborted) {
      const since = performance.now();
      answers.push(await knock(server.client));
      slowestMs = Math.max(slowestMs, performance.now() - since);
      await delay(20);
    }
  })();
  return async () => {
    over.abort();
    await work;
    return { answers, slowestMs };
  };
}

describe('Rates that two servers count in one Redis', () => {
  beforeEach(async () => {
    redis = await RedisServer.start();
  });

  it('are those of both together: one after the other, and all at once', async () => {
    const rate = { RATE_LIMIT: '20', RATE_LIMIT_WINDOW: '600' };
    const [one, other] = await Promise.all([start(rate), start(rate)]);
    const turns: HttpAnswer[] = [];
    for (let n = 0; n < 10; n++) {
      turns.push(await knock(n % 2 === 0 ? one.client : other.client));
    }
    expect(turns.map((answer) => readingOf(answer).remaining)).toEqual([
      19, 18, 17, 16, 15, 14, 13, 12, 11, 10,
    ]);
    const crowd = await Promise.all(
      Array.from({ length: 40 }, (_, n) => knock(n % 2 === 0 ? one.client : other.client)),
    );
    const letIn = crowd.filter(wasLetIn).map((answer) => readingOf(answer).remaining);
    expect(letIn.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(redis.command('GET', 'pycell:rate:600:127.0.0.1')).toBe('20');
    expect(Number(redis.command('TTL', 'pycell:rate:600:127.0.0.1'))).toBeLessThanOrEqual(600);
  });

  it.each([
    { requests: 20, seconds: 1 },
    { requests: 40, seconds: 2 },
  ])('have headers that are true in every answer at 50 requests a second: %p', async (rate) => {
    const settings = {
      RATE_LIMIT: String(rate.requests),
      RATE_LIMIT_WINDOW: String(rate.seconds),
      RATE_LIMIT_WITHOUT_REDIS: 'closed',
    };
    let witness = new RateWitness(rate);
    // Once more where the machine stood still for so long that Redis was taken for gone: then no headers are sent.
    for (let tries = 1; ; tries++) {
      const server = await start(settings);
      await witness.watch(server.client, 50, 6);
      if (tries === 3 || linesOf(server, 'Redis is gone').length === 0) {
        break;
      }
      witness = new RateWitness(rate);
      redis.command('DEL', `pycell:rate:${rate.seconds}:127.0.0.1`);
    }
    expect(witness.lies).toEqual([]);
    expect(witness.faultsOfWindows).toEqual([]);
  });

  it.each([
    ['a window that ends later than any, as after the clock of Redis was set back', ['20', 'EX', '86400']],
    ['a window without an end', ['20']],
    ['what is no number', ['x', 'EX', '30']],
  ])('begin anew where Redis has %s', async (_name, [value = '', ...end]) => {
    const server = await start({ RATE_LIMIT: '20', RATE_LIMIT_WITHOUT_REDIS: 'closed' });
    redis.command('SET', 'pycell:rate:60:127.0.0.1', value, ...end);
    const answer = await knock(server.client);
    expect([wasLetIn(answer), readingOf(answer)]).toEqual([
      true,
      { policy: '"default";q=20;w=60', remaining: 19, resetSeconds: 60 },
    ]);
  });
});

describe('A Redis that goes while requests come', () => {
  it('leaves each server to count for itself, if it is to be open: killed, and started again', async () => {
    redis = await RedisServer.start();
    const server = await start({ RATE_LIMIT: '100000' });
    const stop = pour(server);
    await delay(300);
    await redis.kill();
    await said(server, 'Redis is gone (');
    await delay(1_000);
    await redis.launch();
    await said(server, 'Redis is back');
    redis.command('DEL', 'pycell:rate:60:127.0.0.1');
    await delay(500);
    const { answers, slowestMs } = await stop();
    expect(answers.filter((answer) => !wasLetIn(answer))).toEqual([]);
    expect(answers.every((answer) => readingOf(answer).policy !== '')).toBe(true);
    expect(slowestMs).toBeLessThan(server.patienceMs(PATIENCE_MS));
    expect(Number(redis.command('GET', 'pycell:rate:60:127.0.0.1'))).toBeGreaterThan(0);
    const gone = linesOf(server, 'Redis is gone').length;
    // A stall of the machine may look like one more loss, which is told once, as is its end.
    expect(gone).toBeLessThanOrEqual(3);
    expect(linesOf(server, 'Redis is back')).toHaveLength(gone);
  });

  it('keeps to the rate meanwhile', async () => {
    redis = await RedisServer.start();
    const server = await start({ RATE_LIMIT: '5', RATE_LIMIT_WINDOW: '600' });
    await redis.kill();
    await said(server, 'Redis is gone (');
    const answers = [];
    for (let n = 0; n < 7; n++) {
      answers.push(await knock(server.client));
    }
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 429, 429]);
  });

  it.each(['open', 'closed'])(
    'holds up a request once when it hangs, and no further one: %s',
    async (without) => {
      redis = await RedisServer.start();
      const server = await start({ RATE_LIMIT: '100000', RATE_LIMIT_WITHOUT_REDIS: without });
      const stop = pour(server);
      await delay(300);
      redis.signal('SIGSTOP');
      const [gone] = await said(server, 'Redis is gone (');
      expect(gone).toContain('(TIMEOUT)');
      // Longer than a connection on which nothing comes is kept.
      await delay(HANGS_MS);
      redis.signal('SIGCONT');
      await said(server, 'Redis is back');
      await delay(300);
      const { answers, slowestMs } = await stop();
      expect(slowestMs).toBeLessThan(Math.min(server.patienceMs(PATIENCE_MS), HANGS_MS / 2));
      expect(new Set(answers.map(({ status }) => status))).toEqual(
        new Set(without === 'open' ? [400] : [400, 503]),
      );
      expect(answers.at(-1)?.status).toBe(400);
    },
  );

  it('has who has a rate refused, if it is to be closed: at the start, and until it is there', async () => {
    redis = await RedisServer.prepare();
    const server = await start({ RATE_LIMIT: '5', RATE_LIMIT_WITHOUT_REDIS: 'closed' });
    const refused = await knock(server.client);
    expect([refused.status, refused.headers['retry-after'], readingOf(refused).policy]).toEqual([
      503,
      '2',
      '',
    ]);
    expect(refused.body).toMatchObject({
      code: 'SANDBOX_UNAVAILABLE',
      error: expect.stringMatching(/rate of its caller/),
    });
    await redis.launch();
    await said(server, 'Redis is back');
    expect(wasLetIn(await knock(server.client))).toBe(true);
  });

  it('does not keep a server from ending', async () => {
    redis = await RedisServer.start();
    const server = await start({ RATE_LIMIT: '5' });
    redis.signal('SIGSTOP');
    await knock(server.client);
    // By force it would be SIGKILL.
    expect(await server.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

describe('A Redis that cannot be used', () => {
  it.each([
    ['has no memory left', 'OOM', ['--maxmemory', '1', '--maxmemory-policy', 'noeviction']],
    ['may only be read', 'READONLY', ['--replicaof', '127.0.0.1', '1']],
  ])('is gone: one that %s', async (_name, reason, options) => {
    redis = await RedisServer.start(options);
    const server = await start({ RATE_LIMIT: '2' });
    const [line] = await said(server, 'Redis is gone (');
    expect(line).toContain(`(${reason})`);
    const answers = [await knock(server.client), await knock(server.client), await knock(server.client)];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 429]);
  });

  it('lets a server with the right password in, and of a wrong one the log says only that it is wrong', async () => {
    redis = await RedisServer.start([], PASSWORD);
    const right = await start({ RATE_LIMIT: '2', LOG_LEVEL: 'trace' });
    await knock(right.client);
    expect(redis.command('GET', 'pycell:rate:60:127.0.0.1')).toBe('1');
    const wrong = await start({
      RATE_LIMIT: '2',
      LOG_LEVEL: 'trace',
      REDIS_URL: redis.urlWith('wrong and secret'),
    });
    const [line] = await said(wrong, 'Redis is gone (');
    expect(line).toContain('(WRONGPASS)');
    for (const { log } of servers) {
      expect(log).not.toMatch(/wrong and secret|password#of|wrong%20and|password%23of/);
      expect(log).not.toContain(String(redis.port));
    }
  });
});
