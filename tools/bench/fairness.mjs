/** What one caller notices of another that has many requests in flight. Callers are told apart by their addresses. */
import { setTimeout as delay } from 'node:timers/promises';
import { Connection, executeRequest } from './connection.mjs';
import { FLOOD_REQUESTS, MOST_BESIDE_SLEEPERS_MS, MOST_TO_ALONE } from './goals.mjs';
import { figure, printTable } from './markdown.mjs';
import { median, percentile } from './statistics.mjs';
import { requestsOf, SLEEPER, SLEEPER_SECONDS } from './works.mjs';

const FLOODING_ADDRESS = '127.0.0.1';
const OTHER_ADDRESS = '127.0.0.2';
/** Until the flood has taken what it gets. */
const SETTLE_MS = 1_000;
const WARM_UP_REQUESTS = 300;
/** All that the flood sends has room, and time: it is in flight as long as it is measured. */
const ROOM = { MAX_QUEUE: '256', QUEUE_TIMEOUT: '600' };

/** What is measured: the environment of the server, and what the other caller has in flight. */
const SITUATIONS = {
  alone: { label: 'nobody else', environment: ROOM, flood: null },
  hellos: { label: `${FLOOD_REQUESTS} hellos`, environment: ROOM, flood: { next: requestsOf('hello') } },
  sleepers: {
    label: `${FLOOD_REQUESTS} scripts of ${SLEEPER_SECONDS} s`,
    environment: ROOM,
    flood: { next: () => executeRequest(SLEEPER) },
  },
  insistent: {
    label: `${FLOOD_REQUESTS} hellos, the refused again at once; default queue`,
    environment: {},
    flood: { next: requestsOf('hello') },
  },
};
export const FAIRNESS_SITUATIONS = Object.keys(SITUATIONS);

/** Keeps so many requests in flight until it is ended, each on a connection of its own. */
class Flood {
  #isOver = false;
  #connections = [];
  #clients = [];
  counts = { answered: 0, refused: 0, errors: 0 };

  constructor(port, next) {
    for (let count = 0; count < FLOOD_REQUESTS; count++) {
      const connection = new Connection(port, FLOODING_ADDRESS);
      this.#connections.push(connection);
      this.#clients.push(this.#keepAsking(connection, next));
    }
  }

  /** Runs that go on are killed when their clients are gone. */
  async end() {
    this.#isOver = true;
    this.#connections.forEach((connection) => connection.close());
    // Who was cut off hears nothing more.
    await Promise.race([Promise.all(this.#clients), delay(SETTLE_MS)]);
  }

  async #keepAsking(connection, next) {
    while (!this.#isOver) {
      const { status } = await connection.exchange(next()).catch(() => ({ status: 0 }));
      const name = status === 200 ? 'answered' : status === 503 ? 'refused' : 'errors';
      this.counts[name] += this.#isOver ? 0 : 1;
    }
  }
}

/** One hello after the other for `seconds`. */
async function ask(port, seconds, requests = Infinity) {
  const connection = new Connection(port, OTHER_ADDRESS);
  const next = requestsOf('hello');
  const end = performance.now() + seconds * 1000;
  const times = [];
  let failed = 0;
  for (let sent = 0; performance.now() < end && sent < requests; sent++) {
    const sentAt = performance.now();
    const { status } = await connection.exchange(next()).catch(() => ({ status: 0 }));
    if (status === 200) {
      times.push(performance.now() - sentAt);
    } else {
      failed++;
    }
  }
  connection.close();
  return { times, failed };
}

/**
 * Measures every situation once, each with a server of its own, in one order in even rounds and in the other in odd ones.
 * @param {(environment: Record<string, string>) => Promise<{ port: number, stop: () => Promise<unknown> }>} start
 * @returns by situation { times, failed, counts, label }: milliseconds of the other's answers, how many were none; what
 *   became of the flood's requests meanwhile
 */
export async function measureFairness(start, { round, seconds }) {
  const measured = {};
  const names = round % 2 ? [...FAIRNESS_SITUATIONS].reverse() : FAIRNESS_SITUATIONS;
  for (const name of names) {
    const { label, environment, flood } = SITUATIONS[name];
    const server = await start(environment);
    try {
      await ask(server.port, Infinity, WARM_UP_REQUESTS);
      const flooding = flood && new Flood(server.port, flood.next);
      await delay(SETTLE_MS);
      const other = await ask(server.port, seconds);
      const counts = flooding ? { ...flooding.counts } : {};
      await flooding?.end();
      measured[name] = { ...other, counts, label };
    } finally {
      await server.stop();
    }
  }
  return measured;
}

const p50 = ({ times }) => percentile(times, 0.5);

/** @param rounds what `measureFairness` returned in each round */
export function printFairness(rounds) {
  const rows = FAIRNESS_SITUATIONS.map((name) => {
    const all = rounds.map((round) => round[name]);
    const sum = (pick) => all.reduce((total, one) => total + (pick(one) ?? 0), 0);
    return [
      all[0].label,
      ...[0.5, 0.95, 0.99].map((share) => figure(median(all.map(({ times }) => percentile(times, share))))),
      sum(({ times }) => times.length),
      sum(({ failed }) => failed),
      ...['answered', 'refused', 'errors'].map((count) => sum(({ counts }) => counts[count])),
    ];
  });
  printTable(
    [
      ...['another caller has in flight', 'p50 ms', 'p95 ms', 'p99 ms', '200s', 'not 200'],
      ...["the flood's 200s", 'its 503', 'its errors'],
    ],
    rows,
  );
}

/** Returns { figure, target, measured, reached } of each figure that has a target. */
export function judgeFairness(rounds) {
  const reached = (isReached) => (isReached ? 'yes' : '**no**');
  const ratio = median(rounds.map((round) => p50(round.hellos) / p50(round.alone)));
  const besideSleepers = median(rounds.map((round) => p50(round.sleepers)));
  const failed = rounds.reduce(
    (sum, round) => sum + FAIRNESS_SITUATIONS.reduce((of, name) => of + round[name].failed, 0),
    0,
  );
  return [
    {
      figure: `hello beside ${SITUATIONS.hellos.label} of another caller: p50 to that alone`,
      target: `at most ${MOST_TO_ALONE} times`,
      measured: `${ratio.toFixed(2)} times`,
      reached: reached(ratio <= MOST_TO_ALONE),
    },
    {
      figure: `hello beside ${SITUATIONS.sleepers.label} of another caller: p50`,
      target: `below ${MOST_BESIDE_SLEEPERS_MS} ms`,
      measured: `${besideSleepers.toFixed(1)} ms`,
      reached: reached(besideSleepers < MOST_BESIDE_SLEEPERS_MS),
    },
    {
      figure: 'hello beside any of these: answers other than 200',
      ...{ target: '0', measured: String(failed), reached: reached(failed === 0) },
    },
  ];
}
