import type { JobStatus } from '@pycell/contracts';

/** Hears of the executions that this process has ended. What it is told is read at once: it must not throw, nor take long. */
export interface JobObserver {
  /** It was handed over so long after it had been accepted, by the clock of what keeps it. */
  jobBegun(waitedMs: number): void;
  jobEnded(status: JobStatus): void;
}

export const JOB_OBSERVER = Symbol('JOB_OBSERVER');
