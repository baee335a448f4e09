import { isNsjail, isSupervisor, type ProcessEntry } from '../harness/processes';

/** Chooses a process of ours among those below the service; undefined where there is none at the moment. */
export type Victim = (below: readonly ProcessEntry[]) => ProcessEntry | undefined;

/** Kinds of zygotes; that of figures is there only while it is used. */
const KINDS = ['bare', 'packages', 'figures'] as const;

const isZygote = ({ command }: ProcessEntry): boolean => command.includes(' --zygote ');

const byAge = (one: ProcessEntry, other: ProcessEntry): number =>
  Number(one.startTime) - Number(other.startTime) || one.pid - other.pid;

/** A fork of a zygote has its command line too: the zygote itself was there first. */
export function zygote(kind: (typeof KINDS)[number]): Victim {
  return (below) => below.filter(({ command }) => command.includes(` --zygote ${kind}`)).sort(byAge)[0];
}

/** Spares and runs, the youngest first. */
export function forks(below: readonly ProcessEntry[]): ProcessEntry[] {
  const zygotes = KINDS.map((kind) => zygote(kind)(below)?.pid);
  return below
    .filter((entry) => isZygote(entry) && !zygotes.includes(entry.pid))
    .sort((one, other) => byAge(other, one));
}

export const WARM_VICTIMS: Readonly<Record<string, Victim>> = {
  'the runner, or the nsjail around it': (below) => below[0],
  'the supervisor': (below) => below.find(isSupervisor),
  'the zygote of the bare interpreter': zygote('bare'),
  'the zygote of the packages': zygote('packages'),
  'the youngest fork, mostly a spare': (below) => forks(below)[0],
  'the oldest fork, mostly a run or a spare of long': (below) => forks(below).at(-1),
};

/** The oldest jail of a single run. */
const oldestJail = (below: readonly ProcessEntry[]): ProcessEntry | undefined =>
  below.filter(isNsjail).sort(byAge)[0];

/** Those below that descend from the oldest jail: its supervisor, and that one's run. */
function inOldestJail(generation: 1 | 2): Victim {
  return (below) => {
    let found = oldestJail(below);
    for (let depth = 0; depth < generation; depth++) {
      found = below.find(({ parent }) => parent === found?.pid);
    }
    return found;
  };
}

export const PER_RUN_VICTIMS: Readonly<Record<string, Victim>> = {
  'the nsjail around a run': oldestJail,
  'the supervisor of a run': inOldestJail(1),
  'a run': inOldestJail(2),
};

/** Sends a signal; undefined where the process has ended by itself before. */
export function signalled(
  victim: ProcessEntry | undefined,
  signal: NodeJS.Signals,
): ProcessEntry | undefined {
  try {
    if (victim) process.kill(victim.pid, signal);
    return victim;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
    throw error;
  }
}
