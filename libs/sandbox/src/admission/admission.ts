/** A place among the runs. Give it back exactly once; more often does no harm. */
export interface Admission {
  /** How long the place was waited for, milliseconds. */
  readonly waitedMs: number;
  release(): void;
}

/** How many have a place, and how many wait for one, at one moment. */
export interface Occupancy {
  readonly running: number;
  readonly waitingCalls: number;
  /** Claims of batches: each asks for as many at a time as there are places. */
  readonly waitingBatches: number;
}

export interface AdmissionOptions {
  /** Runs at once. */
  readonly maxConcurrency: number;
  /** Calls that may wait. */
  readonly maxQueue: number;
  /** How long a call may wait, milliseconds. */
  readonly queueTimeoutMs: number;
}
