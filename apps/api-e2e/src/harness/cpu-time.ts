import { readFileSync } from 'node:fs';

/** Ticks of the clock by which the kernel counts CPU time; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** How much CPU time a process has spent since its start, seconds. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** How often the main thread of a process has gone to sleep since its start, and was therefore woken. */
export function wakeUpsOf(pid: number): number {
  return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/**
 * How much CPU time a process spent while `work` went on, seconds. Unlike the time that it took to answer, this does not
 * depend on what else the machine is doing.
 */
export async function cpuSecondsDuring(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = cpuSecondsOf(pid);
  await work();
  return cpuSecondsOf(pid) - before;
}

/**
 * The less of what two tries of `work` cost, where the first one is not below `enough`: a machine that does much else makes
 * CPU time longer, too, though never less than the work needs.
 */
export async function leastCpuSeconds(
  pid: number,
  enough: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const first = await cpuSecondsDuring(pid, work);
  return first < enough ? first : Math.min(first, await cpuSecondsDuring(pid, work));
}
