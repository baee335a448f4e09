/** Measures the memory of a server in a way that two measurements, thousands of runs apart, can be compared. */
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf, processTree } from '../services/processes.cjs';
import { median } from '../bench/statistics.mjs';
import { orNull, ownProcesses, waitForCalm } from './census.mjs';

/** Looked at so often, each time after some runs more: the last runs must not decide. */
const SAMPLES = 5;
/** For the API to collect its garbage, and its allocator to give pages back. */
const COLLECT_MS = 1_000;

/**
 * Returns medians, bytes, null where this user may not look: anonymous memory of the whole tree, and Rss of the service's
 * own processes, after the API has collected its garbage (collect-garbage.cjs).
 * @param stir sends some runs
 */
export async function measureMemory({ pid }, stir) {
  const samples = [];
  for (let count = 0; count < SAMPLES; count++) {
    await stir();
    await waitForCalm(pid);
    process.kill(pid, 'SIGWINCH');
    await delay(COLLECT_MS);
    const tree = processTree(pid);
    samples.push({
      anonymous: sumOf(tree, 'anonymous'),
      ownRss: sumOf(Object.values(ownProcesses(tree, pid)), 'rss'),
    });
  }
  const medianOf = (kind) => {
    const values = samples.map((sample) => sample[kind]);
    return values.every(Number.isFinite) ? median(values) : null;
  };
  return { anonymous: medianOf('anonymous'), ownRss: medianOf('ownRss') };
}

/** NaN where one of the processes cannot be seen. */
function sumOf(processes, kind) {
  return processes.reduce((sum, { pid }) => sum + (orNull(() => memoryOf(pid))?.[kind] ?? NaN), 0);
}
