/**
 * What asynchronous executions cost, in memory and over Redis; and what a synchronous one costs on a service that has a Redis, while
 * that is there, while it is gone and while it hangs, beside a service that has none.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ask, followOnce } from '../prove/queue/http.mjs';
import { KEEPING, RedisServer } from '../services/redis-server.cjs';
import { Connection } from './connection.mjs';
import { MOST_WITHOUT_REDIS_CPU, MOST_WITHOUT_REDIS_P50 } from './goals.mjs';
import { load } from './load.mjs';
import { figure, printTable, spread } from './markdown.mjs';
import { costOf } from './process-cost.mjs';
import { median, percentile, quartilesOf, ratiosOf } from './statistics.mjs';
import { withCost } from './tree-cost.mjs';
import { WORKS, ZYGOTE_KINDS } from './works.mjs';

const CLIENTS = 8;
/** Fewer than may wait: none is refused. */
const EXECUTIONS = 400;
const SINGLES = 50;
const POLL_MS = 20;
/** A service has noticed by then that its Redis is gone, or is back. */
const NOTICE_MS = 4_000;
const ENDS = ['succeeded', 'failed', 'cancelled'];

let numbers = 0;

/** The bytes of a POST /executions, with a script that no other has. */
function jobRequest() {
  const script = WORKS.hello.replace('0000000', String(++numbers).padStart(7, '0'));
  const body = JSON.stringify({ script });
  const head = ['POST /executions HTTP/1.1', 'Host: 127.0.0.1', 'Content-Type: application/json'];
  return Buffer.from(`${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
}

async function start(connection) {
  const { status, body } = await connection.exchange(jobRequest());
  if (status !== 202) {
    throw new Error(`An execution of the benchmark was answered with ${status}: ${body.toString()}`);
  }
  return JSON.parse(body.toString()).id;
}

/** Starts executions from eight clients, and waits until all have ended. */
async function drain(port) {
  const since = performance.now();
  const ids = [];
  let left = EXECUTIONS;
  const client = async () => {
    const connection = new Connection(port);
    while (left-- > 0) {
      ids.push(await start(connection));
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const acceptedMs = performance.now() - since;
  for (const id of ids.reverse()) {
    // The last one is asked for first: mostly all others have ended with it.
    await endOf(port, id);
  }
  const ms = performance.now() - since;
  return {
    ...{ answered: EXECUTIONS, perSecond: EXECUTIONS / (ms / 1000) },
    acceptedPerSecond: EXECUTIONS / (acceptedMs / 1000),
  };
}

async function endOf(port, id) {
  for (;;) {
    const { text } = await ask(`http://127.0.0.1:${port}`, { path: `/executions/${id}` });
    const { status, httpStatus } = JSON.parse(text);
    if (ENDS.includes(status)) {
      if (httpStatus !== 200) {
        throw new Error(`An execution of the benchmark has ended otherwise: ${text}`);
      }
      return;
    }
    await delay(POLL_MS);
  }
}

/** Milliseconds of single executions: until the 202, and until the event that tells of the end. */
async function singles(port) {
  const times = { accepted: [], ended: [] };
  const connection = new Connection(port);
  for (let count = 0; count < SINGLES; count++) {
    const since = performance.now();
    const id = await start(connection);
    times.accepted.push(performance.now() - since);
    let endedMs = NaN;
    await followOnce(`http://127.0.0.1:${port}`, `/executions/${id}/events`, {}, ({ type }) => {
      endedMs = type === 'end' ? performance.now() - since : endedMs;
    });
    times.ended.push(endedMs);
  }
  connection.close();
  return times;
}

function redisSight(redis) {
  const { ns } = costOf(redis.pid).own;
  const info = redis.command('INFO', 'stats');
  return { ns, commands: Number(/total_commands_processed:(\d+)/.exec(info)?.[1]) };
}

/** One round of asynchronous executions. `worker` is the service itself, and `redis` null, where they are in memory. */
async function measureJobs({ api, worker, redis }) {
  const single = await singles(api.port);
  const before = redis && redisSight(redis);
  let inner;
  const outer = await withCost(api.pid, ZYGOTE_KINDS.hello, async () => {
    const work = () => drain(api.port);
    inner = worker === api ? await work() : await withCost(worker.pid, ZYGOTE_KINDS.hello, work);
    return inner;
  });
  const after = redis && redisSight(redis);
  return {
    ...{ acceptedMs: median(single.accepted), endedMs: median(single.ended) },
    ...{ perSecond: inner.perSecond, acceptedPerSecond: inner.acceptedPerSecond },
    apiCpu: outer.cost.all.ms,
    workerCpu: worker === api ? NaN : inner.cost.all.ms,
    redisCpu: redis ? (after.ns - before.ns) / 1e6 / EXECUTIONS : NaN,
    redisCommands: redis ? (after.commands - before.commands) / EXECUTIONS : NaN,
  };
}

