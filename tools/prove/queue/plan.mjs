/** What a proof of the queue sends, and what it breaks: all of it follows from the seed. */
import { shuffled } from '../seed.cjs';
import { KINDS, kindOf } from './kinds.mjs';

/** Above every figure in other answers, so that it occurs nowhere by chance. */
const FIRST_NUMBER = 7_000_000;
/** Every idempotency key begins so. */
export const KEY_PREFIX = 'proof-key-';

/**
 * What is done to a process. `kill`: SIGKILL, and started again. `stop`: SIGSTOP, and SIGCONT later. The time is how long it is
 * away. A worker that hangs for longer than its lease of 10 s may no longer end what it runs, and others end that in its place.
 */
export const FAULTS = [
  { victim: 'worker', how: 'kill', ms: [200, 3_000], share: 14 },
  { victim: 'redis', how: 'kill', ms: [200, 4_000], share: 11 },
  { victim: 'api', how: 'kill', ms: [200, 3_000], share: 11 },
  { victim: 'worker', how: 'stop', ms: [12_000, 16_000], share: 5 },
  { victim: 'redis', how: 'stop', ms: [500, 5_000], share: 5 },
  { victim: 'api', how: 'stop', ms: [500, 4_000], share: 2 },
  { victim: 'worker', how: 'stop', ms: [300, 4_000], share: 2 },
];
/** A worker that hangs so long may lose what it runs. */
const LEASE_MS = 10_000;
/** The first of `FAULTS` are in every proof. */
const LEAST_FAULTS = 5;

/** How many of what a fault can take may have been in a worker's hands, in workers. */
function workersHit({ victim, how, downMs }, workers) {
  if (victim === 'api') {
    return 0;
  }
  // What was told to a Redis that hangs is told when it goes on; with one that was killed, a worker may not know whether it was.
  const isFatal = how === 'kill' || downMs > LEASE_MS / 2;
  return isFatal ? (victim === 'worker' ? 1 : workers) : 0;
}

/** How many executions may end with SANDBOX_UNAVAILABLE for these faults: each takes at most what the workers that it hits have places for. */
export function mostLost(faults, { places, workers }) {
  return faults.reduce((sum, fault) => sum + places * workersHit(fault, workers), 0);
}

function between([from, to], random) {
  return Math.round(from + (to - from) * random());
}

/** Entries of a table by their shares, each at least once where there are as many. */
function spread(table, count, random) {
  const total = table.reduce((sum, { share }) => sum + share, 0);
  const each = table.flatMap((entry) => {
    const many = Math.max(1, Math.floor((count * entry.share) / total));
    return Array.from({ length: many }, () => entry);
  });
  while (each.length < count) {
    each.push(table[each.length % table.length]);
  }
  return shuffled(each.slice(0, count), random);
}

/**
 * @param {{ executions: number, faults: number, owners: number, random: () => number }} size
 * @returns `executions`, each { number, kind, owner, idempotencyKey, body }, in the order in which they are sent; `faults`, each
 *   { victim, index, how, downMs, at }, where `at` is the share of all executions that have ended when it comes
 */
export function planOf({ executions, faults, owners, random }) {
  if (faults < LEAST_FAULTS) {
    throw new RangeError(`A proof has at least ${LEAST_FAULTS} faults: one of each kind.`);
  }
  const kinds = spread(KINDS, executions, random);
  const chosen = spread(faults < FAULTS.length ? FAULTS.slice(0, LEAST_FAULTS) : FAULTS, faults, random);
  return {
    executions: kinds.map(({ name }, index) => {
      const number = FIRST_NUMBER + index;
      return {
        ...{ number, kind: name, owner: index % owners },
        idempotencyKey: `${KEY_PREFIX}${number}-${Math.floor(random() * 2 ** 32).toString(16)}`,
        body: kindOf(name).bodyOf(number, random),
      };
    }),
    faults: chosen.map(({ victim, how, ms }, index) => ({
      ...{ victim, how, downMs: between(ms, random) },
      index: victim === 'redis' ? 0 : Math.floor(random() * 2),
      at: ((index + random()) / chosen.length) * 0.95,
    })),
  };
}
