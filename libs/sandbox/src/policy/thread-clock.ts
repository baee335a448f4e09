import { openSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/**
 * CPU time of threads of this process, by the kernel's own account. A clock on the wall would count against a script what
 * a busy machine gives to others. Node 20 tells it for the process as a whole only.
 */

/** Returns how much CPU time a thread has had, milliseconds; null where the kernel does not tell. */
export type CpuClock = () => number | null;

/** Returns the kernel's id of the calling thread, null where there is no Linux that tells. */
export function ownThreadId(): string | null {
  try {
    return /^\d+\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1] ?? null;
  } catch {
    // ENOENT: not Linux, or no /proc.
    return null;
  }
}

/** The clock of the calling thread: 3 us a look. It holds a descriptor for as long as the thread lives. */
export function ownCpuClock(): CpuClock {
  try {
    const descriptor = openSync('/proc/thread-self/schedstat', 'r');
    const buffer = Buffer.alloc(64);
    return () => {
      // Has the kernel settle the account of this thread, which it otherwise does at its ticks, every few milliseconds.
      process.cpuUsage();
      return parse(buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, 0)));
    };
  } catch {
    // ENOENT: not Linux, no /proc, or a kernel that keeps no such account.
    return () => null;
  }
}

/** The clock of another thread of this process. */
export function cpuClockOf(threadId: string | null): CpuClock {
  return () => {
    try {
      return threadId === null
        ? null
        : parse(readFileSync(`/proc/self/task/${threadId}/schedstat`, 'latin1'));
    } catch {
      // ENOENT or ESRCH: the thread has ended, or the kernel keeps no such account.
      return null;
    }
  };
}

/** @param text nanoseconds on a processor, nanoseconds of waiting for one, and a count */
function parse(text: string): number {
  return Number(text.split(' ', 1)[0]) / 1e6;
}

/** Where the kernel tells no CPU time, the wall clock may run so many times as long. */
const WALL_FACTOR = 4;
/** The kernel is not asked more often than that, milliseconds. */
const SHORTEST_PAUSE_MS = 1;

/** What a thread may still spend, from now on. */
export class CpuBudget {
  private readonly startedAt = performance.now();
  private readonly cpuAtStart: number | null;
  private lookAt: number;

  /** @param limitMs CPU time of the clock's thread, milliseconds */
  constructor(
    private readonly clock: CpuClock,
    private readonly limitMs: number,
  ) {
    this.cpuAtStart = clock();
    this.lookAt = this.startedAt + limitMs;
  }

  /** Whether the limit is reached. Cheap until the wall clock says that it may be. */
  isSpent(): boolean {
    const now = performance.now();
    if (now < this.lookAt) {
      return false;
    }
    const leftMs = this.limitMs - this.spentUntil(now);
    this.lookAt = now + Math.max(leftMs, SHORTEST_PAUSE_MS);
    return leftMs <= 0;
  }

  /** What has been spent, milliseconds; at most so much while the wall clock tells that it is little. */
  spentMs(): number {
    const now = performance.now();
    return now - this.startedAt < SHORTEST_PAUSE_MS ? now - this.startedAt : this.spentUntil(now);
  }

  private spentUntil(now: number): number {
    const cpu = this.clock();
    return cpu === null || this.cpuAtStart === null
      ? (now - this.startedAt) / WALL_FACTOR
      : cpu - this.cpuAtStart;
  }
}