/** Has Redis be in one of its states while something is measured. */
const STATES = {
  'Redis is there': { begin: async () => undefined, end: async () => undefined },
  'Redis is killed': { begin: (redis) => redis.kill(), end: (redis) => redis.launch(KEEPING) },
  'Redis hangs': {
    begin: async (redis) => redis.signal('SIGSTOP'),
    end: async (redis) => redis.signal('SIGCONT'),
  },
};
const ALONE = 'no Redis';

async function measureSynchronous({ port, pid }, seconds) {
  return withCost(pid, ZYGOTE_KINDS.hello, () => load(port, 'hello', { clients: CLIENTS, seconds }));
}

/** @param startServer starts a server with more settings */
export async function measureQueue(startServer, { rounds, seconds }) {
  const redis = await RedisServer.start(KEEPING);
  const servers = [];
  const up = async (settings) => {
    servers.push(await startServer(settings));
    return servers.at(-1);
  };
  const synchronous = new Map([ALONE, ...Object.keys(STATES)].map((name) => [name, []]));
  const jobs = { 'in memory': [], 'over Redis: an API, a worker': [] };
  try {
    const alone = await up({});
    const api = await up({ REDIS_URL: redis.url, ROLE: 'api' });
    const worker = await up({ REDIS_URL: redis.url, ROLE: 'worker' });
    const [inMemory, overRedis] = Object.values(jobs);
    for (let round = 0; round < rounds; round++) {
      synchronous.get(ALONE).push(await measureSynchronous(alone, seconds));
      for (const [name, { begin, end }] of Object.entries(STATES)) {
        await begin(redis);
        await delay(NOTICE_MS);
        synchronous.get(name).push(await measureSynchronous(api, seconds));
        await end(redis);
      }
      await delay(NOTICE_MS);
      inMemory.push(await measureJobs({ api: alone, worker: alone, redis: null }));
      overRedis.push(await measureJobs({ api, worker, redis }));
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await redis.stop();
  }
  return { synchronous, jobs };
}

const FIGURES = {
  p50: ({ times }) => percentile(times, 0.5),
  rate: ({ perSecond }) => perSecond,
  cpu: ({ cost }) => cost.all.ms,
  service: ({ cost }) => cost.parts?.service.ms ?? NaN,
};

function ratios(synchronous, name, of) {
  return ratiosOf(synchronous.get(name).map(FIGURES[of]), synchronous.get(ALONE).map(FIGURES[of]));
}

const JOB_ROWS = {
  'until 202, p50 ms': 'acceptedMs',
  'until its end is told, p50 ms': 'endedMs',
  'accepted a second': 'acceptedPerSecond',
  'ended a second': 'perSecond',
  'CPU ms each: service, or API': 'apiCpu',
  'CPU ms each: worker': 'workerCpu',
  'CPU ms each: Redis': 'redisCpu',
  'commands of Redis each': 'redisCommands',
};

export function printQueue({ synchronous, jobs }) {
  printTable(
    [
      `POST /execute, hello, ${CLIENTS} clients, beside ${ALONE}`,
      ...['p50', 'a second', 'CPU a run', 'CPU of the service', 'errors'],
    ],
    Object.keys(STATES).map((name) => [
      name,
      ...Object.keys(FIGURES).map((of) => spread(ratios(synchronous, name, of))),
      synchronous.get(name).reduce((sum, { errors, refused }) => sum + errors + refused, 0),
    ]),
  );
  printTable(
    [`POST /executions, hello, ${EXECUTIONS} from ${CLIENTS} clients`, ...Object.keys(jobs)],
    Object.entries(JOB_ROWS).map(([name, of]) => [
      name,
      ...Object.values(jobs).map((rounds) => spread(quartilesOf(rounds.map((round) => round[of])))),
    ]),
  );
}

/** Returns { figure, target, measured, reached } of each figure that has a target. */
export function judgeQueue({ synchronous }) {
  return ['Redis is killed', 'Redis hangs'].flatMap((name) =>
    [
      ['p50', 'p50', MOST_WITHOUT_REDIS_P50],
      ['CPU time a run', 'cpu', MOST_WITHOUT_REDIS_CPU],
    ].map(([what, of, most]) => {
      const { middle } = ratios(synchronous, name, of);
      return {
        figure: `${what} of POST /execute while ${name}, to that without Redis`,
        target: `at most ${most} times`,
        measured: `${figure(middle)} times`,
        reached: middle <= most ? 'yes' : '**no**',
      };
    }),
  );
}
