/** Measures the memory of a server in a way that two measurements, thousands of runs apart, can be compared. */
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf, processTree } from '../services/processes.cjs';
import { median } from '../bench/statistics.mjs';
import { mapValues, orNull, ownProcesses, waitForCalm } from './census.mjs';

/** Looked at so often, each time after some runs more: the last runs must not decide. */
const SAMPLES = 5;
/** For the API to collect its garbage, and its allocator to give pages back. */
const COLLECT_MS = 1_000;

/**
 * Returns medians, bytes, null where this user may not look. All but `apiRssBefore` is seen after the API has collected
 * its garbage (collect-garbage.cjs).
 * @param stir sends some runs
 */
export async function measureMemory({ pid }, stir) {
  const samples = [];
  for (let count = 0; count < SAMPLES; count++) {
    await stir();
    await waitForCalm(pid);
    const apiRssBefore = orNull(() => memoryOf(pid))?.rss;
    process.kill(pid, 'SIGWINCH');
    await delay(COLLECT_MS);
    samples.push({ ...sample(pid), apiRssBefore });
  }
  const medianOf = (pick) => {
    const values = samples.map(pick);
    return values.every(Number.isFinite) ? median(values) : null;
  };
  return {
    anonymous: medianOf(({ anonymous }) => anonymous),
    ownRss: medianOf(({ ownRss }) => ownRss),
    apiRssBefore: medianOf(({ apiRssBefore }) => apiRssBefore),
    own: mapValues(samples[0].own, (_, role) =>
      mapValues({ pss: 0, rss: 0 }, (_zero, kind) => medianOf(({ own }) => own[role]?.[kind])),
    ),
  };
}

/** Anonymous memory of the whole tree, Rss of the service's own processes, and each of those. */
function sample(apiPid) {
  const tree = processTree(apiPid);
  const own = mapValues(ownProcesses(tree, apiPid), ({ pid }) => orNull(() => memoryOf(pid)));
  // NaN where one of them cannot be seen.
  const sum = (list, kind) => list.reduce((total, memory) => total + (memory?.[kind] ?? NaN), 0);
  return {
    anonymous: sum(
      tree.map(({ pid }) => orNull(() => memoryOf(pid))),
      'anonymous',
    ),
    ownRss: sum(Object.values(own), 'rss'),
    own,
  };
}
