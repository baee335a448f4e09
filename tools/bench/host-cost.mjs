/** How long the API takes to start, and how much memory with everything below it: idle, and for each run at once. */
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf, processTree } from '../services/processes.cjs';
import { executeOnce } from './connection.mjs';
import { startServer } from './server.mjs';
import { median } from './statistics.mjs';
import { HELD_SECONDS, HELD_WORK, WORKS } from './works.mjs';

const MAX_RUNS = 4;
/** One caller has all places but one. */
const MAX_PLACES = MAX_RUNS + 1;
/** Until the runs have printed and the spares that they took are replaced; well before the runs end. */
const SETTLE_MS = 1_500;
const SAMPLES = 3;
const SAMPLE_GAP_MS = 200;

/** What MAX_CONCURRENCY is by default; another commit is given as many. */
const DEFAULT_PLACES = Math.max(2, availableParallelism()) + 1;

/**
 * Measures once, with servers of its own.
 * @param {{ installation?: string, node?: string }} [where] as `startServer` takes it
 * @returns {Promise<{ idleBytes: number, perPlaceBytes: number } | null>} as of `measureMemory`
 */
export async function measureIdleMemory(environment, where) {
  try {
    const withPlaces = (places) => ({ ...environment, MAX_CONCURRENCY: String(places) });
    const idleBytes = await withServer(withPlaces(DEFAULT_PLACES), idle, where);
    const moreBytes = (await withServer(withPlaces(MAX_PLACES), idle, where)) - idleBytes;
    return { idleBytes, perPlaceBytes: moreBytes / (MAX_PLACES - DEFAULT_PLACES) };
  } catch (error) {
    if (error.code === 'EACCES' || error.code === 'EPERM') {
      return null;
    }
    throw error;
  }
}

/**
 * Measures once, with servers of its own.
 * @returns {Promise<{ idleBytes: number, perPlaceBytes: number, perRunBytes: number[] } | null>} proportional set sizes:
 *   `idleBytes` with pandas ready, default configuration; `perPlaceBytes`, how much more that is for each place that
 *   MAX_CONCURRENCY gives beyond (NaN where it has as many by default); `perRunBytes`, growth for each of 1 to 4 runs
 *   at once. null where we may not look.
 */
export async function measureMemory(environment) {
  const idleMemory = await measureIdleMemory(environment);
  const places = { ...environment, MAX_CONCURRENCY: String(MAX_PLACES) };
  return idleMemory && { ...idleMemory, perRunBytes: await withServer(places, growth) };
}

/** Measures one start: until /health/ready says 200, and until the result of a script that uses pandas. Milliseconds. */
export function measureStart(environment, where) {
  const read = ({ readyMs, spawnedAt }) => ({ readyMs, pandasMs: performance.now() - spawnedAt });
  return withServer(environment, read, where);
}

async function withServer(environment, work, where) {
  const server = await startServer(environment, where);
  try {
    await executeOnce(server.port, WORKS.pandas);
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function idle(server) {
  await delay(SETTLE_MS);
  return sample(server);
}

async function growth(server) {
  // Once before, so that what the API itself takes for so many runs is not counted as theirs.
  await hold(server, MAX_RUNS, () => delay(0));
  const perRunBytes = [];
  for (let runs = 1; runs <= MAX_RUNS; runs++) {
    await delay(SETTLE_MS);
    // Anew each time: what the API's own heap does meanwhile is not the runs'.
    const before = await sample(server);
    const bytes = await hold(server, runs, async () => {
      await delay(SETTLE_MS);
      return sample(server);
    });
    perRunBytes.push((bytes - before) / runs);
  }
  return perRunBytes;
}

/** Does something while so many runs sleep. */
async function hold(server, runs, act) {
  const sentAt = performance.now();
  const answers = Promise.all(Array.from({ length: runs }, () => executeOnce(server.port, HELD_WORK)));
  answers.catch(() => undefined); // awaited below, after `act`
  const result = await act();
  if (performance.now() - sentAt > HELD_SECONDS * 1000) {
    throw new Error('This machine is too busy to measure memory: the runs ended before they were measured.');
  }
  await answers;
  return result;
}

async function sample({ pid }) {
  const samples = [];
  for (let count = 0; count < SAMPLES; count++) {
    // Proportional set sizes: nothing is counted twice.
    samples.push(processTree(pid).reduce((sum, entry) => sum + memoryOf(entry.pid).pss, 0));
    await delay(SAMPLE_GAP_MS);
  }
  return median(samples);
}
