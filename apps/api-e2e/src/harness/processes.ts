import {
  allProcesses,
  descendantsOf,
  type ProcessEntry,
  readProcess,
} from '../../../../tools/services/processes.cjs';

export type { ProcessEntry };
export { descendantsOf, isRunning } from '../../../../tools/services/processes.cjs';

/** Returns the processes that call themselves `name`, zombies left out. */
export function runningProcessesNamed(name: string): ProcessEntry[] {
  return allProcesses().filter((entry) => entry.name === name && !['Z', 'X'].includes(entry.state));
}

/** Returns the supervisor of a service's warm runner; undefined while there is none. nsjail has the same arguments, above it. */
export function supervisorBelow(service: number): ProcessEntry | undefined {
  return descendantsOf(service)
    .filter(({ command }) => command.includes(' --warm '))
    .at(-1);
}

/** Returns the child of `ancestor` that `entry` descends from, or is. */
export function childAbove(entry: ProcessEntry, ancestor: number): ProcessEntry {
  for (let current: ProcessEntry | null = entry; current; current = readProcess(current.parent)) {
    if (current.parent === ancestor) {
      return current;
    }
  }
  throw new Error(`process ${entry.pid} does not descend from ${ancestor}`);
}
