/** What runs asynchronous executions, as far as a shutdown is concerned. */
export interface RunningJobs {
  /** Takes no more, and settles when each that runs has its end. */
  drain(graceMs: number): Promise<void>;
}

export const RUNNING_JOBS = Symbol('RUNNING_JOBS');
