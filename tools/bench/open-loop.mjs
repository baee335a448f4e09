/** Sends requests at times that do not depend on the answers, as many users do who know nothing of each other. */
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from './connection.mjs';
import { percentile } from './statistics.mjs';
import { requestsOf } from './works.mjs';

/** Below what the service accepts by default. What would need more is not sent, and counted. */
const MAX_CONNECTIONS = 900;
const MAX_REQUESTS = 60_000;
/** Figures count from here on, as a share of the duration: the queue is as full then as it gets. */
const STEADY_FROM = 0.25;
/** Who is told to come back later than this does not: the measurement has an end. Seconds. */
const LONGEST_WAIT_SECONDS = 20;
/** Requests that are due are sent together this often. */
const TICK_MS = 1;

/** One measurement; connections are kept between requests. */
class OpenLoop {
  #port;
  #nextRequest;
  #idle = [];
  #open = 0;
  #inFlight = new Set();
  #window;
  counts = {
    ...{ sent: 0, unsent: 0, answered: 0, refused: 0, errors: 0 },
    ...{ withoutRetryAfter: 0, cameBack: 0, cameBackAndGotIn: 0 },
  };
  times = [];
  lateness = [];
  /** What those who were refused were told, seconds. */
  told = [];

  constructor(port, work, window) {
    this.#port = port;
    this.#nextRequest = requestsOf(work);
    this.#window = window;
  }

  /** @param dueAt when it should have been sent: its time counts from there @param isReturn it was refused before */
  send(dueAt, isReturn = false) {
    const connection = this.#idle.pop() ?? (this.#open < MAX_CONNECTIONS ? this.#connect() : null);
    if (connection === null) {
      this.counts.unsent++;
      return;
    }
    this.counts.sent += isReturn ? 0 : 1;
    this.counts.cameBack += isReturn ? 1 : 0;
    this.lateness.push(performance.now() - dueAt);
    this.#keep(
      connection
        .exchange(this.#nextRequest())
        .catch(() => ({ status: 0 }))
        .then((answer) => {
          this.#idle.push(connection);
          this.#take(answer, dueAt, isReturn);
        }),
    );
  }

  /** Waits until everybody has an answer, those too who come back. */
  async settled() {
    while (this.#inFlight.size > 0) {
      await Promise.all(this.#inFlight);
    }
    this.#idle.forEach((connection) => connection.close());
  }

  #connect() {
    this.#open++;
    return new Connection(this.#port);
  }

  #keep(work) {
    this.#inFlight.add(work);
    void work.finally(() => this.#inFlight.delete(work));
  }

  #take({ status, retryAfterSeconds }, dueAt, isReturn) {
    const now = performance.now();
    const { from, to } = this.#window;
    if (status === 200) {
      this.counts.answered += now >= from && now <= to ? 1 : 0;
      this.counts.cameBackAndGotIn += isReturn ? 1 : 0;
      if (dueAt >= from && dueAt <= to) {
        this.times.push(now - dueAt);
      }
    } else if (status !== 503) {
      this.counts.errors++;
    } else {
      this.counts.refused++;
      this.counts.withoutRetryAfter += retryAfterSeconds > 0 ? 0 : 1;
      this.told.push(retryAfterSeconds);
      if (!isReturn && retryAfterSeconds > 0 && retryAfterSeconds <= LONGEST_WAIT_SECONDS) {
        const backAt = now + retryAfterSeconds * 1000;
        this.#keep(delay(retryAfterSeconds * 1000).then(() => this.send(backAt, true)));
      }
    }
  }
}

/**
 * Offers `perSecond` requests a second for `seconds`, at random times (a Poisson process). Who gets a 503 comes back
 * once, when its Retry-After says so, on top of what is offered.
 * @param random numbers from 0 to 1
 * @returns the counts, of which `unsent` would have needed too many connections; `perSecond` and `times` (milliseconds
 *   since a request was due) of the 200s; `told`, each Retry-After; `lateMs`, how much later than due the slowest
 *   hundredth was sent; `generatorCpus`, how many CPUs the generator itself was busy with
 */
export async function offer(port, work, { perSecond, seconds, random }) {
  const since = performance.now();
  const to = since + seconds * 1000;
  const from = since + seconds * 1000 * STEADY_FROM;
  const loop = new OpenLoop(port, work, { from, to });
  const cpuBefore = process.cpuUsage();
  const gapMs = () => (-Math.log(1 - random()) * 1000) / perSecond;
  let next = since + gapMs();
  for (let count = 0; next < to && count < MAX_REQUESTS;) {
    for (; next <= performance.now() && next < to; count++) {
      loop.send(next);
      next += gapMs();
    }
    await delay(TICK_MS);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const generatorCpus = (user + system) / 1000 / (performance.now() - since);
  const lateMs = percentile(loop.lateness, 0.99);
  await loop.settled();
  const answersPerSecond = loop.counts.answered / ((to - from) / 1000);
  const { counts, times, told } = loop;
  return { ...counts, times, told, perSecond: answersPerSecond, lateMs, generatorCpus, seconds };
}
