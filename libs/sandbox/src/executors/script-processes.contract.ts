import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Scripts that begin with MARK_LINE set this umask, by which its processes are known from outside. No program uses such a one. */
const MARK = 0o010 | (process.pid & 0o047);
/** The first line of every script here: theirs begin on the second. */
export const MARK_LINE = `import os; os.umask(${MARK})\n`;

/** Pids of all processes below this one. */
export function descendants(): number[] {
  const parentOf = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state !== 'Z') {
        parentOf.set(Number(name), Number(parent));
      }
    } catch {
      // It ended while we looked.
    }
  }
  const isMine = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isMine(parentOf.get(pid)));
  return [...parentOf.keys()].filter((pid) => pid !== process.pid && isMine(pid));
}

/** Pids of the processes of scripts below this one. */
export function processesOfScripts(): number[] {
  return descendants().filter((pid) => {
    try {
      const [, umask] = /^Umask:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return umask !== undefined && parseInt(umask, 8) === MARK;
    } catch {
      // It ended while we looked.
      return false;
    }
  });
}

/** Waits until a script has begun. */
export async function scriptRuns(): Promise<void> {
  while (processesOfScripts().length === 0) {
    await delay(5);
  }
}
