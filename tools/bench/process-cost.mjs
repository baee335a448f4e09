/** What one process has cost so far, as /proc tells it: CPU time and page faults, its own and its ended children's. */
import { readFileSync } from 'node:fs';

/** /proc/PID/stat counts in 1/100 s on every Linux on which the jail runs. */
const TICK_NS = 10_000_000;

/** Positions behind the name in /proc/PID/stat; for the children it has those that have ended and been waited for. */
const FIELD = {
  startTime: 19,
  threads: 17,
  ...{ minorFaults: 7, childrenMinorFaults: 8, majorFaults: 9, childrenMajorFaults: 10 },
  ...{ userTicks: 11, systemTicks: 12, childrenUserTicks: 13, childrenSystemTicks: 14 },
};

/**
 * Returns { startTime, own, ended } of a process, the last two as { ns, faults }: of itself with all its threads, and of
 * its children that have ended; null when it is not there. A zombie still counts as itself.
 */
export function costOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (name) => Number(fields[FIELD[name]]);
    const ticks = (field('userTicks') + field('systemTicks')) * TICK_NS;
    return {
      startTime: fields[FIELD.startTime],
      own: {
        // Exact, but of the first thread only.
        ns: field('threads') === 1 ? (exactNsOf(pid) ?? ticks) : ticks,
        faults: field('minorFaults') + field('majorFaults'),
      },
      ended: {
        ns: (field('childrenUserTicks') + field('childrenSystemTicks')) * TICK_NS,
        faults: field('childrenMinorFaults') + field('childrenMajorFaults'),
      },
    };
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code)) {
      return null; // it ended: there is no way to look at a process and know that it stays
    }
    throw error;
  }
}

/** CPU time in nanoseconds; null where the kernel keeps no such statistics. */
function exactNsOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) || null;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code)) {
      return null;
    }
    throw error;
  }
}

const NOTHING = { ns: 0, faults: 0 };

export function plus(one, other) {
  return { ns: one.ns + other.ns, faults: one.faults + other.faults };
}

export function minus(one, other) {
  return { ns: one.ns - other.ns, faults: one.faults - other.faults };
}

export function times(cost, factor) {
  return { ns: cost.ns * factor, faults: cost.faults * factor };
}

export function sumOf(costs) {
  return costs.reduce(plus, NOTHING);
}

/** Nothing where there are none. */
export function mean(costs) {
  return times(sumOf(costs), 1 / Math.max(1, costs.length));
}
