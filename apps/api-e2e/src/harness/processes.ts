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

export function isNsjail({ command }: ProcessEntry): boolean {
  return /^\S*nsjail /.test(command);
}

/** nsjail has the command line of what it starts behind its own, and the run of a jail of its own that of its supervisor. */
export function isSupervisor(entry: ProcessEntry): boolean {
  return !isNsjail(entry) && / --(warm|once) /.test(entry.command);
}

/** Returns the supervisor of a service's warm runner; undefined while there is none. */
export function supervisorBelow(service: number): ProcessEntry | undefined {
  return descendantsOf(service).find(isSupervisor);
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
