import { readdirSync, readFileSync } from 'node:fs';

/** One process as /proc showed it. The start time tells it from a later one with the same pid. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** In clock ticks since boot. */
  readonly startTime: string;
  /** `Z` is a zombie: ended, and not yet collected by its parent. */
  readonly state: string;
  /** At most 15 characters; a process may choose it. */
  readonly name: string;
  readonly command: string;
}

function readProcess(pid: number): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the other fields follow the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const [state = '', parent] = fields;
    return { pid, state, parent: Number(parent), startTime: fields[19] ?? '', name, command };
  } catch {
    // It ended while we looked.
    return null;
  }
}

function allProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== null);
}

/** Returns every process below `ancestor`, zombies included: whoever is one has not been collected. */
export function descendantsOf(ancestor: number): ProcessEntry[] {
  const all = allProcesses();
  const found: ProcessEntry[] = [];
  const pending = [ancestor];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const entry of all) {
      if (entry.parent === parent) {
        found.push(entry);
        pending.push(entry.pid);
      }
    }
  }
  return found;
}

/** Whether this very process still runs; a zombie does not. */
export function isRunning(entry: ProcessEntry): boolean {
  const now = readProcess(entry.pid);
  return now !== null && now.startTime === entry.startTime && now.state !== 'Z' && now.state !== 'X';
}

/** Returns the processes that call themselves `name`, zombies left out. */
export function runningProcessesNamed(name: string): ProcessEntry[] {
  return allProcesses().filter((entry) => entry.name === name && entry.state !== 'Z' && entry.state !== 'X');
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
